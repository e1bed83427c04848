"""What members are asked to do: tasks, how they count, what they earn."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from loop28.front.playbooks.fields import (
    Amount,
    DayEnd,
    Duration,
    FactField,
    Fen,
    Key,
    Name,
    Text,
    Values,
    Window,
)
from loop28.front.playbooks.schema.part import Part
from loop28.kernel.amounts import MILLIONTHS


class Tier(Part):
    """More for a better result: what the task brings in all, once its count is this far."""

    at_least: Amount = Field(description="The count that reaches it, beyond the task's own bar.")
    money: Fen | None = Field(None, description="Yuan in all, where the reward is money.")
    points: int | None = Field(
        None, ge=1, le=100_000, description="Points in all, where the reward is points."
    )


class Reward(Part):
    """At most one thing of value and any honours, granted when the task is done."""

    money: Fen | None = Field(None, description="Yuan, out of the line's budget.")
    points: int | None = Field(None, ge=1, le=100_000, description="Points.")
    coupon: Name | None = Field(None, description="What a coupon is for; it has a code to show.")
    badge: Name | None = Field(None, description="The name of a badge.")
    course: Name | None = Field(None, description="The name of a course that opens.")
    tiers: list[Tier] = Field(
        default_factory=list, max_length=5, description="More for a better result, ascending."
    )
    first: int | None = Field(
        None,
        ge=1,
        le=10_000,
        description="Only so many, the first of the line, get what is of "
        "value; honours are for everybody.",
    )
    most: Fen | None = Field(None, description="The most yuan the task pays in a line.")
    budget: Key | None = Field(None, description="The part of the budget its money comes from.")

    @property
    def money_at_most(self) -> int:
        """Fen for the best result."""
        return max([self.money or 0, *(tier.money or 0 for tier in self.tiers)])

    @property
    def is_of_value(self) -> bool:
        return bool(self.money or self.points or self.coupon)


class Question(Part):
    """One question of a quiz."""

    ask: Text = Field(description="The question.")
    options: list[Name] = Field(min_length=2, max_length=6, description="What can be chosen.")
    answer: int = Field(ge=1, description="Number of the right option, counted from 1.")


TaskKind = Literal[
    "checkin",
    "quiz",
    "tick",
    "first_order",
    "name_shop",
    "lock_fans",
    "post_moment",
    "build_group",
    "teach_lesson",
    "link_clicks",
    "measured",
]


TICKED: frozenset[str] = frozenset(
    {"tick", "name_shop", "post_moment", "build_group", "teach_lesson"}
)
"""Kinds that a person may see: the host, or who reviews a picture of it. Groups built and lessons
taught count by themselves in the house chat; elsewhere a picture proves them.
"""


WHOLE = frozenset({"number", "distinct", "streak"})
"""Ways to count that come to whole numbers; the others come to amounts."""


class Measure(Part):
    """What moves a task of kind measured, and how it counts."""

    fact: str = Field(
        pattern=r"^[a-z][a-z0-9_]{0,39}$",
        description="The kind of fact: order_paid, fan_locked, link_clicked, message, "
        "group_joined, lesson_answered, event_attended, checkin (while a check-in task is open), "
        "or a kind of your own that a machine sends.",
    )
    count: Literal["number", "distinct", "sum", "largest", "streak"] = Field(
        "number",
        description="number: how many facts; distinct: how many different subjects; sum: their "
        "amounts together; largest: the largest single amount; streak: the most days of the region "
        "in a row on which one happened.",
    )
    at_least: Amount | None = Field(None, description="The count that completes the task.")
    more_than: Amount | None = Field(None, description="Instead: the count that is not enough.")
    where: dict[FactField, Values] = Field(
        default_factory=dict,
        max_length=10,
        description="Fields the fact must have, each with its value or a list of values.",
    )

    @property
    def bar(self) -> int:
        """The least progress that completes the task: a whole number, millionths of an amount.

        More than a bar is at least the next number: both are whole, so that one test does.
        """
        unit = MILLIONTHS if self.count in WHOLE else 1
        if self.at_least is not None:
            return self.at_least // unit
        return (self.more_than or 0) // unit + 1


class Repeat(Part):
    """A task that comes again by itself, each time an assignment of its own."""

    per: Literal["day", "week"] = Field(
        description="It opens again with each day of the region, or with every seventh."
    )
    at_most: int = Field(ge=2, le=60, description="How often in all, the first time included.")

    @property
    def every(self) -> timedelta:
        """From one opening to the next."""
        return timedelta(days=1 if self.per == "day" else 7)


class Task(Part):
    """Something a member does, in its own time window."""

    key: Key = Field(description="How beats of kind tasks name it.")
    name: Name = Field(description="What members read.")
    kind: TaskKind = Field(description="What is done, and with it how it is proved.")
    how: Text = Field(description="What to do, in words a newcomer follows.")
    effort: Duration | Literal["10s", "30s"] = Field(description="How long it takes a newcomer.")
    target: int = Field(
        1,
        ge=1,
        le=10_000,
        description="Fans, clicks, people in a group of one's own, people who answered the "
        "question of a lesson taught there: how many.",
    )
    measure: Measure | None = Field(None, description="What counts, for kind measured alone.")
    makeups: int = Field(
        0,
        ge=0,
        le=30,
        description="For a streak: so many make-up cards, each of which fills one day that was "
        "missed. They cost nothing and are not for sale.",
    )
    window: Window = Field(
        description="Time to do it, from its opening; the deadline counts. «day 1» ends with the "
        "day it opens, «day 3» two days later."
    )
    after: Key | None = Field(
        None,
        description="Opens by finishing this task, at that instant, for who finished it; no beat "
        "opens it then.",
    )
    level: Literal["owner", "supervisor"] | None = Field(
        None,
        description="Opens with this level, at the instant in which somebody reaches it, once; for "
        "who has it, with their first task of the line. Nothing else opens it then.",
    )
    repeat: Repeat | None = Field(None, description="Opens again by itself, so often.")
    reward: Reward = Field(Reward(), description="What doing it earns.")
    quiz: list[Question] = Field(
        default_factory=list, max_length=20, description="The questions, for kind quiz alone."
    )
    proof: Literal["photo"] | None = Field(
        None,
        description="photo: the member sends a picture that the review desk looks at. For the "
        "kinds that a host would tick.",
    )
    recheck: int = Field(
        0,
        ge=0,
        le=100,
        description="So many percent of the approved pictures are looked at once more by somebody "
        "else; until then rewards are held.",
    )

    @property
    def streak(self) -> int:
        """How many days in a row complete it; 0 for what is counted in another way."""
        measure = self.measure
        return measure.bar if measure is not None and measure.count == "streak" else 0

    @property
    def takes(self) -> timedelta:
        """The effort as a duration."""
        if isinstance(self.effort, timedelta):
            return self.effort
        return timedelta(seconds=int(self.effort.removesuffix("s")))

    def ends(self, start: timedelta) -> timedelta:
        """Where its window ends, opened at ``start``; both count from the line's first midnight."""
        if isinstance(self.window, DayEnd):
            return timedelta(days=start.days + self.window.days)
        return start + self.window

    def opens_last(self, start: timedelta) -> timedelta:
        """Where it opens for the last time, first opened at ``start``; both as in `ends`."""
        if self.repeat is None:
            return start
        return timedelta(days=start.days) + self.repeat.every * (self.repeat.at_most - 1)

    def opens_again(self, opened_at: datetime, zone: ZoneInfo) -> datetime | None:
        """When who got it at ``opened_at`` gets it again, if often enough; with its local day."""
        if self.repeat is None:
            return None
        day = opened_at.astimezone(zone).date() + self.repeat.every
        return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)

    def closes(self, opened_at: datetime, zone: ZoneInfo) -> datetime:
        """The last instant that counts for who got it at ``opened_at``."""
        if not isinstance(self.window, DayEnd):
            return opened_at + self.window
        after = opened_at.astimezone(zone).date() + timedelta(days=self.window.days)
        midnight = datetime.combine(after, time.min, tzinfo=zone)
        return midnight.astimezone(UTC) - timedelta(microseconds=1)


def next_tasks(tasks: Iterable[Task]) -> dict[str, list[str]]:
    """By task, those of these that open when it is done; what opens nothing is left out."""
    found: dict[str, list[str]] = {}
    for task in tasks:
        if task.after is not None:
            found.setdefault(task.after, []).append(task.key)
    return found
