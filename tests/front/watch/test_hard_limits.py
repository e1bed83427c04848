"""What needs no watch: nobody refers themselves, one lock a fan, caps in the ledger, one payee one
member. Each holds by a key or a check where it could be broken.
"""

import pytest

from loop28.back.finance import actions as finance
from loop28.back.finance.refusals import PayeeTaken
from loop28.back.ledger import accounts
from loop28.back.ledger.actions import Insufficient, Move, transfer
from loop28.front.referrals import actions as referrals
from loop28.front.referrals import queries
from loop28.front.referrals.actions import Touch
from loop28.front.rewards import actions as rewards
from loop28.front.rewards.actions import Grant
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.middle.members import actions as members
from loop28.middle.members import merging
from loop28.middle.orders import actions as orders
from loop28.middle.orders import queries as sold
from loop28.middle.orders.rules import ReportedOrder
from tests.front.referrals.kit import living, product_link, touched, visitor
from tests.line_kit import local, open_line, people, seated

pytestmark = pytest.mark.django_db


@pytest.fixture
def promoter(line):
    return seated(line, 1)[0]


@pytest.fixture
def link(line, promoter):
    return product_link(line, promoter)


class TestNobodyRefersThemselves:
    def test_as_who_they_are(self, link, promoter):
        assert referrals.touch(SYSTEM, [Touch(link.pk, member=promoter)]) == [False]

    def test_from_another_phone_that_turns_out_to_be_theirs(self, link, promoter):
        phone = visitor()
        touched(link, phone)
        referrals.recognise(SYSTEM, [(phone, promoter)])
        assert living(phone) == []
        assert not queries.fans(SYSTEM, promoter).exists()

    def test_as_another_record_that_turns_out_to_be_them(self, link, promoter):
        phone, (double,) = visitor(), people(1)
        touched(link, phone)
        referrals.recognise(SYSTEM, [(phone, double)])
        merging.merge(SYSTEM, promoter, double)
        assert not queries.fans(SYSTEM, promoter).exists()
        assert queries.who_brought_whom() == []

    def test_as_the_buyer_under_an_id_of_theirs(self, promoter):
        members.identify(SYSTEM, promoter, "shop", "wx-77")
        order = ReportedOrder(
            shop="微店",
            external_id="1",
            member=promoter,
            fen=9900,
            paid_at=clock.now(),
            buyer="wx-77",
        )
        (outcome,) = orders.report(SYSTEM, [order])
        assert outcome.state == "new"
        assert sold.counting([promoter]) == {}


def test_a_fan_has_one_lock_whoever_else_they_touch(line, link):
    phone, (other,) = visitor(), seated(line, 1)
    touched(link, phone)
    touched(product_link(line, other), phone)
    (lock,) = living(phone)
    assert lock.promoter_id == link.promoter_id


def test_no_budget_and_no_wallet_goes_below_nothing(at):
    line = open_line(budget_fen=100)
    (one,) = people(1)
    assert rewards.grant(SYSTEM, [Grant("t", line.pk, one, "money", 101)]) == ["unfunded"]
    with pytest.raises(Insufficient):
        transfer(
            SYSTEM,
            [Move("x", accounts.wallet(one), accounts.paying(1), 1, movement="payout")],
        )


def test_an_account_is_paid_for_one_member(line, at):
    at(local(1, 9))
    one, other = people(2)
    rewards.grant(SYSTEM, [Grant(f"t:{m}", line.pk, m, "money", 500) for m in (one, other)])

    def ask(member):
        who = Actor(Role.MEMBER, member)
        return finance.ask_payout(who, 500, "张三", "6222 0212 3456 7890", "k", adult=True)

    ask(one)
    with pytest.raises(PayeeTaken):
        ask(other)
