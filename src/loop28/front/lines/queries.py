"""What can be known of lines."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet

from loop28.front.lines import rules
from loop28.front.lines.models import Beat as Beat  # insight names what it gets from here
from loop28.front.lines.models import (
    BeatState,
    Enrollment,
    EnrollmentState,
    Invitation,
    Mend,
    MendKind,
    OptIn,
    SpokenTo,
)
from loop28.front.lines.models import Line as Line
from loop28.front.lines.models import Phase as Phase
from loop28.front.lines.refusals import NotInLine
from loop28.kernel import clock, sql
from loop28.kernel.access import Actor, NotAllowed, Role, scope


def lines(actor: Actor) -> QuerySet[Line]:
    """The lines an actor runs or watches: their region's for staff, those they host for members."""
    rows = Line.objects.select_related("region", "host", "playbook")
    return scope(actor, rows, region="region", host="host")


def line(actor: Actor, line_id: int) -> Line:
    """One of them; raises Line.DoesNotExist for others: nobody learns that they exist."""
    return lines(actor).get(id=line_id)


def count_by_playbook(actor: Actor, versions: Sequence[int]) -> dict[int, int]:
    """By playbook version: how many of the actor's lines were opened from it."""
    rows = lines(actor).filter(playbook_id__in=versions).order_by()
    return dict(rows.values_list("playbook_id").annotate(Count("id")))


def count_by_region(actor: Actor) -> dict[int, int]:
    """By region: how many of the actor's lines are not over."""
    rows = lines(actor).filter(graduated_at=None).order_by()
    return dict(rows.values_list("region_id").annotate(Count("id")))


def hosted(actor: Actor, members: Sequence[int]) -> dict[int, tuple[int, int]]:
    """By host: how many of the actor's lines they run, and how many they brought to an end."""
    rows = lines(actor).filter(host_id__in=members).order_by().values_list("host_id")
    counted = rows.annotate(
        running=Count("id", filter=Q(graduated_at=None)),
        over=Count("id", filter=Q(graduated_at__isnull=False)),
    )
    return {host: (running, ended) for host, running, ended in counted}


def runs(host: int) -> list[tuple[date, int]]:
    """Start day and days of the lines a member is bound to: those they host that are not over."""
    rows = Line.objects.filter(host_id=host, graduated_at=None)
    return list(rows.values_list("start_day", "days"))


def not_called_off(actor: Actor) -> QuerySet[Line]:
    """The actor's lines without those that were stopped before their first day."""
    return lines(actor).exclude(stopped_at__date__lt=F("start_day"))


def first_days(actor: Actor) -> dict[int, date]:
    """By region: the start day of its first line; a region without any is left out."""
    rows = not_called_off(actor).order_by().values_list("region_id")
    return dict(rows.annotate(Min("start_day")))


def busy_until(members: Iterable[int]) -> dict[int, date]:
    """By host: the last day of their lines that are not over; a host without any is left out.

    Of all regions: whoever plans a line must know that its host is taken, not by what.
    """
    rows = Line.objects.filter(sql.among("host", set(members)), graduated_at=None)
    found: dict[int, date] = {}
    for host, start, days in rows.values_list("host_id", "start_day", "days"):
        last = start + timedelta(days=days - 1)
        found[host] = max(last, found.get(host, last))
    return found


def run_by(actor: Actor, line_id: int) -> Line:
    """The line, for who may change its course: its host, its region's manager, administrators.

    Refuses with NotAllowed who may only look.
    """
    found = line(actor, line_id)
    if actor.is_staff and actor.role not in {Role.ADMINISTRATOR, Role.REGION_MANAGER}:
        raise NotAllowed
    return found


def seats(actor: Actor) -> QuerySet[Enrollment]:
    """The acting member's own enrollments, the latest first."""
    rows = Enrollment.objects.select_related("line__region", "line__host", "line__playbook")
    return scope(actor, rows, member="member").order_by("-id")


def people(actor: Actor) -> Q | None:
    """Whom staff of a region may look at, as a condition on members: who has or had a seat in one
    of the region's lines, hosts one, or brings people into one. None for who may look at all.
    """
    if actor.region is None:
        return None
    of = lines(actor).order_by().values("id")
    found = Q(pk__in=Enrollment.objects.filter(line__in=of).values("member_id"))
    found |= Q(pk__in=Invitation.objects.filter(line__in=of).values("inviter_id"))
    return found | Q(pk__in=lines(actor).order_by().values("host_id"))


def regions_of(member_id: int) -> set[int]:
    """The regions a member has to do with: of the lines they have or had a seat in, or host."""
    theirs = Q(enrollments__member=member_id) | Q(host=member_id)
    return set(Line.objects.filter(theirs).values_list("region_id", flat=True))


def known(member_ids: Collection[int]) -> set[int]:
    """Those of these members who were ever in a line, host one or bring people into one."""
    seats = Enrollment.objects.filter(member__in=member_ids).values_list("member_id", flat=True)
    hosts = Line.objects.filter(host__in=member_ids).values_list("host_id", flat=True)
    bring = Invitation.objects.filter(inviter__in=member_ids).values_list("inviter_id", flat=True)
    return {*seats, *hosts, *bring}


def seats_of(actor: Actor, member_id: int) -> list[Enrollment]:
    """A member's enrollments in lines the actor runs or watches, the latest first."""
    rows = Enrollment.objects.filter(member=member_id, line__in=lines(actor).order_by())
    related = ("line__region", "line__host", "line__playbook", "inviter")
    return list(rows.select_related(*related).order_by("-id"))


def latest_of(member_ids: Iterable[int]) -> dict[int, Enrollment]:
    """Of each of these members the latest seat they asked for; who has none is left out."""
    rows = Enrollment.objects.filter(member_id__in=set(member_ids)).select_related("line")
    return {row.member_id: row for row in rows.order_by("id")}


def opt_ins_of(actor: Actor, member_id: int) -> dict[int, OptIn]:
    """By line the actor runs or watches: a member's answer to the call."""
    rows = OptIn.objects.filter(member=member_id, line__in=lines(actor).order_by())
    return {row.line_id: row for row in rows}


def seat(actor: Actor, line_id: int) -> Enrollment:
    """The acting member's enrollment in a line they have not left; refuses with NotInLine."""
    found = seats(actor).filter(line_id=line_id).exclude(state=EnrollmentState.LEFT).first()
    if found is None:
        raise NotInLine
    return found


def ways_in(actor: Actor) -> dict[int, int]:
    """By region: the latest line there in which the acting member is, or waits."""
    held = seats(actor).exclude(state=EnrollmentState.LEFT).order_by("id")
    return dict(held.values_list("line__region_id", "line_id"))


def in_region(region_id: int) -> QuerySet[Enrollment]:
    """Who is, or waits, in a line of a region: one row for each line they are in."""
    rows = Enrollment.objects.filter(line__region=region_id)
    return rows.exclude(state=EnrollmentState.LEFT)


def codes(line_ids: Iterable[int]) -> dict[int, str]:
    """What these lines are called."""
    return dict(Line.objects.filter(pk__in=set(line_ids)).values_list("id", "code"))


def place_in_queue(of: Enrollment) -> int:
    """Which place somebody has who waits for a seat, counted from 1 in the order people asked."""
    waiting = Enrollment.objects.filter(line_id=of.line_id, state=EnrollmentState.WAITING)
    before = Q(asked_at__lt=of.asked_at) | Q(asked_at=of.asked_at, id__lt=of.pk)
    return 1 + waiting.filter(before).count()


def way_back(of: Enrollment) -> Invitation | None:
    """The invitation by which somebody came, while the line still takes people in."""
    rows = Invitation.objects.filter(line_id=of.line_id, inviter_id=of.inviter_id)
    return rows.filter(line__phases__number=1, line__phases__closed_at=None).first()


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
    for phase in Phase.objects.filter(line_id__in=line_ids).order_by("line_id", "number"):
        found[phase.line_id].append(phase)
    return found


def phase_of(group_id: int) -> Phase | None:
    """The phase that lives in a group, with its line; None for a group of no line."""
    rows = Phase.objects.select_related("line__region", "line__host")
    return rows.filter(group_id=group_id).first()


def calendar(actor: Actor, line_id: int) -> list[Beat]:
    """All beats of a line in order."""
    of = Beat.objects.filter(line__in=lines(actor).filter(id=line_id))
    return list(of.select_related("phase", "line").order_by("due_at", "id"))


def beats_of_day(actor: Actor, line_id: int, day: int) -> list[Beat]:
    """The beats of one day of a line in order."""
    of = Beat.objects.filter(line__in=lines(actor).filter(id=line_id), day=day)
    return list(of.select_related("phase").order_by("due_at", "id"))


def waiting_for_host(actor: Actor, line_ids: Sequence[int]) -> list[Beat]:
    """Beats that wait for the host's hand, over those of these lines that go on, oldest first."""
    of = Beat.objects.filter(line__in=lines(actor).filter(id__in=line_ids, paused_at=None))
    planned = of.filter(by_host=True, state=BeatState.PLANNED)
    return list(planned.select_related("phase", "line").order_by("due_at", "id"))


def late(line_ids: Sequence[int], now: datetime) -> dict[int, list[Beat]]:
    """By line: planned beats that are overdue by more than a minute, and beats that failed.

    In a line that is paused nothing is late.
    """
    overdue = Q(state=BeatState.PLANNED, line__paused_at=None) | Q(state=BeatState.FAILED)
    rows = Beat.objects.filter(overdue, line_id__in=line_ids, due_at__lte=now)
    found: dict[int, list[Beat]] = {}
    for beat in rows.order_by("due_at"):
        late_by = rules.late_seconds(beat.due_at, now)
        if beat.state == BeatState.FAILED or late_by > rules.ON_TIME:
            found.setdefault(beat.line_id, []).append(beat)
    return found


def costly(line_ids: Sequence[int], after: datetime) -> list[Beat]:
    """Planned packets and openings of tasks due after a time, in order: what will cost money."""
    rows = Beat.objects.filter(
        line_id__in=line_ids,
        kind__in=["packet", "tasks"],
        state=BeatState.PLANNED,
        due_at__gt=after,
    )
    return list(rows.only("line_id", "kind", "due_at", "payload").order_by("due_at", "id"))


def calls_and_tasks(line_ids: Sequence[int]) -> list[Beat]:
    """The calls of these lines and their openings of tasks, whatever became of them."""
    rows = Beat.objects.filter(line_id__in=line_ids, kind__in=["call", "tasks"])
    return list(rows.only("line_id", "kind", "day", "payload"))


def called(line_ids: Sequence[int]) -> set[int]:
    """Those of these lines whose call was made."""
    rows = Beat.objects.filter(line_id__in=line_ids, kind="call", state=BeatState.DONE)
    return set(rows.values_list("line_id", flat=True))


def due_lines(now: datetime) -> list[int]:
    """The lines in which something is due, but for those that are paused.

    A card that waits for the host however late is no reason to look at a line: it may lie there for
    ever.
    """
    due = Beat.objects.filter(state=BeatState.PLANNED, due_at__lte=now, line__paused_at=None)
    lines = due.exclude(by_host=True, grace=None).values_list("line_id", flat=True)
    return sorted(set(lines))


def next_due(now: datetime) -> datetime | None:
    """When the next planned beat of any line that is not paused falls due."""
    planned = Beat.objects.filter(state=BeatState.PLANNED, by_host=False, due_at__gt=now)
    going_on = planned.filter(line__paused_at=None).order_by("due_at")
    return going_on.values_list("due_at", flat=True).first()


def beats(beat_ids: Iterable[int]) -> list[Beat]:
    """Beats by number with their phases, for the modules that do them."""
    return list(
        Beat.objects.filter(id__in=list(beat_ids)).select_related("phase", "line").order_by("id")
    )


def questions(line_ids: Sequence[int]) -> list[Beat]:
    """The questions that talks of these lines have asked, with the phases in whose groups."""
    rows = Beat.objects.filter(line_id__in=line_ids, kind="talk", done_at__isnull=False)
    return list(rows.filter(payload__question=True).select_related("phase"))


def opened_tasks(line_ids: Sequence[int]) -> dict[int, list[str]]:
    """The keys of the tasks that were opened so far, by line, in order."""
    rows = Beat.objects.filter(line_id__in=line_ids, kind="tasks", state=BeatState.DONE)
    opened: dict[int, list[str]] = {}
    for beat in rows.order_by("due_at", "id"):
        opened.setdefault(beat.line_id, []).extend(beat.payload["tasks"])
    return opened


def call_of(line_id: int) -> tuple[datetime, int] | None:
    """When the line's call was made and for how many seconds it is open; None before it."""
    call = (
        Beat.objects.filter(line_id=line_id, kind="call", state=BeatState.DONE)
        .order_by("done_at")
        .last()
    )
    if call is None or call.done_at is None:
        return None
    return call.done_at, int(call.payload["window"])


def second_calls(line_ids: Sequence[int]) -> dict[int, datetime]:
    """When each of these lines that called a second time did so."""
    calls = Beat.objects.filter(line_id__in=line_ids, kind="call", state=BeatState.DONE)
    rows = calls.order_by("done_at").values_list("line_id", "done_at")
    made: dict[int, list[datetime]] = {}
    for number, at in rows:
        if at is not None:
            made.setdefault(number, []).append(at)
    return {number: calls[1] for number, calls in made.items() if len(calls) > 1}


def enrollments(actor: Actor, line_id: int) -> QuerySet[Enrollment]:
    """Everybody who ever asked for a seat in the line."""
    of = Enrollment.objects.filter(line__in=lines(actor).filter(id=line_id))
    return of.select_related("member__city", "inviter").order_by("id")


def seated(line_id: int, members: Iterable[int] | None = None) -> list[int]:
    """Who has a seat now, of these members or of all."""
    rows = Enrollment.objects.filter(line_id=line_id, state=EnrollmentState.JOINED)
    if members is not None:
        rows = rows.filter(member_id__in=list(members))
    return list(rows.order_by("member_id").values_list("member_id", flat=True))


def spoken_to(line_id: int, today: date) -> set[int]:
    """Members with whom somebody had a word so lately that they are left in peace."""
    words = SpokenTo.objects.filter(line_id=line_id).values_list("member_id").annotate(Max("day"))
    return {member for member, day in words if rules.resting(day, today)}


def passed(line_id: int) -> list[int]:
    """Who opted in and still has a seat; where nobody is called, whoever has a seat."""
    seats = seats_that_go_on([line_id]).order_by("member_id")
    return list(seats.values_list("member_id", flat=True))


def passed_by_line(line_ids: Sequence[int]) -> dict[int, set[int]]:
    """`passed`, by line."""
    found: dict[int, set[int]] = {number: set() for number in line_ids}
    seats = seats_that_go_on(line_ids).values_list("line_id", "member_id")
    for number, member in seats:
        found[number].add(member)
    return found


def stayed_behind(line_id: int, now: datetime) -> list[int] | None:
    """Who has a seat and answered no call; None while one can still be answered."""
    call = call_of(line_id)
    closed = Phase.objects.filter(line_id=line_id, number=1, closed_at__isnull=False)
    if call is None or rules.call_open(*call, now) or not closed.exists():
        return None
    return sorted(set(seated(line_id)) - set(passed(line_id)))


def seats_that_go_on(line_ids: Sequence[int]) -> QuerySet[Enrollment]:
    """The seats of those who passed the screening, or of all in a line that screens nobody."""
    screening = Beat.objects.filter(line_id__in=line_ids, kind="call").values_list("line_id")
    answer = OptIn.objects.filter(line=OuterRef("line"), member=OuterRef("member"))
    seats = Enrollment.objects.filter(line_id__in=line_ids, state=EnrollmentState.JOINED)
    return seats.filter(Exists(answer) | ~Q(line_id__in=[number for (number,) in screening]))


def opt_ins(actor: Actor, line_id: int) -> QuerySet[OptIn]:
    """Who answered the call, how and when."""
    return OptIn.objects.filter(line__in=lines(actor).filter(id=line_id)).order_by("at", "id")


def own_opt_in(actor: Actor, line_id: int) -> OptIn | None:
    """The acting member's own answer to the call."""
    return OptIn.objects.filter(line_id=line_id, member_id=actor.id).first()


def head_counts(line_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """By line: how many joined (ever had a seat), are seated, wait, and opted in."""
    counts = {n: {"joined": 0, "seated": 0, "waiting": 0, "opted_in": 0} for n in line_ids}
    rows = Enrollment.objects.filter(line_id__in=line_ids).values_list("line_id", "state")
    for number, state, count, had_a_seat in rows.annotate(Count("id"), Count("joined_at")):
        counts[number]["joined"] += had_a_seat
        if state == EnrollmentState.WAITING:
            counts[number]["waiting"] += count
        if state == EnrollmentState.JOINED:
            counts[number]["seated"] += count
    for number, count in (
        OptIn.objects.filter(line_id__in=line_ids).values_list("line_id").annotate(Count("id"))
    ):
        counts[number]["opted_in"] = count
    return counts


def opted_in_since(line_ids: Sequence[int], since: datetime) -> dict[int, int]:
    """By line: how many people opted in at or after a time."""
    rows = OptIn.objects.filter(line_id__in=line_ids, at__gte=since)
    return dict(rows.values_list("line_id").annotate(Count("id")))


def passing_by_inviter(
    actor: Actor, line_id: int, since: datetime | None = None
) -> list[tuple[int | None, int, int]]:
    """(inviter, how many joined, how many of them opted in), the largest first.

    With ``since`` only who opted in from then on counts.
    """
    return _passing(actor, line_id, "inviter_id", since)


def passing_by_tier(
    actor: Actor, line_id: int, since: datetime | None = None
) -> list[tuple[int | None, int, int]]:
    """(city tier, how many joined, how many of them opted in), in the same way."""
    return _passing(actor, line_id, "tier", since)


def _passing(
    actor: Actor, line_id: int, by: str, since: datetime | None
) -> list[tuple[int | None, int, int]]:
    rows = enrollments(actor, line_id).exclude(joined_at=None).order_by()
    joined = dict(rows.values_list(by).annotate(Count("id")))
    answers = opt_ins(actor, line_id).order_by()
    chosen = (answers.filter(at__gte=since) if since else answers).values("member_id")
    passed_by = dict(rows.filter(member_id__in=chosen).values_list(by).annotate(Count("id")))
    order = sorted(joined, key=lambda k: (-joined[k], k is None, k or 0))
    return [(key, joined[key], passed_by.get(key, 0)) for key in order]


def passing(line_ids: Sequence[int]) -> dict[int, dict[int | None, tuple[int, int]]]:
    """By line and city tier: how many joined (ever had a seat), and how many of them opted in."""
    answer = OptIn.objects.filter(line=OuterRef("line"), member=OuterRef("member"))
    seats = Enrollment.objects.filter(line_id__in=line_ids).exclude(joined_at=None)
    joined = seats.values_list("line_id", "tier").annotate(Count("id"))
    passed = seats.filter(Exists(answer)).values_list("line_id", "tier").annotate(Count("id"))
    opted_in = {(number, tier): count for number, tier, count in passed}
    found: dict[int, dict[int | None, tuple[int, int]]] = {number: {} for number in line_ids}
    for number, tier, count in joined:
        found[number][tier] = (count, opted_in.get((number, tier), 0))
    return found


def inviters(line_ids: Sequence[int]) -> dict[int, int]:
    """By line: how many owners brought at least one person into it."""
    rows = Enrollment.objects.filter(line_id__in=line_ids).exclude(joined_at=None)
    return dict(rows.values_list("line_id").annotate(Count("inviter_id", distinct=True)))


def skipped(line_ids: Sequence[int]) -> dict[int, int]:
    """By line: how many beats were skipped, each counted once however many parts it has."""
    rows = Beat.objects.filter(line_id__in=line_ids, state=BeatState.SKIPPED)
    return dict(rows.values_list("line_id").annotate(Count("key", distinct=True)))


def beside(line_ids: Sequence[int], keys: Collection[str]) -> dict[int, int]:
    """By line: how many beats it has that are not among these keys of its playbook."""
    rows = Beat.objects.filter(line_id__in=line_ids).exclude(key__in=keys)
    return dict(rows.values_list("line_id").annotate(Count("key", distinct=True)))


def tiers_of(seats: Collection[tuple[int, int]]) -> dict[tuple[int, int], int | None]:
    """City tiers by (line, member), for those of these who are or were in the line."""
    rows = Enrollment.objects.filter(sql.among("member", {member for _, member in seats}))
    return {
        (number, member): tier
        for number, member, tier in rows.values_list("line_id", "member_id", "tier")
        if (number, member) in seats
    }


def invitations(actor: Actor, line_id: int) -> list[Invitation]:
    """The personal links of a line, one for each inviting owner."""
    of = Invitation.objects.filter(line__in=lines(actor).filter(id=line_id))
    return list(of.select_related("inviter").order_by("id"))


def invitation(invitation_id: int) -> Invitation:
    """An invitation by the number in its signed link."""
    return Invitation.objects.select_related("line__region", "line__host", "inviter").get(
        id=invitation_id
    )


def invitations_of(actor: Actor) -> list[Invitation]:
    """The acting member's own invitations into lines that still take people in."""
    rows = scope(actor, Invitation.objects.all(), member="inviter")
    open_ = rows.filter(line__phases__number=1, line__phases__closed_at=None)
    return list(open_.select_related("line").order_by("-id"))


def brought(of: Sequence[Invitation]) -> dict[int, int]:
    """How many people joined by each of these invitations."""
    rows = Enrollment.objects.exclude(joined_at=None).filter(
        line_id__in={i.line_id for i in of}, inviter_id__in={i.inviter_id for i in of}
    )
    counted = rows.values_list("line_id", "inviter_id").annotate(Count("id"))
    by_both = {(line, inviter): count for line, inviter, count in counted}
    return {i.pk: by_both.get((i.line_id, i.inviter_id), 0) for i in of}


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


def main_tiers(line_ids: Sequence[int]) -> dict[int, int]:
    """By line, the city tier most of those who joined come from; without any known it is left
    out."""
    rows = Enrollment.objects.filter(line_id__in=line_ids, tier__isnull=False)
    counted = rows.exclude(joined_at=None).values_list("line_id", "tier").annotate(Count("id"))
    return {line: tier for line, tier, _ in sorted(counted, key=lambda row: (row[2], -row[1]))}
