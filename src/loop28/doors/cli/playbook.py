"""``loop28 playbook``: check, publish, and the schema for editors."""

import sys
from pathlib import Path
from typing import NoReturn

import click

from loop28.front.playbooks import actions, form, rules, wording
from loop28.front.playbooks.reading import Document, read
from loop28.front.playbooks.refusals import PlaybookHasMistakes
from loop28.front.playbooks.schema import Playbook, json_schema
from loop28.front.playbooks.weekly import Weekly
from loop28.front.playbooks.weekly import json_schema as weekly_json_schema
from loop28.front.playbooks.wording import Remark
from loop28.kernel.access import SYSTEM
from loop28.kernel.money import yuan

PASSING_PERCENTS = (10, 35, 60)  # few, usual and most, as the programme's authors report them

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group()
def playbook() -> None:
    """Programmes as data."""


@playbook.command()
@FILE
def check(file: Path) -> None:
    """Name every mistake in FILE with its place and its cure; or say what a line of it costs.

    A weekly playbook costs nothing: then it says what returns how often.

    Needs no database. The exit code is 1 when there are mistakes.
    """
    document = read(file.read_bytes())
    if mistakes := rules.check(document):
        fail(file, wording.remarks(mistakes))
    click.echo(_summary(document))


@playbook.command()
@FILE
def publish(file: Path) -> None:
    """Make FILE a version that lines or groups can live by; the same file again changes nothing."""
    try:
        version = actions.publish(SYSTEM, file.read_bytes())
    except PlaybookHasMistakes as no:
        fail(file, no.mistakes)
    click.echo(f"{version.name}: version {version.number} is published.")


@playbook.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
@click.option("--weekly", is_flag=True, help="The schema of weekly playbooks.")
def schema(out: Path | None, weekly: bool) -> None:
    """Print the JSON Schema, with which editors complete and check a playbook while you write."""
    text = weekly_json_schema() if weekly else json_schema()
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")


def fail(file: Path, remarks: list[Remark]) -> NoReturn:
    """Print every mistake as an editor reads it, and end with exit code 1."""
    for remark in remarks:
        path = f"{remark.path}: " if remark.path else ""
        words = " ".join(f"{path}{remark.message} — {remark.cure}".split())
        click.echo(f"{file}:{remark.line}:{remark.column}: {words}")
    click.echo(f"Mistakes: {len(remarks)}", err=True)
    sys.exit(1)


def _summary(document: Document) -> str:
    programme = form.programme(document.data)
    if isinstance(programme, Weekly):
        return f"{programme.name} ({programme.key})\n{_rhythm(programme)}"
    moments = len(rules.timeline(programme))
    facts = (
        f"{programme.days} days, {moments} timed actions, {len(programme.tasks)} tasks, "
        f"budget {yuan(programme.budget)} yuan"
    )
    return "\n".join([f"{programme.name} ({programme.key})", facts, "", *_cost_table(programme)])


def _rhythm(programme: Weekly) -> str:
    weeks = range(1, programme.weeks + 1)
    moments = sum(len(rules.week(programme, number)) for number in weeks)
    return f"a cycle of {programme.weeks} weeks, {moments} timed actions"


def _cost_table(programme: Playbook) -> list[str]:
    """What a line costs at most, in yuan."""
    rows = [["passing", "people", "packets", "rewards", "in all", "budget left"]]
    for percent in PASSING_PERCENTS:
        cost = rules.cost(programme, percent)
        left = programme.budget - cost.total_fen
        sums = [cost.packets_fen, cost.rewards_fen, cost.total_fen, left]
        rows.append([f"{percent} %", str(cost.people), *map(yuan, sums)])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(str.rjust, row, widths)) for row in rows]
