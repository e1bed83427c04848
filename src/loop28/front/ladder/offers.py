"""The offer of the next line: made by a region, answered by a host, opened, or come to nothing."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from loop28.back.people import queries as people
from loop28.front.ladder import hosting, pool, queries
from loop28.front.ladder.actions import DECIDERS
from loop28.front.ladder.facts import LineOffered, OfferAnswered, OfferLapsed, OfferWithdrawn
from loop28.front.ladder.models import Offer, OfferState
from loop28.front.ladder.refusals import (
    AlreadyOffered,
    AnswerDay,
    NotInPool,
    OfferNotAccepted,
    OfferOver,
)
from loop28.front.lines import actions as line_actions
from loop28.front.lines.models import Line
from loop28.front.playbooks import queries as playbooks
from loop28.kernel import clock, journal
from loop28.kernel.access import Actor, NotAllowed, Role, require
from loop28.kernel.text import clean_line

STANDING = (OfferState.OPEN, OfferState.ACCEPTED)


@journal.action
def offer(
    actor: Actor,
    *,
    host: int,
    region: int,
    playbook: int,
    start_day: date,
    size: int,
    budget_fen: int,
    answer_by: datetime,
) -> Offer:
    """A region offers its next line to somebody of the pool, who answers until ``answer_by``.

    Refuses with NotInPool, AlreadyOffered, AnswerDay, and as `hosting.open_line` does.
    """
    require(actor, *DECIDERS)
    place = people.region(actor, region)
    if place is None:
        raise NotAllowed(field="region")
    if pool.host(actor, host) is None:
        raise NotInPool(field="host")
    zone = ZoneInfo(place.zone)
    line_actions.check_opening(start_day, clock.local_day(journal.now(), zone), size, budget_fen)
    if not journal.now() < answer_by <= clock.at_local(start_day, 0, 0, zone):
        raise AnswerDay(field="answer_by")
    hosting.require_may_host(actor, host, start_day, playbooks.playbook(playbook).days)
    made = _insert(
        Offer(
            host_id=host,
            start_day=start_day,
            region=place,
            playbook_id=playbook,
            size=size,
            budget_fen=budget_fen,
            answer_by=answer_by,
            offered_at=journal.now(),
            offered_by_id=actor.id or None,
        )
    )
    journal.record(LineOffered(member=host, offer=made.pk, region=region))
    return made


def _insert(wanted: Offer) -> Offer:
    """One offer stands for a host and day: the attempt after all that came to nothing."""
    past = Offer.objects.filter(host_id=wanted.host_id, start_day=wanted.start_day)
    states = list(past.values_list("state", flat=True))
    if set(states) & set(STANDING):
        raise AlreadyOffered(field="start_day")
    wanted.attempt = len(states) + 1
    try:
        with transaction.atomic():
            wanted.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyOffered(field="start_day") from error
    return wanted


@journal.action
def accept(actor: Actor, offer_id: int) -> Offer:
    """The host takes the line; done again it changes nothing.

    Refuses with OfferOver, and as `hosting.require_may_host` does; raises Offer.DoesNotExist for
    somebody else's.
    """
    found = _own(actor, offer_id)
    if found.state == OfferState.ACCEPTED:
        return found
    _still_open(found)
    days = playbooks.playbook(found.playbook_id).days
    hosting.require_may_host(actor, found.host_id, found.start_day, days)
    return _answer(found, OfferState.ACCEPTED, "")


@journal.action
def decline(actor: Actor, offer_id: int, reason: str) -> Offer:
    """The host leaves the line to somebody else and says why; done again it changes nothing.

    Refuses with OfferOver, TextMissing, TextTooLong; raises Offer.DoesNotExist for somebody else's.
    """
    reason = clean_line(reason, limit=200, field="reason")
    found = _own(actor, offer_id)
    if found.state == OfferState.DECLINED:
        return found
    _still_open(found)
    return _answer(found, OfferState.DECLINED, reason)


def _own(actor: Actor, offer_id: int) -> Offer:
    require(actor, Role.MEMBER)
    return _locked(actor, offer_id)


def _still_open(found: Offer) -> None:
    if found.state != OfferState.OPEN or journal.now() > found.answer_by:
        raise OfferOver


def _answer(found: Offer, state: OfferState, reason: str) -> Offer:
    end(found, state, reason)
    journal.record(OfferAnswered(member=found.host_id, offer=found.pk, state=state.value))
    return found


def end(found: Offer, state: OfferState, reason: str) -> None:
    found.state, found.reason, found.ended_at = state, reason, journal.now()
    found.save(update_fields=["state", "reason", "ended_at"])


@journal.action
def withdraw(actor: Actor, offer_id: int, reason: str) -> Offer:
    """Whoever decides in the region takes an offer back before its line is open, and says why.

    Refuses with OfferOver, TextMissing, TextTooLong; raises Offer.DoesNotExist for other regions.
    """
    require(actor, *DECIDERS)
    reason = clean_line(reason, limit=200, field="reason")
    found = _locked(actor, offer_id)
    if found.state == OfferState.WITHDRAWN:
        return found
    if found.state not in STANDING or found.line_id is not None:
        raise OfferOver
    end(found, OfferState.WITHDRAWN, reason)
    journal.record(OfferWithdrawn(member=found.host_id, offer=found.pk))
    return found


def withdraw_standing(actor: Actor, host: int, reason: str) -> None:
    """Inside an action: whoever may host no more is offered nothing, and opens nothing."""
    rows = Offer.objects.select_for_update().filter(host=host, state__in=STANDING, line=None)
    found = list(rows.order_by("id"))
    for one in found:
        end(one, OfferState.WITHDRAWN, reason)
    journal.record(*(OfferWithdrawn(member=host, offer=one.pk) for one in found))


@journal.action
def open_accepted(actor: Actor, offer_id: int) -> Line:
    """Open the line that was offered and accepted, as it was offered; done again it is that line.

    Refuses with OfferNotAccepted, and as `hosting.open_line` does; raises Offer.DoesNotExist for
    other regions.
    """
    require(actor, *DECIDERS)
    found = _locked(actor, offer_id)
    if found.line is not None:
        return found.line
    if found.state != OfferState.ACCEPTED:
        raise OfferNotAccepted
    return hosting.open_line(
        actor,
        region=found.region_id,
        playbook=found.playbook_id,
        start_day=found.start_day,
        host=found.host_id,
        size=found.size,
        budget_fen=found.budget_fen,
    )


def _locked(actor: Actor, offer_id: int) -> Offer:
    # Without what belongs to it: whoever waited for the lock would get that from before the wait.
    rows = queries.offers(actor).select_related(None)
    return rows.select_for_update().get(id=offer_id)


@journal.action
def lapse(actor: Actor) -> int:
    """End the offers that nobody answered in time; how many."""
    require(actor)
    late = _unanswered().filter(answer_by__lt=journal.now())
    rows = list(late.select_for_update().order_by("id"))
    for found in rows:
        end(found, OfferState.LAPSED, "")
    journal.record(*(OfferLapsed(member=row.host_id, offer=row.pk) for row in rows))
    return len(rows)


def _unanswered() -> QuerySet[Offer]:
    return Offer.objects.filter(state=OfferState.OPEN)
