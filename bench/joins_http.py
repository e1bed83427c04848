"""A crowd in front of one invitation: strangers who all send the form in the same moment."""

from urllib.parse import urlencode
from uuid import uuid4

from django.db import connection

from bench.load import bring, request
from bench.results import percentile
from bench.servers import cpu_seconds, web_server
from bench.stage import open_lines
from loop28.doors.member.joining import invitation_path
from loop28.front.lines import seats as line_seats
from loop28.kernel.access import SYSTEM

SMALL = {"people": 20, "seats": 15}


def measure(people: int = 550, seats: int = 500) -> dict[str, float]:
    """Seconds until everybody is in, or knows that they wait; more come than there are seats."""
    (stage,) = open_lines(1, people_each=0, shares=100, size=seats)
    (invitation,) = line_seats.invitations(SYSTEM, stage.line.pk)
    door = invitation_path(invitation)
    forms = [
        {"name": f"新人{n}", "adult": "on", "consent": "on", "key": uuid4()} for n in range(people)
    ]
    with web_server() as (port, process):
        before = cpu_seconds(process)
        came = bring(
            "rush", port=port, requests=[request("POST", door, "", urlencode(f)) for f in forms]
        )
        used = cpu_seconds(process) - before
    assert came["statuses"] == {"302": people}, came["statuses"]
    connection.close()  # what the web processes wrote is read afresh
    heads = line_seats.head_counts([stage.line.pk])[stage.line.pk]
    assert (heads["seated"], heads["waiting"]) == (seats, people - seats), heads
    return {
        "value": came["total"],
        "p99_s": percentile(came["seconds"], 99),
        "web_cpu_s": used,
    }
