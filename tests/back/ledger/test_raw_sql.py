"""Whoever holds the connection and writes SQL by hand: the database keeps the books exact alone."""

from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from loop28.back.ledger import accounts
from loop28.back.ledger.actions import Move, transfer
from loop28.back.ledger.models import Account, Transfer
from loop28.back.ledger.rules import ROUTES
from loop28.kernel.access import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def books():
    """1,000 fen for line 1, of which member 7 got 300 and 100 are held; member 8 has 5 points."""
    budget = accounts.budget(1)
    transfer(
        SYSTEM,
        [
            Move("fund", accounts.TREASURY, budget, 1000, movement="fund"),
            Move("fee", budget, accounts.wallet(7), 300, basis="task_fee"),
            Move("hold", budget, accounts.held(1), 100, movement="reserve"),
            Move("points", accounts.ISSUER, accounts.wallet(8, "points"), 5, basis="prize"),
        ],
    )


def account(owner: str, kind: str = "wallet", unit: str = "fen") -> str:
    values = f"owner = '{owner}' AND kind = '{kind}' AND unit = '{unit}'"
    return f"(SELECT id FROM ledger_account WHERE {values})"  # noqa: S608


BUDGET, WALLET = account("line:1", "budget"), account("member:7")


def posting(debit: str, credit: str, **columns: str) -> str:
    row = {"reference": "'raw'", "amount": "1", "unit": "'fen'", "at": "'2026-03-02'"} | columns
    row |= {"debit_id": debit, "credit_id": credit}
    values = f"({', '.join(row)}) VALUES ({', '.join(row.values())})"
    return f"INSERT INTO ledger_transfer {values}"


FEE = {"basis": "'task_fee'"}
ATTACKS = {
    "a transfer is edited": "UPDATE ledger_transfer SET amount = 1 WHERE reference = 'fee'",
    "a transfer is given another reason": "UPDATE ledger_transfer SET basis = 'prize'",
    "a transfer is deleted": "DELETE FROM ledger_transfer WHERE reference = 'fee'",
    "a balance is raised": "UPDATE ledger_account SET balance = balance + 1",
    "money goes from one account to another without a transfer": (
        "UPDATE ledger_account SET balance = 500 - balance WHERE owner IN ('line:1', 'member:7')"
    ),
    "an account is opened with something in it": (
        "INSERT INTO ledger_account (owner, kind, unit, balance, floor, closed) "
        "VALUES ('member:9', 'wallet', 'fen', 1, 0, false)"
    ),
    "an account is there twice": (
        "INSERT INTO ledger_account (owner, kind, unit, balance, floor, closed) "
        "VALUES ('member:7', 'wallet', 'fen', 0, 0, false)"
    ),
    "a wallet may be overdrawn": (
        "INSERT INTO ledger_account (owner, kind, unit, balance, floor, closed) "
        "VALUES ('member:9', 'wallet', 'fen', 0, NULL, false)"
    ),
    "an account is of a kind nobody knows": (
        "INSERT INTO ledger_account (owner, kind, unit, balance, floor, closed) "
        "VALUES ('member:9', 'purse', 'fen', 0, 0, false)"
    ),
    "an account counts something else": (
        "INSERT INTO ledger_account (owner, kind, unit, balance, floor, closed) "
        "VALUES ('member:9', 'wallet', 'gold', 0, 0, false)"
    ),
    "a budget counts points": (
        "INSERT INTO ledger_account (owner, kind, unit, balance, floor, closed) "
        "VALUES ('line:9', 'budget', 'points', 0, 0, false)"
    ),
    "fen come from where points come from": (
        "INSERT INTO ledger_account (owner, kind, unit, balance, floor, closed) "
        "VALUES ('company', 'issuer', 'fen', 0, NULL, false)"
    ),
    "a floor is lowered": "UPDATE ledger_account SET floor = -100 WHERE owner = 'member:7'",
    "a floor is taken away": "UPDATE ledger_account SET floor = NULL WHERE owner = 'member:7'",
    "a wallet becomes somebody else's": (
        "UPDATE ledger_account SET owner = 'member:9' WHERE owner = 'member:7'"
    ),
    "fen become points": "UPDATE ledger_account SET unit = 'points' WHERE owner = 'line:1'",
    "a budget becomes a treasury": (
        "UPDATE ledger_account SET kind = 'treasury' WHERE kind = 'budget'"
    ),
    "a wallet is closed with money in it": "UPDATE ledger_account SET closed = true",
    "an account is deleted": "DELETE FROM ledger_account WHERE owner = 'member:7'",
    "a budget is overdrawn": posting(BUDGET, WALLET, amount="601", **FEE),
    "an amount is negative": posting(BUDGET, WALLET, amount="-1", **FEE),
    "an amount is nothing": posting(BUDGET, WALLET, amount="0", **FEE),
    "a reference is used twice": posting(BUDGET, WALLET, reference="'fee'", **FEE),
    "a transfer has one side only": posting(BUDGET, "NULL", **FEE),
    "a transfer has a side that does not exist": posting(BUDGET, "999999", **FEE),
    "both sides are one account": posting(BUDGET, BUDGET, movement="'return'"),
    "somebody is paid for their downline": posting(BUDGET, WALLET, basis="'downline'"),
    "somebody is paid for no reason": posting(BUDGET, WALLET, movement="'fund'"),
    "a transfer has a reason twice": posting(BUDGET, WALLET, movement="'fund'", **FEE),
    "a gift does not come out of a packet": posting(BUDGET, WALLET, basis="'gift'"),
    "one member pays another": posting(WALLET, account("member:8"), basis="'gift'"),
    "fen go where points are": posting(BUDGET, account("member:8", unit="points"), **FEE),
    "points are written as fen": posting(
        account("company", "issuer", "points"), account("member:8", unit="points"), **FEE
    ),
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_the_database_refuses_when(attack):
    stood, written = _balances(), Transfer.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic():
        _execute(attack)
    assert (_balances(), Transfer.objects.count()) == (stood, written)


def test_a_transfer_written_by_hand_moves_both_balances():
    with connection.cursor() as cursor:
        cursor.execute(posting(BUDGET, WALLET, amount="600", **FEE))
    moved = _balances()
    assert (moved["line:1", "budget"], moved["member:7", "wallet"]) == (0, 900)


def test_a_second_correction_of_one_transfer_is_refused():
    original = "(SELECT id FROM ledger_transfer WHERE reference = 'fee')"
    back = {"movement": "'correction'", "reverses_id": original}
    with connection.cursor() as cursor:
        cursor.execute(posting(WALLET, BUDGET, reference="'back'", **back))
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(posting(WALLET, BUDGET, reference="'again'", **back))


def test_what_is_closed_stays_empty_and_closed():
    transfer(
        SYSTEM, [Move("b", accounts.wallet(7), accounts.budget(1), 300, movement="correction")]
    )
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_account SET closed = true WHERE owner = 'member:7'")
        for attack in (
            posting(BUDGET, WALLET, **FEE),
            "UPDATE ledger_account SET closed = false",
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute(attack)


def test_the_ways_of_the_database_are_those_of_the_rules():
    """Whoever adds a way to the rules writes a migration that adds it to the database."""
    of_rules = {" ".join((*way, why)) for way, whys in ROUTES.items() for why in whys}
    migrations = "loop28.back.ledger.migrations"
    assert set(import_module(f"{migrations}.0002_the_database_keeps_the_balances").WAYS) == of_rules


def _execute(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.check_constraints()  # PostgreSQL looks at foreign keys when it commits


def _balances():
    rows = Account.objects.values_list("owner", "kind", "balance")
    return {(owner, kind): balance for owner, kind, balance in rows}
