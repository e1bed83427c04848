"""People who do tasks, sell and are complained of, and the level they have by it."""

from loop28.front.groups import actions as groups
from loop28.front.groups.chat import Incoming
from loop28.front.groups.models import Complaint, Message
from loop28.front.ladder import queries
from loop28.front.tasks import actions as tasks
from loop28.front.tasks.models import Assignment
from loop28.kernel import clock as clocks
from loop28.kernel.access import SYSTEM
from tests.front.tasks.kit import report, sale
from tests.line_kit import group, local

OVER = local(5, 21)


def does(line, members, number):
    """Each of these members does so many of the tasks that are open to them now."""
    for member in members:
        rows = Assignment.objects.filter(line=line, member_id=member, done_at=None)
        ids = [(row.pk, "test") for row in rows.order_by("id")[:number]]
        assert len(ids) == number
        tasks.complete(SYSTEM, ids)


def sells(*members, number=1):
    report(*(sale(member) for member in members for _ in range(number)))


def complain(line, about, by, decision):
    """What somebody wrote in the line's group was complained of, and that was decided."""
    said = Incoming("house", f"ad {about}", group(line, 2), about, "加我微信", clocks.now())
    groups.receive(SYSTEM, [said])
    Complaint.objects.create(
        key=f"about {about}",
        group_id=said.group,
        message=Message.objects.get(external_id=said.external_id),
        by_id=by,
        about_id=about,
        cause="ads",
        first="host",
        at=clocks.now(),
        decision=decision,
        decided_at=clocks.now(),
    )


def level(*members):
    found = queries.level(members)
    return [found.get(member) for member in members]
