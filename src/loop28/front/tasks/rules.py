"""When a task is open, done or missed; what counts towards it; what it earns. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from loop28.back.compliance.rules import REFUND_DAYS
from loop28.front.playbooks.schema import Task

CHECKIN = "checkin"
QUIZ = "quiz"
FIRST_ORDER = "first_order"

BY_ITSELF = frozenset({CHECKIN, QUIZ, FIRST_ORDER})

STUCK_AFTER = timedelta(days=2)
"""A guess: long enough for a busy day, short enough that the host's message still helps."""


class Stand(StrEnum):
    """Where an assignment stands."""

    OPEN = "open"
    DONE = "done"
    MISSED = "missed"


class Opening(NamedTuple):
    """A task that is to be given to members, for the ``nth`` time."""

    task: str
    nth: int = 1


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


def by_hand(kind: str) -> bool:
    """Whether a person ticks this kind; the product sees the others by itself."""
    return kind not in BY_ITSELF


def in_window(opened_at: datetime, closes_at: datetime, moment: datetime) -> bool:
    """Whether what happened at ``moment`` counts; both ends of the window do."""
    return opened_at <= moment <= closes_at


def stand(closes_at: datetime, done_at: datetime | None, now: datetime) -> Stand:
    """Open up to and including the deadline, missed after it, unless done."""
    if done_at is not None:
        return Stand.DONE
    return Stand.OPEN if now <= closes_at else Stand.MISSED


def openings(opened: Iterable[str], only: Collection[str] | None = None) -> list[Opening]:
    """Number the tasks a line opened so far, in order; a task opened again is its next ``nth``.

    With ``only``, the tasks named by the newest beats, just those openings: as many of each task as
    it is named, the last ones.
    """
    numbered: list[Opening] = []
    count: Counter[str] = Counter()
    for task in opened:
        count[task] += 1
        numbered.append(Opening(task, count[task]))
    if only is None:
        return numbered
    new = Counter(only)
    return [o for o in numbered if o.nth > count[o.task] - new[o.task]]


def wrong(right: Sequence[int], given: Sequence[int]) -> list[int]:
    """The numbers, from 1, of the questions that were not answered, or not answered right."""
    padded = [*given, *[0] * len(right)]
    return [n for n, (a, b) in enumerate(zip(right, padded, strict=False), start=1) if a != b]


def crossing(subjects: Sequence[str], target: int) -> str | None:
    """The subject that reached the target, in the order they were counted; None before it."""
    return subjects[target - 1] if len(subjects) >= target else None


def taken_back(subjects: Sequence[str], gone: Collection[str], target: int) -> bool:
    """Whether what carried a completion is gone: one of the first ``target`` that were counted.

    What came after the crossing carried nothing, so its going takes nothing back.
    """
    return any(subject in gone for subject in subjects[:target])


def final(done_at: datetime, now: datetime) -> bool:
    """Whether a completion by an order stands for good: its reward's hold is over."""
    return now >= done_at + timedelta(days=REFUND_DAYS)


def hold_days(kind: str) -> int:
    """How long the rewards of a task are held: a sale can be refunded, a check-in cannot."""
    return REFUND_DAYS if kind == FIRST_ORDER else 0


def rewards(task: Task) -> list[Earned]:
    """What a task earns, in a fixed order."""
    earned = [
        Earned("money", task.reward.money or 0, task.name),
        Earned("points", task.reward.points or 0, task.name),
    ]
    named = [
        Earned("badge", 0, task.reward.badge or ""),
        Earned("course", 0, task.reward.course or ""),
    ]
    return [e for e in earned if e.amount] + [e for e in named if e.title]


def reference(assignment: int, kind: str, taken_back: int) -> str:
    """The reward's reference: one for each assignment, kind and round, ``task:81:money``."""
    stem = f"task:{assignment}:{kind}"
    return f"{stem}:{taken_back + 1}" if taken_back else stem


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
