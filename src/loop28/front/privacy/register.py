"""Who was erased, in a file outside of the database: no backup brings them back.

One line for each number, only ever added to: when, the number, and its mark. A backup does not hold
the file; what is restored from one is compared with it. A line of another installation, or of a
number that was given to somebody else since, fits nobody by its mark and is passed over.
"""

import hashlib
import hmac
import os
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from loop28.front.privacy.models import Tombstone
from loop28.middle.members import queries as members


def mark(number: int, key: UUID) -> str:
    """By what a record is known again: nobody finds out its key by it."""
    told = f"loop28.erased:{number}:{key}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), told, hashlib.sha256).hexdigest()


def write_down() -> int:
    """Add those who were erased and are not in the file yet; how many.

    Safe to repeat and to do twice at once: a line that is there twice says the same.
    """
    new = [f"{row.at.isoformat()} {row.member_id} {row.mark}\n" for row in _unwritten()]
    if new:
        _append("".join(new))
    return len(new)


def unwritten() -> int:
    """How many were erased and are not in the file."""
    return _unwritten().count()


def is_writable() -> bool:
    """Whether the file can be read and added to, or made where there is none."""
    there = _file() if _file().exists() else _file().parent
    return os.access(there, os.R_OK | os.W_OK)


def to_erase_again() -> list[int]:
    """The numbers of this database that the file knows as erased and the database does not."""
    told = dict.fromkeys(_lines())
    numbers = {number for number, _mark in told}
    keys = members.keys(numbers - members.erased(numbers))
    return sorted(n for n, key in keys.items() if (n, mark(n, key)) in told)


def _unwritten() -> QuerySet[Tombstone]:
    known = {told for _number, told in _lines()}
    return Tombstone.objects.exclude(mark__in=known).order_by("id")


def _file() -> Path:
    return Path(settings.ERASED)


def _lines() -> list[tuple[int, str]]:
    """Number and mark of each line; what a full disk cut off in the middle fits nobody."""
    if not _file().exists():
        return []
    found = [line.split() for line in _file().read_text().splitlines()]
    return [(int(parts[1]), parts[2]) for parts in found if len(parts) == 3 and parts[1].isdigit()]


def _append(lines: str) -> None:
    """With a line break first where the last one was cut off; on the disk when this returns."""
    torn = _file().exists() and not _file().read_bytes().endswith(b"\n")
    descriptor = os.open(_file(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, f"{chr(10) * torn}{lines}".encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
