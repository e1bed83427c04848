"""The form of a playbook, field by field: the schema's verdicts in our codes, and what is sound.

A mistake of form must not hide the mistakes between fields elsewhere. So unknown fields are set
aside, a beat or task with a mistake is left out, and the checks go on with the rest. Pure.
"""

import copy
import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from loop28.front.playbooks.fields import KEY, LINK, NOT_BLANK, ONE_LINE
from loop28.front.playbooks.mistakes import Mistake, Path
from loop28.front.playbooks.reading import Document
from loop28.front.playbooks.schema import Beat, HotProduct, Part, Phase, Playbook, Promotion, Task
from loop28.front.playbooks.weekly import Weekly, WeeklyQuestion, is_weekly


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What of a document has the right form. ``beats`` and ``tasks`` keep their place in the file.

    ``broken`` names the parts with a mistake of form; ``task_keys`` are all keys that tasks give
    themselves, good or not, so that a task with a mistake is not also an unknown one.
    """

    document: Document
    playbook: Playbook | None
    profile: str | None
    hot_product: HotProduct | None
    promotion: Promotion | None
    phases: list[Phase]
    beats: Sequence[tuple[int, Beat | WeeklyQuestion]]
    tasks: list[tuple[int, Task]]
    task_keys: list[str]
    broken: frozenset[str] = field(default_factory=frozenset)

    @property
    def days(self) -> int:
        return sum(phase.days for phase in self.phases)

    def mistake(self, code: str, *path: str | int, **details: object) -> Mistake:
        return self.document.mistake(code, path, details)


def playbook(data: Any) -> Playbook:
    """The playbook that a document's data describe; ValidationError where their form is wrong."""
    return Playbook.model_validate(data, strict=True)


def weekly(data: Any) -> Weekly:
    """The weekly playbook that a document's data describe; ValidationError as above."""
    return Weekly.model_validate(data, strict=True)


def programme(data: Any) -> Playbook | Weekly:
    """Whichever of the two a document's data describe."""
    return weekly(data) if is_weekly(data) else playbook(data)


def examine(document: Document) -> tuple[Draft, list[Mistake]]:
    """What can be used of a document that was read, and every mistake of its form."""
    try:
        return _good(document, playbook(document.data)), []
    except ValidationError as error:
        return _sound_parts(document, error.errors()), mistakes(document, error.errors(), Playbook)


def nearest(word: object, words: Iterable[str]) -> str:
    """The known word that was probably meant, or an empty text."""
    return next(iter(difflib.get_close_matches(str(word)[:60], words, n=1)), "")


# ── What is sound ───────────────────────────────────────────────────────────────────────────────


def _good(document: Document, good: Playbook) -> Draft:
    return Draft(
        document=document,
        playbook=good,
        profile=good.profile,
        hot_product=good.hot_product,
        promotion=good.promotion,
        phases=good.phases,
        beats=list(enumerate(good.beats)),
        tasks=list(enumerate(good.tasks)),
        task_keys=[task.key for task in good.tasks],
    )


def set_aside(document: Document, errors: list[ErrorDetails]) -> tuple[Any, set[Path]]:
    """A document's data without unknown fields, and which fields or items of lists are broken."""
    data = copy.deepcopy(document.data)
    broken: set[Path] = set()
    for error in errors:
        path = _path(document.data, error["loc"])
        if error["type"] == "extra_forbidden":
            _remove(data, path)
        else:
            broken.add(path[:2])  # a list or field of the file, or one item of a list
    return data, broken


def sound_items(data: Any, broken: set[Path], name: str, kind: Any) -> list[tuple[int, Any]]:
    """The items of a list that have the right form, each with its place in the file."""
    listed = [] if (name,) in broken else enumerate(data[name])
    return [(i, _read(kind, item)) for i, item in listed if (name, i) not in broken]


def _sound_parts(document: Document, errors: list[ErrorDetails]) -> Draft:
    data, broken = set_aside(document, errors)
    names = frozenset(str(path[0]) for path in broken)

    def sound(name: str, kind: Any) -> Any:
        return None if name in names else _read(kind, data[name])

    return Draft(
        document=document,
        playbook=None,
        profile=sound("profile", str),
        hot_product=sound("hot_product", HotProduct),
        promotion=sound("promotion", Promotion),
        phases=sound("phases", list[Phase]) or [],
        beats=sound_items(data, broken, "beats", Beat),
        tasks=sound_items(data, broken, "tasks", Task),
        task_keys=[
            str(task.get("key")) for task in _listed(data, "tasks") if isinstance(task, dict)
        ],
        broken=names,
    )


def _read(kind: Any, value: object) -> Any:
    return TypeAdapter(kind).validate_python(value, strict=True)


def _listed(data: dict[str, Any], name: str) -> list[Any]:
    listed = data.get(name)
    return listed if isinstance(listed, list) else []


def _remove(data: Any, path: Path) -> None:
    for step in path[:-1]:
        data = data[step]
    del data[path[-1]]


# ── The schema's verdicts in our codes ──────────────────────────────────────────────────────────

_CODES = {
    "missing": "missing",
    "union_tag_not_found": "missing",
    "extra_forbidden": "unknown-field",
    "union_tag_invalid": "unknown-kind",
    "literal_error": "not-a-choice",
    "string_type": "text-expected",
    "string_too_short": "text-too-short",
    "string_too_long": "text-too-long",
    "int_type": "number-expected",
    "greater_than_equal": "number-too-small",
    "less_than_equal": "number-too-large",
    "list_type": "list-expected",
    "too_short": "list-too-short",
    "too_long": "list-too-long",
    "model_type": "fields-expected",
    "model_attributes_type": "fields-expected",
}
_PATTERNS = {KEY: "key", LINK: "link", NOT_BLANK: "empty", ONE_LINE: "one-line"}
# A field that takes one of several forms gets a verdict for each of them; together they mean this.
_UNIONS = {"late": "late", "effort": "effort"}


def mistakes(document: Document, errors: list[ErrorDetails], root: type[Part]) -> list[Mistake]:
    """The schema's verdicts on a document that should have had the form of ``root``."""
    found: dict[tuple[str, str], Mistake] = {}
    for error in errors:
        mistake = _mistake(document, error, root)
        found.setdefault((mistake.path, mistake.code), mistake)
    return list(found.values())


def _mistake(document: Document, error: ErrorDetails, root: type[Part]) -> Mistake:
    path = _path(document.data, error["loc"])
    if error["type"] in {"union_tag_not_found", "union_tag_invalid"}:
        path = (*path, "kind")
    code = _code(error, path)
    details = _details(error) | {"name": path[-1] if path else ""}
    if code == "unknown-field":
        details["meant"] = nearest(path[-1], _fields_at(document.data, path[:-1], root))
    return document.mistake(code, path, details, key=code == "unknown-field")


def _code(error: ErrorDetails, path: Path) -> str:
    kind = error["type"]
    if error["input"] is None and kind != "missing":
        return "empty"
    if path[-1:] and path[-1] in _UNIONS and kind in {"literal_error", "value_error"}:
        return _UNIONS[str(path[-1])]
    if kind == "value_error":  # raised by the schema's own readers, which name what they read
        return str(error["ctx"]["error"]).replace("_", "-")
    if kind == "string_pattern_mismatch":
        return "empty" if error["input"] == "" else _PATTERNS[error["ctx"]["pattern"]]
    return _CODES.get(kind, "form")


def _details(error: ErrorDetails) -> dict[str, object]:
    context, given = error.get("ctx", {}), error["input"]
    limits = [context[name] for name in ("ge", "le", "min_length", "max_length") if name in context]
    choices = context.get("expected") or context.get("expected_tags") or ""
    return {
        "limit": next(iter(limits), 0),
        "length": len(given) if isinstance(given, str | list) else 0,
        "choices": choices.replace("'", "").replace(" or ", ", "),
        "given": str(context.get("tag", given))[:40],
        "problem": error["msg"],
    }


def _path(data: Any, loc: tuple[int | str, ...]) -> Path:
    """The place in the file that a verdict speaks of.

    The library also names the kind of a beat and the branches of a union on the way; they are no
    fields of the file.
    """
    if loc[:1] == ("beats",):
        loc = loc[:2] + loc[3:]
    path: Path = ()
    for step in loc:
        inside = isinstance(data, dict) and step in data
        if inside or (isinstance(data, list) and isinstance(step, int)):
            data = data[step]
        elif not (isinstance(data, dict) and step == loc[-1]):
            break
        path = (*path, step)
    return path


def _fields_at(data: Any, path: Path, root: type[Part]) -> list[str]:
    """The names of the fields that the schema knows at a place."""
    parts: list[type[Part]] = [root]
    model = root
    for step in path:
        data = data[step]
        if isinstance(step, str):
            parts = _parts_in(model.model_fields[step].annotation)
        if isinstance(data, dict):
            model = parts[0] if len(parts) == 1 else _of_kind(parts, data["kind"])
    return list(model.model_fields)


def _parts_in(annotation: Any) -> list[type[Part]]:
    inner = get_args(annotation)
    if inner:
        return [part for one in inner for part in _parts_in(one)]
    return [annotation] if isinstance(annotation, type) and issubclass(annotation, Part) else []


def _of_kind(parts: list[type[Part]], kind: str) -> type[Part]:
    return next(part for part in parts if get_args(part.model_fields["kind"].annotation) == (kind,))
