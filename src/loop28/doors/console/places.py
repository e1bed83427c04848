"""Regions and their cities: the front units, and the places people come from."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from loop28.back.people import places, queries
from loop28.back.people.models import City, Region, Tier
from loop28.doors import gate
from loop28.doors.console import frame
from loop28.front.lines import queries as lines
from loop28.kernel.access import Actor, Role


@require_safe
@gate.staff_page()
def regions(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The regions the actor sees, with their cities by tier."""
    found = list(queries.regions(actor))
    of: dict[int, list[City]] = {region.pk: [] for region in found}
    for city in queries.cities(actor):
        if city.region_id in of:
            of[city.region_id].append(city)
    context = {
        "rows": [(region, of[region.pk]) for region in found],
        "counts": lines.count_by_region(actor),
        "may_change": actor.role is Role.ADMINISTRATOR,
    }
    return frame.show(request, actor, "console/regions.html", context, here="regions")


class RegionForm(forms.Form):
    """A front unit."""

    name = forms.CharField(label=pgettext_lazy("region", "Name"), max_length=places.NAME_LIMIT)
    code = forms.CharField(
        label=pgettext_lazy("region", "Code"),
        max_length=6,
        help_text=gettext_lazy(
            "2 to 6 capital letters. The codes of its lines begin with it, so it stays for ever."
        ),
    )
    weekly_lines = forms.IntegerField(
        label=gettext_lazy("Goal: lines a week"),
        min_value=0,
        max_value=places.MOST_LINES_A_WEEK,
        initial=1,
    )
    zone = forms.CharField(label=gettext_lazy("Time zone"), max_length=40, initial="Asia/Shanghai")

    def __init__(self, *args: Any, known: bool = False, fixed: bool = False, **options: Any):
        super().__init__(*args, **options)
        if known:
            del self.fields["code"]
        if fixed:
            self.fields["zone"].disabled = True
            self.fields["zone"].help_text = _("It stays: the region has lines that run by it.")


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(Role.ADMINISTRATOR)
def add_region(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Another region."""
    form = RegionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with frame.answered_by(form):
            places.add_region(actor, **form.cleaned_data)
            return _done(request, form)
    return _form_page(request, actor, form, _("Add a region"))


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(Role.ADMINISTRATOR)
def edit_region(request: HttpRequest, actor: Actor, region_id: int) -> HttpResponse:
    """Another name or goal; another time zone while no line runs by it."""
    region = queries.region(actor, region_id)
    if region is None:
        raise Http404
    fixed = lines.lines(actor).filter(region=region_id).exists()
    form = RegionForm(
        request.POST if request.method == "POST" else None,
        known=True,
        fixed=fixed,
        initial={"name": region.name, "weekly_lines": region.weekly_lines, "zone": region.zone},
    )
    if form.is_valid():
        with frame.answered_by(form):
            places.change_region(actor, region_id, **form.cleaned_data, zone_fixed=fixed)
            return _done(request, form)
    return _form_page(request, actor, form, region.name)


class CityForm(forms.Form):
    """A city people can name when they join."""

    name = forms.CharField(label=pgettext_lazy("region", "Name"), max_length=places.NAME_LIMIT)
    region = forms.ModelChoiceField(
        Region.objects.none(), label=gettext_lazy("Region"), empty_label=None
    )
    tier = forms.TypedChoiceField(
        label=gettext_lazy("Tier"), choices=Tier.choices, coerce=int, initial=Tier.THIRD
    )

    def __init__(self, actor: Actor, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        region = self.fields["region"]
        if isinstance(region, forms.ModelChoiceField):
            region.queryset = queries.regions(actor)

    @property
    def wish(self) -> tuple[int, str, int]:
        """Region, name and tier, as the actions take them."""
        data = self.cleaned_data
        return data["region"].pk, data["name"], data["tier"]


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(Role.ADMINISTRATOR)
def add_city(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Another city; the link from a region's card chooses that region."""
    posted = request.POST if request.method == "POST" else None
    form = CityForm(actor, posted, initial={"region": frame.chosen_region(request, actor)})
    if form.is_valid():
        with frame.answered_by(form):
            places.add_city(actor, *form.wish)
            return _done(request, form)
    return _form_page(request, actor, form, _("Add a city"))


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(Role.ADMINISTRATOR)
def edit_city(request: HttpRequest, actor: Actor, city_id: int) -> HttpResponse:
    """Another name, region or tier."""
    city = queries.cities(actor).filter(pk=city_id).first()
    if city is None:
        raise Http404
    now = {"name": city.name, "region": city.region_id, "tier": city.tier}
    form = CityForm(actor, request.POST if request.method == "POST" else None, initial=now)
    if form.is_valid():
        with frame.answered_by(form):
            places.change_city(actor, city_id, *form.wish)
            return _done(request, form)
    return _form_page(request, actor, form, city.name)


def _done(request: HttpRequest, form: forms.Form) -> HttpResponse:
    messages.success(request, _("%(name)s was saved.") % form.cleaned_data)
    return redirect("regions")


def _form_page(request: HttpRequest, actor: Actor, form: forms.Form, title: str) -> HttpResponse:
    context = {"form": form, "title": title}
    status = frame.status_of(form)
    return frame.show(request, actor, "console/place.html", context, here="regions", status=status)
