"""A word with people who need one: noted, so that the lists of today become shorter."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from loop28.front.lines import queries, seats
from loop28.front.lines.facts import MemberSpokenTo
from loop28.front.lines.models import SpokenTo
from loop28.front.lines.refusals import NotInLine
from loop28.kernel import clock, journal, sql
from loop28.kernel.access import Actor


@journal.action
def note_word(actor: Actor, line_id: int, members: Sequence[int]) -> int:
    """Whoever runs the line had a word with members who have a seat; with how many for the first
    time on this local day.

    Refuses with NotInLine when one of them has no seat.
    """
    line = queries.run_by(actor, line_id)
    wanted = sorted(set(members))
    if seats.seated(line_id, wanted) != wanted:
        raise NotInLine
    today = clock.local_day(journal.now(), ZoneInfo(line.region.zone))
    rows = [{"line_id": line_id, "member_id": member, "day": today} for member in wanted]
    new = sql.insert(SpokenTo, rows, unique=("line", "day", "member"), returning=("member",))
    journal.record(*(MemberSpokenTo(line=line_id, member=member) for (member,) in new))
    return len(new)
