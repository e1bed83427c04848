"""Machines of the company tell facts of their own kinds."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from django.db import OperationalError

from loop28.front.tasks import intake, rules
from loop28.front.tasks.intake import Answer
from loop28.front.tasks.refusals import KeyTaken, KindIsOurs, PutAside
from loop28.front.tasks.rules import Happened
from loop28.kernel import journal
from loop28.kernel.access import SYSTEM, Actor, Role, require
from loop28.kernel.refusals import Refusal
from loop28.middle.members import queries as members
from loop28.middle.members.refusals import UnknownMember

logger = logging.getLogger(__name__)

BATCH = 1000
"""Facts that are taken in with one transaction."""


class Told(NamedTuple):
    """A fact as a machine tells it; the fields mean what those of `Happened` do."""

    key: str
    member: int
    kind: str
    at: datetime
    subject: str = ""
    amount: int = 0
    fields: dict[str, str] | None = None


def tell(actor: Actor, facts: Sequence[Told]) -> list[Answer | Refusal]:
    """Take these facts in; for each what became of it, or why not. Refuses with NotAllowed.

    Should the product fail on one of them, that one is put aside and the others go in.
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
def take_back(actor: Actor, keys: Sequence[str]) -> int:
    """Take back facts that this machine told; how many completions that undid."""
    require(actor, Role.MACHINE)
    return intake.reverse(SYSTEM, [_name(actor, key) for key in keys])


@journal.action
def _tell(actor: Actor, facts: Sequence[Told]) -> list[Answer | Refusal]:
    require(actor, Role.MACHINE)
    there = members.names({fact.member for fact in facts})
    now = members.turned_out(there)
    no: dict[int, Refusal] = {}
    sound: list[Happened] = []
    for number, fact in enumerate(facts):
        if fact.kind in rules.OURS:
            no[number] = KindIsOurs(field="kind", kind=fact.kind)
        elif fact.member not in there:
            no[number] = UnknownMember(field="member")
        else:
            sound.append(_happened(actor, fact, now.get(fact.member, fact.member)))
    answers = iter(intake.receive(SYSTEM, sound))
    return [no.get(number) or _answered(next(answers)) for number in range(len(facts))]


def _answered(answer: Answer) -> Answer | Refusal:
    return KeyTaken(field="key") if answer is Answer.CONFLICT else answer


def _happened(actor: Actor, fact: Told, member: int) -> Happened:
    return Happened(
        key=_name(actor, fact.key),
        member_id=member,
        kind=fact.kind,
        at=fact.at.astimezone(UTC),
        subject=fact.subject,
        amount=fact.amount,
        fields=fact.fields or None,
    )


def _name(actor: Actor, key: str) -> str:
    """The key of a fact among those of all machines."""
    return f"{actor}:{key}"
