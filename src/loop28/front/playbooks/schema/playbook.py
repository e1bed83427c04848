"""A whole playbook: phases, beats and tasks, what earns a level, what it may cost."""

import json
from functools import cached_property
from typing import Literal

from pydantic import ConfigDict, Field

from loop28.front.playbooks.fields import LINK, Fen, Key, Name, Nudge
from loop28.front.playbooks.schema.beats import Beat
from loop28.front.playbooks.schema.part import Part
from loop28.front.playbooks.schema.tasks import Task, next_tasks


class Phase(Part):
    """A stretch of days with a chat group of its own. The first phase is everybody's."""

    key: Key = Field(description="How beats name it.")
    name: Name = Field(description="What people read.")
    days: int = Field(ge=1, le=60, description="Length of the phase in local days.")
    group: Name = Field(description="Name of the chat group this phase lives in.")


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

    @cached_property
    def by_level(self) -> list[Task]:
        """The tasks that open with a level, in the order of the file."""
        return [task for task in self.tasks if task.level is not None]


def json_schema() -> str:
    """The schema for editors, as a JSON file that ends in a line end."""
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(dialect | Playbook.model_json_schema(), ensure_ascii=False, indent=2) + "\n"
