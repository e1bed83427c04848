"""Budgets, payouts by two people, and the movements of money."""

import csv
import io

import pytest

from loop28.back.finance import actions as finance
from loop28.back.finance.models import Export, Payout
from loop28.front.packets import actions as packets
from loop28.front.packets.models import Packet
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.ui.text import yuan
from tests.factories import region
from tests.line_kit import live_until, local, open_line, seated

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(line):
    """Two members who asked for a fen each; what they typed would be formulas in a spreadsheet."""
    chosen = seated(line, 2)
    live_until(local(1, 12, 30))
    packets.claim(SYSTEM, Packet.objects.get().pk, chosen)
    for member, payee in zip(chosen, ("=cmd|' /C calc'!A0", "@SUM(1)"), strict=True):
        finance.ask_payout(Actor(Role.MEMBER, member), 1, payee, "+86 1", f"k{member}", adult=True)
    return list(Payout.objects.order_by("id"))


def test_one_exports_and_another_marks_paid(desk, asked):
    first, second = desk("finance"), desk("finance")
    where = first.post("/console/payouts/export")["Location"]
    number = Export.objects.get().pk
    assert where == f"/console/payouts/lists/{number}"
    paid = {"payout": [payout.pk for payout in asked]}
    answer = first.post(f"{where}/paid", paid, follow=True).content.decode()
    assert "Somebody else has to confirm this" in answer
    assert 'name="payout"' not in answer
    answer = second.post(f"{where}/paid", paid, follow=True).content.decode()
    assert "2 payouts are marked paid" in answer
    assert set(Payout.objects.values_list("state", flat=True)) == {"paid"}


def test_only_what_is_on_the_list_is_marked_by_it(desk, asked):
    where = desk("finance").post("/console/payouts/export")["Location"]
    second = desk("finance")
    for chosen in ([], [asked[0].pk, 987654], ["x"], ["9" * 30], ["9" * 5_000]):
        answer = second.post(f"{where}/paid", {"payout": chosen}, follow=True)
        assert "Choose what was paid" in answer.content.decode()
    assert set(Payout.objects.values_list("state", flat=True)) == {"exported"}


def test_a_long_list_has_pages_and_what_is_open_comes_first(desk, asked, monkeypatch):
    monkeypatch.setattr("loop28.doors.console.finance.TICKED", 1)
    where, second = desk("finance").post("/console/payouts/export")["Location"], desk("finance")
    for payout in asked:
        page = second.get(where).content.decode()
        assert page.count('name="payout"') == 1
        assert f'value="{payout.pk}"' in page
        assert yuan(2) in page  # the whole list
        second.post(f"{where}/paid", {"payout": [payout.pk]})
    assert 'name="payout"' not in second.get(where).content.decode()
    assert set(Payout.objects.values_list("state", flat=True)) == {"paid"}


def test_no_cell_of_the_file_is_a_formula(desk, asked):
    client = desk("finance")
    where = client.post("/console/payouts/export")["Location"]
    response = client.get(f"{where}/file")
    text = response.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[2] for row in rows[1:]] == ["'=cmd|' /C calc'!A0", "'@SUM(1)"]
    assert [row[3] for row in rows[1:]] == ["'+86 1", "'+86 1"]
    assert [row[4] for row in rows[1:]] == ["0.01", "0.01"]
    assert "attachment" in response["Content-Disposition"]


def test_rejecting_needs_a_reason_and_gives_the_money_back(desk, asked):
    client, where = desk("finance"), f"/console/payouts/{asked[0].pk}/reject"
    assert "Please fill in" in client.post(where, {"reason": ""}, follow=True).content.decode()
    client.post(where, {"reason": "the account is closed"})
    asked[0].refresh_from_db()
    assert (asked[0].state, asked[0].reason) == ("rejected", "the account is closed")
    page = client.get("/console/payouts?state=rejected").content.decode()
    assert "the account is closed" in page


def test_an_auditor_reads_payouts_and_changes_none(desk, asked):
    client = desk("auditor")
    page = client.get("/console/payouts").content.decode()
    assert "@SUM(1)" in page
    assert "/console/payouts/export" not in page
    assert client.post("/console/payouts/export").status_code == 403


def test_with_nobody_waiting_no_list_is_made(desk, db):
    page = desk("finance").post("/console/payouts/export", follow=True).content.decode()
    assert "Nobody is waiting to be paid" in page


def test_budgets_show_the_emptiest_first_and_a_region_its_own(desk, line):
    short = open_line(code="HN", budget_fen=500)
    context = desk("finance").get("/console/budgets").context
    assert [f.line.pk for f in context["rows"]] == [short.pk, line.pk]
    own = desk("region_manager", region("HD")).get("/console/budgets").context
    assert [f.line.pk for f in own["rows"]] == [line.pk]


def test_the_ledger_is_read_by_owner(desk, asked, line):
    client = desk("auditor")
    assert line.code in client.get("/console/ledger").content.decode()
    context = client.get("/console/ledger", {"owner": f"line:{line.pk}"}).context
    owners = {a.owner for t in context["page"].object_list for a in (t.debit, t.credit)}
    assert f"line:{line.pk}" in owners
    assert f"member:{asked[0].member}" not in owners
    for odd in ("x", "line:💥", "'", "line:" + "9" * 60):
        assert client.get("/console/ledger", {"owner": odd}).status_code == 200
