"""Each step of a reward is told with its date, from what is kept about it anyway."""

import pytest

from loop28.back.finance import actions as finance
from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.front.rewards import actions, jobs, queries, wallets
from loop28.front.rewards.actions import Grant
from loop28.front.rewards.story import Granted, story
from loop28.kernel import clock as clocks
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from tests.factories import staff
from tests.line_kit import local, open_line, people, region

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(at):
    return open_line(budget_fen=1000)


@pytest.fixture
def member(line):
    return people(1)[0]


def grant(line, member, name, fen=100, kind="money", **terms):
    actions.grant(SYSTEM, [Grant(f"t:{name}", line.pk, member, kind, fen, task="quiz", **terms)])


def told(member, name, *, frozen=False):
    """The steps of a reward, with the days on which they came and their amounts."""
    actor = Actor(Role.MEMBER, member)
    reward = queries.by_reference(actor, [f"t:{name}"])[f"t:{name}"]
    wallet = wallets.of_member(actor, member)
    of = Granted(*(getattr(reward, field) for field in Granted._fields))
    set_off = wallet.set_off.get(reward.pk, ())
    moments = story(of, clocks.now(), wallet.of(reward), set_off, frozen=frozen)
    return [(m.step.value, (m.at - local(0, 12)).days if m.at else None, m.amount) for m in moments]


def ask(member, fen, key="k"):
    return finance.ask_payout(Actor(Role.MEMBER, member), fen, "张三", "62", key, adult=True).pk


def test_granted_held_claimable_claimed_settled(line, member, at):
    grant(line, member, "a", hold_days=7)
    assert told(member, "a") == [("granted", 0, 100), ("held", 7, 100)]
    at(local(8, 12))
    jobs.release(clocks.now())
    at(local(9, 12))
    payout = ask(member, 60)
    so_far = [("granted", 0, 100), ("held", 7, 100), ("claimable", 8, 100)]
    assert told(member, "a") == [*so_far, ("claimed", 9, 60)]
    at(local(10, 12))
    finance.export_payouts(staff().actor)
    finance.mark_paid(staff().actor, [payout])
    assert told(member, "a") == [*so_far, ("claimed", 9, 60), ("settled", 10, 60)]


def test_what_is_held_beyond_its_time_is_looked_at_where_rewards_are_frozen(line, member, at):
    grant(line, member, "a", hold_days=2)
    at(local(3, 12))
    assert told(member, "a")[1:] == [("held", 2, 100)]
    assert told(member, "a", frozen=True)[1:] == [("held", 2, 100), ("looked_at", None, 100)]


def test_what_is_taken_back_while_it_is_held_waits_for_nothing_any_more(line, member, at):
    grant(line, member, "a", hold_days=7)
    at(local(3, 12))
    actions.void(SYSTEM, ["t:a"])
    for day in (4, 20):
        at(local(day, 12))
        assert told(member, "a") == [("granted", 0, 100), ("taken_back", 3, 100)]


def test_a_rejected_claim_gives_it_back(line, member):
    grant(line, member, "a")
    finance.reject_payout(staff().actor, ask(member, 60), "账号不对")
    assert told(member, "a") == [("granted", 0, 100), ("claimable", 0, 100)]
    wallet = wallets.of_member(SYSTEM, member)
    assert [part.fen for parts in wallet.parts.values() for part in parts] == [100]


def test_set_off_against_what_was_taken_back(line, member, at):
    grant(line, member, "a", 300)
    at(local(2, 12))
    actions.void(SYSTEM, ["t:a"])
    grant(line, member, "b", 200)
    assert told(member, "b")[1:] == [("claimable", 2, 200), ("set_off", 2, 200)]
    assert told(member, "a")[1:] == [
        ("claimable", 0, 300),
        ("taken_back", 2, 300),
        ("owed", None, 100),
    ]
    wallet = wallets.of_member(SYSTEM, member)
    claimable = [part.fen for parts in wallet.parts.values() for part in parts]
    assert sum(claimable) == ledger.balance(SYSTEM, accounts.wallet(member)) == 300


@pytest.mark.parametrize(
    ("terms", "steps"),
    [
        ({"limits": {"line": 1}}, [("granted", 0, 100), ("capped", 0, 0)]),
        ({"fen": 5000}, [("granted", 0, 5000), ("unfunded", None, 5000)]),
        ({"kind": "coupon", "fen": 0}, [("granted", 0, 0), ("theirs", 0, 0)]),
        ({"kind": "points"}, [("granted", 0, 100), ("theirs", 0, 100)]),
    ],
)
def test_what_did_not_come_says_so(line, member, terms, steps):
    grant(line, member, "a", **terms)
    assert told(member, "a") == steps


def test_taken_back_in_time(line, member, at):
    grant(line, member, "a", hold_days=7)
    at(local(3, 12))
    actions.void(SYSTEM, ["t:a"])
    assert told(member, "a") == [("granted", 0, 100), ("taken_back", 3, 100)]


def test_only_the_member_and_the_house_follow_a_wallet(line, member):
    grant(line, member, "a")
    for actor in (Actor(Role.MEMBER, people(1)[0]), Actor(Role.MACHINE, 1)):
        with pytest.raises(NotAllowed):
            wallets.of_member(actor, member)


def test_caps_and_rewards_of_a_line_are_for_who_runs_or_watches_it(line, member):
    grant(line, member, "a", limits={"line": 500, "member": 500})
    host, manager = Actor(Role.MEMBER, line.host_id), Actor(Role.REGION_MANAGER, 1, line.region_id)
    for actor in (host, manager):
        assert [cap.name for cap in queries.caps(actor, line.pk)] == ["line"]
        assert [row.member_id for row in queries.of_line(actor, line.pk)] == [member]
    stranger = Actor(Role.REGION_MANAGER, 1, region("HN").pk)
    for actor in (stranger, Actor(Role.MEMBER, member)):
        assert queries.caps(actor, line.pk) == []
        assert list(queries.of_line(actor, line.pk)) == []
