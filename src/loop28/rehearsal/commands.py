"""``loop28 rehearse`` and ``loop28 demo``."""

import csv
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, TextIO
from zoneinfo import ZoneInfo

import click
from django.core.management import call_command

from loop28.doors.cli.playbook import fail
from loop28.doors.files import harmless
from loop28.front.lines import queries as lines
from loop28.front.playbooks import form, rules, wording
from loop28.front.playbooks import queries as playbooks
from loop28.front.playbooks.reading import read
from loop28.front.playbooks.refusals import PlaybookHasMistakes
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from loop28.kernel.money import yuan
from loop28.rehearsal import world as worlds
from loop28.rehearsal.company import timetable
from loop28.rehearsal.company.life import live
from loop28.rehearsal.parameters import PARAMETERS
from loop28.rehearsal.play import GATHERING_DAYS, Plan, play
from loop28.rehearsal.replay import Completion, prepare
from loop28.rehearsal.report import Report, report
from loop28.rehearsal.stage import Watch
from loop28.rehearsal.transcript import TranscriptError
from loop28.rehearsal.transcript import read as read_transcript
from loop28.rehearsal.world import World

PLAYBOOK = click.argument("playbook", type=click.Path(exists=True, dir_okay=False, path_type=Path))
ZONE = ZoneInfo("Asia/Shanghai")
NOT_EMPTY = "This database holds people. Give an empty one with --db."


@click.group()
def commands() -> None:
    """What rehearsals add to the command line."""


@commands.command()
@PLAYBOOK
@click.option("--members", type=click.IntRange(2, 500), default=500, help="Seats of the line.")
@click.option("--seed", type=int, default=1, help="The same seed gives the same line.")
@click.option("--db", help="Play in this empty database and keep it; otherwise in a scratch one.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def rehearse(playbook: Path, members: int, seed: int, db: str | None, as_json: bool) -> None:
    """Play a whole line of PLAYBOOK with synthetic people, through the real actions."""
    if db is None:
        sys.exit(_in_scratch_database())
    began = time.perf_counter()
    days = _days(playbook)
    start = _today() - timedelta(days=days)
    world = _prepare(playbook, start)
    last = start + timedelta(days=days - 1)
    with _progress(start, last, quiet=as_json) as watch:
        end = clock.at_local(last, 23, 0, ZONE)
        budget = playbooks.playbook(world.playbook).budget
        plan = Plan(world.regions[0], start, members, budget)
        (line,) = play(world, [plan], end, seed, watch)
    told = report(line, time.perf_counter() - began)
    clock.move_to(None)
    click.echo(json.dumps(told.as_json(), ensure_ascii=False) if as_json else _readable(told))


@commands.command()
@PLAYBOOK
@click.option("--seed", type=int, default=1, help="The same seed gives the same company.")
def demo(playbook: Path, seed: int) -> None:
    """Rehearse a company of six regions into this installation's database, up to this moment.

    Done once: an installation that was rehearsed already is left as it is.
    """
    call_command("migrate", verbosity=0)
    if lines.lines(SYSTEM).exists():
        return
    began = time.perf_counter()
    today, now = _today(), clock.now()
    world = _prepare(playbook, today + timedelta(days=timetable.BEGINS))
    with _progress(today + timedelta(days=timetable.BEGINS), today, quiet=False) as watch:
        whole = live(world, playbook.parent, today, now, seed, watch)
    click.echo(_readable(report(whole, time.perf_counter() - began)))


@commands.command()
@PLAYBOOK
@click.argument("transcript", type=click.File("rb"))
@click.option("--out", type=click.File("w", encoding="utf-8"), required=True, help="The CSV file.")
@click.option("--db", help="Play in this empty database and keep it; otherwise in a scratch one.")
def replay(playbook: Path, transcript: BinaryIO, out: TextIO, db: str | None) -> None:
    """Run a TRANSCRIPT of assignments and facts over the tasks of PLAYBOOK, in its own time.

    A row of the CSV file for each task that was done, in the transcript's order.
    """
    if db is None:
        sys.exit(_in_scratch_database())
    began = time.perf_counter()
    call_command("migrate", verbosity=0)
    try:
        records = read_transcript(transcript)
        first = next(records)
        played = prepare(playbook.read_bytes(), first[1].moment)
        played.run(chain([first], records))
    except StopIteration:
        raise click.ClickException("The transcript is empty.") from None
    except TranscriptError as wrong:
        raise click.ClickException(f"{transcript.name}, {wrong}.") from None
    except PlaybookHasMistakes as wrong:
        fail(playbook, wrong.mistakes)
    except worlds.NotForRehearsalsError:
        raise click.ClickException(NOT_EMPTY) from None
    finally:
        clock.move_to(None)
    rows = csv.writer(out)
    rows.writerow(Completion._fields)
    done = list(played.completions())
    rows.writerows(map(harmless, one) for one in done)
    click.echo(
        f"{played.given.total()} assignments, {played.facts} facts of {len(played.people)} "
        f"members, {len(done)} completions, {time.perf_counter() - began:.1f} s"
    )
    for number in played.conflicts:
        click.echo(f"line {number}: its key was used for another fact, it counts nothing", err=True)
    for kind, count in sorted(played.capped().items()):
        click.echo(f"{count} rewards were cut off by the cap «{kind}»", err=True)
    for task in played.never_done():
        click.echo(f"{task} is never done here: no fact moves it", err=True)


def _in_scratch_database() -> int:
    """Run the same command over a database thrown away afterwards: settings are read only once."""
    with TemporaryDirectory(prefix="loop28-rehearsal-") as folder:
        scratch = ["--db", f"sqlite:///{folder}/rehearsal.sqlite3"]
        command = [sys.executable, "-m", "loop28.doors.cli.main", *sys.argv[1:], *scratch]
        return subprocess.run(command, check=False).returncode  # noqa: S603


def _days(playbook: Path) -> int:
    """How long a line of this playbook is; ends here when the playbook has mistakes."""
    document = read(playbook.read_bytes())
    if mistakes := rules.check(document):
        fail(playbook, wording.remarks(mistakes))
    return form.playbook(document.data).days


def _prepare(playbook: Path, start: date) -> World:
    """A marked, furnished database whose time stands before the first line is opened."""
    call_command("migrate", verbosity=0)
    try:
        worlds.mark()
    except worlds.NotForRehearsalsError:
        raise click.ClickException(NOT_EMPTY) from None
    clock.move_to(clock.at_local(start - timedelta(days=GATHERING_DAYS + 1), 9, 0, ZONE))
    return worlds.furnish(playbook.read_bytes())


def _today() -> date:
    return clock.local_day(clock.now(), ZONE)


@contextmanager
def _progress(start: date, last: date, *, quiet: bool) -> Iterator[Watch]:
    """A bar over the days, from the gathering on."""
    first = clock.at_local(start - timedelta(days=GATHERING_DAYS), 0, 0, ZONE)
    days = (last - start).days + GATHERING_DAYS + 1
    if quiet:
        yield lambda moment: None
        return
    with click.progressbar(length=days, label=f"Rehearsing {days} days") as bar:
        yield lambda moment: bar.update((moment - first).days - bar.pos)


def _readable(told: Report) -> str:
    money = told.packets
    rows = [
        ("joined", told.joined),
        ("opted in", told.opted_in),
        ("tasks completed", told.tasks_completed),
        ("first orders", told.first_orders),
        ("graduated", told.graduated),
        ("owners", told.owners),
        ("supervisors", told.supervisors),
        ("packets issued", yuan(money["issued_fen"])),
        ("packets claimed", yuan(money["claimed_fen"])),
        ("packets returned", yuan(money["returned_fen"])),
        ("budget spent", yuan(told.budget_spent_fen)),
        ("active, day by day", " ".join(map(str, told.active_by_day))),
        ("audit", told.audit if told.audit == "clean" else "\n  ".join(["", *told.audit])),
        ("seconds", told.seconds),
    ]
    guesses = sum(parameter.source.startswith("guess") for parameter in PARAMETERS.values())
    note = f"{guesses} of {len(PARAMETERS)} assumptions about people are guesses."
    return "\n".join([*(f"{label:>20}  {value}" for label, value in rows), note])
