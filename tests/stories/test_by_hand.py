"""A line in which nothing happens by itself: its host sends every card, and it works the same."""

import re

import pytest

from loop28.front.groups.models import Group, Message
from loop28.front.ladder.models import Graduate
from loop28.front.lines import actions as lines
from loop28.front.lines import beats, queries, schedule
from loop28.front.lines.models import Beat
from loop28.front.lines.refusals import BeatNotByHand
from loop28.front.packets import actions as packets
from loop28.front.packets.models import Packet
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from tests.line_kit import SMALL, group, live_until, local
from tests.stories import cast

pytestmark = pytest.mark.django_db(transaction=True)


def every_card_by_hand():
    """The small playbook with every beat a card that waits however long it takes."""
    text = re.sub(r"\n    (by|late): \w+", "", SMALL.read_text())
    return re.sub(r"(\n  - key: d\d-[a-z]+)", r"\1\n    by: host\n    late: always", text)


def send_all(host, line):
    """The host opens the cockpit and sends what is due."""
    for card in schedule.waiting_for_host(host, [line.pk]):
        if card.due_at <= clock.now():
            beats.do_by_hand(host, card.pk)


def test_a_line_whose_host_sends_every_card():
    here = cast.region()
    line = cast.open_line(here, text=every_card_by_hand())
    people = cast.come(line, "小一", "小二", "小三")
    live_until(local(1, 12, 40))
    assert cast.stream(people[0], line) == []
    send_all(here.host, line)
    assert cast.stream(people[0], line)[-1] == "初次见面"
    claims = packets.claim(SYSTEM, Packet.objects.get().pk, [who.id for who in people])
    live_until(local(2, 20, 10))
    send_all(here.host, line)
    call = Group.objects.get(id=group(line)).pinned
    assert (call.kind, call.as_host) == ("call", True)
    cast.say(people[0], line, "1")
    lines.opt_in(people[1], line.pk)
    live_until(local(2, 23, 40))
    send_all(here.host, line)
    assert [phase.closed_at is not None for phase in queries.phases(line.pk)] == [True, False]
    live_until(local(3, 9))
    send_all(here.host, line)
    assert set(cast.path(people[0], line)) == {"checkin", "name-shop", "quiz"}
    live_until(local(5, 21, 5))
    send_all(here.host, line)
    line.refresh_from_db()
    assert line.ended_at == local(5, 21, 5)
    assert Graduate.objects.count() == 2
    assert set(Beat.objects.values_list("state", flat=True)) == {"done"}
    assert Packet.objects.count() == 4
    said = Message.objects.filter(external_id__startswith="beat:")
    assert said.count() == len(set(said.values_list("ref", flat=True)))
    with pytest.raises(BeatNotByHand):
        beats.do_by_hand(here.host, Beat.objects.filter(kind="packet").first().pk)
    live_until(local(5, 23, 59))
    claimed = sum(claim.fen for claim in claims)
    assert cast.budget(line) == 20_000 - claimed
    cast.assert_books_are_exact()
