"""Which reward a task may carry where a line runs. Pure; knows tasks by the word for their kind.

Money is fen. That an invitation must never pay more the more the fan later brings needs no rule
here: a reward is one fixed amount, and there is nothing in it that could grow.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

# All rewards of a sale together; the measure of article 24 of the Regulations on Direct Selling.
SALE_REWARD_MAX_PERCENT = 30
# A sale's rewards are held so long: goods bought at a distance can be sent back without a reason
# within seven days (Law on the Protection of Consumer Rights, article 25).
REFUND_DAYS = 7

# Sharing to moments, clicks on a shared link, collecting helpers.
SHARING = frozenset({"post_moment", "link_clicks", "lock_fans", "build_group"})


class Evidence(StrEnum):
    """What proves a task, the weakest first."""

    WORD = "word"  # somebody says so
    LINK = "link"  # a person touched a signed link
    TAP = "tap"  # a button was tapped
    QUIZ = "quiz"  # right answers, which a friend may have whispered
    SEEN = "seen"  # a person has seen the work and puts their name to it
    EVENT = "event"  # a machine that holds a key has seen it, and can be asked
    PHOTO = "photo"  # a picture that others can look at again, and a person who looked at it
    ORDER = "order"  # somebody paid


# The stronger the proof, the more a task may pay. These are the house's own cautious figures, not
# the law's: an amount for which nobody bothers to cheat. An order carries a share of itself.
MONEY_MAX = {
    Evidence.WORD: 0,
    Evidence.LINK: 0,
    Evidence.TAP: 100,
    Evidence.QUIZ: 200,
    Evidence.SEEN: 500,
    Evidence.EVENT: 500,
    Evidence.PHOTO: 2000,
}
# Rewards of pictures that may be looked at once more are held so long, as those of a sale are.
RECHECK_DAYS = REFUND_DAYS
# What one person's word carries; above it a second one looks.
FOUR_EYES_ABOVE = MONEY_MAX[Evidence.SEEN]

_BY_KIND = {
    "checkin": Evidence.TAP,
    "quiz": Evidence.QUIZ,
    "tick": Evidence.SEEN,
    "measured": Evidence.EVENT,
    "lock_fans": Evidence.LINK,
    "link_clicks": Evidence.LINK,
    "first_order": Evidence.ORDER,
}
SALE = "first_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardFacts:
    """The things of value in a reward. Badges and courses are honours: no rule looks at them.

    ``price`` is what the product of a sale costs; None where the reward is for no sale.
    """

    money: int = 0
    points: int = 0
    coupon: bool = False
    price: int | None = None


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a reward breaks, which part of the reward does, and the limit in fen."""

    rule: str
    part: str
    amounts: dict[str, int] = field(default_factory=dict)


def evidence(task_kind: str, proof: str | None = None) -> Evidence:
    """What proves a task of this kind; a ``proof`` that is asked for takes its place."""
    return Evidence(proof) if proof else _BY_KIND.get(task_kind, Evidence.WORD)


def violations(
    profile: str, task_kind: str, reward: RewardFacts, proof: str | None = None
) -> list[Violation]:
    """Every part of the reward that is not allowed, each with the first rule it breaks."""
    if profile == "wechat" and task_kind in SHARING:
        return [Violation("wechat-no-value-for-sharing", part) for part in _valuables(reward)]
    return list(_unproved_money(evidence(task_kind, proof), reward))


def sale_reward_max(price: int) -> int:
    """The most that all rewards of one sale may come to, rounded down."""
    return price * SALE_REWARD_MAX_PERCENT // 100


def _valuables(reward: RewardFacts) -> list[str]:
    return [part for part in ("money", "points", "coupon") if getattr(reward, part)]


def _unproved_money(proved_by: Evidence, reward: RewardFacts) -> Iterator[Violation]:
    if not reward.money:
        return
    if proved_by is Evidence.ORDER:
        if reward.price is not None and reward.money > sale_reward_max(reward.price):
            limit = sale_reward_max(reward.price)
            yield Violation("sale-reward-at-most-30-percent", "money", {"limit": limit})
    elif not MONEY_MAX[proved_by]:
        yield Violation("no-money-without-proof", "money")
    elif reward.money > MONEY_MAX[proved_by]:
        yield Violation("money-within-proof", "money", {"limit": MONEY_MAX[proved_by]})
