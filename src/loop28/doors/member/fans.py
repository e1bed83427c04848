"""My fans: who came by my links, what they do; and the ones I say are mine."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from loop28.doors import gate
from loop28.doors.member import frame, share
from loop28.front.groups import queries as groups
from loop28.front.referrals import disputes, queries
from loop28.front.referrals.models import REASON_LIMIT, Lock
from loop28.kernel import clock
from loop28.kernel.access import Actor, NotAllowed
from loop28.kernel.refusals import Refusal
from loop28.middle.orders import queries as orders

ROWS = 30
MISSED = 20
"""Fans of others who touched a link of mine: the latest are enough to find one again."""


@dataclass(frozen=True, slots=True)
class Row:
    """A fan: by which link, how many of the promoter's links they clicked, what they sold, and the
    day they last did anything, in a group or by a link.
    """

    lock: Lock
    title: str
    clicks: int
    last: datetime | None
    sold: int
    active: date | None


class ClaimForm(forms.Form):
    """Why somebody is one's fan."""

    reason = forms.CharField(
        label=gettext_lazy("Why is this fan yours?"),
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@gate.member_page
@require_GET
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Fans with what they do, people whom somebody else locked first, and one's own claims."""
    found = queries.fans(actor, actor.id)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    missed = list(disputes.unclaimed(actor)[:MISSED])
    context = {
        "page": page,
        "rows": rows(actor.id, list(page.object_list)),
        "joined": found.filter(fan__member__isnull=False).count(),
        "clicks": queries.clicks_in_all(actor),
        "missed": [(click, share.title(click.link)) for click in missed],
        "claims": disputes.disputes(actor).order_by("-id")[:MISSED],
        "form": ClaimForm(),
    }
    return frame.page(request, actor, "member/fans.html", context, tab="me")


def rows(promoter: int, locks: Sequence[Lock]) -> list[Row]:
    """A promoter's fans with what they do."""
    active = queries.activity(promoter, [lock.fan_id for lock in locks])
    people = [lock.fan.member_id for lock in locks if lock.fan.member_id]
    sold, in_groups = orders.counting(people), groups.last_days(people)
    found = []
    for lock in locks:
        clicks, last = active.get(lock.fan_id, (0, None))
        member = lock.fan.member_id or 0
        zone = ZoneInfo(lock.link.line.region.zone)
        days = [in_groups.get(member), clock.local_day(last, zone) if last else None]
        awake = max((day for day in days if day), default=None)
        title = share.title(lock.link)
        found.append(Row(lock, title, clicks, last, sold.get(member, 0), awake))
    return found


@gate.member_page
@require_POST
def claim(request: HttpRequest, actor: Actor, click_id: int) -> HttpResponse:
    """Say that who clicked is one's own fan."""
    if not disputes.claimable(actor).filter(pk=click_id).exists():
        raise Http404
    try:
        disputes.claim(actor, click_id, request.POST.get("reason", ""))
        notes.success(request, _("Said. A person of the region decides, and you read it here."))
    except NotAllowed:
        raise
    except Refusal as no:
        notes.error(request, str(no))
    return redirect("fans")
