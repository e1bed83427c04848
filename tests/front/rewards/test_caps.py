"""Caps hold whatever comes at once, count what stands, and say what they cut off."""

from collections import Counter
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.front.rewards import actions, caps
from loop28.front.rewards.actions import Grant
from loop28.front.rewards.caps import Counted
from loop28.front.rewards.models import Cap, Entitlement
from loop28.insight import audit
from loop28.kernel.access import SYSTEM
from loop28.middle.members import merging
from tests.line_kit import open_line, people
from tests.races import together

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
KINDS = ["day", "member", "line", "task", "budget"]


@pytest.fixture
def line(at):
    return open_line(budget_fen=100_000)


@pytest.fixture
def member(line):
    return people(1)[0]


def fee(line, member, name, fen=100, limits=None, *, day=MONDAY, hold_days=0):
    """Money for a quiz, out of a part of the budget."""
    return Grant(
        f"t:{name}",
        line.pk,
        member,
        "money",
        fen,
        hold_days=hold_days,
        task="quiz",
        budget="tasks",
        day=day,
        limits=limits or {},
    )


def wallet(member):
    return ledger.balance(SYSTEM, accounts.wallet(member))


def used():
    return {cap.name: cap.used for cap in Cap.objects.all()}


@pytest.mark.django_db
class TestEachCap:
    @pytest.mark.parametrize("kind", KINDS)
    def test_pays_up_to_its_last_fen_and_says_what_it_cut_off(self, line, member, kind):
        grants = [fee(line, member, n, limits={kind: 250}) for n in range(3)]
        assert actions.grant(SYSTEM, grants) == ["settled", "settled", "capped"]
        small = fee(line, member, "small", 50, {kind: 250})
        assert actions.grant(SYSTEM, [small]) == ["settled"]
        assert wallet(member) == 250
        assert Entitlement.objects.get(state="capped").capped_by == kind
        assert list(used().values()) == [250]
        assert audit.differences() == []

    def test_told_again_counts_once_and_stays_cut_off(self, line, member):
        grants = [fee(line, member, n, limits={"line": 150}) for n in range(2)]
        for _ in range(2):
            assert actions.grant(SYSTEM, grants) == ["settled", "capped"]
        assert used() == {"line": 100}

    def test_a_day_is_one_members_one_local_day(self, line, member):
        (other,) = people(1)
        grants = [
            fee(line, member, "a", limits={"day": 100}),
            fee(line, member, "b", limits={"day": 100}),
            fee(line, member, "c", limits={"day": 100}, day=TUESDAY),
            fee(line, other, "d", limits={"day": 100}),
        ]
        assert actions.grant(SYSTEM, grants) == ["settled", "capped", "settled", "settled"]

    def test_the_first_are_those_who_came_first_and_honours_are_for_everybody(self, line):
        crowd, first = people(4), {"first": 2}
        grants = [
            grant
            for m in crowd
            for grant in (
                Grant(f"c:{m}", line.pk, m, "coupon", title="减 5", task="quiz", limits=first),
                Grant(f"b:{m}", line.pk, m, "badge", title="快手", task="quiz", limits=first),
            )
        ]
        states = actions.grant(SYSTEM, grants)
        assert states[::2] == ["settled", "settled", "capped", "capped"]
        assert states[1::2] == ["settled"] * 4
        assert used() == {"first:quiz": 2}
        codes = Entitlement.objects.filter(kind="coupon").values_list("code", flat=True)
        assert len(set(codes)) == 4
        assert all(len(code) == 10 for code in codes)

    def test_what_a_policy_forbids_is_never_given(self, line, member):
        badge = Grant("t:b", line.pk, member, "badge", task="quiz", limits={"policy": 0})
        grants = [fee(line, member, "a", limits={"policy": 0}), badge]
        assert actions.grant(SYSTEM, grants) == ["capped", "settled"]
        assert Entitlement.objects.get(state="capped").capped_by == "policy"

    def test_what_is_taken_back_leaves_room_and_what_was_cut_off_stays_cut_off(self, line, member):
        most = {"member": 200}
        grants = [
            fee(line, member, "paid", limits=most),
            fee(line, member, "held", limits=most, hold_days=7),
            fee(line, member, "c", limits=most),
        ]
        assert actions.grant(SYSTEM, grants) == ["settled", "held", "capped"]
        actions.void(SYSTEM, ["t:paid", "t:held", "t:c"])
        actions.void(SYSTEM, ["t:paid", "t:held", "t:c"])
        assert used() == {f"member:{member}": 0}
        assert actions.grant(SYSTEM, [fee(line, member, "new", 200, most)]) == ["settled"]
        assert audit.differences() == []

    def test_a_reward_that_waits_for_money_counts(self, line, member):
        grants = [fee(line, member, n, 90_000, {"line": 180_000}) for n in range(3)]
        assert actions.grant(SYSTEM, grants) == ["settled", "unfunded", "capped"]

    def test_two_records_of_one_person_count_together(self, line):
        kept, lost = people(2)
        limits = {"member": 120, "day": 150}
        actions.grant(SYSTEM, [fee(line, m, m, limits=limits) for m in (kept, lost)])
        merging.merge(SYSTEM, kept, lost)
        assert used() == {f"member:{kept}": 200, f"day:{kept}:2026-03-02": 200}
        assert actions.grant(SYSTEM, [fee(line, kept, "more", 1, limits)]) == ["capped"]
        actions.void(SYSTEM, [f"t:{kept}", f"t:{lost}"])
        assert set(used().values()) == {0}
        assert audit.differences() == []

    def test_what_two_records_were_over_is_no_room_for_one_person(self, line):
        kept, lost = people(2)
        limits = {"member": 150}
        actions.grant(SYSTEM, [fee(line, m, m, limits=limits) for m in (kept, lost)])
        merging.merge(SYSTEM, kept, lost)
        actions.void(SYSTEM, [f"t:{lost}"])
        grants = [fee(line, kept, fen, fen, limits) for fen in (51, 50)]
        assert actions.grant(SYSTEM, grants) == ["capped", "settled"]
        assert used() == {f"member:{kept}": 150}

    def test_what_was_granted_before_a_rule_forbade_it_can_be_taken_back(self, line):
        one, other = people(2)
        actions.grant(SYSTEM, [fee(line, one, "before", hold_days=7)])
        assert actions.grant(SYSTEM, [fee(line, other, "after", limits={"policy": 0})]) == [
            "capped"
        ]
        assert actions.void(SYSTEM, ["t:before"]) == ["void"]
        assert used() == {"policy:quiz": 0}

    def test_what_only_the_lost_record_had_counted_goes_with_it_and_nobody_elses(self, line):
        kept, lost, other = people(3)
        limits = {"member": 120, "day": 150}
        actions.grant(SYSTEM, [fee(line, m, m, limits=limits) for m in (lost, other)])
        merging.merge(SYSTEM, kept, lost)
        names = [name for m in (kept, other) for name in (f"member:{m}", f"day:{m}:{MONDAY}")]
        assert used() == dict.fromkeys(names, 100)

    def test_no_statement_can_take_a_cap_over_its_limit(self, line, member):
        actions.grant(SYSTEM, [fee(line, member, "a", limits={"line": 100})])
        for number in (101, -1):
            with pytest.raises(IntegrityError), transaction.atomic():
                Cap.objects.update(used=number)

    def test_500_grants_under_every_cap_cost_a_handful_of_statements(self, line):
        crowd = people(500)
        limits = dict.fromkeys([*KINDS, "first"], 10**6)

        def statements(members, name):
            grants = [fee(line, m, f"{name}{m}", limits=limits) for m in members]
            with CaptureQueriesContext(connection) as captured:
                actions.grant(SYSTEM, grants)
            return len(captured)

        few, many = statements(crowd[:2], "few"), statements(crowd, "many")
        assert many <= few
        assert many <= 19


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", [*KINDS, "first"])
def test_many_at_once_never_get_more_than_a_cap_holds(line, member, kind):
    most = 3 if kind == "first" else 300
    together(
        *(
            lambda n=n: actions.grant(
                SYSTEM, [fee(line, member, f"{n}:{k}", limits={kind: most}) for k in range(2)]
            )
            for n in range(6)
        )
    )
    states = Counter(Entitlement.objects.values_list("state", flat=True))
    assert states == {"settled": 3, "capped": 9}
    assert wallet(member) == 300
    assert list(used().values()) == [most]
    assert audit.differences() == []


REWARDS = st.lists(
    st.tuples(
        st.integers(1, 3),
        st.sampled_from(["money", "points", "coupon", "badge"]),
        st.integers(1, 9),
        st.sampled_from(["quiz", "tick"]),
        st.sampled_from(["", "tasks"]),
        st.sampled_from([MONDAY, TUESDAY]),
    ),
    max_size=20,
)
LIMITS = st.dictionaries(st.sampled_from([*KINDS, "first", "policy"]), st.integers(0, 20))


@given(REWARDS, LIMITS)
def test_decided_one_by_one_as_a_slow_model_would(rewards, limits):
    of = [
        Counted(1, m, kind, amount, task, part, day) for m, kind, amount, task, part, day in rewards
    ]
    needs = [caps.needs(one, limits) for one in of]
    room = {(1, need.name): limits[need.kind] for wanted in needs for need in wanted}
    passed: list[Counted] = []
    for one, over in zip(
        of, caps.decide([(1, wanted) for wanted in needs], dict(room)), strict=True
    ):
        assert (not over) is all(_fits(one, passed, kind, most) for kind, most in limits.items())
        if not over:
            passed.append(one)


def _fits(one, passed, kind, most):
    """Whether one more still fits: everything before it of the same kind of cap, added up."""
    same = {
        "day": lambda o: (o.member, o.day) == (one.member, one.day),
        "member": lambda o: o.member == one.member,
        "line": lambda o: True,
        "task": lambda o: o.task == one.task,
        "budget": lambda o: o.budget == one.budget,
        "first": lambda o: o.task == one.task,
        "policy": lambda o: o.task == one.task,
    }[kind]
    if kind in {"first", "policy"}:
        worth = [o for o in [*passed, one] if o.kind != "badge"]
        return one.kind == "badge" or len([o for o in worth if same(o)]) <= most
    if one.kind != "money" or (kind == "budget" and not one.budget):
        return True
    return sum(o.amount for o in [*passed, one] if o.kind == "money" and same(o)) <= most
