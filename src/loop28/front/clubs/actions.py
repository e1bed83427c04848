"""What can be done in a member's own group: open it, come in, leave, teach, answer."""

from collections.abc import Collection, Sequence

from loop28.front.clubs import queries, refusals, rules
from loop28.front.clubs.facts import ClubOpened, LessonAnswered, LessonTaught
from loop28.front.clubs.models import Answer, Club, Guest, Lesson
from loop28.front.groups import actions as groups
from loop28.front.groups import queries as group_queries
from loop28.front.groups import words
from loop28.front.groups.chat import Outbound
from loop28.front.groups.models import GroupKind, MessageKind
from loop28.front.groups.refusals import NotInGroup
from loop28.front.lines import lessons, seats
from loop28.kernel import journal, sql
from loop28.kernel.access import Actor, Role, require
from loop28.kernel.text import clean_line
from loop28.middle.members import actions as member_actions
from loop28.middle.members import queries as members
from loop28.middle.members.actions import NewMember
from loop28.middle.members.refusals import ConsentMissing

NAME_LIMIT = 30


@journal.action
def open_club(actor: Actor, line_id: int, name: str) -> Club:
    """The acting member opens a group of their own in the house chat; again it is the same one.

    Refuses with NoClubYet, ConsentMissing, TextMissing, TextTooLong, WordBlocked, LinkBlocked.
    """
    require(actor, Role.MEMBER)
    if known := queries.of_member(line_id, actor.id):
        return known
    seat = next((s for s in seats.own(actor) if s.line_id == line_id), None)
    if seat is None or line_id not in queries.may_open(actor):
        raise refusals.NoClubYet
    if not members.consenting([actor.id]):
        raise ConsentMissing
    title = clean_line(name, limit=NAME_LIMIT, field="name")
    words.refuse(GroupKind.OWN, title, field="name")
    region = seat.line.region
    group = groups.open_group(
        actor, name=title, host=actor.id, region=region.pk, zone=region.zone, kind=GroupKind.OWN
    )
    club = Club.objects.create(
        line_id=line_id, owner_id=actor.id, group=group, opened_at=journal.now()
    )
    journal.record(ClubOpened(line=line_id, member=actor.id, club=club.pk, group=group.pk))
    return club


@journal.action
def come_in(
    actor: Actor, club_id: int, comers: Sequence[int], *, staff: Collection[int] = ()
) -> None:
    """Bring members into a club who were asked and said yes; those who are in stay as they are.

    Of these ``staff`` works for the company, which the caller knows: they come in and do not count.
    Nor do those who had a seat in its line before: fellows fill no groups for each other.
    Refuses with ConsentMissing, NotLetIn, ClubFull.
    """
    require(actor)
    # Locked: two who come to the last seat come one after the other.
    club = Club.objects.select_for_update(no_key=True, of=("self",)).get(id=club_id)
    new = sorted(set(comers) - group_queries.present(club.group_id, comers))
    if len(members.consenting(new)) < len(new):
        raise ConsentMissing
    inside = group_queries.head_counts([club.group_id]).get(club.group_id, 0)
    if inside + len(new) > rules.MOST:
        raise refusals.ClubFull(limit=rules.MOST, owner=club.owner.name)
    known = seats.had_a_seat(club.line_id, new) | set(staff)
    rows = [
        {"club_id": club_id, "member_id": member, "stay": 0, "counts": member not in known}
        for member in new
        if member != club.owner_id
    ]
    sql.insert(Guest, rows, unique=("club", "member"), returning=())
    groups.join(actor, club.group_id, new)
    if len(group_queries.present(club.group_id, new)) < len(new):
        raise refusals.NotLetIn


@journal.action
def welcome(actor: Actor, club_id: int, people: Sequence[NewMember]) -> list[int]:
    """Register strangers and bring them into a club; who they are. Refuses as `come_in` does."""
    known = member_actions.register_many(actor, people)
    come_in(actor, club_id, known)
    return known


@journal.action
def leave(actor: Actor, group_id: int) -> None:
    """The acting member leaves a club. Refuses with NotInGroup, OwnerStays."""
    club = queries.of_groups([group_id]).get(group_id)
    if club is None or not group_queries.present(group_id, [actor.id]):
        raise NotInGroup
    if club.owner_id == actor.id:
        raise refusals.OwnerStays
    groups.leave(actor, group_id, [actor.id])


@journal.action
def teach(actor: Actor, club_id: int, talk: str) -> Lesson:
    """The owner posts a lesson into their club, once; again it is the one that is there.

    Raises Club.DoesNotExist. Refuses with NoSuchLesson.
    """
    club = queries.own(actor, club_id)
    told = next((t for t in lessons.told(club.line, journal.now()) if t.key == talk), None)
    if told is None:
        raise refusals.NoSuchLesson(field="talk")
    row = {"club_id": club_id, "talk": talk, "at": journal.now()}
    for (number,) in sql.insert(Lesson, [row], unique=("club", "talk")):
        groups.send(actor, [_message(club, number, told.messages[0])])
        journal.record(
            LessonTaught(line=club.line_id, member=actor.id, club=club_id, lesson=number)
        )
    return Lesson.objects.get(club=club_id, talk=talk)


def _message(club: Club, lesson: int, text: str) -> Outbound:
    return Outbound(
        key=f"lesson:{lesson}",
        group=club.group_id,
        text=text,
        planned_at=journal.now(),
        as_host=True,
        kind=MessageKind.TALK.value,
        ref=lesson,
    )


@journal.action
def answer(actor: Actor, lesson_id: int, choice: int) -> Answer:
    """The acting member answers the question of a lesson; the first answer stands.

    Raises Lesson.DoesNotExist for who is not in its group. Refuses with OwnLesson, NoSuchChoice.
    """
    lesson = queries.lesson(actor, lesson_id)
    if lesson.club.owner_id == actor.id:
        raise refusals.OwnLesson
    talk = lessons.lesson(lesson.club.line, lesson.talk)
    if talk is None or not 1 <= choice <= len(talk.replies):
        raise refusals.NoSuchChoice(field="choice")
    row = {"lesson_id": lesson_id, "member_id": actor.id, "choice": choice, "at": journal.now()}
    guests = Guest.objects.filter(club=lesson.club_id, member=actor.id, counts=True)
    if sql.insert(Answer, [row], unique=("lesson", "member")) and guests.exists():
        groups.mark_active(actor, {lesson.club.group_id: [actor.id]})
        journal.record(
            LessonAnswered(
                line=lesson.club.line_id,
                owner=lesson.club.owner_id,
                club=lesson.club_id,
                lesson=lesson_id,
                member=actor.id,
            )
        )
    return Answer.objects.get(lesson=lesson_id, member=actor.id)
