"""Whose pictures somebody of the staff does not review: their own line's, and their relatives'."""

from collections.abc import Iterable

from django.db.models import Q

from loop28.front.evidence.models import Colleague
from loop28.front.lines import queries as lines
from loop28.front.lines import seats
from loop28.front.referrals import queries as referrals
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.middle.members import queries as members
from loop28.middle.members.models import Member


def colleague(user_id: int) -> Member | None:
    """Who this member of staff is among the members, as far as it is known."""
    row = Colleague.objects.filter(user=user_id).select_related("member").first()
    return row.member if row else None


def of_staff(member_ids: Iterable[int]) -> set[int]:
    """Those of these members who work for the company, as far as it is known."""
    rows = Colleague.objects.filter(member__in=list(member_ids))
    return set(rows.values_list("member_id", flat=True))


def relatives(user_id: int) -> Q:
    """As a condition on proofs: those of the lines this person hosts or sits in, of whom they
    brought and of who brought them, and their own.
    """
    me = colleague(user_id)
    if me is None:
        return Q(pk__in=[])
    mine = members.records(me.pk)
    people, of_lines = {*mine, *seats.tied_to(mine)}, set[int]()
    for number in mine:
        self = Actor(Role.MEMBER, number)
        of_lines |= set(seats.own(self).order_by().values_list("line_id", flat=True))
        of_lines |= set(lines.lines(self).order_by().values_list("id", flat=True))
        bringer = referrals.brought_by(SYSTEM, number)
        people |= {bringer.promoter_id} if bringer else set()
    for locks in referrals.brought(SYSTEM, mine).values():
        people |= {lock.fan.member_id for lock in locks if lock.fan.member_id}
    return Q(assignment__member__in=people) | Q(assignment__line__in=of_lines)
