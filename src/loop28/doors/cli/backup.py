"""``loop28 backup`` and ``loop28 restore``: everything of an installation in one file, and back."""

import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

import click
from django.conf import settings
from django.db import connection

from loop28.doors.cli import serving
from loop28.doors.cli.tables import Tables, tables
from loop28.insight import audit
from loop28.kernel import clock

MANIFEST, SECRET, DATABASE, UPLOADS = "manifest.json", "secret-key", "database", "uploads"
FORMAT = 1
"""Grows when a file of this program can no longer be read by an older one."""


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write database, uploads and secret key into FILE, while people go on working.

    What was committed before the command began is in it. FILE opens every account: keep it as safe
    as the installation itself.
    """
    if file.exists():
        raise click.ClickException(f"{file} is there already. Choose another name.")
    with _scratch(file.resolve().parent) as folder:
        whole = folder / "whole"
        with whole.open("xb") as out:
            whole.chmod(0o600)
            _pack(out, folder)
            os.fsync(out.fileno())
        os.link(whole, file)  # whole or not at all, and never over another
    click.echo(f"{file} holds everything: {file.stat().st_size:,} bytes.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Fill this empty installation from FILE, erase again who was erased since, audit its books.

    Refuses when there are tables already: nothing is ever written over. The copy and the original
    must not both work on: stop the one before the other starts.
    """
    with serving.alone(), _scratch(settings.HOME) as folder:
        _unpack(file, folder)
        if connection.introspection.table_names():
            raise click.ClickException("This database has tables already. Take an empty one.")
        connection.close()
        _load(folder / DATABASE)
        # With its own key the installation knows its people's links and phones again.
        os.replace(folder / SECRET, settings.HOME / SECRET)
        if (folder / UPLOADS).exists():
            os.replace(folder / UPLOADS, settings.HOME / UPLOADS)
        settings.SECRET_KEY = (settings.HOME / SECRET).read_text()
    _report()


def _pack(out: IO[bytes], folder: Path) -> None:
    """Uploads after the database: what a row names is there."""
    _dump(folder / DATABASE)
    (folder / MANIFEST).write_text(json.dumps(_manifest()))
    parts = {
        MANIFEST: folder / MANIFEST,
        SECRET: settings.HOME / SECRET,
        DATABASE: folder / DATABASE,
        UPLOADS: settings.HOME / UPLOADS,
    }
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, part in parts.items():
            if part.exists():
                tar.add(part, name)


def _unpack(file: Path, folder: Path) -> None:
    """Everything of a backup into a folder; refuses what is none, or one of another kind."""
    try:
        with tarfile.open(file) as tar:
            extract(tar, folder.resolve())
        manifest = json.loads((folder / MANIFEST).read_text())
    except (tarfile.TarError, OSError, ValueError) as error:
        raise click.ClickException(f"{file} is no whole backup of Loop28: {error}") from None
    _refuse_foreign(manifest)


def extract(tar: tarfile.TarFile, folder: Path) -> None:
    """Write its files and folders, none outside of ``folder``; raises TarError at anything else.

    The filter that tarfile has for this is missing in Python 3.11.2, which is Debian 12's.
    """
    for part in tar:
        there = (folder / part.name).resolve()
        packed = tar.extractfile(part) if part.isreg() else None
        if not there.is_relative_to(folder) or not (packed or part.isdir()):
            raise tarfile.TarError(f"{part.name} is neither a file nor a folder of it")
        there.parent.mkdir(parents=True, exist_ok=True)
        if packed is None:
            there.mkdir(exist_ok=True)
        else:
            with packed, there.open("xb") as out:
                shutil.copyfileobj(packed, out)


def _manifest() -> dict[str, Any]:
    return {
        "format": FORMAT,
        "kind": connection.vendor,
        "program": version("loop28"),
        "at": clock.now().isoformat(),
    }


def _refuse_foreign(told: dict[str, Any]) -> None:
    if told["format"] > FORMAT:
        raise click.ClickException(
            f"Written by Loop28 {told['program']}: take that or a later one."
        )
    if told["kind"] != connection.vendor:
        raise click.ClickException(
            f"The backup is of {told['kind']}, this database is {connection.vendor}. "
            "Set LOOP28_DATABASE_URL to a database of the same kind."
        )


def _dump(into: Path) -> None:
    """The database as it is at one moment."""
    if connection.vendor == "sqlite":
        # A copy of the file could be torn; this waits for its turn and reads one state.
        source = sqlite3.connect(str(settings.DATABASES["default"]["NAME"]), timeout=60)
        try:
            source.execute("VACUUM INTO ?", [str(into)])
        finally:
            source.close()
        return
    _postgresql("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={into}")


def _load(dump: Path) -> None:
    if connection.vendor == "sqlite":
        shutil.move(dump, settings.DATABASES["default"]["NAME"])
        return
    name = connection.settings_dict["NAME"]
    whole = ("--single-transaction", "--exit-on-error", "--no-owner", f"--dbname={name}")
    _postgresql("pg_restore", *whole, str(dump))


def _postgresql(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs; where to connect, and the password, go in secret."""
    found = shutil.which(program)
    if found is None:
        raise click.ClickException(
            f"{program} is not installed. It comes with PostgreSQL's client programs."
        )
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    there = connection.settings_dict
    where = {key: str(there[name]) for key, name in names.items() if there.get(name)}
    environment = os.environ | where | {"PGDATABASE": there["NAME"]}
    done = subprocess.run(  # noqa: S603
        [found, *arguments], env=environment, stderr=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise click.ClickException(f"{program} failed: {done.stderr.strip()}")


def _report() -> None:
    found = tables()
    if found is not Tables.FIT:
        click.echo(f"Restored. {found.value}")
        return
    serving.erase_again()
    differences = audit.differences()
    for difference in differences:
        click.echo(difference)
    if differences:
        raise click.ClickException("Restored, but the books have differences.")
    click.echo("Restored. The books are clean.")


@contextmanager
def _scratch(beside: Path) -> Iterator[Path]:
    """A private folder on the disk on which the result will be, so that it can be moved whole."""
    with tempfile.TemporaryDirectory(prefix=".loop28-", dir=beside) as folder:
        yield Path(folder)
