"""All lines the regions owe in a week, proposed, corrected and opened in one step."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial
from typing import Any

from django import forms
from django.contrib import messages
from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from loop28.back.people import queries as people
from loop28.back.people.queries import Region
from loop28.doors import gate
from loop28.doors.console import barring, frame, roles
from loop28.doors.console.fields import DayField, SomeClosed, YuanField
from loop28.front.ladder import queries as ladder
from loop28.front.ladder import weeks
from loop28.front.ladder.models import Level, Offer
from loop28.front.ladder.rules import Bar
from loop28.front.lines.queries import Line
from loop28.front.playbooks import queries as playbooks
from loop28.front.playbooks import rules
from loop28.insight.metrics import proposals, quota
from loop28.insight.metrics.proposals import Candidate
from loop28.insight.metrics.quota import SIX_DAYS, WEEK, Board, Slot
from loop28.kernel import clock, money
from loop28.kernel.access import Actor
from loop28.kernel.text import number_in
from loop28.ui.text import local_day, percent

PASSING = 60
"""Percent who pass, for which a proposed budget lasts: the most that pass a screening."""

SHOWN_HOSTS = 40
"""Hosts to choose from in a row. Who comes after so many better ones is in the form of one line."""

KNOWN = 60
"""Hosts of a region that are looked at: whoever was shown is still known when the form comes back,
though others became free meanwhile."""


class RowForm(forms.Form):
    """One line that is owed, as it is proposed; a row that is not chosen is left out."""

    chosen = forms.BooleanField(label=gettext_lazy("Open it"), required=False)
    region = forms.TypedChoiceField(coerce=int, widget=forms.HiddenInput)
    host = forms.TypedChoiceField(label=gettext_lazy("Host"), coerce=int, widget=SomeClosed)
    playbook = forms.TypedChoiceField(label=gettext_lazy("Playbook"), coerce=int)
    start_day = DayField(label=gettext_lazy("Start day"))
    size = forms.IntegerField(label=gettext_lazy("Size"), min_value=2, max_value=500)
    budget = YuanField(label=gettext_lazy("Budget in yuan"))

    def __init__(self, *args: Any, choices: "Choices", **options: Any) -> None:
        super().__init__(*args, **options)
        self.place = choices.regions.get(number_in(self["region"].value()))
        self._choose("region", [(key, key) for key in choices.regions])
        self._choose("playbook", choices.playbooks)
        day, chosen = barring.day_in(self), number_in(self["host"].value())
        self.promise = choices.promise(self.place, chosen, day)
        barred = choices.barred(day, barring.number_in(self, "playbook"))
        may, closed = barring.parted(choices.hosts(self.place, chosen, barred), barred)
        barring.fill(self, "host", gettext_lazy("Choose a host"), may, closed)

    def _choose(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    @property
    def wanted(self) -> bool:
        return bool(self["chosen"].value())


@dataclass(frozen=True, slots=True)
class Choices:
    """What the rows of one page choose from."""

    regions: dict[int, Region]
    playbooks: list[tuple[int, str]]
    pool: list[Candidate]
    promises: list[Offer]
    barred: Callable[[date | None, int | None], dict[int, Bar]]

    def hosts(
        self, region: Region | None, chosen: int, barred: Collection[int]
    ) -> list[tuple[int, str]]:
        """The region's best hosts who may, who was chosen, and all who may not."""
        found = proposals.of_region(self.pool, region.pk) if region else []
        may = [c.host.member for c in found if c.host.member not in barred][:SHOWN_HOSTS]
        of_region = {c.host.member for c in found} & {*may, *barred}
        return [
            (c.host.member, _told(c))
            for c in self.pool
            if c.host.member in of_region or c.host.member == chosen
        ]

    def promise(self, region: Region | None, host: int, day: date | None) -> Offer | None:
        """The offer of that day in that region which this host accepted."""
        wanted = (region.pk if region else None, host, day)
        return next(
            (o for o in self.promises if (o.region_id, o.host_id, o.start_day) == wanted), None
        )


def _told(candidate: Candidate) -> str:
    """A host with what decides: their record, and whether they are free."""
    parts = [candidate.host.name, str(Level(candidate.host.level).label)]
    if candidate.busy_until:
        parts.append(_("busy until %(day)s") % {"day": local_day(candidate.busy_until)})
    of = candidate.record
    if of:
        parts.append(ngettext("%(count)s line", "%(count)s lines", of.lines) % {"count": of.lines})
        if of.asked:
            parts.append(_("%(rate)s pass") % {"rate": percent(of.passed, of.asked)})
    return " · ".join(parts)


_Rows = forms.formset_factory(RowForm, extra=0, max_num=100, absolute_max=100)


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(*roles.RUNNERS)
def open_week(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The lines that are owed in this or the next week: proposed, corrected, opened in one step.

    Each line is opened for itself: five regions do not wait for the one whose host is busy. What is
    refused comes back with its reason; sent twice, a line is there once.
    """
    today, choices = timezone.localdate(clock.now()), _choices(actor)
    if request.method == "POST":
        return _sent(request, actor, today, choices)
    seen = _seen(actor, today)
    week = _week(request, seen)
    day = min(max(week, today + timedelta(days=1)), week + SIX_DAYS)
    wishes = _proposed(choices, seen.owed(week), day)
    proposed = _Rows(initial=wishes, prefix="line", form_kwargs={"choices": choices})
    return _page(request, actor, seen, proposed, list(proposed))


def _sent(request: HttpRequest, actor: Actor, today: date, choices: Choices) -> HttpResponse:
    sent = _Rows(request.POST, prefix="line", form_kwargs={"choices": choices})
    wanted = [row for row in sent if row.wanted]
    opened = _open(actor, wanted)
    if opened:
        messages.success(request, _opened(opened))
    if opened and len(opened) == len(wanted):
        return redirect(f"{reverse('quota')}?month={quota.month_of(opened[0].start_day):%Y-%m}")
    left = [row for row in sent if row.place and not (row.wanted and row.is_valid())]
    return _page(request, actor, _seen(actor, today), sent, left)


def _page(
    request: HttpRequest,
    actor: Actor,
    seen: Board,
    sent: "BaseFormSet[RowForm]",
    rows: list[RowForm],
) -> HttpResponse:
    week = _week(request, seen)
    context = {
        "sent": sent,
        "rows": rows,
        "weeks": [(monday, len(seen.owed(monday)), monday == week) for monday in seen.weeks],
        "nothing_chosen": sent.is_bound and not any(row.wanted for row in rows),
        "playbook_missing": not playbooks.versions(actor).exists(),
        "passing": PASSING,
    }
    status = 422 if sent.is_bound else 200
    return frame.show(
        request, actor, "console/quota_open.html", context, here="quota", status=status
    )


def _choices(actor: Actor) -> Choices:
    promises = list(ladder.promised(actor))
    promised = {offer.host_id for offer in promises}
    known = proposals.candidates(actor, clock.now(), KNOWN, also=promised)
    return Choices(
        {region.pk: region for region in people.regions(actor)},
        [(version.pk, str(version)) for version in playbooks.versions(actor)],
        known,
        promises,
        cache(partial(barring.barred, [candidate.host.member for candidate in known])),
    )


def _seen(actor: Actor, today: date) -> Board:
    this_week = clock.monday(today)
    return quota.board(actor, [this_week, this_week + WEEK], clock.now())


def _week(request: HttpRequest, seen: Board) -> date:
    """The week ``?week=`` names, this or the next; else the first in which something is owed."""
    this_week, next_week = seen.weeks
    wanted = request.GET.get("week", "")
    for week in seen.weeks:
        if wanted == week.isoformat():
            return week
    return this_week if seen.owed(this_week) else next_week


def _proposed(choices: Choices, owed: Sequence[Slot], day: date) -> list[dict[str, Any]]:
    """A row for each owed line, what a host accepted as it was offered.

    One for which nobody may is left out until a host is chosen.
    """
    if not choices.playbooks:
        return []
    accepted = [_as_offered(choices, slot.promise) for slot in owed if slot.promise]
    return accepted + _best(choices, [slot for slot in owed if slot.promise is None], day)


def _as_offered(choices: Choices, offer: Offer) -> dict[str, Any]:
    return {
        "chosen": offer.host_id not in choices.barred(offer.start_day, offer.playbook_id),
        "region": offer.region_id,
        "host": offer.host_id,
        "playbook": offer.playbook_id,
        "start_day": offer.start_day,
        "size": offer.size,
        "budget": money.yuan(offer.budget_fen),
    }


def _best(choices: Choices, owed: Sequence[Slot], day: date) -> list[dict[str, Any]]:
    """The best host who may and has promised nothing, with the newest playbook."""
    newest = choices.playbooks[0][0]
    plan = playbooks.playbook(newest)
    hosts = proposals.propose(
        choices.pool,
        [(slot.region.pk, day) for slot in owed],
        lambda on: choices.barred(on, newest),
        {offer.host_id for offer in choices.promises},
    )
    return [
        {
            "chosen": host is not None,
            "region": slot.region.pk,
            "host": host,
            "playbook": newest,
            "start_day": day,
            "size": plan.size,
            "budget": money.yuan(rules.cost(plan, PASSING).total_fen),
        }
        for slot, host in zip(owed, hosts, strict=True)
    ]


def _open(actor: Actor, wanted: Sequence[RowForm]) -> list[Line]:
    """Open every row that can be; the others get their refusal next to the field it names."""
    opened: list[Line] = []
    for row in wanted:
        if not row.is_valid():
            continue
        wish = row.cleaned_data
        if any(
            (line.host_id, line.start_day) == (wish["host"], wish["start_day"]) for line in opened
        ):
            row.add_error("host", _("This host was chosen twice for that day. Choose another."))
            continue
        with frame.answered_by(row, budget_fen="budget"):
            opened.append(weeks.open_owed(actor, _wish(wish)))
    return opened


def _wish(row: dict[str, Any]) -> weeks.Wish:
    return weeks.Wish(
        region=row["region"],
        playbook=row["playbook"],
        start_day=row["start_day"],
        host=row["host"],
        size=row["size"],
        budget_fen=row["budget"],
    )


def _opened(lines: Sequence[Line]) -> str:
    words = ngettext(
        "%(count)s line is open: %(codes)s. Now hand out its invitation links.",
        "%(count)s lines are open: %(codes)s. Now hand out their invitation links.",
        len(lines),
    )
    return words % {"count": len(lines), "codes": ", ".join(line.code for line in lines)}
