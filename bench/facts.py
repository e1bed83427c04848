"""How many facts a second move tasks: taken in, counted, completed, rewarded, journaled."""

from time import perf_counter, process_time

from bench.crowd import BATCH, batches, with_tasks
from bench.servers import cpu_seconds, database_server
from loop28.front.tasks import intake
from loop28.kernel.access import SYSTEM

SMALL = {"people": 40, "loads": 2}


def measure(people: int = 50_000, loads: int = 100) -> dict[str, float]:
    """Facts of so many members with eight tasks each, by the thousand; a first batch warms up."""
    waiting = batches(with_tasks(people), loads + 1)
    intake.receive(SYSTEM, waiting.pop(0))
    servers = database_server()
    before = [cpu_seconds(server) for server in servers]
    start, cpu = perf_counter(), process_time()
    for load in waiting:
        intake.receive(SYSTEM, load)
    seconds, cpu = perf_counter() - start, process_time() - cpu
    served = sum(cpu_seconds(server) - b for server, b in zip(servers, before, strict=True))
    taken = loads * BATCH
    return {
        "value": taken / seconds,
        "cpu_us_a_fact": (cpu + served) / taken * 1e6,
        "python_us_a_fact": cpu / taken * 1e6,
    }
