"""Machines of the company tell facts of their own kinds."""

import logging
from collections.abc import Sequence

from django.db import OperationalError

from loop28.front.tasks import intake, rules
from loop28.front.tasks.intake import Answer
from loop28.front.tasks.refusals import KeyTaken, KindIsOurs, NotHappenedYet, PutAside
from loop28.front.tasks.rules import Happened
from loop28.kernel import journal
from loop28.kernel.access import SYSTEM, Actor, Role, require
from loop28.kernel.refusals import Refusal
from loop28.middle.members import queries as members
from loop28.middle.members.refusals import UnknownMember
from loop28.middle.orders.rules import CLOCK_SLACK

logger = logging.getLogger(__name__)

BATCH = 1000
"""Facts that are taken in with one transaction."""


def tell(actor: Actor, facts: Sequence[Happened]) -> list[Answer | Refusal]:
    """Take these facts in; for each what became of it, or why not. Refuses with NotAllowed.

    Their keys are the machine's own: another machine may use the same ones. Should the product fail
    on one of them, that one is put aside and the others go in.
    """
    try:
        return _tell(actor, facts)
    except (Refusal, OperationalError):
        raise
    except Exception:
        if len(facts) == 1:
            logger.exception("a fact of %s was put aside", actor)
            return [PutAside()]
    half = len(facts) // 2
    return tell(actor, facts[:half]) + tell(actor, facts[half:])


@journal.action
def take_back(actor: Actor, keys: Sequence[str]) -> tuple[int, list[str]]:
    """Take back facts that this machine told.

    How many completions that undid, and which of the keys are unknown: what is told under one of
    them later on will count.
    """
    require(actor, Role.MACHINE)
    names = {_name(actor, key): key for key in keys}
    known = intake.known(names)
    unknown = [key for name, key in names.items() if name not in known]
    return intake.reverse(SYSTEM, list(names)), unknown


@journal.action
def _tell(actor: Actor, facts: Sequence[Happened]) -> list[Answer | Refusal]:
    require(actor, Role.MACHINE)
    known = members.names({fact.member_id for fact in facts})
    there = known.keys() - members.erased(known)
    kept = members.turned_out(there)
    latest = journal.now() + CLOCK_SLACK
    no: dict[int, Refusal] = {}
    sound: list[Happened] = []
    for number, fact in enumerate(facts):
        if fact.kind in rules.OURS:
            no[number] = KindIsOurs(field="kind", kind=fact.kind)
        elif fact.member_id not in there:
            no[number] = UnknownMember(field="member")
        elif fact.at > latest:
            no[number] = NotHappenedYet(field="at")
        else:
            sound.append(_taken(actor, fact, kept.get(fact.member_id, fact.member_id)))
    answers = iter(intake.receive(SYSTEM, sound))
    return [no.get(number) or _answered(next(answers)) for number in range(len(facts))]


def _answered(answer: Answer) -> Answer | Refusal:
    return KeyTaken(field="key") if answer is Answer.CONFLICT else answer


def _taken(actor: Actor, fact: Happened, member: int) -> Happened:
    """The fact under a key of this machine, of the member it turned out to be about."""
    return fact._replace(key=_name(actor, fact.key), member_id=member, fields=fact.fields or None)


def _name(actor: Actor, key: str) -> str:
    """The key of a fact among those of all machines."""
    return f"{actor}:{key}"
