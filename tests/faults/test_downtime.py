"""Everything that fell due while nobody worked: each beat once, in order, or skipped as it says."""

import time
from collections import defaultdict
from datetime import timedelta
from resource import RUSAGE_SELF, getrusage

import pytest
from django.core.cache import cache

from loop28.front.groups.models import Message
from loop28.front.lines import rules
from loop28.front.lines.models import Beat, Line, Phase
from loop28.front.packets.models import Packet
from loop28.kernel.jobs import run_due
from loop28.kernel.journal.models import Entry
from tests.hold.kit import assert_books_are_exact
from tests.line_kit import local, open_line

BEATS_A_LINE = 100
LINES = 10
"""With `--times 50` it is 50,000 beats, which is what an operator was promised."""

GRACES = (None, 0, 3600, 86_400)

pytestmark = pytest.mark.django_db(transaction=True)


def test_beats_that_fell_due_in_a_day_of_downtime_happen_once_or_are_skipped_as_they_say(
    clock, times
):
    for number in range(LINES * times):
        open_line(code=f"R{number % 100}")
    clock(local(1, 8))
    _plan()
    now = local(2, 15)
    clock(now)
    began, used = time.monotonic(), time.process_time()
    while Beat.objects.filter(state="planned").exists():
        run_due(now)
    took, used = time.monotonic() - began, time.process_time() - used
    memory = getrusage(RUSAGE_SELF).ru_maxrss // 1024
    print(f"{Beat.objects.count()} beats: {took:.1f} s, {used:.1f} s of CPU, {memory} MB at most")
    run_due(now)

    wanted, skipped = defaultdict(list), set()
    for beat in Beat.objects.order_by("line", "due_at", "id"):
        done = rules.still_wanted(beat, now)
        assert beat.state == ("done" if done else "skipped")
        if done:
            wanted[beat.line_id].append(beat.pk)
        else:
            skipped.add(beat.pk)
    fired, said = defaultdict(list), defaultdict(list)
    for line, data in _entries("BeatDue"):
        fired[line].append(data["beat"])
    for line, ref in Message.objects.order_by("id").values_list("group__phase__line", "ref"):
        said[line].append(ref)
    assert fired == said == wanted
    assert {data["beat"] for _, data in _entries("BeatSkipped")} == skipped
    assert len(_entries("BeatSkipped")) == len(skipped)
    packets = Beat.objects.filter(kind="packet", state="done")
    assert Packet.objects.count() == packets.count() > LINES
    assert_books_are_exact()


def _plan():
    """Every line's own calendar gives way to beats of a day and a half, of every patience."""
    cache.clear()
    Beat.objects.all().delete()
    phases = dict(Phase.objects.filter(number=1).values_list("line", "id"))
    Beat.objects.bulk_create(
        Beat(
            line_id=line,
            phase_id=phases[line],
            key=f"beat {number}",
            kind="post" if number % 16 else "packet",
            day=1,
            due_at=local(1, 9) + timedelta(minutes=15 * number),
            by_host=False,
            grace=GRACES[number // 2 % 4],
            payload=_payload(number),
        )
        for line in Line.objects.values_list("id", flat=True)
        for number in range(BEATS_A_LINE)
    )


def _payload(number):
    if number % 16:
        return {"text": f"{number}"}
    return {"title": "late", "total": 100, "shares": 2, "split": "equal", "expires": 172_800}


def _entries(kind):
    return list(Entry.objects.filter(kind=kind).order_by("id").values_list("line", "data"))
