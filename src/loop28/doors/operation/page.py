"""``GET /metrics``: numbers for Prometheus, for whoever shows the token.

Where a request comes from proves nothing here: behind a web server on the same machine, everybody
comes from it. A key of the API would do more than read, and cannot be looked up without a database.
"""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from loop28.doors.operation import counts
from loop28.doors.operation.state import State


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """What the database says and what all processes counted. Without a token set: not there."""
    if not settings.METRICS_TOKEN:
        raise Http404
    shown = request.headers.get("Authorization", "")
    if not constant_time_compare(shown, f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    registry = counts.registry()
    registry.register(State())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
