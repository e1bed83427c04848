"""The quota board: what the regions owe, week by week."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loop28.front.ladder import actions as ladder
from loop28.front.ladder import offers
from loop28.front.playbooks import actions as playbooks
from loop28.insight.metrics import quota
from loop28.insight.metrics.quota import State
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, Role
from tests.factories import staff
from tests.line_kit import SMALL, START, local, open_line, people, region

days = st.dates(date(2000, 1, 1), date(2200, 12, 31))


@given(days)
def test_every_week_counts_to_one_month_that_of_its_thursday(day):
    month = quota.month_of(day)
    weeks = quota.weeks_of(month)
    assert clock.monday(day) in weeks
    assert len(weeks) in {4, 5}
    assert all(week.weekday() == 0 for week in weeks)
    assert {quota.month_of(week) for week in weeks} == {month}
    following = quota.weeks_of((month + timedelta(days=31)).replace(day=1))
    assert following[0] == weeks[-1] + timedelta(days=7)


def board(actor=SYSTEM, **options):
    weeks = quota.weeks_of(START)  # March 2026, whose weeks begin on the 2nd, 9th, 16th and 23rd
    return quota.board(actor, weeks, clock.now(), **options)


def states(row):
    return [[slot.state for slot in week.slots] for week in row.weeks]


def test_a_line_is_opening_until_it_starts_and_then_filled(at):
    open_line()  # on Monday, March 2nd; it is Sunday
    assert states(board().rows[0])[0] == [State.OPENING]
    at(local(1, 0))
    assert states(board().rows[0])[0] == [State.FILLED]


def test_a_week_that_begins_without_its_line_is_late_and_the_next_ones_are_ahead(at):
    open_line()
    at(local(8, 0))
    seen = board()
    assert states(seen.rows[0]) == [[State.FILLED], [State.LATE], [State.AHEAD], [State.AHEAD]]
    assert (seen.quota, seen.filled, seen.opening, len(seen.late)) == (4, 1, 0, 1)
    assert [len(seen.owed(week)) for week in seen.weeks] == [0, 1, 1, 1]


def test_what_is_late_in_a_week_that_is_over_can_no_longer_be_opened(at):
    open_line()
    at(local(15, 0))
    seen = board()
    assert [slot.week for slot in seen.late] == [seen.weeks[2], seen.weeks[1]]
    assert seen.owed(seen.weeks[1]) == []
    assert len(seen.owed(seen.weeks[2])) == 1


def test_nobody_is_late_for_the_weeks_before_they_began(at):
    region("HN")
    at(local(15, 0))
    (row,) = board().rows
    assert states(row) == [[], [], [State.LATE], [State.AHEAD]]
    assert row.quota == 2


def test_a_line_that_was_called_off_before_its_first_day_is_owed_again(at):
    open_line()
    line = open_line(code="HN")
    line.stopped_at = line.ended_at = local(0, 13)
    line.save()
    assert [states(row)[0] for row in board().rows] == [[State.OPENING], [State.AHEAD]]
    line.stopped_at = line.ended_at = local(1, 13)
    line.save()
    at(local(1, 14))
    assert [states(row)[0] for row in board().rows] == [[State.FILLED], [State.FILLED]]


def test_a_region_may_owe_several_lines_a_week_and_open_more_than_it_owes(at):
    place = region("HD")
    place.weekly_lines = 2
    place.save()
    open_line()
    assert states(board().rows[0])[0] == [State.OPENING, State.AHEAD]
    open_line()
    open_line()
    seen = board()
    assert states(seen.rows[0])[0] == [State.OPENING] * 3
    assert (seen.rows[0].there, seen.rows[0].quota) == (3, 8)


def test_a_manager_sees_the_row_of_their_region_alone(at):
    open_line()
    open_line(code="HN")
    actor = staff(Role.REGION_MANAGER, region("HN")).actor
    assert [row.region.code for row in board(actor).rows] == ["HN"]
    assert len(board(region=region("HD").pk).rows) == 1


def test_the_board_costs_four_statements_however_many_regions_there_are(
    at, django_assert_num_queries
):
    for code in ("HD", "HN", "HB"):
        open_line(code=code)
    now = clock.now()
    with django_assert_num_queries(4):
        quota.board(SYSTEM, quota.weeks_of(START), now)


def accepted(start):
    """An offer for this day that a new host of HD accepted."""
    (host,) = people(1, "店主")
    ladder.appoint(SYSTEM, host, "owner", "first")
    made = offers.offer(
        SYSTEM,
        host=host,
        region=region("HD").pk,
        playbook=playbooks.publish(SYSTEM, SMALL.read_text()).pk,
        start_day=start,
        size=20,
        budget_fen=100_000,
        answer_by=clock.now() + timedelta(hours=1),
    )
    return offers.accept(Actor(Role.MEMBER, host), made.pk)


def test_what_a_host_accepted_fills_the_slot_of_its_week_until_its_day_is_over(at):
    open_line()
    offer = accepted(START + timedelta(days=9))
    seen = board()
    assert states(seen.rows[0])[:2] == [[State.OPENING], [State.PROMISED]]
    (slot,) = seen.owed(seen.weeks[1])
    assert slot.promise == offer
    at(local(10, 23))  # its own day: it can be opened yet
    assert states(board().rows[0])[1] == [State.PROMISED]
    assert board().late == []
    at(local(11, 1))
    assert states(board().rows[0])[1] == [State.LATE]


def test_only_what_is_owed_is_filled_by_a_promise_and_its_line_takes_its_place(at):
    open_line()
    offer = accepted(START)
    assert states(board().rows[0])[0] == [State.OPENING]
    line = offers.open_accepted(SYSTEM, offer.pk)
    assert [slot.line for slot in board().rows[0].weeks[0].slots][1] == line
    waiting = accepted(START + timedelta(days=7))
    offers.withdraw(SYSTEM, waiting.pk, "not needed")
    assert states(board().rows[0])[1] == [State.AHEAD]


def test_another_regions_manager_does_not_see_who_accepted(at):
    accepted(START)
    region("HN")
    (row,) = board(staff(Role.REGION_MANAGER, region("HN")).actor).rows
    assert states(row)[0] == [State.AHEAD]
