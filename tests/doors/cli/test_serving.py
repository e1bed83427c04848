"""A whole installation in processes of its own, on a database of its own."""

import os
import re
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPCookieProcessor, build_opener, urlopen

import psycopg
import pytest
from django.db import connection

from loop28.back.people import actions as people
from loop28.doors.cli import serving
from loop28.doors.cli.children import TOO_SOON
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Role
from tests.doors.cli.installation import SECONDS, free_port, run, wait_for


def _children(pid: int) -> list[int]:
    return [
        int(child)
        for task in Path(f"/proc/{pid}/task").glob("*/children")
        for child in task.read_text().split()
    ]


def _ready(port: int) -> int:
    """How /readyz answers."""
    try:
        return int(urlopen(f"http://localhost:{port}/readyz").status)
    except HTTPError as error:
        return int(error.code)


def _workers(environment: dict[str, str]) -> int:
    with psycopg.connect(environment["LOOP28_DATABASE_URL"]) as database:
        return len(database.execute("SELECT worker FROM jobs_pulse").fetchall())


def _gone(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"


def test_an_empty_installation_serves_says_what_to_do_first_and_is_alone_on_sqlite(
    start: Callable[..., Any], environment: dict[str, str], tmp_path: Path
) -> None:
    port = free_port()
    serve = start("serve", "--port", str(port))
    wait_for(lambda: urlopen(f"http://localhost:{port}/console/sign-in").status == 200)
    said = (tmp_path / "out").read_text()
    assert said.startswith(f"Loop28 is at http://localhost:{port}/ until")
    assert "/console/enter/" not in said, "a journal keeps it"
    (command,) = re.findall(r"`loop28 (staff link \w+)`", said)
    here = environment | {"LOOP28_URL": f"http://localhost:{port}"}
    link = run(here, *command.split()).stdout.decode().strip()
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
        wait_for(lambda: _workers(environment) == 2)
        other.terminate()
        assert other.wait(SECONDS) == 0
    serve.send_signal(signal.SIGINT)
    assert serve.wait(SECONDS) == 0


@pytest.mark.parametrize("rehearsed", [True, False])
def test_a_log_is_told_the_way_in_where_nobody_is_real(
    db: None, monkeypatch: pytest.MonkeyPatch, rehearsed: bool
) -> None:
    people.add_staff(SYSTEM, "admin", "Ada", Role.ADMINISTRATOR)
    monkeypatch.setattr(clock, "is_rehearsed", lambda: rehearsed)
    assert ("http://here/console/enter/" in serving._welcome("http://here")) is rehearsed


@pytest.mark.usefixtures("furnished")
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children")
def test_who_is_killed_is_started_again_and_nothing_outlives_the_parent(
    start: Callable[..., Any],
) -> None:
    port = free_port()
    serve = start("serve", "--port", str(port))
    wait_for(lambda: _ready(port) == 200)
    time.sleep(TOO_SOON + 1)  # who ends sooner after its start is not started again
    before = _children(serve.pid)
    assert len(before) == 2
    for child in before:
        os.kill(child, signal.SIGKILL)
    wait_for(lambda: len(after := _children(serve.pid)) == 2 and not set(after) & set(before))
    wait_for(lambda: _ready(port) == 200)
    family = [serve.pid, *(g for c in _children(serve.pid) for g in (c, *_children(c)))]
    serve.kill()
    serve.wait()
    wait_for(lambda: all(map(_gone, family)))


@pytest.mark.usefixtures("furnished")
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children")
def test_a_worker_that_hangs_is_seen_from_outside_also_beside_one_that_works(
    start: Callable[..., Any], environment: dict[str, str]
) -> None:
    port = free_port()
    serve = start("serve", "--port", str(port))
    wait_for(lambda: _ready(port) == 200)
    if connection.vendor == "postgresql":
        other = start("worker", out="other")
        wait_for(lambda: _workers(environment) == 2)
    (worker,) = [
        child
        for child in _children(serve.pid)
        if b"\0worker\0" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]
    os.kill(worker, signal.SIGSTOP)
    wait_for(lambda: _ready(port) == 503)
    os.kill(worker, signal.SIGCONT)
    wait_for(lambda: _ready(port) == 200)
    if connection.vendor == "postgresql":
        other.terminate()
        assert other.wait(SECONDS) == 0
        assert _workers(environment) == 1


def test_several_processes_on_sqlite_and_a_worker_without_tables_are_refused(
    environment: dict[str, str],
) -> None:
    if connection.vendor == "sqlite":
        assert run(environment, "serve", "--processes", "2").returncode == 2
    refused = run(environment, "worker")
    assert (refused.returncode, b"loop28 migrate" in refused.stderr) == (1, True)
    refused = run(environment, "staff", "link", "admin")
    assert (refused.returncode, b"loop28 migrate" in refused.stderr) == (1, True)


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql://localhost/x", "sqlite://", "sqlite:////no/such/folder/x"]
)
def test_a_database_that_cannot_be_is_refused_in_one_line(
    environment: dict[str, str], url: str
) -> None:
    refused = run(environment, "audit", "--db", url)
    assert refused.returncode == 1
    assert refused.stderr.count(b"\n") == 1
