"""Rehearsals of drafts: asked for here, played by whoever has the means, told here.

Not here: how a line is played. The door that runs the worker starts it as a process of its own.
"""

import hashlib
from datetime import timedelta
from enum import StrEnum
from typing import Any

from loop28.front.playbooks import actions, queries
from loop28.front.playbooks.facts import RehearsalAsked
from loop28.front.playbooks.models import Rehearsal, RehearsalState
from loop28.front.playbooks.refusals import OnlyLinesAreRehearsed
from loop28.front.playbooks.schema import Playbook
from loop28.front.playbooks.weekly import Weekly
from loop28.kernel import journal
from loop28.kernel.access import Actor, require

SEEDS = 5
"""Lines that are played of each text: few and most of them make the range."""

SEATS = 100
"""People in each, or as many as the playbook plans for: enough to see, few enough to wait for."""

GONE_AFTER = timedelta(minutes=30)
"""Whoever plays has not been heard of for so long: longer than one line may take."""


class Why(StrEnum):
    """Why a rehearsal failed."""

    TIME = "time"
    BROKEN = "broken"


def ask(actor: Actor, draft_id: int) -> Rehearsal:
    """Have a draft played as it is saved now; the same text is played once, a failed one again.

    Refuses with NotAllowed, NoSuchDraft, PlaybookHasMistakes, OnlyLinesAreRehearsed.
    """
    require(actor, *queries.WRITERS)
    playbook, text = actions.faultless(queries.draft(actor, draft_id).text)
    if isinstance(playbook, Weekly):
        raise OnlyLinesAreRehearsed
    return _ask(actor, draft_id, text, playbook)


@journal.action
def _ask(actor: Actor, draft_id: int, text: str, playbook: Playbook) -> Rehearsal:
    asked, new = Rehearsal.objects.select_for_update().get_or_create(
        draft_id=draft_id,
        digest=digest(text),
        defaults={
            "text": text,
            "key": playbook.key,
            "seats": min(SEATS, playbook.size),
            "asked_by_id": actor.id,
            "asked_at": journal.now(),
            "touched_at": journal.now(),
        },
    )
    if asked.state == RehearsalState.FAILED:
        asked.state, asked.reports, asked.why = RehearsalState.ASKED, [], ""
        asked.asked_at = asked.touched_at = journal.now()
        asked.save()
        new = True
    if new:
        journal.record(RehearsalAsked(draft=draft_id, rehearsal=asked.pk))
    return asked


@journal.action
def begin(actor: Actor) -> Rehearsal | None:
    """Take the rehearsal that has waited longest; None while another is being played.

    One whose player is gone is taken again. What was played of it stays: the same seed would give
    the same line.
    """
    require(actor)
    open_ = Rehearsal.objects.filter(state__in=[RehearsalState.ASKED, RehearsalState.RUNNING])
    rows = list(open_.select_for_update().order_by("id"))
    gone = journal.now() - GONE_AFTER
    if any(row.state == RehearsalState.RUNNING and row.touched_at > gone for row in rows):
        return None
    chosen = min(rows, key=lambda row: row.asked_at, default=None)
    if chosen is not None:
        chosen.state, chosen.touched_at = RehearsalState.RUNNING, journal.now()
        chosen.save(update_fields=["state", "touched_at"])
    return chosen


@journal.action
def tell(actor: Actor, rehearsal_id: int, seed: int, report: dict[str, Any]) -> None:
    """Add what the line of a seed, counted from 1, came to; with the last one it is done.

    Told twice, by one who was believed gone, it counts once.
    """
    require(actor)
    played = Rehearsal.objects.select_for_update().get(pk=rehearsal_id)
    if len(played.reports) != seed - 1:
        return
    played.reports = [*played.reports, report]
    played.touched_at = journal.now()
    if len(played.reports) == SEEDS:
        played.state = RehearsalState.DONE
    played.save(update_fields=["reports", "touched_at", "state"])


@journal.action
def fail(actor: Actor, rehearsal_id: int, why: Why) -> None:
    """End a rehearsal that cannot be played."""
    require(actor)
    Rehearsal.objects.filter(pk=rehearsal_id).update(state=RehearsalState.FAILED, why=why)


@journal.action
def put_back(actor: Actor, rehearsal_id: int) -> None:
    """Let another one play it: whoever began has to stop now."""
    require(actor)
    Rehearsal.objects.filter(pk=rehearsal_id).update(state=RehearsalState.ASKED)


def digest(text: str) -> str:
    """What makes two texts the same one."""
    return hashlib.sha256(text.encode()).hexdigest()
