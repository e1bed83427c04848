"""Hosts and promotion: who may run a line, who is proposed, the first hosts of all."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from loop28.back.people import queries as people
from loop28.doors import gate
from loop28.doors.console import frame, menu, roles
from loop28.doors.console.fields import KeyField, ReasonForm
from loop28.front.ladder import actions, pool, queries, rules, standing
from loop28.front.ladder.models import Level, Offer, OfferState, Promotion
from loop28.front.ladder.pool import Host
from loop28.front.ladder.rules import Numbers
from loop28.front.lines import queries as lines
from loop28.front.lines import seats
from loop28.insight.metrics import hosting
from loop28.kernel import clock, journal
from loop28.kernel.access import Actor
from loop28.middle.members import actions as members
from loop28.middle.members import queries as member_queries

LATELY = timedelta(days=14)
"""So long an offer that came to nothing stays in sight."""


@dataclass(frozen=True, slots=True)
class Known:
    """A host of the pool with what they have run so far."""

    host: Host
    running: int
    over: int

    @property
    def level(self) -> str:
        return str(Level(self.host.level).label)


@require_safe
@gate.staff_page()
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The pool of people who may host, and the proposals that wait."""
    page = frame.paged(request, pool.find(actor, request.GET.get("q", "")))
    shown: Any = page.object_list
    context = {
        "page": page,
        "rows": _known(actor, pool.told(shown)),
        "q": request.GET.get("q", "")[:60],
        "pool_size": pool.steps(actor).count(),
        "offers": _offers(actor),
        "proposals": _proposals(actor),
        "demotions": queries.proposed_demotions(actor),
        "appeals": queries.open_appeals(actor).count(),
        "reason_form": ReasonForm(),
        "may_decide": actor.role in roles.RUNNERS,
    }
    return frame.show(request, actor, "console/hosts.html", context, here="hosts")


def _proposals(actor: Actor) -> list[tuple[Promotion, Numbers | None]]:
    """What waits, and the numbers of now where they no longer reach what they did."""
    found = list(queries.proposals(actor))
    now = standing.of_steps(found)
    return [
        (step, did if did and rules.undone(step.numbers, did) else None)
        for step in found
        for did in [now.get(step.pk)]
    ]


def _offers(actor: Actor) -> list[Offer]:
    """Offers that are still of interest: unanswered, accepted and not open, ended in these days."""
    lately = Q(ended_at__gte=clock.now() - LATELY)
    wanted = Q(state=OfferState.OPEN) | Q(state=OfferState.ACCEPTED, line=None) | lately
    found = list(queries.offers(actor).filter(wanted))
    return sorted(found, key=lambda offer: (offer.state != OfferState.ACCEPTED, offer.start_day))


def _known(actor: Actor, hosts: list[Host]) -> list[Known]:
    hosted = lines.hosted(actor, [host.member for host in hosts])
    return [Known(host, *hosted.get(host.member, (0, 0))) for host in hosts]


class AppointForm(forms.Form):
    """A person who may host from now on, and why."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=40)
    city = forms.ChoiceField(label=gettext_lazy("City"), required=False)
    level = forms.ChoiceField(label=gettext_lazy("Level"), choices=Level.choices)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("Why they may host without having finished a line."),
    )
    adult = forms.BooleanField(label=gettext_lazy("They said that they are of age"))
    consent = forms.BooleanField(
        label=gettext_lazy("They read the text on data protection and agreed")
    )
    key = KeyField()

    def __init__(self, actor: Actor, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        city = self.fields["city"]
        if isinstance(city, forms.ChoiceField):
            found = [(c.pk, c.name) for c in people.cities(actor, actor.region)]
            city.choices = [("", gettext_lazy("not named")), *found]


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(*roles.RUNNERS)
def appoint(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Register a person and let them host; then their personal link is shown."""
    if request.method == "POST":
        form = AppointForm(actor, request.POST)
        if form.is_valid():
            with frame.answered_by(form):
                promotion = _appoint(actor, form.cleaned_data)
                messages.success(request, _("%(name)s may host lines now.") % form.cleaned_data)
                return redirect("host", promotion.member_id)
    else:
        form = AppointForm(actor)
    status = frame.status_of(form)
    return frame.show(
        request, actor, "console/appoint.html", {"form": form}, here="hosts", status=status
    )


@journal.action
def _appoint(actor: Actor, wish: dict[str, Any]) -> Promotion:
    """Both or neither: a person who was registered but refused as a host would be lost."""
    member = members.register(
        actor,
        wish["name"],
        adult=wish["adult"],
        consent=wish["consent"],
        city_id=int(wish["city"]) if wish["city"] else None,
        key=wish["key"],
    )
    return actions.appoint(actor, member.pk, wish["level"], wish["reason"])


@require_safe
@gate.staff_page(*roles.RUNNERS)
def show(request: HttpRequest, actor: Actor, member_id: int) -> HttpResponse:
    """A host of the actor's pool: their lines, their steps up, and their personal link."""
    found = pool.host(actor, member_id)
    if found is None:
        raise Http404
    people = partial(menu.address, "line-people", None, host=str(member_id))
    context = {
        "host": found,
        "level": Level(found.level).label,
        "member": member_queries.get(actor, member_id),
        "link": gate.personal_link(member_id) if may_hand_out(actor, member_id) else "",
        "record": hosting.record(actor, member_id, clock.now()),
        "passed_url": people(called="1", show="opted-in"),
        "owners_url": people(show="owners"),
        "complaints_url": menu.address("league-complaints", None, about=str(member_id)),
        "offers": queries.offers(actor).filter(host=member_id),
        "reason_form": ReasonForm(),
        "steps": queries.of_member(actor, member_id),
        "may_demote": may_demote(actor, member_id),
    }
    return frame.show(request, actor, "console/host.html", context, here="hosts")


def may_demote(actor: Actor, member_id: int) -> set[int]:
    """The step up that gives a member their level, if it is this actor's to take back."""
    if actor.role not in roles.RUNNERS:
        return set()
    highest = queries.highest_steps([member_id]).get(member_id, 0)
    return set(queries.steps_seen_by(actor).filter(pk=highest).values_list("id", flat=True))


def may_hand_out(actor: Actor, member_id: int) -> bool:
    """Whoever has a personal link sees what its member sees: the actor must see all of that, too.

    A host of the pool may run a line of another region, or sit in one.
    """
    return actor.region is None or seats.regions_of(member_id) <= {actor.region}


@require_POST
@gate.staff_page(*roles.RUNNERS)
def decide(request: HttpRequest, actor: Actor, promotion_id: int) -> HttpResponse:
    """Approve a proposal, or decline it with a reason."""
    approve = "approve" in request.POST
    done = _("The proposal was approved.") if approve else _("The proposal was declined.")
    with frame.told(request, done):
        try:
            actions.decide(actor, promotion_id, approve, request.POST.get("reason", ""))
        except Promotion.DoesNotExist:
            raise Http404 from None
    return redirect("hosts")
