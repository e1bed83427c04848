"""Who touches a link: a phone by its signed cookie, and the neighbourhood it comes from."""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from loop28.doors import gate
from loop28.front.referrals import actions, queries, rules
from loop28.front.referrals.actions import Touch
from loop28.front.referrals.models import Link
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM

COOKIE = "loop28_visitor"
_SALT = "loop28.visitor-cookie"
_BITS = 62  # a positive number in every database
_SECONDS = clock.seconds(rules.LOCK)


def code_of(request: HttpRequest) -> int | None:
    """The code this phone was given; None where it has none, or one that we did not give."""
    try:
        (code,) = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_SECONDS)
    except (signing.BadSignature, ValueError):
        return None
    return int(code)


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Let the phone keep its code for as long as a lock lasts, or give it one. Writes no row."""
    code = code_of(request) or secrets.randbits(_BITS) | 1
    response.set_cookie(
        COOKIE,
        signing.dumps([code], salt=_SALT),
        max_age=_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE,
    )


def recognise(request: HttpRequest, member: int) -> None:
    """A phone on which a member is signed in is theirs, and was before they said so."""
    code = code_of(request)
    if code and queries.is_stranger(code):
        actions.recognise(SYSTEM, [(code, member)])


def touch_of(request: HttpRequest, link: Link) -> Touch | None:
    """What a request that says «somebody touched this» counts as; None when it is no person's.

    Who keeps no cookie is not counted: one machine would be a thousand people.
    """
    visitor, member = code_of(request), gate.member_of(request)
    if not (visitor or member) or not rules.by_a_person(request.headers):
        return None
    return Touch(link.pk, visitor, member.id if member else None, _network(request))


def _network(request: HttpRequest) -> str:
    return rules.network(request.META.get("REMOTE_ADDR", ""))
