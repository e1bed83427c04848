"""How many group messages a second are taken in when a platform hands them over by the thousand."""

from datetime import UTC, datetime
from random import Random
from time import perf_counter, process_time

from bench.stage import open_lines
from loop28.front.groups import actions as groups
from loop28.front.groups.chat import Incoming
from loop28.front.groups.models import Message
from loop28.kernel.access import SYSTEM

BATCH = 1_000
TEXT = "今天学的这一课我记下了，晚上回去跟家里人也说一说，明天接着来打卡。"
SMALL = {"lines": 2, "people_each": 10, "batches": 1}


def measure(lines: int = 6, people_each: int = 500, batches: int = 20) -> dict[str, float]:
    """Messages of as many full groups as there are regions, mixed; a first batch warms up.

    Everything that hangs on a message is in it: the journal, the counts by hour and day, the look
    for an opt-in.
    """
    stages = open_lines(lines, people_each=people_each, shares=100)
    writers = [(stage.group, member) for stage in stages for member in stage.people]
    Random(1).shuffle(writers)
    loads = [_batch(number, writers) for number in range(batches + 1)]
    groups.receive(SYSTEM, loads.pop(0))
    start, cpu = perf_counter(), process_time()
    for load in loads:
        groups.receive(SYSTEM, load)
    seconds, cpu = perf_counter() - start, process_time() - cpu
    assert Message.objects.count() == (batches + 1) * BATCH
    taken = batches * BATCH
    return {"value": taken / seconds, "python_us_a_message": cpu / taken * 1e6}


def _batch(number: int, writers: list[tuple[int, int]]) -> list[Incoming]:
    now = datetime.now(UTC)
    places = range(number * BATCH, (number + 1) * BATCH)
    return [
        Incoming("house", f"bench:{place}", *writers[place % len(writers)], f"{TEXT}{place}", now)
        for place in places
    ]
