"""The middle platform takes a coupon, and its member reads when."""

import pytest

from loop28.front.rewards import actions
from loop28.front.rewards.actions import Grant
from loop28.front.rewards.models import Entitlement, Redemption
from loop28.kernel.access import SYSTEM
from loop28.middle.orders import actions as orders
from loop28.middle.orders.rules import ReportedOrder
from tests.line_kit import local, open_line, people
from tests.phones import phone, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def coupon(at) -> Entitlement:
    line, (member, seller) = open_line(), people(2)
    actions.grant(SYSTEM, [Grant("a", line.pk, member, "coupon", 0, "满五十减五")])
    sale = ReportedOrder(
        shop="有赞", external_id="A1", member=seller, fen=5_000, paid_at=local(0, 8)
    )
    orders.report(SYSTEM, [sale])
    return Entitlement.objects.get()


def test_it_is_looked_up_noted_and_told_to_its_member(desk, coupon):
    clerk, mine = desk("middle"), phone(coupon.member_id)
    assert coupon.code in text_of(mine.get("/wallet"))
    page = clerk.get("/console/coupons", {"code": coupon.code.lower()}).content.decode()
    assert "满五十减五" in page
    assert "can be used" in page
    wrong = clerk.post("/console/coupons/use", {"code": coupon.code, "number": "A9"})
    assert wrong.status_code == 422
    assert "No such order" in wrong.content.decode()
    done = clerk.post("/console/coupons/use", {"code": coupon.code, "number": "A1"}, follow=True)
    assert "Note it as used" not in done.content.decode()
    assert Redemption.objects.get().by == clerk.user
    wallet = text_of(mine.get("/wallet"))
    assert "使用" in wallet
    assert coupon.code not in wallet
    assert "A coupon of" in desk().get("/console/journal").content.decode()


def test_who_only_reads_finds_no_button_and_an_unknown_code_is_told(desk, coupon):
    reader = desk("auditor")
    page = reader.get("/console/coupons", {"code": coupon.code}).content.decode()
    assert "满五十减五" in page
    assert "Note it as used" not in page
    unknown = reader.get("/console/coupons", {"code": "NOTHING"})
    assert unknown.status_code == 422
    assert "No coupon has this code" in unknown.content.decode()
