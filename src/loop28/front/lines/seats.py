"""What can be known of the seats of lines: who asked, joined, waits, opted in, was invited."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from loop28.front.lines import queries, rules, schedule
from loop28.front.lines.models import (
    Beat,
    Enrollment,
    EnrollmentState,
    Invitation,
    Line,
    OptIn,
    Phase,
    SpokenTo,
)
from loop28.front.lines.refusals import NotInLine
from loop28.kernel import sql
from loop28.kernel.access import Actor, scope
from loop28.kernel.prepared import prepared


def own(actor: Actor) -> QuerySet[Enrollment]:
    """The acting member's own enrollments, the latest first."""
    rows = Enrollment.objects.select_related("line__region", "line__host", "line__playbook")
    rows = rows.defer("line__playbook__source")
    return scope(actor, rows, member="member").order_by("-id")


def people(actor: Actor) -> Q | None:
    """Whom staff of a region may look at, as a condition on members: who has or had a seat in one
    of the region's lines, hosts one, or brings people into one. None for who may look at all.
    """
    if actor.region is None:
        return None
    of = queries.lines(actor).order_by().values("id")
    found = Q(pk__in=Enrollment.objects.filter(line__in=of).values("member_id"))
    found |= Q(pk__in=Invitation.objects.filter(line__in=of).values("inviter_id"))
    return found | Q(pk__in=queries.lines(actor).order_by().values("host_id"))


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


def tied_to(member_ids: Collection[int]) -> set[int]:
    """Who brought these members into lines, and whom they brought."""
    rows = Enrollment.objects.filter(inviter__isnull=False)
    came = rows.filter(inviter__in=member_ids).values_list("member_id", flat=True)
    return {*came, *rows.filter(member__in=member_ids).values_list("inviter_id", flat=True)}


def of_member(actor: Actor, member_id: int) -> list[Enrollment]:
    """A member's enrollments in lines the actor runs or watches, the latest first."""
    rows = Enrollment.objects.filter(member=member_id, line__in=queries.lines(actor).order_by())
    related = ("line__region", "line__host", "line__playbook", "inviter")
    told = rows.select_related(*related).defer("line__playbook__source")
    return list(told.order_by("-id"))


def latest_of(member_ids: Iterable[int]) -> dict[int, Enrollment]:
    """Of each of these members the latest seat they asked for; who has none is left out."""
    rows = Enrollment.objects.filter(member_id__in=set(member_ids)).select_related("line")
    return {row.member_id: row for row in rows.order_by("id")}


def who_brought_whom() -> list[tuple[int, int]]:
    """Everybody who came into a line by an invitation: the inviter, then the member."""
    rows = Enrollment.objects.filter(inviter__isnull=False)
    return list(rows.values_list("inviter", "member").distinct())


def came_by(actor: Actor, inviters: Iterable[int]) -> QuerySet[Enrollment]:
    """Seats to which these members brought people, in lines the actor sees, in their order."""
    rows = Enrollment.objects.filter(inviter__in=list(inviters)).select_related("member")
    return scope(actor, rows, region="line__region", host="line__host").order_by("asked_at", "id")


def opt_ins_of(actor: Actor, member_id: int) -> dict[int, OptIn]:
    """By line the actor runs or watches: a member's answer to the call."""
    rows = OptIn.objects.filter(member=member_id, line__in=queries.lines(actor).order_by())
    return {row.line_id: row for row in rows}


def seat(actor: Actor, line_id: int) -> Enrollment:
    """The acting member's enrollment in a line they have not left; refuses with NotInLine."""
    found = own(actor).filter(line_id=line_id).exclude(state=EnrollmentState.LEFT).first()
    if found is None:
        raise NotInLine
    return found


def not_left(pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those of these (line, member) pairs for whom `seat` would find one."""
    if not pairs:
        return set()
    return set(_not_left(pairs))


@prepared
def _not_left(pairs: Collection[tuple[int, int]]) -> QuerySet[Enrollment, tuple[int, int]]:
    rows = Enrollment.objects.exclude(state=EnrollmentState.LEFT)
    here = rows.filter(sql.Agreeing(("line_id", "member_id"), pairs))
    return here.values_list("line_id", "member_id")


def ways_in(actor: Actor) -> dict[int, int]:
    """By region: the latest line there in which the acting member is, or waits."""
    held = own(actor).exclude(state=EnrollmentState.LEFT).order_by("id")
    return dict(held.values_list("line__region_id", "line_id"))


def in_region(region_id: int) -> QuerySet[Enrollment]:
    """Who is, or waits, in a line of a region: one row for each line they are in."""
    rows = Enrollment.objects.filter(line__region=region_id)
    return rows.exclude(state=EnrollmentState.LEFT)


def place_in_queue(of: Enrollment) -> int:
    """Which place somebody has who waits for a seat, counted from 1 in the order people asked."""
    waiting = Enrollment.objects.filter(line_id=of.line_id, state=EnrollmentState.WAITING)
    before = Q(asked_at__lt=of.asked_at) | Q(asked_at=of.asked_at, id__lt=of.pk)
    return 1 + waiting.filter(before).count()


def way_back(of: Enrollment) -> Invitation | None:
    """The invitation by which somebody came, while the line still takes people in."""
    rows = Invitation.objects.filter(line_id=of.line_id, inviter_id=of.inviter_id)
    return rows.filter(line__phases__number=1, line__phases__closed_at=None).first()


def enrollments(actor: Actor, line_id: int) -> QuerySet[Enrollment]:
    """Everybody who ever asked for a seat in the line."""
    of = Enrollment.objects.filter(line__in=queries.lines(actor).filter(id=line_id))
    return of.select_related("member__city", "inviter").order_by("id")


def seated(line_id: int, members: Iterable[int] | None = None) -> list[int]:
    """Who has a seat now, of these members or of all."""
    rows = Enrollment.objects.filter(line_id=line_id, state=EnrollmentState.JOINED)
    if members is not None:
        rows = rows.filter(member_id__in=list(members))
    return list(rows.order_by("member_id").values_list("member_id", flat=True))


def had_a_seat(line_id: int, members: Iterable[int]) -> set[int]:
    """Who of these ever had a seat in the line."""
    rows = Enrollment.objects.filter(line_id=line_id, member_id__in=list(members))
    return set(rows.filter(joined_at__isnull=False).values_list("member_id", flat=True))


def spoken_to(line_id: int, today: date) -> set[int]:
    """Members with whom somebody had a word so lately that they are left in peace."""
    words = SpokenTo.objects.filter(line_id=line_id).values_list("member_id").annotate(Max("day"))
    return {member for member, day in words if rules.resting(day, today)}


def passed(line_id: int) -> list[int]:
    """Who opted in and still has a seat; where nobody is called, whoever has a seat."""
    seats = seats_that_go_on([line_id]).order_by("member_id")
    return list(seats.values_list("member_id", flat=True))


def passed_among(line_ids: Sequence[int], members: Iterable[int]) -> dict[int, set[int]]:
    """By line: which of these members `passed`."""
    found: dict[int, set[int]] = {number: set() for number in line_ids}
    seats = seats_that_go_on(line_ids).filter(sql.among("member", members))
    for number, member in seats.values_list("line_id", "member_id"):
        found[number].add(member)
    return found


def stayed_behind(line_id: int, now: datetime) -> list[int] | None:
    """Who has a seat and answered no call; None while one can still be answered."""
    call = schedule.call_of(line_id)
    closed = Phase.objects.filter(line_id=line_id, number=1, closed_at__isnull=False)
    if call is None or rules.call_open(*call, now) or not closed.exists():
        return None
    return sorted(set(seated(line_id)) - set(passed(line_id)))


def seats_that_go_on(line_ids: Sequence[int]) -> QuerySet[Enrollment]:
    """The seats of those who passed the screening, or of all in a line that screens nobody."""
    screened = Exists(Beat.objects.filter(line=OuterRef("line"), kind="call"))
    answered = Exists(OptIn.objects.filter(line=OuterRef("line"), member=OuterRef("member")))
    seats = Enrollment.objects.filter(sql.among("line", line_ids), state=EnrollmentState.JOINED)
    return seats.filter(answered | ~screened)


def opt_ins(actor: Actor, line_id: int) -> QuerySet[OptIn]:
    """Who answered the call, how and when."""
    return OptIn.objects.filter(line__in=queries.lines(actor).filter(id=line_id)).order_by(
        "at", "id"
    )


def own_opt_in(actor: Actor, line_id: int) -> OptIn | None:
    """The acting member's own answer to the call."""
    return OptIn.objects.filter(line_id=line_id, member_id=actor.id).first()


def head_counts(line_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """By line: how many joined (ever had a seat), are seated, wait, and opted in."""
    counts = {n: {"joined": 0, "seated": 0, "waiting": 0, "opted_in": 0} for n in line_ids}
    rows = Enrollment.objects.filter(line_id__in=line_ids).values_list("line_id", "state")
    for number, state, count, had_a_seat in rows.annotate(
        people=Count("*"), came=Count("joined_at")
    ):
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


def with_a_seat(line_ids: Sequence[int]) -> set[tuple[int, int]]:
    """(line, member) of everybody who has a seat in these lines now."""
    return _seats(Enrollment.objects.filter(line_id__in=line_ids, state=EnrollmentState.JOINED))


def who_joined(line_ids: Sequence[int]) -> set[tuple[int, int]]:
    """(line, member) of everybody who ever had a seat in them."""
    return _seats(Enrollment.objects.filter(line_id__in=line_ids, joined_at__isnull=False))


def who_wait(line_ids: Sequence[int]) -> set[tuple[int, int]]:
    """(line, member) of everybody who waits for a seat."""
    return _seats(Enrollment.objects.filter(line_id__in=line_ids, state=EnrollmentState.WAITING))


def who_opted_in(line_ids: Sequence[int], since: datetime | None = None) -> set[tuple[int, int]]:
    """(line, member) of everybody who answered the call of their line, at any time or since one."""
    rows = OptIn.objects.filter(line_id__in=line_ids)
    return _seats(rows.filter(at__gte=since) if since else rows)


def _seats(rows: QuerySet[Enrollment] | QuerySet[OptIn]) -> set[tuple[int, int]]:
    return set(rows.values_list("line_id", "member_id"))


def in_lines(line_ids: Sequence[int]) -> QuerySet[Enrollment]:
    """Everybody who ever asked for a seat in these lines."""
    return Enrollment.objects.filter(line_id__in=line_ids).order_by("line_id", "id")


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
    of = Invitation.objects.filter(line__in=queries.lines(actor).filter(id=line_id))
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


def main_tiers(line_ids: Sequence[int]) -> dict[int, int]:
    """By line, the city tier most of those who joined come from; without any known it is left
    out."""
    rows = Enrollment.objects.filter(line_id__in=line_ids, tier__isnull=False)
    counted = rows.exclude(joined_at=None).values_list("line_id", "tier").annotate(Count("id"))
    return {line: tier for line, tier, _ in sorted(counted, key=lambda row: (row[2], -row[1]))}
