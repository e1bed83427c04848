"""Whatever happens in whatever order: paid once, held or owed, and the line's money all there."""

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from loop28.back.finance import actions as finance
from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.front.rewards import actions, jobs
from loop28.front.rewards.actions import Grant
from loop28.front.rewards.models import Entitlement
from loop28.kernel import clock as clocks
from loop28.kernel.access import SYSTEM
from tests.line_kit import local, open_line, people

NAMES = st.integers(0, 5)


class Rewards(RuleBasedStateMachine):
    """Grants, funding, time and refunds in any order over a few rewards of two members."""

    @initialize()
    def begin(self):
        clocks.move_to(local(0, 12))
        self.given = 500
        self.line = open_line(budget_fen=self.given)
        self.members = people(2)

    @rule(names=st.lists(NAMES, min_size=1, max_size=4))
    def grant(self, names):
        actions.grant(SYSTEM, [self._grant(n) for n in names])

    @rule(fen=st.integers(1, 400))
    def fund(self, fen):
        self.given += fen
        finance.fund(SYSTEM, self.line.pk, fen, f"k{self.given}")

    @rule(names=st.lists(NAMES, min_size=1, max_size=3))
    @precondition(lambda self: self._rows().exists())
    def void(self, names):
        known = set(self._rows().values_list("reference", flat=True))
        actions.void(SYSTEM, [r for n in names if (r := self._grant(n).reference) in known])

    @rule(days=st.integers(1, 4))
    def wait(self, days):
        clocks.move_to(clocks.now() + timedelta(days=days))
        jobs.release(clocks.now())
        jobs.settle(clocks.now())

    @invariant()
    def nothing_is_lost_or_paid_twice(self):
        rows = list(self._rows())
        by_state = {
            state: sum(row.amount for row in rows if row.state == state)
            for state in ("settled", "held", "unfunded", "void", "reversed")
        }
        owed = sum(row.owed for row in rows)
        wallets = sum(self._balance(accounts.wallet(m)) for m in self.members)
        held = self._balance(accounts.held(self.line.pk))
        budget = self._balance(accounts.budget(self.line.pk))
        assert wallets == by_state["settled"] + owed
        assert held == by_state["held"]
        assert budget == self.given - wallets - held
        assert len({row.reference for row in rows}) == len(rows)

    def teardown(self):
        jobs.settle(clocks.now())
        owed = self._rows().filter(state="unfunded").values_list("amount", flat=True)
        assert self._balance(accounts.budget(self.line.pk)) < min(owed, default=10**12)

    def _grant(self, name):
        member = self.members[name % 2]
        reference = f"{self.line.pk}:{name}"
        return Grant(reference, self.line.pk, member, "money", 70 + 60 * name, hold_days=name % 3)

    def _rows(self):
        return Entitlement.objects.filter(line=self.line)

    def _balance(self, key):
        return ledger.balance(SYSTEM, key)


@pytest.mark.django_db
def test_rewards_in_any_order(at):
    few = settings(max_examples=25, stateful_step_count=20, deadline=None)
    run_state_machine_as_test(Rewards, settings=few)
