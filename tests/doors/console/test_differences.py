"""Whatever two playbooks differ in, people read it in words."""

from typing import get_args

import pytest
import yaml
from django.utils.translation import override

from loop28.doors.console import differences
from loop28.front.playbooks.schema import Beat, Playbook, Task
from tests.line_kit import SMALL

UNION, _ = get_args(Beat)
NAMES = {name for part in (Task, *get_args(UNION)) for name in part.model_fields}
COUNTS = {"fact": "spent", "count": "sum", "at_least": "20.5", "where": {"way": ["web", "app"]}}


def told(**changes):
    """What the page says when these fields of the task own-words are as in ``changes``."""
    text = yaml.safe_load(SMALL.read_text())
    before = Playbook.model_validate(text)
    (task,) = [one for one in text["tasks"] if one["key"] == "own-words"]
    task |= changes
    (found,) = differences.told(before, Playbook.model_validate(text)).tasks
    return {field.label: field.after for field in found.fields}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_field_of_tasks_and_beats_has_a_name_that_people_know(name):
    assert differences._label(name)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"proof": "photo", "recheck": 20},
            {"Proof": "a picture", "Percent of pictures looked at again": "20"},
        ),
        (
            {"repeat": {"per": "week", "at_most": 2}},
            {"Comes again": "each week, 2 times at most"},
        ),
        (
            {"kind": "measured", "measure": COUNTS},
            {
                "Kind": "measured",
                "What counts": "spent · their amounts together ≥ 20.5 · way = web / app",
            },
        ),
    ],
)
def test_what_changed_in_a_task_is_told_in_words(changes, said):
    with override("en"):
        assert told(**changes) == said
