"""What hosting brought: the host's own wallet, and their record line by line."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.back.ledger.models import Kind
from loop28.doors import gate
from loop28.doors.cockpit import frame
from loop28.doors.member import wallet
from loop28.insight.metrics import hosting
from loop28.kernel import clock
from loop28.kernel.access import Actor

LATEST = 8


@gate.member_page
@require_GET
def earnings(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Balance and latest movements, the record as a host, then line by line what came of them."""
    mine = frame.hosted(actor)
    moved = ledger.movements(actor, f"member:{actor.id}", [Kind.WALLET])[:LATEST]
    context = {
        "balance": ledger.balance(actor, accounts.wallet(actor.id)),
        "entries": wallet.entries(actor, list(moved)),
        "record": hosting.record(actor, actor.id, clock.now()),
    }
    return frame.page(request, actor, "cockpit/earnings.html", mine[0], context, tab="earnings")
