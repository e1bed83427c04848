"""Owners by the rule at once, supervisors by a person, everybody with the numbers that decided."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from loop28.front.groups import actions as groups
from loop28.front.groups.chat import Incoming
from loop28.front.groups.models import Complaint, Message, Outgoing
from loop28.front.ladder import actions, pool, queries, refusals
from loop28.front.ladder.models import Graduate, Promotion
from loop28.front.lines import actions as lines
from loop28.front.tasks import actions as tasks
from loop28.front.tasks.models import Assignment
from loop28.kernel import clock as clocks
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from loop28.kernel.text import TextMissing, TextTooLong
from tests.factories import staff
from tests.front.tasks.kit import open_line, own, passing, refund, report, sale
from tests.line_kit import group, live_until, local, people, region

pytestmark = pytest.mark.django_db
OVER = local(5, 21)


@pytest.fixture(autouse=True)
def move(clock):
    return clock


@pytest.fixture
def line():
    return open_line()


def does(line, members, number):
    """Each of these members does so many of the tasks that are open to them now."""
    for member in members:
        rows = Assignment.objects.filter(line=line, member_id=member, done_at=None)
        ids = [(row.pk, "test") for row in rows.order_by("id")[:number]]
        assert len(ids) == number
        tasks.complete(SYSTEM, ids)


def sells(*members, number=1):
    report(*(sale(member) for member in members for _ in range(number)))


def complain(line, about, by, decision):
    """What somebody wrote in the line's group was complained of, and that was decided."""
    said = Incoming("house", f"ad {about}", group(line, 2), about, "加我微信", clocks.now())
    groups.receive(SYSTEM, [said])
    Complaint.objects.create(
        key=f"about {about}",
        group_id=said.group,
        message=Message.objects.get(external_id=said.external_id),
        by_id=by,
        about_id=about,
        cause="ads",
        first="host",
        at=clocks.now(),
        decision=decision,
        decided_at=clocks.now(),
    )


def level(*members):
    found = queries.level(members)
    return [found.get(member) for member in members]


class TestOwners:
    def test_are_made_in_the_moment_in_which_the_last_number_is_reached(self, line):
        by_order, by_task = passing(line, 2)
        does(line, [by_order], 3)
        assert level(by_order) == [None]
        sells(by_order, by_task)
        assert level(by_order, by_task) == ["owner", None]
        does(line, [by_task], 2)
        assert level(by_task) == [None]
        does(line, [by_task], 1)
        assert level(by_task) == ["owner"]
        step = Promotion.objects.get(member_id=by_order)
        assert step.numbers == {"tasks": 3, "orders": 1, "needs": {"tasks": 3, "orders": 1}}
        assert (step.state, step.line_id, step.decided_by_id) == ("granted", line.pk, None)
        fact = Entry.objects.filter(kind="Promoted").first()
        assert fact.data == {
            "line": line.pk,
            "member": by_order,
            "level": "owner",
            "promotion": step.pk,
        }

    def test_are_made_once_and_stay_whatever_is_refunded(self, line):
        (member,) = passing(line, 1)
        does(line, [member], 3)
        one = sale(member)
        report(one)
        refund(one)
        report(sale(member))
        assert level(member) == ["owner"]
        assert Promotion.objects.count() == 1

    def test_own_refunded_and_foreign_orders_do_not_count(self, line, move):
        (member,) = passing(line, 1)
        does(line, [member], 3)
        gone = sale(member)
        before = sale(member, local(1, 0) - timedelta(seconds=1))
        after = sale(member, local(6, 0))
        report(sale(member, buyer=str(member)), before)
        report(gone)
        Promotion.objects.all().delete()
        refund(gone)
        move(local(6, 1))
        report(after)
        assert level(member) == [None]
        report(sale(member, local(5, 23, 59)))  # told late, sold in time
        assert level(member) == ["owner"]

    def test_who_left_or_never_passed_is_not_promoted(self, line):
        leaver, stays = passing(line, 2)
        does(line, [leaver, stays], 3)
        lines.leave(SYSTEM, line.pk, leaver)
        sells(leaver, stays, line.host_id)
        assert level(leaver, stays, line.host_id) == [None, "owner", None]

    def test_the_rule_is_the_products_own(self, line):
        with pytest.raises(NotAllowed):
            actions.promote(Actor(Role.ADMINISTRATOR, 1), {line.pk: []})
        with pytest.raises(NotAllowed):
            actions.graduate(Actor(Role.ADMINISTRATOR, 1), line.pk)


class TestOtherNumbers:
    """Lessons, complaints and refunds count where a playbook asks for them."""

    def test_a_lesson_taught_is_a_number_of_its_own(self):
        line = open_line(
            ("orders: 1", "orders: 0\n    lessons: 1"),
            ("orders: 2", "orders: 2\n    lessons: 1"),
            ("kind: name_shop", "kind: teach_lesson\n    target: 2"),
        )
        (member,) = passing(line, 1)
        lesson = Assignment.objects.get(member_id=member, kind="teach_lesson")
        others = Assignment.objects.filter(member_id=member).exclude(pk=lesson.pk)
        tasks.complete(SYSTEM, [(row.pk, "test") for row in others])
        assert level(member) == [None]
        tasks.complete(SYSTEM, [(lesson.pk, "test")])
        assert level(member) == ["owner"]
        kept = Promotion.objects.get(level="owner").numbers
        assert (kept["lessons"], kept["needs"]["lessons"]) == (1, 1)

    def test_complaints_that_were_found_right_bar_it(self, move):
        line = open_line(
            ("orders: 1", "orders: 1\n    complaints_max: 0"),
            ("orders: 2", "orders: 2\n    complaints_max: 0"),
        )
        good, unfounded, bad = passing(line, 3)
        for member, decision in ((unfounded, "unfounded"), (bad, "settled")):
            complain(line, member, good, decision)
        does(line, [good, unfounded, bad], 3)
        sells(good, unfounded, bad)
        assert level(good, unfounded, bad) == ["owner", "owner", None]

    def test_a_larger_share_of_refunds_bars_it_until_enough_is_sold(self):
        line = open_line(
            ("orders: 1", "orders: 1\n    refunded_percent_max: 25"),
            ("orders: 2", "orders: 2\n    refunded_percent_max: 25"),
        )
        (member,) = passing(line, 1)
        gone = sale(member)
        report(gone)
        refund(gone)
        sells(member, number=2)
        does(line, [member], 3)
        assert level(member) == [None]
        sells(member)
        assert level(member) == ["owner"]
        assert Promotion.objects.get().numbers["refunded_percent"] == 25


class TestGraduation:
    @pytest.fixture
    def members(self, line):
        members = passing(line, 4)
        _, newcomer, owner, supervisor = members
        does(line, [owner, supervisor], 3)
        does(line, [newcomer], 1)
        live_until(local(4, 9))
        does(line, [supervisor], 2)
        sells(owner)
        sells(supervisor, number=2)
        return members

    def test_writes_down_everybody_who_passed_and_stayed_with_what_they_did(self, line, members):
        lines.leave(SYSTEM, line.pk, members[1])
        live_until(OVER)
        found = Graduate.objects.order_by("member_id").values_list("member_id", "tasks", "orders")
        idle, _, owner, supervisor = members
        assert list(found) == [(idle, 0, 0), (owner, 3, 1), (supervisor, 5, 2)]
        assert queries.graduated_by_line([line.pk]) == {line.pk: 3}
        assert Entry.objects.get(kind="Graduated").data == {"line": line.pk, "count": 3}
        assert queries.graduated_lines(members) == {m: [line.pk] for m in (idle, owner, supervisor)}

    def test_leaves_supervisors_for_a_person_to_decide(self, line, members):
        assert queries.proposals(SYSTEM).count() == 1  # in the moment the last number was reached
        live_until(OVER)
        assert level(*members) == [None, None, "owner", "owner"]
        (proposal,) = queries.proposals(SYSTEM)
        assert (proposal.member_id, proposal.level) == (members[3], "supervisor")
        assert proposal.numbers == {"tasks": 5, "orders": 2, "needs": {"tasks": 5, "orders": 2}}
        assert queries.made_by_line([line.pk]) == {line.pk: {"owner": 2}}

    def test_says_so_once_in_the_last_group(self, line, members):
        live_until(OVER)
        key = f"graduation:{line.pk}"
        notice = Outgoing.objects.get(key=key)
        assert (notice.group_id, notice.kind) == (group(line, 2), "notice")
        counts = [word for word in notice.text if word.isdigit()]
        assert counts == ["4", "2", "1"]
        assert Message.objects.filter(text=notice.text).count() == 1

    def test_again_changes_nothing(self, line, members):
        live_until(OVER)
        before = [list(m.objects.order_by("id").values()) for m in (Graduate, Promotion, Outgoing)]
        assert actions.graduate(SYSTEM, line.pk) == 0
        assert before == [
            list(m.objects.order_by("id").values()) for m in (Graduate, Promotion, Outgoing)
        ]
        assert Entry.objects.filter(kind="Graduated").count() == 1

    def test_of_a_line_in_which_nobody_passed_is_quiet(self, line):
        live_until(OVER)
        assert not Graduate.objects.exists()
        assert not Outgoing.objects.filter(key__startswith="graduation").exists()

    def test_of_500_costs_a_handful_of_statements(self, line):
        crowd = passing(line, 500, local(3, 8, 31))
        rows = Assignment.objects.filter(line=line)
        tasks.complete(SYSTEM, [(row.pk, "test") for row in rows])
        with CaptureQueriesContext(connection) as statements:
            sells(*crowd)
        promoted = len(statements)
        assert set(level(*crowd)) == {"owner"}
        with CaptureQueriesContext(connection) as statements:
            assert actions.graduate(SYSTEM, line.pk) == 500
        assert len(statements) <= 25
        assert promoted <= 500 + 40  # the test looks each order up once


class TestDeciding:
    @pytest.fixture
    def member(self, line):
        (member,) = passing(line, 1)
        self.earn(line, member)
        return member

    @pytest.fixture
    def proposal(self, member):
        return queries.proposals(SYSTEM).get(member_id=member)

    def earn(self, line, member):
        does(line, [member], 3)
        live_until(local(4, 9))
        does(line, [member], 2)
        sells(member, number=2)
        live_until(OVER)

    def test_a_manager_of_the_region_approves(self, line, member, proposal):
        manager = staff(Role.REGION_MANAGER, line.region).actor
        actions.decide(manager, proposal.pk, True)
        assert level(member) == ["supervisor"]
        step = queries.of_member(SYSTEM, member).get(level="supervisor")
        assert (step.decided_by_id, step.decided_at) == (manager.id, clocks.now())
        assert not queries.proposals(manager).exists()

    def test_declining_needs_a_reason_and_may_be_proposed_by_another_line(
        self, line, member, proposal, move
    ):
        boss = staff().actor
        for reason, refusal in (
            ("", TextMissing),
            (" \u200b", TextMissing),
            ("长" * 201, TextTooLong),
        ):
            with pytest.raises(refusal):
                actions.decide(boss, proposal.pk, False, reason)
        actions.decide(boss, proposal.pk, False, "再带一条线看看")
        assert level(member) == ["owner"]
        actions.graduate(SYSTEM, line.pk)  # the same numbers have been looked at
        assert not queries.proposals(boss).exists()
        move(local(0, 12))
        other = open_line(code="HN")
        lines.join(SYSTEM, _invitation(other), [member])
        live_until(local(2, 20, 1))
        lines.let_in(SYSTEM, other.pk, [member])
        live_until(local(3, 8, 31))
        self.earn(other, member)
        again = queries.proposals(boss).get()
        assert (again.line_id, again.attempt) == (other.pk, 2)
        declined = queries.of_member(boss, member).get(id=proposal.pk)
        assert (declined.state, declined.reason) == ("declined", "再带一条线看看")

    def test_the_same_decision_again_changes_nothing_and_another_is_refused(self, proposal):
        boss = staff().actor
        first = actions.decide(boss, proposal.pk, True, "好")
        assert actions.decide(staff().actor, proposal.pk, True) == first
        with pytest.raises(refusals.AlreadyDecided):
            actions.decide(boss, proposal.pk, False, "反悔")
        assert Entry.objects.filter(kind="Promoted", data__level="supervisor").count() == 1

    def test_outsiders_neither_see_nor_decide(self, line, member, proposal):
        elsewhere = staff(Role.REGION_MANAGER, region("HN")).actor
        assert not queries.proposals(elsewhere).exists()
        with pytest.raises(Promotion.DoesNotExist):
            actions.decide(elsewhere, proposal.pk, True)
        for role in (Role.FINANCE, Role.MIDDLE, Role.AUDITOR):
            with pytest.raises(NotAllowed):
                actions.decide(Actor(role, 1), proposal.pk, True)
        for actor in (own(line.host_id), own(member), Actor(Role.MACHINE, 1)):
            with pytest.raises(NotAllowed):
                actions.decide(actor, proposal.pk, True)
            with pytest.raises(NotAllowed):
                queries.proposals(actor)

    def test_nobody_is_appointed_past_a_proposal(self, member, proposal):
        with pytest.raises(refusals.StepWaits):
            actions.appoint(staff().actor, member, "supervisor", "熟人")
        assert Promotion.objects.filter(level="supervisor").count() == 1


class TestAppointing:
    def test_gives_a_level_once_with_a_reason(self):
        boss, (member,) = staff().actor, people(1)
        first = actions.appoint(boss, member, "owner", "首批店主")
        assert actions.appoint(boss, member, "owner", "又一次") == first
        assert level(member) == ["owner"]
        assert (first.reason, first.decided_by_id, first.line_id) == ("首批店主", boss.id, None)
        actions.appoint(boss, member, "supervisor", "首批主管")
        assert level(member) == ["supervisor"]
        assert Entry.objects.filter(kind="Promoted").count() == 2

    def test_without_a_reason_a_level_or_a_member_is_refused(self):
        boss, (member,) = staff().actor, people(1)
        with pytest.raises(TextMissing):
            actions.appoint(boss, member, "owner", " ")
        with pytest.raises(refusals.NoSuchLevel):
            actions.appoint(boss, member, "king", "首批店主")
        with pytest.raises(refusals.NoSuchMember):
            actions.appoint(boss, 10**9, "owner", "首批店主")
        for actor in (Actor(Role.FINANCE, 1), own(member)):
            with pytest.raises(NotAllowed):
                actions.appoint(actor, member, "owner", "首批店主")
        assert not Promotion.objects.exists()

    def test_who_was_appointed_is_not_promoted_again_by_a_line(self, line):
        (member,) = passing(line, 1)
        actions.appoint(staff().actor, member, "owner", "首批店主")
        does(line, [member], 3)
        sells(member)
        assert Promotion.objects.get(member_id=member).line_id is None


class TestTheHostsPool:
    def test_holds_everybody_from_owner_up_with_their_highest_level(self, line):
        boss = staff().actor
        zhang, wang, _ = people(3)
        actions.appoint(boss, zhang, "owner", "首批店主")
        actions.appoint(boss, wang, "owner", "首批店主")
        actions.appoint(boss, wang, "supervisor", "首批主管")
        found = {host.member: (host.level, host.line) for host in pool.hosts(SYSTEM)}
        assert found == {zhang: ("owner", ""), wang: ("supervisor", "")}

    def test_shows_a_region_its_own_and_whom_the_headquarters_appointed(self, line):
        (made,) = passing(line, 1)
        does(line, [made], 3)
        sells(made)
        here = staff(Role.REGION_MANAGER, line.region).actor
        there = staff(Role.REGION_MANAGER, region("HN")).actor
        central, local_, foreign = people(3)
        actions.appoint(staff().actor, central, "owner", "首批店主")
        actions.appoint(here, local_, "owner", "首批店主")
        actions.appoint(there, foreign, "owner", "首批店主")
        assert {host.member for host in pool.hosts(here)} == {made, central, local_}
        assert {host.member for host in pool.hosts(there)} == {central, foreign}
        with pytest.raises(NotAllowed):
            pool.hosts(own(made))


class TestCertificates:
    @pytest.fixture
    def member(self, line):
        (member,) = passing(line, 1)
        does(line, [member], 3)
        sells(member)
        assert queries.certificate(own(member), member) is None
        live_until(OVER)
        return member

    def test_say_what_was_done_in_which_line(self, line, member):
        paper = queries.certificate(own(member), member)
        assert paper == queries.certificate(own(member), member, line.pk)
        assert (paper.tasks, paper.orders, paper.level) == (3, 1, "owner")
        assert (paper.line, paper.host, paper.region) == ("HD-260302", "店主0", "大区HD")
        assert (paper.last_day - paper.first_day).days == 4
        assert paper.programme == "五天小打法"

    def test_are_seen_by_insiders_and_nobody_else(self, line, member):
        insiders = [
            own(line.host_id),
            Actor(Role.REGION_MANAGER, 1, line.region_id),
            Actor(Role.AUDITOR, 1),
        ]
        outsiders = [
            own(people(1)[0]),
            Actor(Role.REGION_MANAGER, 1, region("HN").pk),
            Actor(Role.MACHINE, 1),
        ]
        for actor in insiders:
            assert queries.certificate(actor, member) is not None
            assert queries.graduates(actor, line.pk).count() == 1
            assert queries.of_member(actor, member).count() == 1
        for actor in outsiders:
            assert queries.certificate(actor, member) is None
            assert not queries.graduates(actor, line.pk).exists()
            assert not queries.of_member(actor, member).exists()
        assert not queries.graduates(own(member), line.pk).exists()


def test_the_notice_is_in_the_language_of_the_playbook(line):
    with translation.override("en"):
        passing(line, 2)
        live_until(OVER)
    text = Outgoing.objects.get(key=f"graduation:{line.pk}").text
    with translation.override("zh-hans"):
        assert text == actions.notice_text({"graduates": 2, "owners": 0, "supervisors": 0})


def _invitation(line):
    return line.invitations.get(inviter=line.host_id).pk
