"""A level is taken back by a person with a reason; the rule only says what it saw."""

from datetime import timedelta

import pytest

from loop28.front.groups import complaints
from loop28.front.groups.models import Complaint, Notice
from loop28.front.ladder import actions, appeals, demoting, hosting, offers, pool, queries, refusals
from loop28.front.ladder.models import Demotion, Offer, Promotion, Review
from loop28.front.ladder.rules import IDLE_DAYS, Run
from loop28.front.tasks import actions as tasks
from loop28.front.tasks.models import Assignment
from loop28.kernel import clock as clocks
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from loop28.kernel.text import TextMissing
from loop28.middle.members import merging
from loop28.middle.orders.models import Order
from tests.factories import staff
from tests.front.tasks.kit import open_line, own, passing, refund, report, sale
from tests.line_kit import START, group, live_until, local, people, region
from tests.races import together

pytestmark = pytest.mark.django_db
OVER = local(5, 21)


@pytest.fixture(autouse=True)
def move(at):
    return at


@pytest.fixture
def line():
    return open_line()


@pytest.fixture
def manager(line):
    return staff(Role.REGION_MANAGER, line.region).actor


def become_owner(line, member, buyer="buyer"):
    rows = Assignment.objects.filter(line=line, member_id=member, done_at=None)
    tasks.complete(SYSTEM, [(row.pk, "test") for row in rows.order_by("id")[:3]])
    one = sale(member, buyer=buyer)
    report(one)
    return one


def earn_supervisor(line, member):
    rows = Assignment.objects.filter(line=line, member_id=member, done_at=None)
    tasks.complete(SYSTEM, [(row.pk, "test") for row in rows.order_by("id")[:2]])
    report(sale(member), sale(member))


def appealed(member):
    (decision,) = [one.decision for one in appeals.contestable(own(member))]
    return appeals.appeal(own(member), decision, "是卖给邻居的").pk


def level(member):
    return queries.level([member]).get(member)


def doubts(member):
    rows = Demotion.objects.filter(promotion__member=member).order_by("id")
    return [(row.cause, row.state) for row in rows]


class TestWhatTheRuleSees:
    def test_a_refund_that_undoes_the_numbers_is_a_doubt_with_both_numbers(self, line, manager):
        good, loses = passing(line, 2)
        become_owner(line, good)
        one = become_owner(line, loses)
        refund(one)
        assert (level(loses), doubts(good)) == ("owner", [])
        (doubt,) = queries.proposed_demotions(manager)
        assert (doubt.promotion.member_id, doubt.cause) == (loses, "refunds")
        assert doubt.numbers == {"tasks": 3, "orders": 0, "needs": {"tasks": 3, "orders": 1}}
        fact = Entry.objects.get(kind="DemotionProposed")
        assert (fact.member, fact.data["kind"]) == (loses, "refunds")

    def test_a_refund_beside_enough_orders_is_none(self, line):
        (member,) = passing(line, 1)
        one = become_owner(line, member)
        report(sale(member))
        refund(one)
        assert doubts(member) == []

    def test_a_sale_that_was_their_own_purchase_is_a_doubt_when_that_is_known(self, line):
        (member,) = passing(line, 1)
        (second,) = people(1, "小号")
        become_owner(line, member, buyer=str(second))
        merging.merge(SYSTEM, member, second)
        assert (level(member), doubts(member)) == ("owner", [("refunds", "proposed")])

    def test_it_is_one_as_well_when_the_level_was_reached_under_the_number_that_went(self, line):
        (second,) = passing(line, 1)
        (member,) = people(1, "大号")
        become_owner(line, second, buyer=str(member))
        merging.merge(SYSTEM, member, second)
        assert (level(member), doubts(member)) == ("owner", [("refunds", "proposed")])

    def test_a_task_that_was_not_done_is_a_doubt(self, line):
        (member,) = passing(line, 1)
        become_owner(line, member)
        done = Assignment.objects.filter(member=member, evidence="test").first()
        tasks.disprove(SYSTEM, done.pk, "test")
        assert (level(member), doubts(member)) == ("owner", [("refunds", "proposed")])
        assert Demotion.objects.get().numbers["tasks"] == 2

    def test_one_doubt_stands_at_a_time_and_the_same_numbers_are_no_news(self, line, manager):
        (member,) = passing(line, 1)
        refund(become_owner(line, member))
        more = sale(member, clocks.now())
        report(more)
        refund(more)
        assert doubts(member) == [("refunds", "proposed")]
        demoting.settle(manager, Demotion.objects.get().pk, False, "换货，不是退货")
        demoting.look_at_numbers(SYSTEM, [member])
        assert doubts(member) == [("refunds", "dropped")]
        assert level(member) == "owner"

    def test_too_many_complaints_that_were_found_right_are_a_doubt(self, line, manager):
        host = line.host_id
        actions.appoint(SYSTEM, host, "owner", "首批店主")
        for who in passing(line, 3):
            complaints.complain(own(who), group(line, 1), "other", "晚上十一点还在发")
        for one in Complaint.objects.all():
            assert doubts(host) == []
            complaints.decide(manager, one.pk, "settled", "说过了")
        assert doubts(host) == [("complaints", "proposed")]
        assert Demotion.objects.get().numbers == {"complaints": 3, "needs": {"complaints": 2}}

    def test_who_does_nothing_for_long_is_a_doubt_once_and_not_soon_after_a_person_looked(
        self, line, move
    ):
        (asleep,) = people(1)
        sells, speaks, hosts = line.host_id, *people(2)
        for member in (asleep, sells, speaks, hosts):
            actions.appoint(SYSTEM, member, "owner", "首批店主")
        live_until(OVER)
        move(clocks.now() + timedelta(days=IDLE_DAYS + 1))
        report(sale(speaks))
        report(sale(hosts))
        demoting.look_for_idle(SYSTEM)
        assert doubts(asleep) == [("idle", "proposed")]
        assert doubts(speaks) == doubts(hosts) == []
        assert not demoting.review_due(clocks.now())
        demoting.settle(
            staff().actor, Demotion.objects.get(promotion__member=asleep).pk, False, "在休产假"
        )
        move(clocks.now() + timedelta(days=1))
        assert demoting.review_due(clocks.now())
        demoting.look_for_idle(SYSTEM)
        assert doubts(asleep) == [("idle", "dropped")]
        move(clocks.now() + timedelta(days=IDLE_DAYS))
        demoting.look_for_idle(SYSTEM)
        assert doubts(asleep) == [("idle", "dropped"), ("idle", "proposed")]
        assert Review.objects.count() == 1

    def test_whose_line_runs_is_not_asleep(self, line, move):
        actions.appoint(SYSTEM, line.host_id, "owner", "首批店主")
        move(clocks.now() + timedelta(days=IDLE_DAYS + 1))
        demoting.look_for_idle(SYSTEM)
        assert doubts(line.host_id) == []

    def test_the_rule_is_the_products_own(self):
        boss = Actor(Role.ADMINISTRATOR, 1)
        for look in (
            lambda: demoting.look_for_idle(boss),
            lambda: demoting.look_at_numbers(boss, []),
            lambda: demoting.look_at_complaints(boss, []),
        ):
            with pytest.raises(NotAllowed):
                look()


class TestTakingBack:
    @pytest.fixture
    def owner(self, line):
        (member,) = passing(line, 1)
        become_owner(line, member)
        return member

    @pytest.fixture
    def step(self, owner):
        return Promotion.objects.get(member=owner)

    def test_a_person_takes_a_level_back_with_a_reason_that_is_told(self, owner, step, manager):
        found = demoting.demote(manager, step.pk, "两单是自己买的")
        step.refresh_from_db()
        assert (step.state, step.reason, step.decided_by_id) == ("ended", "", None)
        assert (found.cause, found.state, found.decided_by_id) == ("person", "done", manager.id)
        assert level(owner) is None
        assert "两单是自己买的" in Notice.objects.get(member=owner).text
        fact = Entry.objects.get(kind="Demoted")
        assert (fact.member, fact.line) == (owner, step.line_id)
        with pytest.raises(refusals.LevelGone):
            demoting.demote(manager, step.pk, "再来一次")

    def test_what_the_rule_proposed_is_decided_with_it(self, owner, step, manager, line):
        refund(*[sale_of(owner)])
        demoting.demote(manager, step.pk, "都退了")
        assert doubts(owner) == [("refunds", "done")]

    def test_a_proposal_is_settled_once(self, owner, manager):
        refund(sale_of(owner))
        doubt = Demotion.objects.get()
        with pytest.raises(TextMissing):
            demoting.settle(manager, doubt.pk, True, " ")
        demoting.settle(manager, doubt.pk, True, "都退了")
        assert demoting.settle(staff().actor, doubt.pk, True, "又一次").reason == "都退了"
        with pytest.raises(refusals.AlreadyDecided):
            demoting.settle(manager, doubt.pk, False, "算了")
        assert level(owner) is None

    def test_the_same_line_does_not_give_it_again_by_itself(self, owner, step, manager, line):
        demoting.demote(manager, step.pk, "两单是自己买的")
        report(sale(owner))
        actions.promote(SYSTEM, {line.pk: [owner]})
        assert level(owner) is None

    def test_nor_does_it_propose_a_higher_one(self, owner, step, manager, line):
        demoting.demote(manager, step.pk, "两单是自己买的")
        live_until(local(4, 9))
        earn_supervisor(line, owner)
        assert not queries.proposals(manager).exists()
        appeals.answer(staff().actor, appealed(owner), True, "第二个人看过了")
        actions.promote(SYSTEM, {line.pk: [owner]})
        assert [(one.member_id, one.level) for one in queries.proposals(manager)] == [
            (owner, "supervisor")
        ]

    def test_nobody_is_offered_a_line_or_opens_one_any_more(self, owner, step, manager, line):
        live_until(OVER)
        assert pool.host(manager, owner) is not None
        wish = {
            "region": line.region_id,
            "playbook": line.playbook_id,
            "start_day": START + timedelta(days=10),
            "size": 20,
            "budget_fen": 20_000,
        }
        offer = offers.offer(
            manager, host=owner, answer_by=clocks.now() + timedelta(days=2), **wish
        )
        offers.accept(own(owner), offer.pk)
        demoting.demote(manager, step.pk, "两单是自己买的")
        assert Offer.objects.get().state == "withdrawn"
        assert pool.host(manager, owner) is None
        assert hosting.barred([owner], Run(START + timedelta(days=10), 5), clocks.now()) == {
            owner: "training"
        }
        with pytest.raises(refusals.NotInPool):
            offers.offer(manager, host=owner, answer_by=clocks.now() + timedelta(days=2), **wish)

    def test_a_running_line_stays_with_its_host(self, line, manager):
        actions.appoint(manager, line.host_id, "owner", "首批店主")
        demoting.demote(manager, Promotion.objects.get().pk, "夜里发消息")
        line.refresh_from_db()
        assert (line.ended_at, level(line.host_id)) == (None, None)
        assert "夜里发消息" in Notice.objects.get(member=line.host_id).text

    def test_the_higher_level_goes_first(self, owner, step, manager):
        higher = actions.appoint(manager, owner, "supervisor", "带得好")
        with pytest.raises(refusals.HigherFirst):
            demoting.demote(manager, step.pk, "两单是自己买的")
        demoting.demote(manager, higher.pk, "带得不好")
        assert level(owner) == "owner"
        demoting.demote(manager, step.pk, "两单是自己买的")
        assert level(owner) is None

    def test_who_had_it_under_two_numbers_has_none_then(self, owner, step, manager):
        (other,) = people(1)
        actions.appoint(SYSTEM, other, "owner", "首批店主")
        merging.merge(SYSTEM, owner, other)
        assert [host.member for host in pool.hosts(SYSTEM)] == [owner]
        refund(sale_of(owner))
        assert demoting.demote(staff().actor, step.pk, "两单是自己买的").cause == "refunds"
        assert (level(owner), pool.host(SYSTEM, owner)) == (None, None)
        assert doubts(owner) == [("refunds", "done")]

    def test_a_doubt_about_the_other_number_is_moot_then(self, line, manager):
        owner, other = passing(line, 2)
        sales = [become_owner(line, member) for member in (owner, other)]
        merging.merge(SYSTEM, owner, other)
        refund(*sales)
        assert doubts(owner) == [("refunds", "proposed")] * 2
        demoting.settle(manager, Demotion.objects.latest("id").pk, True, "都退了")
        assert (level(owner), doubts(owner)) == (None, [("refunds", "done")])

    def test_outsiders_do_not(self, owner, step):
        elsewhere = staff(Role.REGION_MANAGER, region("HN")).actor
        refund(sale_of(owner))
        doubt = Demotion.objects.get()
        with pytest.raises(Promotion.DoesNotExist):
            demoting.demote(elsewhere, step.pk, "不归我")
        with pytest.raises(Demotion.DoesNotExist):
            demoting.settle(elsewhere, doubt.pk, True, "不归我")
        assert not queries.proposed_demotions(elsewhere).exists()
        for actor in (Actor(Role.FINANCE, 1), Actor(Role.AUDITOR, 1), own(owner)):
            with pytest.raises(NotAllowed):
                demoting.demote(actor, step.pk, "不归我")
            with pytest.raises(NotAllowed):
                demoting.settle(actor, doubt.pk, True, "不归我")

    def test_only_the_headquarters_take_back_what_they_gave(self, manager, line):
        actions.appoint(staff().actor, line.host_id, "owner", "首批店主")
        step = Promotion.objects.get()
        with pytest.raises(Promotion.DoesNotExist):
            demoting.demote(manager, step.pk, "不归我")
        demoting.demote(staff().actor, step.pk, "夜里发消息")


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_taken_back_by_many_at_once_is_taken_back_once(self, line):
        (member,) = passing(line, 1)
        refund(become_owner(line, member))
        step, doubt = Promotion.objects.get(), Demotion.objects.get()
        bosses = [staff().actor for _ in range(4)]
        answers = together(
            lambda: demoting.demote(bosses[0], step.pk, "一"),
            lambda: demoting.demote(bosses[1], step.pk, "二"),
            lambda: demoting.settle(bosses[2], doubt.pk, True, "三"),
            lambda: demoting.settle(bosses[3], doubt.pk, False, "四"),
        )
        assert sum(isinstance(answer, Exception) for answer in answers) >= 2
        facts = Entry.objects.filter(kind__in=["Demoted", "DemotionDropped"])
        assert facts.filter(kind="Demoted").count() == 1 - (level(member) == "owner")
        assert Demotion.objects.exclude(state="proposed").count() == facts.count()

    def test_a_doubt_seen_from_many_sides_is_one(self, line):
        (member,) = passing(line, 1)
        one = become_owner(line, member)
        refund(one)
        Demotion.objects.all().delete()
        together(*(lambda: demoting.look_at_numbers(SYSTEM, [member]) for _ in range(4)))
        assert doubts(member) == [("refunds", "proposed")]


def sale_of(member):
    """What somebody sold, as it was reported."""
    return Order.objects.get(member=member).as_reported
