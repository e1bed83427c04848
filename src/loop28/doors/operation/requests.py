"""Around every request: its number, how long it took, and one line about it in the log."""

import logging
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from loop28.doors.operation import counts
from loop28.kernel import logs

logger = logging.getLogger(__name__)

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
WATCHERS = frozenset({"livez", "readyz", "metrics"})


class RequestMiddleware:
    """Counts a request by the name of its route, never by its address: that may open something.

    What is asked for all day long and went well is counted only: a poll that found nothing new, a
    file that belongs to a page, whatever watches this installation.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        with logs.about(request=secrets.token_hex(8)) as known:
            response = self.get_response(request)
            response["X-Request-Id"] = str(known["request"])
            _tell(request, response, time.perf_counter() - began)
        return response


def _tell(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    route, status = _route(request), response.status_code
    method = request.method if request.method in METHODS else "other"
    counts.REQUESTS.labels(route, method, status).inc()
    counts.SECONDS.labels(route).observe(seconds)
    if status in {204, 304} or (status == 200 and route in WATCHERS | {"static"}):
        return
    told = {"route": route, "method": method, "status": status, "ms": round(seconds * 1000)}
    logger.info("request", extra={"known": told})


def _route(request: HttpRequest) -> str:
    """The name of the route; what leads nowhere has one name, however many are tried."""
    match = request.resolver_match
    if match is not None:
        return match.view_name
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"
