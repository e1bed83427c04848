"""What tasks hear: task beats, people who come into a line's tasks, orders, refunds, merges."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from loop28.front.clubs.facts import GuestCame, GuestLeft, LessonAnswered
from loop28.front.events.facts import EventAttended
from loop28.front.groups import queries as groups
from loop28.front.groups.facts import MessageReceived
from loop28.front.lines import beats as line_beats
from loop28.front.lines import queries as lines
from loop28.front.lines import schedule, seats
from loop28.front.lines.facts import (
    BeatDue,
    HandBeatDone,
    LineResumed,
    MemberJoinedLine,
    OptedIn,
)
from loop28.front.lines.models import Beat
from loop28.front.lines.outcomes import Outcome, outcome
from loop28.front.referrals.facts import (
    FanClaimDecided,
    FanLocked,
    FanLockEnded,
    LinkClicked,
)
from loop28.front.tasks import actions, intake, merging, queries, repeating, rules, standstill
from loop28.front.tasks.rules import Happened
from loop28.kernel import journal
from loop28.kernel.access import SYSTEM
from loop28.kernel.amounts import MILLIONTHS
from loop28.kernel.journal import reacts_to
from loop28.middle.members.facts import MembersMerged
from loop28.middle.orders.facts import OrderPaid, OrderRefunded, OrderWasOwn

FEN = MILLIONTHS // 100
"""A fen in millionths of a yuan."""


@reacts_to(BeatDue)
def open_by_beat(facts: Sequence[BeatDue]) -> None:
    """Task beats open their tasks for everybody who passed the screening."""
    _open(schedule.beats(fact.beat for fact in facts if fact.kind == "tasks"))


@reacts_to(HandBeatDone)
def open_by_host(facts: Sequence[HandBeatDone]) -> None:
    """A task beat that waited for the host opens its tasks in the same way."""
    by_hand = schedule.beats(fact.beat for fact in facts)
    _open([beat for beat in by_hand if beat.kind == "tasks"])


@reacts_to(OptedIn)
def catch_up(facts: Sequence[OptedIn]) -> None:
    """Who opts in after tasks were opened gets them all, each with its whole window from now."""
    _give_all((fact.line, fact.member) for fact in facts)


@reacts_to(MemberJoinedLine)
def come_back(facts: Sequence[MemberJoinedLine]) -> None:
    """Who passed, left and is back gets what was opened meanwhile, and what comes again goes on."""
    _give_all((fact.line, fact.member) for fact in facts)
    by_line = defaultdict(list)
    for fact in facts:
        by_line[fact.line].append(fact.member)
    for line, members in sorted(by_line.items()):
        repeating.go_on(SYSTEM, line, members)


@reacts_to(LineResumed)
def wait_with_the_line(facts: Sequence[LineResumed]) -> None:
    """What was open when a line paused stays open as many days longer as the line was shifted."""
    for fact in facts:
        standstill.extend(SYSTEM, fact.line, fact.paused_at, fact.days)


@reacts_to(OrderPaid)
def count(facts: Sequence[OrderPaid]) -> None:
    """Sales count, such as towards the first order; what a seller bought themselves never does."""
    intake.receive(SYSTEM, [_sale(fact) for fact in facts if not fact.own])


@reacts_to(OrderRefunded)
def take_back(facts: Sequence[OrderRefunded]) -> None:
    """What was refunded does not count, and that undoes what it completed."""
    intake.reverse(SYSTEM, [f"order:{fact.order}" for fact in facts])


@reacts_to(OrderWasOwn)
def count_no_more(facts: Sequence[OrderWasOwn]) -> None:
    """What somebody bought from themselves completes nothing, whoever they seemed to be."""
    intake.reverse(SYSTEM, [f"order:{fact.order}" for fact in facts])


@reacts_to(LinkClicked)
def count_clicks(facts: Sequence[LinkClicked]) -> None:
    """A click counts for its promoter, in the line whose link it is; each person once a link."""
    intake.receive(SYSTEM, [_click(fact) for fact in facts])


@reacts_to(FanLocked)
def count_fans(facts: Sequence[FanLocked]) -> None:
    """A locked fan counts for who locked them."""
    intake.receive(SYSTEM, [_fan(f, f.promoter) for f in facts])


@reacts_to(FanLockEnded)
def lose_fans(facts: Sequence[FanLockEnded]) -> None:
    """A lock that turned out to be none does not count."""
    intake.reverse(SYSTEM, [f"lock:{fact.fan_lock}" for fact in facts])


@reacts_to(FanClaimDecided)
def move_fans(facts: Sequence[FanClaimDecided]) -> None:
    """Whose fan it is after a dispute, for them it counts."""
    moved = [fact for fact in facts if fact.decision == "moved"]
    intake.receive(SYSTEM, [_fan(f, f.member) for f in moved])


@reacts_to(MessageReceived)
def count_messages(facts: Sequence[MessageReceived]) -> None:
    """What was said in a line's groups counts there, for those who have a task that listens."""
    listening = queries.waiting_for(rules.MESSAGE, {fact.member for fact in facts})
    heard = [fact for fact in facts if fact.member in listening]
    if not heard:
        return
    of_group = lines.by_group({fact.group for fact in heard})
    when = {row.pk: row.at for row in groups.texts([fact.message for fact in heard])}
    intake.receive(
        SYSTEM,
        [
            _message(fact, of_group[fact.group], when[fact.message])
            for fact in heard
            if fact.group in of_group
        ],
    )


@reacts_to(GuestCame)
def count_people(facts: Sequence[GuestCame]) -> None:
    """Who comes into a member's own group counts for who built it, each person once."""
    intake.receive(SYSTEM, [_guest(fact) for fact in facts])


@reacts_to(GuestLeft)
def lose_people(facts: Sequence[GuestLeft]) -> None:
    """Who leaves it counts no more, as long as the line goes on: what stood then was built."""
    going = set(
        lines.lines(SYSTEM)
        .filter(id__in={fact.line for fact in facts}, ended_at=None)
        .values_list("id", flat=True)
    )
    intake.reverse(SYSTEM, [_stay(fact) for fact in facts if fact.line in going])


@reacts_to(LessonAnswered)
def count_answers(facts: Sequence[LessonAnswered]) -> None:
    """Who answers the question of a lesson counts for who taught it."""
    intake.receive(SYSTEM, [_answered(fact) for fact in facts])


@reacts_to(EventAttended)
def count_guests(facts: Sequence[EventAttended]) -> None:
    """Who came to an offline event was there."""
    intake.receive(SYSTEM, [_visit(fact) for fact in facts])


@reacts_to(MembersMerged)
def hand_over(facts: Sequence[MembersMerged]) -> None:
    """Tasks of the lost record are the kept one's, who gets what was opened meanwhile, too."""
    for fact in facts:
        merging.hand_over(SYSTEM, fact.member, fact.lost)
        in_lines = queries.lines_of([fact.member])
        _give_all((line, fact.member) for line in in_lines)


def _sale(fact: OrderPaid) -> Happened:
    """Its amount is in yuan, as a playbook writes it."""
    name = f"order:{fact.order}"
    return Happened(name, fact.member, rules.SALE, fact.paid_at, name, fact.fen * FEN)


def _click(fact: LinkClicked) -> Happened:
    return Happened(
        f"click:{fact.click}",
        fact.promoter,
        "link_clicked",
        journal.now(),
        f"fan:{fact.fan}",
        line=fact.line,
        fields={"target": fact.target},
    )


def _fan(fact: FanLocked | FanClaimDecided, promoter: int) -> Happened:
    return Happened(
        f"lock:{fact.fan_lock}",
        promoter,
        "fan_locked",
        journal.now(),
        f"fan:{fact.fan}",
        line=fact.line,
        fields={"target": fact.target},
    )


def _message(fact: MessageReceived, line: int, at: datetime) -> Happened:
    name = f"message:{fact.message}"
    return Happened(name, fact.member, rules.MESSAGE, at, name, line=line)


def _guest(fact: GuestCame) -> Happened:
    who = f"member:{fact.member}"
    return Happened(_stay(fact), fact.owner, rules.JOINED, journal.now(), who, line=fact.line)


def _stay(fact: GuestCame | GuestLeft) -> str:
    return f"guest:{fact.guest}:{fact.stay}"


def _answered(fact: LessonAnswered) -> Happened:
    key, who = f"lesson:{fact.lesson}:{fact.member}", f"member:{fact.member}"
    fields = {"lesson": str(fact.lesson)}
    now = journal.now()
    return Happened(key, fact.owner, rules.ANSWERED, now, who, line=fact.line, fields=fields)


def _visit(fact: EventAttended) -> Happened:
    name = f"event:{fact.event}"
    key = f"{name}:{fact.member}"
    return Happened(key, fact.member, "event_attended", journal.now(), name)


def _open(beats: Sequence[Beat]) -> None:
    by_line: dict[int, list[Beat]] = defaultdict(list)
    for beat in beats:
        by_line[beat.line_id].append(beat)
    opened = schedule.opened_tasks(sorted(by_line))
    outcomes = []
    for line, due in sorted(by_line.items()):
        passed = seats.passed(line)
        new = [key for beat in due for key in beat.payload["tasks"]]
        actions.open_tasks(SYSTEM, line, rules.openings(opened[line], new), passed)
        outcomes += [(beat.pk, _outcome(len(beat.payload["tasks"]), len(passed))) for beat in due]
    line_beats.beats_done(SYSTEM, outcomes)


def _outcome(tasks: int, members: int) -> dict[str, Any]:
    if not members:
        return outcome(Outcome.NOBODY_YET)
    return outcome(Outcome.TASKS_OPENED, tasks=tasks, members=members)


def _give_all(pairs: Iterable[tuple[int, int]]) -> None:
    by_line: dict[int, set[int]] = defaultdict(set)
    for line, member in pairs:
        by_line[line].add(member)
    for line, opened in sorted(schedule.opened_tasks(sorted(by_line)).items()):
        members = by_line[line].intersection(seats.passed(line))
        actions.open_tasks(SYSTEM, line, rules.openings(opened), sorted(members))
