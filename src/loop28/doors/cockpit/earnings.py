"""What hosting brought: the host's own wallet, and what became of their lines."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.back.ledger.models import Kind
from loop28.doors import gate
from loop28.doors.cockpit import frame
from loop28.doors.member import wallet
from loop28.front.ladder import queries as ladder
from loop28.front.lines import queries as lines
from loop28.front.lines.models import Line
from loop28.kernel.access import Actor

LATEST = 8


class Outcome(NamedTuple):
    """A line and what became of its people."""

    line: Line
    joined: int
    opted_in: int
    graduated: int
    owners: int


@gate.member_page
@require_GET
def earnings(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Balance and latest movements, then line by line what came of them."""
    mine = frame.hosted(actor)
    ids = [line.pk for line in mine]
    counts = lines.head_counts(ids)
    graduated, made = ladder.graduated_by_line(ids), ladder.made_by_line(ids)
    moved = ledger.movements(actor, f"member:{actor.id}", [Kind.WALLET])[:LATEST]
    context = {
        "balance": ledger.balance(actor, accounts.wallet(actor.id)),
        "entries": wallet.entries(actor, list(moved)),
        "outcomes": [
            Outcome(
                line,
                counts[line.pk]["joined"],
                counts[line.pk]["opted_in"],
                graduated.get(line.pk, 0),
                made.get(line.pk, {}).get("owner", 0),
            )
            for line in mine
        ],
    }
    return frame.page(request, actor, "cockpit/earnings.html", mine[0], context, tab="earnings")
