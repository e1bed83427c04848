"""A coupon is used once, on an order of the register, while it is good."""

from dataclasses import replace
from datetime import timedelta

import pytest

from loop28.front.rewards import actions, coupons, refusals, rules
from loop28.front.rewards.actions import Grant
from loop28.front.rewards.models import Entitlement, Redemption
from loop28.front.rewards.rules import Usable
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from loop28.middle.orders import actions as orders
from loop28.middle.orders.rules import ReportedOrder
from tests.factories import staff
from tests.line_kit import local, open_line, people
from tests.races import together

pytestmark = pytest.mark.django_db
NOW = local(1, 12)
YEAR = timedelta(days=365)


@pytest.mark.parametrize(
    ("settled", "taken_back", "used", "stands"),
    [
        (None, None, False, Usable.NOT_YET),
        (NOW, None, False, Usable.NOW),
        (NOW - YEAR, None, False, Usable.NOW),
        (NOW - YEAR - timedelta(microseconds=1), None, False, Usable.EXPIRED),
        (None, NOW, False, Usable.TAKEN_BACK),
        (None, NOW, True, Usable.USED),
        (NOW - 2 * YEAR, None, True, Usable.USED),
    ],
)
def test_a_coupon_is_good_from_when_it_is_theirs_for_a_time_and_once(
    settled, taken_back, used, stands
):
    assert rules.usable(settled, taken_back, used, NOW) is stands


@pytest.fixture
def granted(at):
    at(NOW)
    line, (member, seller) = open_line(), people(2)
    grant = Grant("a", line.pk, member, "coupon", 0, "满五十减五")
    actions.grant(SYSTEM, [grant, replace(grant, reference="held", hold_days=7)])
    sale = ReportedOrder(shop="有赞", external_id="A1", member=seller, fen=5_000, paid_at=NOW)
    orders.report(SYSTEM, [sale, replace(sale, external_id="A2")])
    return {row.reference: row for row in Entitlement.objects.all()}, sale


@pytest.fixture
def clerk(db):
    return Actor(Role.MIDDLE, staff(Role.MIDDLE).pk)


def test_a_code_is_found_however_it_is_typed_and_read(granted, clerk):
    coupon = granted[0]["a"]
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in coupon.code)
    for typed in (wide, wide.lower(), f"{wide[:5]}\u3000{wide[5:]}"):
        assert coupons.find(clerk, typed) == coupon
    Entitlement.objects.filter(pk=coupon.pk).update(code="OIB2345677")
    assert coupons.find(clerk, "0182345677") == coupon


def test_it_is_used_on_one_order_however_often_it_is_noted(granted, clerk):
    code = granted[0]["a"].code
    typed = f" {code[:5].lower()} {code[5:]}"
    first = coupons.redeem(clerk, typed, "A1")
    assert Entry.objects.filter(kind="CouponRedeemed").exists()
    assert coupons.redeem(clerk, code, " A1 ", "有赞") == first
    with pytest.raises(refusals.CouponUsed):
        coupons.redeem(clerk, code, "A2")
    assert [entry.actor for entry in Entry.objects.filter(kind="CouponRedeemed")] == [str(clerk)]
    assert coupons.find(clerk, code).usable(NOW) is Usable.USED


def test_those_used_last_come_first(granted, clerk):
    row = granted[0]["a"]
    actions.grant(SYSTEM, [Grant("b", row.line_id, row.member_id, "coupon", 0, "满五十减五")])
    codes = Entitlement.objects.filter(reference__in="ab").order_by("id").values_list("code")
    first, second = (coupons.redeem(clerk, code, f"A{n}") for n, (code,) in enumerate(codes, 1))
    assert list(coupons.used(clerk)) == [second, first]


def test_what_is_not_theirs_no_longer_theirs_or_too_old_is_refused(granted, clerk, at):
    rows, _sale = granted
    with pytest.raises(refusals.CouponNotYet):
        coupons.redeem(clerk, rows["held"].code, "A1")
    actions.void(SYSTEM, ["held"])
    with pytest.raises(refusals.CouponTakenBack):
        coupons.redeem(clerk, rows["held"].code, "A1")
    at(NOW + YEAR + timedelta(minutes=1))
    with pytest.raises(refusals.CouponExpired):
        coupons.redeem(clerk, rows["a"].code, "A1")


def test_a_wrong_code_a_wrong_number_and_two_shops_are_named(granted, clerk):
    rows, sale = granted
    for code in ("", "AAAA", "满五十减五"):
        with pytest.raises(refusals.UnknownCoupon):
            coupons.redeem(clerk, code, "A1")
    with pytest.raises(refusals.UnknownOrder):
        coupons.redeem(clerk, rows["a"].code, "A9")
    orders.report(SYSTEM, [replace(sale, shop="微店")])
    with pytest.raises(refusals.WhichShop):
        coupons.redeem(clerk, rows["a"].code, "A1")
    assert coupons.redeem(clerk, rows["a"].code, "A1", "微店").order.shop == "微店"


@pytest.mark.parametrize("role", [Role.FINANCE, Role.AUDITOR, Role.REGION_MANAGER, Role.MEMBER])
def test_only_the_middle_platform_takes_it(granted, role):
    with pytest.raises(NotAllowed):
        coupons.redeem(Actor(role, 1), granted[0]["a"].code, "A1")


@pytest.mark.django_db(transaction=True)
def test_of_two_desks_in_one_instant_one_takes_it(granted, clerk):
    code = granted[0]["a"].code
    answers = together(*(lambda n=n: coupons.redeem(clerk, code, n) for n in ("A1", "A2")))
    assert Redemption.objects.count() == 1
    assert sum(isinstance(answer, refusals.CouponUsed) for answer in answers) == 1
