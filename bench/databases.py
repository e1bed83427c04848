"""Fresh databases by the dozen, and pgbench as the yardstick of this machine in these minutes."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

import psycopg

from bench.figures import POSTGRESQL, SQLITE
from tools.scratch_postgres import ScratchPostgres, find_binaries, scratch_postgres

CLIENTS = 4


class Databases:
    """A scratch home with a database of each kind, migrated once; every measurement gets a copy.

    ``scale`` is pgbench's: so many hundred thousand rows for its four clients to hit. Without an
    installed PostgreSQL there are only SQLite's, and no yardstick. What nobody wants is not made.
    """

    def __init__(self, scale: int) -> None:
        self._scale = scale

    def __enter__(self) -> "Databases":
        self._stack = ExitStack()
        self.home = Path(self._stack.enter_context(TemporaryDirectory(prefix="loop28-bench-")))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    @property
    def kinds(self) -> tuple[str, ...]:
        return (SQLITE, POSTGRESQL) if find_binaries() else (SQLITE,)

    @contextmanager
    def fresh(self, kind: str) -> Iterator[dict[str, str]]:
        """The environment of a process that works on an empty, migrated database of its own."""
        if kind == SQLITE:
            shutil.copy(self._sqlite_template, self._file("run"))
            try:
                yield self._environment(f"sqlite:///{self._file('run')}")
            finally:
                for leftover in self.home.glob("run.sqlite3*"):
                    leftover.unlink()
        else:
            self._create("run", template=self._postgres_template)
            try:
                yield self._environment(self._address("run"))
            finally:
                self._psql("DROP DATABASE run WITH (FORCE)")

    def pgbench(self, seconds: int) -> float | None:
        """Transactions a second of pgbench's simple update with four clients."""
        if not find_binaries():
            return None
        load = ["-N", "-c", str(CLIENTS), "-j", "2", "-T", str(seconds)]
        said = self._run_pgbench(*load, database=self._pgbench_tables)
        found = re.search(r"tps = ([\d.]+)", said)
        if found is None:
            raise RuntimeError(f"pgbench says no figure: {said}")
        return float(found[1])

    @cached_property
    def _sqlite_template(self) -> Path:
        file = self._file("template")
        self._migrate(f"sqlite:///{file}")
        return file

    @cached_property
    def _postgres_template(self) -> str:
        self._create("template")
        self._migrate(self._address("template"))
        return "template"

    @cached_property
    def _pgbench_tables(self) -> str:
        self._create("pgbench")
        self._run_pgbench("-i", "-q", "-s", str(self._scale), database="pgbench")
        return "pgbench"

    @cached_property
    def _postgres(self) -> ScratchPostgres:
        return self._stack.enter_context(scratch_postgres())

    def _file(self, name: str) -> Path:
        return self.home / f"{name}.sqlite3"

    def _address(self, name: str) -> str:
        return self._postgres.url.removesuffix("/postgres") + f"/{name}"

    def _environment(self, url: str) -> dict[str, str]:
        ours = {"LOOP28_HOME": str(self.home), "LOOP28_DATABASE_URL": url}
        return {"DJANGO_SETTINGS_MODULE": "loop28.settings", **os.environ, **ours}

    def _migrate(self, url: str) -> None:
        command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
        subprocess.run(command, check=True, env=self._environment(url))

    def _create(self, name: str, template: str = "template0") -> None:
        self._psql(f"CREATE DATABASE {name} TEMPLATE {template}")

    def _psql(self, statement: str) -> None:
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _run_pgbench(self, *arguments: str, database: str) -> str:
        program = str(self._postgres.binaries / "pgbench")
        command = [program, *arguments, self._address(database)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout
