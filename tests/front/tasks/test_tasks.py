"""Tasks are opened for who passed, done once by their own measure, and pay at once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from loop28.back.ledger.models import Transfer
from loop28.front.groups import queries as groups
from loop28.front.lines import actions as lines
from loop28.front.lines import beats
from loop28.front.lines.models import Beat, Enrollment, Line
from loop28.front.lines.refusals import NotInLine
from loop28.front.rewards.models import Entitlement
from loop28.front.tasks import actions, refusals
from loop28.front.tasks.actions import CheckedIn
from loop28.front.tasks.giving import Given
from loop28.front.tasks.models import Assignment, Step
from loop28.front.tasks.rules import Opening
from loop28.kernel import clock as clocks
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from tests.front.tasks import kit
from tests.front.tasks.kit import assignment, open_line, own, passing, wallet
from tests.line_kit import group, invitation, live_until, local, people, region, seated

pytestmark = pytest.mark.django_db

ONE_PHASE = [
    ("days: 2\n", "days: 5\n"),
    (
        "  - key: training\n    name: 三天训练营\n    days: 3\n    group: 训练营\n",
        "",
    ),
    ("kind: call", "kind: post"),
    ("    opens: training\n    window: 3h\n", ""),
    (
        '  - key: d2-close\n    day: 2\n    at: "23:30"\n    kind: close\n    phase: warmup\n'
        "    text: 两天的群聊今晚收尾，谢谢大家陪着热闹。\n",
        "",
    ),
    ("phase: training", "phase: warmup"),
]
"""A line without a call: nobody is screened, and people come in while its tasks run."""


@pytest.fixture(autouse=True)
def move(at):
    return at


@pytest.fixture
def line():
    return open_line()


@pytest.fixture
def members(line):
    return passing(line, 3)


def given(line, member):
    rows = Assignment.objects.filter(line=line, member_id=member).order_by("id")
    return [(row.task, int(row.opening.removeprefix("beat:"))) for row in rows]


@pytest.mark.parametrize(
    "act",
    [
        lambda by, line, row: actions.open_tasks(by, line.pk, [Opening("quiz")], [row.member_id]),
        lambda by, line, row: actions.give(
            by, line.pk, [Given(row.member_id, "quiz", "hand:1", clocks.now())]
        ),
        lambda by, line, row: actions.complete(by, [(row.pk, "x")]),
        lambda by, line, row: actions.disprove(by, row.pk, "x"),
        lambda by, line, row: actions.check_in(by, [(line.pk, row.member_id)]),
        lambda by, line, row: actions.answer_quizzes(by, [(row.pk, [2])]),
    ],
    ids=["open", "give", "complete", "disprove", "check in for others", "answer for others"],
)
def test_what_the_product_does_nobody_else_does(act, line, members):
    row = assignment(line, members[0], "quiz")
    for by in (own(members[0]), own(line.host_id), Actor(Role.ADMINISTRATOR, 1)):
        with pytest.raises(NotAllowed):
            act(by, line, row)


class TestOpening:
    def test_a_task_beat_gives_its_tasks_to_who_passed_and_says_so(self, line, members):
        (watcher,) = seated_late(line)
        for member in members:
            assert given(line, member) == [("checkin", 1), ("name-shop", 1), ("quiz", 1)]
        assert given(line, watcher) == given(line, line.host_id) == []
        beat = Beat.objects.get(line=line, key="d3-tasks")
        assert beat.outcome == {"code": "tasks-opened", "tasks": 3, "members": 3}
        row = assignment(line, members[0], "checkin")
        assert row.closes_at - row.opened_at == timedelta(days=1)
        opened = Entry.objects.get(kind="TasksOpened")
        assert opened.data == {"line": line.pk, "tasks": 3, "assignments": 9}

    def test_a_line_where_nobody_opted_in_says_so(self, line):
        live_until(local(3, 8, 30))
        beat = Beat.objects.get(line=line, key="d3-tasks")
        assert beat.outcome == {"code": "nobody-yet"}

    def test_who_opts_in_late_gets_what_is_open_with_their_own_window(self, line, members):
        (late,) = seated_late(line)
        live_until(local(4, 10))
        lines.let_in(SYSTEM, line.pk, [late])
        assert given(line, late) == [
            ("checkin", 1),
            ("name-shop", 1),
            ("quiz", 1),
            ("lock-fan", 1),
            ("post-moment", 1),
            ("own-words", 1),
        ]
        row = assignment(line, late, "checkin")
        assert (row.opened_at, row.closes_at) == (local(4, 10), local(5, 10))

    def test_who_left_and_is_back_gets_what_was_opened_meanwhile(self):
        line = open_line(*ONE_PHASE)
        member, other = seated(line, 2)
        live_until(local(3, 8, 30))
        before = assignment(line, member, "checkin")
        lines.leave(SYSTEM, line.pk, member)
        live_until(local(4, 8, 30))
        assert len(given(line, member)) == 3
        assert len(given(line, other)) == 6
        lines.join(SYSTEM, invitation(line), [member])
        assert len(given(line, member)) == 6
        assert assignment(line, member, "checkin") == before

    def test_a_task_that_opens_again_is_another_assignment_and_both_count(self):
        line = open_line(("tasks: [lock-fan,", "tasks: [checkin, lock-fan,"))
        (member,) = passing(line, 1, local(3, 9))
        assert kit.check_in(own(member), line.pk).counted == 1
        live_until(local(4, 8, 30))
        assert given(line, member)[3] == ("checkin", 2)
        assert kit.check_in(own(member), line.pk).counted == 1
        assert wallet(member) == 100

    def test_opening_again_changes_nothing(self, line, members):
        before = list(Assignment.objects.values_list())
        live_until(local(3, 12))
        assert actions.open_tasks(SYSTEM, line.pk, [Opening("checkin")], members) == 0
        assert list(Assignment.objects.values_list()) == before
        assert Entry.objects.filter(kind="TasksOpened").count() == 1

    def test_tasks_the_host_opens_by_hand_open_for_all(self):
        line = open_line(('day: 4\n    at: "08:30"', 'day: 4\n    by: host\n    at: "08:30"'))
        (member,) = passing(line, 1, local(4, 9))
        assert len(given(line, member)) == 3
        beat = Beat.objects.get(line=line, key="d4-tasks")
        beats.do_by_hand(own(line.host_id), beat.pk)
        assert len(given(line, member)) == 6
        beat.refresh_from_db()
        assert beat.outcome == {"code": "tasks-opened", "tasks": 3, "members": 1}

    def test_500_members_cost_a_handful_of_statements(self, move):
        line = open_line()
        comers = passing(line, 500, local(3, 8))
        with CaptureQueriesContext(connection) as statements:
            assert beats.fire_due(SYSTEM) == 0
        idle = len(statements)
        live_until(local(3, 8, 29))
        move(local(3, 8, 30))
        with CaptureQueriesContext(connection) as statements:
            beats.fire_due(SYSTEM)
        assert Assignment.objects.count() == 3 * len(comers)
        assert len(statements) - idle <= 40


class TestCompleting:
    def test_pays_at_once_and_marks_the_member_active(self, line, members):
        row = assignment(line, members[0], "quiz")
        assert actions.complete(SYSTEM, [(row.pk, "quiz")]) == [True]
        row.refresh_from_db()
        assert (row.done_at, row.evidence) == (local(3, 8, 30), "quiz")
        assert wallet(members[0]) == 100
        paid = Transfer.objects.get(reference=f"reward:task:{row.pk}:money")
        assert paid.basis == "task_fee"
        day = local(3, 8, 30).date()
        assert groups.active_by_day([group(line, 2)])[group(line, 2), day] == 1
        fact = Entry.objects.get(kind="TaskCompleted")
        assert fact.data["task"] == "quiz"
        assert (fact.line, fact.member) == (line.pk, members[0])

    def test_again_is_nothing_new(self, line, members):
        row = assignment(line, members[0], "quiz")
        assert actions.complete(SYSTEM, [(row.pk, "a"), (row.pk, "b")]) == [True, False]
        assert actions.complete(SYSTEM, [(row.pk, "c")]) == [False]
        assert wallet(members[0]) == 100
        assert Entry.objects.filter(kind="TaskCompleted").count() == 1

    def test_the_deadline_itself_counts_and_the_next_instant_does_not(self, line, members, move):
        first, second, _ = (assignment(line, m, "quiz") for m in members)
        move(first.closes_at)
        assert actions.complete(SYSTEM, [(first.pk, "quiz")]) == [True]
        move(first.closes_at + timedelta(microseconds=1))
        assert actions.complete(SYSTEM, [(first.pk, "quiz")]) == [False]
        with pytest.raises(refusals.TaskClosed) as no:
            actions.complete(SYSTEM, [(first.pk, "quiz"), (second.pk, "quiz")])
        with translation.override("en"):
            assert "“一道小题” was over at 2026-03-06 08:30" in str(no.value)
        assert wallet(members[1]) == 0

    def test_an_honour_is_granted_too(self, line, members):
        row = assignment(line, members[0], "name-shop")
        actions.complete(SYSTEM, [(row.pk, "seen")])
        badge = Entitlement.objects.get(reference=f"task:{row.pk}:badge")
        assert (badge.title, badge.state) == ("有名有姓", "settled")

    def test_what_is_not_there_completes_nothing(self, line, members):
        row = assignment(line, members[0], "quiz")
        with pytest.raises(Assignment.DoesNotExist):
            actions.complete(SYSTEM, [(row.pk, "quiz"), (10**9, "quiz")])
        assert wallet(members[0]) == 0

    def test_an_empty_budget_delays_the_reward_and_not_the_task(self):
        line = open_line(budget_fen=1)
        (member,) = passing(line, 1)
        kit.check_in(own(member), line.pk)
        assert wallet(member) == 0
        assert Entitlement.objects.get(kind="money").state == "unfunded"

    def test_500_cost_a_handful_of_statements(self):
        line = open_line()
        crowd = passing(line, 500)

        def statements(members):
            rows = Assignment.objects.filter(task="quiz", member_id__in=members)
            ids = [(row.pk, "quiz") for row in rows]
            with CaptureQueriesContext(connection) as captured:
                assert actions.complete(SYSTEM, ids) == [True] * len(ids)
            return len(captured)

        few = statements(crowd[:2])
        assert statements(crowd[2:]) <= few
        assert few <= 35


class TestCheckIn:
    def test_counts_once_a_day_however_often_it_is_tapped(self, line, members):
        member = own(members[0])
        row = assignment(line, members[0], "checkin")
        assert kit.check_in(member, line.pk) == CheckedIn(1, (row.pk,))
        assert kit.check_in(member, line.pk) == CheckedIn(1)
        assert wallet(members[0]) == 50
        assert Step.objects.count() == 1

    def test_two_days_of_three_are_enough_and_local_midnight_divides_them(self, move):
        line = open_line(
            ("effort: 10s\n    window: 1d", "effort: 10s\n    target: 2\n    window: 2d")
        )
        (member,) = passing(line, 1)
        taps = [local(3, 9), local(3, 23, 59), local(5, 0), local(5, 8)]
        done = []
        for tap in taps:
            move(tap)
            done.append(bool(kit.check_in(own(member), line.pk).done))
        assert done == [False, False, True, False]
        assert wallet(member) == 50
        assert assignment(line, member, "checkin").evidence == "2026-03-06"

    def test_a_day_counts_for_every_open_check_in_task(self):
        line = open_line(
            ("tasks: [lock-fan,", "tasks: [checkin, lock-fan,"),
            ("effort: 10s\n    window: 1d", "effort: 10s\n    window: 36h"),
        )
        (member,) = passing(line, 1, local(4, 8, 30))
        assert kit.check_in(own(member), line.pk).counted == 2
        assert wallet(member) == 100

    def test_with_nothing_open_nothing_counts(self, line, members, move):
        (stranger,) = people(1)
        for who in (stranger, line.host_id):
            assert kit.check_in(own(who), line.pk) == CheckedIn(0)
        move(assignment(line, members[0], "checkin").closes_at + timedelta(seconds=1))
        assert kit.check_in(own(members[0]), line.pk) == CheckedIn(0)
        assert not Step.objects.exists()

    def test_many_answer_as_one_by_one_and_cost_a_handful_of_statements(self):
        line = open_line()
        crowd = passing(line, 500)
        (stranger,) = people(1)
        kit.check_in(own(crowd[0]), line.pk)
        with CaptureQueriesContext(connection) as statements:
            answers = actions.check_in(SYSTEM, [(line.pk, m) for m in [*crowd, stranger]])
        assert len(statements) <= 40
        assert [a.counted for a in answers] == [1] * 500 + [0]
        assert [len(a.done) for a in answers] == [0] + [1] * 499 + [0]
        assert sum(wallet(m) for m in crowd[:3]) == 150

    def test_marks_the_day_active_before_the_target_is_reached(self, move):
        line = open_line(
            ("effort: 10s\n    window: 1d", "effort: 10s\n    target: 2\n    window: 2d")
        )
        (member,) = passing(line, 1)
        kit.check_in(own(member), line.pk)
        assert sum(groups.active_by_day([group(line, 2)]).values()) == 1


class TestQuiz:
    def test_wrong_says_which_and_one_may_try_again(self, line, members):
        row = assignment(line, members[0], "quiz")
        assert actions.answer_quiz(own(members[0]), row.pk, [1]) == [1]
        assert actions.answer_quiz(own(members[0]), row.pk, []) == [1]
        assert wallet(members[0]) == 0
        assert actions.answer_quiz(own(members[0]), row.pk, [2]) == []
        assert actions.answer_quiz(own(members[0]), row.pk, [1]) == [1]
        assert wallet(members[0]) == 100

    def test_only_ones_own_only_a_quiz_and_only_in_time(self, line, members, move):
        row, checkin = (assignment(line, members[0], key) for key in ("quiz", "checkin"))
        for actor in (own(members[1]), own(line.host_id)):
            with pytest.raises(Assignment.DoesNotExist):
                actions.answer_quiz(actor, row.pk, [2])
        with pytest.raises(refusals.NotAQuiz):
            actions.answer_quiz(own(members[0]), checkin.pk, [2])
        move(row.closes_at + timedelta(seconds=1))
        with pytest.raises(refusals.TaskClosed):
            actions.answer_quiz(own(members[0]), row.pk, [2])
        assert wallet(members[0]) == 0

    def test_who_left_answers_nothing_more(self, line, members):
        row = assignment(line, members[0], "quiz")
        lines.leave(own(members[0]), line.pk, members[0])
        with pytest.raises(NotInLine):
            actions.answer_quiz(own(members[0]), row.pk, [2])

    def test_many_sheets_are_marked_at_once(self, line, members):
        sheets = [(assignment(line, m, "quiz").pk, [n]) for n, m in enumerate(members, start=1)]
        assert actions.answer_quizzes(SYSTEM, sheets) == [[1], [], [1]]
        assert [wallet(m) for m in members] == [0, 100, 0]


class TestTicking:
    @pytest.fixture
    def rows(self, line, members):
        live_until(local(4, 8, 30))
        return [assignment(line, m, "own-words") for m in members]

    def test_the_host_and_the_regions_manager_tick_and_outsiders_do_not(self, line, members, rows):
        (other,) = people(1)
        outsiders = [
            own(other),
            own(members[0]),
            Actor(Role.REGION_MANAGER, 1, region("HN").pk),
        ]
        for actor in outsiders:
            with pytest.raises(Line.DoesNotExist):
                actions.tick(actor, [rows[1].pk])
        for role in (Role.FINANCE, Role.AUDITOR):
            with pytest.raises(NotAllowed):
                actions.tick(Actor(role, 1), [rows[1].pk])
        assert actions.tick(own(line.host_id), [rows[0].pk, rows[1].pk]) == [True, True]
        manager = Actor(Role.REGION_MANAGER, 1, line.region_id)
        assert actions.tick(manager, [rows[1].pk, rows[2].pk]) == [False, True]
        assert [wallet(m) for m in members] == [200, 200, 200]
        rows[2].refresh_from_db()
        assert rows[2].evidence == "region_manager:1"

    def test_what_is_not_measured_is_ticked_without_money(self, line, members, rows):
        row = assignment(line, members[0], "name-shop")
        assert actions.tick(own(line.host_id), [row.pk]) == [True]
        assert wallet(members[0]) == 0
        assert Entitlement.objects.get(kind="badge").title == "有名有姓"

    def test_what_the_product_sees_nobody_ticks(self, line, members, rows):
        for key in ("checkin", "quiz", "lock-fan"):
            with pytest.raises(refusals.NotByHand):
                actions.tick(own(line.host_id), [rows[0].pk, assignment(line, members[0], key).pk])
        assert wallet(members[0]) == 0

    def test_nobody_ticks_their_own_task(self, line, rows):
        actions.open_tasks(SYSTEM, line.pk, [Opening("own-words")], [line.host_id])
        row = assignment(line, line.host_id, "own-words")
        with pytest.raises(refusals.OwnTask):
            actions.tick(own(line.host_id), [row.pk])
        manager = Actor(Role.REGION_MANAGER, 1, line.region_id)
        assert actions.tick(manager, [row.pk]) == [True]

    def test_late_is_refused_for_the_whole_batch(self, line, rows, move):
        move(rows[0].closes_at)
        assert actions.tick(own(line.host_id), [rows[0].pk]) == [True]
        move(rows[0].closes_at + timedelta(seconds=1))
        with pytest.raises(refusals.TaskClosed):
            actions.tick(own(line.host_id), [row.pk for row in rows])


def seated_late(line):
    """Somebody who has had a seat from the start and has not opted in; the door is closed."""
    (member,) = people(1)
    now = clocks.now()
    Enrollment.objects.create(
        line=line, member_id=member, state="joined", asked_at=now, joined_at=now
    )
    return [member]
