"""The journal of the whole company: what staff did, who it was and when."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from loop28.back.people import queries as people
from loop28.doors import gate
from loop28.doors.console import frame, roles, sentences, topics
from loop28.kernel import clock
from loop28.kernel.access import Actor
from loop28.kernel.journal import queries


@require_safe
@gate.staff_page(*roles.STAFF_READERS)
def journal(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What staff did, in sentences, the newest first; by topic, person and day."""
    topic, day = request.GET.get("topic", ""), _day(request.GET.get("day", ""))
    staff = list(people.staff(actor))
    who = next((u for u in staff if str(u.pk) == request.GET.get("who")), None)
    rows = queries.of_the_house(
        topics.kinds_of(topic) if topic else (), who.pk if who else None, *_within(day)
    )
    page = frame.paged(request, rows)
    context = {
        "page": page,
        "entries": sentences.read(None, list(page.object_list)),
        "topics": [(key, label, key == topic) for key, label in topics.TOPICS_OF_THE_HOUSE.items()],
        "topic": topic,
        "staff": staff,
        "who": who,
        "day": day.isoformat() if day else "",
    }
    return frame.show(request, actor, "console/journal.html", context, here="journal")


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None


def _within(day: date | None) -> tuple[Any, Any]:
    """From midnight to midnight by the installation's own clock."""
    if day is None:
        return None, None
    zone = ZoneInfo(settings.TIME_ZONE)
    return (
        clock.at_local(day, 0, 0, zone),
        clock.at_local(day + timedelta(days=1), 0, 0, zone),
    )
