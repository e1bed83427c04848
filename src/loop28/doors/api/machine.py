"""Who calls the API, and how it says no."""

import functools
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from loop28.back.people import queries as people
from loop28.doors.gate import noted, refuse
from loop28.kernel.access import Actor
from loop28.kernel.refusals import Refusal


class KeyNeeded(Refusal):
    """A machine called without a key that is good."""

    message = _(
        "Send the header “Authorization: Bearer l28_…” with a key that was made for this machine "
        "and is not revoked."
    )
    status = 401


def machine_page(view: Callable[[HttpRequest, Actor], HttpResponse]) -> Callable[..., HttpResponse]:
    """A POST by a machine that shows its key: ``view(request, actor)``.

    Keys are no cookies: a browser does not send one by itself, so that no token is needed.
    """

    @csrf_exempt
    @require_POST
    @functools.wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        actor = machine_of(request)
        if actor is None:
            response = refuse(request, KeyNeeded())
            response["WWW-Authenticate"] = "Bearer"
            return response
        return view(request, actor)

    return guarded


def machine_of(request: HttpRequest) -> Actor | None:
    """The machine whose key the request carries."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    actor = people.machine(key.strip()) if scheme.lower() == "bearer" else None
    return noted(actor) if actor else None
