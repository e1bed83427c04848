"""kill -9 after each statement of a hot call and between commit and answer: called again, it holds.

`tests/hold` kills whole lives at random and breaks calls before each statement; here a real process
dies exactly after each one, and after each commit.
"""

import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.apps import apps

import tests.faults.stage  # noqa: F401 - more deeds than the stage of `tests/hold` has
from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.front.groups import actions as groups
from loop28.front.groups.models import Message
from loop28.front.lines import actions as lines
from loop28.front.lines import jobs
from loop28.front.lines.models import Beat
from loop28.front.packets.models import Packet
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal.models import Entry
from loop28.middle.members.models import Member
from tests.hold import stage as acts
from tests.hold.kit import assert_books_are_exact, packet_beat
from tests.line_kit import live_until, local, open_line, seated

EVERY = 4
"""So many statements lie between two kills: sixty kills in all. 1 kills after each."""

pytestmark = pytest.mark.django_db(transaction=True)


def at(*moment):
    return local(*moment).isoformat()


def tap(line):
    """A share of a packet that is the same for all."""
    beat = packet_beat(line, "same", local(1, 8), total=9000, shares=90, split="equal")
    live_until(local(1, 8, 1))
    return lambda member: (at(1, 8, 2), "tap", [beat.pk, [member]])


def opt_in(line):
    live_until(local(2, 20, 1))
    return lambda member: (at(2, 20, 2), "opt_in", [line.pk, member])


def check_in(line):
    """A fact that completes a task and pays."""
    _let_in(line)
    live_until(local(3, 8, 31))
    return lambda member: (at(3, 8, 32), "check_in", [line.pk, member])


def sell(line):
    """An order that completes a task, for which a reward is held."""
    _let_in(line)
    live_until(local(5, 9))
    sold = at(5, 9)
    return lambda member: (at(5, 9, 1), "sell", [member, f"order {member}", sold])


def tell(line):
    """A fact of a machine."""
    return lambda member: (at(1, 8), "tell", [member, f"fact {member}"])


def pay(line):
    """A transfer from the budget to a wallet."""
    return lambda member: (at(1, 8), "pay", [line.pk, member, 100])


def _let_in(line):
    live_until(local(2, 20, 1))
    lines.let_in(SYSTEM, line.pk, list(Member.objects.values_list("id", flat=True)))


@pytest.mark.parametrize("scene", [tap, opt_in, check_in, sell, tell, pay])
def test_a_call_whose_process_dies_after_any_statement_is_good_when_made_again(clock, stage, scene):
    line = open_line(size=90)
    people = iter(seated(line, 90))
    call = scene(line)
    undisturbed = next(people)
    first, again = [acts.answer(call(undisturbed)) for _ in range(2)]
    stage.begin("die", deed=call(next(people)), after=0)
    (statements,) = stage.rest()
    for number in _some_of(statements):
        member = next(people)
        deed = call(member)
        stage.begin("die", deed=deed, after=number)
        assert stage.rest() == []
        assert stage.exit_code == signal.SIGKILL
        answers = [acts.answer(deed) for _ in range(2)]
        assert answers in ([first, again], [again, again]), f"after statement {number}"
        assert _known_of(member) == _known_of(undisturbed), f"after statement {number}"
        assert_books_are_exact()
    assert answers == [again, again], "the last one died after its commit"


def _some_of(statements):
    return sorted({*range(1, statements, EVERY), statements})


def _known_of(member):
    """What is theirs, and how many rows of each table are about them."""
    rows = {model: model.objects.filter(**{name: member}).count() for model, name in _about()}
    return ledger.balance(SYSTEM, accounts.wallet(member)), rows


def _about() -> Iterator[tuple[Any, str]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.name in {"member", "member_id"}:
                yield model, field.name


def _let_another_worker_do(beat):
    """It looks again until PostgreSQL has seen that the dead one's lock is nobody's."""
    patience = time.monotonic() + 30
    while Beat.objects.get(id=beat.pk).state == "planned" and time.monotonic() < patience:
        jobs.fire_beats(beat.due_at)
        time.sleep(0.001)
    groups.deliver(SYSTEM)  # what a process left that died right after its commit


def test_a_beat_whose_worker_dies_after_any_statement_happens_once(clock, stage):
    line = open_line(size=10)
    seated(line, 3)
    live_until(local(1, 7))
    for number in count(1, EVERY):
        due = local(1, 7) + timedelta(minutes=number)
        beat = packet_beat(line, f"beat {number}", due)
        stage.begin("die", deed=(due.isoformat(), "come_round", []), after=number)
        done = stage.rest() != []
        clock(due)
        _let_another_worker_do(beat)
        assert Packet.objects.filter(beat=beat).count() == 1, f"after statement {number}"
        assert Message.objects.filter(ref=beat.pk).count() == 1
        assert Entry.objects.filter(kind="BeatDue", data__beat=beat.pk).count() == 1
        assert Beat.objects.get(id=beat.pk).state == "done"
        assert_books_are_exact()
        if done:
            break
    assert number > 10
