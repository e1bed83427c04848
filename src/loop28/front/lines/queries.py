"""What can be known of lines, their phases and what was mended in them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Min, Q, QuerySet

from loop28.front.lines import rules
from loop28.front.lines.models import Beat as Beat  # insight names what it gets from here
from loop28.front.lines.models import Line as Line
from loop28.front.lines.models import Mend, MendKind
from loop28.front.lines.models import Phase as Phase
from loop28.kernel import clock, sql
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role, scope
from loop28.kernel.prepared import prepared


def lines(actor: Actor) -> QuerySet[Line]:
    """The lines an actor runs or watches: their region's for staff, those they host for members.

    Each comes with its region, host and playbook version, but for the version's long text.
    """
    rows = Line.objects.select_related("region", "host", "playbook").defer("playbook__source")
    return scope(actor, rows, region="region", host="host")


def line(actor: Actor, line_id: int) -> Line:
    """One of them; raises Line.DoesNotExist for others: nobody learns that they exist."""
    return lines(actor).get(id=line_id)


@prepared
def numbered(line_ids: Collection[int]) -> QuerySet[Line]:
    """The lines with these numbers, whoever they belong to, in their order."""
    return lines(SYSTEM).filter(sql.among("id", line_ids)).order_by("id")


def count_by_playbook(actor: Actor, versions: Sequence[int]) -> dict[int, int]:
    """By playbook version: how many of the actor's lines were opened from it."""
    rows = lines(actor).filter(playbook_id__in=versions).order_by()
    return dict(rows.values_list("playbook_id").annotate(Count("id")))


def count_by_region(actor: Actor) -> dict[int, int]:
    """By region: how many of the actor's lines are not over."""
    rows = lines(actor).filter(ended_at=None).order_by()
    return dict(rows.values_list("region_id").annotate(Count("id")))


def hosted(actor: Actor, members: Sequence[int]) -> dict[int, tuple[int, int]]:
    """By host: how many of the actor's lines they run, and how many they brought to an end."""
    rows = lines(actor).filter(host_id__in=members).order_by().values_list("host_id")
    counted = rows.annotate(
        running=Count("id", filter=Q(ended_at=None)),
        over=Count("id", filter=Q(ended_at__isnull=False)),
    )
    return {host: (running, ended) for host, running, ended in counted}


def runs(members: Iterable[int]) -> dict[int, list[tuple[date, int]]]:
    """By host: start day and days of the lines they are bound to, those that are not over.

    Of all regions: whoever plans a line must know that its host is taken, not by what.
    """
    rows = Line.objects.filter(sql.among("host", set(members)), ended_at=None)
    found: dict[int, list[tuple[date, int]]] = {}
    for host, start, days in rows.values_list("host_id", "start_day", "days"):
        found.setdefault(host, []).append((start, days))
    return found


def not_called_off(actor: Actor) -> QuerySet[Line]:
    """The actor's lines without those that were stopped before their first day."""
    return lines(actor).exclude(stopped_at__date__lt=F("start_day"))


def first_days(actor: Actor) -> dict[int, date]:
    """By region: the start day of its first line; a region without any is left out."""
    rows = not_called_off(actor).order_by().values_list("region_id")
    return dict(rows.annotate(Min("start_day")))


def busy_until(members: Iterable[int]) -> dict[int, date]:
    """By host: the last day of the lines they are bound to; who is bound to none is left out."""
    return {
        host: max(start + timedelta(days=days - 1) for start, days in bound)
        for host, bound in runs(members).items()
    }


def hosting_since(members: Iterable[int], since: datetime) -> set[int]:
    """Those of these members who ran a line at some time since then, or run one now."""
    rows = Line.objects.filter(sql.among("host", set(members)))
    late = rows.filter(Q(ended_at=None) | Q(ended_at__gte=since))
    return set(late.values_list("host_id", flat=True))


def run_by(actor: Actor, line_id: int) -> Line:
    """The line, for who may change its course: its host, its region's manager, administrators.

    Refuses with NotAllowed who may only look.
    """
    found = line(actor, line_id)
    if actor.is_staff and actor.role not in {Role.ADMINISTRATOR, Role.REGION_MANAGER}:
        raise NotAllowed
    return found


def codes(line_ids: Iterable[int]) -> dict[int, str]:
    """What these lines are called."""
    return dict(Line.objects.filter(pk__in=set(line_ids)).values_list("id", "code"))


def today(of: Line, now: datetime) -> int:
    """The line's day at ``now`` in its region: 1 on the start day, below 1 before it."""
    zone = ZoneInfo(of.region.zone)
    return rules.day_number(of.start_day, clock.local_day(now, zone))


def phases(line_id: int) -> list[Phase]:
    """A line's phases in order, with their groups."""
    return list(Phase.objects.filter(line_id=line_id).select_related("group").order_by("number"))


def phases_by_line(line_ids: Sequence[int]) -> dict[int, list[Phase]]:
    """The phases of many lines, each line's in order."""
    found: dict[int, list[Phase]] = {number: [] for number in line_ids}
    for phase in _phases(line_ids):
        found[phase.line_id].append(phase)
    return found


@prepared
def _phases(line_ids: Sequence[int]) -> QuerySet[Phase]:
    return Phase.objects.filter(sql.among("line", line_ids)).order_by("line_id", "number")


def phase_of(group_id: int) -> Phase | None:
    """The phase that lives in a group, with its line; None for a group of no line."""
    rows = Phase.objects.select_related("line__region", "line__host")
    return rows.filter(group_id=group_id).first()


def by_group(group_ids: Iterable[int]) -> dict[int, int]:
    """The lines that these groups belong to; a group of no line is left out."""
    rows = Phase.objects.filter(group_id__in=set(group_ids))
    return dict(rows.values_list("group_id", "line_id"))


def mends(actor: Actor, line_id: int) -> list[Mend]:
    """What staff changed in a line, the latest first."""
    of = Mend.objects.filter(line__in=lines(actor).filter(id=line_id))
    return list(of.select_related("by", "former", "host").order_by("-id"))


def reasons(mend_ids: Iterable[int]) -> dict[int, str]:
    """Why these mends were made, in the words of who made them."""
    return dict(Mend.objects.filter(id__in=list(mend_ids)).values_list("id", "reason"))


def handed_over(actor: Actor, since: datetime) -> list[Mend]:
    """The lines that passed to or from the acting member lately and that they know or knew."""
    mine = Q(former=actor.id) | Q(host=actor.id)
    rows = Mend.objects.filter(mine, kind=MendKind.HOST, at__gte=since)
    return list(rows.select_related("line", "former", "host").order_by("-id"))


def parents(line_ids: Sequence[int]) -> dict[int, list[int]]:
    """By line, those whose graduates bring its people."""
    rows = Line.parents.through.objects.filter(from_line_id__in=line_ids).order_by("to_line_id")
    found: dict[int, list[int]] = {}
    for line, parent in rows.values_list("from_line_id", "to_line_id"):
        found.setdefault(line, []).append(parent)
    return found
