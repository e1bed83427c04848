"""Installations in processes of their own, on databases of their own."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests import tables
from tests.doors.cli.installation import COMMAND


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An empty database of the kind under test, and a home of its own."""
    with _installation(tmp_path) as found:
        yield found


@pytest.fixture
def furnished(environment: dict[str, str]) -> dict[str, str]:
    """The same with its tables, as after `loop28 migrate`."""
    file = Path(environment["LOOP28_HOME"], "loop28.sqlite3")
    tables.copy_into(environment.get("LOOP28_DATABASE_URL", f"sqlite:///{file}"))
    return environment


@pytest.fixture
def another(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A second installation, as empty as the first."""
    home = tmp_path / "another"
    home.mkdir()
    with _installation(home) as found:
        yield found


@contextmanager
def _installation(home: Path) -> Iterator[dict[str, str]]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("LOOP28_")}
    kept |= {"LOOP28_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    if connection.vendor == "sqlite":
        yield kept
        return
    cluster = os.environ["LOOP28_TEST_POSTGRES"]
    name = f"of_{home.parent.name}_{home.name}_{os.getpid()}".replace("-", "_").lower()
    with psycopg.connect(cluster, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}".encode())
        yield kept | {"LOOP28_DATABASE_URL": cluster.rpartition("/")[0] + f"/{name}"}
        server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Start a command; whatever the test leaves running is ended after it."""
    running: list[subprocess.Popen[bytes]] = []

    def begin(*arguments: str, out: str = "out") -> subprocess.Popen[bytes]:
        with (tmp_path / out).open("wb") as file:
            process = subprocess.Popen(  # noqa: S603
                [*COMMAND, *arguments], env=environment, stdout=file, stderr=file
            )
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.wait()
