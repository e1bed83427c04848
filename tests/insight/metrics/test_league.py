"""The league table: what is counted, over which lines, and who has a place in it."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loop28.front.groups import actions as groups
from loop28.front.groups.chat import Incoming
from loop28.front.groups.models import Complaint, Message
from loop28.front.ladder.models import Promotion
from loop28.front.lines import actions as lines
from loop28.front.lines import queries
from loop28.front.lines.models import Line
from loop28.front.packets import actions as packets
from loop28.front.packets.models import Packet
from loop28.insight.metrics import figures, league
from loop28.insight.metrics.league import Measure, Standing
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from loop28.middle.members.models import Member
from tests.factories import city
from tests.line_kit import group, invitation, live_until, local, open_line, people, seated

pytestmark = pytest.mark.django_db


def results(*found: Line):
    chosen = list(queries.lines(SYSTEM).filter(pk__in=[line.pk for line in found]).order_by("id"))
    return league.with_people(league.results(SYSTEM, chosen, clock.now()))


def standing(*found: Line, **options) -> Standing:
    return Standing(results(*found), **options)


def passing(line: Line, members: list[int]) -> None:
    """Live until the call is over, with these people let in."""
    live_until(local(2, 21))
    lines.let_in(SYSTEM, line.pk, members)


def promoted(line: Line, *members: int) -> None:
    for member in members:
        Promotion.objects.create(
            member_id=member,
            level="owner",
            line=line,
            state="granted",
            proposed_at=clock.now(),
            decided_at=clock.now(),
        )


def test_the_pass_rate_counts_lines_whose_call_was_made(at):
    line, other = open_line(), open_line(code="HN")
    members = seated(line, 4)
    seated(other, 9)
    Line.objects.filter(pk=other.pk).update(start_day=line.start_day + timedelta(days=20))
    assert standing(line, other).called == []
    other_beats = other.beats.all()
    other_beats.update(due_at=local(40, 9))
    passing(line, members[:1])
    of = standing(line, other)
    assert (of.passed, of.joined, len(of.results)) == (1, 4, 2)


def test_the_league_and_the_figures_of_a_line_say_the_same_pass_rate(at, line):
    members = seated(line, 20)
    lines.leave(SYSTEM, line.pk, members[0])
    seated(line, 1)
    (late,) = people(1)
    lines.join(SYSTEM, invitation(line), [late])
    lines.join(SYSTEM, invitation(line), [members[0]])  # was in, left, and waits now
    passing(line, members[1:6])
    (f,) = figures.of_lines(SYSTEM, [line], clock.now())
    of = standing(line)
    assert (of.passed, of.joined) == (f.opted_in, f.joined) == (5, 21)


def test_activity_is_that_of_whole_training_days_among_those_who_passed(at, line):
    ann, ben, *_ = seated(line, 6)
    passing(line, [ann, ben])
    said = [(ann, 3, 10), (ann, 3, 12), (ben, 3, 10), (ann, 4, 9)]
    for number, (member, day, hour) in enumerate(said):
        live_until(local(day, hour))
        groups.receive(
            SYSTEM,
            [Incoming("house", f"{number}", group(line, 2), member, "早", local(day, hour))],
        )
    of = standing(line)
    assert (of.active, of.expected) == (2, 2)  # day 3; day 4 is not over
    live_until(local(5, 21, 1))
    of = standing(line)
    assert (of.active, of.expected) == (3, 6)  # days 3 to 5


def test_owners_and_their_cost_are_counted_over_lines_that_ended(at, line):
    members = seated(line, 4)
    live_until(local(1, 12, 30))
    packets.claim(SYSTEM, Packet.objects.get().pk, members)
    passing(line, members)
    promoted(line, members[0])
    assert (standing(line).owners, standing(line).fen_per_owner) == (0, None)
    live_until(local(5, 21, 1))
    promoted(line, members[1])
    of = standing(line)
    (f,) = figures.of_lines(SYSTEM, [line], clock.now())
    assert of.owners_per_line == 2
    assert of.fen_per_owner == f.spent_fen // 2 > 0


def from_hangzhou(*members: int) -> None:
    Member.objects.filter(pk__in=members).update(city=city("杭州"))


def mixed(line: Line) -> list[int]:
    """Four seats: the first two people name no city, the others are from Hangzhou."""
    members, comers = seated(line, 2), people(2)
    from_hangzhou(*comers)
    lines.join(SYSTEM, invitation(line), comers)
    return [*members, *comers]


def test_a_tier_counts_its_people(at, line):
    members = seated(line, 2)
    from_hangzhou(members[0])  # after they joined: the seat keeps what it knew
    comers = people(2)
    from_hangzhou(*comers)
    lines.join(SYSTEM, invitation(line), comers)
    passing(line, [members[0], comers[0]])
    said = [(members[0], 3, 10), (comers[0], 3, 12), (comers[0], 4, 9), (line.host_id, 4, 10)]
    for number, (who, day, hour) in enumerate(said):
        live_until(local(day, hour))
        groups.receive(
            SYSTEM, [Incoming("house", f"{number}", group(line, 2), who, "早", local(day, hour))]
        )
    promoted(line, comers[0])
    live_until(local(5, 21, 1))
    tiers = league.by_tier(results(line))
    known, unknown = tiers[city("杭州").tier], tiers[None]
    assert list(tiers) == [city("杭州").tier, None]
    assert (known.passed, known.joined, known.owners) == (1, 2, 1)
    assert (unknown.passed, unknown.joined, unknown.owners) == (1, 2, 0)
    assert (known.active, known.expected) == (2, 3)
    assert (unknown.active, unknown.expected) == (1, 3)
    of = standing(line)
    assert (of.active, of.expected) == (3, 6)  # without the host, who has no seat


def test_the_cost_by_tier_is_that_of_lines_whose_people_come_mostly_from_it(at):
    line, other = open_line(code="HD"), open_line(code="HN")
    ann, *_, ben = mixed(line)
    seated(other, 3)
    live_until(local(1, 12, 30))
    for packet in Packet.objects.all():
        packets.claim(SYSTEM, packet.pk, [ann, ben])
    passing(line, [ann, ben])
    live_until(local(5, 21, 1))
    promoted(line, ann)
    promoted(line, ben)
    tier = city("杭州").tier
    assert results(line)[0].mostly == tier  # two of four: who is known decides
    assert results(other)[0].mostly is None
    tiers = league.by_tier(results(line, other))
    assert [r.line for r in tiers[tier].paid] == [line]
    assert tiers[tier].fen_per_owner == standing(line).fen_per_owner
    assert tiers[None].fen_per_owner is None  # its line made no owner


def complained(line: Line, by: int, decision: str = "settled", message=None) -> Complaint:
    return Complaint.objects.create(
        key=f"{Complaint.objects.count()}",
        group_id=group(line),
        by_id=by,
        message=message,
        about=message.member if message else None,
        cause="other",
        first="region",
        at=clock.now(),
        decision=decision,
        decided_at=clock.now() if decision else None,
    )


def written(line: Line, by: int) -> Message:
    number = f"{Message.objects.count()}"
    return Message.objects.create(
        group_id=group(line),
        member_id=by,
        external_id=number,
        text="快",
        at=clock.now(),
        as_host=False,
    )


def test_complaints_count_once_for_each_thing_about_the_host_that_was_right(at):
    line, other = open_line(code="HD"), open_line(code="HN")
    ann, ben, carl, dora = mixed(line)
    of_host, of_member = written(line, line.host_id), written(line, ben)
    first = complained(line, ann, message=of_host)
    complained(line, carl, message=of_host)
    about_group = complained(line, dora)
    complained(line, ann, "unfounded")
    complained(line, ann, "")
    complained(line, ann, "down", message=of_member)
    of = standing(line, other)
    assert sorted(of.complaints) == [first.pk, about_group.pk]
    assert of.complaints_per_line == 2  # nobody is in the other one
    tiers = league.by_tier(results(line, other))
    assert len(tiers[city("杭州").tier].complaints) == 2  # carl's of the message, dora's
    assert tiers[None].complaints == [first.pk]


def test_the_fewest_complaints_come_first(at):
    table = {"calm": [open_line(), open_line()], "angry": [open_line(), open_line()]}
    table["empty"] = [open_line(), open_line()]
    (ann, *_) = [seated(line, 1)[0] for name in ("angry", "calm") for line in table[name]]
    complained(table["angry"][0], ann)
    ranked = league.ranked({name: standing(*of) for name, of in table.items()}, Measure.COMPLAINTS)
    assert [(place, name) for place, name, _ in ranked] == [
        (1, "calm"),
        (2, "angry"),
        (None, "empty"),
    ]


class TestPlaces:
    """Standings as they are, with the figures put in by hand."""

    @staticmethod
    def of(*rates: tuple[int, int], ended: bool = True) -> Standing:
        line = Line(ended_at=clock.now() if ended else None)
        return Standing(
            [
                league.Result(line, True, {None: (joined, passed)}, Counter(), 0)
                for joined, passed in rates
            ]
        )

    def test_the_best_is_first_and_equals_share_a_place(self, at):
        table = {
            "worst": self.of((10, 1), (10, 1)),
            "best": self.of((10, 9), (10, 9)),
            "one": self.of((10, 5), (10, 5)),
            "other": self.of((20, 10), (2, 1)),
        }
        places = [(place, name) for place, name, _ in league.ranked(table, Measure.PASSING)]
        assert places == [(1, "best"), (2, "one"), (2, "other"), (4, "worst")]

    def test_one_line_has_no_place_however_good(self, at):
        table = {"lucky": self.of((10, 10)), "steady": self.of((10, 3), (10, 3))}
        places = [(place, name) for place, name, _ in league.ranked(table, Measure.PASSING)]
        assert places == [(1, "steady"), (None, "lucky")]

    def test_the_cheapest_owner_is_first_and_none_made_is_no_place(self, at):
        def of(spent, *owners):
            line = Line(ended_at=clock.now())
            return Standing(
                [league.Result(line, True, {}, Counter({None: made}), spent) for made in owners]
            )

        table = {"dear": of(9_00, 1, 1), "none": of(1_00, 0, 0), "cheap": of(3_00, 1, 1)}
        places = [(place, name) for place, name, _ in league.ranked(table, Measure.COST)]
        assert places == [(1, "cheap"), (2, "dear"), (None, "none")]


def test_many_lines_cost_as_many_statements_as_one(at):
    found = [open_line(code="HD")]
    seated(found[0], 3)
    with CaptureQueriesContext(connection) as one:
        results(*found)
    found += [open_line(code="HN"), open_line(code="HB")]
    with CaptureQueriesContext(connection) as many:
        results(*found)
    assert len(many) == len(one)
