"""What the log says about requests, and what it never says about people."""

import io
import json
import logging
import re
from threading import Event
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from loop28 import urls
from loop28.back.people import actions as people_actions
from loop28.doors import gate
from loop28.front.groups.chat import NotSent
from loop28.front.referrals import sharing
from loop28.kernel import logs
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.kernel.jobs import loop
from loop28.middle.members import actions as members
from loop28.middle.members.models import Member
from tests.factories import member, staff
from tests.line_kit import group, moving_clock, open_line, seated
from tests.phones import phone, text_of

NAME, PHONE, TEXT = "欧阳吉祥", "13912345678", "明天把钱带来"
PLANTED = [NAME, PHONE, TEXT, json.dumps(NAME)[1:-1], json.dumps(TEXT)[1:-1]]


def _break(request: HttpRequest, token: str) -> HttpResponse:
    """As a bug would: the database quotes the row it refuses, and Python the value."""
    try:
        _refused_row()
    except IntegrityError as refused:
        raise ValueError(f"{NAME} {PHONE} {token}") from refused
    return HttpResponse()


def _refused_row() -> None:
    with transaction.atomic():
        Member.objects.create(name=NAME, created_at=None)


urlpatterns = [path("break/<str:token>", _break, name="break"), *urls.urlpatterns]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def written():
    """Everything that any logger writes as it would in production."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.Lines())
    ours = logging.getLogger("loop28")
    logging.getLogger().addHandler(handler)
    level = ours.level
    ours.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    ours.setLevel(level)
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def line(db):
    with moving_clock():
        yield open_line()


def _of(lines: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(line.get(name) for name in names) for line in lines]


def test_a_request_is_one_line_with_who_and_how_it_ended(line, written):
    (somebody,) = seated(line, 1)
    page = phone(somebody)
    before = len(written())
    answer = page.get(f"/group/{group(line)}?q={PHONE}")
    Client().get("/today")
    user = staff()
    console = Client()
    console.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    console.get("/console/")
    lines = written()[before:]
    assert _of(lines, "route", "method", "status", "actor") == [
        ("group", "GET", 200, f"member:{somebody}"),
        ("today", "GET", 403, None),
        ("war-room", "GET", 200, f"administrator:{user.pk}"),
    ]
    assert lines[0]["request"] == answer["X-Request-Id"]
    assert len({one["request"] for one in lines}) == 3
    assert all(isinstance(one["ms"], int) for one in lines)


def test_a_machine_is_told_by_its_number(line, written):
    key = people_actions.make_key(SYSTEM, "till")
    headers = {"authorization": f"Bearer {key}"}
    Client().post("/api/facts", '{"facts": []}', content_type="application/json", headers=headers)
    (said,) = written()
    assert said["actor"].startswith("machine:")
    assert key not in str(said)


def test_what_is_asked_all_day_and_went_well_is_not_written(line, written):
    (somebody,) = seated(line, 1)
    page = phone(somebody)
    shown = text_of(page.get(f"/group/{group(line)}"))
    version = re.search(r'name="version" value="(\d+)"', shown)[1]
    before = len(written())
    query = {"version": version, "after": "0", "pinned": "0"}
    assert page.get(f"/group/{group(line)}/new", query).status_code == 204
    Client().get("/livez")
    assert Client().head("/static/ui/tokens.css").status_code == 200
    assert len(written()) == before
    Client().get("/readyz")  # 503: no worker runs beside a test
    Client().get("/static/nothing.css")
    assert _of(written()[before:], "route", "status") == [("readyz", 503), ("static", 404)]


def test_what_a_request_logs_carries_its_number(line, written):
    answer = Client(raise_request_exception=False).get("/break/x")
    assert len(written()) == 2
    broken, request = written()
    assert broken["request"] == request["request"] == answer["X-Request-Id"]
    assert request["status"] == 500
    kinds = [error["kind"] for error in broken["errors"]]
    assert kinds[:2] == ["builtins.ValueError", "django.db.utils.IntegrityError"]
    assert any("test_requests.py" in place for place in broken["errors"][0]["at"])


def test_no_name_phone_number_text_or_signed_link_is_in_any_log(line, written, monkeypatch):
    """Planted wherever people and machines put such things, in what works and in what breaks."""
    (somebody,) = seated(line, 1)
    members.rename(SYSTEM, somebody, NAME)
    user = staff(password="eight-lanterns-hang")
    link = gate.personal_link(somebody, f"/today?phone={PHONE}")
    one_time = people_actions.make_key(SYSTEM, "till")
    share = sharing.share(Actor(Role.MEMBER, somebody), line.pk, "product", place=PHONE)
    page = phone(somebody)
    page.get(link.replace("http://localhost:8028", ""))
    page.post(f"/group/{group(line)}/say", {"text": f"{TEXT} {PHONE}", "key": str(uuid4())})
    page.post("/me", {"name": NAME, "phone": PHONE})
    Client().get(f"/s/{share.token}?from={PHONE}", headers={"user-agent": NAME.encode().hex()})
    Client().post("/console/sign-in", {"username": PHONE, "password": TEXT, "next": f"/{PHONE}"})
    Client().post(
        "/console/sign-in", {"username": user.username, "password": "eight-lanterns-hang"}
    )
    headers = {"authorization": f"Bearer {one_time}"}
    told = json.dumps({"facts": [{"key": PHONE, "kind": "seen", "member": 0, "at": TEXT}]})
    Client().post("/api/facts", told, content_type="application/json", headers=headers)
    broken = Client(raise_request_exception=False)
    broken.get(f"/break/{PHONE}?name={NAME}")
    broken.get(f"/nowhere/{PHONE}", headers={"host": f"a{PHONE}.example"})
    broken.post("/consent", {"next": PHONE}, headers={"referer": f"https://x/{PHONE}"})
    _worker_breaks(monkeypatch)

    lines = written()
    assert len(lines) > 10
    assert any(one.get("job") for one in lines)
    everything = "\n".join(json.dumps(one) for one in lines)
    secrets = [link.rpartition("/m/")[2].partition("?")[0], share.token, one_time]
    for planted in [*PLANTED, *secrets, "eight-lanterns-hang"]:
        assert planted not in everything


def _worker_breaks(monkeypatch) -> None:
    """A round of the worker in which everything goes wrong that can quote somebody."""
    stop = Event()

    def quotes(now):
        raise NotSent(f"{NAME} {PHONE} {TEXT}")

    def refused(now):
        _refused_row()

    def ends(now):
        stop.set()

    monkeypatch.setattr(loop, "_jobs", [quotes, refused, ends])
    monkeypatch.setattr(loop, "close_old_connections", lambda: None)
    loop.work_until(stop, "one")


def test_the_planted_things_would_be_found(written):
    """The search itself is not blind: a careless line is caught."""
    logging.getLogger("loop28.careless").warning("%s called from %s", NAME, PHONE)
    everything = "\n".join(json.dumps(one) for one in written())
    assert json.dumps(NAME)[1:-1] in everything
    assert PHONE in everything


def test_a_new_member_is_no_more_than_a_number(written):
    somebody = member()
    phone(somebody.pk).get("/me")
    assert written()[-1]["actor"] == f"member:{somebody.pk}"
