"""Files of people: looked at first, taken in then, just as they were looked at."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from django.db.models import QuerySet

from loop28.back.people import facts, refusals
from loop28.back.people.models import ImportFile
from loop28.kernel import journal
from loop28.kernel.access import Actor, Role, require
from loop28.kernel.tables import MAX_BYTES, FileTooLarge, Outcome, State
from loop28.kernel.text import clean_line

MAX_ROWS = 10_000
KEPT = timedelta(days=1)


@journal.action
def keep(actor: Actor, kind: str, name: str, data: bytes) -> ImportFile:
    """Keep a file until it is taken in, for a day at most; refuses with FileTooLarge.

    What others left behind is thrown away by the way.
    """
    require(actor, Role.ADMINISTRATOR)
    if len(data) > MAX_BYTES:
        raise FileTooLarge(field="file", megabytes=MAX_BYTES // 1_000_000, rows=MAX_ROWS)
    left = ImportFile.objects.filter(done_at=None, at__lt=journal.now() - KEPT)
    left.exclude(data=b"").update(data=b"")
    return ImportFile.objects.create(
        kind=kind,
        name=clean_line(name[-80:], limit=80, required=False) or "-",
        digest=hashlib.sha256(data).hexdigest(),
        data=data,
        by_id=actor.id or None,
        at=journal.now(),
    )


@journal.action
def opened(actor: Actor, file_id: int) -> ImportFile:
    """A file that is still to be taken in, locked: two who do it at once do it once.

    Refuses with FileDone or FileForgotten; raises ImportFile.DoesNotExist.
    """
    require(actor, Role.ADMINISTRATOR)
    file = ImportFile.objects.select_for_update().get(pk=file_id)
    if file.done_at is not None:
        raise refusals.FileDone
    if not file.data:
        raise refusals.FileForgotten
    return file


@journal.action
def close(actor: Actor, file: ImportFile, outcomes: Sequence[Outcome]) -> None:
    """Note what came of a file, and throw it away."""
    require(actor, Role.ADMINISTRATOR)
    counts = Counter(outcome.state for outcome in outcomes)
    file.counts = {state.value: counts[state] for state in State}
    file.data, file.done_at = b"", journal.now()
    file.save(update_fields=["counts", "data", "done_at"])
    journal.record(
        facts.FileImported(
            file=file.pk,
            kind=file.kind,
            new=counts[State.NEW],
            changed=counts[State.CHANGED],
            refused=counts[State.REFUSED],
        )
    )


def files(actor: Actor) -> QuerySet[ImportFile]:
    """The files that were uploaded, the latest first, without what was in them."""
    require(actor, Role.ADMINISTRATOR)
    return ImportFile.objects.defer("data").select_related("by").order_by("-id")
