"""What a member can share of their lines, and the link they get for it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from loop28.front.clubs import queries as clubs
from loop28.front.clubs.models import Club
from loop28.front.groups import queries as groups
from loop28.front.groups.refusals import NotInGroup
from loop28.front.lines import lessons, seats
from loop28.front.lines import queries as lines
from loop28.front.lines.models import Line
from loop28.front.playbooks import queries as playbooks
from loop28.front.playbooks.schema import HotProduct, Talk
from loop28.front.referrals.facts import LinkMade
from loop28.front.referrals.models import PLACE_LIMIT, Link, Target
from loop28.front.referrals.refusals import NotShareable, TooManyLinks
from loop28.kernel import clock, journal, sql
from loop28.kernel.access import SYSTEM, Actor, Role, require
from loop28.kernel.text import clean_line

TOKEN_BYTES = 8
"""64 bits of chance are 11 characters: short on a poster, and beyond guessing at any door."""

MOST = 100
"""Links of a member in a line; more than anybody puts anywhere, fewer than fill a table."""


@dataclass(frozen=True, slots=True)
class Shareable:
    """A thing of a line that a member may share; ``talk`` is what `Link` says."""

    line: Line
    target: Target
    title: str
    talk: str = ""


@journal.action
def share(
    actor: Actor,
    line_id: int,
    target: str,
    talk: str = "",
    place: str = "",
    *,
    group: int | None = None,
) -> Link:
    """The acting member's link to a thing of their line, for one place; the same for the same.

    The place is a word of theirs, or a chat ``group`` they are in. Refuses with NotShareable,
    NotInGroup, TooManyLinks and TextTooLong.
    """
    require(actor, Role.MEMBER)
    if not any(
        (one.line.pk, one.target, one.talk) == (line_id, target, talk) for one in shareable(actor)
    ):
        raise NotShareable(field="target")
    mine = Link.objects.filter(promoter=actor.id, line=line_id)
    thing = {"target": str(target), "talk": talk}
    if group is None:
        where = clean_line(place, limit=PLACE_LIMIT, field="place", required=False)
    else:
        where = _place_of(actor, group, mine.filter(**thing))
    row = {"promoter": actor.id, "line": line_id, **thing, "place": where}
    if mine.count() >= MOST and not mine.filter(**row).exists():
        raise TooManyLinks(field="place", limit=MOST)
    fresh = {**row, "group": group, "token": secrets.token_urlsafe(TOKEN_BYTES)}
    fresh["made_at"] = journal.now()
    for (number,) in sql.insert(Link, [fresh], unique=tuple(row)):
        journal.record(LinkMade(line=line_id, member=actor.id, link=number, target=str(target)))
    return Link.objects.select_related("line__region", "promoter").get(**row)


def _place_of(actor: Actor, group_id: int, beside: QuerySet[Link]) -> str:
    """What a chat group is called as a place; its number tells it from others of that name."""
    found = groups.groups(actor).filter(id=group_id).first()
    if found is None:
        raise NotInGroup
    name = found.name[:PLACE_LIMIT]
    if beside.filter(place=name).exclude(group=group_id).exists():
        return f"{name[: PLACE_LIMIT - 20]} #{group_id}"
    return name


def shareable(actor: Actor) -> list[Shareable]:
    """What the acting member may share, of the latest line first.

    Into a line only who holds an invitation to it brings people, while it takes people in; its
    product and the lessons that were told are everybody's who is in it.
    """
    open_to = {invitation.line_id for invitation in seats.invitations_of(actor)}
    found: list[Shareable] = []
    for line in _lines(actor, open_to):
        if line.pk in open_to:
            found.append(Shareable(line, Target.LINE, line.code))
        found.append(Shareable(line, Target.PRODUCT, product(line).name))
        found += [
            Shareable(line, Target.GROUP, own.group.name, str(own.pk))
            for own in clubs.clubs(actor).filter(line=line.pk).order_by("number")
        ]
        found += [
            Shareable(line, Target.LESSON, talk.topic, talk.key)
            for talk in lessons.told(line, clock.now())
        ]
    return found


def _lines(actor: Actor, invited: set[int]) -> Sequence[Line]:
    seated = {seat.line_id for seat in seats.own(actor) if seat.state == "joined"}
    hosted = set(lines.lines(actor).values_list("pk", flat=True))
    of = lines.lines(SYSTEM).filter(pk__in=seated | hosted | invited, stopped_at=None)
    return list(of.order_by("-id"))


def product(line: Line) -> HotProduct:
    """The hot product of a line."""
    return playbooks.playbook(line.playbook_id).hot_product


def lesson(link: Link) -> Talk | None:
    """The talk a link leads to."""
    return lessons.lesson(link.line, link.talk)


def club(link: Link) -> Club | None:
    """The group of the promoter's own that a link leads into."""
    return clubs.club(int(link.talk))
