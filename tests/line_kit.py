"""A line to test with: opened from the small playbook, with people in it and a movable clock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.core.cache import cache

from loop28.back.people.models import Region
from loop28.front.groups.chat import Incoming
from loop28.front.lines import actions as lines
from loop28.front.lines.models import Invitation, Line, Phase
from loop28.front.playbooks import actions as playbooks
from loop28.front.playbooks import queries as playbook_queries
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from loop28.kernel.jobs import run_due
from loop28.kernel.journal.models import RehearsalMark
from loop28.middle.members import actions as members
from loop28.middle.members.actions import NewMember

SMALL = Path(__file__).parent / "front/playbooks/small.yaml"
ZONE = ZoneInfo("Asia/Shanghai")
START = date(2026, 3, 2)


def local(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """An instant of a line that starts on START, by its day and what clocks show."""
    moment = datetime(START.year, START.month, START.day, hour, minute, second, tzinfo=ZONE)
    return (moment + timedelta(days=day - 1)).astimezone(UTC)


@contextmanager
def moving_clock() -> Iterator[Callable[[datetime], None]]:
    """A rehearsal's clock, the day before the line starts; taken back at the end."""
    RehearsalMark.objects.get_or_create(id=1)
    playbook_queries.forget()
    cache.clear()  # ids that were rolled back are given out again
    clock.move_to(local(0, 12))
    try:
        yield clock.move_to
    finally:
        clock.move_to(None)


def live_until(moment: datetime) -> None:
    """Move on and do everything that falls due on the way, at its own time."""
    while True:
        due = run_due(clock.now())
        if due is None or due > moment:
            break
        clock.move_to(max(due, clock.now() + timedelta(milliseconds=1)))
    clock.move_to(moment)
    run_due(moment)


def people(count: int, name: str = "新人") -> list[int]:
    """New members of age who agreed."""
    return members.register_many(
        SYSTEM, [NewMember(name=f"{name}{n}", adult=True, consent=True) for n in range(count)]
    )


def region(code: str = "HD") -> Region:
    return Region.objects.get_or_create(code=code, defaults={"name": f"大区{code}"})[0]


def open_line(
    *, size: int = 20, budget_fen: int = 100_000, code: str = "HD", start: date = START
) -> Line:
    (host,) = people(1, "店主")
    return lines.open_line(
        SYSTEM,
        region=region(code).pk,
        playbook=playbooks.publish(SYSTEM, SMALL.read_text()).pk,
        start_day=start,
        host=host,
        size=size,
        budget_fen=budget_fen,
    )


def invitation(line: Line) -> int:
    return Invitation.objects.get(line=line, inviter=line.host_id).pk


def seated(line: Line, count: int) -> list[int]:
    """So many new people with a seat in the line."""
    comers = people(count)
    lines.join(SYSTEM, invitation(line), comers)
    return comers


def group(line: Line, phase: int = 1) -> int:
    return Phase.objects.get(line=line, number=phase).group_id


def says(line: Line, member: int, text: str, at: datetime) -> Incoming:
    """A message of a member in the line's first group; the same words at the same time are one."""
    return Incoming("house", f"{member}:{at.timestamp()}:{text}", group(line), member, text, at)
