"""Clicks no hands made are seen in the transaction that counts them: before anything is paid."""

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loop28.back.compliance import actions as compliance
from loop28.back.compliance.models import Freeze, Strength
from loop28.back.people.models import User
from loop28.front.referrals import queries as referrals
from loop28.front.referrals.models import Click, Tally
from loop28.front.rewards import queries as rewards
from loop28.front.rewards.models import RewardState
from loop28.front.tasks import actions as tasks
from loop28.front.tasks.rules import Opening
from loop28.front.tempo import actions, rules
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Role
from tests.front.referrals.kit import product_link, touched, visitor
from tests.front.tasks import kit
from tests.line_kit import local, seated
from tests.races import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def promoter(line):
    return seated(line, 1)[0]


@pytest.fixture
def link(line, promoter):
    return product_link(line, promoter)


@pytest.fixture
def finance(db):
    return User.objects.create(username="f", name="f", role=Role.FINANCE).actor


def clicks(link, day, moments, network="10.0.0.0/24"):
    for moment in moments:
        clock.move_to(local(day, 10) + timedelta(seconds=moment))
        touched(link, visitor(), network=network)


def at_once(link, count, day=1):
    clock.move_to(local(day, 10))
    touched(link, *[visitor() for _ in range(count)], network="10.0.0.0/24")


def in_a_row(count, pace):
    return [n * pace for n in range(count)]


def by_chance(count, within, seed=1):
    chance = random.Random(seed)
    return sorted(chance.uniform(0, within) for _ in range(count))


def frozen():
    return [(row.member, row.why) for row in Freeze.objects.filter(ended_at=None).order_by("id")]


def decide(finance):
    compliance.decide(finance, Freeze.objects.get(ended_at=None).pk, "released", "看过了")


class TestHands:
    def test_the_twentieth_tick_of_a_clock_is_seen_as_it_comes(self, link, promoter):
        clicks(link, 1, in_a_row(19, 7))
        assert frozen() == []
        clicks(link, 1, [19 * 7])
        assert frozen() == [(promoter, "hands")]
        found = Freeze.objects.get()
        day = local(1, 12).date().toordinal()
        numbers = {"day": day, "link": link.pk, "clicks": 20, "seconds": 133, "even": 1}
        assert (found.numbers, found.strength) == (numbers, Strength.HOLD)

    def test_a_crowd_within_a_second_is_seen_in_its_own_batch(self, link, promoter):
        at_once(link, rules.CROWD - 1)
        assert frozen() == []
        at_once(link, 1)
        assert frozen() == [(promoter, "hands")]
        assert Freeze.objects.get().numbers["even"] == 0

    def test_forty_honest_people_behind_one_address_trip_nothing(self, link):
        at_once(link, 40)
        clicks(link, 2, by_chance(25, within=60), network="1.2.3.0/24")
        assert frozen() == []

    def test_a_row_that_a_person_broke_is_none(self, link):
        clicks(link, 1, [*in_a_row(15, 7), 15 * 7 + 40, *[160 + s for s in in_a_row(15, 7)]])
        assert frozen() == []

    def test_what_somebody_released_comes_back_only_on_another_day(self, link, finance):
        clicks(link, 1, in_a_row(20, 7))
        decide(finance)
        clicks(link, 1, [n + 200 for n in in_a_row(20, 7)])
        assert frozen() == []
        clicks(link, 4, in_a_row(20, 7))
        assert len(frozen()) == 1


class TestOnesOwnPast:
    def past(self, link, days=5):
        for day in range(1, days + 1):
            clicks(link, day, by_chance(3, 3600, seed=day))

    def test_a_day_far_beyond_ones_best_is_held_as_soon_as_it_is(self, line, link, promoter):
        self.past(link)
        other = product_link(line, promoter, "宝妈群")
        for one in (link, other):
            at_once(one, rules.BUSY // 2 - 1, day=6)
        assert frozen() == []
        at_once(link, 2, day=6)
        assert frozen() == [(promoter, "velocity")]
        assert Freeze.objects.get().numbers["best"] == 3

    def test_the_same_day_of_somebody_without_a_past_is_not(self, link):
        self.past(link, rules.KNOWN_DAYS - 1)
        at_once(link, rules.CROWD - 1, day=6)
        clicks(link, 6, [60.0])
        assert frozen() == []

    def test_is_told_by_nobody_elses_links(self, line, link):
        (other,) = seated(line, 1)
        self.past(link)
        self.past(product_link(line, other))
        at_once(product_link(line, other), 40, day=6)
        at_once(link, rules.CROWD - 1, day=6)
        assert frozen() == []


def test_the_reward_of_the_click_that_trips_it_is_held_and_not_paid(clicking):
    promoter, link = clicking
    at_once(link, rules.CROWD)
    assert frozen() == [(promoter, "hands")]
    (reward,) = rewards.of_member(SYSTEM, promoter)
    assert reward.state == RewardState.HELD


def test_the_same_clicks_of_people_are_paid_at_once(clicking):
    promoter, link = clicking
    at_once(link, rules.CROWD - 1)
    clicks(link, 1, [3.0])
    (reward,) = rewards.of_member(SYSTEM, promoter)
    assert (frozen(), reward.state) == ([], RewardState.SETTLED)


@pytest.fixture
def clicking(at):
    """Somebody with a task of fifty clicks that brings points, and their link."""
    changes = ("kind: lock_fans", "kind: link_clicks"), ("target: 1\n", f"target: {rules.CROWD}\n")
    line = kit.open_line(*changes, ("course: 怎么开口不尴尬", "points: 5"))
    (promoter,) = seated(line, 1)
    clock.move_to(local(1, 9))
    tasks.open_tasks(SYSTEM, line.pk, [Opening("lock-fan")], [promoter])
    return promoter, product_link(line, promoter)


def test_it_asks_once_where_nothing_is_unusual_and_as_often_for_many_as_for_few(line):
    def asked(promoters, count):
        links = [product_link(line, one) for one in seated(line, promoters)]
        for one in links:
            at_once(one, count)
        owners = {one.promoter_id for one in links}
        with CaptureQueriesContext(connection) as seen:
            actions.look(SYSTEM, owners, {one.pk for one in links})
        return len([q for q in seen if "SAVEPOINT" not in q["sql"] and q["sql"] != "BEGIN"])

    assert asked(1, 5) == asked(3, 5) == 1
    assert asked(1, 25) == asked(3, 25) == 3


def test_the_days_of_a_link_are_what_its_clicks_come_to(line, link):
    at_once(link, 3)
    clicks(link, 2, [1, 2])
    touched(link, 10**9, 10**9)  # one phone, twice
    days = {row.day: row.clicks for row in Tally.objects.filter(link=link)}
    assert days == {local(1, 12).date(): 3, local(2, 12).date(): 3}
    assert Click.objects.filter(link=link).count() == 6
    assert len(referrals.latest_moments([link.pk], 2)[link.pk]) == 2


@pytest.mark.django_db(transaction=True)
def test_two_batches_in_one_instant_add_up(line, link):
    clock.move_to(local(1, 10))
    together(*[lambda: touched(link, visitor(), visitor())] * 3)
    assert Tally.objects.get(link=link).clicks == 6
