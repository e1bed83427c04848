"""A whole installation in processes of its own, on a database of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import HTTPCookieProcessor, build_opener, urlopen

import psycopg
import pytest
from django.db import connection

from loop28.doors.cli.children import TOO_SOON

COMMAND = [sys.executable, "-m", "loop28.doors.cli.main"]
SECONDS = 120


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An empty database of the kind under test, and a home of its own."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("LOOP28_")}
    kept |= {"LOOP28_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    if connection.vendor == "sqlite":
        yield kept
        return
    cluster = os.environ["LOOP28_TEST_POSTGRES"]
    name = f"serving_{tmp_path.name}_{os.getpid()}".replace("-", "_").lower()
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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(what: Callable[[], Any]) -> Any:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        with suppress(OSError, URLError):
            if found := what():
                return found
        time.sleep(0.1)
    pytest.fail(f"waited {SECONDS} seconds")


def _children(pid: int) -> list[int]:
    return [
        int(child)
        for task in Path(f"/proc/{pid}/task").glob("*/children")
        for child in task.read_text().split()
    ]


def _gone(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"


def test_an_empty_installation_serves_says_what_to_do_first_and_is_alone_on_sqlite(
    start: Callable[..., Any], tmp_path: Path
) -> None:
    port = _free_port()
    serve = start("serve", "--port", str(port))
    out = tmp_path / "out"
    link = _wait_for(lambda: re.search(r"http://\S+/console/enter/\S+", out.read_text()))[0]
    assert link.startswith(f"http://localhost:{port}/")
    _wait_for(lambda: urlopen(f"http://localhost:{port}/console/sign-in").status == 200)
    browser = build_opener(HTTPCookieProcessor())
    with browser.open(link) as page:
        assert page.url.endswith("/console/password")
    with pytest.raises(URLError, match="410"):
        browser.open(link)
    other = start("worker", out="other")
    if connection.vendor == "sqlite":
        assert other.wait(SECONDS) == 1
        assert "On SQLite one is enough" in (tmp_path / "other").read_text()
    else:
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(3)
        other.terminate()
        assert other.wait(SECONDS) == 0
    serve.send_signal(signal.SIGINT)
    assert serve.wait(SECONDS) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children")
def test_who_is_killed_is_started_again_and_nothing_outlives_the_parent(
    start: Callable[..., Any],
) -> None:
    port = _free_port()
    serve = start("serve", "--port", str(port))
    page = f"http://localhost:{port}/console/sign-in"
    _wait_for(lambda: urlopen(page).status == 200)
    time.sleep(TOO_SOON + 1)  # who ends sooner after its start is not started again
    before = _children(serve.pid)
    assert len(before) == 2
    for child in before:
        os.kill(child, signal.SIGKILL)
    _wait_for(lambda: len(after := _children(serve.pid)) == 2 and not set(after) & set(before))
    _wait_for(lambda: urlopen(page).status == 200)
    family = [serve.pid, *(g for c in _children(serve.pid) for g in (c, *_children(c)))]
    serve.kill()
    serve.wait()
    _wait_for(lambda: all(map(_gone, family)))


def test_several_processes_on_sqlite_and_a_worker_without_tables_are_refused(
    environment: dict[str, str],
) -> None:
    if connection.vendor == "sqlite":
        assert _run(environment, "serve", "--processes", "2").returncode == 2
    refused = _run(environment, "worker")
    assert (refused.returncode, b"loop28 migrate" in refused.stderr) == (1, True)
    refused = _run(environment, "staff", "link", "admin")
    assert (refused.returncode, b"loop28 migrate" in refused.stderr) == (1, True)


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql://localhost/x", "sqlite://", "sqlite:////no/such/folder/x"]
)
def test_a_database_that_cannot_be_is_refused_in_one_line(
    environment: dict[str, str], url: str
) -> None:
    refused = _run(environment, "audit", "--db", url)
    assert refused.returncode == 1
    assert refused.stderr.count(b"\n") == 1


def _run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603
        [*COMMAND, *arguments], env=environment, capture_output=True, check=False, timeout=SECONDS
    )
