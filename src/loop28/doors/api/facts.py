"""``POST /api/facts``: machines of the company tell what happened, and tasks move."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, FailFast, Field

from loop28.doors.api.machine import machine_page
from loop28.doors.api.reading import read
from loop28.doors.operation import counts
from loop28.front.playbooks.fields import FactField, FactValue
from loop28.front.tasks import telling
from loop28.front.tasks.intake import Answer
from loop28.front.tasks.refusals import PutAside
from loop28.front.tasks.rules import Happened
from loop28.kernel.access import Actor
from loop28.kernel.amounts import parse_amount
from loop28.kernel.refusals import Refusal

KIND = r"^[a-z][a-z0-9_]{0,39}$"
FIELDS_MAX = 20


class NotAnAmount(Refusal):
    """An amount that is none, or below 0."""

    message = _('Write the amount as decimal text with at most six decimals, such as "12.34".')
    status = 422


class NotATime(Refusal):
    """A time that is none, or has no time zone."""

    message = _('Write the time with its time zone, such as "2026-11-21T19:30:00+08:00".')
    status = 422


def _whole(text: str) -> str:
    """No database keeps NUL as it was told: what is told apart by it would be one."""
    if "\0" in text:
        raise ValueError(text)
    return text


Kept = AfterValidator(_whole)


def _few(fields: object) -> object:
    """Counted before they are looked at: a mistake in each of many would fill the memory."""
    if isinstance(fields, dict) and len(fields) > FIELDS_MAX:
        raise ValueError(len(fields))
    return fields


class Sent(BaseModel):
    """One fact. ``key`` is the machine's own name for it: sent again, it is known."""

    model_config = ConfigDict(extra="forbid", strict=True)

    key: Annotated[str, Field(min_length=1, max_length=100), Kept]
    kind: Annotated[str, Field(pattern=KIND)]
    member: Annotated[int, Field(ge=1, lt=10**18)]
    at: str
    subject: Annotated[str, Field(max_length=100), Kept] = ""
    amount: str = "0"
    fields: Annotated[
        dict[Annotated[FactField, Kept], Annotated[FactValue, Kept]],
        Field(max_length=FIELDS_MAX),
        BeforeValidator(_few),
    ] = {}


class FactsSent(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    facts: Annotated[list[Sent], FailFast(), Field(max_length=telling.BATCH)] = []
    taken_back: Annotated[list[Annotated[str, Kept]], FailFast(), Field(max_length=1000)] = []


class FactAnswered(BaseModel):
    """What came of one fact; code, field and message only where it was refused."""

    key: str
    outcome: Literal["counted", "kept", "duplicate", "conflict", "refused"]
    code: str = ""
    field: str = ""
    message: str = ""


class FactsAnswered(BaseModel):
    """What came of each fact, in the order in which they were sent, and of what was taken back:
    how many completions that undid, and the keys under which nothing was told so far.
    """

    results: list[FactAnswered]
    completions_undone: int
    unknown: list[str]


CURES = {
    "key": _("Your own name for this fact as text of 1 to 100 characters, never used again."),
    "kind": _("The kind of fact: small letters, digits and _, such as shop_visited."),
    "member": _("The number of the member as a whole number."),
    "at": _('The time with its time zone as text, such as "2026-11-21T19:30:00+08:00".'),
    "subject": _("What it is about as text of at most 100 characters; leave it out if nothing."),
    "amount": _('The amount as decimal text, such as "12.34"; never as a JSON number.'),
    "fields": _(
        "At most 20 fields: a name of at most 40 characters, and a text of at most 100 characters."
    ),
    "facts": _("A list of facts."),
    "taken_back": _("A list of at most 1,000 keys of facts that turned out not to hold."),
}


@machine_page
def take(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take in up to 1,000 facts, and answer after the commit what came of each, in their order.

    The whole is refused when it is no JSON (400), has another form (422) or is too much (413). One
    fact that cannot be believed is refused by itself, and the others go in. ``taken_back`` are keys
    of earlier facts of this machine that turned out not to hold.
    """
    batch = read(request, FactsSent, CURES)
    sound = [_told(fact) for fact in batch.facts]
    answers = iter(telling.tell(actor, [one for one in sound if isinstance(one, Happened)]))
    results = [
        _said(fact.key, one if isinstance(one, Refusal) else next(answers))
        for fact, one in zip(batch.facts, sound, strict=True)
    ]
    for one in results:
        counts.FACTS.labels(_outcome(one)).inc()
    back = batch.taken_back
    undone, unknown = telling.take_back(actor, back) if back else (0, [])
    return JsonResponse({"results": results, "completions_undone": undone, "unknown": unknown})


def _told(fact: Sent) -> Happened | Refusal:
    try:
        at = datetime.fromisoformat(fact.at)
        if at.tzinfo is None:
            return NotATime(field="at")
        at = at.astimezone(UTC)
    except (ValueError, OverflowError):
        return NotATime(field="at")
    try:
        amount = parse_amount(fact.amount)
    except ValueError:
        return NotAnAmount(field="amount")
    if amount < 0:
        return NotAnAmount(field="amount")
    return Happened(fact.key, fact.member, fact.kind, at, fact.subject, amount, fields=fact.fields)


def _outcome(said: dict[str, str]) -> str:
    """What became of a fact, in a word; one that the product failed on is poison."""
    return "poison" if said.get("code") == PutAside.code else said["outcome"]


def _said(key: str, answer: Answer | Refusal) -> dict[str, str]:
    if isinstance(answer, Refusal):
        no = {"code": answer.code, "field": answer.field, "message": str(answer)}
        return {"key": key, "outcome": "refused"} | no
    return {"key": key, "outcome": answer.value}
