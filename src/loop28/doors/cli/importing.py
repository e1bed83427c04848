"""``loop28 import``: what people said elsewhere before, taken in as if it were said here."""

import gzip
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from loop28.adapters.chat.logs.reading import Said, read
from loop28.front.circles import queries as circles
from loop28.front.groups import actions as groups
from loop28.front.groups.chat import Incoming
from loop28.front.groups.models import Group
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from loop28.kernel.tables import Row
from loop28.middle.members import importing as members

PLATFORM = "log"
BATCH = 1000


@click.group("import")
def import_() -> None:
    """Take in what a company has from before."""


@import_.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--group", "name", required=True, help="The name of a standing group.")
@click.option(
    "--first-day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day of the first file.  [default: such that the last one is yesterday's]",
)
def groupchat(directory: Path, name: str, first_day: datetime | None) -> None:
    """Bring logs of a chat, a file a day (.txt or .txt.gz), into a standing group.

    Who wrote is a member by the name in the log, who has agreed to nothing and gets no message. The
    same files again bring nothing new.
    """
    group = _group(name)
    files = sorted([*directory.glob("*.txt"), *directory.glob("*.txt.gz")])
    if not files:
        raise click.ClickException(f"There is no .txt or .txt.gz file in {directory}.")
    zone = ZoneInfo(group.zone)
    day = first_day.date() if first_day else _so_that_the_last_is_yesterdays(len(files), zone)
    people: set[str] = set()
    read_, new = 0, 0
    for nth, file in enumerate(files):
        said = list(read(_text(file), day + timedelta(days=nth), zone))
        new += _take_in(group, file.name, said)
        read_ += len(said)
        people |= {one.name for one in said}
    click.echo(f"{len(files)} files: {read_:,} messages of {len(people):,} people, {new:,} new.")


def _group(name: str) -> Group:
    """A standing group; in a line's group somebody's «1» of long ago would be an answer."""
    found = [one.group for one in circles.circles(SYSTEM).filter(group__name=name)]
    if len(found) != 1:
        raise click.ClickException(f"There are {len(found)} standing groups called «{name}».")
    return found[0]


def _so_that_the_last_is_yesterdays(files: int, zone: ZoneInfo) -> date:
    return clock.local_day(clock.now(), zone) - timedelta(days=files)


def _text(file: Path) -> str:
    data = file.read_bytes()
    return (gzip.decompress(data) if file.suffix == ".gz" else data).decode(errors="replace")


def _take_in(group: Group, file: str, said: list[Said]) -> int:
    """The messages of one file; how many were new."""
    names = sorted({one.name for one in said})
    rows = [
        Row(n, {"id": f"{PLATFORM}:{name}", "name": name}) for n, name in enumerate(names, start=1)
    ]
    numbers: dict[str, int] = {}
    for name, outcome in zip(names, members.take_in(SYSTEM, rows), strict=True):
        if outcome.number is None:
            raise click.ClickException(f"{file}: «{name}» cannot be a name here: {outcome.refusal}")
        numbers[name] = outcome.number
    groups.join(SYSTEM, group.pk, list(numbers.values()))
    messages = [
        Incoming(
            PLATFORM,
            f"{group.pk}:{file}:{one.line}",
            group.pk,
            numbers[one.name],
            one.text,
            one.at,
        )
        for one in said
    ]
    return sum(
        groups.receive(SYSTEM, messages[start : start + BATCH])
        for start in range(0, len(messages), BATCH)
    )
