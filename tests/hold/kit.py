"""What the tests of this folder share: processes to kill, pictures of a database, large packets."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from queue import Queue
from random import Random
from typing import Any

import pytest
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection

from loop28.front.groups import actions as groups
from loop28.front.lines.models import Beat, Line, Phase
from loop28.insight import audit
from loop28.kernel import clock
from tests.races import environment, together


class Stage:
    """The test's side of `stage.py`: begins lives, hears what they acknowledge, ends them."""

    def __init__(self, script: str = "tests.hold.stage", url: str = "") -> None:
        """On the test database, or on the one that the URL names."""
        self.player = 0
        self.exit_code: int | None = None
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment() | ({"LOOP28_DATABASE_URL": url} if url else {}),
            text=True,
        )
        self._said: Queue[Any] = Queue()
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()
        assert self._next() == "ready"

    def close(self) -> None:
        self.clear()
        assert self._process.stdin is not None
        self._process.stdin.close()  # its last command: it ends
        self._process.wait()
        self._listener.join()

    def clear(self) -> None:
        """End the life that a test left behind, whatever it waits for."""
        if self.player:
            self.send(signal.SIGKILL)
            self.rest()

    def begin(self, part: str, **arguments: object) -> None:
        self._write(json.dumps([part, arguments]))
        began, self.player = self._next()
        assert began == "began"

    def hear(self) -> Any:
        """What the player says next; None when its life has ended."""
        said = self._next()
        match said:
            case ["ended", exit_code]:
                self.player, self.exit_code = 0, exit_code
                self._write("bury")
                return None
        return said

    def rest(self) -> list[Any]:
        """All it says until its life ends."""
        return list(iter(self.hear, None))

    def send(self, sent: signal.Signals) -> None:
        os.kill(self.player, sent)

    def kill_at_random(self, chance: Random) -> list[Any]:
        """Let it get somewhere, then kill it wherever it is; what it acknowledged."""
        heard: list[Any] = []
        for _ in range(chance.randint(0, 6)):
            said = self.hear()
            if said is None:
                return heard
            heard.append(said)
        time.sleep(chance.uniform(0, 0.03))
        self.send(signal.SIGKILL)
        return heard + self.rest()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as said:
            for line in said:
                self._said.put(json.loads(line))

    def _next(self) -> Any:
        return self._said.get(timeout=60)  # a test that waits for ever says nothing

    def _write(self, line: str) -> None:
        assert self._process.stdin is not None
        print(line, file=self._process.stdin, flush=True)


def do_through_kills(stage: Stage, deeds: list[Any], chance: Random) -> dict[int, Any]:
    """A web process that dies again and again, and its successors; the first answer of each deed.

    A successor begins with the deed that was not acknowledged: that is what people do who got no
    answer.
    """
    answers: dict[int, Any] = {}
    while len(answers) < len(deeds):
        stage.begin("do", deeds=deeds, start=len(answers))
        for number, answer in stage.kill_at_random(chance):
            answers.setdefault(number, answer)
        assert stage.exit_code in {0, signal.SIGKILL}
    return answers


def work_through_kills(stage: Stage, at: datetime, until: datetime, chance: Random) -> None:
    """A worker that dies again and again, and its successors, who come at once."""
    moment = at.isoformat()
    stage.begin("work", at=moment, until=until.isoformat())
    while True:
        for said in stage.kill_at_random(chance):
            moment = said
        assert stage.exit_code in {0, signal.SIGKILL}
        if moment == until.isoformat():
            break
        stage.begin("work", at=moment, until=until.isoformat())


_own = threading.local()


@contextmanager
def own_time(moment: datetime) -> Iterator[None]:
    """This thread's own time, whatever the clock of the others says: they read it apart."""
    _own.moment = moment
    try:
        yield
    finally:
        _own.moment = None


@contextmanager
def undelivered() -> Iterator[None]:
    """As if every process died right after its commits: what is sent stays in the outbox."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(groups, "deliver", lambda actor: 0)
        yield


def let_threads_have_their_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    common = clock.now
    monkeypatch.setattr(clock, "now", lambda: getattr(_own, "moment", None) or common())


def assert_books_are_exact() -> None:
    assert audit.differences() == []


def packet_beat(
    line: Line,
    key: str,
    at: datetime,
    *,
    total: int = 1000,
    shares: int = 10,
    split: str = "random",
    expires: int = 7200,
) -> Beat:
    """One more packet in a line's calendar, of any size."""
    payload = {
        "title": key,
        "total": total,
        "shares": shares,
        "split": split,
        "expires": expires,
    }
    return Beat.objects.create(
        line=line,
        phase=Phase.objects.get(line=line, number=1),
        key=key,
        kind="packet",
        day=1,
        due_at=at,
        by_host=False,
        payload=payload,
    )


def picture() -> dict[str, Any]:
    """Every row of every table, or its digest, by table: to be compared with a later picture."""
    tables = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                " UNION ALL ".join(
                    f"SELECT '{t}', md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM {t} t"  # noqa: S608
                    for t in tables
                )
            )
            return dict(cursor.fetchall())
        return {
            table: cursor.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()  # noqa: S608
            for table in tables
        }


def differing(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """The tables in which two pictures are not the same."""
    return [table for table in one if one[table] != other[table]]


def give_ids_out_again() -> None:
    """Let PostgreSQL number new rows as if what was rolled back had never been numbered."""
    models = apps.get_models(include_auto_created=True)
    if statements := connection.ops.sequence_reset_sql(no_style(), models):
        with connection.cursor() as cursor:
            cursor.execute("".join(statements))


def in_between(slow: Callable[[], Any], look: str, quick: Callable[[], Any]) -> list[Any]:
    """Let ``quick`` happen while ``slow`` stands still after its first statement with ``look``.

    In the statement or in its parameters. On SQLite, and where a lock says so, the quick one has to
    wait instead; then the slow one goes on after a moment. What both returned or, as a value,
    raised.
    """
    looked, over = threading.Event(), threading.Event()

    def linger(
        execute: Callable[..., Any], statement: str, parameters: Any, *arguments: Any
    ) -> Any:
        answer = execute(statement, parameters, *arguments)
        if look in f"{statement} {parameters!r}" and not looked.is_set():
            looked.set()
            over.wait(0.2)
        return answer

    def slowly() -> Any:
        try:
            with connection.execute_wrapper(linger):
                return slow()
        finally:
            looked.set()

    def quickly() -> Any:
        try:
            looked.wait(10)
            return quick()
        finally:
            over.set()

    return together(slowly, quickly)


@contextmanager
def breaking(statement: int, error: Callable[[], Exception]) -> Iterator[list[int]]:
    """Raise before the given statement, counted from 1, once; yields how many are still to come."""
    left = [statement]

    def count(execute: Callable[..., Any], *arguments: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            raise error()
        return execute(*arguments)

    with connection.execute_wrapper(count):
        yield left
