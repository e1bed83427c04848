"""How many facts a second come in through the door for machines."""

import json

from django.urls import reverse

from bench.crowd import BATCH, batches, with_tasks
from bench.load import bring, call
from bench.results import percentile
from bench.servers import cpu_seconds, web_server
from loop28.back.people import actions as people_
from loop28.front.tasks.rules import Happened
from loop28.kernel.access import SYSTEM

SMALL = {"people": 40, "loads": 2}


def measure(people: int = 50_000, loads: int = 60) -> dict[str, float]:
    """Facts of two machines that each send a thousand, wait for the answer, and send on."""
    key = people_.make_key(SYSTEM, "bench")
    told = batches(with_tasks(people), loads)
    address = reverse("api-facts")
    requests = [
        call(address, key, json.dumps({"facts": [_told(f) for f in load]})) for load in told
    ]
    with web_server() as (port, process):
        before = cpu_seconds(process)
        counted = bring("in_turn", port=port, requests=requests, phones=2)
        used = cpu_seconds(process) - before
    assert counted["statuses"] == {"200": loads}, counted["statuses"]
    return {
        "value": loads * BATCH / counted["total"],
        "p99_s": percentile(counted["seconds"], 99),
        "web_us_a_fact": used / (loads * BATCH) * 1e6,
    }


def _told(fact: Happened) -> dict[str, object]:
    return {
        "key": fact.key,
        "kind": fact.kind,
        "member": fact.member_id,
        "at": fact.at.isoformat(),
        "subject": fact.subject,
    }
