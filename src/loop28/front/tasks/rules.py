"""When a task is open, done or missed; what counts towards it; what it earns. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from loop28.back.compliance.rules import RECHECK_DAYS, REFUND_DAYS
from loop28.front.playbooks.schema import TICKED, Measure, Task
from loop28.kernel.amounts import MILLIONTHS

CHECKIN = "checkin"
QUIZ = "quiz"
FIRST_ORDER = "first_order"
MEASURED = "measured"

SALE = "order_paid"
"""The fact that a member sold something to somebody else."""

JOINED = "group_joined"
"""The fact that somebody came into the group a member opened of their own."""

ANSWERED = "lesson_answered"
"""The fact that somebody answered the question of a lesson a member taught there."""

MOVED_BY = {
    FIRST_ORDER: SALE,
    "lock_fans": "fan_locked",
    "link_clicks": "link_clicked",
    "build_group": JOINED,
    "teach_lesson": ANSWERED,
}
"""Kinds of tasks that count the different subjects of one kind of fact."""

MESSAGE = "message"
"""The fact that a member wrote in one of their line's groups."""

OURS = frozenset({*MOVED_BY.values(), CHECKIN, MESSAGE, "event_attended"})
"""Kinds of facts that the product sees itself; what a machine tells has kinds of its own."""

DISTINCT, SUM, LARGEST, STREAK = "distinct", "sum", "largest", "streak"
AMOUNTS = frozenset({SUM, LARGEST})
"""Ways to count in which a fact's amount matters."""

BY_SUBJECT = frozenset({DISTINCT, STREAK})
"""Ways to count in which each subject, or day, counts once."""

MOST = 2**63 - 1
"""Progress stops here, where the database's whole numbers end."""

STUCK_AFTER = timedelta(days=2)
"""A guess: long enough for a busy day, short enough that the host's message still helps."""


class Stand(StrEnum):
    """Where an assignment stands."""

    OPEN = "open"
    DONE = "done"
    IN_REVIEW = "in-review"
    MISSED = "missed"


AFTER = "after:"
HAND = "hand:"
AGAIN = "again:"
LEVEL = "level:"
"""Openings: by finishing another task, by a person, again, with a level; beats have numbers
(`Opening.by`)."""


class Opening(NamedTuple):
    """A task that is to be given to members; ``by`` names what gives it, once."""

    task: str
    by: str = "beat:1"


class Happened(NamedTuple):
    """A fact that may move tasks; ``amount`` is in millionths and never below 0.

    ``key`` names it for ever. With ``line`` it counts in that line alone. ``fields`` are what a
    task's measure may ask of it.
    """

    key: str
    member_id: int
    kind: str
    at: datetime
    subject: str = ""
    amount: int = 0
    line: int | None = None
    fields: Mapping[str, str] | None = None

    @property
    def what(self) -> str:
        """What is counted where different subjects are: itself, when it is about nothing."""
        return self.subject or self.key


@dataclass(slots=True)
class Assigned:
    """An assignment as facts move it: what counts, finishes and follows asks of its row.

    Facts come by the thousand, and as a model's instance, with its window's times, each row would
    take five to eight times as long to read. What is in its window the database says.
    """

    pk: int
    line_id: int
    member_id: int
    task: str
    opening: str
    fact: str
    mode: str
    bar: int
    progress: int
    counted_to: datetime | None
    done_at: datetime | None
    evidence: str
    taken_back: int


class Counting(NamedTuple):
    """The kind of fact that moves a task, the way it counts, and the progress that is enough."""

    fact: str
    mode: str
    bar: int


class Earned(NamedTuple):
    """One reward of a task: ``amount`` in fen or points, 0 for what is only named."""

    kind: str
    amount: int
    title: str


@dataclass(frozen=True, slots=True)
class Window:
    """An assignment's times, for the rule that finds who needs a hand."""

    opened_at: datetime
    closes_at: datetime
    done_at: datetime | None


def by_hand(kind: str, fact: str) -> bool:
    """Whether a person sees that an assignment of this kind is done; others count by themselves.

    One that was given before its kind was counted has no fact, and stays with the person.
    """
    return kind in TICKED and not fact


def stand(
    closes_at: datetime, done_at: datetime | None, now: datetime, *, in_review: bool = False
) -> Stand:
    """Open up to and including the deadline, missed after it; unless done, or a picture waits."""
    if done_at is not None:
        return Stand.DONE
    if in_review:
        return Stand.IN_REVIEW
    return Stand.OPEN if now <= closes_at else Stand.MISSED


def openings(opened: Iterable[str], only: Collection[str] | None = None) -> list[Opening]:
    """Number the tasks a line opened so far, in order; a task opened again is its next beat.

    With ``only``, the tasks named by the newest beats, just those openings: as many of each task as
    it is named, the last ones.
    """
    numbered: list[tuple[str, int]] = []
    count: Counter[str] = Counter()
    for task in opened:
        count[task] += 1
        numbered.append((task, count[task]))
    new = count if only is None else Counter(only)
    return [Opening(task, f"beat:{nth}") for task, nth in numbered if nth > count[task] - new[task]]


def wrong(right: Sequence[int], given: Sequence[int]) -> list[int]:
    """The numbers, from 1, of the questions that were not answered, or not answered right."""
    padded = [*given, *[0] * len(right)]
    return [n for n, (a, b) in enumerate(zip(right, padded, strict=False), start=1) if a != b]


def counting(task: Task) -> Counting:
    """What moves a task and when it is done; what nothing moves is done at once, by proof."""
    if task.measure is not None:
        return Counting(task.measure.fact, task.measure.count, task.measure.bar)
    if task.kind in MOVED_BY and task.proof is None:
        return Counting(MOVED_BY[task.kind], DISTINCT, task.target)
    if task.kind == CHECKIN:
        return Counting("", DISTINCT, task.target)
    return Counting("", "", task.target)


def fits(measure: Measure | None, fields: Mapping[str, str] | None) -> bool:
    """Whether a fact has all fields a task asks for, each with one of the values."""
    asked = measure.where if measure else {}
    return all((fields or {}).get(name) in values for name, values in asked.items())


def moved(mode: str, progress: int, amount: int) -> int:
    """The progress after one more fact with this amount, or after one more subject.

    Of a day that is new to a streak the amount is the length of the run it stands in.
    """
    if mode in {LARGEST, STREAK}:
        return max(progress, amount)
    return min(progress + (amount if mode == SUM else 1), MOST)


def shown(mode: str, progress: int) -> int:
    """Progress, or a bar, as people read it: whole units of an amount, rounded down."""
    return progress // MILLIONTHS if mode in AMOUNTS else progress


def crossing(mode: str, bar: int, facts: Iterable[Happened]) -> Happened | None:
    """The fact with which these, each told as it happens, reach the bar; None when they do not.

    What happened in one instant is told in the order of ``facts``.
    """
    progress, seen = 0, set[str]()
    for fact in sorted(facts, key=attrgetter("at")):
        if mode not in BY_SUBJECT or fact.what not in seen:
            seen.add(fact.what)
            amount = run(seen, fact.what) if mode == STREAK else fact.amount
            progress = moved(mode, progress, amount)
        if progress >= bar:
            return fact
    return None


def by_day(fact: Happened, zone: ZoneInfo) -> Happened:
    """A fact as a streak counts it: what it is about is the day of the region it happened on."""
    return fact._replace(subject=fact.at.astimezone(zone).date().isoformat())


def run(days: Collection[str], day: str) -> int:
    """How many of these days, ``day`` among them, stand in a row with it."""
    middle = date.fromisoformat(day)
    length = 1
    for step in (timedelta(days=-1), timedelta(days=1)):
        near = middle + step
        while near.isoformat() in days:
            near, length = near + step, length + 1
    return length


def missed(
    opened_at: datetime,
    closes_at: datetime,
    counted: Collection[str],
    now: datetime,
    zone: ZoneInfo,
) -> list[date]:
    """The days of a streak's window that are over and did not count, while the window is open."""
    if now > closes_at:
        return []
    first, today = opened_at.astimezone(zone).date(), now.astimezone(zone).date()
    days = [first + timedelta(days=number) for number in range((today - first).days)]
    return [day for day in days if day.isoformat() not in counted]


def opened_after(opening: str) -> str:
    """What an assignment with this opening opens when it is done: ``after:beat:1``.

    A chain keeps the name of what opened its first task, so that each opening of that one has a
    chain of its own.
    """
    return AFTER + opening.removeprefix(AFTER)


def turn(opening: str) -> int:
    """The how manieth time a task that comes again is there with this opening, from 1."""
    return int(opening.split(":")[1]) if opening.startswith(AGAIN) else 1


def opened_again(opening: str) -> str:
    """The opening of the next turn: ``again:2:beat:1`` is the second of what a beat opened."""
    root = opening.split(":", 2)[2] if opening.startswith(AGAIN) else opening
    return f"{AGAIN}{turn(opening) + 1}:{root}"


def again_at(task: Task, opening: str, opened_at: datetime, zone: ZoneInfo) -> datetime | None:
    """When the next turn of an assignment opens; None after the last."""
    if task.repeat is None or turn(opening) >= task.repeat.at_most:
        return None
    return task.opens_again(opened_at, zone)


def hold_days(fact: str, task: Task) -> int:
    """How long the rewards of a task are held: while what was sold can be refunded, or its picture
    be looked at once more.
    """
    if fact == SALE:
        return REFUND_DAYS
    return RECHECK_DAYS if task.recheck else 0


def tiers(task: Task) -> list[tuple[int, Earned]]:
    """The further tiers of a task: from which progress on, and how much more each one earns."""
    unit = 1 if counting(task).mode in AMOUNTS else MILLIONTHS
    kind = "money" if task.reward.money else "points"
    so_far = getattr(task.reward, kind) or 0
    found = []
    for tier in task.reward.tiers:
        in_all = getattr(tier, kind) or 0
        found.append((tier.at_least // unit, Earned(kind, in_all - so_far, task.name)))
        so_far = in_all
    return found


def tier(task: Task, progress: int) -> int:
    """The highest tier that this progress reaches; 0 for none."""
    return sum(bar <= progress for bar, _more in tiers(task)) if task.reward.tiers else 0


def rewards(task: Task) -> list[Earned]:
    """What a task earns when it is done, in a fixed order."""
    earned = [
        Earned("money", task.reward.money or 0, task.name),
        Earned("points", task.reward.points or 0, task.name),
    ]
    named = [
        Earned("coupon", 0, task.reward.coupon or ""),
        Earned("badge", 0, task.reward.badge or ""),
        Earned("course", 0, task.reward.course or ""),
    ]
    return [e for e in earned if e.amount] + [e for e in named if e.title]


def reference(assignment: int, kind: str, taken_back: int, tier: int = 0) -> str:
    """The reward's reference: one for each assignment, kind, tier and round, ``task:81:money``."""
    stem = f"task:{assignment}:{kind}" + (f":tier{tier}" if tier else "")
    return f"{stem}:{taken_back + 1}" if taken_back else stem


def places(counts: Mapping[int, int]) -> list[tuple[int, int, int]]:
    """(place, who, how many), the most first; equal counts share a place, as in sports."""
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    found: list[tuple[int, int, int]] = []
    for number, (who, count) in enumerate(ranked, start=1):
        tied = found and found[-1][2] == count
        found.append((found[-1][0] if tied else number, who, count))
    return found


def assignment_of(reference: str) -> int:
    """The assignment a reward's reference names; 0 for a reward of another origin."""
    origin, _, rest = reference.partition(":")
    number = rest.partition(":")[0]
    return int(number) if origin == "task" and number.isdigit() else 0


def waiting_since(windows: Collection[Window]) -> datetime | None:
    """Since when a member has let tasks lie; None when nothing is left undone since the last one.

    Counted from their last completion, or from the opening of the first task they left undone.
    """
    last = max((w.done_at for w in windows if w.done_at), default=None)
    left = [w for w in windows if w.done_at is None and (last is None or w.closes_at > last)]
    if not left:
        return None
    first = min(w.opened_at for w in left)
    return first if last is None else max(first, last)


def is_stuck(windows: Collection[Window], now: datetime) -> bool:
    """Whether a member needs a hand: tasks lie undone, and nothing was done for `STUCK_AFTER`."""
    since = waiting_since(windows)
    return since is not None and now - since >= STUCK_AFTER
