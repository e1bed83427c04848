"""What a playbook may say: schema 1 of the YAML file.

The JSON Schema for editors is generated from these classes (`Playbook.model_json_schema()`), so the
descriptions in them are the reference a playbook author reads. Only the form of one field at a time
is decided here; what must hold between fields is in `rules.check`.
"""

from loop28.front.playbooks.schema.beats import (
    Beat,
    BeatBase,
    Call,
    Close,
    Guest,
    OpenTasks,
    Packet,
    Post,
    Reply,
    Talk,
)
from loop28.front.playbooks.schema.part import Part
from loop28.front.playbooks.schema.playbook import (
    BudgetPart,
    Caps,
    HotProduct,
    Phase,
    Playbook,
    Promotion,
    Threshold,
    json_schema,
)
from loop28.front.playbooks.schema.tasks import (
    TICKED,
    WHOLE,
    Measure,
    Question,
    Repeat,
    Reward,
    Task,
    TaskKind,
    Tier,
    next_tasks,
)

__all__ = [
    "TICKED",
    "WHOLE",
    "Beat",
    "BeatBase",
    "BudgetPart",
    "Call",
    "Caps",
    "Close",
    "Guest",
    "HotProduct",
    "Measure",
    "OpenTasks",
    "Packet",
    "Part",
    "Phase",
    "Playbook",
    "Post",
    "Promotion",
    "Question",
    "Repeat",
    "Reply",
    "Reward",
    "Talk",
    "Task",
    "TaskKind",
    "Threshold",
    "Tier",
    "json_schema",
    "next_tasks",
]
