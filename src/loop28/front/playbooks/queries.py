"""Reading playbooks. Versions are the whole company's: every member of staff sees all of them."""

import functools
from typing import Any

from django.db.models import QuerySet

from loop28.front.playbooks import form
from loop28.front.playbooks.models import PlaybookVersion
from loop28.front.playbooks.reading import read
from loop28.front.playbooks.refusals import NoSuchPlaybook
from loop28.front.playbooks.schema import Playbook
from loop28.front.playbooks.weekly import Weekly
from loop28.kernel.access import STAFF, Actor, require


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
