"""How long staff stay signed in: twelve hours at most, two of them without a sign of life.

Sessions live in the time of people; a rehearsal that moves the clock ends none.
"""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

LONGEST = 12 * 3600  # seconds
STEP = 300  # seconds; so often a session that is used is written anew
_SINCE, _SEEN = "since", "seen"


@receiver(user_logged_in, dispatch_uid="a session begins")
def begin(request: HttpRequest, **_: Any) -> None:
    """Note when somebody signed in."""
    request.session[_SINCE] = request.session[_SEEN] = _now()


def look(request: HttpRequest) -> None:
    """End a session whose time is over, or keep one alive that somebody uses.

    A page that polls asks with htmx and GET: that is no sign of life.
    """
    session = request.session
    if not request.user.is_authenticated:
        return
    now, since = _now(), session.get(_SINCE, 0)
    if now - since >= LONGEST or now - session[_SEEN] >= settings.SESSION_COOKIE_AGE:
        logout(request)
    elif now - session[_SEEN] >= STEP and not _polls(request):
        session[_SEEN] = now
        session.set_expiry(min(settings.SESSION_COOKIE_AGE, since + LONGEST - now))


def _polls(request: HttpRequest) -> bool:
    return request.method == "GET" and bool(request.headers.get("HX-Request"))


def _now() -> int:
    return int(time.time())
