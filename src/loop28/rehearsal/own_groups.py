"""Members of a rehearsed line who build a group and teach in it; neighbours of theirs come."""

from collections.abc import Iterable

from loop28.front.clubs import actions as clubs
from loop28.front.clubs import queries
from loop28.front.clubs.models import Club
from loop28.front.groups import queries as groups
from loop28.front.tasks.models import Assignment
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.middle.members import actions as member_actions
from loop28.middle.members import queries as members
from loop28.middle.members.actions import NewMember

BUILDING, TEACHING = "build_group", "teach_lesson"
NAME = "{}的院子"
NEIGHBOUR = "邻居{}"


def live(doing: Iterable[Assignment], neighbours: list[int]) -> list[Assignment]:
    """Build and teach, with ``neighbours``, to whom new ones are added where they are too few; the
    assignments that are something else.
    """
    rest = []
    for assignment in doing:
        if assignment.kind == BUILDING and assignment.fact:
            _ask(_own(assignment), neighbours, assignment.bar)
        elif assignment.kind == TEACHING and assignment.fact:
            _teach(_own(assignment), neighbours, assignment.bar)
        else:
            rest.append(assignment)
    return rest


def _own(assignment: Assignment) -> Club:
    owner = assignment.member_id
    name = NAME.format(members.names([owner])[owner][:20])
    return clubs.open_club(Actor(Role.MEMBER, owner), assignment.line_id, name)


def _ask(club: Club, neighbours: list[int], people: int) -> list[int]:
    """The first so many neighbours come, who may be in other groups, too."""
    missing = range(len(neighbours), people)
    neighbours += member_actions.register_many(
        SYSTEM, [NewMember(name=NEIGHBOUR.format(n + 1), adult=True, consent=True) for n in missing]
    )
    clubs.come_in(SYSTEM, club.pk, neighbours[:people])
    return neighbours[:people]


def _teach(club: Club, neighbours: list[int], people: int) -> None:
    """Teach what was not taught yet, and some answer."""
    owner = Actor(Role.MEMBER, club.owner_id)
    offers = queries.to_teach(club, clock.now())
    if not offers:
        return
    lesson = clubs.teach(owner, club.pk, offers[0].talk.key)
    asked = _ask(club, neighbours, people)
    for member in sorted(groups.present(club.group_id, asked)):
        clubs.answer(Actor(Role.MEMBER, member), lesson.pk, 1)
