"""What Prometheus is told: by whom it may be asked, and that the numbers are so."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from math import inf

import pytest
from django.db import OperationalError
from prometheus_client.parser import text_string_to_metric_families

from loop28.back.finance import actions as finance
from loop28.back.people import actions as people
from loop28.doors.operation import counts
from loop28.front.groups import actions as groups
from loop28.front.groups.chat import Outbound
from loop28.front.groups.models import Outgoing
from loop28.front.lines import beats
from loop28.front.lines.models import Beat
from loop28.front.tasks import intake
from loop28.kernel.access import SYSTEM
from loop28.kernel.clock import now
from loop28.kernel.jobs import pulse
from tests.line_kit import group, local, moving_clock, open_line
from tests.line_kit import people as members

TOKEN = "a-token-of-twenty-signs-or-more"
SHOWN = {"authorization": f"Bearer {TOKEN}"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def token(settings):
    settings.METRICS_TOKEN = TOKEN


@pytest.fixture
def clock(db):
    with moving_clock() as move:
        yield move


@pytest.fixture
def told(client):
    """Ask, and give the numbers by name and by the values of their labels."""

    def ask():
        answer = client.get("/metrics", headers=SHOWN)
        assert answer.status_code == 200
        families = text_string_to_metric_families(answer.content.decode())
        samples = [sample for family in families for sample in family.samples]
        return {(s.name.removeprefix("loop28_"), *s.labels.values()): s.value for s in samples}

    return ask


@pytest.mark.parametrize(
    "shown",
    ["", "Bearer", "Bearer ", TOKEN, f"Bearer {TOKEN}x", f"bearer {TOKEN[:-1]}", "Bearer é"],
)
def test_nobody_is_told_without_the_token(client, shown):
    answer = client.get("/metrics", headers={"authorization": shown})
    assert (answer.status_code, answer.content) == (401, b"")


def test_without_a_token_set_nobody_is_told_not_even_this_machine(client, settings):
    settings.METRICS_TOKEN = ""
    for headers in ({}, {"authorization": "Bearer "}, SHOWN):
        assert client.get("/metrics", headers=headers, REMOTE_ADDR="127.0.0.1").status_code == 404


def test_a_key_of_the_api_opens_no_numbers(client):
    key = people.make_key(SYSTEM, "prometheus")
    answer = client.get("/metrics", headers={"authorization": f"Bearer {key}"})
    assert answer.status_code == 401


def test_what_never_happened_is_endlessly_long_ago(told):
    found = told()
    ages = ("worker_silent_seconds", "audit_age_seconds", "watch_age_seconds")
    assert [found[(age,)] for age in ages] == [inf] * 3
    assert found[("database_up",)] == 1


def test_worker_and_audit_have_their_age(told, clock):
    pulse.beat("stuck", now())
    finance.note_audit(SYSTEM, 2)
    clock(now() + timedelta(minutes=5))
    pulse.beat("at work", now())
    found = told()
    assert found[("worker_silent_seconds",)] == 300
    assert found[("audit_age_seconds",)] == 300
    assert found[("audit_differences",)] == 2


def test_beats_are_due_late_and_done(told, clock):
    open_line()
    first = Beat.objects.filter(by_host=False).order_by("due_at").first()
    clock(first.due_at + timedelta(seconds=30))
    found = told()
    due = found[("beats_due",)]
    assert due >= 1
    assert (found[("beats_late",)], found[("beats_oldest_seconds",)]) == (0, 30)
    clock(first.due_at + timedelta(seconds=90))
    assert told()[("beats_late",)] == due
    beats.fire_due(SYSTEM)
    found = told()
    assert [found[(f"beats_{what}",)] for what in ("due", "late", "oldest_seconds")] == [0, 0, 0]


def test_beats_of_a_line_that_is_paused_are_not_due(told, clock):
    line = open_line()
    line.paused_at = now()
    line.save()
    clock(local(3, 10))
    assert told()[("beats_due",)] == 0


def test_what_waits_in_the_outbox_is_counted_apart_from_what_was_given_up(told, clock):
    line = open_line()
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr("loop28.front.groups.sending._try", lambda *_: "away")
        here = group(line)
        groups.send(SYSTEM, [Outbound(f"t{n}", here, "好", now()) for n in range(3)])
    Outgoing.objects.filter(key="t0").update(given_up_at=now())
    Outgoing.objects.filter(key="t1").update(given_up_at=now(), given_up_by="administrator:1")
    before = told()
    clock(now() + timedelta(minutes=2))
    found = told()
    assert found[("outbox_given_up",)] == 1
    assert found[("outbox_waiting",)] == before[("outbox_waiting",)] >= 1
    assert found[("outbox_oldest_seconds",)] == before[("outbox_oldest_seconds",)] + 120


def test_a_database_that_is_away_is_told_and_requests_are_all_the_same(told, monkeypatch):
    def away():
        raise OperationalError("away")

    monkeypatch.setattr("loop28.kernel.clock.now", away)
    found = told()
    assert found[("database_up",)] == 0
    assert ("beats_due",) not in found
    assert any(name[0] == "requests_total" for name in found)


def test_a_request_is_counted_by_its_route_and_what_leads_nowhere_has_one_name(client, told):
    refused = str(client.get("/m/one").status_code)
    before = told()
    for where in ("/m/two", "/m/three", "/nowhere/1", "/nowhere/2", "/static/nothing.css"):
        client.get(where)
    client.generic("BREW", "/livez")
    found = told()

    def more(*name):
        return found.get(name, 0) - before.get(name, 0)

    assert more("requests_total", "GET", "personal_link", refused) == 2
    assert more("requests_total", "GET", "none", "404") == 2
    assert more("requests_total", "GET", "static", "404") == 1
    assert more("requests_total", "other", "livez", "405") == 1
    assert more("request_seconds_count", "personal_link") == 2
    assert not any("two" in part or "nowhere" in part for name in found for part in name)


def test_facts_are_counted_by_what_became_of_them_and_poison_is_named(client, told, monkeypatch):
    (somebody,) = members(1)
    key = people.make_key(SYSTEM, "till")
    before = told()

    def send(*keys):
        at = "2026-03-02T19:30:00+08:00"
        sent = [{"key": k, "kind": "seen", "member": somebody, "at": at} for k in keys]
        headers = {"authorization": f"Bearer {key}"}
        body = json.dumps({"facts": sent})
        client.post("/api/facts", body, content_type="application/json", headers=headers)

    send("a", "a", "b")
    monkeypatch.setattr(intake, "receive", lambda *_: 1 / 0)
    send("c")
    found = told()
    more = {n[1]: found[n] - before.get(n, 0) for n in found if n[0] == "facts_total"}
    assert {name: count for name, count in more.items() if count} == {
        "kept": 2,
        "duplicate": 1,
        "poison": 1,
    }


COUNT = """
from loop28.doors.operation import counts
counts.REQUESTS.labels("home", "GET", 200).inc()
"""


def test_what_several_processes_counted_is_added_up_also_of_those_that_ended(tmp_path):
    here = os.environ | {counts.FOLDER: str(tmp_path)}
    for _ in range(2):
        subprocess.run([sys.executable, "-c", COUNT], env=here, check=True)  # noqa: S603
    asks = COUNT + "from prometheus_client import generate_latest\n"
    asks += "print(generate_latest(counts.registry()).decode())"
    said = subprocess.run(  # noqa: S603
        [sys.executable, "-c", asks], env=here, check=True, capture_output=True
    )
    assert b'loop28_requests_total{method="GET",route="home",status="200"} 3.0' in said.stdout
