"""How staff come in: by password with a limit on guessing, or by a one-time link."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loop28.back.people import actions as people
from loop28.back.people import guessing
from loop28.back.people.models import User
from loop28.doors import gate
from loop28.doors.addresses import address_of
from loop28.doors.entry import inside
from loop28.kernel.access import SYSTEM, Actor
from loop28.kernel.refusals import Refusal

_BACKEND = "django.contrib.auth.backends.ModelBackend"
_CURRENT = forms.PasswordInput(attrs={"autocomplete": "current-password"})
_NEW = forms.PasswordInput(attrs={"autocomplete": "new-password"})


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("Username"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
    )
    password = forms.CharField(label=_("Password"), max_length=200, strip=False, widget=_CURRENT)


class PasswordForm(forms.Form):
    """A new password, and the current one where there is one."""

    current = forms.CharField(
        label=_("Current password"), max_length=200, strip=False, widget=_CURRENT
    )
    password = forms.CharField(
        label=_("New password"),
        max_length=200,
        strip=False,
        widget=_NEW,
        help_text=_("At least 10 characters. Three or four unrelated words are easy to remember."),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if not user.has_usable_password():
            del self.fields["current"]

    def clean_current(self) -> None:
        if not self.user.check_password(self.cleaned_data["current"]):
            raise forms.ValidationError(_("This is not your current password."))


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in by username and password.

    Whatever is wrong, the answer is the same, so that nobody learns which names there are.
    """
    if gate.staff_of(request):
        return redirect(inside(request, "/console/"))
    form = SignInForm(request.POST or None)
    wrong = request.method == "POST"
    if wrong and form.is_valid():
        name, address = form.cleaned_data["username"].lower(), address_of(request)
        if not guessing.take(SYSTEM, name, address):
            return _locked_out(request)
        user = authenticate(request, username=name, password=form.cleaned_data["password"])
        if user:
            guessing.give_back(SYSTEM, name, address)
            login(request, user)
            return redirect(inside(request, "/console/"))
    form.errors.clear()
    page = {"form": form, "wrong": wrong, "next": inside(request, "")}
    return render(request, "console/sign_in.html", page, status=422 if wrong else 200)


def _locked_out(request: HttpRequest) -> HttpResponse:
    """The answer to one guess too many."""
    seconds = int(guessing.WHILE.total_seconds())
    page = {"minutes": seconds // 60}
    response = render(request, "console/locked_out.html", page, status=429)
    response["Retry-After"] = str(seconds)
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; again is nothing new."""
    logout(request)
    return redirect("login")


@require_GET
def enter(request: HttpRequest, user_id: int, token: str) -> HttpResponse:
    """Follow a one-time link. Who has no password yet is asked to choose one."""
    user = people.enter(SYSTEM, user_id, token)
    if user is None:
        return render(request, "console/link_used.html", status=410)
    login(request, user, backend=_BACKEND)
    return redirect("/console/" if user.has_usable_password() else "password")


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@gate.staff_page()
def password(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Choose one's own password; the current one can be guessed no more often than at sign-in."""
    user = User.objects.get(pk=actor.id)
    tried, address = request.method == "POST" and "current" in request.POST, address_of(request)
    if tried and not guessing.take(actor, user.username, address):
        return _locked_out(request)
    form = PasswordForm(user, request.POST or None)
    if tried and "current" not in form.errors:
        guessing.give_back(actor, user.username, address)
    if request.method == "POST" and form.is_valid():
        try:
            changed = people.set_password(actor, actor.id, form.cleaned_data["password"])
        except Refusal as weak:
            form.add_error(weak.field, str(weak))
        else:
            update_session_auth_hash(request, changed)
            return redirect("/console/")
    status = 422 if request.method == "POST" else 200
    return render(request, "console/password.html", {"form": form}, status=status)
