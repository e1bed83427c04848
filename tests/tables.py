"""The tables are made once in a run: the workers of xdist and all installations get copies."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg

FOLDER = "LOOP28_TEST_TABLES"
"""Names the folder that the processes of one run share."""

TEMPLATE = "tables_of_loop28"


def copy_for_pytest(test: dict[str, Any]) -> None:
    """Let the database that pytest is about to set up begin as a copy."""
    if "LOOP28_TEST_POSTGRES" in os.environ:
        test["TEMPLATE"] = _made()
    else:
        copy_into(f"sqlite:///{test['NAME']}")


def copy_into(url: str) -> None:
    """Give a database that has no tables a copy of them. Nobody may be connected to it."""
    made = _made()
    if url.startswith("sqlite:///"):
        shutil.copy(made, url.removeprefix("sqlite:///"))
        return
    name = url.rpartition("/")[2]
    _on_the_cluster(f"DROP DATABASE {name}", f"CREATE DATABASE {name} TEMPLATE {made}")


def _made() -> str:
    """The file or the database to copy. Whoever comes first makes it, and the others wait."""
    folder = Path(os.environ[FOLDER])
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if "LOOP28_TEST_POSTGRES" in os.environ:
            return _on_postgresql(folder / "made")
        return _on_sqlite(folder / f"{TEMPLATE}.sqlite3")


def _on_sqlite(file: Path) -> str:
    if not file.exists():
        making = file.with_suffix(".making")
        _migrate(f"sqlite:///{making}", file.parent)
        making.rename(file)
    return str(file)


def _on_postgresql(mark: Path) -> str:
    if not mark.exists():
        _on_the_cluster(f"DROP DATABASE IF EXISTS {TEMPLATE}", f"CREATE DATABASE {TEMPLATE}")
        cluster = os.environ["LOOP28_TEST_POSTGRES"].rpartition("/")[0]
        _migrate(f"{cluster}/{TEMPLATE}", mark.parent)
        mark.touch()
    return TEMPLATE


def _on_the_cluster(*statements: str) -> None:
    with psycopg.connect(os.environ["LOOP28_TEST_POSTGRES"], autocommit=True) as server:
        for statement in statements:
            server.execute(statement.encode())


def _migrate(url: str, home: Path) -> None:
    ours = {"LOOP28_HOME": str(home), "LOOP28_DATABASE_URL": url}
    command = [sys.executable, "-m", "loop28.doors.cli.main", "migrate"]
    subprocess.run(command, env=os.environ | ours, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
