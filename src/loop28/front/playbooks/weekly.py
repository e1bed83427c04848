"""What a weekly playbook may say: the rhythm of a standing group, schema 1 of its YAML file.

It has no end, no money and no tasks: a cycle of weeks in which posts, questions and talks return.
"""

import json
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from loop28.front.playbooks.fields import Key, Name, Text
from loop28.front.playbooks.schema import BeatBase, Part, Post, Talk

Weekday = Annotated[int, Field(ge=1, le=7, description="Day of the week; 1 is Monday.")]
Week = Annotated[
    int | None,
    Field(ge=1, le=12, description="The week of the cycle it belongs to; left out: every week."),
]


class WeeklyPost(Post):
    """A message to the group, once a week."""

    day: Weekday
    week: Week = None


class WeeklyTalk(Talk):
    """A guest speaks in several messages, then asks the group a question."""

    day: Weekday
    week: Week = None


class WeeklyQuestion(BeatBase):
    """Something everybody can answer."""

    kind: Literal["question"]
    day: Weekday
    week: Week = None
    text: Text = Field(description="The question, as it is sent.")


WeeklyBeat = Annotated[WeeklyPost | WeeklyQuestion | WeeklyTalk, Field(discriminator="kind")]


class Weekly(Part):
    """The rhythm of a standing group: what returns every week, or every few."""

    model_config = ConfigDict(title="Loop28 weekly playbook, schema 1")

    weekly: Literal[1] = Field(description="Version of this schema.")
    key: Key = Field(description="Names the rhythm; its published versions are numbered.")
    name: Name = Field(description="What operators read.")
    language: Literal["zh-hans", "en"] = Field(
        "zh-hans", description="The language its texts are written in."
    )
    weeks: int = Field(1, ge=1, le=12, description="Weeks after which it begins again.")
    beats: list[WeeklyBeat] = Field(
        min_length=1, max_length=500, description="Everything that happens at a time of the week."
    )


def is_weekly(data: object) -> bool:
    """Whether what a file says is meant as a weekly playbook."""
    return isinstance(data, dict) and "weekly" in data


def json_schema() -> str:
    """The schema for editors, as a JSON file that ends in a line end."""
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(dialect | Weekly.model_json_schema(), ensure_ascii=False, indent=2) + "\n"
