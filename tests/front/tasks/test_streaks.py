"""Days in a row: from the set of days alone, with cards that fill the missed ones."""

from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loop28.front.rewards.models import Entitlement
from loop28.front.tasks import actions, intake, merging, queries, rules, streaks
from loop28.front.tasks.giving import Given
from loop28.front.tasks.models import Assignment, MakeUp
from loop28.front.tasks.refusals import NoMakeUpLeft, NotAMissedDay, TaskClosed
from loop28.front.tasks.rules import Happened
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from tests.front.tasks import model
from tests.front.tasks.kit import own
from tests.front.tasks.test_facts import line_with
from tests.line_kit import START, local, people
from tests.races import Died, dying_at, together

WINDOW_DAYS = 7
ROW_OF_FOUR = model.Task("visit", "streak", 4, strict=False, where={}, hours=24 * WINDOW_DAYS)
days_ = st.sets(st.integers(1, WINDOW_DAYS))


def day(number):
    return START + timedelta(days=number - 1)


@given(st.lists(st.integers(1, 11), unique=True))
def test_in_whatever_order_days_come_the_longest_run_is_the_same(found):
    seen, longest = set(), 0
    for number in found:
        seen.add(day(number).isoformat())
        longest = rules.moved("streak", longest, rules.run(seen, day(number).isoformat()))
        assert longest == model.longest({date.fromisoformat(one) for one in seen})


@given(days_, st.integers(1, WINDOW_DAYS + 2), st.integers(0, 23))
def test_a_missed_day_is_over_in_the_open_window_and_did_not_count(counted, today, hour):
    opened, closes, now = local(1, 0), local(WINDOW_DAYS, 18), local(today, hour)
    isos = {day(number).isoformat() for number in counted}
    found = rules.missed(opened, closes, isos, now, model.ZONE)
    expected = [day(n) for n in range(1, today) if n not in counted] if now <= closes else []
    assert found == expected


@pytest.fixture
def line(at):
    return line_with({"row": ROW_OF_FOUR}, makeups=2)


@pytest.fixture
def member(line):
    """Somebody with a streak of four days to reach, from noon of day 1 to noon of day 8."""
    (number,) = people(1)
    actions.give(SYSTEM, line, [Given(number, "row", "hand:1", local(1, 12))])
    return number


def visits(member, *numbers, hour=13):
    return [Happened(f"{member}:{n}:{hour}", member, "visit", local(n, hour)) for n in numbers]


def come(member, *numbers):
    intake.receive(SYSTEM, visits(member, *numbers))


def row():
    return Assignment.objects.get()


def play(member, number):
    return streaks.make_up(own(member), row().pk, day(number))


class TestDays:
    def test_only_days_in_a_row_count_by_the_clock_of_the_region(self, member):
        late, early = visits(member, 2, hour=23), visits(member, 3, hour=0)
        intake.receive(SYSTEM, [*late, *early, *visits(member, 3), *visits(member, 5)])
        assert row().progress == 2

    def test_a_day_that_is_told_late_closes_the_gap(self, member):
        come(member, 4, 5, 2)
        assert row().done_at is None
        come(member, 3)
        assert row().progress == 4
        assert Entitlement.objects.count() == 1

    def test_a_day_that_does_not_hold_breaks_the_run_unless_something_else_happened(self, member):
        come(member, 2, 3, 4, 5)
        intake.receive(SYSTEM, visits(member, 4, hour=20))
        intake.reverse(SYSTEM, [f"{member}:4:13"])
        assert (row().progress, row().taken_back) == (4, 0)
        intake.reverse(SYSTEM, [f"{member}:4:20"])
        assert (row().progress, row().done_at) == (2, None)


class TestCards:
    @pytest.fixture(autouse=True)
    def on_day_six(self, member):
        clock.move_to(local(6, 9))

    def test_a_card_fills_a_missed_day_and_the_reward_comes_at_once(self, member):
        come(member, 2, 3, 5)
        assert play(member, 4)
        assert row().done_at == local(6, 9)
        assert Entitlement.objects.count() == 1
        (told,) = Entry.objects.filter(kind="MakeUpPlayed")
        assert told.data["day"] == 4

    def test_the_same_day_again_costs_no_second_card(self, member):
        assert [play(member, 4), play(member, 4)] == [True, False]
        assert MakeUp.objects.count() == 1

    def test_a_day_to_come_today_one_that_counted_or_lies_outside_is_not_missed(self, member):
        come(member, 2)
        for number in (-3, 0, 2, 6, 7, 30):
            with pytest.raises(NotAMissedDay):
                play(member, number)

    def test_there_are_as_many_cards_as_the_playbook_says(self, member):
        play(member, 2)
        play(member, 3)
        with pytest.raises(NoMakeUpLeft):
            play(member, 4)

    def test_after_the_window_no_card_counts(self, member):
        clock.move_to(local(8, 13))
        with pytest.raises(TaskClosed):
            play(member, 4)

    def test_nobody_plays_for_somebody_else(self, member):
        (stranger,) = people(1)
        with pytest.raises(Assignment.DoesNotExist):
            streaks.make_up(own(stranger), row().pk, day(4))
        for actor in (SYSTEM, Actor(Role.ADMINISTRATOR, 1)):
            with pytest.raises(NotAllowed):
                streaks.make_up(actor, row().pk, day(4))

    def test_a_played_card_outlives_what_is_taken_back(self, member):
        come(member, 2, 3, 5)
        play(member, 4)
        intake.reverse(SYSTEM, [f"{member}:2:13"])
        assert (row().progress, row().done_at) == (3, None)
        come(member, 6)
        assert row().progress == 4

    def test_two_records_of_one_person_have_the_days_and_the_cards_of_both(self, line, member):
        (lost,) = people(1)
        actions.give(SYSTEM, line, [Given(lost, "row", "hand:1", local(1, 12))])
        theirs = Assignment.objects.get(member=lost)
        come(member, 2)
        come(lost, 5)
        streaks.make_up(own(lost), theirs.pk, day(4))
        streaks.make_up(own(member), Assignment.objects.get(member=member).pk, day(3))
        merging.hand_over(SYSTEM, member, lost)
        assert (row().member_id, row().progress) == (member, 4)
        assert Entitlement.objects.count() == 1

    def test_the_streak_is_shown_day_by_day(self, line, member):
        come(member, 2, 3, 5)
        play(member, 4)
        Assignment.objects.update(done_at=None, evidence="")
        (streak,) = streaks.running(queries.of_member(SYSTEM, member, line))
        states = [one.state for one in streak.days]
        assert states == ["missed", "done", "done", "made_up", "done", "today", "ahead", "ahead"]
        assert (streak.running, streak.cards, streak.missed) == (4, 1, [day(1)])


@pytest.mark.django_db
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    found=st.lists(
        st.tuples(st.sampled_from(["come", "come", "gone", "card"]), st.integers(1, 6)), max_size=14
    )
)
def test_facts_cards_and_what_is_taken_back_come_to_the_days_there_are(at, found):
    line = line_with({"row": ROW_OF_FOUR}, makeups=2)
    (member,) = people(1)
    actions.give(SYSTEM, line, [Given(member, "row", "hand:1", local(1, 12))])
    at(local(6, 9))
    number = Assignment.objects.get(line=line).pk
    ever: set[int] = set()
    there: set[int] = set()
    filled: set[int] = set()
    for what, nth in found:
        if what == "come":
            come(member, nth)
            there |= {nth} - ever
            ever.add(nth)
        elif what == "gone":
            intake.reverse(SYSTEM, [f"{member}:{nth}:13"])
            there.discard(nth)
        elif nth in filled:
            assert not streaks.make_up(own(member), number, day(nth))
        elif len(filled) == 2 or nth == 6 or nth in there:
            with pytest.raises((NoMakeUpLeft, NotAMissedDay)):
                streaks.make_up(own(member), number, day(nth))
        else:
            assert streaks.make_up(own(member), number, day(nth))
            filled.add(nth)
        longest = model.longest({day(one) for one in there | filled})
        stands = Assignment.objects.get(pk=number)
        assert (stands.progress, stands.done_at is not None) == (longest, longest >= 4)
    standing = Entitlement.objects.filter(line=line).exclude(state="reversed")
    assert standing.count() == (longest >= 4 if found else 0)


class TestTogether:
    pytestmark = pytest.mark.django_db(transaction=True)

    def test_the_last_card_is_played_once(self, member):
        clock.move_to(local(6, 9))
        play(member, 1)
        answers = together(*(partial(play, member, number) for number in (2, 3, 4, 5)))
        assert [one for one in answers if one is True] == [True]
        assert sum(isinstance(one, NoMakeUpLeft) for one in answers) == 3
        assert MakeUp.objects.count() == 2

    def test_a_card_and_a_fact_in_the_same_instant_both_count_and_pay_once(self, member):
        clock.move_to(local(6, 9))
        come(member, 2, 3)
        answers = together(
            partial(play, member, 4), partial(come, member, 5), partial(play, member, 4)
        )
        assert not [one for one in answers if isinstance(one, Exception)]
        assert row().progress == 4
        assert Entitlement.objects.count() == 1

    def test_a_crash_at_any_statement_costs_no_card(self, member):
        clock.move_to(local(6, 9))
        come(member, 2, 3, 5)
        for statement in range(1, 100):
            try:
                with dying_at(statement):
                    play(member, 4)
                break
            except Died:
                assert not MakeUp.objects.exists()
                assert row().progress == 2
        assert 5 < statement < 99
        assert (row().progress, Entitlement.objects.count()) == (4, 1)
