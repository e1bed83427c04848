"""Coupons: look one up by the code a member shows, and note the order it was used on."""

from django import forms
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from loop28.doors import gate
from loop28.doors.console import frame, roles
from loop28.front.rewards import coupons
from loop28.front.rewards.models import Entitlement
from loop28.front.rewards.refusals import UnknownCoupon
from loop28.front.rewards.rules import Usable
from loop28.kernel import clock
from loop28.kernel.access import Actor

STANDS: dict[Usable, tuple[str | Promise, str]] = {
    Usable.NOW: (gettext_lazy("can be used"), "good"),
    Usable.NOT_YET: (gettext_lazy("not the member's yet"), "warn"),
    Usable.USED: (gettext_lazy("used"), "info"),
    Usable.TAKEN_BACK: (gettext_lazy("taken back"), "bad"),
    Usable.EXPIRED: (gettext_lazy("expired"), "bad"),
}
"""How a coupon stands, with the colour of its tag."""


class LookUpForm(forms.Form):
    """The code on the member's phone."""

    code = forms.CharField(
        label=gettext_lazy("Code of the coupon"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class UseForm(forms.Form):
    """The order it was used on. A shop is asked for where two gave the same number."""

    number = forms.CharField(label=gettext_lazy("Order number"), max_length=80)
    shop = forms.CharField(
        label=gettext_lazy("Shop"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Only where several shops have an order with this number."),
    )


@require_safe
@gate.staff_page(*roles.ORDER_READERS)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Look a coupon up; below, those that were used."""
    asked = LookUpForm(request.GET if "code" in request.GET else None)
    return _page(request, actor, asked, _found(actor, asked), UseForm())


@require_POST
@gate.staff_page(*coupons.TAKERS)
def use(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Note on which order a coupon was used."""
    asked, form = LookUpForm(request.POST), UseForm(request.POST)
    coupon = _found(actor, asked)
    if coupon and form.is_valid():
        with frame.answered_by(form):
            said = form.cleaned_data
            coupons.redeem(actor, coupon.code, said["number"], said["shop"])
            notes.success(request, _("Noted. The member sees it in their wallet."))
            return redirect(f"{reverse('coupons')}?{urlencode({'code': coupon.code})}")
    return _page(request, actor, asked, coupon, form)


def _page(
    request: HttpRequest,
    actor: Actor,
    asked: LookUpForm,
    coupon: Entitlement | None,
    form: UseForm,
) -> HttpResponse:
    stands = coupon.usable(clock.now()) if coupon else None
    words, tone = STANDS[stands] if stands else ("", "")
    context = {
        "asked": asked,
        "coupon": coupon,
        "words": words,
        "tone": tone,
        "form": form,
        "may_use": stands is Usable.NOW and actor.role in coupons.TAKERS,
        "page": frame.paged(request, coupons.used(actor)),
    }
    status = 422 if form.errors or asked.errors else 200
    return frame.show(
        request, actor, "console/coupons.html", context, here="coupons", status=status
    )


def _found(actor: Actor, asked: LookUpForm) -> Entitlement | None:
    if not asked.is_valid():
        return None
    try:
        return coupons.find(actor, asked.cleaned_data["code"])
    except UnknownCoupon as no:
        asked.add_error("code", str(no))
        return None
