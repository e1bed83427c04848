from collections.abc import Sequence

from loop28.front.watch.models import Coloured
from loop28.kernel.journal import reacts_to
from loop28.middle.members.facts import MembersMerged


@reacts_to(MembersMerged)
def forget_the_lost(facts: Sequence[MembersMerged]) -> None:
    """A record that is nobody any more heads no chain; the next night measures the kept one's."""
    Coloured.objects.filter(member__in=[fact.lost for fact in facts]).delete()
