"""A better result brings the difference to its tier, once; caps of the playbook hold over tasks."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loop28.front.rewards.models import Cap, Entitlement
from loop28.front.tasks import intake, standstill
from loop28.front.tasks.models import Assignment
from loop28.front.tasks.rules import Happened
from loop28.insight import audit
from loop28.kernel.access import SYSTEM
from tests.front.tasks.kit import open_line, passing, wallet
from tests.line_kit import local

pytestmark = pytest.mark.django_db

OPEN = local(4, 8, 30)
HOW = "how: 写三句自己的使用感受发给店主，店主看过就算。\n    effort: 1h\n    window: 1d\n"
TIERS = '[{at_least: 4, money: "3.00"}, {at_least: 5, money: "5.00"}]'
VISITS = (
    f'kind: tick\n    {HOW}    reward:\n      money: "2.00"',
    f"kind: measured\n    measure: {{fact: visit, at_least: 2}}\n    {HOW}    reward:\n"
    f'      money: "2.00"\n      tiers: {TIERS}',
)


@pytest.fixture(autouse=True)
def move(at):
    return at


def lines_member(*changes):
    line = open_line(VISITS, *changes)
    (member,) = passing(line, 1, OPEN)
    row = Assignment.objects.get(line=line, member=member, task="own-words")
    return line, member, row


def visits(member, *keys):
    return [Happened(f"v:{key}", member, "visit", OPEN) for key in keys]


def paid(row):
    rows = Entitlement.objects.filter(reference__startswith=f"task:{row.pk}:")
    return rows.filter(state="settled").aggregate(sum=Sum("amount"))["sum"] or 0


def test_each_tier_brings_what_is_missing_to_it():
    _line, member, row = lines_member()
    came = [intake.receive(SYSTEM, visits(member, n)) and paid(row) for n in range(6)]
    assert came == [0, 200, 200, 300, 500, 500]
    assert wallet(member) == 500
    assert list(Entitlement.objects.filter(member=member).values_list("reference", "amount")) == [
        (f"task:{row.pk}:money", 200),
        (f"task:{row.pk}:money:tier1", 100),
        (f"task:{row.pk}:money:tier2", 200),
    ]
    assert audit.differences() == []


def test_one_leap_over_all_bars_brings_it_all_and_says_it_once():
    _line, member, row = lines_member()
    for _ in range(2):
        intake.receive(SYSTEM, visits(member, *range(9)))
    assert (paid(row), Entitlement.objects.filter(member=member).count()) == (500, 3)


def test_a_result_that_falls_below_a_tier_is_owed_and_reaching_it_again_pays_once():
    _line, member, row = lines_member()
    intake.receive(SYSTEM, visits(member, *range(5)))
    intake.reverse(SYSTEM, ["v:4"])
    row.refresh_from_db()
    assert (row.progress, row.done_at, row.taken_back) == (4, OPEN, 1)
    owed = Entitlement.objects.aggregate(sum=Sum("owed"))["sum"]
    assert wallet(member) - owed == paid(row) == 300
    intake.receive(SYSTEM, visits(member, "new"))
    assert (wallet(member), paid(row)) == (500, 500)
    assert Entitlement.objects.aggregate(sum=Sum("owed"))["sum"] == 0
    assert audit.differences() == []


def test_what_a_better_result_may_still_bring_is_not_given_back():
    line, member, _row = lines_member()
    intake.receive(SYSTEM, visits(member, 0, 1))
    open_tasks = Assignment.objects.filter(line=line, done_at=None, closes_at__gte=OPEN)
    assert open_tasks.filter(task="own-words").count() == 0
    assert standstill._owed(line.pk, OPEN, ()) >= 500


def test_what_may_still_be_done_better_waits_as_long_as_its_line_stood_still():
    line, member, row = lines_member()
    intake.receive(SYSTEM, visits(member, 0, 1))
    end = row.closes_at
    standstill.extend(SYSTEM, line.pk, OPEN, 2)
    row.refresh_from_db()
    assert row.closes_at == end + timedelta(days=2)


def test_the_line_caps_hold_over_all_its_tasks():
    caps = ('budget: "90000.00"', 'budget: "90000.00"\ncaps: {member: "2.50", line: "2.90"}')
    _line, member, row = lines_member(caps)
    intake.receive(SYSTEM, visits(member, *range(9)))
    assert (paid(row), wallet(member)) == (200, 200)
    capped = Entitlement.objects.filter(state="capped")
    assert [(one.amount, one.capped_by) for one in capped] == [(100, "member"), (200, "member")]
    assert Cap.objects.get(name="line").used == 200
    assert audit.differences() == []


def test_a_rule_younger_than_the_playbook_stops_what_it_forbids(monkeypatch):
    from loop28.back.compliance import rules

    _line, member, row = lines_member()
    monkeypatch.setitem(rules.MONEY_MAX, rules.Evidence.EVENT, 100)
    intake.receive(SYSTEM, visits(member, *range(9)))
    assert paid(row) == 0
    assert set(Entitlement.objects.values_list("capped_by", flat=True)) == {"policy"}


@pytest.fixture
def somebody():
    _line, member, row = lines_member()
    return member, row


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 7)), max_size=14), st.integers(1, 4))
def test_in_any_order_they_end_with_what_the_result_is_worth_and_owe_the_rest(
    somebody, steps, size
):
    member, row = somebody
    known: set[int] = set()
    gone: set[int] = set()
    with transaction.atomic():
        for start in range(0, len(steps), size):
            batch = steps[start : start + size]
            intake.receive(SYSTEM, visits(member, *(key for back, key in batch if not back)))
            known.update(key for back, key in batch if not back)
            back = {key for back, key in batch if back}
            intake.reverse(SYSTEM, [f"v:{key}" for key in back])
            gone |= back & known
        count = len(known - gone)
        worth = next(fen for bar, fen in [(5, 500), (4, 300), (2, 200), (0, 0)] if count >= bar)
        owed = Entitlement.objects.aggregate(sum=Sum("owed"))["sum"] or 0
        assert paid(row) == worth
        assert wallet(member) == worth + owed
        assert audit.differences() == []
        transaction.set_rollback(True)
