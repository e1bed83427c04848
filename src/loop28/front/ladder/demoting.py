"""Levels that are taken back: proposed by what the rule sees, decided by a person."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from loop28.front.groups import queries as groups
from loop28.front.ladder import letters, offers, queries, rules, standing
from loop28.front.ladder.actions import DECIDERS
from loop28.front.ladder.facts import (
    Demoted,
    DemotionDropped,
    DemotionProposed,
)
from loop28.front.ladder.models import (
    Cause,
    Demotion,
    DemotionState,
    Promotion,
    PromotionState,
    Review,
)
from loop28.front.ladder.refusals import AlreadyDecided, HigherFirst, LevelGone
from loop28.front.lines import actions as line_actions
from loop28.front.lines import queries as lines
from loop28.front.tasks import queries as tasks
from loop28.kernel import journal, sql
from loop28.kernel.access import SYSTEM, Actor, require
from loop28.kernel.text import clean_line
from loop28.middle.orders import queries as orders

Seen = Mapping[int, Mapping[str, Any]]
"""By step up: the numbers that speak against it."""


@journal.action
def look_at_numbers(actor: Actor, members: Collection[int]) -> int:
    """Propose to take back what these members reached by numbers that no longer hold; how many.

    An order came back or was their own purchase, a task was found not to be done. The seats are
    locked first: a step up that is just being granted is seen.
    """
    require(actor)
    for line, some in sorted(tasks.lines_of(members).items()):
        line_actions.hold_passed(SYSTEM, [line], some)
    steps = list(_granted(members).exclude(line=None).select_related("line__region"))
    now = standing.of_steps(steps)
    seen = {
        step.pk: rules.beside(step.numbers["needs"], now[step.pk])
        for step in steps
        if rules.undone(step.numbers, now[step.pk])
    }
    return _propose(Cause.NUMBERS, seen)


@journal.action
def look_at_complaints(actor: Actor, members: Collection[int]) -> int:
    """Propose to take back the levels of those of whom too many complaints were found right."""
    require(actor)
    against = queries.complaints(members, journal.now())
    many = {member: count for member, count in against.items() if count > rules.COMPLAINTS}
    steps = queries.highest_steps(many)
    needs = {"complaints": rules.COMPLAINTS}
    seen = {step: {"complaints": many[m], "needs": needs} for m, step in steps.items()}
    return _propose(Cause.COMPLAINTS, seen)


@journal.action
def look_for_idle(actor: Actor) -> int:
    """Propose to take back levels with which nothing was done for so long; how many.

    Nothing sold, no line run, nothing said or done in a group. Whoever a person left as they are is
    left for as long again.
    """
    require(actor)
    since = journal.now() - timedelta(days=rules.IDLE_DAYS)
    held = _granted().filter(decided_at__lt=since).values_list("member_id", flat=True)
    members = set(held)
    members -= _newly_decided(since)
    members -= set(orders.counting(members, since))
    seen = groups.last_days(members)
    members -= {member for member, day in seen.items() if day >= since.date()}
    members -= lines.hosting_since(members, since)
    steps = queries.highest_steps(members)
    today = journal.now().date()
    sql.insert(Review, [{"day": today}], unique=["day"], returning=())
    Review.objects.filter(day__lt=today).delete()
    return _propose(Cause.IDLE, {step: {} for step in steps.values()})


def review_due(now: datetime) -> bool:
    """Whether nobody looked for idle levels today."""
    return not Review.objects.filter(day=now.date()).exists()


def _newly_decided(since: datetime) -> set[int]:
    """Members whom a person looked at in that time, or who got a step up then."""
    looked = Demotion.objects.filter(decided_at__gte=since)
    new = _granted().filter(decided_at__gte=since)
    return {
        *looked.values_list("promotion__member_id", flat=True),
        *new.values_list("member_id", flat=True),
    }


def _granted(members: Collection[int] | None = None) -> QuerySet[Promotion]:
    rows = Promotion.objects.filter(state=PromotionState.GRANTED).order_by("id")
    return rows if members is None else rows.filter(sql.among("member", set(members)))


def _propose(cause: Cause, seen: Seen) -> int:
    """One proposal for each of these steps; numbers that a person looked at are no news, and nobody
    decides about who was erased.
    """
    dropped: Counter[int] = Counter()
    gone = Promotion.objects.filter(sql.among("id", seen), member__erased_at__isnull=False)
    known = set(gone.values_list("id", flat=True))
    for row in Demotion.objects.filter(sql.among("promotion", seen)).order_by("id"):
        dropped[row.promotion_id] += 1
        same = row.cause == cause and row.numbers == seen[row.promotion_id] != {}
        if row.state != DemotionState.DROPPED or same:
            known.add(row.promotion_id)
    rows = [
        {
            "promotion_id": step,
            "attempt": dropped[step] + 1,
            "cause": cause.value,
            "numbers": dict(numbers),
            "state": DemotionState.PROPOSED.value,
            "proposed_at": journal.now(),
            "decided_at": None,
            "decided_by_id": None,
            "reason": "",
        }
        for step, numbers in sorted(seen.items())
        if step not in known
    ]
    new = [pk for (pk,) in sql.insert(Demotion, rows, unique=("promotion", "attempt"))]
    made = Demotion.objects.filter(pk__in=new).select_related("promotion").order_by("id")
    journal.record(*(_said(DemotionProposed, one, kind=one.cause) for one in made))
    return len(new)


@journal.action
def demote(actor: Actor, promotion_id: int, reason: str) -> Demotion:
    """A person takes a granted level back and says why; the member is told, and may appeal.

    Running lines stay with their host until a person replaces them; offers are withdrawn. What the
    rule had proposed is decided with it. Refuses with NotAllowed, LevelGone, HigherFirst,
    TextMissing, TextTooLong; raises Promotion.DoesNotExist for another region's.
    """
    require(actor, *DECIDERS)
    why = clean_line(reason, limit=200, field="reason")
    step = _held(actor, promotion_id)
    known = list(Demotion.objects.filter(promotion=step).order_by("id"))
    open_ = [row for row in known if row.state == DemotionState.PROPOSED]
    found = (
        open_[0]
        if open_
        else Demotion(
            promotion=step,
            attempt=len(known) + 1,
            cause=Cause.PERSON,
            numbers=step.numbers,
            proposed_at=journal.now(),
        )
    )
    _take_back(actor, step, found, why)
    return found


@journal.action
def settle(actor: Actor, demotion_id: int, take_back: bool, reason: str) -> Demotion:
    """A person takes back the level that the rule proposed to, or leaves it, and says why.

    The same decision again changes nothing. Refuses with NotAllowed, AlreadyDecided, HigherFirst,
    TextMissing, TextTooLong; raises Demotion.DoesNotExist for another region's.
    """
    require(actor, *DECIDERS)
    why = clean_line(reason, limit=200, field="reason")
    found: Demotion = queries.demotions(actor).get(pk=demotion_id)
    step = Promotion.objects.select_for_update(of=("self",)).get(pk=found.promotion_id)
    found.refresh_from_db()
    wanted = DemotionState.DONE if take_back else DemotionState.DROPPED
    if found.state == wanted:
        return found
    if found.state != DemotionState.PROPOSED:
        raise AlreadyDecided
    if take_back:
        _take_back(actor, step, found, why)
    else:
        _decide(actor, found, DemotionState.DROPPED, why)
        journal.record(_said(DemotionDropped, found))
    return found


def _held(actor: Actor, promotion_id: int) -> Promotion:
    seen = queries.steps_seen_by(actor).filter(pk=promotion_id)
    step: Promotion = Promotion.objects.select_for_update(of=("self",)).get(pk=seen.get().pk)
    if step.state != PromotionState.GRANTED:
        raise LevelGone
    return step


def _take_back(actor: Actor, step: Promotion, found: Demotion, why: str) -> None:
    """Of two records that had the same level and became one person, both lose it; a doubt about the
    other one is moot.
    """
    if queries.level([step.member_id]).get(step.member_id) != step.level:
        raise HigherFirst
    held = _granted([step.member_id]).filter(level=step.level)
    others = list(held.exclude(pk=step.pk).values_list("pk", flat=True))
    held.update(state=PromotionState.ENDED)
    step.state = PromotionState.ENDED
    Demotion.objects.filter(promotion__in=others, state=DemotionState.PROPOSED).delete()
    _decide(actor, found, DemotionState.DONE, why)
    journal.record(_said(Demoted, found, kind=found.cause))
    if step.member_id not in queries.level([step.member_id]):
        offers.withdraw_standing(actor, step.member_id, why)
    letters.taken_back(found)


def _decide(actor: Actor, found: Demotion, state: DemotionState, why: str) -> None:
    found.state, found.reason = state, why
    found.decided_at, found.decided_by_id = journal.now(), actor.id or None
    found.save()


def _said(fact: Any, one: Demotion, **more: str) -> Any:
    step = one.promotion
    return fact(line=step.line_id, member=step.member_id, level=step.level, demotion=one.pk, **more)
