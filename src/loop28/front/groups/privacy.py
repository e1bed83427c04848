"""What groups keep about a person: what they wrote, what they were told, and complaints."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from loop28.front.groups import actions, notices
from loop28.front.groups.models import (
    Complaint,
    Group,
    GroupKind,
    Hand,
    Membership,
    Message,
    MessageKind,
    Notice,
    Reason,
)
from loop28.kernel import journal
from loop28.kernel.access import Actor, require
from loop28.kernel.journal.models import Entry
from loop28.kernel.privacy import DECISION, GROUP, KIND, REASON, TEXT, UNTIL, WHEN, Topic

NO_NAME = "—"
_WITH_REASON = ["MessageTakenDown", "MemberMuted", "MemberRemoved", "MemberLetBack"]


def about(actor: Actor, members: Collection[int]) -> list[Topic]:
    """Their groups, their words, what was told to them, what they complained about.

    What others complained about them is left to the groups: it would say who did.
    """
    inside = Membership.objects.filter(member__in=members).select_related("group").order_by("id")
    wrote = Message.objects.filter(member__in=members).select_related("group").order_by("id")
    told = Notice.objects.filter(member__in=members).order_by("id")
    made = Complaint.objects.filter(by__in=members).select_related("group").order_by("id")
    return [
        Topic(
            "groups",
            _("Groups you were in"),
            [GROUP, WHEN, UNTIL, _("Why you could not write")],
            [[row.group.name, row.joined_at, row.left_at, row.mute_reason] for row in inside],
        ),
        Topic(
            "messages",
            _("What you wrote in groups"),
            [WHEN, GROUP, TEXT],
            [[row.at, row.group.name, row.text] for row in wrote],
        ),
        Topic(
            "notices",
            _("What was told only to you"),
            [WHEN, TEXT],
            [[row.sent_at or row.planned_at, row.text] for row in told],
        ),
        Topic(
            "complaints",
            _("What you reported"),
            [WHEN, GROUP, KIND, TEXT, DECISION, REASON],
            [
                [
                    row.at,
                    row.group.name,
                    row.get_cause_display(),
                    row.words,
                    row.get_decision_display(),
                    row.reason,
                ]
                for row in made
            ],
        ),
    ]


@journal.action
def erase(actor: Actor, members: Collection[int]) -> None:
    """Their words go, and those about them; that something was said, and when, is counted on.

    They leave every group they are in; one they built themselves keeps no name.
    """
    require(actor)
    Group.objects.filter(host__in=members, kind=GroupKind.OWN).update(name=NO_NAME)
    wrote = Message.objects.filter(member__in=members, kind=MessageKind.TEXT).exclude(text="")
    seen = Q(memberships__member__in=members) | Q(messages__member__in=members)
    groups = sorted(set(Group.objects.filter(seen | Q(host__in=members)).values_list("id")))
    shown = Group.objects.select_for_update(no_key=True).filter(id__in=[g for (g,) in groups])
    versions = dict(shown.order_by("id").values_list("id", "version"))
    Group.objects.filter(id__in=versions).update(version=F("version") + 1)
    for group, version in versions.items():
        wrote.filter(group=group).update(text="", taken_down=Hand.WRITER, changed_in=version + 1)
        actions.leave(actor, group, sorted(members))
    Message.objects.filter(member__in=members).update(text="")
    Membership.objects.filter(member__in=members).update(mute_reason="")
    notices.drop(members)
    Notice.objects.filter(member__in=members).update(text="")
    _erase_complaints(members)


def _erase_complaints(members: Collection[int]) -> None:
    about = Complaint.objects.filter(Q(by__in=members) | Q(about__in=members))
    decided = Entry.objects.filter(
        kind="ComplaintDecided", data__complaint__in=list(about.values_list("id", flat=True))
    )
    moderated = Entry.objects.filter(member__in=members, kind__in=_WITH_REASON)
    facts = [*decided.values_list("data", flat=True), *moderated.values_list("data", flat=True)]
    Reason.objects.filter(id__in={fact["reason"] for fact in facts}).update(text="")
    about.update(words="", reason="")


@journal.action
def forget_messages(actor: Actor, before: datetime, *, dry_run: bool = False) -> int:
    """Empty what members wrote in groups before then; that they wrote stays counted."""
    require(actor)
    old = Message.objects.filter(at__lt=before, member__isnull=False).exclude(text="")
    return old.count() if dry_run else old.update(text="")


@journal.action
def forget_notices(actor: Actor, before: datetime, *, dry_run: bool = False) -> int:
    """Empty what was told to single people before then."""
    require(actor)
    old = Notice.objects.filter(planned_at__lt=before).exclude(text="")
    return old.count() if dry_run else old.update(text="")


@journal.action
def forget_complaints(actor: Actor, before: datetime, *, dry_run: bool = False) -> int:
    """Empty the words of complaints that were decided before then."""
    require(actor)
    old: QuerySet[Complaint] = Complaint.objects.filter(decided_at__lt=before)
    old = old.exclude(words="", reason="")
    return old.count() if dry_run else old.update(words="", reason="")
