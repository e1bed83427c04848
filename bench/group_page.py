"""What it costs the server that a full group looks at its page."""

from datetime import UTC, datetime
from urllib.parse import urlencode

from django.urls import reverse

from bench.load import KEY, bring, request
from bench.results import percentile
from bench.servers import cpu_seconds, database_server, web_server
from bench.stage import cookies, open_lines
from loop28.front.groups import actions as groups
from loop28.front.groups import queries as group_queries
from loop28.front.groups.chat import Incoming
from loop28.kernel.access import SYSTEM

EVERY_SECONDS = 5
"""How often somebody writes: about what a lively evening brings."""
SMALL = {"people": 10, "seconds": 4}


def measure(people: int = 500, seconds: int = 30) -> dict[str, float]:
    """Cores in use while everybody polls every three seconds and a message comes every five.

    On PostgreSQL that is the web processes and the database's together.
    """
    (line,) = open_lines(1, people_each=people, shares=100)
    greeting = Incoming("house", "bench", line.group, line.people[0], "大家好", datetime.now(UTC))
    groups.receive(SYSTEM, [greeting])
    phones = cookies(line.people)
    poll = reverse("group-new", args=[line.group]) + "?version={version}&pinned=0&after={after}"
    words = urlencode({"text": "来了来了", "key": KEY})
    with web_server() as (port, process):
        servers = [process, *database_server()]
        before = [cpu_seconds(server) for server in servers]
        counted = bring(
            "read",
            port=port,
            polls=[request("GET", poll, phone) for phone in phones],
            say=request("POST", reverse("group-say", args=[line.group]), phones[0], words),
            state=_shown(line.group, line.people[0]),
            seconds=seconds,
            every=EVERY_SECONDS,
        )
        used = [cpu_seconds(server) - b for server, b in zip(servers, before, strict=True)]
    answers = counted["statuses"]
    assert answers.keys() <= {"200", "204"}, answers
    return {
        "value": sum(used) / counted["total"],
        "web_cores": used[0] / counted["total"],
        "polls_a_second": sum(answers.values()) / counted["total"],
        "of_them_empty_percent": 100 * answers.get("204", 0) / sum(answers.values()),
        "p99_s": percentile(counted["seconds"], 99),
    }


def _shown(group: int, member: int) -> dict[str, int]:
    (last,) = group_queries.messages(SYSTEM, group, limit=1)
    return {"version": group_queries.version(group, member) or 0, "after": last.pk}
