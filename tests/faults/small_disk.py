"""A disk of its own for one table of a PostgreSQL, so small that it can be filled."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.house import House

BYTES = 4 * 2**20


class SmallDisk:
    """A folder on which nothing more fits while it is filled."""

    def __init__(self, folder: Path) -> None:
        self._filler = folder / "filler"

    def fill(self) -> None:
        left = os.statvfs(self._filler.parent)
        with self._filler.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, left.f_bavail * left.f_bsize)

    def make_room(self) -> None:
        self._filler.unlink()


@contextmanager
def small_disk_for(house: House, table: str) -> Iterator[SmallDisk]:
    """While it is open the table lies there, the rest of its database where it was.

    Skips where nobody may mount a disk.
    """
    folder = house.cluster.folder / "small-disk"
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={BYTES}", "tmpfs"]
    mounted = subprocess.run(["mount", *options, folder], capture_output=True, text=True)  # noqa: S603, S607
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
    owner = house.cluster.folder.stat()
    try:
        place = folder / "tables"
        place.mkdir()
        os.chown(place, owner.st_uid, owner.st_gid)
        with house.look() as link:
            link.execute(f"CREATE TABLESPACE small LOCATION '{place}'".encode())
            link.execute(f"ALTER TABLE {table} SET TABLESPACE small".encode())
            yield SmallDisk(folder)
            link.execute(f"ALTER TABLE {table} SET TABLESPACE pg_default".encode())
            link.execute("DROP TABLESPACE small")
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)  # noqa: S603, S607
