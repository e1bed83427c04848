"""Shop owners out of a file: people who may host lines, because they do this work already."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils import translation
from django.utils.translation import gettext as _

from loop28.front.ladder import actions, refusals
from loop28.front.ladder.models import Level, Promotion, PromotionState
from loop28.kernel import journal
from loop28.kernel.access import Actor, Role, require
from loop28.kernel.refusals import Refusal
from loop28.kernel.tables import Outcome, Row, State
from loop28.kernel.text import searchable
from loop28.middle.members import importing as people

COLUMNS: Mapping[str, Sequence[str]] = {**people.COLUMNS, "level": ("等级",)}
REQUIRED = (*people.REQUIRED, "level")


@journal.action
def take_in(actor: Actor, rows: Sequence[Row]) -> list[Outcome]:
    """Take the people in as `members.importing` does, and give each the level of their row.

    A level is never taken away by a row. Who is proposed for it and waits for a person's word is
    refused: that decision stands in another place.
    """
    require(actor, Role.ADMINISTRATOR)
    levels = _levels()
    waiting = _waiting(rows)
    checked = [replace(row, refusal=_wrong(row, levels, waiting)) for row in rows]
    outcomes = people.take_in(actor, checked)
    wanted: dict[str, set[int]] = defaultdict(set)
    for row, outcome in zip(rows, outcomes, strict=True):
        if outcome.number is not None:
            wanted[levels[searchable(row.cells["level"])]].add(outcome.number)
    reason = _("Came in with a file of shop owners.")
    new: set[int] = set()
    for level, members in sorted(wanted.items()):
        new |= actions.appoint_many(actor, members, level, reason)
    return [
        replace(outcome, state=State.CHANGED)
        if outcome.state is State.KNOWN and outcome.number in new
        else outcome
        for outcome in outcomes
    ]


def _wrong(row: Row, levels: Mapping[str, str], waiting: set[tuple[str, str]]) -> Refusal | None:
    if row.refusal:
        return row.refusal
    level = levels.get(searchable(row.cells["level"]))
    if level is None:
        return refusals.NoSuchLevel(field="level")
    if (_id(row), level) in waiting:
        return refusals.StepWaits(field="level")
    return None


def _waiting(rows: Sequence[Row]) -> set[tuple[str, str]]:
    """Ids and levels for which somebody of the file is proposed."""
    ids = people.imported(map(_id, rows))
    called = {member: external_id for external_id, member in ids.items()}
    proposed = Promotion.objects.filter(state=PromotionState.PROPOSED, member__in=called)
    return {(called[member], level) for member, level in proposed.values_list("member", "level")}


def _id(row: Row) -> str:
    """The id of a row; nothing where it is refused later on."""
    try:
        return people.id_of(row)
    except (Refusal, KeyError):
        return ""


def _levels() -> dict[str, str]:
    """Levels by their code and by what the pages call them in either language."""
    found = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            for level in Level:
                found[searchable(str(level.label))] = found[searchable(level)] = level.value
    return found
