"""A small filled installation as the first published schema had it: ``python -m`` makes it.

The schema stands in the first migration of each module, and is read from there; nothing here knows
today's models. Every table has a row, and the money of these rows agrees with itself.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor

PUBLISHED = [
    *("journal", "jobs", "ledger", "people", "compliance", "finance"),
    *("members", "content", "orders", "playbooks", "events", "groups", "lines", "circles"),
    *("referrals", "rewards", "packets", "tasks", "evidence", "ladder", "watch"),
]
"""The modules there were. One that came later is made by the upgrade."""

BELOW = ("contenttypes", "auth", "sessions")

AT = datetime(2026, 3, 2, 4, tzinfo=UTC)
LATER = AT + timedelta(hours=3)
DAY = date(2026, 3, 2)
BY_TYPE: list[tuple[type[Any], Any]] = [
    (models.DateTimeField, AT),
    (models.DateField, DAY),
    (models.TimeField, time(9)),
    (models.BooleanField, False),
    (models.JSONField, {}),
    (models.IntegerField, 1),
]

FUNDED, PACKET, FEE, PAID, HELD = 10_000, 300, 500, 200, 700
"""Fen: a line's budget; its packet, of which half is opened; a reward paid, one held; a payout."""

ACCOUNTS = {
    "company treasury": -FUNDED,
    "line:1 budget": FUNDED - PACKET - FEE - HELD,
    "line:1 held": HELD,
    "packet:1 packet": PACKET // 2,
    "member:1 wallet": PACKET // 2 + FEE - PAID,
    "payout:1 paying": 0,
    "company paid": PAID,
}
TRANSFERS = [
    ("fund:1", "company treasury", "line:1 budget", FUNDED, "fund", ""),
    ("packet:1", "line:1 budget", "packet:1 packet", PACKET, "reserve", ""),
    ("share:1", "packet:1 packet", "member:1 wallet", PACKET // 2, "", "gift"),
    ("reward:task:1:money", "line:1 budget", "member:1 wallet", FEE, "", "task_fee"),
    ("hold:task:2:money", "line:1 budget", "line:1 held", HELD, "reserve", ""),
    ("payout:1", "member:1 wallet", "payout:1 paying", PAID, "reserve", ""),
    ("paid:1", "payout:1 paying", "company paid", PAID, "payout", ""),
]

# What does not follow from the type of a column.
GIVEN: dict[str, list[dict[str, Any]]] = {
    "people.User": [
        {"username": "first", "role": "finance"},
        {"username": "second", "role": "administrator"},
    ],
    "finance.Payout": [
        {"member": 1, "fen": PAID, "state": "paid", "export_id": 1, "settled_by_id": 2}
    ],
    "finance.Export": [{"made_by_id": 1}],
    "content.Booking": [{"ends_at": LATER}],
    "events.Event": [{"ends_at": LATER}],
    "packets.Packet": [
        {"total": PACKET, "count": 2, "taken": 1, "taken_fen": PACKET // 2},
    ],
    "packets.Share": [
        {"number": 1, "fen": PACKET // 2, "member_id": 1, "taken_at": AT},
        {"number": 2, "fen": PACKET // 2},
    ],
    "rewards.Entitlement": [
        {
            "reference": "task:1:money",
            "kind": "money",
            "amount": FEE,
            "basis": "task_fee",
            "state": "settled",
            "settled_at": AT,
        },
        {
            "reference": "task:2:money",
            "kind": "money",
            "amount": HELD,
            "basis": "task_fee",
            "state": "held",
        },
    ],
    "rewards.Cap": [{"name": "task:other", "used": 0, "most": 100}],
    "lines.Line": [{"days": 28, "size": 20, "code": "HD-260302"}],
    "groups.Group": [{"name": f"第{n}群", "zone": "Asia/Shanghai"} for n in (1, 2)],
    "lines.Phase": [{"key": "warm-up", "last_day": 7, "group_id": 1}],
    "evidence.Review": [{"decision": "approved", "why": "", "words": ""}],
    "journal.RehearsalMark": [],
}


EMPTY = {"journal_rehearsalmark", "lines_line_parents"}
"""Tables without a row: the mark would make it a rehearsal, and no line is its own parent."""


def make() -> None:
    """Bring an empty database to the first schema and fill it."""
    executor = MigrationExecutor(connection)
    known = {label for label, _ in executor.loader.graph.nodes}
    targets = [(label, "0001_initial") for label in PUBLISHED]
    targets += [node for node in executor.loader.graph.leaf_nodes() if node[0] in BELOW]
    assert known.issuperset(PUBLISHED)
    executor.migrate(targets)
    apps = executor.loader.project_state(targets).apps
    ours = [m for m in apps.get_models() if m._meta.app_label in PUBLISHED]
    for model in _in_order(ours):
        if model._meta.label.startswith("ledger."):
            continue
        for values in GIVEN.get(model._meta.label, [{}]):
            row = model._default_manager.create(**_row(model, values))
            for field in model._meta.many_to_many:
                if field.related_model is not model:
                    getattr(row, field.name).add(field.related_model._default_manager.first())
    _books(apps)


def _books(apps: Any) -> None:
    accounts = {}
    for name, balance in ACCOUNTS.items():
        owner, kind = name.split()
        floor = None if kind == "treasury" else 0
        account = apps.get_model("ledger", "Account")
        accounts[name] = account.objects.create(
            owner=owner, kind=kind, unit="fen", balance=balance, floor=floor
        )
    for number, (reference, giver, taker, amount, movement, basis) in enumerate(TRANSFERS):
        apps.get_model("ledger", "Transfer").objects.create(
            reference=reference,
            debit=accounts[giver],
            credit=accounts[taker],
            amount=amount,
            unit="fen",
            movement=movement or None,
            basis=basis or None,
            at=AT + timedelta(minutes=number),
        )


def _in_order(found: list[type[models.Model]]) -> Iterator[type[models.Model]]:
    """Each table after those its rows must point to."""
    left = list(found)
    while left:
        for model in left:
            given = {name for row in GIVEN.get(model._meta.label, []) for name in row}
            named = [f for f in model._meta.concrete_fields if f.attname in given]
            named += model._meta.many_to_many
            needs = {f.related_model for f in [*_needed(model), *named] if f.is_relation}
            if not needs.intersection(left) - {model}:
                left.remove(model)
                yield model
                break
        else:
            raise AssertionError(f"these point to each other: {left}")


def _needed(model: type[models.Model]) -> list[Any]:
    return [
        field
        for field in model._meta.concrete_fields
        if not (field.null or field.has_default() or isinstance(field, models.AutoField))
    ]


def _row(model: type[models.Model], given: Mapping[str, Any]) -> dict[str, Any]:
    row = dict(given)
    for field in _needed(model):
        if row.keys() & {field.name, field.attname}:
            continue
        row[field.attname] = _value(field)
    return row


def _value(field: Any) -> Any:
    if field.is_relation:
        return field.related_model.objects.order_by("pk").values_list("pk", flat=True)[0]
    if field.choices:
        return field.choices[0][0]
    for kind, value in BY_TYPE:
        if isinstance(field, kind):
            return value
    if isinstance(field, models.UUIDField):
        return "8c2b1f0e-93a7-4d57-8a50-0d6d1f1e7a11"
    if isinstance(field, models.BinaryField):
        return b"1"
    return f"{field.name} 一"[: field.max_length]


if __name__ == "__main__":
    import django

    django.setup()
    make()
