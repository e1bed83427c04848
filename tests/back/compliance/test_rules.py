"""Which reward a task may carry where."""

from typing import get_args

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from loop28.back.compliance import wording
from loop28.back.compliance.rules import (
    MONEY_MAX,
    SALE,
    SHARING,
    Evidence,
    RewardFacts,
    evidence,
    sale_reward_max,
    violations,
)
from loop28.front.playbooks.schema import TICKED, TaskKind

KINDS = sorted(get_args(TaskKind))


PAID = sorted(kind for kind in KINDS if MONEY_MAX.get(evidence(kind)))


def broken(profile, kind, proof=None, **reward):
    found = violations(profile, kind, RewardFacts(**reward), proof)
    return [(one.rule, one.part) for one in found]


@pytest.mark.parametrize("kind", sorted(SHARING))
@pytest.mark.parametrize(
    ("part", "reward"),
    [("money", {"money": 1}), ("points", {"points": 1}), ("coupon", {"coupon": True})],
)
def test_on_wechat_nothing_of_value_is_given_for_sharing(kind, part, reward):
    assert broken("wechat", kind, **reward) == [("wechat-no-value-for-sharing", part)]


@pytest.mark.parametrize("kind", sorted(SHARING))
def test_on_wechat_sharing_may_earn_an_honour(kind):
    assert broken("wechat", kind) == []


def test_every_thing_of_value_is_named():
    found = broken("wechat", "post_moment", money=1, points=1, coupon=True)
    assert [part for _, part in found] == ["money", "points", "coupon"]


@pytest.mark.parametrize("kind", sorted(SHARING))
def test_on_the_companys_own_app_sharing_may_earn_points(kind):
    assert broken("own", kind, points=5) == []


@pytest.mark.parametrize("profile", ["own", "wechat"])
@pytest.mark.parametrize("kind", PAID)
def test_money_is_limited_by_the_proof(profile, kind):
    most = MONEY_MAX[evidence(kind)]
    assert broken(profile, kind, money=most) == []
    assert broken(profile, kind, money=most + 1) == [("money-within-proof", "money")]


@pytest.mark.parametrize("kind", sorted(set(KINDS) - set(PAID) - SHARING - {SALE}))
@pytest.mark.parametrize("profile", ["own", "wechat"])
def test_without_a_proof_that_is_seen_there_is_no_money(profile, kind):
    assert broken(profile, kind, money=1) == [("no-money-without-proof", "money")]


@pytest.mark.parametrize("kind", ["link_clicks", "lock_fans"])
def test_that_a_link_was_touched_is_a_proof_of_its_own_and_carries_no_money_anywhere(kind):
    assert evidence(kind) is Evidence.LINK
    assert broken("own", kind, money=1) == [("no-money-without-proof", "money")]


@pytest.mark.parametrize("kind", sorted(TICKED))
def test_a_picture_that_somebody_reviewed_carries_more_than_a_hosts_word(kind):
    most = MONEY_MAX[Evidence.PHOTO]
    assert most > MONEY_MAX[Evidence.SEEN]
    assert broken("own", kind, "photo", money=most) == []
    assert broken("own", kind, "photo", money=most + 1) == [("money-within-proof", "money")]


@pytest.mark.parametrize("kind", sorted(SHARING))
def test_a_picture_of_it_makes_nothing_of_value_for_sharing_lawful_on_wechat(kind):
    assert broken("wechat", kind, "photo", money=1) == [("wechat-no-value-for-sharing", "money")]


def test_no_weaker_proof_carries_more_than_a_stronger_one():
    limits = [MONEY_MAX[level] for level in Evidence if level is not Evidence.ORDER]
    assert limits == sorted(limits)


@given(st.integers(1, 10_000_000), st.integers(1, 10_000_000))
def test_the_rewards_of_a_sale_never_exceed_thirty_percent(price, money):
    allowed = broken("own", SALE, money=money, price=price) == []
    assert allowed == (money * 100 <= price * 30)


def test_thirty_percent_are_rounded_down():
    assert sale_reward_max(2999) == 899


@given(
    st.sampled_from(["own", "wechat"]),
    st.sampled_from(KINDS),
    st.integers(0, 1000),
    st.integers(0, 1000),
)
def test_wechat_never_allows_what_the_own_app_forbids(profile, kind, money, points):
    if broken("own", kind, money=money, points=points, price=2990):
        assert broken("wechat", kind, money=money, points=points, price=2990)
    assert broken(profile, kind) == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("rule", sorted(wording.RULES))
def test_every_rule_has_words_and_a_source(rule, language):
    with translation.override(language):
        assert wording.text(rule, {"limit": 899})
        assert wording.source(rule)


def test_the_words_name_the_limit_in_yuan():
    with translation.override("en"):
        assert "8.99 yuan" in wording.text("sale-reward-at-most-30-percent", {"limit": 899})
