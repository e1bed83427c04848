"""Which reward a task may carry where a line runs. Pure; knows tasks by the word for their kind.

Money is fen. That an invitation must never pay more the more the fan later brings needs no rule
here: a reward is one fixed amount, and there is nothing in it that could grow.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

# All rewards of a sale together; the measure of article 24 of the Regulations on Direct Selling.
SALE_REWARD_MAX_PERCENT = 30
# A sale's rewards are held so long: goods bought at a distance can be sent back without a reason
# within seven days (Law on the Protection of Consumer Rights, article 25).
REFUND_DAYS = 7

# Sharing to moments, clicks on a shared link, collecting helpers.
SHARING = frozenset({"post_moment", "link_clicks", "lock_fans", "build_group"})

# The stronger the proof, the more a task may pay. These are the house's own cautious figures, not
# the law's: an amount for which nobody bothers to cheat.
MONEY_MAX = {
    "checkin": 100,  # proves that a button was tapped
    "quiz": 200,  # proves right answers, which a friend may have whispered
    "tick": 500,  # a person has seen the work and puts their name to it
    "measured": 500,  # a machine that holds a key has seen it, and can be asked
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


def violations(profile: str, task_kind: str, reward: RewardFacts) -> list[Violation]:
    """Every part of the reward that is not allowed, each with the first rule it breaks."""
    if profile == "wechat" and task_kind in SHARING:
        return [Violation("wechat-no-value-for-sharing", part) for part in _valuables(reward)]
    return list(_unproved_money(task_kind, reward))


def sale_reward_max(price: int) -> int:
    """The most that all rewards of one sale may come to, rounded down."""
    return price * SALE_REWARD_MAX_PERCENT // 100


def _valuables(reward: RewardFacts) -> list[str]:
    return [part for part in ("money", "points", "coupon") if getattr(reward, part)]


def _unproved_money(task_kind: str, reward: RewardFacts) -> Iterator[Violation]:
    if not reward.money:
        return
    if task_kind == SALE:
        if reward.price is not None and reward.money > sale_reward_max(reward.price):
            limit = sale_reward_max(reward.price)
            yield Violation("sale-reward-at-most-30-percent", "money", {"limit": limit})
    elif task_kind not in MONEY_MAX:
        yield Violation("no-money-without-proof", "money")
    elif reward.money > MONEY_MAX[task_kind]:
        yield Violation("money-within-proof", "money", {"limit": MONEY_MAX[task_kind]})
