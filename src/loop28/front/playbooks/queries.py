"""Reading playbooks. Versions are the whole company's: every member of staff sees all of them."""

import functools

from django.db.models import QuerySet

from loop28.front.playbooks import form
from loop28.front.playbooks.models import PlaybookVersion
from loop28.front.playbooks.reading import read
from loop28.front.playbooks.refusals import NoSuchPlaybook
from loop28.front.playbooks.schema import Playbook
from loop28.kernel.access import STAFF, Actor, require


def versions(actor: Actor) -> QuerySet[PlaybookVersion]:
    """All published versions, newest first. Refuses with NotAllowed whoever is no staff."""
    require(actor, *STAFF)
    return PlaybookVersion.objects.select_related("published_by").order_by("-id")


def version(actor: Actor, version_id: int) -> PlaybookVersion:
    """One version. Refuses with NotAllowed and NoSuchPlaybook."""
    found = versions(actor).filter(pk=version_id).first()
    if found is None:
        raise NoSuchPlaybook
    return found


@functools.lru_cache(maxsize=64)
def playbook(version_id: int) -> Playbook:
    """What a published version says; read once a process, because a version never changes.

    Asked by modules for their lines, not by people, so there is no actor. Refuses with
    NoSuchPlaybook.
    """
    source = PlaybookVersion.objects.filter(pk=version_id).values_list("source", flat=True).first()
    if source is None:
        raise NoSuchPlaybook
    return form.playbook(read(source).data)


def forget() -> None:
    """Drop what was read: on SQLite the id of a version that was rolled back is given out again."""
    playbook.cache_clear()
