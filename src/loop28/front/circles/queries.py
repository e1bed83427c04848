"""What can be known of standing groups."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Count, QuerySet

from loop28.front.circles import rules
from loop28.front.circles.models import Answer, Invite
from loop28.front.circles.models import Circle as Circle  # insight names what it gets from here
from loop28.front.circles.models import WeekBeat as WeekBeat
from loop28.front.groups import queries as groups
from loop28.front.lines.models import BeatState
from loop28.kernel.access import Actor, NotAllowed, Role, scope

AHEAD = timedelta(hours=12)
"""How long before it is due a host sees a card."""


def circles(actor: Actor) -> QuerySet[Circle]:
    """The standing groups an actor runs or watches: their region's for staff, hosts their own."""
    related = ("group__host", "group__region", "rhythm")
    rows = Circle.objects.select_related(*related).order_by("group__region_id", "id")
    return scope(actor, rows, region="group__region", host="group__host")


def circle(actor: Actor, circle_id: int) -> Circle:
    """One of them; raises Circle.DoesNotExist for others: nobody learns that they exist."""
    return circles(actor).get(id=circle_id)


def run_by(actor: Actor, circle_id: int) -> Circle:
    """The group, for who may change its course: its host, its region's manager, administrators.

    Refuses with NotAllowed who may only look.
    """
    found = circle(actor, circle_id)
    if actor.is_staff and actor.role not in {Role.ADMINISTRATOR, Role.REGION_MANAGER}:
        raise NotAllowed
    return found


def of_group(group_id: int) -> Circle | None:
    """The standing group that lives in a chat group; None for a line's."""
    return Circle.objects.select_related("group", "rhythm").filter(group_id=group_id).first()


def names(circle_ids: Iterable[int]) -> dict[int, str]:
    """What these groups are called."""
    return dict(Circle.objects.filter(id__in=list(circle_ids)).values_list("id", "group__name"))


def beats(beat_ids: Iterable[int]) -> list[WeekBeat]:
    """Beats by number."""
    return list(WeekBeat.objects.filter(id__in=list(beat_ids)).select_related("circle"))


def weeks(circle_id: int, since: date) -> list[WeekBeat]:
    """What a group did and will do in the weeks from this Monday on, in order."""
    rows = WeekBeat.objects.filter(circle_id=circle_id, week__gte=since)
    return list(rows.order_by("due_at", "id"))


def cards(actor: Actor, now: datetime) -> list[WeekBeat]:
    """What waits for the hand of the host who acts, or will today, the oldest first."""
    rows = WeekBeat.objects.filter(
        circle__in=circles(actor).order_by(),
        by_host=True,
        state=BeatState.PLANNED,
        due_at__lte=now + AHEAD,
    )
    return list(rows.select_related("circle__group").order_by("due_at", "id"))


def due_circles(now: datetime) -> list[int]:
    """The groups in which something is due; a card that may lie there for ever is no reason."""
    due = WeekBeat.objects.filter(state=BeatState.PLANNED, due_at__lte=now)
    found = due.exclude(by_host=True, grace=None).values_list("circle_id", flat=True)
    return sorted(set(found))


def next_due(now: datetime) -> datetime | None:
    """When the next planned beat of any group falls due."""
    return (
        WeekBeat.objects.filter(state=BeatState.PLANNED, by_host=False, due_at__gt=now)
        .order_by("due_at")
        .values_list("due_at", flat=True)
        .first()
    )


def open_invites(actor: Actor) -> list[Invite]:
    """The acting member's own invitations that wait for an answer, the latest first."""
    rows = scope(actor, Invite.objects.filter(answer=Answer.OPEN), member="member")
    return list(rows.select_related("circle__group__host").order_by("-id"))


def invites_of(member_id: int) -> int:
    """Into how many standing groups a member was asked."""
    return Invite.objects.filter(member=member_id).count()


def answers(circle_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """By group: how many of the invited said yes, no, or nothing yet."""
    found = {number: dict.fromkeys(Answer.values, 0) for number in circle_ids}
    rows = Invite.objects.filter(circle_id__in=circle_ids).values_list("circle_id", "answer")
    for number, answer, count in rows.annotate(Count("id")):
        found[number][answer] = count
    return found


def asked(group_id: int, answer: str = "") -> list[int]:
    """Who was invited into a standing group, the latest first; of one answer, or all."""
    rows = Invite.objects.filter(circle__group=group_id).order_by("-id")
    if answer:
        rows = rows.filter(answer=answer)
    return list(rows.values_list("member_id", flat=True))


def answers_of_line(line_id: int) -> dict[int, dict[str, int]]:
    """The same for those who were invited out of a line, by the group they were invited to."""
    found: dict[int, dict[str, int]] = {}
    rows = Invite.objects.filter(line_id=line_id).values_list("circle_id", "answer")
    for number, answer, count in rows.annotate(Count("id")):
        found.setdefault(number, dict.fromkeys(Answer.values, 0))[answer] = count
    return found


def free(of: Circle) -> int:
    """How many people the group still takes."""
    return max(
        0, rules.LIMITS[of.group.kind] - groups.head_counts([of.group_id]).get(of.group_id, 0)
    )
