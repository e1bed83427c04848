"""How long a fact waits from its arrival until its reward is committed, at a steady stream."""

from time import perf_counter, sleep

from bench.crowd import BATCH, batches, with_tasks
from bench.results import percentile
from loop28.front.tasks import intake
from loop28.kernel.access import SYSTEM

SMALL = {"people": 40, "seconds": 1, "rate": 500}


def measure(people: int = 50_000, seconds: int = 20, rate: int = 5_000) -> dict[str, float]:
    """Milliseconds within which 99 of 100 facts were answered, ``rate`` offered every second.

    Whatever has arrived is taken at once, up to a thousand; nobody waits for more to come.
    """
    count = seconds * rate
    warm, *loads = batches(with_tasks(people), -(-count // BATCH) + 1)
    facts = [fact for load in loads for fact in load][:count]
    intake.receive(SYSTEM, warm)
    waits: list[float] = []
    sizes: list[int] = []
    start, taken = perf_counter(), 0
    while taken < count:
        arrived = min(count, int((perf_counter() - start) * rate) + 1)
        load = facts[taken : min(arrived, taken + BATCH)]
        if not load:
            sleep(0.0002)
            continue
        intake.receive(SYSTEM, load)
        done = perf_counter() - start
        waits += [done - number / rate for number in range(taken, taken + len(load))]
        sizes.append(len(load))
        taken += len(load)
    return {
        "value": percentile(waits, 99) * 1e3,
        "median_ms": percentile(waits, 50) * 1e3,
        "facts_a_batch": sum(sizes) / len(sizes),
    }
