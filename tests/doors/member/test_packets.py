from threading import Thread

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.front.lines.models import Line
from loop28.front.packets import actions as packets
from loop28.front.packets.models import Packet, Share
from loop28.kernel.access import SYSTEM
from loop28.ui.text import yuan
from tests.factories import member
from tests.line_kit import live_until, local, moving_clock, open_line, seated
from tests.phones import phone, text_of


@pytest.fixture
def packet(line: Line) -> Packet:
    """A packet of ten shares, just issued to twelve people."""
    seated(line, 12)
    live_until(local(1, 12, 30))
    return Packet.objects.get(line=line)


def _people(packet: Packet) -> list[int]:
    rows = packet.line.enrollments.order_by("member_id")
    return list(rows.values_list("member_id", flat=True))


def _open(client: Client, packet: Packet) -> str:
    return text_of(client.post(f"/packet/{packet.pk}/open", follow=True))


def test_it_is_shut_until_it_is_opened(packet: Packet) -> None:
    page = text_of(phone(_people(packet)[0]).get(f"/packet/{packet.pk}"))
    assert f"/packet/{packet.pk}/open" in page
    assert yuan(1000) in page


def test_opening_shows_ones_share_and_the_money_is_there(packet: Packet) -> None:
    me = _people(packet)[0]
    page = _open(phone(me), packet)
    share = Share.objects.get(packet=packet, member=me).fen
    assert yuan(share) in page
    assert "1 / 10" in page
    assert ledger.balance(SYSTEM, accounts.wallet(me)) == share


def test_a_second_tap_shows_the_same_amount_and_writes_nothing(packet: Packet) -> None:
    me = _people(packet)[0]
    client = phone(me)
    first = yuan(Share.objects.get(packet=packet, number=1).fen)
    assert first in _open(client, packet)
    with CaptureQueriesContext(connection) as seen:
        client.post(f"/packet/{packet.pk}/open")
    assert not [q for q in seen if not q["sql"].startswith("SELECT")]
    assert first in _open(client, packet)


def test_who_got_what_is_shown_and_the_luckiest_marked_at_the_end(packet: Packet) -> None:
    people = _people(packet)
    packets.claim(SYSTEM, packet.pk, people[:9])
    assert "暂时领先" in text_of(phone(people[0]).get(f"/packet/{packet.pk}"))
    page = _open(phone(people[9]), packet)
    assert page.count("手气最佳") == 1
    assert "10 / 10" in page
    assert page.count('<li class="item">') == 10


def test_who_comes_too_late_is_told_kindly_and_writes_nothing(packet: Packet) -> None:
    people = _people(packet)
    packets.claim(SYSTEM, packet.pk, people[:10])
    client = phone(people[10])
    with CaptureQueriesContext(connection) as seen:
        client.post(f"/packet/{packet.pk}/open")
    assert not [q for q in seen if not q["sql"].startswith("SELECT")]
    assert "手慢了" in _open(client, packet)


def test_an_expired_packet_says_so_even_before_it_was_cleared_away(packet: Packet, at) -> None:
    client = phone(_people(packet)[0])
    at(local(1, 14, 31))
    assert "红包已过期" in _open(client, packet)
    live_until(local(1, 14, 40))
    assert "退回" in text_of(client.get(f"/packet/{packet.pk}"))


def test_outside_the_group_it_does_not_exist(packet: Packet) -> None:
    stranger = phone(member().pk)
    assert stranger.get(f"/packet/{packet.pk}").status_code == 404
    assert stranger.post(f"/packet/{packet.pk}/open").status_code == 404
    assert stranger.get("/packet/999999999999999999").status_code == 404
    assert Client().post(f"/packet/{packet.pk}/open").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_many_taps_at_once_hand_out_each_share_once() -> None:
    with moving_clock():
        line = open_line()
        people = seated(line, 15)
        live_until(local(1, 12, 30))
        packet = Packet.objects.get(line=line)
        clients = {me: phone(me) for me in people}
        answers = []

        def tap(me: int) -> None:
            answers.append(clients[me].post(f"/packet/{packet.pk}/open").status_code)
            connection.close()

        threads = [Thread(target=tap, args=(me,)) for me in people * 2]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert answers == [302] * 30
        owners = Share.objects.filter(packet=packet, member__isnull=False)
        assert owners.count() == 10
        assert owners.values("member").distinct().count() == 10
        paid = sum(ledger.balance(SYSTEM, accounts.wallet(me)) for me in people)
        assert paid == packet.total
