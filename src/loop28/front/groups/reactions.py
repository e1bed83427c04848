"""What groups hear: two records of one person are to become one."""

from collections.abc import Sequence

from loop28.front.groups import refusals
from loop28.front.groups.models import Group, Membership
from loop28.kernel.journal import reacts_to
from loop28.middle.members.facts import MembersMerged


@reacts_to(MembersMerged)
def keep_who_was_here(facts: Sequence[MembersMerged]) -> None:
    """What somebody wrote stays theirs, so a record that was in a group or hosts one stays."""
    lost = [fact.lost for fact in facts]
    hosts = Group.objects.filter(host__in=lost).exists()
    if hosts or Membership.objects.filter(member__in=lost).exists():
        raise refusals.GroupKnowsThem
