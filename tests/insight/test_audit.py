"""The audit finds nothing in exact books, and names each kind of difference that is planted."""

import pytest
from django.db import connection, transaction

from loop28.back.finance import actions as finance
from loop28.back.ledger import accounts
from loop28.back.ledger.actions import Move, transfer
from loop28.front.packets import actions as packets
from loop28.front.packets.models import Packet
from loop28.front.rewards import actions as rewards
from loop28.front.rewards.actions import Grant
from loop28.insight import audit
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.middle.members import merging
from tests import factories
from tests.line_kit import live_until, local, moving_clock, open_line, people, seated

pytestmark = pytest.mark.django_db


@pytest.fixture
def books():
    """A line with an open, an expired packet, rewards of each state, payouts of each state."""
    with moving_clock():
        line = open_line()
        members = seated(line, 4)
        live_until(local(1, 12, 30))
        first = Packet.objects.get()
        packets.claim(SYSTEM, first.pk, members[:3])
        live_until(local(2, 12, 30))
        second = Packet.objects.exclude(pk=first.pk).first()
        packets.claim(SYSTEM, second.pk, members[1:3])
        _reward(line.pk, members)
        _pay_out(members)
        (lost,) = people(1)
        gift = Move("gift", accounts.TREASURY, accounts.wallet(lost), 7, "correction")
        transfer(SYSTEM, [gift])
        merging.merge(SYSTEM, members[3], lost)
        ids = {"member": members[0], "lost": lost, "last": members[3]}
        yield {"line": line.pk, "packet": second.pk} | ids


def _reward(line, members):
    member = members[0]
    rewards.grant(
        SYSTEM,
        [
            Grant("fee", line, member, "money", 500),
            Grant("more", line, members[1], "money", 500),
            Grant("held", line, member, "money", 300, hold_days=7),
            Grant("void", line, member, "money", 200, hold_days=7),
            Grant("points", line, member, "points", 40),
            Grant("badge", line, member, "badge", title="开张"),
            Grant("dream", line, member, "money", 10**9),
            Grant("lost", line, member, "money", 60, task="quiz", limits={"line": 1000}),
        ],
    )
    rewards.void(SYSTEM, ["void", "lost"])
    rewards.grant(
        SYSTEM, [Grant("next", line, member, "money", 40, task="quiz", limits={"line": 1000})]
    )


def _pay_out(members):
    exporter, marker = (factories.staff(Role.FINANCE).actor for _ in range(2))

    def ask(member, fen, key):
        person = Actor(Role.MEMBER, member)
        return finance.ask_payout(person, fen, "张三", "6222", key, adult=True).pk

    paid, rejected = ask(members[0], 100, "a"), ask(members[1], 110, "b")
    finance.export_payouts(exporter)
    finance.mark_paid(marker, [paid])
    finance.reject_payout(marker, rejected, "退票")
    ask(members[0], 120, "c")


def test_exact_books_have_no_differences(books):
    assert audit.differences() == []


def test_empty_books_have_no_differences():
    assert audit.differences() == []


def test_points_corrections_and_rewards_settled_after_a_hold_are_exact_too(books):
    with moving_clock() as move:
        move(local(20, 12))
        rewards.release_due(SYSTEM)
    back = Move(
        "back",
        accounts.wallet(books["member"]),
        accounts.budget(books["line"]),
        100,
        movement="correction",
        reverses="reward:fee",
    )
    gift = Move("sorry", accounts.TREASURY, accounts.wallet(books["member"]), 5, "correction")
    transfer(SYSTEM, [back, gift])
    assert audit.differences() == []


def _change(table, change, where):
    return f"UPDATE {table} SET {change} WHERE {where}"  # noqa: S608


A_GIFT = "id = (SELECT MIN(id) FROM ledger_transfer WHERE basis = 'gift')"
OPEN = "beat_id = {packet}"
PLANTS: list[tuple[audit.Never | audit.Match, str, str]] = [
    (
        audit.BALANCES,
        _change("ledger_account", "balance = balance + 1", "kind = 'budget'"),
        "line:{line} budget fen: the account says",
    ),
    (
        audit.BALANCES,
        _change("ledger_transfer", "amount = amount + 1", "reference = 'reward:fee'"),
        "member:{member} wallet fen: the account says",
    ),
    (
        audit.FLOORS,
        _change("ledger_account", "floor = -5", "kind = 'wallet' AND owner = 'member:{member}'"),
        "member:{member} wallet fen: the balance is",
    ),
    (
        audit.FLOORS,
        _change("ledger_account", "balance = -5", "kind = 'held'"),
        "line:{line} held fen: the balance is -5 over a floor of 0",
    ),
    (
        audit.ALWAYS_COVERED,
        _change("ledger_transfer", "id = id + 1000000", "movement = 'fund'"),
        "line:{line} budget fen: its transfers, one after the other, take it down to -",
    ),
    (
        audit.FORM,
        _change("ledger_transfer", "unit = 'points'", "reference = 'reward:fee'"),
        "transfer reward:fee: ",
    ),
    (
        audit.FORM,
        _change("ledger_transfer", "basis = NULL, movement = 'return'", "reference = 'reward:fee'"),
        "transfer reward:fee: ",
    ),
    (
        audit.FORM,
        _change("ledger_transfer", "amount = -amount", "reference = 'reward:fee'"),
        "transfer reward:fee: ",
    ),
    (
        audit.LAWFUL,
        _change("ledger_transfer", "basis = 'downline'", "reference = 'reward:fee'"),
        "transfer reward:fee: from line:{line} to member:{member} as downline is nothing",
    ),
    (
        audit.LAWFUL,
        _change("ledger_transfer", "basis = 'prize'", A_GIFT),
        "as prize is nothing a person may be paid for",
    ),
    (
        audit.REVERSALS,
        _change("ledger_transfer", "amount = amount + 1", "reverses_id IS NOT NULL"),
        ":rejected: takes back more than payout:",
    ),
    (
        audit.PACKET_ISSUED,
        _change("packets_packet", "total = total + 1", OPEN),
        "packet:{packet} of line:{line}: a packet of",
    ),
    (
        audit.PACKET_SPLIT,
        _change("packets_share", "fen = fen + 1", "packet_id = {packet} AND number = 1"),
        "packet:{packet}: the packet holds",
    ),
    (
        audit.PACKET_COUNTS,
        _change("packets_packet", "taken = taken - 1", OPEN),
        "packet:{packet}: says",
    ),
    (
        audit.PACKET_COUNTS,
        _change("packets_packet", "taken_fen = taken_fen + 1", OPEN),
        "packet:{packet}: says",
    ),
    (
        audit.PACKET_COUNTS,
        "DELETE FROM packets_share WHERE packet_id = {packet} AND member_id IS NULL",
        "packet:{packet}: says",
    ),
    (
        audit.PACKET_GIFTS,
        _change("packets_share", "member_id = {last}", "packet_id = {packet} AND number = 3"),
        "packet:{packet} to member:{last}: share opened",
    ),
    (
        audit.PACKET_GIFTS,
        _change("ledger_transfer", "amount = amount + 1", A_GIFT),
        "paid",
    ),
    (
        audit.PACKET_RETURNED,
        _change("packets_packet", "returned_fen = returned_fen + 1", "beat_id <> {packet}"),
        "to line:{line}: the packet says it returned",
    ),
    (
        audit.PACKET_LEFT,
        _change("ledger_account", "balance = balance - 1", "owner = 'packet:{packet}'"),
        "packet:{packet}: there should still be",
    ),
    (
        audit.PACKET_LEFT,
        _change("ledger_account", "owner = 'packet:999'", "owner = 'packet:{packet}'"),
        "packet:999: there should still be 0, it holds",
    ),
    (
        audit.PACKET_CLOSED,
        _change("packets_packet", "closed_at = issued_at", OPEN),
        "packet:{packet}: issued",
    ),
    (
        audit.REWARDS_PAID,
        _change("rewards_entitlement", "amount = amount + 1", "reference = 'fee'"),
        "reward:fee to member:{member} as task_fee in fen: settled 501 in 1, paid 500 in 1",
    ),
    (
        audit.REWARDS_PAID,
        _change("rewards_entitlement", "reference = 'other'", "reference = 'points'"),
        "reward:points to member:{member} as task_fee in points: settled 0 in 0, paid 40 in 1",
    ),
    (
        audit.REWARDS_PAID,
        _change("rewards_entitlement", "member_id = {last}", "reference = 'fee'"),
        "reward:fee to member:{last} as task_fee in fen: settled 500 in 1, paid 0 in 0",
    ),
    (
        audit.REWARDS_HELD,
        _change("rewards_entitlement", "state = 'void'", "reference = 'held'"),
        "line:{line} fen: rewards on hold add up to 0, held is 300",
    ),
    (
        audit.REWARDS_SET_OFF,
        _change("rewards_entitlement", "owed = 0", "reference = 'lost'"),
        "member:{member} to line:{line} in fen: set against later rewards 60, paid back 40",
    ),
    (
        audit.CAPS,
        _change("rewards_cap", "used = used + 1", "name = 'line'"),
        "line:{line} line: the cap says 41, its rewards count 40",
    ),
    (
        audit.BUDGETS,
        _change("rewards_entitlement", "state = 'held', settled_at = NULL", "reference = 'dream'"),
        "line:{line}: after its packets and rewards the budget should be -",
    ),
    (
        audit.PAYOUTS_ASKED,
        _change("finance_payout", "fen = 99", "state = 'asked'"),
        "of member:{member}: asked 99 in 1, reserved 120 in 1",
    ),
    (
        audit.PAYOUTS_OPEN,
        _change("finance_payout", "state = 'exported'", "state = 'paid'"),
        "waiting to be paid 100, reserved for it 0",
    ),
    (
        audit.PAYOUTS_PAID,
        _change("finance_payout", "state = 'paid'", "state = 'asked'"),
        "marked as paid 120 in 1, left the house 0 in 0",
    ),
    (
        audit.PAYOUTS_REJECTED,
        _change("finance_payout", "member = {last}", "state = 'rejected'"),
        "to member:{last}: rejected 110 in 1, given back 0 in 0",
    ),
    (
        audit.FOUR_EYES,
        _change(
            "finance_payout",
            "settled_by_id = (SELECT MIN(made_by_id) FROM finance_export)",
            "state = 'paid'",
        ),
        ": paid without a second person",
    ),
    (
        audit.MERGES,
        _change("ledger_transfer", "amount = amount + 1", "reference LIKE 'merge:%:fen:in'"),
        "merge:{lost}:fen of member:{last}: left the wallet",
    ),
    (
        audit.MERGES,
        _change("members_member", "merged_into_id = {member}", "id = {lost}"),
        "came to the person 0 in 0",
    ),
    (
        audit.MERGED_WALLETS,
        _change("ledger_account", "balance = 5", "closed AND unit = 'fen'"),
        "member:{lost} fen: is closed and nobody's double, or a double's and holds 5",
    ),
    (
        audit.MERGED_WALLETS,
        _change("members_member", "merged_into_id = NULL", "id = {lost}"),
        "member:{lost} fen: is closed and nobody's double",
    ),
]


def test_every_check_has_a_difference_planted_for_it():
    assert {id(check) for check, _, _ in PLANTS} == {id(check) for check in audit.CHECKS}


@pytest.fixture
def defenceless(books):
    """The database without what would refuse the plants; the end of the test brings it back."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in audit.GUARDED["postgresql"]:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(
                "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'c' "
                "AND conrelid::regclass::text IN ('ledger_account', 'ledger_transfer', "
                "'packets_packet', 'packets_share', 'rewards_entitlement')"
            )
            for table, name in cursor.fetchall():
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    yield books
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def test_each_planted_difference_is_named(defenceless, subtests):
    for check, plant, said in PLANTS:
        with subtests.test(said), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(plant.format(**defenceless))
                assert cursor.rowcount > 0
            found = list(check.differences())
            assert any(said.format(**defenceless) in difference for difference in found), found
            assert set(found) <= set(audit.differences())
            transaction.set_rollback(True)


def test_a_lost_guard_is_named(defenceless):
    lost = [said for said in audit.differences() if "no longer refuses" in said]
    assert [said.split(":")[0] for said in lost] == list(audit.GUARDED[connection.vendor])


@pytest.mark.django_db(transaction=True)
def test_it_reads_one_moment_outside_of_a_transaction():
    assert audit.differences() == []
