"""A word to those who are stuck: once a spell, when the region's pace allows it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from loop28.front.groups import notices
from loop28.front.groups import queries as groups
from loop28.front.lines import queries as lines
from loop28.front.lines import seats
from loop28.front.lines.models import Line
from loop28.front.playbooks import queries as playbooks
from loop28.front.tasks import programme, queries
from loop28.front.tasks.facts import Nudged
from loop28.front.tasks.queries import Stuck
from loop28.kernel import clock, journal
from loop28.kernel.access import SYSTEM, Actor, require


@journal.action
def nudge(actor: Actor, line_id: int, reviewing: Collection[int]) -> int:
    """Tell everybody who is stuck and can still do a task which one waits; to how many it is new.

    What waits for a look at a picture (``reviewing``) makes nobody stuck and is not called open.
    Nobody twice in one spell: the notice's key names the instant it began. With whom the host spoke
    lately is left in peace, and so is everybody while the line stands still.
    """
    require(actor)
    line = lines.lines(SYSTEM).get(id=line_id)
    if line.paused_at is not None:
        return 0
    spoken = seats.spoken_to(line_id, clock.local_day(journal.now(), ZoneInfo(line.region.zone)))
    found = queries.stuck(SYSTEM, line_id, reviewing)
    stuck = [one for one in found if one.open and one.member not in spoken]
    tasks = waiting(line, [one.member for one in stuck], journal.now(), reviewing)
    if not tasks:
        return 0
    group = programme.groups_of_day([line], journal.now())[line_id]
    told = notices.tell(
        SYSTEM,
        [
            notices.Told(
                key(line_id, one),
                one.member,
                group,
                _words(line.playbook_id, tasks[one.member]),
            )
            for one in stuck
            if one.member in tasks
        ],
    )
    journal.record(*(Nudged(line=line_id, member=member) for member in sorted(told)))
    return len(told)


def waiting(
    line: Line, members: Iterable[int], now: datetime, reviewing: Collection[int]
) -> dict[int, str]:
    """By member, what the task is called that waits for them; who can do none is left out.

    Of several the one with most time left: nobody is sent to what closes this minute, nor to what
    waits for somebody else's look (``reviewing``).
    """
    open_ = sorted(queries.open_now(line.pk, members, now), key=lambda row: row.closes_at)
    names = {task.key: task.name for task in playbooks.playbook(line.playbook_id).tasks}
    return {row.member_id: names[row.task] for row in open_ if row.pk not in reviewing}


def key(line_id: int, one: Stuck) -> str:
    """Names one spell of being stuck."""
    return f"nudge:{line_id}:{one.member}:{one.since:%Y%m%d%H%M%S}"


def nudged(line_id: int, stuck: Iterable[Stuck]) -> dict[int, datetime]:
    """When those who are stuck got their word, by member; who has not got it yet is left out."""
    by_key = {key(line_id, one): one.member for one in stuck}
    return {by_key[name]: at for name, at in groups.sent(by_key).items()}


def _words(playbook: int, task: str) -> str:
    """What the playbook says, else our own words, in its language; with the task that waits."""
    plan = playbooks.playbook(playbook)
    with translation.override(plan.language):
        said = plan.nudge or _(
            "You have not done a task for two days. No hurry: one small step is enough, and your"
            " host is glad to help."
        )
        return _("%(words)s Still open: “%(task)s”.") % {"words": said, "task": task}
