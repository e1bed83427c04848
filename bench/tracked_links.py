"""How many tracked links a second people open, those who wait together in one transaction."""

from random import Random
from time import perf_counter, process_time

from bench.stage import open_lines
from loop28.front.referrals import actions, sharing
from loop28.front.referrals.actions import Touch
from loop28.front.referrals.models import Click, Lock
from loop28.kernel.access import SYSTEM, Actor, Role

BATCH = 200
"""As many as the gate at the door takes at once, which it does when more come than it can serve."""

SMALL = {"promoters": 5, "batches": 1}


def measure(promoters: int = 200, batches: int = 50) -> dict[str, float]:
    """Touches of as many links as promoters: half by new visitors, half by some who were here.

    Everything that hangs on a touch is in it: the click, the lock, the crowd, the journal. A first
    batch warms up.
    """
    (stage,) = open_lines(1, people_each=promoters, shares=100)
    links = [
        sharing.share(Actor(Role.MEMBER, member), stage.line.pk, "product").pk
        for member in stage.people
    ]
    chance = Random(1)
    loads = [_batch(number, links, chance) for number in range(batches + 1)]
    actions.touch(SYSTEM, loads.pop(0))
    start, cpu = perf_counter(), process_time()
    for load in loads:
        actions.touch(SYSTEM, load)
    seconds, cpu = perf_counter() - start, process_time() - cpu
    touches = batches * BATCH
    visitors = (batches + 1) * BATCH // 2
    assert Lock.objects.count() == visitors, (Lock.objects.count(), visitors)
    assert visitors <= Click.objects.count() <= (batches + 1) * BATCH
    return {"value": touches / seconds, "python_us_a_touch": cpu / touches * 1e6}


def _batch(number: int, links: list[int], chance: Random) -> list[Touch]:
    """Each new visitor of the batch, and as many touches of other links by visitors so far."""
    first = number * BATCH // 2 + 1
    new = range(first, first + BATCH // 2)
    known = [chance.randrange(1, first + BATCH // 2) for _ in new]
    return [
        Touch(chance.choice(links), visitor, network=f"203.0.{visitor % 250}.0/24")
        for visitor in [*new, *known]
    ]
