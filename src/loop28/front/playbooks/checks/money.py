"""Packets, prices, rewards and the budget."""

from collections.abc import Iterator

from loop28.back.compliance.rules import SALE, RewardFacts, Violation, violations
from loop28.front.playbooks.checks.calendar import beats_of
from loop28.front.playbooks.costs import cost
from loop28.front.playbooks.form import Draft
from loop28.front.playbooks.mistakes import Mistake
from loop28.front.playbooks.schema import Packet, Task
from loop28.kernel.money import yuan

PASSING_PERCENT_MAX = 60
"""As many as a good host's line has ever passed; a budget must last for them."""

PROVED_AS = {
    "checkin": "checkin",
    "message": "checkin",
    "fan_locked": "lock_fans",
    "link_clicked": "link_clicks",
    "group_joined": "build_group",
    "lesson_answered": "teach_lesson",
    "order_paid": SALE,
}
"""The kind of task with whose proof a measured fact is proved, for those Loop28 itself knows."""


def shares_hold_a_fen(draft: Draft) -> Iterator[Mistake]:
    for index, packet in beats_of(draft, Packet):
        if packet.total < packet.shares:
            least = yuan(packet.shares)
            yield draft.mistake(
                "share-below-a-fen", "beats", index, "total", shares=packet.shares, least=least
            )


def the_hot_product_is_cheaper(draft: Draft) -> Iterator[Mistake]:
    hot = draft.hot_product
    if hot is None:
        return
    if hot.price == 0:
        yield draft.mistake("no-price", "hot_product", "price")
    elif hot.price >= hot.market_price:
        market = yuan(hot.market_price)
        yield draft.mistake("not-below-market", "hot_product", "price", market=market)


def rewards_are_something(draft: Draft) -> Iterator[Mistake]:
    for index, task in draft.tasks:
        if task.reward.money == 0:
            yield draft.mistake("reward-of-nothing", "tasks", index, "reward", "money")
        values = [name for name in ("money", "points", "coupon") if getattr(task.reward, name)]
        if len(values) > 1:
            yield draft.mistake("two-of-value", "tasks", index, "reward", values[1])


def rewards_are_lawful(draft: Draft) -> Iterator[Mistake]:
    price = draft.hot_product.price if draft.hot_product else None
    for index, task in draft.tasks:
        for found in unlawful(task, draft.profile or "", price, task.reward.money_at_most):
            path: tuple[str | int, ...] = ("tasks", index, "reward", found.part)
            if found.part == "money" and task.reward.tiers:
                path = ("tasks", index, "reward", "tiers")
            yield draft.mistake("unlawful-reward", *path, rule=found.rule, **found.amounts)


def unlawful(task: Task, profile: str, price: int | None, money: int) -> list[Violation]:
    """What is wrong with the value of a task's reward when it pays so much money, in fen."""
    facts = RewardFacts(
        money=money,
        points=task.reward.points or 0,
        coupon=bool(task.reward.coupon),
        price=price,
    )
    kind = PROVED_AS.get(task.measure.fact, task.kind) if task.measure else task.kind
    return violations(profile, kind, facts, task.proof)


def the_budget_lasts(draft: Draft) -> Iterator[Mistake]:
    if draft.playbook is None:
        return
    most = cost(draft.playbook, PASSING_PERCENT_MAX)
    if most.total_fen > draft.playbook.budget:
        yield draft.mistake(
            "over-budget",
            "budget",
            packets=yuan(most.packets_fen),
            rewards=yuan(most.rewards_fen),
            total=yuan(most.total_fen),
            missing=yuan(most.total_fen - draft.playbook.budget),
            people=most.people,
            percent=PASSING_PERCENT_MAX,
        )
