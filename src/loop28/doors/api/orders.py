"""``POST /api/orders``: a shop reports what was paid and what was refunded."""

from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, FailFast, Field

from loop28.doors.api.machine import machine_page
from loop28.doors.api.reading import read
from loop28.kernel.access import Actor
from loop28.kernel.refusals import Refusal
from loop28.middle.orders import actions, reading
from loop28.middle.orders.actions import Outcome
from loop28.middle.orders.rules import ReportedOrder, State

MAX_ORDERS = actions.BATCH


class Reported(BaseModel):
    """One order, in texts: a number in JSON may lose digits on its way, a text cannot."""

    model_config = ConfigDict(extra="forbid", strict=True)

    shop: str
    id: str
    member: Annotated[int, Field(ge=1, lt=10**18)]
    yuan: str
    paid_at: str
    buyer: str = ""
    refunded_yuan: str = ""
    refunded_at: str = ""

    def columns(self) -> dict[str, str]:
        return {name: str(value) for name, value in self}


class OrdersSent(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    orders: Annotated[list[Reported], FailFast(), Field(max_length=MAX_ORDERS)]


class OrderAnswered(BaseModel):
    """What came of one order; code, field and message only where it was refused."""

    shop: str
    id: str
    outcome: Literal["new", "known", "refunded", "refused"]
    code: str = ""
    field: str = ""
    message: str = ""


class OrdersAnswered(BaseModel):
    """What came of each order, in the order in which they were sent."""

    results: list[OrderAnswered]


CURES = {
    "shop": _("The name of the shop as text."),
    "id": _("The shop's number of the order as text."),
    "member": _("The number of the member who sold it, as a whole number."),
    "buyer": _("The shop's number of the buyer as text; leave it out where unknown."),
    "yuan": _('The amount as decimal text in yuan, such as "12.30"; never as a JSON number.'),
    "paid_at": _('The time with its time zone as text, such as "2026-11-21T19:30:00+08:00".'),
    "refunded_yuan": _(
        'The sum of all refunds as decimal text in yuan, such as "12.30"; '
        "leave it out where there is none."
    ),
    "refunded_at": _("The time of the latest refund as text; leave it out where there is none."),
    "orders": _("A list of orders."),
}


@machine_page
def take(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Register up to MAX_ORDERS orders, and answer what came of each, in the order they were sent.

    The whole is refused when it is no JSON (400), has another form (422) or is too much (413). One
    order that cannot be read or believed is refused by itself, and the others go in. Sent again,
    nothing happens twice.
    """
    batch = read(request, OrdersSent, CURES)
    sound = [_order(order) for order in batch.orders]
    outcomes = iter(actions.report(actor, [one for one in sound if isinstance(one, ReportedOrder)]))
    answers = [
        Outcome(State.REFUSED, one) if isinstance(one, Refusal) else next(outcomes) for one in sound
    ]
    results = [_said(order, one) for order, one in zip(batch.orders, answers, strict=True)]
    return JsonResponse({"results": results})


def _order(order: Reported) -> ReportedOrder | Refusal:
    try:
        return reading.order(order.columns(), zone=None)
    except Refusal as refusal:
        return refusal


def _said(order: Reported, outcome: Outcome) -> dict[str, str]:
    said = {"shop": order.shop, "id": order.id, "outcome": outcome.state.value}
    if no := outcome.refusal:
        said |= {"code": no.code, "field": no.field, "message": str(no)}
    return said
