"""The stage of `tests/hold`, with lives that end, or go wrong, exactly where a test says."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from tests.hold import stage  # sets Django up

# isort: split

from django.db import Error, OperationalError, close_old_connections, connection

from loop28.doors.cli import serving
from loop28.front.groups import actions as groups
from loop28.front.lines import jobs
from loop28.front.rewards import actions as rewards
from loop28.front.tasks import telling
from loop28.front.tasks.rules import Happened
from loop28.insight import audit
from loop28.kernel import clock, sql
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.kernel.jobs import work_until
from tests.faults.platter import Disk
from tests.hold.kit import differing, picture

disk: Disk


def die(deed: stage.Deed, after: int) -> None:
    """Somebody's call, ended by kill -9 after so many statements and commits; or it comes through.

    The answer is never given: after the last of them the process ends between commit and answer.
    Who comes through says how many there were.
    """
    with dying(after) as passed:
        stage.answer(deed)
    stage.say(len(passed))


def migrate(after: int) -> None:
    """An upgrade that is ended by kill -9 after so many statements; 0 lets it come through."""
    with dying(after):
        serving.make_tables(verbosity=0)
    stage.say("came through")


@contextmanager
def dying(after: int) -> Iterator[list[None]]:
    """This process is killed after so many statements and commits; yields those that passed."""
    passed: list[None] = []

    def pass_one() -> None:
        passed.append(None)
        if len(passed) == after:
            os.kill(os.getpid(), signal.SIGKILL)

    def count(execute: Callable[..., Any], *arguments: Any) -> Any:
        answer = execute(*arguments)
        pass_one()
        return answer

    commit = connection.commit

    def counted_commit() -> None:
        commit()
        pass_one()

    connection.commit = counted_commit  # type: ignore[method-assign]
    with connection.execute_wrapper(count):
        yield passed


def use(deeds: list[stage.Deed], platter: str, seed: int, cut_at: int, sync: bool) -> None:
    """A web process over a disk of ours; what fails there is its answer, and it goes on."""
    global disk
    disk = Disk(Path(platter), Random(seed), cut_at)
    disk.register()
    options = connection.settings_dict["OPTIONS"]
    if not sync:
        options["init_command"] = options["init_command"].replace("=FULL", "=OFF")
    for number, deed in enumerate(deeds):
        try:
            stage.say([number, stage.answer(deed)])
        except OperationalError as error:
            stage.say([number, getattr(error.__cause__, "sqlite_errorname", "")])
    disk.cut_the_power()


def insist(deeds: list[stage.Deed]) -> None:
    """A web process, and people who ask until they are answered; with the seconds of each try."""
    for number, deed in enumerate(deeds):
        tries, answered = [], False
        while not answered:
            began = time.monotonic()
            close_old_connections()  # as at the beginning of every request
            try:
                told = stage.answer(deed)
                answered = True
            except Error as error:
                if not sql.away(error):
                    raise
            tries.append(time.monotonic() - began)
        stage.say([number, told, tries])


def toil(at: str) -> None:
    """A worker for whom a minute passes with every half second, until somebody ends it."""
    start, began = datetime.fromisoformat(at), time.monotonic()
    clock.now = lambda: start + timedelta(seconds=120 * (time.monotonic() - began))
    work_until(threading.Event(), f"worker {os.getpid()}")


def look_back(deeds: list[stage.Deed]) -> None:
    """What was acknowledged is asked again: the answers, and what is wrong.

    Wrong is what the auditor finds, what SQLite finds, and every table that changes: what was
    there already is not written again.
    """
    groups.deliver(SYSTEM)  # what a process left that died right after its commit
    wrong = audit.differences()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            wrong += [said for (said,) in cursor.execute("PRAGMA integrity_check") if said != "ok"]
    before = picture()
    answers = [stage.answer(deed) for deed in deeds]
    stage.say([answers, wrong + differing(before, picture())])


def tell(member: int, key: str) -> str:
    fact = Happened(key, member, "shop_visited", clock.now())
    (answer,) = telling.tell(Actor(Role.MACHINE, 1), [fact])
    return str(getattr(answer, "value", answer))


def pay(line: int, member: int, fen: int) -> str:
    grant = rewards.Grant(f"gift:{member}", line, member, "money", fen)
    return str(rewards.grant(SYSTEM, [grant])[0])


def share(packet: int, member: int) -> int | None:
    """What somebody has of a packet, however often they tapped."""
    return stage.tap(packet, [member])[0][1]


def come_round() -> None:
    """A worker fires the beats that are due."""
    jobs.fire_beats(clock.now())


def leave_room(bytes_: float | None) -> None:
    """Files may grow by so much, or as they like."""
    disk.room = float("inf") if bytes_ is None else bytes_


def break_syncs(good: int, bad: int) -> None:
    """After so many good syncs, so many fail."""
    disk.bad_syncs = range(good, good + bad)


stage.PARTS |= {
    "die": die,
    "use": use,
    "insist": insist,
    "toil": toil,
    "migrate": migrate,
    "look_back": look_back,
}
stage.DEEDS |= {
    "tell": tell,
    "pay": pay,
    "share": share,
    "come_round": come_round,
    "leave_room": leave_room,
    "break_syncs": break_syncs,
}

if __name__ == "__main__":
    stage.main()
