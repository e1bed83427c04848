"""Taps, people who come and go, time and further packets in any order: as by hand."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.front.groups import actions as groups
from loop28.front.lines import schedule
from loop28.front.lines.models import Beat
from loop28.front.packets import actions
from loop28.front.packets.models import Packet, Share
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from tests.front.packets.slow_packet import SlowPacket
from tests.hold.kit import packet_beat
from tests.line_kit import group, local, moving_clock, open_line, people

PEOPLE = st.lists(st.integers(0, 6), min_size=1, max_size=6)
BUDGET = 400


class Packets(RuleBasedStateMachine):
    """A line whose money is enough for a few packets, and seven people who want some."""

    stage: Any = None

    def __init__(self):
        super().__init__()
        self.line, self.people = self.stage
        self.example = transaction.atomic()
        self.example.__enter__()
        clock.move_to(local(1, 8))
        self.inside, self.packets, self.left = set(), {}, BUDGET

    def teardown(self):
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    @rule(
        total=st.integers(3, 200),
        shares=st.integers(1, 5),
        split=st.sampled_from(["equal", "random"]),
    )
    def issue(self, total, shares, split):
        if total < shares:
            return
        terms = {"total": total, "shares": shares, "split": split, "expires": 3600}
        beat = packet_beat(self.line, f"p{Beat.objects.count()}", clock.now(), **terms)
        actions.issue(SYSTEM, schedule.beats([beat.pk]))
        pile = [share.fen for share in Share.objects.filter(packet=beat.pk).order_by("number")]
        if total > self.left:
            assert not pile
            assert Beat.objects.get(pk=beat.pk).state == "failed"
            return
        assert (sum(pile), len(pile), min(pile) > 0) == (total, shares, True)
        self.packets[beat.pk] = SlowPacket(pile, clock.now() + timedelta(hours=1))
        self.left -= total

    @rule(who=PEOPLE)
    def come(self, who):
        groups.join(SYSTEM, group(self.line), [self.people[n] for n in who])
        self.inside |= {self.people[n] for n in who}

    @rule(who=st.integers(0, 6))
    def go(self, who):
        groups.leave(SYSTEM, group(self.line), [self.people[who]])
        self.inside -= {self.people[who]}

    @rule(which=st.integers(0, 9), who=PEOPLE)
    def tap(self, which, who):
        if self.packets:
            number = sorted(self.packets)[which % len(self.packets)]
            asking = [self.people[n] for n in who]
            told = [(c.outcome.value, c.fen) for c in actions.claim(SYSTEM, number, asking)]
            assert told == self.packets[number].claim(asking, self.inside, clock.now())

    @rule(seconds=st.sampled_from([1, 1800, 3600]))
    def wait(self, seconds):
        clock.move_to(clock.now() + timedelta(seconds=seconds))

    @rule()
    def expire(self):
        over = [packet for packet in self.packets.values() if packet.expire(clock.now())]
        assert actions.expire_due(SYSTEM) == len(over)
        self.left += sum(packet.returned for packet in over)

    @invariant()
    def agrees(self):
        rows = Packet.objects.values_list("pk", "taken_fen", "returned_fen", "taken", "closed_at")
        assert {pk: (*said, closed is not None) for pk, *said, closed in rows} == {
            pk: (sum(packet.had.values()), packet.returned, len(packet.had), packet.closed)
            for pk, packet in self.packets.items()
        }
        got: Counter[int] = Counter()
        for packet in self.packets.values():
            got.update(packet.had)
        wallets = [accounts.wallet(person) for person in self.people]
        assert ledger.balances(SYSTEM, wallets) == {
            wallet: got[person] for wallet, person in zip(wallets, self.people, strict=True)
        }
        assert ledger.balance(SYSTEM, accounts.budget(self.line.pk)) == self.left


@pytest.mark.django_db
def test_packets_in_any_order(times):
    few = settings(max_examples=8 * times, stateful_step_count=15, deadline=None)
    with moving_clock():
        Packets.stage = open_line(budget_fen=BUDGET), people(7)
        run_state_machine_as_test(Packets, settings=few)
