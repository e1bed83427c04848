"""Standing groups in the console: open one, invite into it, its rhythm, its host, a word in it."""

from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from loop28.back.people import queries as people
from loop28.doors import gate
from loop28.doors.console import choosing, frame, roles
from loop28.doors.console.fields import KeyField
from loop28.front.circles import actions, queries, rules, weeks
from loop28.front.circles.actions import WORDS, Wish
from loop28.front.circles.models import Circle, WeekBeat
from loop28.front.groups.models import STANDING, GroupKind
from loop28.front.ladder import pool
from loop28.front.lines import queries as lines
from loop28.front.lines import seats
from loop28.front.lines.queries import Line
from loop28.front.playbooks import queries as playbooks
from loop28.kernel import clock
from loop28.kernel.access import Actor
from loop28.kernel.refusals import Refusal
from loop28.kernel.text import number_in

RECENT = timedelta(days=56)
"""Lines that began longer ago are no source of people any more."""


class OpenForm(forms.Form):
    """A standing group to be. Choices are what the actor may choose from."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of group"),
        choices=[(kind.value, kind.label) for kind in GroupKind if kind in STANDING],
    )
    region = forms.ChoiceField(label=gettext_lazy("Region"))
    name = forms.CharField(label=gettext_lazy("Name of the group"), max_length=60)
    topic = forms.CharField(
        label=gettext_lazy("Topic"),
        max_length=100,
        help_text=gettext_lazy("In a few words. Members read it in their invitation."),
    )
    host = forms.TypedChoiceField(
        label=pgettext_lazy("group", "Host"), coerce=int, widget=choosing.HostSelect
    )
    rhythm = forms.TypedChoiceField(label=gettext_lazy("Weekly playbook"), coerce=int)
    key = KeyField()

    def __init__(self, actor: Actor, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = {
            "region": [(r.pk, r.name) for r in people.regions(actor)],
            "rhythm": _rhythms(actor),
        }
        for name, chosen in choices.items():
            self.fields[name].choices = chosen  # type: ignore[attr-defined]
        choosing.offer(self, actor, "host", gettext_lazy("Choose who hosts it"))


def _rhythms(actor: Actor) -> list[tuple[int, str]]:
    return [(version.pk, str(version)) for version in playbooks.weekly_versions(actor)]


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(*roles.RUNNERS)
def open_circle(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Open a standing group in one form; the same form again is the same group."""
    if request.method == "POST":
        form = OpenForm(actor, request.POST)
        if form.is_valid():
            with frame.answered_by(form):
                circle = actions.open_circle(actor, _wish(form.cleaned_data))
                messages.success(request, _("«%(name)s» is open.") % {"name": circle})
                return redirect("group-health", circle.group_id)
    else:
        form = OpenForm(actor, initial={"region": frame.chosen_region(request, actor)})
    context = {
        "form": form,
        "no_rhythm": not _rhythms(actor),
        "no_host": not pool.steps(actor).exists(),
        "limits": [(GroupKind(kind).label, limit) for kind, limit in rules.LIMITS.items()],
    }
    status = frame.status_of(form)
    return frame.show(
        request, actor, "console/circle_open.html", context, here="groups-health", status=status
    )


def _wish(said: dict[str, Any]) -> Wish:
    return Wish(**said | {"kind": GroupKind(said["kind"]), "region": int(said["region"])})


def around(actor: Actor, circle: Circle, now: datetime) -> dict[str, Any]:
    """What the page of a group shows of a standing one besides its health."""
    today = clock.local_day(now, ZoneInfo(circle.group.zone))
    beats = queries.weeks(circle.pk, rules.monday(today))
    counts = queries.answers([circle.pk])[circle.pk]
    runs = actor.role in roles.RUNNERS
    return {
        "weeks": _weeks(circle, beats),
        "limit": rules.LIMITS[circle.group.kind],
        "answers": counts,
        "invited": sum(counts.values()),
        "say": SayForm(),
        "rhythms": _rhythms(actor),
        "hosts": _others(actor, circle) if runs else ([], False),
        "sources": _lines_that_called(actor, circle, now) if runs else [],
        "heads": len(_to_ask(actor, circle)) if runs else 0,
    }


def _others(actor: Actor, circle: Circle) -> tuple[list[choosing.Choice], bool]:
    """Whom the group may be given to, and whether there are more."""
    found, more = choosing.hosts(actor)
    return [choice for choice in found if choice[0] != circle.group.host_id], more


def _weeks(circle: Circle, beats: list[WeekBeat]) -> list[tuple[int, list[list[WeekBeat]]]]:
    """By number of the week its beats; those of a talk are one entry."""
    return [
        (
            rules.week_number(circle.first_week, week),
            [list(parts) for _key, parts in groupby(of_week, key=lambda beat: beat.key)],
        )
        for week, of_week in groupby(beats, key=lambda beat: beat.week)
    ]


def _lines_that_called(actor: Actor, circle: Circle, now: datetime) -> list[tuple[Line, int]]:
    """The region's lines of the last weeks whose call is over, with how many stayed behind."""
    since = (now - RECENT).date()
    rows = lines.lines(actor).filter(region=circle.group.region_id, start_day__gte=since)
    found = [
        (line, seats.stayed_behind(line.pk, now)) for line in rows.order_by("-start_day", "-id")
    ]
    return [(line, len(stayed)) for line, stayed in found if stayed]


def beside_line(actor: Actor, line: Line, now: datetime) -> dict[str, Any]:
    """For the page of a line: who stayed behind, who was asked where, and where they could be."""
    stayed = seats.stayed_behind(line.pk, now)
    if not stayed:
        return {"stayed": []}
    here = list(queries.circles(actor).filter(group__region=line.region_id))
    counts = queries.answers_of_line(line.pk)
    return {
        "stayed": stayed,
        "circles": [circle for circle in here if circle.group.kind == GroupKind.INTEREST],
        "asked": [(circle, counts[circle.pk]) for circle in here if circle.pk in counts],
    }


def _to_ask(actor: Actor, circle: Circle) -> list[int]:
    """Shop owners and supervisors of the actor's pool: whom a head-user group is for."""
    if circle.group.kind != GroupKind.HEAD:
        return []
    return [
        member
        for member in pool.steps(actor).values_list("member_id", flat=True)
        if member != circle.group.host_id
    ]


class SayForm(forms.Form):
    """Something to say in a group, in the host's voice."""

    text = forms.CharField(
        label=gettext_lazy("What to say"),
        max_length=WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    key = KeyField()


@require_POST
@gate.staff_page(*roles.RUNNERS)
def say(request: HttpRequest, actor: Actor, group_id: int) -> HttpResponse:
    """Say something in the host's voice."""
    circle = _circle_or_404(actor, group_id)
    form = SayForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was said: write up to 1,000 characters."))
    else:
        with frame.told(request, _("Said in the group.")):
            actions.say(actor, circle.pk, form.cleaned_data["text"], form.cleaned_data["key"])
    return _back(circle)


@require_POST
@gate.staff_page(*roles.RUNNERS)
def invite(request: HttpRequest, actor: Actor, group_id: int) -> HttpResponse:
    """Invite the head users, or those of a line who did not say 1."""
    circle = _circle_or_404(actor, group_id)
    line = number_in(request.POST.get("line"))
    if not line:
        _tell(request, actions.invite(actor, circle.pk, _to_ask(actor, circle)))
        return _back(circle)
    frame.line_or_404(actor, line)
    _invite_stayed(request, actor, circle, line)
    return _back(circle)


@require_POST
@gate.staff_page(*roles.RUNNERS)
def invite_from_line(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """From the page of a line: those who did not say 1, into the group that was chosen."""
    frame.line_or_404(actor, line_id)
    circle = _circle_or_404(actor, number_in(request.POST.get("group")))
    _invite_stayed(request, actor, circle, line_id)
    return redirect(f"{reverse('line', args=[line_id])}#stayed-behind")


def _invite_stayed(request: HttpRequest, actor: Actor, circle: Circle, line: int) -> None:
    try:
        _tell(request, actions.invite_stayed_behind(actor, circle.pk, line))
    except Refusal as no:
        messages.error(request, str(no))


def _tell(request: HttpRequest, asked: list[int]) -> None:
    words = ngettext(
        "%(count)s person was invited and decides on their phone.",
        "%(count)s people were invited and decide on their phones.",
        len(asked),
    ) % {"count": len(asked)}
    if asked:
        messages.success(request, words)
    else:
        messages.info(request, _("Nobody new: all of them were asked already, or are in."))


@require_POST
@gate.staff_page(*roles.RUNNERS)
def change_host(request: HttpRequest, actor: Actor, group_id: int) -> HttpResponse:
    """Give the group to another host of the actor's pool."""
    circle, host = _circle_or_404(actor, group_id), number_in(request.POST.get("host"))
    if pool.host(actor, host) is None:
        raise Http404
    with frame.told(request, _("The group has another host now.")):
        actions.change_host(actor, circle.pk, host)
    return _back(circle)


@require_POST
@gate.staff_page(*roles.RUNNERS)
def change_rhythm(request: HttpRequest, actor: Actor, group_id: int) -> HttpResponse:
    """Let the group live by another weekly playbook from now on."""
    circle = _circle_or_404(actor, group_id)
    with frame.told(request, _("From now on the group lives by this weekly playbook.")):
        actions.change_rhythm(actor, circle.pk, number_in(request.POST.get("rhythm")))
    return _back(circle)


@require_POST
@gate.staff_page(*roles.RUNNERS)
def do_beat(request: HttpRequest, actor: Actor, group_id: int, beat_id: int) -> HttpResponse:
    """Send a card that waits for the host's hand."""
    circle = _circle_or_404(actor, group_id)
    if beat_id not in {beat.pk for beat in queries.weeks(circle.pk, circle.first_week)}:
        raise Http404
    with frame.told(request, _("Sent into the group.")):
        weeks.do_by_hand(actor, beat_id)
    return _back(circle)


def _circle_or_404(actor: Actor, group_id: int) -> Circle:
    found = queries.circles(actor).filter(group_id=group_id).first()
    if found is None:
        raise Http404
    return found


def _back(circle: Circle) -> HttpResponse:
    return redirect("group-health", circle.group_id)
