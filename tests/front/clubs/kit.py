"""Members' own groups to test with."""

from loop28.front.clubs import actions
from loop28.front.clubs.models import Club, Lesson
from loop28.front.lines.models import Line, OptIn
from loop28.front.tasks import actions as tasks
from loop28.front.tasks.rules import Opening
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from tests.front.tasks import kit
from tests.line_kit import local, people, seated

BUILD = "kind: post_moment", "kind: build_group\n    target: 3"
TEACH = "kind: tick\n", "kind: teach_lesson\n    target: 2\n"
HONOUR = 'money: "2.00"', "badge: 小老师"


def building_line() -> Line:
    """A line whose members build a group of three and teach two people."""
    line = kit.open_line(BUILD, TEACH, HONOUR)
    clock.move_to(local(1, 21))
    return line


def learning(line: Line) -> int:
    """Somebody who passed the screening, as if it were over, with both tasks open."""
    (member,) = seated(line, 1)
    OptIn.objects.create(line=line, member_id=member, via="button", at=clock.now())
    given = [Opening("post-moment"), Opening("own-words")]
    tasks.open_tasks(SYSTEM, line.pk, given, [member])
    return member


def opened(line: Line, owner: int, name: str = "三楼的邻居") -> Club:
    return actions.open_club(kit.own(owner), line.pk, name)


def come(club: Club, *comers: int, staff: tuple[int, ...] = ()) -> None:
    actions.come_in(SYSTEM, club.pk, comers, staff=staff)


def guests(club: Club, count: int) -> list[int]:
    """So many new people in the group."""
    comers = people(count, "邻居")
    come(club, *comers)
    return comers


def taught(club: Club, talk: str = "d1-talk") -> Lesson:
    return actions.teach(kit.own(club.owner_id), club.pk, talk)


def stand(club: Club, task: str) -> tuple[int, bool]:
    """How far the owner's task is, and whether it is done."""
    row = kit.assignment(club.line, club.owner_id, task)
    return row.progress, row.done_at is not None
