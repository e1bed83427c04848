"""What is written down for whoever keeps an installation alive: one line an event, about no person.

A line holds ids, names of our own code, and numbers. Never a text that somebody typed, an address
that opens something, or the words of an error: a database quotes the row it refuses in them. An
error is told by its kinds, one caused by the other, and by the places in the code it went through.
"""

import json
import logging
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType

from django.db import Error as DatabaseError
from django.db import OperationalError

OURS = "loop28"
FRAMES = 30
"""Places of one error that are told, the innermost; more than these is a recursion."""

Known = dict[str, str | int]

_about: ContextVar[Known | None] = ContextVar("about", default=None)


@contextmanager
def about(**known: str | int) -> Iterator[Known]:
    """Say with every line that is written inside what it is about, such as the request's number."""
    said: Known = dict(known)
    token = _about.set(said)
    try:
        yield said
    finally:
        _about.reset(token)


def note(**known: str | int) -> None:
    """Add to what the lines are about, where something has said so; ids and our own words only."""
    said = _about.get()
    if said is not None:
        said.update(known)


class Lines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _event(record),
        }
        line |= _known(record)
        if record.exc_info and record.exc_info[1]:
            line["errors"] = list(_errors(record.exc_info[1]))
        return json.dumps(line)


class Readable(logging.Formatter):
    """For the person before the screen, with everything an error says."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        known = " ".join(f"{name}={value}" for name, value in _known(record).items())
        return f"{super().formatMessage(record)}  {known}".rstrip()


class Errors(logging.Filter):
    """Lets through only what tells of an error in the code."""

    def filter(self, record: logging.LogRecord) -> bool:
        return bool(record.exc_info)


def end_in_a_line() -> None:
    """Have the error that ends this process, or a thread of it, written like any other."""
    logger = logging.getLogger(OURS)

    def write(
        kind: type[BaseException], error: BaseException | None, at: TracebackType | None
    ) -> None:
        if error is not None:
            logger.critical("ended by an error", exc_info=(kind, error, at))

    sys.excepthook = write
    threading.excepthook = lambda end: write(end.exc_type, end.exc_value, end.exc_traceback)


def _event(record: logging.LogRecord) -> str:
    """What happened. Others put addresses and texts into their words: of those, where it was."""
    if record.name.partition(".")[0] == OURS:
        return record.getMessage()
    template = str(record.msg) if record.args else ""
    return f"{template} ({record.module}.{record.funcName}:{record.lineno})".strip()


def _known(record: logging.LogRecord) -> Known:
    return (_about.get() or {}) | getattr(record, "known", {})


def _errors(error: BaseException) -> Iterator[dict[str, object]]:
    """The error and what it came from, the last first."""
    seen: set[int] = set()
    next_one: BaseException | None = error
    while next_one is not None and id(next_one) not in seen:
        seen.add(id(next_one))
        yield _kind(next_one) | {"at": _places(next_one)}
        hidden = next_one.__suppress_context__
        next_one = next_one.__cause__ or (None if hidden else next_one.__context__)


def _kind(error: BaseException) -> dict[str, object]:
    kind: dict[str, object] = {"kind": f"{type(error).__module__}.{type(error).__qualname__}"}
    if isinstance(error, OSError) and error.errno:
        kind["errno"] = error.errno
    if isinstance(error, OperationalError):  # of connections, locks and disks; it quotes no row
        kind["says"] = str(error).partition("\n")[0]
    elif isinstance(error, DatabaseError):
        kind |= _refused_by(error.__cause__)
    return kind


def _refused_by(error: BaseException | None) -> dict[str, object]:
    """Which rule of the database it was, where the driver tells."""
    told = getattr(error, "diag", None)
    named = {"sqlstate": getattr(error, "sqlstate", None)}
    for name in ("table_name", "column_name", "constraint_name"):
        named[name] = getattr(told, name, None)
    return {name: value for name, value in named.items() if value}


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
