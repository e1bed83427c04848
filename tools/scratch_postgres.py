"""A PostgreSQL of one's own for as long as a `with` block lasts: for tests and for `bench`.

It listens on a Unix socket in a private folder, so it never meets another server's port or data,
and it keeps PostgreSQL's default durability: what is measured or raced on it is the real thing.
"""

import os
import pwd
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Stops the server and clears up when its input ends. That happens when we close it, and also when
# we are killed without a chance to: a stopped test run leaves no server behind.
GUARD = 'read -r _; "$1/pg_ctl" stop -s -w -m fast -D data; rm -rf "$2"'


@dataclass(frozen=True)
class ScratchPostgres:
    """A running cluster: where Django finds it, and the folder with pgbench, psql and the rest."""

    url: str
    binaries: Path
    folder: Path

    def restart(self, options: str = "") -> None:
        """As after a crash: nothing is finished, nobody is waited for. New options stay."""
        _restart(self.binaries, self.folder, options)


def find_binaries() -> Path | None:
    """Find the newest installed PostgreSQL server: Debian's folders first, then PATH."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(debian, key=lambda path: int(path.parts[-3]), default=None)
    found = newest or shutil.which("initdb", path=f"{os.environ['PATH']}:/usr/local/bin")
    return Path(found).resolve().parent if found else None


@contextmanager
def scratch_postgres() -> Iterator[ScratchPostgres]:
    """Start a cluster, and remove every trace of it at the end.

    Raises FileNotFoundError when no PostgreSQL server is installed.
    """
    binaries = find_binaries()
    if binaries is None:
        raise FileNotFoundError("no PostgreSQL server is installed")
    folder = Path(tempfile.mkdtemp(prefix="loop28-postgres-"))
    as_owner = _as_owner(folder)
    with subprocess.Popen(
        ["sh", "-c", GUARD, "guard", binaries, folder],
        stdin=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C reaches us first; we then close the guard's input
        **as_owner,
    ):
        _start(binaries, folder, as_owner)
        host = str(folder).replace("/", "%2F")
        yield ScratchPostgres(f"postgresql://postgres@{host}/postgres", binaries, folder)


def _start(binaries: Path, folder: Path, as_owner: dict[str, Any]) -> None:
    initdb = "initdb --pgdata=data --no-sync --auth=trust --username=postgres"
    initdb += " --encoding=UTF8 --locale=C"
    # Two crowds of a hundred threads may meet here, and each thread has a connection of its own.
    options = f"{_place(folder)} -c max_connections=400"
    for command in (initdb, f"pg_ctl start -s -w -D data -l log -o '{options}'"):
        _run(binaries, command, as_owner)


def _restart(binaries: Path, folder: Path, options: str) -> None:
    how = f"-o '{_place(folder)} {options}'" if options else ""
    _run(binaries, f"pg_ctl restart -s -w -m immediate -D data -l log {how}", _as_owner(folder))


def _place(folder: Path) -> str:
    return f"-k {folder} -c listen_addresses="


def _run(binaries: Path, command: str, as_owner: dict[str, Any]) -> None:
    program, *arguments = shlex.split(command)
    subprocess.run(
        [binaries / program, *arguments], check=True, stdout=subprocess.DEVNULL, **as_owner
    )


def _as_owner(folder: Path) -> dict[str, Any]:
    """Give the folder to whoever may run a server: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {"cwd": folder}
    users = {user.pw_name: user for user in pwd.getpwall()}
    owner = users.get("postgres") or users["nobody"]
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    return {"cwd": folder, "user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
