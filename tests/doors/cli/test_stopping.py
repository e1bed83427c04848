"""`loop28 serve` stops under load: what was begun is answered, and what was answered stays."""

import json
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from django.db import connection, transaction

from loop28.back.people import actions as people
from loop28.doors.cli.children import Child, look_after
from loop28.front.tasks.models import Happening
from loop28.kernel.access import SYSTEM
from tests import races
from tests.doors.cli.installation import free_port, wait_for
from tests.factories import member

MACHINES = 12
LOAD = 1.5  # seconds


@pytest.fixture
def environment(transactional_db: None) -> dict[str, str]:
    """The database of this test, whose tables are made already."""
    return races.environment() | {"PYTHONUNBUFFERED": "1"}


def _machine(
    port: int, member: int, key: str, numbers: "count[int]", stopped: threading.Event
) -> tuple[set[str], set[str]]:
    """Tells one fact after the other until nobody listens any more: what was taken in, and what was
    begun before the stop and got no answer.
    """
    taken: set[str] = set()
    cut: set[str] = set()
    while True:
        before = not stopped.is_set()
        number = str(next(numbers))
        at = "2026-03-02T19:30:00+08:00"
        told = {"facts": [{"key": number, "kind": "seen", "member": member, "at": at}]}
        line = HTTPConnection("localhost", port, timeout=60)
        try:
            line.connect()
        except OSError:
            return taken, cut
        try:
            headers = {"Authorization": f"Bearer {key}", "Connection": "close"}
            line.request("POST", "/api/facts", json.dumps(told), headers)
            answer = line.getresponse()
            if answer.status == 200:
                assert json.loads(answer.read())["results"][0]["outcome"] == "kept"
                taken.add(number)
        except (OSError, HTTPException):
            if before:
                cut.add(number)
            # Otherwise it came when the door was shut: then it must not have been taken in.
        finally:
            line.close()


@contextmanager
def _nobody_writes() -> Iterator[None]:
    """While this lasts, whoever tells a fact waits for its commit."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE tasks_happening IN EXCLUSIVE MODE")
        yield


def _slow_clients(port: int) -> list[socket.socket]:
    """One that never ends its request, one that never ends its body, one that never reads."""
    begun = [
        b"GET /console/sign-in HTTP/1.1\r\nHost: local",
        b"POST /api/facts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{",
        b"GET /static/ui/console.css HTTP/1.1\r\nHost: localhost\r\n\r\n" * 400,
    ]
    lines = []
    for sent in begun:
        line = socket.create_connection(("127.0.0.1", port))
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.sendall(sent)
        lines.append(line)
    return lines


def test_under_load_nothing_that_was_answered_is_lost_and_nothing_that_was_begun_is_cut(
    start: Callable[..., Any], tmp_path: Path
) -> None:
    port = free_port()
    serve = start("serve", "--port", str(port))
    wait_for(lambda: urlopen(f"http://localhost:{port}/readyz").status == 200)
    somebody, key = member().pk, people.make_key(SYSTEM, "till")
    slow = _slow_clients(port)
    numbers, stopped = count(), threading.Event()
    with ThreadPoolExecutor(MACHINES) as pool:
        machines = [
            pool.submit(_machine, port, somebody, key, numbers, stopped) for _ in range(MACHINES)
        ]
        time.sleep(LOAD)
        with _nobody_writes():
            time.sleep(1)  # now each machine waits in the middle of a request
            stopped.set()
            began = time.monotonic()
            serve.send_signal(signal.SIGTERM)
            time.sleep(1)
        assert serve.wait(60) == 0
        assert time.monotonic() - began < 30
        answered = set().union(*(machine.result()[0] for machine in machines))
        cut = set().union(*(machine.result()[1] for machine in machines))
    for line in slow:
        line.close()
    assert cut == set()
    assert "killed" not in (tmp_path / "out").read_text()
    assert len(answered) > MACHINES
    kept = Happening.objects.values_list("key", flat=True)
    assert {name.rpartition(":")[2] for name in kept} == answered


def test_who_does_not_end_is_killed_and_the_exit_code_says_so(monkeypatch, capfd) -> None:
    monkeypatch.setattr("loop28.doors.cli.children.PATIENCE", 0.5)
    monkeypatch.setattr(threading, "Event", _Stopped)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    deaf = "import signal, time; signal.signal(15, lambda *_: None); print(1, flush=True); "
    child = Child("deaf one", [sys.executable, "-c", deaf + "time.sleep(60)"], {})
    wait_for(lambda: capfd.readouterr().out)
    assert look_after([child]) == 1
    assert "The deaf one did not end in time and was killed." in capfd.readouterr().err
    assert child.ended


class _Stopped:
    """An event that is set from the beginning."""

    def set(self) -> None: ...

    def wait(self, seconds: float) -> bool:
        return True
