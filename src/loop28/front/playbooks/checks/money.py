"""Packets, prices, rewards and the budget."""

from collections.abc import Iterator

from loop28.back.compliance.rules import SALE, RewardFacts, violations
from loop28.front.playbooks.checks.calendar import beats_of
from loop28.front.playbooks.costs import cost
from loop28.front.playbooks.form import Draft
from loop28.front.playbooks.mistakes import Mistake
from loop28.front.playbooks.schema import Packet
from loop28.kernel.money import yuan

PASSING_PERCENT_MAX = 60
"""As many as a good host's line has ever passed; a budget must last for them."""

PROVED_AS = {
    "checkin": "checkin",
    "message": "checkin",
    "fan_locked": "lock_fans",
    "link_clicked": "link_clicks",
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
        elif task.reward.money and task.reward.points:
            yield draft.mistake("money-and-points", "tasks", index, "reward", "points")


def rewards_are_lawful(draft: Draft) -> Iterator[Mistake]:
    price = draft.hot_product.price if draft.hot_product else None
    for index, task in draft.tasks:
        facts = RewardFacts(
            money=task.reward.money or 0, points=task.reward.points or 0, price=price
        )
        kind = PROVED_AS.get(task.measure.fact, task.kind) if task.measure else task.kind
        for found in violations(draft.profile or "", kind, facts, task.proof):
            path = ("tasks", index, "reward", found.part)
            yield draft.mistake("unlawful-reward", *path, rule=found.rule, **found.amounts)


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
