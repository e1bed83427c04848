"""What groups hear: two records of one person are to become one."""

from collections.abc import Sequence

from loop28.front.groups import refusals
from loop28.front.groups.models import Membership
from loop28.kernel.journal import reacts_to
from loop28.middle.members.facts import MembersMerged


@reacts_to(MembersMerged)
def keep_who_was_here(facts: Sequence[MembersMerged]) -> None:
    """What somebody wrote stays theirs, so a record that was in a group does not go."""
    if Membership.objects.filter(member__in=[fact.lost for fact in facts]).exists():
        raise refusals.GroupKnowsThem
