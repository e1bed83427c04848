"""Processes that do real work over the test database until somebody kills them.

As a script this sets Django up once and then forks a player for every command on its input, so that
a life costs milliseconds and not a second. A command is a line of JSON: the part to play and its
arguments. What the player says is acknowledged: by then it is committed.
"""

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import django

django.setup()

from django.db import close_old_connections, connection  # noqa: E402  (models load once Django is set up)

from loop28.back.finance import actions as finance  # noqa: E402
from loop28.front.groups import actions as groups  # noqa: E402
from loop28.front.groups.chat import Incoming  # noqa: E402
from loop28.front.lines import actions as lines  # noqa: E402
from loop28.front.packets import actions as packets  # noqa: E402
from loop28.front.tasks import actions as tasks  # noqa: E402
from loop28.front.tasks.models import Assignment  # noqa: E402
from loop28.kernel import clock  # noqa: E402
from loop28.kernel.access import SYSTEM, Actor, Role  # noqa: E402
from loop28.kernel.jobs import run_due  # noqa: E402
from loop28.kernel.refusals import Refusal  # noqa: E402
from loop28.middle.members.actions import NewMember  # noqa: E402
from loop28.middle.orders import actions as orders  # noqa: E402
from loop28.middle.orders.rules import ReportedOrder  # noqa: E402

Deed = tuple[str, str, list[Any]]
"""When, which of DEEDS, and its arguments."""


def say(what: object) -> None:
    """A whole line in one write: whoever is killed while speaking has said it or has not."""
    os.write(sys.stdout.fileno(), json.dumps(what).encode() + b"\n")


def work(at: str, until: str) -> None:
    """A worker: everything that falls due from one time to another, each moment acknowledged."""
    moment, end = datetime.fromisoformat(at), datetime.fromisoformat(until)
    while moment <= end:
        clock.move_to(moment)
        due = run_due(moment)
        say(moment.isoformat())
        if moment == end:
            break
        later = moment + timedelta(milliseconds=1)
        moment = end if due is None else min(max(due, later), end)


def stop(at: str, before: str, patience_ms: int) -> None:
    """A worker that is stopped before the first statement of its work that begins like ``before``.

    Whoever waits for it too long ends its session: after so many milliseconds, or never with 0.
    """
    clock.move_to(datetime.fromisoformat(at))
    stopped = False

    def watch(execute: Callable[..., Any], statement: str, *arguments: Any) -> Any:
        nonlocal stopped
        if statement.startswith(before) and not stopped:
            stopped = True
            say("stops")
            os.kill(os.getpid(), signal.SIGSTOP)
        return execute(statement, *arguments)

    with connection.cursor() as cursor:
        cursor.execute(f"SET idle_in_transaction_session_timeout = {int(patience_ms)}")
    with connection.execute_wrapper(watch):
        try:
            run_due(clock.now())
        except django.db.DatabaseError:
            say("is thrown out")
        else:
            say("ends its work")
    close_old_connections()
    run_due(clock.now())
    say("goes on")


def do(deeds: list[Deed], start: int) -> None:
    """A web process: what people do, one after the other; each answer with the deed's number."""
    for number, deed in enumerate(deeds[start:], start):
        say([number, answer(deed)])


def answer(deed: Deed) -> Any:
    """What somebody is told, a refusal by its code."""
    moment, verb, arguments = deed
    clock.move_to(datetime.fromisoformat(moment))
    try:
        return DEEDS[verb](*arguments)
    except Refusal as no:
        return no.code


def join(invitation: int, name: str, key: str) -> list[Any]:
    person = NewMember(name=name, adult=True, consent=True, key=UUID(key))
    ((member, state),) = lines.welcome(SYSTEM, [lines.Newcomer(invitation, person)])
    return [member, state]


def leave(line: int, member: int) -> None:
    lines.leave(SYSTEM, line, member)


def return_(invitation: int, member: int) -> str:
    return lines.join(SYSTEM, invitation, [member])[member]


def speak(group: int, member: int, text: str, key: str) -> int:
    return groups.receive(SYSTEM, [Incoming("house", key, group, member, text, clock.now())])


def tap(packet: int, members: list[int]) -> list[tuple[str, int | None]]:
    return [(c.outcome.value, c.fen) for c in packets.claim(SYSTEM, packet, members)]


def opt_in(line: int, member: int) -> None:
    lines.opt_in(Actor(Role.MEMBER, member), line)


def check_in(line: int, member: int) -> int:
    (answer,) = tasks.check_in(SYSTEM, [(line, member)])
    return answer.counted


def quiz(line: int, member: int, answers: list[int]) -> list[int]:
    mine = Assignment.objects.get(line=line, member=member, kind="quiz")
    return tasks.answer_quiz(Actor(Role.MEMBER, member), mine.pk, answers)


def sell(member: int, name: str, paid_at: str) -> str:
    order = ReportedOrder(
        shop="shop",
        external_id=name,
        member=member,
        fen=2990,
        paid_at=datetime.fromisoformat(paid_at),
    )
    (outcome,) = orders.report(SYSTEM, [order])
    return outcome.state.value


def cash(member: int, fen: int, key: str) -> int:
    actor = Actor(Role.MEMBER, member)
    return finance.ask_payout(actor, fen, "王小明", "6222", key, adult=True).pk


DEEDS: dict[str, Callable[..., Any]] = {
    "join": join,
    "leave": leave,
    "return": return_,
    "speak": speak,
    "tap": tap,
    "opt_in": opt_in,
    "check_in": check_in,
    "quiz": quiz,
    "sell": sell,
    "cash": cash,
}
PARTS: dict[str, Callable[..., None]] = {"work": work, "stop": stop, "do": do}


def play(part: str, arguments: dict[str, Any]) -> int:
    """One life in a process of its own; its exit code."""
    try:
        PARTS[part](**arguments)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def main() -> None:
    say("ready")
    for command in sys.stdin:
        part, arguments = json.loads(command)
        player = os.fork()
        if player == 0:
            os._exit(play(part, arguments))
        # Said here and not by the player, who may be dead before it says a word.
        say(["began", player])
        end = os.waitid(os.P_PID, player, os.WEXITED | os.WNOWAIT)
        say(["ended", end.si_status])
        sys.stdin.readline()  # until then the number is not given to another process
        os.waitpid(player, 0)


if __name__ == "__main__":
    main()
