"""What links and fans keep about a person: where they shared, who came, and disputes."""

from collections.abc import Collection, Iterable
from secrets import token_hex

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from loop28.front.referrals import disputes
from loop28.front.referrals.models import Dispute, Ended, Fan, Link, Lock
from loop28.kernel import journal, sql
from loop28.kernel.access import Actor, require
from loop28.kernel.privacy import COUNT, DECISION, LINE, REASON, TEXT, UNTIL, WHAT, WHEN, Topic


def about(actor: Actor, members: Collection[int]) -> list[Topic]:
    """Their links with the clicks on each, how they came themselves, their disputes."""
    links = Link.objects.filter(promoter__in=members).select_related("line").order_by("id")
    came = Lock.objects.filter(fan__member__in=members).select_related("promoter").order_by("id")
    asked = Dispute.objects.filter(claimant__in=members).order_by("id")
    return [
        Topic(
            "links",
            _("Links you shared"),
            [WHEN, LINE, WHAT, pgettext_lazy("data", "Place"), COUNT],
            [
                [
                    row.made_at,
                    row.line.code,
                    row.get_target_display(),
                    row.place,
                    row.clicks.count(),
                ]
                for row in links
            ],
        ),
        Topic(
            "fan-of",
            _("Whose fan you were"),
            [TEXT, WHEN, UNTIL],
            [[row.promoter.name, row.since, row.until] for row in came],
        ),
        Topic(
            "disputes",
            _("Fans you asked for"),
            [WHEN, REASON, DECISION, TEXT],
            [[row.at, row.reason, row.get_decision_display(), row.why] for row in asked],
        ),
    ]


@journal.action
def erase(actor: Actor, members: Collection[int]) -> None:
    """Their addresses lead nowhere any more and no phone is theirs; clicks stay counted.

    Their fans are free, and who brought whom stays known. Nobody decides any more about what they
    claimed, nor about claims to a fan of theirs.
    """
    require(actor)
    disputes.drop(Q(claimant__in=members) | Q(lock__promoter__in=members))
    _let_go(Lock.objects.filter(promoter__in=members, until__gt=journal.now()))
    links = Link.objects.filter(promoter__in=members).order_by("id")
    rows = [
        {"id": number, "token": token_hex(8), "place": f"#{number}"}
        for number in links.values_list("id", flat=True)
    ]
    sql.update(Link, rows)
    theirs = Fan.objects.filter(member__in=members)
    phones = Fan.objects.filter(same_as__member__in=members)
    for fans in (phones, theirs):
        fans.update(code=None)
    Dispute.objects.filter(claimant__in=members).update(reason="", why="")


def _let_go(locks: Iterable[Lock]) -> None:
    """No fact says so: a lock that was one goes on to count for what it was."""
    now = journal.now()
    rows = [
        {"id": lock.pk, "until": max(lock.since, now), "ended": Ended.ERASED.value}
        for lock in locks
    ]
    sql.update(Lock, rows)
