"""A line once more: everything that belongs to it, copied inside the database in one go a table,
its books and its journal as well. Only what facts tell in their data is that of the first line.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    DateField,
    DateTimeField,
    ExpressionWrapper,
    F,
    Field,
    ForeignKey,
    Func,
    Model,
    Q,
    QuerySet,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat, Substr

from loop28.back.finance.models import Payout
from loop28.back.ledger.models import Account, Transfer
from loop28.front.groups.models import (
    ActiveDay,
    Group,
    HourCount,
    Membership,
    Message,
    Outgoing,
)
from loop28.front.ladder.models import Graduate, Promotion
from loop28.front.lines.models import Beat, Enrollment, Invitation, Line, OptIn, Phase
from loop28.front.packets.models import Packet, Share
from loop28.front.rewards.models import Entitlement
from loop28.front.tasks.models import Assignment, Step
from loop28.kernel.journal.models import Entry
from loop28.middle.members.models import Consent, Member
from loop28.middle.orders.models import Order

APART = 1_000_000
"""How far the numbers of a copy lie from those of the line it was made of, in every table."""

COMPANY = "company"


class _NewKey(Func):
    """A UUID that the database draws."""

    function = "gen_random_uuid"
    output_field = UUIDField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[()]]:
        return "lower(hex(randomblob(16)))", ()


def copy(line: Line, number: int, region: int, later: timedelta) -> None:
    """The ``number``-th copy of a line with its people, in a region, begun so much ``later``."""
    by = number * APART
    for rows in _belongings(line):
        model = rows.model
        fields = model._meta.concrete_fields
        values = {field.name: _moved(field, number, by, later) for field in fields}
        if model in {Line, Group}:
            values["region"] = Value(region)
        if model is Account:
            values["owner"], values["balance"] = _owner(by), Value(0)  # its transfers fill it
        if model is Transfer:
            values["debit"], values["credit"] = _account("debit", by), _account("credit", by)
        _insert(model, fields, rows.order_by("id") if model in _IN_ORDER else rows, values)


def _belongings(line: Line) -> list[QuerySet[Any]]:
    """All rows of a line, each table after those it points to."""
    seats = Enrollment.objects.filter(line=line)
    people = set(seats.values_list("member_id", flat=True))
    people |= set(Invitation.objects.filter(line=line).values_list("inviter_id", flat=True))
    packets = Packet.objects.filter(line=line)
    owners = [f"member:{member}" for member in people] + [f"line:{line.pk}"]
    owners += [f"packet:{packet.pk}" for packet in packets]
    payouts = Payout.objects.filter(member__in=people)
    owners += [f"payout:{payout.pk}" for payout in payouts]
    accounts = Account.objects.filter(owner__in=owners)
    own = {"group__phase__line": line}
    return [
        Member.objects.filter(id__in=people),
        Consent.objects.filter(member__in=people),
        Line.objects.filter(id=line.pk),
        Group.objects.filter(phase__line=line),
        Phase.objects.filter(line=line),
        *(model.objects.filter(**own) for model in (Membership, Message, Outgoing)),
        *(model.objects.filter(**own) for model in (ActiveDay, HourCount)),
        Beat.objects.filter(line=line),
        *(model.objects.filter(line=line) for model in (Invitation, Enrollment, OptIn)),
        packets,
        Share.objects.filter(packet__line=line),
        Assignment.objects.filter(line=line),
        Step.objects.filter(assignment__line=line),
        Entitlement.objects.filter(line=line),
        Promotion.objects.filter(Q(line=line) | Q(line=None, member__in=people)),
        Graduate.objects.filter(line=line),
        Order.objects.filter(member__in=people),
        accounts,
        Transfer.objects.filter(Q(debit__in=accounts) | Q(credit__in=accounts)),
        payouts,
        Entry.objects.filter(line=line.pk),
    ]


_IN_ORDER = {Transfer, Share}
"""What the database itself adds up as it is written."""

_COPIED = {
    *(Member, Line, Group, Phase, Beat, Message, Packet, Assignment, Account, Transfer),
}

_NUMBERED = {(Payout, "member"), (Entry, "line"), (Entry, "member")}
"""Columns that name a line or a member by number alone."""


def _moved(field: "Field[Any, Any]", number: int, by: int, later: timedelta) -> Any:
    """What a column of a copy holds: numbers moved apart, times later, names made new."""
    column = F(field.attname)
    if isinstance(field, ForeignKey):
        return column + by if field.related_model in _COPIED else column
    if field.primary_key or (field.model, field.name) in _NUMBERED:
        return column + by
    if isinstance(field, UUIDField):
        return _NewKey()
    if field.unique or field.name == "external_id":
        return Concat(column, Value(f"~{number}"), output_field=CharField())
    if later and isinstance(field, DateField):
        moved = ExpressionWrapper(column + Value(later), output_field=DateTimeField())
        return moved if isinstance(field, DateTimeField) else Cast(moved, DateField())
    return column


def _owner(by: int) -> Any:
    """``member:17`` → ``member:1000017``."""
    return Case(
        *(
            When(owner__startswith=kind, then=_renumbered(kind, by))
            for kind in ("line:", "member:", "packet:", "payout:")
        ),
        output_field=CharField(),
    )


def _renumbered(kind: str, by: int) -> Any:
    number = Cast(Substr("owner", len(kind) + 1), BigIntegerField()) + by
    return Concat(Value(kind), Cast(number, CharField()))


def _account(side: str, by: int) -> Any:
    """The company's own accounts are nobody's copy."""
    company = When(**{f"{side}__owner": COMPANY}, then=F(f"{side}_id"))
    return Case(company, default=F(f"{side}_id") + by, output_field=BigIntegerField())


def _insert(
    model: type[Model],
    fields: "Sequence[Field[Any, Any]]",
    rows: QuerySet[Any],
    values: dict[str, Any],
) -> None:
    chosen = rows.annotate(**{f"to_{name}": value for name, value in values.items()})
    chosen = chosen.values_list(*(f"to_{name}" for name in values))
    select, parameters = chosen.query.sql_with_params()
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO "{model._meta.db_table}" ({columns}) {select}', parameters)
