"""Backup and restore, as an operator does them: with processes, files and people at work."""

import json
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from loop28.doors.cli import backup
from tests.conftest import IN_CI
from tests.doors.cli.installation import run

POSTGRESQL = connection.vendor == "postgresql"

TABLES = (
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    if POSTGRESQL
    else "SELECT name FROM sqlite_master"
)

pytestmark = pytest.mark.skipif(
    POSTGRESQL and not IN_CI and shutil.which("pg_dump") is None,
    reason="needs PostgreSQL's client programs",
)


@contextmanager
def _open(environment: dict[str, str]) -> Iterator[Any]:
    if POSTGRESQL:
        with psycopg.connect(environment["LOOP28_DATABASE_URL"], autocommit=True) as link:
            yield link
        return
    file = Path(environment["LOOP28_HOME"], "loop28.sqlite3")
    with closing(sqlite3.connect(file, timeout=60, isolation_level=None)) as link:
        yield link


def _regions(environment: dict[str, str]) -> set[str]:
    with _open(environment) as link:
        return {code for (code,) in link.execute("SELECT code FROM people_region")}


def _found(environment: dict[str, str], code: str) -> None:
    mark = "%s" if POSTGRESQL else "?"
    columns = "code, name, zone, weekly_lines"
    statement = f"INSERT INTO people_region ({columns}) VALUES ({mark}, {mark}, 'UTC', 1)"  # noqa: S608
    with _open(environment) as link:
        link.execute(statement, (code, f"Region {code}"))


@pytest.fixture
def filled(furnished: dict[str, str]) -> dict[str, str]:
    _found(furnished, "HD")
    return furnished


def test_what_was_there_before_a_backup_began_is_back_though_people_went_on_working(
    filled: dict[str, str], another: dict[str, str], tmp_path: Path
) -> None:
    stop, written = threading.Event(), ["HD"]

    def work() -> None:
        while not stop.is_set():
            code = f"N{len(written)}"
            _found(filled, code)
            written.append(code)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        before = set(written)
        kept = run(filled, "backup", str(tmp_path / "kept"))
    finally:
        stop.set()
        worker.join()
    assert kept.returncode == 0, kept.stderr
    back = run(another, "restore", str(tmp_path / "kept"))
    assert back.returncode == 0, back.stderr
    assert b"The books are clean" in back.stdout
    assert before <= _regions(another) <= set(written)
    secrets = [Path(env["LOOP28_HOME"], "secret-key").read_text() for env in (filled, another)]
    assert secrets[0] == secrets[1]


def test_uploads_come_back_and_the_file_is_for_nobody_else_to_read(
    filled: dict[str, str], another: dict[str, str], tmp_path: Path
) -> None:
    photo = Path("uploads", "events", "1.webp")
    there = filled["LOOP28_HOME"] / photo
    there.parent.mkdir(parents=True)
    there.write_bytes(b"picture")
    assert run(filled, "backup", str(tmp_path / "kept")).returncode == 0
    assert (tmp_path / "kept").stat().st_mode & 0o077 == 0
    assert run(another, "restore", str(tmp_path / "kept")).returncode == 0
    assert (another["LOOP28_HOME"] / photo).read_bytes() == b"picture"


def test_nothing_is_ever_written_over(filled: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "kept"
    assert run(filled, "backup", str(file)).returncode == 0
    kept = file.read_bytes()
    again = run(filled, "backup", str(file))
    assert (again.returncode, b"there already" in again.stderr) == (1, True)
    _found(filled, "HN")
    refused = run(filled, "restore", str(file))
    assert (refused.returncode, b"has tables already" in refused.stderr) == (1, True)
    assert _regions(filled) == {"HD", "HN"}
    assert file.read_bytes() == kept
    assert not list(tmp_path.glob(".loop28-*"))


def _of_a_later_format(file: Path) -> None:
    manifest = {"format": 99, "kind": connection.vendor, "program": "99.0", "at": ""}
    told = file.with_suffix(".json")
    told.write_text(json.dumps(manifest))
    with tarfile.open(file, "w") as tar:
        tar.add(told, "manifest.json")


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda file: file.write_bytes(b"no backup at all"), b"no whole backup"),
        (lambda file: file.write_bytes(file.read_bytes()[:3000]), b"no whole backup"),
        (_of_a_later_format, b"take that or a later one"),
    ],
    ids=["nonsense", "cut short", "of a later format"],
)
def test_what_is_no_whole_backup_of_ours_is_refused_and_the_installation_stays_empty(
    filled: dict[str, str], another: dict[str, str], tmp_path: Path, damage: Any, says: bytes
) -> None:
    file = tmp_path / "kept"
    assert run(filled, "backup", str(file)).returncode == 0
    damage(file)
    refused = run(another, "restore", str(file))
    assert (refused.returncode, says in refused.stderr) == (1, True), refused.stderr
    with _open(another) as link:
        assert link.execute(TABLES).fetchall() == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [("../out", tarfile.REGTYPE), ("/tmp/out", tarfile.REGTYPE), ("link", tarfile.SYMTYPE)],  # noqa: S108
)
def test_a_file_that_leads_out_of_a_backup_is_not_written(
    tmp_path: Path, name: str, kind: bytes
) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    part = tarfile.TarInfo(name)
    part.type, part.linkname = kind, "/etc"
    with tarfile.open(tmp_path / "kept", "w") as tar:
        tar.addfile(part)
    with tarfile.open(tmp_path / "kept") as tar, pytest.raises(tarfile.TarError, match="neither"):
        backup.extract(tar, inside)
    assert list(inside.iterdir()) == []


_JOIN = """
from loop28.kernel.access import SYSTEM
from loop28.middle.members import actions
actions.register(SYSTEM, "欧阳芳华", adult=True, consent=True)
"""
_ERASE = """
from loop28.front.privacy import actions
from loop28.kernel.access import SYSTEM
actions.erase(SYSTEM, [1])
"""


def _python(environment: dict[str, str], script: str) -> None:
    program = f"import django; django.setup()\n{script}"
    settings = {"DJANGO_SETTINGS_MODULE": "loop28.settings"}
    subprocess.run([sys.executable, "-c", program], env=environment | settings, check=True)  # noqa: S603


def _names(environment: dict[str, str]) -> list[str]:
    with _open(environment) as link:
        return [name for (name,) in link.execute("SELECT name FROM members_member ORDER BY id")]


def test_a_backup_from_before_brings_nobody_back_who_was_erased_since(
    filled: dict[str, str], another: dict[str, str], tmp_path: Path
) -> None:
    one_register = {"LOOP28_ERASED": str(tmp_path / "erased")}
    _python(filled, _JOIN)
    assert run(filled, "backup", str(tmp_path / "kept")).returncode == 0
    _python(filled | one_register, _ERASE)
    back = run(another | one_register, "restore", str(tmp_path / "kept"))
    assert back.returncode == 0, back.stderr
    assert b"Erased again" in back.stdout
    assert b"The books are clean" in back.stdout
    assert _names(another) == ["已注销"]
    assert "欧阳" not in (tmp_path / "erased").read_text()
    if not POSTGRESQL:
        file = Path(another["LOOP28_HOME"], "loop28.sqlite3")
        assert "欧阳芳华".encode() not in file.read_bytes()
