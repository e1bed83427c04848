"""How the outbox hands messages to their platforms, and what becomes of those that fail."""

import logging
from collections.abc import Sequence

from django.db import transaction

from loop28.front.groups import rules
from loop28.front.groups.chat import NotSent, Outbound, platform
from loop28.front.groups.facts import SendingGivenUp
from loop28.front.groups.models import Outgoing
from loop28.kernel import journal, sql
from loop28.kernel.text import keepable

logger = logging.getLogger(__name__)

Failures = list[tuple[Outgoing, str]]


def hand_over(name: str, rows: list[Outgoing]) -> tuple[list[int], Failures]:
    """Send rows to a platform; the ids of those that were sent, and those that failed with why.

    In one go, or, when that fails, one by one to find what it is. What comes after a failure in its
    group is not tried: it waits.
    """
    if _try(name, rows) == "":
        return [row.pk for row in rows], []
    sent: list[int] = []
    failed: Failures = []
    stopped: set[int] = set()
    for row in rows:
        if row.group_id in stopped:
            continue
        if error := _try(name, [row]):
            failed.append((row, error))
            stopped.add(row.group_id)
        else:
            sent.append(row.pk)
    return sent, failed


def _try(name: str, rows: Sequence[Outgoing]) -> str:
    """Why the platform does not take these, or nothing."""
    try:
        with transaction.atomic():
            platform(name).send([_outbound(row) for row in rows])
    except (NotSent, OSError) as error:
        logger.warning("%s does not take %s messages", name, len(rows), exc_info=True)
        return (str(error) or type(error).__name__)[:200]
    return ""


def note_failures(failed: Failures) -> None:
    """Inside an action: plan the next try, or give up after the last."""
    now = journal.now()
    rows = []
    for row, error in failed:
        again = rules.next_try(row.tries + 1, now)
        given_up = now if again is None else None
        rows.append(
            {
                "id": row.pk,
                "tries": row.tries + 1,
                "error": keepable(error),
                "next_at": again,
                "given_up_at": given_up,
            }
        )
        if given_up:
            journal.record(SendingGivenUp(group=row.group_id, outgoing=row.pk, tries=row.tries + 1))
    sql.update(Outgoing, rows)


def _outbound(row: Outgoing) -> Outbound:
    return Outbound(
        key=row.key,
        group=row.group_id,
        text=row.text,
        planned_at=row.planned_at,
        as_host=row.as_host,
        kind=row.kind,
        ref=row.ref,
    )
