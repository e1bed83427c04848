"""Facts move tasks: whatever the order, the batches and the repetitions, as the model says."""

import json
from datetime import timedelta
from functools import partial
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loop28.front.lines import actions as lines
from loop28.front.playbooks import actions as playbooks
from loop28.front.playbooks import sheets
from loop28.front.rewards.models import Entitlement
from loop28.front.tasks import actions, intake, standstill
from loop28.front.tasks.giving import Given
from loop28.front.tasks.models import Assignment, Happening, Step
from loop28.front.tasks.rules import Happened
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.amounts import MILLIONTHS
from tests.front.tasks import model
from tests.front.tasks.kit import wallet
from tests.line_kit import START, local, people, region
from tests.races import Died, dying_at, together

NOON = local(1, 12)
HOUR = timedelta(hours=1)


def line_with(tasks, **more):
    """A line whose playbook has these tasks, its clock at noon of the first day; its number.

    ``more`` are fields that all of them have.
    """
    rows = [
        {
            "key": key,
            "name": key,
            "kind": "measured",
            "how": key,
            "effort": "1h",
            "window": f"{task.hours}h",
            "measure": {
                "fact": task.fact,
                "count": task.way,
                ("more_than" if task.strict else "at_least"): _text(task),
                "where": task.where,
            },
            "reward": {"points": 7},
            **({"after": task.after} if task.after else {}),
            **more,
        }
        for key, task in tasks.items()
    ]
    clock.move_to(local(0, 12))
    sheet = {"loop28": 1, "key": "sheet", "name": "Sheet", "tasks": rows}
    programme, text = sheets.playbook(json.dumps(sheet).encode())
    place = region("HD")
    of = lines.open_line(
        SYSTEM,
        region=place.pk,
        playbook=playbooks.add_version(SYSTEM, programme, text).pk,
        start_day=START,
        host=people(1)[0],
        size=20,
        budget_fen=10_000,
    )
    clock.move_to(NOON)
    return of.pk


def _text(task):
    return task.bar // MILLIONTHS if task.way in {"sum", "largest"} else task.bar


VISITS = model.Task("visit", "number", 2, strict=False, where={}, hours=24)


@pytest.fixture(autouse=True)
def move(at):
    return at


@pytest.fixture
def line(db):
    return line_with({"visits": VISITS})


@pytest.fixture
def member(line):
    (number,) = people(1)
    actions.give(SYSTEM, line, [Given(number, "visits", "hand:1", NOON)])
    return number


def visit(member, key, at=NOON, **more):
    return Happened(key, member, "visit", at, **more)


def row():
    return Assignment.objects.get()


class TestKeys:
    def test_a_fact_is_taken_once_whatever_the_time_between(self, line, member):
        (first,) = intake.receive(SYSTEM, [visit(member, "a")])
        clock.move_to(NOON + timedelta(days=400))
        (again,) = intake.receive(SYSTEM, [visit(member, "a")])
        assert (first, again) == ("counted", "duplicate")
        assert row().progress == 1

    def test_the_same_key_with_other_content_is_told_and_counts_nothing(self, line, member):
        first, other = visit(member, "a"), visit(member, "a", NOON + HOUR)
        assert intake.receive(SYSTEM, [first, other]) == ["counted", "conflict"]
        assert intake.receive(SYSTEM, [other, first]) == ["conflict", "duplicate"]
        assert row().progress == 1

    def test_what_moves_no_task_is_kept(self, line, member):
        (stranger,) = people(1)
        late = visit(member, "late", NOON + timedelta(days=2))
        assert intake.receive(SYSTEM, [visit(stranger, "s"), late]) == ["kept", "kept"]
        assert Happening.objects.count() == 2

    def test_only_the_product_takes_facts_in(self, line, member):
        for actor in (Actor(Role.MEMBER, member), Actor(Role.ADMINISTRATOR, 1)):
            with pytest.raises(NotAllowed):
                intake.receive(actor, [visit(member, "a")])
            with pytest.raises(NotAllowed):
                intake.reverse(actor, ["a"])


class TestWindow:
    @pytest.mark.parametrize("length", [timedelta(hours=24), timedelta(days=2, microseconds=-1)])
    def test_both_ends_count(self, line, member, length):
        Assignment.objects.update(closes_at=NOON + length)
        step = timedelta(microseconds=1)
        times = [NOON - step, NOON, NOON + step, NOON + length, NOON + length + step]
        told = [visit(member, f"{number}", at) for number, at in enumerate(times)]
        answers = intake.receive(SYSTEM, told)
        assert answers == ["kept", "counted", "counted", "counted", "kept"]

    def test_what_happened_after_the_old_end_counts_when_the_line_stood_still(self, line, member):
        late = [visit(member, key, NOON + 30 * HOUR) for key in "ab"]
        assert intake.receive(SYSTEM, late) == ["kept", "kept"]
        standstill.extend(SYSTEM, line, NOON, 1)
        assert (row().progress, row().done_at) == (2, NOON + 30 * HOUR)

    @pytest.mark.django_db(transaction=True)
    def test_a_later_end_and_a_fact_of_the_same_instant_find_each_other(self, line, member):
        late = visit(member, "late", NOON + 30 * HOUR)
        together(
            partial(intake.receive, SYSTEM, [late]),
            partial(standstill.extend, SYSTEM, line, NOON, 1),
        )
        assert row().progress == 1


class TestOpening:
    def test_a_fact_that_came_before_its_task_was_written_counts(self, line, member):
        intake.receive(SYSTEM, [visit(member, "early", NOON + 2 * HOUR)])
        given_at = [Given(member, "visits", f"hand:{n}", NOON + n * HOUR) for n in (2, 3)]
        clock.move_to(NOON + 3 * HOUR)
        actions.give(SYSTEM, line, given_at)
        counted = dict(Assignment.objects.values_list("opening", "progress"))
        assert counted == {"hand:1": 1, "hand:2": 1, "hand:3": 0}

    def test_two_of_one_task_given_at_one_moment_both_count(self, line, member):
        actions.give(SYSTEM, line, [Given(member, "visits", "hand:2", NOON)])
        intake.receive(SYSTEM, [visit(member, "a"), visit(member, "b")])
        assert [one.progress for one in Assignment.objects.all()] == [2, 2]
        assert Entitlement.objects.count() == 2

    def test_a_fact_of_another_line_moves_nothing_here(self, line, member):
        intake.receive(SYSTEM, [visit(member, "a", line=line + 1), visit(member, "b", line=line)])
        assert row().progress == 1


class TestTakingBack:
    def test_a_fact_that_does_not_hold_lowers_progress_and_may_be_made_up_for(self, line, member):
        intake.receive(SYSTEM, [visit(member, "a")])
        intake.reverse(SYSTEM, ["a", "unknown"])
        assert row().progress == 0
        intake.receive(SYSTEM, [visit(member, "b"), visit(member, "c")])
        assert row().done_at == NOON

    def test_what_was_paid_is_owed_and_crossing_again_pays_once(self, line, member):
        intake.receive(SYSTEM, [visit(member, "a"), visit(member, "b")])
        paid = wallet(member)
        intake.reverse(SYSTEM, ["b"])
        assert (row().progress, row().done_at, wallet(member)) == (1, None, paid)
        intake.receive(SYSTEM, [visit(member, "c"), visit(member, "d")])
        assert (row().progress, row().done_at, wallet(member)) == (3, NOON, paid)
        states = Entitlement.objects.order_by("id").values_list("state", "owed")
        assert list(states) == [("reversed", 0), ("settled", 0)]

    def test_taken_back_twice_is_taken_back_once(self, line, member):
        intake.receive(SYSTEM, [visit(member, "a")])
        intake.reverse(SYSTEM, ["a"])
        intake.reverse(SYSTEM, ["a"])
        assert intake.receive(SYSTEM, [visit(member, "a")]) == ["duplicate"]
        assert row().progress == 0


class TestOrder:
    def test_a_fact_that_decided_nothing_takes_nothing_back_whatever_its_key(self, line, member):
        intake.receive(SYSTEM, [visit(member, key) for key in ("c", "a", "b")])
        assert row().evidence == "a"
        assert intake.reverse(SYSTEM, ["b"]) == 0
        assert (row().evidence, row().taken_back) == ("a", 0)

    def test_when_it_was_done_is_when_the_last_of_what_was_needed_happened(self, line, member):
        for key, hours in [("last", 13), ("first", 1)]:
            intake.receive(SYSTEM, [visit(member, key, NOON + hours * HOUR)])
        assert (row().done_at, row().evidence) == (NOON + 13 * HOUR, "last")
        assert Entitlement.objects.get().day == START + timedelta(days=1)  # whose cap it counts for

    def test_what_happened_before_it_was_done_and_is_told_late_says_that_it_was_done_sooner(
        self, line, member
    ):
        for key, hours in [("b", 3), ("c", 5), ("a", 1)]:
            intake.receive(SYSTEM, [visit(member, key, NOON + hours * HOUR)])
        assert (row().done_at, row().evidence) == (NOON + 3 * HOUR, "b")
        assert Entitlement.objects.count() == 1
        intake.reverse(SYSTEM, ["c"])
        assert (row().done_at, row().taken_back) == (NOON + 3 * HOUR, 0)

    def test_a_subject_that_was_counted_may_turn_out_to_have_come_sooner(self, db):
        place = model.Task("visit", "distinct", 2, strict=False, where={}, hours=24)
        line = line_with({"places": place})
        (member,) = people(1)
        actions.give(SYSTEM, line, [Given(member, "places", "hand:1", NOON)])
        told = [("a", 3, "hall 1"), ("b", 5, "hall 2"), ("c", 4, "hall 2")]
        for key, hours, subject in told:
            intake.receive(SYSTEM, [visit(member, key, NOON + hours * HOUR, subject=subject)])
        assert (row().progress, row().done_at) == (2, NOON + 4 * HOUR)


class TestTogether:
    pytestmark = pytest.mark.django_db(transaction=True)

    def test_many_facts_of_one_member_at_once_are_all_counted(self, line, member):
        facts = [visit(member, f"k{n}") for n in range(12)]
        calls = [partial(intake.receive, SYSTEM, [one, facts[0]]) for one in facts]
        answers = together(*calls, *calls)
        assert not [one for one in answers if isinstance(one, Exception)]
        assert row().progress == 12
        assert Entitlement.objects.count() == 1

    def test_batches_in_opposite_order_do_not_stop_each_other(self, line, member):
        comers = people(6)
        actions.give(SYSTEM, line, [Given(m, "visits", "hand:1", NOON) for m in comers])
        facts = [visit(m, f"{m}:{n}") for m in comers for n in range(2)]
        ways = [partial(intake.receive, SYSTEM, facts[::way]) for way in (1, -1, 1, -1)]
        together(*ways)
        assert set(Assignment.objects.exclude(member=member).values_list("progress")) == {(2,)}
        assert Entitlement.objects.count() == 6

    def test_a_task_and_its_fact_in_the_same_instant_find_each_other(self, line, member):
        for number in range(5):
            (comer,) = people(1)
            given = [Given(comer, "visits", "hand:1", NOON)]
            fact = visit(comer, f"same:{number}")
            together(
                partial(actions.give, SYSTEM, line, given),
                partial(intake.receive, SYSTEM, [fact]),
            )
            assert Assignment.objects.get(member=comer).progress == 1

    def test_a_crash_at_any_statement_leaves_nothing_and_the_next_try_everything(
        self, line, member
    ):
        facts = [visit(member, "a"), visit(member, "b")]
        for statement in range(1, 100):
            try:
                with dying_at(statement):
                    intake.receive(SYSTEM, facts)
                break
            except Died:
                assert not Happening.objects.exists()
                assert (row().progress, row().done_at) == (0, None)
        assert 5 < statement < 99
        assert Entitlement.objects.count() == 1


kinds = st.sampled_from(["visit", "sale"])
fields = st.sampled_from([None, {"way": "web"}, {"way": "app", "hall": "3"}])
tasks = st.builds(
    model.Task,
    fact=kinds,
    way=st.sampled_from(["number", "distinct", "sum", "largest", "streak"]),
    bar=st.integers(1, 4),
    strict=st.booleans(),
    where=st.sampled_from([{}, {"way": ["web", "app"]}, {"hall": ["3"]}]),
    hours=st.integers(1, 6),
    after=st.sampled_from(["", "0", "1", "2"]),
).map(
    lambda task: task._replace(
        bar=task.bar * MILLIONTHS if task.way in {"sum", "largest"} else task.bar
    )
)
chains = st.lists(
    tasks.map(
        lambda task: task._replace(
            fact="visit",
            where={},
            strict=False,
            bar=min(task.bar, 2 * MILLIONTHS if task.way in {"sum", "largest"} else 2),
            hours=task.hours + 2,
            after=task.after or "0",
        )
    ),
    min_size=2,
    max_size=4,
)
facts_ = st.lists(
    st.builds(
        Happened,
        key=st.integers(0, 15).map(str),
        member_id=st.integers(0, 1),
        kind=kinds,
        at=st.integers(-1, 8).map(lambda hour: NOON + hour * HOUR),
        subject=st.sampled_from(["", "s1", "s2", "s3"]),
        amount=st.integers(0, 3).map(lambda n: n * MILLIONTHS),
        line=st.none(),
        fields=fields,
    ),
    max_size=25,
    unique_by=lambda fact: fact.key,
)


@pytest.mark.django_db
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    programme=st.one_of(st.lists(tasks, min_size=1, max_size=4), chains),
    found=facts_,
    gone=st.sets(st.integers(0, 15).map(str), max_size=4),
    seed=st.integers(0, 10**6),
)
def test_any_programme_and_any_order_come_to_what_the_model_says(programme, found, gone, seed):
    chance = Random(seed)
    named = _chained(programme)
    line = line_with(named)
    members = people(2)
    found = [
        fact._replace(member_id=members[fact.member_id], key=f"{line}:{fact.key}") for fact in found
    ]
    gone = {f"{line}:{key}" for key in gone}
    steps = [("fact", fact) for fact in found] + [("fact", fact) for fact in found[:5]]
    given = [
        ("give", Given(member, key, f"{key}:{n}", NOON + n * HOUR))
        for key in named
        for member in members
        for n in range(2)
    ]
    steps += given
    chance.shuffle(steps)
    while steps:
        cut = chance.randint(1, 12)
        batch, steps = steps[:cut], steps[cut:]
        actions.give(SYSTEM, line, [one for kind, one in batch if kind == "give"])
        intake.receive(SYSTEM, [one for kind, one in batch if kind == "fact"])
    rows = Assignment.objects.filter(line=line)
    paid = set(rows.filter(done_at__isnull=False).values_list("pk", flat=True))
    intake.reverse(SYSTEM, sorted(gone))
    ever, left = model.holding(found, set()), model.holding(found, gone)
    expected = model.opened(_given(given, named), named, ever)
    assert sorted(_windows(rows)) == sorted(expected)
    for one in rows:
        assigned = _window(one)
        task = named[one.task]
        assert one.progress == model.progress(assigned, task, left)
        was, stands = one.pk in paid, one.done_at is not None
        should = [model.done(assigned, task, facts) for facts in (ever, left)]
        # What comes after another may have been done in a window that an earlier fact moved.
        assert was >= should[0]
        assert stands >= should[1]
        if not task.after:
            assert [was, stands] == should
            assert one.done_at == model.when(assigned, task, left)
        if one.mode == "distinct":
            assert Step.objects.filter(assignment=one).count() == one.progress
    standing = Entitlement.objects.filter(line=line).exclude(state="reversed")
    assert standing.count() == rows.exclude(done_at=None).count()


@pytest.mark.django_db
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(programme=chains, found=facts_, size=st.integers(1, 9))
def test_facts_that_are_told_as_they_happen_pay_exactly_what_the_model_says(programme, found, size):
    named = _chained(programme)
    line = line_with(named)
    members = people(2)
    given = [("give", Given(member, key, f"{key}:0", NOON)) for key in named for member in members]
    actions.give(SYSTEM, line, [one for _, one in given])
    found = sorted(
        (f._replace(member_id=members[f.member_id], key=f"{line}:{f.key}") for f in found),
        key=lambda fact: (fact.at, fact.key),
    )
    for start in range(0, len(found), size):
        intake.receive(SYSTEM, found[start : start + size])
    expected = model.opened(_given(given, named), named, found)
    rows = Assignment.objects.filter(line=line)
    assert sorted(_windows(rows)) == sorted(expected)
    done = [one for one in expected if model.done(one, named[one.task], found)]
    assert sorted(_windows(rows.exclude(done_at=None))) == sorted(done)
    assert Entitlement.objects.filter(line=line).count() == len(done)


def _chained(programme):
    """Each task by its key; what says that it comes after another comes after an earlier one."""
    return {
        f"task-{number}": task._replace(after=f"task-{int(task.after) % number}")
        if number and task.after
        else task._replace(after="")
        for number, task in enumerate(programme)
    }


def _given(given, named):
    return [
        model.Assigned(
            one.member, one.task, one.at, one.at + timedelta(hours=named[one.task].hours), one.by
        )
        for _, one in given
    ]


def _window(row):
    return model.Assigned(row.member_id, row.task, row.opened_at, row.closes_at, row.opening)


def _windows(rows):
    return [_window(row) for row in rows]
