"""Who comes in: the actor of a request, and what a refusal looks like at a door."""

import functools
import logging
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.core.exceptions import BadRequest, TooManyFieldsSent
from django.db import Error, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _
from django.views.defaults import bad_request
from django_htmx.http import HttpResponseClientRedirect

from loop28.doors import sessions
from loop28.kernel import logs, sql
from loop28.kernel.access import Actor, Role, require
from loop28.kernel.refusals import Refusal
from loop28.middle.members import queries as members

UPLOAD_MAX = 320 * 2**20
"""Bytes of the largest form: twenty photos at once. Proxies in front may allow less."""

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
ActorView = Callable[Concatenate[HttpRequest, Actor, P], HttpResponse]

logger = logging.getLogger(__name__)

COOKIE = "loop28_member"
_SALT = "loop28.member-cookie"
_SECONDS = members.LINK_DAYS * 86400


class LinkNeeded(Refusal):
    """A page for members was asked for from a phone that belongs to nobody."""

    message = _(
        "Open your personal link on this phone first. You find it in the chat in which it was "
        "sent to you. If it is lost or does not work any more, tell your host: the company gives "
        "you a new one."
    )
    status = 403


class SentTooMuch(Refusal):
    """A body beyond all limits; none of it was read."""

    message = _(
        "This is too much at once: at most %(megabytes)s MB. "
        "Nothing was taken in. Send it in parts."
    )
    status = 413


class TooManyFields(Refusal):
    """A form with more fields than are read; what comes in hundreds has pages."""

    message = _(
        "This form holds more than %(most)s answers at once. Nothing was taken in: go back, choose "
        "fewer, send them, and then the rest."
    )
    status = 413


def staff_of(request: HttpRequest) -> Actor | None:
    """The member of staff who is signed in."""
    user = request.user
    return noted(user.actor) if user.is_authenticated else None


def member_of(request: HttpRequest) -> Actor | None:
    """The member whose phone this is, by its signed cookie; None after their links were ended."""
    try:
        member, version = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_SECONDS
        )
    except (signing.BadSignature, ValueError):
        return None
    if members.link_version(member) != version:
        return None
    return noted(Actor(Role.MEMBER, member))


def noted(actor: Actor) -> Actor:
    """Whose request this is, said with every line of the log about it: role and number."""
    logs.note(actor=str(actor))
    return actor


def staff_page(*roles: Role) -> Callable[[ActorView[P]], View[P]]:
    """A page for staff of these roles, or of any: ``view(request, actor, …)``.

    Who is not signed in is sent to do so and comes back after it; who has another role is refused.
    """

    def guard(view: ActorView[P]) -> View[P]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            actor = staff_of(request)
            if actor is None:
                return _to_sign_in(request)
            if roles:
                require(actor, *roles)
            return view(request, actor, *args, **kwargs)

        return guarded

    return guard


def member_page(view: ActorView[P]) -> View[P]:
    """A page for a member, hosts included: ``view(request, actor, …)``; refuses with LinkNeeded."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        actor = member_of(request)
        if actor is None:
            raise LinkNeeded
        return view(request, actor, *args, **kwargs)

    return guarded


def remember(response: HttpResponse, member: int, version: int) -> None:
    """Make this phone the member's."""
    response.set_cookie(
        COOKIE,
        signing.dumps([member, version], salt=_SALT),
        max_age=_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE,
    )


def personal_link(member_id: int, then: str = "") -> str:
    """The address that makes a phone this member's, and shows the page ``then``, a path of ours.

    Whoever has it is that member: check first that the actor may hand it out.
    """
    path = reverse("personal_link", args=[members.link_token(member_id)])
    return f"{settings.URL}{path}" + (f"?{urlencode({'next': then})}" if then else "")


def kept_by_nobody(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: pages about people are never cached, whatever becomes of the request within."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    return answer


class GateMiddleware:
    """Turns away what nothing within could take; answers refusals with their status and words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _has_nul(request):
            return bad_request(request, BadRequest())
        sessions.look(request)
        return _too_much(request) or self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, numbers: dict[str, Any]
    ) -> None:
        """What has a number beyond those of any row is not there; a database would break on it."""
        if any(isinstance(number, int) and number >= 2**63 for number in numbers.values()):
            raise Http404

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Refusal):
            return refuse(request, error)
        if isinstance(error, OperationalError) and sql.passing(error):
            return _unable(request, "busy", 1, _BUSY)
        if isinstance(error, Error) and sql.away(error):
            logger.error("the database is away: %s", error)
            return _unable(request, "away", 5, _AWAY)
        return None


def refuse(request: HttpRequest, no: Refusal) -> HttpResponse:
    """A refusal as JSON for machines, as a fragment for htmx, as a page for people."""
    if request.path.startswith("/api/"):
        answer = {"code": no.code, "field": no.field, "message": str(no)}
        return JsonResponse(answer, status=no.status)
    if request.headers.get("HX-Request"):
        alert = {"text": str(no), "level": "error"}
        return render(request, "ui/parts/alert.html", alert, status=no.status)
    return render(request, "refusal.html", {"refusal": no}, status=no.status)


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What was refused before any page was asked (``handler400``), in words where we have some."""
    if isinstance(exception, TooManyFieldsSent):
        return refuse(request, TooManyFields(most=settings.DATA_UPLOAD_MAX_NUMBER_FIELDS))
    return bad_request(request, exception)


_BUSY = _("Very busy right now. Nothing was taken in: send it again in a moment.")
# A connection that breaks at the commit leaves open whether it was done.
_AWAY = _("The database is out of reach. Send it again in a while: nothing is done twice.")


def _unable(request: HttpRequest, code: str, seconds: int, message: object) -> HttpResponse:
    """Nobody's fault, and over in so many seconds: 503 as JSON for machines, else as a page."""
    if request.path.startswith("/api/"):
        said = {"code": code, "field": "", "message": str(message)}
        response: HttpResponse = JsonResponse(said, status=503)
    else:
        response = render(request, "503.html", {"away": code == "away"}, status=503)
    response["Retry-After"] = str(seconds)
    return response


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """A fragment cannot show the sign-in page, and a form cannot be sent again after it."""
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(reverse("login"))
    back = request.get_full_path() if request.method == "GET" else reverse("home")
    return redirect_to_login(back, reverse("login"))


def _too_much(request: HttpRequest) -> HttpResponse | None:
    """The answer to a body that must not be read."""
    said, most = request.META.get("CONTENT_LENGTH") or "0", _most(request)
    of_machines = request.path.startswith("/api/")  # which say themselves how much they take
    if said.isdecimal() and int(said) > most and not of_machines:
        return refuse(request, SentTooMuch(megabytes=most // 2**20))
    return None


def _most(request: HttpRequest) -> int:
    """Files are kept on the disk while they come in: a lot of them only from people we know."""
    known = request.content_type == "multipart/form-data" and (
        staff_of(request) or member_of(request)
    )
    return UPLOAD_MAX if known else settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def _has_nul(request: HttpRequest) -> bool:
    """PostgreSQL keeps no NUL; forms refuse it in fields, this refuses it everywhere else."""
    cookies = "".join(request.COOKIES.values())
    return "\0" in request.path_info + cookies or "%00" in request.META.get("QUERY_STRING", "")
