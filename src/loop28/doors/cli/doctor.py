"""``loop28 doctor``: looks at an installation as an experienced operator would."""

import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path

import click
from django.conf import settings
from django.db import connection

from loop28.back.finance import queries as finance
from loop28.doors.cli.tables import Tables, tables
from loop28.front.groups import queries as groups
from loop28.front.lines import schedule
from loop28.front.privacy import register
from loop28.front.watch import queries as watch
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from loop28.kernel.jobs import pulse

MIB = 1024**2
DISK_BAD, DISK_LOW = 200 * MIB, 2048 * MIB
"""Below the first no database writes for long; below the second somebody should look."""

CLOCK_DRIFT = timedelta(seconds=2)
AUDIT_AGE = timedelta(days=2)
WATCH_AGE = timedelta(days=2)
WAITING = timedelta(minutes=1)


class State(Enum):
    """``BAD`` can lose money, or stops what people wait for; ``WARN`` can become so."""

    GOOD = "ok"
    WARN = "look"
    BAD = "BAD"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what was found, and what to do where it is not good."""

    name: str
    state: State
    found: str
    cure: str = ""


@click.command()
def doctor() -> None:
    """Look at database, worker, backlog, clock, disk and books. Exit code 1 when one is BAD."""
    findings = list(examine())
    for finding in findings:
        cure = "" if finding.state is State.GOOD else f"\n{'':>17}{finding.cure}"
        click.echo(f"{finding.state.value:>4}  {finding.name:<9}  {finding.found}{cure}")
    if any(finding.state is State.BAD for finding in findings):
        sys.exit(1)


def examine() -> Iterator[Finding]:
    """Everything that is looked at, in order; without tables nothing behind them can be seen."""
    yield Finding("program", State.GOOD, f"Python {platform.python_version()}")
    yield _sqlite() if connection.vendor == "sqlite" else _postgresql()
    yield _disk()
    found = tables()
    if found is not Tables.FIT:
        yield Finding("tables", State.BAD, found.name.lower(), found.value)
        return
    now = clock.now()
    looks: list[Callable[[datetime], Finding]] = [_clock, _worker, _beats, _outbox, _books, _watch]
    yield from (look(now) for look in looks)
    yield _register()


def _sqlite() -> Finding:
    with connection.cursor() as cursor:
        (version,) = cursor.execute("SELECT sqlite_version()").fetchone()
        (journal,) = cursor.execute("PRAGMA journal_mode").fetchone()
        (synchronous,) = cursor.execute("PRAGMA synchronous").fetchone()
    wanted = connection.settings_dict["OPTIONS"]["init_command"]
    safe = synchronous >= 2 and f"journal_mode={journal.upper()};" in wanted
    return Finding(
        "database",
        State.GOOD if safe else State.BAD,
        f"SQLite {version}, journal_mode={journal}, synchronous={synchronous}",
        "A power cut can lose commits. Leave both as Loop28 sets them, on a local disk.",
    )


def _postgresql() -> Finding:
    wanted = ("fsync", "full_page_writes", "synchronous_commit")
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
        cursor.execute(
            "SELECT name, setting FROM pg_settings WHERE name = ANY(%s) ORDER BY name",
            [list(wanted)],
        )
        found = dict(cursor.fetchall())
    off = [f"{name}={found[name]}" for name in wanted if found[name] == "off"]
    return Finding(
        "database",
        State.BAD if off else State.GOOD,
        f"PostgreSQL {version}, " + (", ".join(off) or "commits are on disk when they are told"),
        "A crash can lose money that was paid. Switch it on in postgresql.conf.",
    )


def _disk() -> Finding:
    places = {Path(settings.HOME)}
    if connection.vendor == "sqlite":
        places.add(Path(connection.settings_dict["NAME"]).parent)
    free, where = min((shutil.disk_usage(place).free, place) for place in places)
    return Finding(
        "disk",
        State.BAD if free < DISK_BAD else State.WARN if free < DISK_LOW else State.GOOD,
        f"{free // MIB:,} MiB free in {where}",
        "Make room: a database on a full disk stops taking orders.",
    )


def _clock(now: datetime) -> Finding:
    drift = abs(now - datetime.now(UTC))
    return Finding(
        "clock",
        State.WARN if drift > CLOCK_DRIFT else State.GOOD,
        f"{now:%F %T} UTC, {drift.total_seconds():.1f} s from this machine's",
        "Let chrony or systemd-timesyncd set the clocks of all machines.",
    )


def _worker(now: datetime) -> Finding:
    signs = pulse.signs()
    silent = [
        f"{worker} last came round {_ago(now - at)} ago"
        for worker, at in signs.items()
        if pulse.is_silent(at, now)
    ]
    return Finding(
        "worker",
        State.GOOD if signs and not silent else State.BAD,
        "; ".join(silent) or (f"{len(signs)} come round" if signs else "none runs"),
        "Start `loop28 serve` or `loop28 worker`; when it runs, read its log and restart it.",
    )


def _beats(now: datetime) -> Finding:
    late = [
        beat
        for beats in schedule.late(schedule.due_lines(now), now).values()
        for beat in beats
        if not beat.by_host and beat.state == "planned"
    ]
    oldest = _ago(now - min(beat.due_at for beat in late)) if late else ""
    return Finding(
        "beats",
        State.BAD if late else State.GOOD,
        f"{len(late)} overdue, the oldest for {oldest}" if late else "none is overdue",
        "The war room names each line with the button that mends it.",
    )


def _outbox(now: datetime) -> Finding:
    everywhere = list(groups.groups(SYSTEM).values_list("id", flat=True))
    stuck = groups.stuck(everywhere, now - WAITING).values()
    oldest = _ago(now - min(since for _, since in stuck)) if stuck else ""
    return Finding(
        "outbox",
        State.WARN if stuck else State.GOOD,
        f"{sum(count for count, _ in stuck)} messages wait, the oldest for {oldest}"
        if stuck
        else "nothing waits",
        "The war room hands them over again.",
    )


def _books(now: datetime) -> Finding:
    cure = "Run `loop28 audit` every night; what it names must be explained before payouts go on."
    last = finance.last_audit()
    if last is None:
        return Finding("books", State.WARN, "were never audited", cure)
    differences, age = last.data["differences"], now - last.at
    state = State.BAD if differences else State.WARN if age > AUDIT_AGE else State.GOOD
    said = f"differences: {differences}" if differences else "clean"
    return Finding("books", state, f"{said}, audited {_ago(age)} ago", cure)


def _watch(now: datetime) -> Finding:
    last = watch.last_night()
    state = State.GOOD if last and now - last.at <= WATCH_AGE else State.WARN
    found = (
        f"went round {_ago(now - last.at)} ago: {last.frozen} new cases, {last.red} chains red"
        if last
        else "never went round"
    )
    return Finding("watch", state, found, "The worker does it every night at three; see its log.")


def _register() -> Finding:
    writable = register.is_writable()
    missing = register.unwritten() if writable else 0
    return Finding(
        "register",
        State.GOOD if writable and not missing else State.BAD,
        f"{missing} who were erased are not in {settings.ERASED}"
        if missing
        else f"{settings.ERASED} can{'' if writable else 'not'} be written",
        "A backup would bring them back. Let Loop28 and its unit write there; whoever is missing "
        "is added at night.",
    )


def _ago(age: timedelta) -> str:
    """A duration in its largest unit, as one says it."""
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if (count := clock.seconds(age) // length) > 1:
            return f"{count} {unit}"
    return f"{clock.seconds(age)} seconds"
