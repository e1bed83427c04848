"""What a playbook may say: schema 1 of the YAML file.

The JSON Schema for editors is generated from these classes (`Playbook.model_json_schema()`), so the
descriptions below are the reference a playbook author reads. Only the form of one field at a time
is decided here; what must hold between fields is in `rules.check`.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from loop28.front.playbooks.fields import (
    LINK,
    Amount,
    DayEnd,
    Duration,
    Fen,
    Key,
    LocalTime,
    Name,
    Nudge,
    Text,
    Values,
    Window,
)


class Part(BaseModel):
    """Every part of a playbook: unknown fields are mistakes, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Phase(Part):
    """A stretch of days with a chat group of its own. The first phase is everybody's."""

    key: Key = Field(description="How beats name it.")
    name: Name = Field(description="What people read.")
    days: int = Field(ge=1, le=60, description="Length of the phase in local days.")
    group: Name = Field(description="Name of the chat group this phase lives in.")


class BeatBase(Part):
    key: Key = Field(description="Its name in the calendar, one for each beat.")
    day: int = Field(ge=1, le=100, description="Day of the line; the start day is 1.")
    at: LocalTime = Field(description="Local time of the region, always in quotes.")
    by: Literal["auto", "host"] = Field(
        "auto", description="auto: sent by itself; host: a card the host sends by hand."
    )
    late: Literal["always", "skip"] | Duration = Field(
        "always",
        description="When downtime made it late: do it all the same, skip it and say so, "
        "or do it within this long.",
    )


class Post(BeatBase):
    """A message to the group."""

    kind: Literal["post"]
    text: Text = Field(description="The message, as it is sent.")


class Guest(Part):
    """Who speaks."""

    name: Name = Field(description="The guest's name.")
    title: Name = Field(description="What makes the guest worth hearing.")


class Reply(Part):
    """A reply the host has ready."""

    answer: Text = Field(description="A likely answer from the group.")
    reply: Text = Field(description="What the host says to it.")


class Talk(BeatBase):
    """A guest speaks in several messages, then asks the group a question."""

    kind: Literal["talk"]
    topic: Name = Field(description="What the talk is about.")
    guest: Guest = Field(description="Who speaks.")
    material: str = Field("", max_length=300, description="Courseware or link shown with the talk.")
    every: Duration = Field(description="Pause between two messages.")
    messages: list[Annotated[str, Field(min_length=60, max_length=200)]] = Field(
        min_length=6, max_length=40, description="The talk, a message each."
    )
    question: Text = Field(description="Asked to the group after the last message.")
    replies: list[Reply] = Field(
        min_length=3, max_length=12, description="Ready replies to the likeliest answers."
    )


class Packet(BeatBase):
    """A red packet: a fixed sum in shares, one for each member who opens it."""

    kind: Literal["packet"]
    title: Name = Field(description="What stands on the packet.")
    total: Fen = Field(description="Published fixed total in yuan, as text.")
    shares: int = Field(ge=1, le=500, description="How many members can open it.")
    split: Literal["random", "equal"] = Field(
        "random", description="random: shares of different size with the same mean; equal: alike."
    )
    expires: Duration = Field(description="What is unclaimed then goes back to the budget.")


class Call(BeatBase):
    """The screening: whoever answers 1 in time enters the next phase."""

    kind: Literal["call"]
    text: Text = Field(description="The call, as it is sent and pinned.")
    window: Duration = Field(description="How long an opt-in counts, its last instant included.")
    opens: Key = Field(description="The phase whose group those who opt in enter.")


class OpenTasks(BeatBase):
    """Opens tasks for everybody who has opted in."""

    kind: Literal["tasks"]
    tasks: list[Key] = Field(min_length=1, max_length=40, description="The keys of the tasks.")
    text: str = Field("", max_length=1000, description="Said in the group when the tasks open.")


class Close(BeatBase):
    """The end of a phase, on its last day, after everything else."""

    kind: Literal["close"]
    phase: Key = Field(description="The phase that ends; closing the last one is graduation.")
    text: str = Field("", max_length=1000, description="Said in the group when the phase ends.")


Beat = Annotated[Post | Talk | Packet | Call | OpenTasks | Close, Field(discriminator="kind")]


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


class Measure(Part):
    """What moves a task of kind measured, and how it counts."""

    fact: str = Field(
        pattern=r"^[a-z][a-z0-9_]{0,39}$",
        description="The kind of fact: order_paid, fan_locked, link_clicked, message, "
        "group_joined, lesson_answered, event_attended, checkin (while a check-in task is open), "
        "or a kind of your own that a machine sends.",
    )
    count: Literal["number", "distinct", "sum", "largest"] = Field(
        "number",
        description="number: how many facts; distinct: how many different subjects; sum: their "
        "amounts together; largest: the largest single amount.",
    )
    at_least: Amount | None = Field(None, description="The count that completes the task.")
    more_than: Amount | None = Field(None, description="Instead: the count that is not enough.")
    where: dict[str, Values] = Field(
        default_factory=dict,
        max_length=10,
        description="Fields the fact must have, each with its value or a list of values.",
    )


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
    window: Window = Field(
        description="Time to do it, from its opening; the deadline counts. «day 1» ends with the "
        "day it opens, «day 3» two days later."
    )
    after: Key | None = Field(
        None,
        description="Opens by finishing this task, at that instant, for who finished it; no beat "
        "opens it then.",
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


class Threshold(Part):
    """Verified behaviour that earns a level. There is no field for spending or for recruits."""

    tasks: int = Field(ge=0, description="Tasks done in this line.")
    orders: int = Field(ge=0, description="Orders sold to others, paid and not refunded.")
    lessons: int | None = Field(
        None, ge=1, description="Of these tasks, lessons taught: of kind teach_lesson."
    )
    complaints_max: int | None = Field(
        None,
        ge=0,
        le=100,
        description="More complaints about them found right since the line began bar the level. "
        "Without it they do not count.",
    )
    refunded_percent_max: int | None = Field(
        None,
        ge=0,
        le=99,
        description="If a larger share of the orders they sold was refunded, the level is barred. "
        "Without it the refunded ones are left out, and that is all.",
    )


class Promotion(Part):
    """What earns a level, as soon as it is reached."""

    owner: Threshold = Field(description="Granted by the rule.")
    supervisor: Threshold = Field(description="Proposed by the rule, decided by a person.")


class BudgetPart(Part):
    """A part of the budget that rewards name: they are paid from it and no further."""

    key: Key = Field(description="How rewards name it.")
    most: Fen = Field(description="What it holds, in yuan.")


class Caps(Part):
    """The most that rewards pay in yuan. What is over a cap is not paid, and says why."""

    day: Fen | None = Field(None, description="To one member on one day of the region.")
    member: Fen | None = Field(None, description="To one member in the line.")
    line: Fen | None = Field(None, description="All rewards of the line together.")


class HotProduct(Part):
    """The one product that everybody pushes at the end."""

    name: Name = Field(description="What people read.")
    price: Fen = Field(description="Its price in yuan, below the market price.")
    market_price: Fen = Field(description="What the same thing costs elsewhere, in yuan.")
    link: str = Field(pattern=LINK, description="Where it is sold.")


class Playbook(Part):
    """A programme: phases, beats, tasks, promotion and what it may cost."""

    model_config = ConfigDict(title="Loop28 playbook, schema 1")

    loop28: Literal[1] = Field(description="Version of this schema.")
    key: Key = Field(description="Names the programme; its published versions are numbered.")
    name: Name = Field(description="What operators read.")
    language: Literal["zh-hans", "en"] = Field(
        "zh-hans", description="The language its texts are written in."
    )
    profile: Literal["own", "wechat"] = Field(
        description="Policy profile: where the line runs decides what may be rewarded."
    )
    size: int = Field(ge=2, le=500, description="People a line of this programme is planned for.")
    budget: Fen = Field(description="Budget of one line in yuan, as text.")
    budgets: list[BudgetPart] = Field(
        default_factory=list, max_length=20, description="Parts of it that rewards are paid from."
    )
    caps: Caps = Field(Caps(), description="The most that rewards pay.")
    hot_product: HotProduct = Field(description="What everybody pushes in the last days.")
    phases: list[Phase] = Field(
        min_length=1, max_length=6, description="One after the other; their days add up."
    )
    beats: list[Beat] = Field(
        min_length=1, max_length=1000, description="Everything that happens at a time."
    )
    tasks: list[Task] = Field(max_length=200, description="Everything members are asked to do.")
    promotion: Promotion = Field(description="What earns a level, as soon as it is reached.")
    nudge: Nudge | None = Field(
        None,
        description="What somebody reads, once, who has not done a task for two days; after it "
        "the task that waits is named. Without it they read words of our own.",
    )

    @property
    def days(self) -> int:
        return sum(phase.days for phase in self.phases)

    @cached_property
    def next_tasks(self) -> dict[str, list[str]]:
        """By task, what opens when it is done, in the order of the file."""
        return next_tasks(self.tasks)


def next_tasks(tasks: Iterable[Task]) -> dict[str, list[str]]:
    """By task, those of these that open when it is done; what opens nothing is left out."""
    found: dict[str, list[str]] = {}
    for task in tasks:
        if task.after is not None:
            found.setdefault(task.after, []).append(task.key)
    return found


def json_schema() -> str:
    """The schema for editors, as a JSON file that ends in a line end."""
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(dialect | Playbook.model_json_schema(), ensure_ascii=False, indent=2) + "\n"
