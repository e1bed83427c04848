"""What can be known of members' own groups."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from loop28.front.clubs.models import Answer, Club, Lesson
from loop28.front.groups import queries as groups
from loop28.front.lines import lessons, seats
from loop28.front.playbooks.schema import Talk
from loop28.kernel.access import Actor, scope


def clubs(actor: Actor) -> QuerySet[Club]:
    """Those an actor owns, or that were opened in their region's lines; the newest first."""
    rows = Club.objects.select_related("group", "owner", "line__region").order_by("-id")
    return scope(actor, rows, region="line__region", member="owner")


def own(actor: Actor, club_id: int) -> Club:
    """A club of the acting member; raises Club.DoesNotExist for all others."""
    return scope(actor, Club.objects.select_related("group", "line__region"), member="owner").get(
        id=club_id
    )


def of_groups(group_ids: Iterable[int]) -> dict[int, Club]:
    """By chat group, the club that lives in it."""
    rows = Club.objects.filter(group_id__in=set(group_ids))
    return {row.group_id: row for row in rows.select_related("group", "owner", "line__region")}


def club(club_id: int) -> Club | None:
    """The club that a link leads into; whoever has the link may know it."""
    rows = Club.objects.select_related("group", "owner", "line__region")
    return rows.filter(pk=club_id).first()


def of_member(line_id: int, owner: int) -> Club | None:
    """The group a member opened in a line, the first of them."""
    rows = Club.objects.select_related("group", "owner", "line__region")
    return rows.filter(line=line_id, owner=owner).order_by("number").first()


def may_open(actor: Actor) -> list[int]:
    """The lines in which the acting member can open a group and has none yet, the latest first."""
    here = [s.line_id for s in seats.own(actor) if s.line.ended_at is None]
    passed = seats.passed_among(here, [actor.id])
    there = set(Club.objects.filter(owner=actor.id).values_list("line_id", flat=True))
    return [line for line in here if passed[line] and line not in there]


def names(club_ids: Iterable[int]) -> dict[int, str]:
    """What these groups are called."""
    return dict(Club.objects.filter(id__in=list(club_ids)).values_list("id", "group__name"))


@dataclass(frozen=True, slots=True)
class Offer:
    """A lesson the owner of a club has heard, and what came of it when they taught it."""

    talk: Talk
    lesson: Lesson | None
    answers: int


def to_teach(club: Club, now: datetime) -> list[Offer]:
    """The lessons that can be taught in a club by now, those that wait first, in their order."""
    answered = Count("answers", filter=~Q(answers__member=club.owner_id))
    rows = Lesson.objects.filter(club=club).annotate(people=answered)
    taught = {row.talk: row for row in rows}
    offers = [
        Offer(talk, row, row.people if row else 0)
        for talk in lessons.told(club.line, now)
        for row in [taught.get(talk.key)]
    ]
    return sorted(offers, key=lambda one: one.lesson is not None)


def lesson(actor: Actor, lesson_id: int) -> Lesson:
    """A lesson, for who is in its group; raises Lesson.DoesNotExist for all others."""
    rows = Lesson.objects.select_related("club__group", "club__owner", "club__line__region")
    return rows.get(id=lesson_id, club__group__in=groups.groups(actor))


def lessons_by_id(lesson_ids: Collection[int]) -> dict[int, Lesson]:
    """Lessons by number, for the messages that carry them."""
    return Lesson.objects.select_related("club__line").in_bulk(list(lesson_ids))


def topics(lesson_ids: Collection[int]) -> dict[int, str]:
    """What these lessons are about."""
    found = {}
    for number, row in lessons_by_id(lesson_ids).items():
        talk = lessons.lesson(row.club.line, row.talk)
        found[number] = talk.topic if talk else row.talk
    return found


def chosen(lesson_id: int) -> dict[int, int]:
    """By choice: how many people answered so."""
    rows = Answer.objects.filter(lesson=lesson_id).values_list("choice")
    return dict(rows.annotate(Count("id")))


def own_answer(actor: Actor, lesson_id: int) -> Answer | None:
    """What the acting member answered."""
    return Answer.objects.filter(lesson=lesson_id, member=actor.id).first()


def taught(club_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """By club: how many lessons were taught in it, and how many answers they brought."""
    rows = Lesson.objects.filter(club__in=club_ids).values_list("club")
    counted = rows.annotate(Count("id", distinct=True), Count("answers"))
    return {club: (lessons, answers) for club, lessons, answers in counted}
