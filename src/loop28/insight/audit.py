"""Do the books agree with themselves and with what the modules say was promised, opened and paid?

Everything else reads through a module's queries. This reads the tables themselves, with SQL of its
own, and shares no line of code with those who wrote them: an auditor who asks the bookkeeper to add
up finds only what the bookkeeper already knows. When a table changes, its check here changes by
hand, and `tests/insight/test_audit.py` plants each kind of difference to see it named.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

# Every transfer with the two accounts it lies between, and every reward that is worth something.
# Records that turned out to be somebody else are told by who they are: ``payer`` and ``payee`` are
# persons where ``giver`` and ``taker`` are accounts.
_WITH = """
WITH merged AS (
    SELECT id, 'member:' || id AS record, merged_into_id AS now, 'member:' || merged_into_id AS one
    FROM members_member WHERE merged_into_id IS NOT NULL
),
rewards AS (
    SELECT r.reference, r.line_id, COALESCE(m.now, r.member_id) AS member_id, r.basis, r.amount,
           r.state, r.owed, CASE r.kind WHEN 'money' THEN 'fen' ELSE r.kind END AS unit
    FROM rewards_entitlement r LEFT JOIN merged m ON m.id = r.member_id
    WHERE r.kind IN ('money', 'points')
),
tasked AS (
    SELECT r.line_id, r.kind, r.amount, r.task, r.budget, r.day,
           COALESCE(m.now, r.member_id) AS person
    FROM rewards_entitlement r LEFT JOIN merged m ON m.id = r.member_id
    WHERE r.state IN ('settled', 'held', 'unfunded') AND r.task <> ''
),
counted AS (
    SELECT line_id, 'line' AS name, amount FROM tasked WHERE kind = 'money'
    UNION ALL SELECT line_id, 'member:' || person, amount FROM tasked WHERE kind = 'money'
    UNION ALL SELECT line_id, 'day:' || person || ':' || day, amount FROM tasked
        WHERE kind = 'money'
    UNION ALL SELECT line_id, 'task:' || task, amount FROM tasked WHERE kind = 'money'
    UNION ALL SELECT line_id, 'budget:' || budget, amount FROM tasked WHERE kind = 'money'
    UNION ALL SELECT line_id, 'first:' || task, 1 FROM tasked
        WHERE kind IN ('money', 'points', 'coupon')
),
shares AS (
    SELECT s.packet_id, s.fen, COALESCE(m.now, s.member_id) AS member_id
    FROM packets_share s LEFT JOIN merged m ON m.id = s.member_id
    WHERE s.member_id IS NOT NULL
),
payouts AS (
    SELECT p.id, p.fen, p.state, COALESCE(m.now, p.member) AS member
    FROM finance_payout p LEFT JOIN merged m ON m.id = p.member
),
moves AS (
    SELECT t.id, t.reference, t.unit, t.amount, t.basis, t.movement, t.reverses_id,
           t.debit_id, d.owner AS giver, d.kind AS giver_kind, d.unit AS giver_unit,
           t.credit_id, c.owner AS taker, c.kind AS taker_kind, c.unit AS taker_unit,
           COALESCE(dm.one, d.owner) AS payer, COALESCE(cm.one, c.owner) AS payee
    FROM ledger_transfer t
    JOIN ledger_account d ON d.id = t.debit_id
    JOIN ledger_account c ON c.id = t.credit_id
    LEFT JOIN merged dm ON dm.record = d.owner
    LEFT JOIN merged cm ON cm.record = c.owner
)
"""


@dataclass(frozen=True)
class Never:
    """Rows that must not exist; ``says`` is filled with their columns."""

    sql: str
    says: str

    def differences(self) -> Iterator[str]:
        for row in _rows(_WITH + self.sql):
            yield self.says.format(*row)


@dataclass(frozen=True)
class Match:
    """Two lists of (name, amount), told twice, that must agree name by name.

    ``one_each``: also in how many rows a name has, so that two halves are not a whole.
    """

    one: str
    one_says: str
    other: str
    other_says: str
    one_each: bool = False

    def differences(self) -> Iterator[str]:
        having = "SUM(a) <> SUM(b)" + (" OR SUM(m) <> SUM(n)" if self.one_each else "")
        sql = (
            f"{_WITH} SELECT name, SUM(m), SUM(a), SUM(n), SUM(b) FROM ("  # noqa: S608
            f"SELECT name, 1 AS m, amount AS a, 0 AS n, 0 AS b FROM ({self.one}) AS one UNION ALL "
            f"SELECT name, 0, 0, 1, amount FROM ({self.other}) AS other"
            f") AS pairs GROUP BY name HAVING {having} ORDER BY name"
        )
        for name, m, a, n, b in _rows(sql):
            one, other = (f"{a} in {m}", f"{b} in {n}") if self.one_each else (a, b)
            yield f"{name}: {self.one_says} {one}, {self.other_says} {other}"


# ── The ledger by itself ────────────────────────────────────────────────────────────────────────
BALANCES = Match(
    "SELECT owner || ' ' || kind || ' ' || unit AS name, balance AS amount FROM ledger_account",
    "the account says",
    "SELECT giver || ' ' || giver_kind || ' ' || giver_unit AS name, -amount AS amount FROM moves "
    "UNION ALL SELECT taker || ' ' || taker_kind || ' ' || taker_unit, amount FROM moves",
    "its transfers say",
)
FLOORS = Never(
    "SELECT owner, kind, unit, balance, floor FROM ledger_account WHERE balance < floor "
    "OR (kind IN ('treasury', 'issuer')) <> (floor IS NULL) OR floor <> 0 ORDER BY id",
    "{0} {1} {2}: the balance is {3} over a floor of {4}",
)
# An account's transfers are numbered in the order in which they happened, because whoever posts
# holds its lock. So its balance after each of them is known, and none may be below zero.
ALWAYS_COVERED = Never(
    "SELECT a.owner, a.kind, a.unit, MIN(stands.balance) FROM ("
    "SELECT account, SUM(change) OVER (PARTITION BY account ORDER BY id) AS balance FROM ("
    "SELECT id, debit_id AS account, -amount AS change FROM moves "
    "UNION ALL SELECT id, credit_id, amount FROM moves) AS changes) AS stands "
    "JOIN ledger_account a ON a.id = stands.account "
    "WHERE stands.balance < 0 AND a.kind NOT IN ('treasury', 'issuer') "
    "GROUP BY a.id, a.owner, a.kind, a.unit ORDER BY a.id",
    "{0} {1} {2}: its transfers, one after the other, take it down to {3}",
)
FORM = Never(
    "SELECT reference FROM moves WHERE amount <= 0 OR debit_id = credit_id "
    "OR unit <> giver_unit OR unit <> taker_unit "
    "OR (basis IS NOT NULL) <> (taker_kind = 'wallet') "
    "OR (movement IS NOT NULL) <> (taker_kind <> 'wallet') ORDER BY id",
    "transfer {0}: amount, units, or basis and movement do not fit its accounts",
)
LAWFUL = Never(
    "SELECT reference, giver, taker, basis FROM moves WHERE taker_kind = 'wallet' AND ("
    "giver_kind = 'wallet' OR (basis = 'gift') <> (giver_kind = 'packet') OR basis NOT IN "
    "('gift', 'commission', 'task_fee', 'invitation', 'prize', 'service_fee', 'correction')"
    ") ORDER BY id",
    "transfer {0}: from {1} to {2} as {3} is nothing a person may be paid for",
)
REVERSALS = Never(
    "SELECT t.reference, o.reference FROM moves t JOIN moves o ON o.id = t.reverses_id "
    "WHERE t.debit_id <> o.credit_id OR t.amount > o.amount ORDER BY t.id",
    "transfer {0}: takes back more than {1} gave, or from somebody else",
)

# ── Packets ─────────────────────────────────────────────────────────────────────────────────────
PACKET_ISSUED = Match(
    "SELECT 'packet:' || beat_id || ' of line:' || line_id AS name, total AS amount "
    "FROM packets_packet",
    "a packet of",
    "SELECT taker || ' of ' || giver AS name, amount FROM moves WHERE taker_kind = 'packet'",
    "issued",
    one_each=True,
)
PACKET_SPLIT = Match(
    "SELECT 'packet:' || beat_id AS name, total AS amount FROM packets_packet",
    "the packet holds",
    "SELECT 'packet:' || packet_id AS name, fen AS amount FROM packets_share",
    "its shares add up to",
)
PACKET_COUNTS = Never(
    "SELECT p.beat_id, p.count, COUNT(s.id), p.taken, COUNT(s.member_id), p.taken_fen, "
    "COALESCE(SUM(CASE WHEN s.member_id IS NOT NULL THEN s.fen END), 0) "
    "FROM packets_packet p LEFT JOIN packets_share s ON s.packet_id = p.beat_id "
    "GROUP BY p.beat_id, p.count, p.taken, p.taken_fen HAVING p.count <> COUNT(s.id) "
    "OR p.taken <> COUNT(s.member_id) OR p.taken_fen <> "
    "COALESCE(SUM(CASE WHEN s.member_id IS NOT NULL THEN s.fen END), 0) ORDER BY p.beat_id",
    "packet:{0}: says {1} shares and has {2}, says {3} opened and has {4}, "
    "says {5} fen opened and has {6}",
)
PACKET_GIFTS = Match(
    "SELECT 'packet:' || packet_id || ' to member:' || member_id AS name, fen AS amount "
    "FROM shares",
    "share opened",
    "SELECT giver || ' to ' || payee AS name, amount FROM moves WHERE basis = 'gift'",
    "paid",
    one_each=True,
)
PACKET_RETURNED = Match(
    "SELECT 'packet:' || beat_id || ' to line:' || line_id AS name, returned_fen AS amount "
    "FROM packets_packet",
    "the packet says it returned",
    "SELECT giver || ' to ' || taker AS name, amount FROM moves "
    "WHERE giver_kind = 'packet' AND taker_kind = 'budget'",
    "returned",
)
# Issued = claimed + returned + what is still there; and what is closed holds nothing.
PACKET_LEFT = Match(
    "SELECT 'packet:' || beat_id AS name, CASE WHEN closed_at IS NULL "
    "THEN total - taken_fen - returned_fen ELSE 0 END AS amount FROM packets_packet",
    "there should still be",
    "SELECT owner AS name, balance AS amount FROM ledger_account WHERE kind = 'packet'",
    "it holds",
)
PACKET_CLOSED = Never(
    "SELECT beat_id, total, taken_fen, returned_fen FROM packets_packet "
    "WHERE closed_at IS NOT NULL AND total <> taken_fen + returned_fen "
    "OR closed_at IS NULL AND returned_fen <> 0 ORDER BY beat_id",
    "packet:{0}: issued {1}, claimed {2} and returned {3} do not add up",
)

# ── Rewards ─────────────────────────────────────────────────────────────────────────────────────
REWARDS_PAID = Match(
    "SELECT 'reward:' || reference || ' to member:' || member_id || ' as ' || basis || ' in ' "
    "|| unit AS name, amount FROM rewards WHERE state IN ('settled', 'reversed')",
    "settled",
    "SELECT reference || ' to ' || payee || ' as ' || basis || ' in ' || unit AS name, amount "
    "FROM moves WHERE taker_kind = 'wallet' AND basis NOT IN ('gift', 'correction')",
    "paid",
    one_each=True,
)
REWARDS_HELD = Match(
    "SELECT 'line:' || line_id || ' ' || unit AS name, amount FROM rewards WHERE state = 'held'",
    "rewards on hold add up to",
    "SELECT owner || ' ' || unit AS name, balance AS amount FROM ledger_account "
    "WHERE kind = 'held'",
    "held is",
)
# What was paid and then taken back is set against later rewards, fen by fen.
REWARDS_SET_OFF = Match(
    "SELECT 'member:' || member_id || ' to ' || CASE unit WHEN 'fen' THEN 'line:' || line_id "
    "ELSE 'company' END || ' in ' || unit AS name, amount - owed AS amount FROM rewards "
    "WHERE state = 'reversed'",
    "set against later rewards",
    "SELECT payer || ' to ' || taker || ' in ' || unit AS name, amount FROM moves "
    "WHERE reference LIKE 'setoff:%'",
    "paid back",
)
CAPS = Match(
    "SELECT 'line:' || line_id || ' ' || name AS name, used AS amount FROM rewards_cap",
    "the cap says",
    "SELECT 'line:' || c.line_id || ' ' || c.name AS name, n.amount FROM rewards_cap c "
    "JOIN counted n ON n.line_id = c.line_id AND n.name = c.name",
    "its rewards count",
)

# ── Budgets ─────────────────────────────────────────────────────────────────────────────────────
# What a line was given and got back, less what it gave back and its packets and rewards took.
BUDGETS = Match(
    "SELECT taker AS name, amount FROM moves "
    "WHERE taker_kind = 'budget' AND giver_kind IN ('treasury', 'wallet') "
    "UNION ALL SELECT giver, -amount FROM moves "
    "WHERE giver_kind = 'budget' AND taker_kind = 'treasury' "
    "UNION ALL SELECT 'line:' || line_id, returned_fen - total FROM packets_packet "
    "UNION ALL SELECT 'line:' || line_id, -amount FROM rewards "
    "WHERE unit = 'fen' AND state IN ('settled', 'held', 'reversed')",
    "after its packets and rewards the budget should be",
    "SELECT owner AS name, balance AS amount FROM ledger_account WHERE kind = 'budget'",
    "it is",
)

# ── Payouts ─────────────────────────────────────────────────────────────────────────────────────
PAYOUTS_ASKED = Match(
    "SELECT 'payout:' || id || ' of member:' || member AS name, fen AS amount FROM payouts",
    "asked",
    "SELECT taker || ' of ' || payer AS name, amount FROM moves WHERE taker_kind = 'paying'",
    "reserved",
    one_each=True,
)
PAYOUTS_OPEN = Match(
    "SELECT 'payout:' || id AS name, fen AS amount FROM finance_payout "
    "WHERE state IN ('asked', 'exported')",
    "waiting to be paid",
    "SELECT owner AS name, balance AS amount FROM ledger_account WHERE kind = 'paying'",
    "reserved for it",
)
PAYOUTS_PAID = Match(
    "SELECT 'payout:' || id AS name, fen AS amount FROM finance_payout WHERE state = 'paid'",
    "marked as paid",
    "SELECT giver AS name, amount FROM moves WHERE taker_kind = 'paid'",
    "left the house",
    one_each=True,
)
PAYOUTS_REJECTED = Match(
    "SELECT 'payout:' || id || ' to member:' || member AS name, fen AS amount "
    "FROM payouts WHERE state = 'rejected'",
    "rejected",
    "SELECT giver || ' to ' || payee AS name, amount FROM moves "
    "WHERE giver_kind = 'paying' AND taker_kind = 'wallet'",
    "given back",
    one_each=True,
)
FOUR_EYES = Never(
    "SELECT p.id FROM finance_payout p LEFT JOIN finance_export e ON e.id = p.export_id "
    "WHERE p.state = 'paid' AND (e.made_by_id IS NULL OR p.settled_by_id IS NULL "
    "OR e.made_by_id = p.settled_by_id) ORDER BY p.id",
    "payout:{0}: paid without a second person",
)

# ── Merged records ──────────────────────────────────────────────────────────────────────────────
# What left the wallet of a record came into one of the same person, and nothing came in later.
MERGES = Match(
    "SELECT SUBSTR(reference, 1, LENGTH(reference) - 4) || ' of ' || payer AS name, amount "
    "FROM moves WHERE giver_kind = 'wallet' AND reference LIKE 'merge:%:out'",
    "left the wallet",
    "SELECT SUBSTR(reference, 1, LENGTH(reference) - 3) || ' of ' || payee AS name, amount "
    "FROM moves WHERE taker_kind = 'wallet' AND reference LIKE 'merge:%:in'",
    "came to the person",
    one_each=True,
)
MERGED_WALLETS = Never(
    "SELECT a.owner, a.unit, a.balance FROM ledger_account a "
    "LEFT JOIN merged m ON m.record = a.owner WHERE a.kind = 'wallet' "
    "AND (m.id IS NULL AND a.closed OR m.id IS NOT NULL AND a.balance <> 0) ORDER BY a.id",
    "{0} {1}: is closed and nobody's double, or a double's and holds {2}",
)

CHECKS: list[Never | Match] = [
    *(BALANCES, FLOORS, ALWAYS_COVERED, FORM, LAWFUL, REVERSALS),
    *(PACKET_ISSUED, PACKET_SPLIT, PACKET_COUNTS, PACKET_GIFTS),
    *(PACKET_RETURNED, PACKET_LEFT, PACKET_CLOSED),
    *(REWARDS_PAID, REWARDS_HELD, REWARDS_SET_OFF, CAPS, BUDGETS),
    *(PAYOUTS_ASKED, PAYOUTS_OPEN, PAYOUTS_PAID, PAYOUTS_REJECTED, FOUR_EYES),
    *(MERGES, MERGED_WALLETS),
]
# What guards a table's rows, by database: so many triggers.
GUARDED = {
    "postgresql": {"journal_entry": 1, "ledger_transfer": 2, "ledger_account": 3}
    | {"packets_share": 3},
    "sqlite": {"journal_entry": 2, "ledger_transfer": 4, "ledger_account": 3, "packets_share": 3},
}


def differences() -> list[str]:
    """What does not agree, a sentence each that names the row; empty when the books are exact.

    Reads one moment of the database while work goes on; on SQLite writers wait for it. Amounts are
    in fen or points.
    """
    with _one_moment():
        return [*_unguarded(), *(said for check in CHECKS for said in check.differences())]


@contextmanager
def _one_moment() -> Iterator[None]:
    nested = connection.in_atomic_block
    with transaction.atomic():
        if connection.vendor == "postgresql" and not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _unguarded() -> Iterator[str]:
    """Tables that have lost a trigger; SQLite drops them with a rebuilt table."""
    if connection.vendor == "postgresql":
        sql = (
            "SELECT tgrelid::regclass::text FROM pg_trigger "
            "WHERE NOT tgisinternal AND tgenabled <> 'D'"
        )
    else:
        sql = "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'"
    found = [name for (name,) in _rows(sql)]
    for table, wanted in GUARDED[connection.vendor].items():
        if found.count(table) < wanted:
            yield f"{table}: the database no longer refuses to change its rows"


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())
