"""kill -9 of web processes and workers: nothing acknowledged is lost, nothing is paid twice."""

from concurrent.futures import ThreadPoolExecutor
from random import Random
from uuid import UUID

import pytest
from django.db.models import Count

from loop28.back.finance import queries as finance
from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.front.groups.models import Message, Outgoing
from loop28.front.ladder.models import Graduate
from loop28.front.lines.models import Beat, BeatState, Enrollment, OptIn
from loop28.front.packets.models import Packet, Share
from loop28.front.tasks.models import Assignment
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal.models import Entry
from tests.hold.kit import (
    assert_books_are_exact,
    do_through_kills,
    packet_beat,
    work_through_kills,
)
from tests.line_kit import group, invitation, live_until, local, open_line, seated

pytestmark = pytest.mark.django_db(transaction=True)


def together(*lives):
    """Several processes at once, each with a thread of ours that kills it."""
    with ThreadPoolExecutor(len(lives)) as pool:
        return [future.result() for future in [pool.submit(life) for life in lives]]


def wallet(member):
    return ledger.balance(SYSTEM, accounts.wallet(member))


def test_packets_opened_through_two_web_processes_that_are_killed(clock, stages):
    line = open_line(size=200)
    members = seated(line, 60)
    beats = [packet_beat(line, f"p{n}", local(1, 8), total=4000, shares=40) for n in range(2)]
    live_until(local(1, 8))
    taps = [
        (local(1, 8, 1).isoformat(), "tap", [beat.pk, members[first : first + 3]])
        for beat in beats
        for first in range(0, 60, 3)
    ]
    ways = []
    for seed, stage in enumerate(stages[:2]):
        mine = Random(seed).sample(taps, len(taps))
        ways.append((mine, lambda s=stage, m=mine, n=seed: do_through_kills(s, m, Random(n))))
    answers = together(*(way for _, way in ways))

    shares = {
        (packet, member): fen
        for packet, member, fen in Share.objects.exclude(member=None).values_list(
            "packet", "member", "fen"
        )
    }
    assert len(shares) == 80
    for (mine, _), heard in zip(ways, answers, strict=True):
        for number, answer in heard.items():
            _, _, (packet, tapping) = mine[number]
            for member, (outcome, fen) in zip(tapping, answer, strict=True):
                assert fen == shares.get((packet, member)), (outcome, fen)
    assert all(packet.closed_at for packet in Packet.objects.all())
    for member in members:
        assert wallet(member) == sum(f for (_, m), f in shares.items() if m == member)
    assert_books_are_exact()


def test_a_whole_line_whose_web_and_worker_are_killed_again_and_again(clock, stages):
    web, worker, other = stages
    line = open_line(size=8)
    # Two clocks run apart here; on one and the same, nothing would be late.
    Beat.objects.filter(line=line).update(grace=None)
    group_id, chance = group(line), Random(28)

    def web_does(deeds):
        return do_through_kills(web, deeds, chance)

    def at(*moment):
        return local(*moment).isoformat()

    # Ten people come through one link: eight seats, two wait, and every answer stays true.
    joined = web_does(
        [
            (at(0, 13, n), "join", [invitation(line), f"新人{n}", str(UUID(int=n))])
            for n in range(10)
        ]
    )
    assert [state for _, state in joined.values()] == ["joined"] * 8 + ["waiting"] * 2
    assert dict(Enrollment.objects.values_list("member", "state")) == dict(joined.values())
    members = [member for member, state in joined.values() if state == "joined"]

    work_through_kills(worker, local(0, 14), local(1, 12, 31), chance)
    packet = Beat.objects.get(line=line, key="d1-packet").pk
    spoken = [
        (at(1, 12, 32), "speak", [group_id, m, "谢谢店主", f"{m}-thanks-{n}"])
        for m in members
        for n in range(2)
    ]
    tapped = [(at(1, 12, 33), "tap", [packet, [m]]) for m in members]
    # The worker runs ahead past the packet's expiry while people still open it.
    answers, *_ = together(
        lambda: web_does(spoken + tapped),
        lambda: work_through_kills(worker, local(1, 12, 32), local(2, 20), Random(1)),
        lambda: work_through_kills(other, local(1, 12, 32), local(2, 20), Random(2)),
    )
    assert Message.objects.filter(external_id__contains="thanks").count() == 16
    for number, member in enumerate(members, len(spoken)):
        ((_, fen),) = answers[number]
        assert (fen or 0) == wallet(member)
    assert_books_are_exact()

    web_does([(at(2, 20, 5), "speak", [group_id, m, "打1", f"{m}-one"]) for m in members[:4]])
    web_does([(at(2, 20, 6), "opt_in", [line.pk, m]) for m in members[:6]])
    assert set(OptIn.objects.values_list("member", flat=True)) == set(members[:6])
    assert OptIn.objects.filter(via="text").count() == 4

    together(
        lambda: work_through_kills(worker, local(2, 20, 7), local(3, 9), Random(3)),
        lambda: work_through_kills(other, local(2, 20, 7), local(3, 9), Random(4)),
    )
    web_does([(at(3, 9, 5), "check_in", [line.pk, m]) for m in members[:6] for _ in range(2)])
    web_does(
        [(at(3, 9, 6), "quiz", [line.pk, m, [answer]]) for m in members[:5] for answer in (1, 2)]
    )
    together(
        lambda: work_through_kills(worker, local(3, 9, 10), local(5, 9), Random(5)),
        lambda: work_through_kills(other, local(3, 9, 10), local(5, 9), Random(6)),
    )
    web_does(
        [(at(5, 10), "sell", [m, f"o{m}", at(5, 9, 30)]) for m in members[:3] for _ in range(2)]
    )
    payouts = web_does([(at(5, 11), "cash", [m, 100, f"cash-{m}"]) for m in members[:2]])
    together(
        lambda: work_through_kills(worker, local(5, 11), local(13, 0), Random(7)),
        lambda: work_through_kills(other, local(5, 11), local(13, 0), Random(8)),
    )

    _assert_each_beat_happened_once(line)
    done = Assignment.objects.filter(done_at__isnull=False)
    assert dict(done.values_list("task").annotate(Count("id"))) == {
        "checkin": 6,
        "quiz": 5,
        "first-order": 3,
    }
    assert Graduate.objects.count() == 6
    gifts = dict(Share.objects.exclude(member=None).values_list("member", "fen"))
    for place, member in enumerate(members):
        earned = 50 * (place < 6) + 100 * (place < 5) + 500 * (place < 3) - 100 * (place < 2)
        assert wallet(member) == gifts.get(member, 0) + earned
    assert len(set(payouts.values())) == 2
    claimed = sum(gifts.values())
    spent = claimed + 6 * 50 + 5 * 100 + 3 * 500
    assert finance.budget_left(SYSTEM, [line.pk]) == {line.pk: 100_000 - spent}
    assert_books_are_exact()


def _assert_each_beat_happened_once(line):
    beats = {beat.pk: beat for beat in Beat.objects.filter(line=line)}
    automatic = {pk for pk, beat in beats.items() if not beat.by_host}
    assert {beats[pk].state for pk in automatic} == {BeatState.DONE}
    recorded = Entry.objects.filter(line=line.pk, kind="BeatDue").values_list("data", flat=True)
    assert sorted(data["beat"] for data in recorded) == sorted(automatic)
    said = list(
        Message.objects.filter(external_id__startswith="beat:")
        .order_by("id")
        .values_list("ref", flat=True)
    )
    silent = {pk for pk in automatic if beats[pk].payload.get("text") == ""}
    assert sorted(said) == sorted(automatic - silent)
    due = [(beats[pk].due_at, pk) for pk in said]
    assert due == sorted(due)
    assert not Outgoing.objects.filter(sent_at=None).exists()
    assert Entry.objects.filter(line=line.pk, kind="PhaseClosed").count() == 2
    assert Entry.objects.filter(line=line.pk, kind="Graduated").count() == 1
