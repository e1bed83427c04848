"""Tiers, the first who come, parts of the budget and caps: what bounds a reward."""

from collections.abc import Iterator

from loop28.front.playbooks.form import Draft, nearest
from loop28.front.playbooks.mistakes import Mistake
from loop28.front.playbooks.schema import WHOLE, Task, Tier
from loop28.kernel.amounts import MILLIONTHS
from loop28.kernel.money import yuan

COUNTED = frozenset({"measured", "first_order", "lock_fans", "link_clicks"})
"""Kinds whose count goes on when they are done, so that a better result can be seen."""


def limits_bound_something(draft: Draft) -> Iterator[Mistake]:
    for index, task in draft.tasks:
        reward, path = task.reward, ("tasks", index, "reward")
        if reward.first is not None and not reward.is_of_value:
            yield draft.mistake("limit-of-nothing", *path, "first", name="first")
        for name in ("most", "budget"):
            if getattr(reward, name) is not None and not reward.money:
                yield draft.mistake("limit-of-nothing", *path, name, name=name)
        if reward.most is not None and 0 <= reward.most < (reward.money or 0):
            yield draft.mistake("cap-below-reward", *path, "most", money=yuan(reward.money or 0))


def tiers_bring_more(draft: Draft) -> Iterator[Mistake]:
    for index, task in draft.tasks:
        path = ("tasks", index, "reward", "tiers")
        if task.reward.tiers and task.kind not in COUNTED:
            yield draft.mistake("tiers-uncounted", *path, kind=task.kind)
        elif task.reward.tiers and task.reward.first is not None:
            yield draft.mistake("tiers-and-first", "tasks", index, "reward", "first")
        else:
            yield from _weak_tiers(draft, task, index)


def parts_of_the_budget_exist(draft: Draft) -> Iterator[Mistake]:
    if draft.playbook is None:
        return
    keys = [part.key for part in draft.playbook.budgets]
    for index, task in draft.tasks:
        name = task.reward.budget
        if name is not None and name not in keys:
            path = ("tasks", index, "reward", "budget")
            yield draft.mistake("unknown-budget", *path, name=name, meant=nearest(name, keys))


def parts_fit_into_the_budget(draft: Draft) -> Iterator[Mistake]:
    if draft.playbook is None:
        return
    parts, budget = draft.playbook.budgets, draft.playbook.budget
    total = sum(part.most for part in parts)
    if total > budget:
        yield draft.mistake("parts-over-budget", "budgets", total=yuan(total), budget=yuan(budget))


def _weak_tiers(draft: Draft, task: Task, index: int) -> Iterator[Mistake]:
    """Each tier needs a better result than the one before it, and brings more of the same."""
    bar, amount = _bar(task), task.reward.money or task.reward.points or 0
    for place, tier in enumerate(task.reward.tiers):
        path = ("tasks", index, "reward", "tiers", place)
        brings = _brings(task, tier)
        count = task.measure.count if task.measure else "distinct"
        if count in WHOLE and tier.at_least % MILLIONTHS:
            yield draft.mistake("whole-bar", *path, "at_least", count=count)
        elif tier.at_least <= bar or brings <= amount:
            yield draft.mistake("tier-not-more", *path, "at_least")
        bar, amount = tier.at_least, brings


def _bar(task: Task) -> int:
    """The task's own bar in millionths."""
    if task.measure is None:
        return task.target * MILLIONTHS
    return task.measure.at_least or task.measure.more_than or 0


def _brings(task: Task, tier: Tier) -> int:
    """What a tier brings in the kind of the task's reward; 0 where it is of another kind."""
    if task.reward.money:
        return (tier.money or 0) if tier.points is None else 0
    return (tier.points or 0) if task.reward.points and tier.money is None else 0
