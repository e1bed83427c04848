"""SQL by hand against packets, rewards, payouts and screening: what the database refuses alone.

The books themselves are attacked in tests/back/ledger/test_raw_sql.py.
"""

import pytest
from django.db import IntegrityError, connection, transaction

from loop28.back.finance import actions as finance
from loop28.front.lines import actions as lines
from loop28.front.packets import actions as packets
from loop28.front.packets.models import Packet
from loop28.front.rewards import actions as rewards
from loop28.front.rewards.actions import Grant
from loop28.kernel.access import SYSTEM, Actor, Role
from tests.line_kit import live_until, local, moving_clock, open_line, seated

ATTACKS = {
    "a member opens a second share": (
        "UPDATE packets_share SET member_id = {member}, taken_at = '2026-03-02' WHERE number = 3"
    ),
    "a share is written twice": (
        "INSERT INTO packets_share (packet_id, number, fen) VALUES ({packet}, 1, 1)"
    ),
    "a packet gets one share more than it has": (
        "INSERT INTO packets_share (packet_id, number, fen) VALUES ({packet}, 11, 1)"
    ),
    "a share grows": "UPDATE packets_share SET fen = fen + 1 WHERE number = 5",
    "a share goes to another packet": "UPDATE packets_share SET packet_id = -1 WHERE number = 5",
    "a share holds nothing": "UPDATE packets_share SET fen = 0 WHERE number = 5",
    "a share is taken away from who opened it": (
        "UPDATE packets_share SET member_id = NULL, taken_at = NULL WHERE number = 1"
    ),
    "a share is opened by nobody": (
        "UPDATE packets_share SET taken_at = '2026-03-02' WHERE number = 9"
    ),
    "a share is deleted": "DELETE FROM packets_share WHERE number = 9",
    "more is opened than there are shares": "UPDATE packets_packet SET taken = 11",
    "more is opened than the packet holds": "UPDATE packets_packet SET taken_fen = 1001",
    "more comes back than is left": "UPDATE packets_packet SET returned_fen = 1000",
    "less than nothing comes back": "UPDATE packets_packet SET returned_fen = -1",
    "a packet is emptied below a fen a share": "UPDATE packets_packet SET total = 9",
    "a reward is granted twice": (
        "UPDATE rewards_entitlement SET reference = 'one' WHERE reference = 'two'"
    ),
    "a reward of money is worth nothing": (
        "UPDATE rewards_entitlement SET amount = 0 WHERE reference = 'one'"
    ),
    "a badge is worth money": (
        "UPDATE rewards_entitlement SET kind = 'badge' WHERE reference = 'one'"
    ),
    "a cap is broken": "UPDATE rewards_cap SET used = most + 1",
    "a cap counts below nothing": "UPDATE rewards_cap SET used = -1",
    "a cap is there twice": (
        "INSERT INTO rewards_cap (line_id, name, used, most) "
        "SELECT line_id, name, used, most FROM rewards_cap"
    ),
    "more is owed than was given": "UPDATE rewards_entitlement SET owed = amount + 1",
    "a payout is for nothing": "UPDATE finance_payout SET fen = 0",
    "a payout is for less than nothing": "UPDATE finance_payout SET fen = -5",
    "somebody answers the call a second time": (
        "INSERT INTO lines_optin (line_id, member_id, via, at) "
        "SELECT line_id, member_id, 'operator', at FROM lines_optin"
    ),
    "somebody sits in a line twice": (
        "INSERT INTO lines_enrollment (line_id, member_id, state, asked_at) "
        "SELECT line_id, member_id, 'joined', asked_at FROM lines_enrollment"
    ),
    "what happened is edited": "UPDATE journal_entry SET kind = 'x'",
    "what happened is deleted": "DELETE FROM journal_entry",
}


@pytest.fixture
def world(db):
    """A packet of 10 shares, two of them opened; rewards, a cap, a payout, an answer to a call."""
    with moving_clock():
        line = open_line()
        member, other = seated(line, 2)
        live_until(local(1, 12, 30))
        packet = Packet.objects.get().pk
        packets.claim(SYSTEM, packet, [member, other])
        cap = {"line": 1000}
        grants = [
            Grant(name, line.pk, member, "money", 200, task="quiz", limits=cap)
            for name in ("one", "two")
        ]
        rewards.grant(SYSTEM, grants)
        me = Actor(Role.MEMBER, member)
        finance.ask_payout(me, 100, "张三", "6222", "key", adult=True)
        lines.let_in(SYSTEM, line.pk, [member])
        yield {"packet": packet, "member": member}


def test_the_database_refuses_each_of_them(world, subtests):
    for attack, statement in ATTACKS.items():
        with subtests.test(attack), pytest.raises(IntegrityError), transaction.atomic():
            _execute(statement.format(**world))


def _execute(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount, "there was nothing to attack"
    connection.check_constraints()  # PostgreSQL looks at foreign keys when it commits
