"""The web server as it runs in production, and the CPU that a tree of processes has used."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from loop28.doors.cli import serving

START_SECONDS = 120


@contextmanager
def web_server() -> Iterator[tuple[int, int]]:
    """The pages over this process's database, as `loop28 serve` runs them.

    Yields the port and the number of the process that leads the others.
    """
    port = free_port()
    command = serving.web_server("127.0.0.1", port, serving.PROCESSES[connection.vendor])
    with subprocess.Popen(command, stdout=sys.stderr) as server:
        try:
            wait_for(port)
            yield port, server.pid
        finally:
            server.terminate()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    """Until every web process has answered, most likely: the first answers load what is needed."""
    end = time.monotonic() + START_SECONDS
    answered = 0
    while answered < 20:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=START_SECONDS) as link:
                link.sendall(b"GET /consent HTTP/1.1\r\nHost: localhost\r\n\r\n")
                answered += bool(link.recv(65536))
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def database_server() -> list[int]:
    """The number of PostgreSQL's first process; none on SQLite, which is inside the web process."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return [_parent_and_ticks(cursor.fetchone()[0])[0]]


def cpu_seconds(root: int) -> float:
    """CPU time of a process and its descendants, with those that are gone already."""
    stats = _processes()
    tree = [root]
    for number in tree:
        tree += [child for child, (parent, _) in stats.items() if parent == number]
    return sum(stats[number][1] for number in tree if number in stats) / os.sysconf("SC_CLK_TCK")


def children(root: int) -> list[int]:
    """The processes that this one has started and not yet waited for."""
    return [child for child, (parent, _) in _processes().items() if parent == root]


def _processes() -> dict[int, tuple[int, int]]:
    found = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]
    return {number: _parent_and_ticks(number) for number in found}


def _parent_and_ticks(number: int) -> tuple[int, int]:
    """From proc(5): the parent, and the ticks in user and kernel mode with those of the dead."""
    try:
        after_name = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0, 0
    return int(after_name[1]), sum(map(int, after_name[11:15]))
