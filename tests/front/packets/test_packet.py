"""A packet is issued from the budget, opened once by each, returned when it expires."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from loop28.back.finance import queries as finance
from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.front.groups.models import ActiveDay, Message
from loop28.front.lines.models import Beat, BeatState
from loop28.front.packets import actions, queries
from loop28.front.packets.actions import Claimed, Opened
from loop28.front.packets.models import Packet, Share
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.kernel.journal.models import Entry
from tests.line_kit import live_until, local, moving_clock, open_line, people, seated

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def clock(transactional_db):
    with moving_clock() as move:
        yield move


@pytest.fixture
def line():
    return open_line(budget_fen=100_000)


def issued(line):
    """The first packet: 1000 fen in 10 random shares, on day 1 at 12:30, open for two hours."""
    live_until(local(1, 12, 30))
    return Packet.objects.get(line=line)


def wallet(member):
    return ledger.balance(SYSTEM, accounts.wallet(member))


def test_it_comes_out_of_the_budget_into_the_group(line):
    packet = issued(line)
    assert finance.budget_left(SYSTEM, [line.pk])[line.pk] == 99_000
    assert ledger.balance(SYSTEM, accounts.packet(packet.pk)) == 1_000
    assert sum(Share.objects.values_list("fen", flat=True)) == 1_000
    assert Message.objects.get(kind="packet").ref == packet.pk


def test_each_gets_one_share_and_the_second_tap_shows_the_same(line):
    members = seated(line, 3)
    packet = issued(line)
    first = actions.claim(SYSTEM, packet.pk, members)
    assert [c.outcome for c in first] == [Opened.NOW] * 3
    again = actions.claim(SYSTEM, packet.pk, members)
    assert again == [Claimed(Opened.BEFORE, c.fen) for c in first]
    assert [wallet(m) for m in members] == [c.fen for c in first]


def test_a_double_tap_in_one_batch_is_one_share(line):
    (member,) = seated(line, 1)
    packet = issued(line)
    first, second = actions.claim(SYSTEM, packet.pk, [member, member])
    assert first.fen == second.fen
    assert wallet(member) == first.fen


def test_who_comes_after_the_last_share_is_told_it_is_gone(line):
    members = seated(line, 12)
    packet = issued(line)
    outcomes = [c.outcome for c in actions.claim(SYSTEM, packet.pk, members)]
    assert outcomes == [Opened.NOW] * 10 + [Opened.GONE] * 2
    packet.refresh_from_db()
    assert (packet.taken_fen, packet.closed_at) == (1_000, local(1, 12, 30))
    assert ledger.balance(SYSTEM, accounts.packet(packet.pk)) == 0


def test_nobody_outside_the_group_gets_anything(line):
    packet = issued(line)
    (stranger,) = people(1)
    assert actions.claim(SYSTEM, packet.pk, [stranger]) == [Claimed(Opened.OUTSIDE)]
    with pytest.raises(Packet.DoesNotExist):
        queries.packet(Actor(Role.MEMBER, stranger), packet.pk)


def test_the_last_instant_counts_and_then_the_rest_goes_back(line, clock):
    members = seated(line, 2)
    packet = issued(line)
    clock(local(1, 14, 30))
    (got,) = actions.claim(SYSTEM, packet.pk, members[:1])
    clock(local(1, 14, 30) + timedelta(microseconds=1))
    assert actions.claim(SYSTEM, packet.pk, members[1:]) == [Claimed(Opened.EXPIRED)]
    assert actions.expire_due(SYSTEM) == 1
    assert actions.expire_due(SYSTEM) == 0
    assert queries.totals([line.pk])[line.pk] == {
        "issued": 1_000,
        "claimed": got.fen,
        "returned": 1_000 - got.fen,
    }
    assert finance.budget_left(SYSTEM, [line.pk])[line.pk] == 100_000 - got.fen


def test_at_the_last_instant_an_empty_packet_is_gone_and_not_yet_over(line, clock):
    members = seated(line, 11)
    packet = issued(line)
    actions.claim(SYSTEM, packet.pk, members[:10])
    clock(local(1, 14, 30))
    assert actions.claim(SYSTEM, packet.pk, members[10:]) == [Claimed(Opened.GONE)]


def test_each_step_of_a_packet_is_in_the_journal(line, clock):
    (member,) = seated(line, 1)
    packet = issued(line)
    (got,) = actions.claim(SYSTEM, packet.pk, [member])
    clock(local(1, 15))
    actions.expire_due(SYSTEM)
    steps = ["PacketIssued", "ShareTaken", "PacketClosed"]
    said = Entry.objects.filter(line=line.pk, kind__in=steps).order_by("id")
    assert [(entry.kind, entry.member) for entry in said] == [
        ("PacketIssued", None),
        ("ShareTaken", member),
        ("PacketClosed", None),
    ]
    fen = [said[0].data["fen"], said[1].data["fen"], said[2].data["returned_fen"]]
    assert fen == [1000, got.fen, 1000 - got.fen]


def test_a_packet_that_is_empty_is_closed_with_nothing_to_return(line):
    members = seated(line, 10)
    actions.claim(SYSTEM, issued(line).pk, members)
    assert Entry.objects.get(kind="PacketClosed").data["returned_fen"] == 0


def test_who_opens_a_packet_is_active_that_day(line):
    first, _second = seated(line, 2)
    packet = issued(line)
    ActiveDay.objects.all().delete()
    actions.claim(SYSTEM, packet.pk, [first])
    assert list(ActiveDay.objects.values_list("member_id", flat=True)) == [first]


def test_two_packets_that_use_up_one_budget(clock):
    line = open_line(budget_fen=1_500)
    members = seated(line, 10)
    actions.claim(SYSTEM, issued(line).pk, members)
    live_until(local(2, 12, 30))
    first, second = Beat.objects.filter(line=line, kind="packet").order_by("due_at")[:2]
    assert first.state == BeatState.DONE
    assert (second.state, second.outcome) == (BeatState.FAILED, {"code": "budget-empty"})
    assert Packet.objects.get().pk == first.pk


def test_who_opened_one_packet_opens_the_next_one_too(line):
    (member,) = seated(line, 1)
    first = actions.claim(SYSTEM, issued(line).pk, [member])
    live_until(local(2, 12, 30))
    next_one = Packet.objects.filter(line=line).latest("expires_at")
    second = actions.claim(SYSTEM, next_one.pk, [member])
    assert second == [Claimed(Opened.NOW, 200)]
    assert wallet(member) == first[0].fen + 200


def test_the_luckiest_is_the_largest_share_and_the_earlier_of_equals(line):
    members = seated(line, 10)
    packet = issued(line)
    claimed = actions.claim(SYSTEM, packet.pk, members)
    host = Actor(Role.MEMBER, line.host_id)
    shares = queries.taken(host, packet.pk)
    best = max(c.fen for c in claimed)
    assert queries.luckiest(shares) == members[[c.fen for c in claimed].index(best)]


def test_many_hands_at_once_take_every_share_exactly_once(line):
    members = seated(line, 15)
    packet = issued(line)
    start = threading.Barrier(5)

    def tap(mine):
        start.wait()
        for _ in range(2):
            for member in mine:
                actions.claim(SYSTEM, packet.pk, [member])
        connection.close()

    hands = [threading.Thread(target=tap, args=(members[n::5],)) for n in range(5)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    packet.refresh_from_db()
    assert (packet.taken, packet.taken_fen) == (10, 1_000)
    assert sorted(wallet(m) for m in members)[:5] == [0] * 5
    assert sum(wallet(m) for m in members) == 1_000


def test_a_batch_costs_a_handful_of_statements(line, django_assert_max_num_queries):
    members = seated(line, 10)
    packet = issued(line)
    with django_assert_max_num_queries(25):
        actions.claim(SYSTEM, packet.pk, members)
