"""A standing group to test with, in a world with a movable clock."""

from uuid import UUID, uuid4

from loop28.front.circles import actions as circles
from loop28.front.circles.models import Circle, Invite
from loop28.front.groups.models import GroupKind
from loop28.front.playbooks import actions as playbooks
from loop28.front.playbooks.models import PlaybookVersion
from loop28.kernel.access import SYSTEM, Actor, Role
from tests.line_kit import people, region

WEEKLY = """\
weekly: 1
key: tea
name: 喝茶群的节奏
weeks: 2
beats:
  - {key: hello, day: 1, at: "09:00", kind: post, late: 6h, text: 早上好}
  - {key: first, week: 1, day: 3, at: "20:00", kind: question, late: skip, text: 绿茶还是红茶？}
  - {key: second, week: 2, day: 3, at: "20:00", kind: question, late: skip, text: 盖碗还是壶？}
  - {key: thanks, day: 7, at: "20:30", kind: post, by: host, late: 3h, text: 谢谢大家}
"""


def weekly(text: str = WEEKLY) -> PlaybookVersion:
    return playbooks.publish(SYSTEM, text)


def open_circle(
    *,
    code: str = "HD",
    kind: GroupKind = GroupKind.INTEREST,
    host: int | None = None,
    key: UUID | None = None,
) -> Circle:
    wish = circles.Wish(
        region=region(code).pk,
        kind=kind,
        name="喝茶群",
        topic="喝茶",
        host=host or people(1, "群主")[0],
        rhythm=weekly().pk,
        key=key or uuid4(),
    )
    return circles.open_circle(SYSTEM, wish)


def invite_of(circle: Circle, member: int) -> int:
    return Invite.objects.get(circle=circle, member_id=member).pk


def coming(circle: Circle, count: int) -> list[int]:
    """So many new people who were invited and said yes."""
    comers = people(count, "茶友")
    circles.invite(SYSTEM, circle.pk, comers)
    for comer in comers:
        circles.answer(Actor(Role.MEMBER, comer), invite_of(circle, comer), accepted=True)
    return comers
