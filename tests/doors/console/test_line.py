"""The page of one line: calendar, people, packets, money, journal."""

from dataclasses import fields
from uuid import uuid4

import pytest

from loop28.back.finance import queries as finance
from loop28.doors.console import phrases, sentences, topics
from loop28.front.lines import actions as lines
from loop28.front.lines.models import Beat, Enrollment, Invitation, OptIn
from loop28.front.packets import actions as packets
from loop28.front.packets.models import Packet
from loop28.front.tasks import actions as tasks
from loop28.front.tasks.models import Assignment
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal.facts import KINDS
from loop28.kernel.journal.models import Entry
from loop28.middle.members import actions as members
from loop28.middle.orders import actions as orders
from loop28.middle.orders.rules import ReportedOrder
from tests.factories import region
from tests.line_kit import live_until, local, open_line, people, seated

pytestmark = pytest.mark.django_db


def _page(client, line, rest="") -> str:
    response = client.get(f"/console/lines/{line.pk}{rest}")
    assert response.status_code == 200
    text: str = response.content.decode()
    return text


# ── Who sees it ─────────────────────────────────────────────────────────────────────────────────

TABS = [
    *("", "/calendar", "/calendar/2", "/members", "/invitations"),
    *("/packets", "/tasks", "/budget", "/journal"),
]


@pytest.mark.parametrize("rest", TABS)
def test_every_tab_opens_before_during_and_after_the_line(desk, line, rest):
    client = desk()
    for moment in (local(0, 13), local(3, 13), local(6, 13)):
        live_until(moment)
        _page(client, line, rest)


@pytest.mark.parametrize("rest", TABS)
def test_another_regions_line_does_not_exist_for_a_manager(desk, line, rest):
    _page(desk("region_manager", region("HD")), line, rest)
    other = desk("region_manager", region("HN"))
    assert other.get(f"/console/lines/{line.pk}{rest}").status_code == 404


# ── Calendar ────────────────────────────────────────────────────────────────────────────────────


def test_the_calendar_tells_done_next_late_skipped_and_failed(desk, at):
    line = open_line(budget_fen=500)
    live_until(local(3, 12, 45))
    Beat.objects.filter(key="d4-noon").update(due_at=local(3, 9))
    client = desk()
    looks: dict[str, str] = {}
    for day in range(1, 6):
        context = client.get(f"/console/lines/{line.pk}/calendar/{day}").context
        looks |= {row.first.key: row.look for row in context["chosen"].rows}
    assert looks["d1-talk"] == "done"
    assert looks["d2-evening"] == "skipped"
    assert looks["d2-packet"] == "failed"
    assert looks["d3-tasks"] == "done"
    assert looks["d4-noon"] == "late"
    assert looks["d3-evening"] == "next"
    assert looks["d5-close"] == "ahead"
    states = {day.number: day.look for day in context["days"]}
    assert (states[1], states[4], states[5]) == ("failed", "late", "ahead")


def test_a_talk_is_one_row_with_all_its_messages(desk, line):
    live_until(local(1, 19, 41))
    rows = desk().get(f"/console/lines/{line.pk}/calendar/1").context["chosen"].rows
    talk = next(row for row in rows if row.first.kind == "talk")
    assert (len(talk.parts), talk.sent) == (7, 3)


def test_a_card_is_sent_for_the_host_from_its_day(desk, line):
    live_until(local(2, 19, 20))
    client = desk("region_manager", region("HD"))
    card = Beat.objects.get(key="d2-evening")
    assert f"/beats/{card.pk}/do" in _page(client, line, "/calendar/2")
    client.post(f"/console/lines/{line.pk}/beats/{card.pk}/do")
    card.refresh_from_db()
    assert card.state == "done"
    assert "20 minutes late" in _page(client, line, "/calendar/2")
    answer = client.post(f"/console/lines/{line.pk}/beats/{card.pk}/do", follow=True)
    assert "already done or skipped" in answer.content.decode()


def test_tomorrows_card_has_no_button_yet(desk, line):
    live_until(local(1, 12))
    card = Beat.objects.get(key="d2-evening")
    assert f"/beats/{card.pk}/do" not in _page(desk(), line, "/calendar/2")


def test_a_packet_that_failed_is_tried_again_once_there_is_money(desk, at):
    line = open_line(budget_fen=500)
    live_until(local(1, 12, 31))
    failed = Beat.objects.get(key="d1-packet")
    client = desk()
    again = f"/console/lines/{line.pk}/beats/{failed.pk}/again"
    client.post(again)
    failed.refresh_from_db()
    assert failed.state == "failed"
    client.post(f"/console/lines/{line.pk}/budget", {"fen": "100", "key": uuid4()})
    client.post(again)
    failed.refresh_from_db()
    assert failed.state == "done"
    assert Packet.objects.get().total == 1_000
    assert "did not fail" in client.post(again, follow=True).content.decode()
    assert Packet.objects.count() == 1


def test_a_beat_of_another_line_is_not_done_through_this_one(desk, line):
    other = open_line()
    card = Beat.objects.get(line=other, key="d2-evening")
    assert desk().post(f"/console/lines/{line.pk}/beats/{card.pk}/do").status_code == 404


# ── People ──────────────────────────────────────────────────────────────────────────────────────


def test_members_are_found_forgivingly_and_shown_by_what_they_did(desk, line):
    ann, ben = seated(line, 2)
    members.rename(SYSTEM, ann, "Ａnna 陈")
    live_until(local(2, 20, 30))
    lines.let_in(SYSTEM, line.pk, [ann])
    client = desk()

    def shown(**search: str) -> set[int]:
        response = client.get(f"/console/lines/{line.pk}/members", search)
        return {seat.enrollment.member_id for seat in response.context["page"].object_list}

    assert shown() == {ann, ben}
    assert shown(q="ANNA陈") == {ann}
    assert shown(show="opted-in") == {ann}
    assert shown(show="not-opted-in") == {ben}
    assert shown(show="waiting") == set()
    assert shown(show="💥", q="x" * 5_000) == set()


def test_an_operator_lets_somebody_in_and_stays_where_they_were(desk, line):
    (ann,) = seated(line, 1)
    live_until(local(2, 20, 30))
    client = desk()
    response = client.post(
        f"/console/lines/{line.pk}/members/{ann}/let-in", {"back": "show=not-opted-in"}
    )
    assert response["Location"] == f"/console/lines/{line.pk}/members?show=not-opted-in"
    assert OptIn.objects.get().via == "operator"


def test_nobody_is_let_in_who_has_no_seat(desk, line):
    (stranger,) = people(1)
    live_until(local(2, 20, 30))
    client = desk()
    assert client.post(f"/console/lines/{line.pk}/members/{stranger}/let-in").status_code == 404


def test_every_number_of_the_funnel_opens_as_many_rows(desk, line):
    chosen = seated(line, 5)
    live_until(local(2, 20, 30))
    lines.let_in(SYSTEM, line.pk, chosen[:3])
    live_until(local(4, 9))
    done = Assignment.objects.filter(member_id__in=chosen[:2])
    tasks.complete(SYSTEM, [(row.pk, "x") for row in done if row.closes_at > local(4, 9)])
    live_until(local(5, 10))
    sale = ReportedOrder(
        shop="s", external_id="1", member=chosen[1], fen=100, paid_at=local(5, 9), buyer="b"
    )
    orders.report(SYSTEM, [sale])
    client = desk()
    funnel = client.get(f"/console/lines/{line.pk}").context["funnel"]
    assert [number for _label, number, _address in funnel] == [5, 3, 2, 1, 1]
    for _label, number, address in funnel:
        assert client.get(address).context["page"].paginator.count == number


def test_the_page_says_who_brought_how_many_and_gives_each_a_link(desk, line):
    seated(line, 3)
    client = desk()
    rows = client.get(f"/console/lines/{line.pk}/invitations").context["rows"]
    assert [(row.joined, row.is_host) for row in rows] == [(3, True)]
    path = rows[0].link.partition("//")[2].partition("/")[2]
    assert client.get(f"/{path}").status_code == 200
    number = Invitation.objects.get().pk
    assert rows[0].link in _page(client, line, f"/invitations/{number}")
    assert client.get(f"/console/lines/{line.pk}/invitations/{number + 1}").status_code == 404


def test_links_are_shown_to_those_who_run_lines_alone(desk, line):
    assert "/j/" not in _page(desk("finance"), line, "/invitations")


def test_a_strange_name_breaks_no_page(desk, line):
    (ann,) = seated(line, 1)
    members.rename(SYSTEM, ann, "<b>\u202e👨‍👩‍👧‍👦&amp;{{x}}%(y)s")
    client = desk()
    for rest in ("/members", "/journal?topic=people"):
        page = _page(client, line, rest)
        assert "<b>" not in page.partition("<main")[2].partition("👨")[0][-20:]
        assert "&lt;b&gt;" in page


# ── Packets and money ───────────────────────────────────────────────────────────────────────────


def test_a_packets_page_says_who_got_what_and_who_was_luckiest(desk, line):
    chosen = seated(line, 3)
    live_until(local(1, 12, 30))
    packet = Packet.objects.get()
    packets.claim(SYSTEM, packet.pk, chosen)
    client = desk()
    assert packet.title in _page(client, line, "/packets")
    page = _page(client, line, f"/packets/{packet.pk}")
    assert page.count("luckiest") == 1
    assert client.get(f"/console/lines/{line.pk}/packets/{packet.pk + 1}").status_code == 404


def test_money_is_added_once_however_often_the_form_is_sent(desk, line):
    client, key = desk("finance"), uuid4()
    for _ in range(3):
        client.post(f"/console/lines/{line.pk}/budget", {"fen": "12.50", "key": key})
    assert finance.budget_left(SYSTEM, [line.pk])[line.pk] == 101_250
    again = client.post(f"/console/lines/{line.pk}/budget", {"fen": "99", "key": key})
    assert (again.status_code, "already sent" in again.content.decode()) == (422, True)


def test_who_only_reads_adds_no_money(desk, line):
    data = {"fen": "12.50", "key": uuid4()}
    assert desk("auditor").post(f"/console/lines/{line.pk}/budget", data).status_code == 403
    assert finance.budget_left(SYSTEM, [line.pk])[line.pk] == 100_000


def test_the_movements_of_a_budget_name_their_packets(desk, line):
    live_until(local(1, 12, 30))
    assert Packet.objects.get().title in _page(desk(), line, "/budget")


# ── Journal ─────────────────────────────────────────────────────────────────────────────────────


def test_every_fact_of_a_line_has_a_sentence(at):
    of_lines = {name for name, kind in KINDS.items() if "line" in {f.name for f in fields(kind)}}
    assert of_lines <= set(phrases.SENTENCES)


def test_the_journal_of_a_whole_line_reads_as_sentences(desk, line):
    chosen = seated(line, 3)
    lines.leave(SYSTEM, line.pk, chosen[2])
    live_until(local(1, 12, 30))
    packets.claim(SYSTEM, Packet.objects.get().pk, chosen[:2])
    live_until(local(2, 20, 30))
    lines.let_in(SYSTEM, line.pk, chosen[:2])
    live_until(local(6, 0))
    client = desk()
    kinds = set(Entry.objects.filter(line=line.pk).values_list("kind", flat=True))
    assert len(kinds) >= 12
    for topic in topics.TOPICS:
        context = client.get(f"/console/lines/{line.pk}/journal?topic={topic}").context
        for said in context["entries"]:
            assert said.words not in KINDS
            assert "%(" not in said.words


def test_a_member_whose_record_is_gone_is_somebody(line):
    Enrollment.objects.all().delete()
    entry = Entry(kind="MemberLeftLine", actor="system:0", data={"line": 1, "member": 987654})
    (said,) = sentences.read(line, [entry])
    assert said.words
