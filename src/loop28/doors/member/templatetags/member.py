"""``{% load member %}``: how tasks and their rewards are written on a phone."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loop28.back.finance.steps import Part
from loop28.doors import levels
from loop28.doors.member.rewards import CAPS, points_words
from loop28.front.ladder.models import Level
from loop28.front.playbooks.schema import Task
from loop28.front.rewards.models import Entitlement, RewardKind, RewardState
from loop28.front.tasks.queries import Mine
from loop28.front.tasks.rules import Earned, Stand, by_hand
from loop28.front.tasks.streaks import Day
from loop28.kernel import clock
from loop28.kernel.amounts import amount
from loop28.kernel.clock import local_day as local_date
from loop28.ui.text import local_day, local_stamp, local_time, yuan

register = template.Library()


@register.filter
def done_count(tasks: Sequence[Mine]) -> int:
    """How many of these are done."""
    return sum(task.stand is Stand.DONE for task in tasks)


@register.filter
def task_state(task: Mine, reviewing: Collection[int]) -> str:
    """The look of a task's row; those whose picture waits for review are named by number."""
    if task.stand is not Stand.DONE and task.assignment.pk in reviewing:
        return "review"
    return {Stand.DONE: "done", Stand.MISSED: "late", Stand.OPEN: "open"}[task.stand]


@register.simple_tag
def task_note(task: Mine, zone: str, now: datetime) -> str:
    """When it was done, or until when it can be; a day's check-in that counts says so."""
    if task.stand is Stand.DONE:
        return _("done %(time)s") % {"time": moment(task.assignment.done_at, zone, now)}
    until = moment(task.assignment.closes_at, zone, now)
    if task.stand is Stand.MISSED:
        return _("was open until %(until)s") % {"until": until}
    if task.counted_today:
        return _("today counts · until %(until)s") % {"until": until}
    return _("until %(until)s") % {"until": until}


def moment(at: datetime | None, zone: str, now: datetime) -> str:
    """A time of today or tomorrow without its date, any other with it."""
    if at is None:
        return ""
    days = (local_date(at, ZoneInfo(zone)) - local_date(now, ZoneInfo(zone))).days
    words = {0: _("today %(time)s"), 1: _("tomorrow %(time)s")}.get(days)
    return words % {"time": local_time(at, zone)} if words else local_stamp(at, zone)


@register.filter
def task_target(task: Mine) -> int:
    """How many steps it takes, where the product counts more than one of them."""
    counted = task.stand is Stand.OPEN and not by_hand(task.task.kind, task.assignment.fact)
    return task.target if counted and task.target > 1 else 0


@register.filter
def task_reward(task: Mine) -> str:
    """All a task earns, in short; of one that is done, what it has brought."""
    if task.stand is Stand.DONE:
        return all_words([Earned(r.kind, r.amount, r.title) for r in _kept(task)])
    return all_words(task.earned)


@register.filter
def all_words(earned: Iterable[Earned]) -> str:
    """Several rewards in short."""
    return " · ".join(earned_words(one) for one in earned)


def _kept(task: Mine) -> list[Entitlement]:
    """Its rewards that were not cut off or taken back."""
    gone = {RewardState.CAPPED, RewardState.VOID, RewardState.REVERSED}
    return [reward for reward in task.granted if reward.state not in gone]


@register.filter
def brought(tasks: Sequence[Mine]) -> int:
    """The fen that these have brought together."""
    kept = [reward for task in tasks for reward in _kept(task)]
    return sum(reward.amount for reward in kept if reward.kind == RewardKind.MONEY)


@register.filter
def effort(task: Task) -> str:
    """How long it takes, in words."""
    seconds = int(task.takes.total_seconds())
    if seconds < 60:
        return _("%(number)s seconds") % {"number": seconds}
    if seconds < 3600:
        return _("%(number)s min") % {"number": seconds // 60}
    return _("%(number)s h") % {"number": f"{seconds / 3600:g}"}


@register.simple_tag
def turn_note(task: Mine, zone: str, now: datetime) -> str:
    """Where a task stands that comes again: which time it is, and when the next one opens."""
    if task.task.repeat is None:
        return ""
    words = _("time %(turn)s of %(most)s") % {"turn": task.turn, "most": task.task.repeat.at_most}
    if task.assignment.again_at is None:
        return words
    again = _("again %(time)s") % {"time": moment(task.assignment.again_at, zone, now)}
    return f"{words} · {again}"


@register.filter
def earned_words(earned: Earned) -> str:
    """One reward in short: ``+¥ 0.50``, ``+20 points``, the name of a badge."""
    if earned.kind == "money":
        return f"+{yuan(earned.amount)}"
    if earned.kind == "points":
        return points_plus(earned.amount)
    return earned.title


_DAYS = {
    "done": gettext_lazy("%(day)s counted"),
    "made_up": gettext_lazy("%(day)s made up with a card"),
    "missed": gettext_lazy("%(day)s missed"),
    "today": gettext_lazy("%(day)s, today"),
    "ahead": gettext_lazy("%(day)s to come"),
}


@register.filter
def streak_day(day: Day) -> str:
    """A day of a streak in words, for those who cannot see its colour."""
    return _DAYS[day.state] % {"day": local_day(day.date)}


@register.simple_tag
def still_to_come(reward: Entitlement, zone: str, frozen: bool) -> str:
    """Why a reward is not in the wallet yet; ``frozen`` where somebody takes a look before it."""
    if frozen and reward.is_due(clock.now()):
        return _("kept for you while we take a look")
    if reward.state == RewardState.HELD:
        until = local_stamp(reward.available_at, zone)
        return _("kept for you until %(until)s, in case of a refund or re-audit") % {"until": until}
    return _("yours as soon as the line's budget has been filled up")


@register.filter
def why_not(reward: Entitlement) -> str:
    """Why a reward was not paid or did not stay; empty for one that was paid and stays."""
    if reward.state == RewardState.CAPPED:
        return str(CAPS[reward.capped_by])
    if reward.taken_back_at is None:
        return ""
    day = {"day": local_day(reward.taken_back_at, reward.line.region.zone)}
    if reward.taken_back_why:
        return _("Taken back on %(day)s: %(why)s") % {**day, "why": reward.taken_back_why}
    return _("Taken back on %(day)s: what had counted for its task no longer does.") % day


@register.filter
def how_far(part: Part) -> str:
    """How far money in the wallet is on its way out."""
    if part.out is None:
        return _("can be claimed")
    if part.out.settled_at is None:
        return _("claimed on %(day)s") % {"day": local_day(part.out.asked_at)}
    return _("paid out on %(day)s") % {"day": local_day(part.out.settled_at)}


@register.filter
def reward_terms(task: Task) -> list[str]:
    """What a task's reward depends on: better results that bring more, and who gets it."""
    terms = [
        _("%(reward)s in all from %(bar)s on")
        % {
            "reward": yuan(tier.money) if tier.money else points_plus(tier.points or 0),
            "bar": amount(tier.at_least),
        }
        for tier in task.reward.tiers
    ]
    if task.reward.first:
        terms.append(_("for the first %(first)s who do it") % {"first": task.reward.first})
    if task.reward.most is not None:
        terms.append(_("until %(sum)s are given out") % {"sum": yuan(task.reward.most)})
    return terms


@register.filter
def payout_tone(state: str) -> str:
    """The colour of a payout's state."""
    return {"paid": "good", "rejected": "bad"}.get(state, "info")


@register.filter
def points_plus(points: int) -> str:
    """Points that came or went, with their sign."""
    return points_words(points, signed=True)


@register.filter
def minus(number: int, other: int) -> int:
    """The difference of two whole numbers."""
    return number - other


register.filter("level_numbers", levels.words)


@register.filter
def level_name(level: str) -> str:
    """A level in words."""
    return str(Level(level).label)
