"""When a task is open, done or missed; what counts; what a refund undoes."""

import functools
from datetime import UTC, datetime, timedelta
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from loop28.back.compliance.rules import RECHECK_DAYS, REFUND_DAYS
from loop28.front.playbooks.schema import TICKED, Measure, Reward, Task, TaskKind
from loop28.front.tasks import rules
from loop28.front.tasks.rules import Counting, Opening, Stand, Window

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
moments = st.integers(0, 10**7).map(lambda seconds: NOW + timedelta(seconds=seconds))


def task(**said):
    usual = {"key": "t", "name": "t", "kind": "tick", "how": "t", "effort": "10s", "window": "1d"}
    return Task.model_validate(usual | said)


def counting(**measure):
    return rules.counting(task(kind="measured", measure={"fact": "visit"} | measure))


@st.composite
def windows(draw):
    opened = draw(moments)
    closes = opened + draw(st.timedeltas(timedelta(minutes=1), timedelta(days=30)))
    share = draw(st.none() | st.floats(0, 1))
    return Window(opened, closes, None if share is None else opened + (closes - opened) * share)


class TestStand:
    @given(moments, moments | st.none(), moments)
    def test_done_stays_done_and_the_deadline_is_still_open(self, closes, done_at, now):
        stand = rules.stand(closes, done_at, now)
        if done_at is not None:
            assert stand is Stand.DONE
        else:
            assert stand is (Stand.MISSED if now > closes else Stand.OPEN)


class TestOpenings:
    @given(st.lists(st.sampled_from("abc"), max_size=12), st.integers(0, 12))
    def test_what_opens_bit_by_bit_is_what_a_latecomer_gets_at_once(self, keys, cut):
        early, late = keys[:cut], keys[cut:]
        together = rules.openings(early) + rules.openings(keys, late)
        assert sorted(together) == sorted(rules.openings(keys))

    def test_a_task_that_opens_again_is_another_assignment(self):
        assert rules.openings("aab") == [
            Opening("a", "beat:1"),
            Opening("a", "beat:2"),
            Opening("b", "beat:1"),
        ]
        assert rules.openings("aaba", "a") == [Opening("a", "beat:3")]
        assert rules.openings("ab", "") == []

    @given(st.lists(st.sampled_from("abc"), max_size=12))
    def test_no_opening_is_given_twice(self, keys):
        found = rules.openings(keys)
        assert len(set(found)) == len(found) == len(keys)


class TestQuiz:
    @given(st.lists(st.integers(1, 6), min_size=1, max_size=5), st.data())
    def test_says_exactly_which_answers_are_wrong(self, right, data):
        given_ = data.draw(st.lists(st.integers(-1, 7), max_size=8))
        wrong = rules.wrong(right, given_)
        for number, answer in enumerate(right, start=1):
            answered_right = number <= len(given_) and given_[number - 1] == answer
            assert (number in wrong) is not answered_right
        assert wrong == sorted(set(wrong))

    @given(st.lists(st.integers(1, 6), min_size=1, max_size=5))
    def test_all_right_is_no_number(self, right):
        assert rules.wrong(right, right) == []


class TestMeasures:
    def test_more_than_a_bar_is_at_least_the_next_number(self):
        assert counting(at_least="3") == Counting("visit", "number", 3)
        assert counting(more_than="3") == Counting("visit", "number", 4)
        assert counting(count="sum", at_least="10") == Counting("visit", "sum", 10_000_000)
        assert counting(count="largest", more_than="10") == Counting("visit", "largest", 10_000_001)

    @given(st.lists(st.integers(0, 10**15), max_size=8))
    def test_a_sum_adds_the_largest_keeps_and_the_others_count_one_each(self, amounts):
        def after(mode):
            return functools.reduce(functools.partial(rules.moved, mode), amounts, 0)

        assert after("sum") == sum(amounts)
        assert after("largest") == max(amounts, default=0)
        assert after("number") == after("distinct") == len(amounts)

    def test_a_fact_fits_when_it_has_every_field_with_one_of_the_values(self):
        measure = Measure.model_validate(
            {"fact": "visit", "at_least": 1, "where": {"way": ["web", "app"], "hall": "3"}}
        )
        assert rules.fits(measure, {"way": "app", "hall": "3", "more": "x"})
        assert not rules.fits(measure, {"way": "app"})
        assert not rules.fits(measure, {"way": "shop", "hall": "3"})
        assert not rules.fits(measure, None)
        assert rules.fits(None, None)


class TestRefunds:
    def test_what_a_sale_earns_is_held_until_it_can_no_longer_be_refunded(self):
        assert rules.hold_days("order_paid", task()) == REFUND_DAYS
        assert rules.hold_days("", task()) == rules.hold_days("visit", task()) == 0

    def test_what_a_picture_earns_is_held_where_it_may_be_looked_at_once_more(self):
        assert rules.hold_days("", task(kind="tick", proof="photo")) == 0
        assert rules.hold_days("", task(kind="tick", proof="photo", recheck=1)) == RECHECK_DAYS

    @given(st.integers(1, 2**62), st.sampled_from(["money", "points"]), st.integers(0, 9))
    def test_every_round_has_a_reference_of_its_own_that_fits(self, number, kind, round_):
        references = {rules.reference(number, kind, n) for n in range(round_ + 1)}
        assert len(references) == round_ + 1
        assert f"task:{number}:{kind}" in references
        assert max(map(len, references)) <= 60


class TestRewards:
    def task(self, **reward):
        return Task(
            key="t",
            name="打个卡",
            kind="checkin",
            how="点一下",
            effort="10s",
            window="1d",
            reward=Reward(**reward),
        )

    def test_value_comes_first_and_honours_carry_their_own_name(self):
        task = self.task(money="0.50", points=5, badge="勤快", course="小课")
        assert rules.rewards(task) == [
            ("money", 50, "打个卡"),
            ("points", 5, "打个卡"),
            ("badge", 0, "勤快"),
            ("course", 0, "小课"),
        ]
        assert rules.rewards(self.task()) == []
        assert rules.rewards(self.task(money="0.00", badge="勤快")) == [("badge", 0, "勤快")]


class TestStuck:
    @given(st.lists(windows(), min_size=1, max_size=6), moments)
    def test_who_has_just_done_something_is_not(self, found, now):
        fresh = Window(now - timedelta(days=9), now, now)
        assert not rules.is_stuck([*found, fresh], now)

    @given(st.lists(windows(), max_size=6))
    def test_who_has_done_everything_never_is(self, found):
        done = [w for w in found if w.done_at is not None]
        assert rules.waiting_since(done) is None
        assert not rules.is_stuck(done, NOW + timedelta(days=9999))

    @given(st.lists(windows(), min_size=1, max_size=6))
    def test_waiting_begins_when_something_was_there_to_do(self, found):
        since = rules.waiting_since(found)
        if since is not None:
            assert since >= min(w.opened_at for w in found)
            assert rules.is_stuck(found, since + rules.STUCK_AFTER)
            assert not rules.is_stuck(found, since + rules.STUCK_AFTER - timedelta(seconds=1))

    def test_a_task_missed_long_ago_is_no_reason_when_all_since_was_done(self):
        missed = Window(NOW - timedelta(days=9), NOW - timedelta(days=8), None)
        since = Window(NOW - timedelta(days=5), NOW - timedelta(days=1), NOW - timedelta(days=4))
        assert not rules.is_stuck([missed, since], NOW)
        assert rules.is_stuck([missed], NOW)


def test_people_tick_what_the_product_does_not_see():
    assert {kind for kind in get_args(TaskKind) if rules.by_hand(kind, "")} == TICKED
    assert not rules.by_hand("build_group", rules.JOINED)
