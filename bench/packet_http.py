"""A run on one red packet over HTTP: everybody taps at once, and taps again."""

from django.db import connection
from django.db.models import Count, Sum
from django.urls import reverse

from bench.load import bring, request
from bench.results import percentile
from bench.servers import cpu_seconds, web_server
from bench.stage import cookies, live_until, open_lines
from loop28.front.packets.models import Packet, Share
from loop28.insight import audit

SMALL = {"people": 20, "shares": 5}


def measure(people: int = 500, shares: int = 100) -> dict[str, float]:
    """Seconds from the first tap until all taps are answered, and within which 99 of 100 were.

    Both taps of a person are under way at once, as from a phone that was tapped twice. The page to
    which an answer leads is then fetched in a second run, once by everybody.
    """
    (line,) = open_lines(1, people_each=people, shares=shares)
    packet = line.packets()[0]
    live_until(packet.due_at)
    phones = cookies(line.people)
    page, tap = reverse("packet", args=[packet.pk]), reverse("packet-open", args=[packet.pk])
    with web_server() as (port, process):
        before = cpu_seconds(process)
        tapped = bring("rush", port=port, requests=[request("POST", tap, p) for p in phones] * 2)
        used = cpu_seconds(process) - before
        looked = bring("rush", port=port, requests=[request("GET", page, p) for p in phones])
    assert tapped["statuses"] == {"302": 2 * people}, tapped["statuses"]
    assert looked["statuses"] == {"200": people}, looked["statuses"]
    _check_books(packet.pk, min(people, shares))
    return {
        "value": tapped["total"],
        "p99_s": percentile(tapped["seconds"], 99),
        "web_cpu_s": used,
        "pages_after_s": looked["total"],
    }


def _check_books(packet_id: int, winners: int) -> None:
    """Exactly so many people have a share, one each; the packet and the whole ledger add up."""
    connection.close()  # what the web processes wrote is read afresh
    packet = Packet.objects.get(beat_id=packet_id)
    opened = Share.objects.filter(packet=packet, member__isnull=False)
    counted = opened.aggregate(people=Count("member", distinct=True), fen=Sum("fen"))
    assert opened.count() == counted["people"] == packet.taken == winners, (counted, packet.taken)
    assert counted["fen"] == packet.taken_fen
    assert (packet.taken_fen == packet.total) is (packet.taken == packet.count)
    assert not audit.differences(), audit.differences()
