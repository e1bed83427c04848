"""Reads of the ledger. A member sees their own wallet; a door that shows a line checks the line."""

from collections.abc import Collection, Iterable, Sequence

from django.db.models import Case, F, Q, QuerySet, Sum, Value, When

from loop28.back.ledger.accounts import AccountKey
from loop28.back.ledger.models import Account, Kind, Transfer
from loop28.kernel import sql
from loop28.kernel.access import Actor, NotAllowed, Role, require

__all__ = ["AccountKey", "balance", "balances", "movements", "received", "transfers"]


def balance(actor: Actor, key: AccountKey) -> int:
    """Fen or points on one account; 0 before anything moved."""
    return balances(actor, [key])[key]


def balances(actor: Actor, keys: Sequence[AccountKey]) -> dict[AccountKey, int]:
    """Fen or points on each account, in one statement. Refuses with NotAllowed."""
    _refuse_strangers(actor, {key.owner for key in keys})
    rows = named(keys).values_list("owner", "kind", "unit", "balance")
    found = {AccountKey(*key): amount for *key, amount in rows}
    return {key: found.get(key, 0) for key in keys}


def received(actor: Actor, keys: Sequence[AccountKey], movement: str) -> dict[AccountKey, int]:
    """What came into each account under this movement, all time, in one statement."""
    return _moved(actor, keys, movement, "credit")


def sent(actor: Actor, keys: Sequence[AccountKey], movement: str) -> dict[AccountKey, int]:
    """What went out of each account under this movement, all time, in one statement."""
    return _moved(actor, keys, movement, "debit")


def _moved(
    actor: Actor, keys: Sequence[AccountKey], movement: str, side: str
) -> dict[AccountKey, int]:
    _refuse_strangers(actor, {key.owner for key in keys})
    rows = (
        Transfer.objects.filter(movement=movement, **{f"{side}__in": named(keys)})
        .values_list(f"{side}__owner", f"{side}__kind", "unit")
        .annotate(total=Sum("amount"))
    )
    found = {AccountKey(*key): int(total) for *key, total in rows}
    return {key: found.get(key, 0) for key in keys}


def movements(actor: Actor, owner: str, kinds: Iterable[str] = tuple(Kind)) -> QuerySet[Transfer]:
    """Transfers of these accounts of an owner, newest first.

    Each has ``change``: what it added to (or took from) these accounts together, in its unit.
    Refuses with NotAllowed.
    """
    _refuse_strangers(actor, {owner})
    accounts = Account.objects.filter(owner=owner, kind__in=list(kinds))
    mine = list(accounts.values_list("id", flat=True))
    came = Case(When(credit__in=mine, then=F("amount")), default=Value(0))
    went = Case(When(debit__in=mine, then=F("amount")), default=Value(0))
    rows = Transfer.objects.filter(Q(debit__in=mine) | Q(credit__in=mine))
    rows = rows.annotate(change=came - went)  # type: ignore[no-redef]
    return rows.select_related("debit", "credit").order_by("-id")


def transfers(actor: Actor) -> QuerySet[Transfer]:
    """All transfers, newest first. Refuses with NotAllowed whoever is bound to a region."""
    require(actor, Role.ADMINISTRATOR, Role.FINANCE, Role.AUDITOR)
    return Transfer.objects.select_related("debit", "credit").order_by("-id")


def named(keys: Collection[AccountKey]) -> QuerySet[Account]:
    """The accounts of these names, as far as there are any. For the ledger itself."""
    return Account.objects.filter(sql.Agreeing(("owner", "kind", "unit"), keys))


def _refuse_strangers(actor: Actor, owners: set[str]) -> None:
    own = actor.role is Role.MEMBER and owners <= {f"member:{actor.id}"}
    if not (own or actor.is_staff or actor.role is Role.SYSTEM):
        raise NotAllowed
