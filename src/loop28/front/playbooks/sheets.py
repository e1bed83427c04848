"""A sheet: the tasks of a programme alone, without the days around them."""

import json
from typing import Any, Literal

from pydantic import ConfigDict, Field, ValidationError

from loop28.front.playbooks import form, wording
from loop28.front.playbooks.checks import tasks as checks
from loop28.front.playbooks.fields import Key, Name
from loop28.front.playbooks.form import Draft
from loop28.front.playbooks.mistakes import Mistake
from loop28.front.playbooks.reading import Document, read
from loop28.front.playbooks.refusals import PlaybookHasMistakes
from loop28.front.playbooks.schema import BudgetPart, Caps, Part, Playbook, Task

CHECKS = (
    checks.tasks_come_after_others,
    checks.levels_open_alone,
    checks.what_repeats_opens_by_beats,
    checks.only_a_quiz_has_questions,
    checks.only_what_is_measured_has_a_measure,
    checks.a_measure_has_one_bar,
    checks.answers_are_options,
    checks.targets_fit_their_kind,
    checks.streaks_have_cards,
)

DEAR = "10000000.00"
"""What was sold a sheet does not say: no reward is too large a share of it."""


class Sheet(Part):
    """What a replay needs of a playbook; whatever else stands in the file is left alone."""

    model_config = ConfigDict(extra="ignore")

    loop28: Literal[1] = Field(description="Version of the schema.")
    key: Key = Field(description="Names the programme.")
    name: Name = Field(description="What people read.")
    tasks: list[Task] = Field(min_length=1, max_length=200, description="What is counted.")
    caps: Caps = Field(Caps(), description="The most that rewards pay.")
    budgets: list[BudgetPart] = Field([], max_length=20, description="Parts of a budget.")


def playbook(source: bytes) -> tuple[Playbook, str]:
    """A playbook of one day that has the tasks of a sheet, or of another playbook; and its text.

    Refuses with PlaybookHasMistakes what is wrong with the tasks themselves. Whether they are paid
    lawfully, and whether the days open them, is not looked at: this is for replays alone.
    """
    document = read(source)
    mistakes = list(document.mistakes) or _mistakes(document)
    if mistakes:
        raise PlaybookHasMistakes(wording.remarks(mistakes))
    text = json.dumps(_one_day(document.data), ensure_ascii=False)
    return form.playbook(read(text).data), text


def _mistakes(document: Document) -> list[Mistake]:
    try:
        sheet = Sheet.model_validate(document.data, strict=True)
    except ValidationError as error:
        return form.mistakes(document, error.errors(), Sheet)
    draft = Draft(
        document=document,
        playbook=None,
        profile=None,
        hot_product=None,
        promotion=None,
        phases=[],
        beats=[],
        tasks=list(enumerate(sheet.tasks)),
        task_keys=[task.key for task in sheet.tasks],
    )
    return [found for check in CHECKS for found in check(draft)]


def _one_day(data: dict[str, Any]) -> dict[str, Any]:
    name = data["name"]
    none = {"tasks": 0, "orders": 0}
    link = "https://example.invalid/"
    return {
        **{field: data[field] for field in Sheet.model_fields if field in data},
        "profile": "own",
        "size": 500,
        "budget": "1.00",
        "hot_product": {"name": name, "price": DEAR, "market_price": DEAR, "link": link},
        "phases": [{"key": "all", "name": name, "days": 1, "group": name}],
        "beats": [{"key": "day-1", "day": 1, "at": "00:00", "kind": "post", "text": name}],
        "promotion": {"owner": none, "supervisor": none},
    }
