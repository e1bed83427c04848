"""Reading playbooks. Versions are the whole company's: every member of staff sees all of them."""

import functools
from typing import Any

from django.db.models import QuerySet

from loop28.back.people import queries as people
from loop28.back.people.models import User
from loop28.front.playbooks import form
from loop28.front.playbooks.models import (
    Draft,
    DraftState,
    PlaybookVersion,
    Rehearsal,
    RehearsalState,
    Review,
)
from loop28.front.playbooks.reading import read
from loop28.front.playbooks.refusals import NoSuchDraft, NoSuchPlaybook
from loop28.front.playbooks.schema import Playbook
from loop28.front.playbooks.weekly import Weekly
from loop28.kernel.access import STAFF, SYSTEM, Actor, Role, require

WRITERS = (Role.ADMINISTRATOR, Role.REGION_MANAGER, Role.MIDDLE)
"""Who writes playbooks, and who reviews what somebody else wrote."""

OPEN = (DraftState.WRITING, DraftState.IN_REVIEW, DraftState.SENT_BACK)


def versions(actor: Actor) -> QuerySet[PlaybookVersion]:
    """All versions lines are opened from, newest first. Refuses with NotAllowed all but staff."""
    return _all(actor).filter(weekly=False)


def weekly_versions(actor: Actor) -> QuerySet[PlaybookVersion]:
    """All versions of weekly playbooks, newest first. Refuses with NotAllowed all but staff."""
    return _all(actor).filter(weekly=True)


def version(actor: Actor, version_id: int) -> PlaybookVersion:
    """One version of either kind. Refuses with NotAllowed and NoSuchPlaybook."""
    found = _all(actor).filter(pk=version_id).first()
    if found is None:
        raise NoSuchPlaybook
    return found


def _all(actor: Actor) -> QuerySet[PlaybookVersion]:
    require(actor, *STAFF)
    return PlaybookVersion.objects.select_related("published_by").order_by("-id")


def versions_of(actor: Actor, key: str) -> list[PlaybookVersion]:
    """The versions of one playbook, the newest first, without their texts."""
    return list(versions(actor).filter(key=key).order_by("-number").defer("source"))


def author(actor: Actor, of: PlaybookVersion) -> User | None:
    """Who wrote the draft a version was made of; None for one that the installation brought."""
    require(actor, *STAFF)
    draft = Draft.objects.filter(version=of).select_related("author").order_by("id").first()
    return draft.author if draft else None


@functools.lru_cache(maxsize=64)
def playbook(version_id: int) -> Playbook:
    """What a published version says; read once a process, because a version never changes.

    Asked by modules for their lines, not by people, so there is no actor. Refuses with
    NoSuchPlaybook.
    """
    return form.playbook(_data(version_id, weekly=False))


@functools.lru_cache(maxsize=64)
def weekly(version_id: int) -> Weekly:
    """What a published weekly playbook says; as `playbook`."""
    return form.weekly(_data(version_id, weekly=True))


def _data(version_id: int, *, weekly: bool) -> Any:
    rows = PlaybookVersion.objects.filter(pk=version_id, weekly=weekly)
    source = rows.values_list("source", flat=True).first()
    if source is None:
        raise NoSuchPlaybook
    return read(source).data


def forget() -> None:
    """Drop what was read: on SQLite the id of a version that was rolled back is given out again."""
    playbook.cache_clear()
    weekly.cache_clear()


def drafts(actor: Actor) -> QuerySet[Draft]:
    """All drafts, last written first. Refuses with NotAllowed who neither writes nor audits."""
    require(actor, *WRITERS, Role.AUDITOR)
    return Draft.objects.select_related("author", "based_on", "version").order_by("-saved_at")


def draft(actor: Actor, draft_id: int) -> Draft:
    """One draft. Refuses with NotAllowed and NoSuchDraft."""
    found = drafts(actor).filter(pk=draft_id).first()
    if found is None:
        raise NoSuchDraft
    return found


def open_drafts(actor: Actor) -> QuerySet[Draft]:
    """The drafts that are neither published nor dropped, without their texts."""
    return drafts(actor).filter(state__in=OPEN).defer("text", "based_on__source")


def reviews(actor: Actor, draft_id: int) -> QuerySet[Review]:
    """What was said of a draft, the latest first."""
    of = Review.objects.filter(draft__in=drafts(actor).filter(pk=draft_id).order_by())
    return of.select_related("reviewer").order_by("-id")


def rehearsal(actor: Actor, of: Draft) -> Rehearsal | None:
    """The last rehearsal of a draft, of this text or of an older one."""
    require(actor, *WRITERS, Role.AUDITOR)
    return Rehearsal.objects.filter(draft=of).defer("text").order_by("-asked_at").first()


def rehearsal_waits(actor: Actor) -> bool:
    """Whether anything is to be played, or somebody has it in hand. For the player alone."""
    require(actor)
    states = [RehearsalState.ASKED, RehearsalState.RUNNING]
    return Rehearsal.objects.filter(state__in=states).exists()


def may_review(actor: Actor, of: Draft) -> bool:
    """Whether this actor may publish a draft that is in review, or send it back."""
    return actor.role in WRITERS and (actor.id != of.author_id or alone(of.author_id))


def alone(writer: int) -> bool:
    """Whether nobody but this member of staff writes playbooks, so that nobody else can review."""
    others = people.staff(SYSTEM).filter(is_active=True, role__in=WRITERS).exclude(pk=writer)
    return not others.exists()
