"""What the versions of a playbook made of their lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from loop28.front.ladder import queries as ladder
from loop28.front.lines import queries as lines
from loop28.front.lines import schedule, seats
from loop28.kernel.access import Actor


@dataclass(slots=True)
class VersionFigures:
    """Sums over the lines of one version that an actor sees.

    ``screened`` and ``passed`` count only lines whose people were called: the others have no pass
    rate yet.
    """

    lines: int = 0
    running: int = 0
    joined: int = 0
    screened: int = 0
    passed: int = 0
    owners: int = 0


def by_version(actor: Actor, versions: Sequence[int]) -> dict[int, VersionFigures]:
    """The figures of each of these versions, in a constant number of statements."""
    found = {version: VersionFigures() for version in versions}
    rows = lines.lines(actor).filter(playbook_id__in=versions).order_by()
    chosen = list(rows.values_list("id", "playbook_id", "ended_at"))
    ids = [line for line, _version, _end in chosen]
    heads, called, made = seats.head_counts(ids), schedule.called(ids), ladder.made_by_line(ids)
    for line, version, ended_at in chosen:
        of, head = found[version], heads[line]
        of.lines += 1
        of.running += ended_at is None
        of.joined += head["joined"]
        of.owners += made.get(line, {}).get("owner", 0)
        if line in called:
            of.screened += head["joined"]
            of.passed += head["opted_in"]
    return found
