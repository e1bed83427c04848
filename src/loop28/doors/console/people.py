"""Staff and machine keys."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from loop28.back.people import actions, queries, signin
from loop28.back.people.models import StaffRole, User
from loop28.doors import gate
from loop28.doors.console import frame, roles
from loop28.front.evidence import actions as evidence
from loop28.front.evidence import kin
from loop28.kernel.access import Actor, Role


@require_safe
@gate.staff_page(*roles.STAFF_READERS)
def staff(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everybody who works here."""
    context = {
        "rows": queries.staff(actor).select_related("region"),
        "may_change": actor.role is Role.ADMINISTRATOR,
    }
    return frame.show(request, actor, "console/staff.html", context, here="staff")


class StaffForm(forms.Form):
    """A member of staff; new ones come in by a one-time link and choose their password."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=40)
    username = forms.CharField(
        label=gettext_lazy("Username"),
        max_length=40,
        help_text=gettext_lazy("Small letters a–z, digits, dot, hyphen, underscore."),
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=StaffRole.choices)
    region = forms.ChoiceField(
        label=gettext_lazy("Region"),
        required=False,
        help_text=gettext_lazy("For region managers only: they see this region and no other."),
    )

    def __init__(self, actor: Actor, *args: Any, known: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if known:
            del self.fields["username"]
        region = self.fields["region"]
        if isinstance(region, forms.ChoiceField):
            found = [(r.pk, r.name) for r in queries.regions(actor)]
            region.choices = [("", gettext_lazy("all regions")), *found]


class MemberForm(forms.Form):
    """Who a colleague is among the members, by number."""

    member = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(Role.ADMINISTRATOR)
def add_staff(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Add a member of staff; then their one-time link is shown."""
    form = StaffForm(actor, request.POST if request.method == "POST" else None)
    if form.is_valid():
        wish = form.cleaned_data
        with frame.answered_by(form):
            user = actions.add_staff(actor, wish["username"], *_post(wish))
            return _link_page(request, actor, user)
    status = frame.status_of(form)
    return frame.show(
        request, actor, "console/staff_add.html", {"form": form}, here="staff", status=status
    )


def _post(wish: dict[str, Any]) -> tuple[str, Role, int | None]:
    region = wish["region"]
    return wish["name"], Role(wish["role"]), int(region) if region else None


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(Role.ADMINISTRATOR)
def edit_staff(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    """Another name, role or region; another role or region signs them out."""
    user = _user_or_404(actor, user_id)
    now = {"name": user.name, "role": user.role, "region": user.region_id or ""}
    posted = request.POST if request.method == "POST" else None
    form = StaffForm(actor, posted, known=True, initial=now)
    if form.is_valid():
        with frame.answered_by(form):
            actions.change_staff(actor, user_id, *_post(form.cleaned_data))
            messages.success(request, _("%(name)s was changed.") % form.cleaned_data)
            return redirect("staff")
    return frame.show(
        request,
        actor,
        "console/staff_edit.html",
        {"form": form, "person": user, "colleague": kin.colleague(user.pk)},
        here="staff",
        status=frame.status_of(form),
    )


@require_POST
@gate.staff_page(Role.ADMINISTRATOR)
def name_member(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    """Note who a colleague is among the members, so that they do not review their own people."""
    user = _user_or_404(actor, user_id)
    form = MemberForm(request.POST)
    if form.is_valid():
        with frame.told(request, _("Noted: it counts for the review desk from now on.")):
            evidence.name_colleague(actor, user.pk, form.cleaned_data["member"])
    else:
        messages.error(request, _("Write a member's number, or leave the field empty."))
    return redirect("staff-edit", user.pk)


@require_POST
@gate.staff_page(Role.ADMINISTRATOR)
def return_staff(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    """Let somebody in again; their new one-time link is shown."""
    if not queries.staff(actor).filter(pk=user_id).exists():
        raise Http404
    return _link_page(request, actor, actions.return_staff(actor, user_id))


@require_POST
@gate.staff_page(Role.ADMINISTRATOR)
def staff_link(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    """A new one-time link for somebody who lost their password; shown this once."""
    return _link_page(request, actor, _user_or_404(actor, user_id))


def _link_page(request: HttpRequest, actor: Actor, user: User) -> HttpResponse:
    """The answer to a POST and not a page of its own, so that no address leads to a link."""
    uid, token = user.pk, signin.token(user)
    context = {
        "person": user,
        "link": settings.URL + reverse("enter", args=[uid, token]),
        "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
    }
    return frame.show(request, actor, "console/staff_link.html", context, here="staff")


@require_POST
@gate.staff_page(Role.ADMINISTRATOR)
def end_staff(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    """Shut somebody out at once; never oneself, so that an administrator is left."""
    user = _user_or_404(actor, user_id)
    if user.pk == actor.id:
        messages.error(request, _("Another administrator has to end your access."))
        return redirect("staff")
    with frame.told(request, _("%(name)s can no longer sign in.") % {"name": user.name}):
        actions.end_staff(actor, user.username)
    return redirect("staff")


def _user_or_404(actor: Actor, user_id: int) -> User:
    found = queries.staff(actor).filter(pk=user_id, is_active=True).first()
    if found is None:
        raise Http404
    return found


class KeyForm(forms.Form):
    """A machine that shall call the API."""

    name = forms.CharField(
        label=gettext_lazy("Name of the machine"),
        max_length=40,
        help_text=gettext_lazy("For example: the shop's server."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@gate.staff_page(Role.ADMINISTRATOR)
def keys(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The keys of machines; a new one is shown once, in the answer to the form."""
    made = None
    form = KeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with frame.answered_by(form):
            made = actions.make_key(actor, form.cleaned_data["name"])
            form = KeyForm()
    context = {"rows": queries.keys(actor), "form": form, "made": made}
    status = frame.status_of(form)
    return frame.show(request, actor, "console/keys.html", context, here="keys", status=status)


@require_POST
@gate.staff_page(Role.ADMINISTRATOR)
def revoke_key(request: HttpRequest, actor: Actor) -> HttpResponse:
    """End a machine's access at once."""
    with frame.told(request, _("The key was revoked.")):
        actions.revoke_key(actor, request.POST.get("name", ""))
    return redirect("keys")
