"""What members' own groups keep about a person: those they built, where they answered what."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from loop28.front.clubs.models import Answer, Club
from loop28.kernel import journal
from loop28.kernel.access import Actor, require
from loop28.kernel.privacy import GROUP, WHEN, Row, Topic


def about(actor: Actor, members: Collection[int]) -> list[Topic]:
    """The groups they opened, and their answers to the questions of lessons."""
    built = Club.objects.filter(owner__in=members).select_related("group").order_by("id")
    said = Answer.objects.filter(member__in=members).select_related("lesson__club__group")
    groups: list[Row] = [[club.opened_at, club.group.name] for club in built]
    answers: list[Row] = [
        [one.at, one.lesson.club.group.name, str(one.choice)] for one in said.order_by("id")
    ]
    return [
        Topic("own-groups", _("Groups of your own"), [WHEN, GROUP], groups),
        Topic("lessons", _("Your answers in lessons"), [WHEN, GROUP, _("Choice")], answers),
    ]


@journal.action
def erase(actor: Actor, members: Collection[int]) -> None:
    """Nothing here has words: a name is emptied where the groups are, the rest is numbers."""
    require(actor)
