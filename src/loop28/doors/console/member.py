"""One person on one scroll: who they are, and everything that happened to them."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from loop28.back.finance import queries as finance
from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.doors import gate
from loop28.doors.console import frame, hosts, members, own_data, roles, sentences
from loop28.doors.console.fields import ReasonForm
from loop28.front.evidence import queries as evidence
from loop28.front.ladder import queries as ladder
from loop28.front.ladder.models import Level
from loop28.front.lines import queries as lines
from loop28.front.lines import seats
from loop28.front.lines.models import Enrollment, OptIn
from loop28.front.packets import queries as packets
from loop28.front.tasks import queries as tasks
from loop28.kernel.access import Actor
from loop28.kernel.journal import queries as journal
from loop28.middle.members import queries
from loop28.middle.members.models import Member
from loop28.middle.orders import queries as orders

LATEST = 20
"""Rows of a part that may be long; the pages of the part show all."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A line of this person: their seat, their answer to the call, their tasks."""

    enrollment: Enrollment
    opt_in: OptIn | None
    tasks: list[tasks.Mine]

    @property
    def done(self) -> int:
        return sum(mine.assignment.done_at is not None for mine in self.tasks)


@require_safe
@gate.staff_page()
def show(request: HttpRequest, actor: Actor, member_id: int) -> HttpResponse:
    """A member's whole story, as far as it is the actor's to see."""
    person = members.member_or_404(actor, member_id)
    if person.merged_into_id:
        return redirect("member", person.merged_into_id)
    whole = hosts.may_hand_out(actor, member_id)
    levels = ladder.level([member_id])
    context = {
        "person": person,
        "level": Level(levels[member_id]).label if levels else "",
        "tags": queries.tags_of([member_id]).get(member_id, []),
        "all_tags": [tag for tag, _ in queries.tags(actor)],
        "identities": person.identities.order_by("platform", "external_id"),
        "doubles": person.doubles.order_by("id"),
        "consents": queries.consents(member_id),
        "agreed": bool(queries.consenting([member_id])),
        "seats": (found := _seats(actor, member_id)),
        "reviewing": evidence.in_review(
            mine.assignment.pk for seat in found for mine in seat.tasks
        ),
        "hosted": lines.lines(actor).filter(host=member_id).order_by("-start_day"),
        "shares": packets.of_member(actor, member_id),
        "steps": ladder.of_member(actor, member_id),
        "may_demote": hosts.may_demote(actor, member_id),
        "reason_form": ReasonForm(),
        "appeals": ladder.appeals(actor).filter(member=member_id),
        "whole": whole,
        "may_tag": actor.role in roles.TAGGERS,
        "link": _link(actor, person) if whole else "",
    }
    context |= _money(actor, person) if whole else {}
    context |= own_data.card(actor, member_id, whole)
    context |= _story(request, actor, member_id, whole)
    return frame.show(request, actor, "console/member.html", context, here="members")


def _link(actor: Actor, person: Member) -> str:
    may = actor.role in roles.RUNNERS and person.erased_at is None
    return gate.personal_link(person.pk) if may else ""


def _seats(actor: Actor, member_id: int) -> list[Seat]:
    opted = seats.opt_ins_of(actor, member_id)
    return [
        Seat(row, opted.get(row.line_id), tasks.of_member(actor, member_id, row.line_id))
        for row in seats.of_member(actor, member_id)
    ]


def _money(actor: Actor, person: Member) -> dict[str, Any]:
    """What is theirs whatever line it came from: only for who sees all of their lines."""
    wallet = accounts.wallet(person.pk)
    points = accounts.wallet(person.pk, "points")
    balances = ledger.balances(actor, [wallet, points])
    moved = ledger.movements(actor, wallet.owner)
    sold = orders.of_members([person.pk]).order_by("-paid_at", "-id")
    return {
        "balance": balances[wallet],
        "points": balances[points],
        "movements": moved[:LATEST],
        "moved": moved.count(),
        "orders": sold[:LATEST],
        "sold": sold.count(),
        "payouts": finance.payouts_of(person.pk),
        "may_read_books": actor.role in roles.BOOK_READERS,
    }


def _story(request: HttpRequest, actor: Actor, member_id: int, whole: bool) -> dict[str, Any]:
    """The journal; for who does not see all of their lines, that of the lines they see."""
    rows = journal.of_member(queries.records(member_id))
    if not whole:
        rows = rows.filter(line__in=list(lines.lines(actor).values_list("id", flat=True)))
    page: Page[Any] = frame.paged(request, rows)
    return {"page": page, "entries": sentences.read(None, list(page.object_list))}
