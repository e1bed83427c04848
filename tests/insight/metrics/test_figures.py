"""The figures of lines are those of their rows, and cost the same for few lines and for many."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loop28.front.groups import actions as groups
from loop28.front.ladder import actions as ladder
from loop28.front.lines import actions as lines
from loop28.front.lines.models import Line
from loop28.front.packets import actions as packets
from loop28.front.packets.models import Packet
from loop28.front.tasks import actions as tasks
from loop28.front.tasks.models import Assignment
from loop28.insight.metrics import figures
from loop28.insight.metrics.figures import Figures, Stage
from loop28.insight.metrics.overview import overview
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.middle.orders import actions as orders
from loop28.middle.orders.rules import ReportedOrder
from tests.front.tasks import kit
from tests.line_kit import invitation, live_until, local, open_line, people, region, says, seated

pytestmark = pytest.mark.django_db


def _of(line: Line) -> Figures:
    line.refresh_from_db()
    (found,) = figures.of_lines(SYSTEM, [line], clock.now())
    return found


def _sale(member: int, paid_at, number: str = "1", **more) -> ReportedOrder:
    return ReportedOrder(
        shop="s", external_id=number, member=member, fen=2990, paid_at=paid_at, buyer="b", **more
    )


def test_a_line_gathers_runs_and_is_over(at, line):
    assert (_of(line).stage, _of(line).days_to_go) == (Stage.GATHERING, 1)
    live_until(local(1, 0, 1))
    assert (_of(line).stage, _of(line).day) == (Stage.RUNNING, 1)
    live_until(local(5, 21, 1))
    assert _of(line).stage is Stage.OVER


def test_seats_and_the_gap_are_counted(at, line):
    seated(line, 3)
    lines.leave(SYSTEM, line.pk, seated(line, 1)[0])
    assert (_of(line).joined, _of(line).seated, _of(line).gap) == (4, 3, 17)


def test_activity_is_counted_once_a_member_and_day_in_the_group_of_that_day(at, line):
    ann, ben = seated(line, 2)
    live_until(local(1, 10))
    said = [(ann, "a", 10), (ann, "b", 11), (ben, "c", 10)]
    groups.receive(SYSTEM, [says(line, who, text, local(1, hour)) for who, text, hour in said])
    live_until(local(2, 9))
    groups.receive(SYSTEM, [says(line, ben, "d", local(2, 9))])
    assert figures.active_by_day([line], clock.now()) == {line.pk: [2, 1, None, None, None]}
    assert _of(line).active_today == 1
    hours = figures.hours(SYSTEM, line.pk, clock.now())
    assert (hours[0][10], hours[0][11], hours[1][9], sum(map(sum, hours))) == (2, 1, 1, 4)


def test_the_active_are_a_part_of_those_they_are_counted_among(at, line):
    host, few, many = 1, seated(line, 2), seated(line, 4)
    live_until(local(2, 20, 30))
    said = [says(line, who, "早", local(2, 10)) for who in [*few, *many]]
    groups.receive(SYSTEM, said)
    lines.let_in(SYSTEM, line.pk, few)  # the call is out, but the evening is still everybody's
    assert (_of(line).active_today, _of(line).there_today) == (6, 6 + host)
    lines.leave(SYSTEM, line.pk, many[0])  # active today and gone: counts on both sides
    assert (_of(line).active_today, _of(line).there_today) == (6, 6 + host)
    live_until(local(3, 9))
    assert (_of(line).active_today, _of(line).there_today) == (0, 2 + host)
    live_until(local(5, 21, 1))
    assert (_of(line).active_today, _of(line).there_today) == (0, 0)


def test_yesterday_is_counted_in_its_own_group_among_who_was_there_when_it_ended(at, line):
    def yesterday():
        return _of(line).active_yesterday, _of(line).there_yesterday

    host, few, many = 1, seated(line, 2), seated(line, 4)
    live_until(local(1, 10))
    assert yesterday() == (0, 0)  # nobody is expected to do anything before the first day
    groups.receive(SYSTEM, [says(line, few[0], "早", local(1, 10))])
    live_until(local(2, 0, 5))
    assert (_of(line).active_today, yesterday()) == (0, (1, 6 + host))
    late = seated(line, 3)  # who comes today was not there
    assert yesterday() == (1, 6 + host)
    live_until(local(2, 20, 30))
    groups.receive(SYSTEM, [says(line, who, "早", local(2, 10)) for who in [*few, *many]])
    lines.let_in(SYSTEM, line.pk, few)
    lines.leave(SYSTEM, line.pk, many[0])
    live_until(local(3, 0, 5))
    lines.leave(SYSTEM, line.pk, late[0])  # who leaves today was there
    assert yesterday() == (6, 9 + host)
    live_until(local(5, 21, 1))
    assert yesterday() == (0, 0)


def test_the_funnel_follows_people_to_the_end(at, line):
    ann, ben, _eve = seated(line, 3)
    live_until(local(2, 20, 30))
    lines.let_in(SYSTEM, line.pk, [ann, ben])
    live_until(local(3, 9))
    done = Assignment.objects.filter(member_id=ann)
    tasks.complete(SYSTEM, [(row.pk, "x") for row in done])
    live_until(local(5, 10))
    orders.report(SYSTEM, [_sale(ann, local(5, 9, 30))])
    found = overview(SYSTEM, clock.now()).funnel
    assert (found.joined, found.opted_in, found.did_a_task) == (3, 2, 1)
    assert (found.first_orders, found.owners) == (1, 1)
    assert (_of(line).called, _of(line).opted_in_this_week) == (True, 2)


def test_only_sales_within_the_line_that_stand_count_as_first_orders(at, line):
    ann, ben, eve = seated(line, 3)
    live_until(local(2, 20, 30))
    lines.let_in(SYSTEM, line.pk, [ann, ben])
    live_until(local(5, 10))
    orders.report(
        SYSTEM,
        [
            _sale(ann, local(0, 10), "before the line"),
            _sale(ben, local(4, 10), "sent back", refunded_fen=2990, refunded_at=local(5, 9)),
            _sale(eve, local(4, 10), "did not opt in"),
        ],
    )
    assert figures.first_orders([line]) == {line.pk: 0}


def test_money_is_what_the_books_say(at, line):
    members = seated(line, 4)
    live_until(local(1, 12, 30))
    packets.claim(SYSTEM, Packet.objects.get().pk, members)
    seen = _of(line)
    assert (seen.funded_fen, seen.left_fen, seen.spent_fen) == (100_000, 99_000, 1_000)
    assert seen.packets["issued"] == 1_000
    assert seen.packets["claimed"] == Packet.objects.get().taken_fen
    assert seen.foresight.packets_fen == 3_400


def test_rewards_are_foreseen_for_those_who_passed_and_before_it_for_a_cautious_share(at, line):
    members = seated(line, 20)
    each = 50 + 100 + 200 + 500
    assert _of(line).foresight.rewards_fen == 7 * each
    live_until(local(2, 20, 30))
    lines.let_in(SYSTEM, line.pk, members[:2])
    assert _of(line).foresight.rewards_fen == 2 * each
    live_until(local(3, 9))
    assert _of(line).foresight.rewards_fen == 2 * (each - 150)


BY_LEVEL = (
    ("[lock-fan, post-moment, own-words]", "[lock-fan, post-moment]"),
    ("kind: tick\n", "kind: tick\n    level: owner\n"),
)


def test_what_a_level_opens_is_foreseen_for_those_who_passed_and_have_not_had_it(at):
    line = kit.open_line(*BY_LEVEL)
    members = seated(line, 20)
    beats, level = 50 + 100 + 500, 200
    assert _of(line).foresight.rewards_fen == 7 * (beats + level)
    live_until(local(2, 20, 30))
    lines.let_in(SYSTEM, line.pk, members[:2])
    live_until(local(3, 9))
    assert _of(line).foresight.rewards_fen == 2 * (beats - 150 + level)
    ladder.appoint(SYSTEM, members[0], "owner", "老店主")
    assert _of(line).foresight.rewards_fen == 2 * (beats - 150) + level
    live_until(local(5, 9))
    assert _of(line).foresight.rewards_fen == level
    live_until(local(5, 22))
    assert _of(line).foresight.rewards_fen == 0


def test_what_a_level_opens_lacks_money_at_the_end_of_the_line(at):
    line = kit.open_line(*BY_LEVEL, budget_fen=4_400 + 7 * 850 - 1)
    seated(line, 20)
    seen = _of(line).foresight
    assert (seen.short_fen, seen.empty_at) == (1, local(6, 0))


def test_a_manager_sees_the_lines_of_their_region_alone(at, line):
    open_line(code="HN")
    manager = Actor(Role.REGION_MANAGER, 1, line.region_id)
    assert [f.line.pk for f in overview(manager, clock.now()).figures] == [line.pk]
    assert len(overview(SYSTEM, clock.now()).figures) == 2
    assert len(overview(SYSTEM, clock.now(), region("HN").pk).figures) == 1


def test_lines_that_ended_long_ago_are_no_longer_in_the_overview(at, line):
    live_until(local(6, 0))
    assert len(overview(SYSTEM, clock.now()).figures) == 1
    at(clock.now() + timedelta(days=29))
    assert overview(SYSTEM, clock.now()).figures == []


def test_twenty_four_lines_cost_as_many_statements_as_two(at):
    many = [open_line() for _ in range(24)]
    for line in many[:3]:
        lines.join(SYSTEM, invitation(line), people(2))
    live_until(local(3, 9))
    overview(SYSTEM, clock.now())  # playbooks are read once a process

    def statements(chosen: int) -> int:
        Line.objects.filter(pk__in=[line.pk for line in many[chosen:]]).update(
            ended_at=local(-60, 0)
        )
        with CaptureQueriesContext(connection) as seen:
            assert len(overview(SYSTEM, clock.now()).figures) == chosen
        return len([q for q in seen.captured_queries if "clock_timestamp" not in q["sql"]])

    for_many = statements(24)
    assert for_many == statements(2)
    assert for_many <= 24
