"""What watches an installation from outside asks here; it learns no more than red or green."""

from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from loop28.kernel import clock
from loop28.kernel.jobs import pulse

OK = "ok"


@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """This process answers. It asks nobody else, so that a dead database restarts no web server."""
    return JsonResponse({"web": OK})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """503 while the database does not answer, no worker runs, or one does not come round."""
    found = _state()
    return JsonResponse(found, status=200 if set(found.values()) == {OK} else 503)


def _state() -> dict[str, str]:
    try:
        alive = pulse.all_alive(clock.now())
    except Error:
        return {"database": "does not answer", "worker": "unknown"}
    return {"database": OK, "worker": OK if alive else "no sign of life"}
