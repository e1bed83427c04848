"""Writes the reference of playbooks from the schema, the checks and the policy rules.

    python -m tools.playbook_reference

A test compares `docs/reference/playbook.md` and `playbooks/playbook.schema.json` with what this
writes.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

import django
from django.utils import translation

from loop28.back.compliance import wording as compliance
from loop28.front.playbooks import weekly
from loop28.front.playbooks.fields import KEY, LINK
from loop28.front.playbooks.schema import json_schema
from loop28.front.playbooks.words import CALENDAR, TASKS, WEEKS
from loop28.front.playbooks.words_of_money import MONEY

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "docs" / "reference" / "playbook.md"
SCHEMA_FILE = ROOT / "playbooks" / "playbook.schema.json"
WEEKLY_FILE = ROOT / "playbooks" / "weekly.schema.json"
SCHEMA = json.loads(json_schema())
WEEKLY = json.loads(weekly.json_schema())
WEEKLY_PARTS = ("WeeklyPost", "WeeklyQuestion", "WeeklyTalk")

INTRODUCTION = """\
# Playbook, schema 1

*Written by `python -m tools.playbook_reference` from the code; change it there.*

A playbook is one YAML file in UTF-8, at most 400 kB. Anchors, aliases, tags and directives are not
read. `loop28 playbook check FILE` names every mistake with its place and its cure. With this first
line an editor that knows JSON Schema completes and checks while you write:

```yaml
# yaml-language-server: $schema=playbook.schema.json
```

| how to write | form | example |
|---|---|---|
| an amount in yuan | text in quotes, at most two decimals | `"12.50"` |
| a duration | a number and `m`, `h` or `d` | `90m` |
| a time of day | text in quotes, local time of the region | `"09:30"` |
| a key | small letters a–z, digits, hyphens; at most 40 | `d01-morning` |
"""
OF_WEEKS = """\
# Weekly playbook, schema 1

The rhythm of a standing group: a cycle of weeks without end, without money and without tasks. A
file with the field `weekly` is one. Its own schema for editors is `weekly.schema.json`. `Guest` and
`Reply` are as above.
"""
CHECKS = """\
## Mistakes

What the check says, beside mistakes in the form of a field. «…» stands for names and figures.

| mistake | cure |
|---|---|
"""
RULES = """\
## Rules about rewards

They depend on the policy profile and on the kind of task. This is not legal advice.

| rule | what it says | where it comes from |
|---|---|---|
"""


EXAMPLES = {
    "30m": "duration",
    "3d": "duration or `day 1`",
    "09:30": "time of day",
    "12.50": "yuan",
    "10": "amount",
}
"""What a text is whose form its example tells."""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "loop28.settings")
    django.setup()
    REFERENCE.parent.mkdir(parents=True, exist_ok=True)
    REFERENCE.write_text(reference(), encoding="utf-8")
    SCHEMA_FILE.write_text(json_schema(), encoding="utf-8")
    WEEKLY_FILE.write_text(weekly.json_schema(), encoding="utf-8")


def reference() -> str:
    """The whole page, in English."""
    parts = {"Playbook": SCHEMA} | _in_order()
    of_weeks = {"Weekly": WEEKLY, **{name: WEEKLY["$defs"][name] for name in WEEKLY_PARTS}}
    with translation.override("en"):
        tables = [_part(name, part) for name, part in parts.items()]
        weeks = [_part(name, part) for name, part in of_weeks.items()]
        return "\n".join(
            [INTRODUCTION, *tables, OF_WEEKS, *weeks, CHECKS + _mistakes(), RULES + _rules()]
        )


def _in_order() -> dict[str, Any]:
    """The parts in the order in which the file names them, not in that of the alphabet."""
    found: dict[str, Any] = {}

    def visit(part: dict[str, Any]) -> None:
        for name in _references(part["properties"]):
            if name not in found:
                found[name] = SCHEMA["$defs"][name]
                visit(found[name])

    visit(SCHEMA)
    return found


def _references(node: Any) -> list[str]:
    # The map of kinds beside `oneOf` is sorted; the list itself has the order of the code.
    return list(dict.fromkeys(re.findall(r'"\$ref": "#/\$defs/(\w+)"', json.dumps(node))))


def _part(name: str, part: dict[str, Any]) -> str:
    lines = [f"## {name}", "", part["description"], "", "| field | takes | default | meaning |"]
    lines.append("|---|---|---|---|")
    for field, about in part["properties"].items():
        default = "required" if field in part.get("required", []) else _default(about)
        meaning = about.get("description") or _meaning(about)
        lines.append(f"| `{field}` | {_takes(about)} | {default} | {meaning} |")
    return "\n".join(lines) + "\n"


def _meaning(about: dict[str, Any]) -> str:
    """A field without words of its own either is a part, which has some, or names the kind."""
    if "$ref" in about:
        return str(SCHEMA["$defs"][about["$ref"].rpartition("/")[2]]["description"])
    return "Says which kind of beat this is."


def _default(about: dict[str, Any]) -> str:
    default = about.get("default")
    return f"`{default}`" if default and not isinstance(default, dict) else "none"


def _takes(about: dict[str, Any]) -> str:
    if "$ref" in about:
        return _link(about["$ref"])
    if choices := about.get("oneOf") or about.get("anyOf"):
        return " or ".join(_takes(one) for one in choices if one.get("type") != "null")
    if "const" in about:
        return f"`{about['const']}`"
    if "enum" in about:
        return ", ".join(f"`{value}`" for value in about["enum"])
    if about["type"] == "array":
        counts = _limits(about, "minItems", "maxItems")
        return f"list of {_takes(about['items'])}{counts and f' ({counts})'}"
    if about["type"] == "integer":
        return f"number {_limits(about, 'minimum', 'maximum')}"
    if about["type"] == "object":
        return f"fields, each {_takes(about['additionalProperties'])}"
    return _text(about)


def _text(about: dict[str, Any]) -> str:
    known = {KEY: "key", LINK: "link with https://"}
    if example := about.get("examples"):
        return EXAMPLES[example[0]]
    if about.get("pattern") in known:
        return known[about["pattern"]]
    return f"text, {_limits(about, 'minLength', 'maxLength')} characters"


def _limits(about: dict[str, Any], least: str, most: str) -> str:
    low, high = about.get(least), about.get(most)
    if low is not None and high is not None:
        return f"{low}–{high}"
    if high is not None:
        return f"up to {high}"
    return f"{low} or more" if low is not None else ""


def _link(reference: str) -> str:
    name = reference.rpartition("/")[2]
    return f"[{name}](#{name.lower()})"


def _mistakes() -> str:
    words = (CALENDAR | TASKS | MONEY | WEEKS).values()
    plain = [pair for pair in words if "says" not in str(pair[0])]
    return "".join(f"| {_blank(message)} | {_blank(cure)} |\n" for message, cure in plain)


def _rules() -> str:
    return "".join(
        f"| `{rule}` | {_blank(text)} | {_blank(source)} |\n"
        for rule, (text, source) in compliance.RULES.items()
    )


def _blank(words: object) -> str:
    return re.sub(r"«%\(\w+\)s»|%\(\w+\)s", "…", str(words)).replace("%%", "%")


if __name__ == "__main__":
    main()
