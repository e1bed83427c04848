"""A member takes their data along in one file, and asks to be erased."""

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse

from loop28.front.privacy import queries
from loop28.kernel import clock
from loop28.kernel.access import Actor, Role
from loop28.kernel.journal.models import Entry
from loop28.middle.members import actions as members
from tests.factories import member
from tests.front.privacy.kit import leave_traces
from tests.phones import phone, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def english():
    def of(number):
        client = phone(number)
        client.cookies["django_language"] = "en"
        return client

    return of


def taken(client):
    asked = client.post(reverse("own-data"))
    return asked["Location"], zipfile.ZipFile(io.BytesIO(client.get(asked["Location"]).content))


def test_one_file_holds_everything_they_left(at, settings, tmp_path):
    from tests.front.evidence.kit import open_line, passing

    settings.MEDIA_ROOT = tmp_path
    (who,) = passing(line := open_line())
    traces = leave_traces(line, who)
    _address, file = taken(phone(who))
    assert file.testzip() is None
    page = file.read("index.html").decode()
    told = file.read("data.json").decode()
    hidden = {traces.texts["machine's key"]}
    for what, text in traces.texts.items():
        assert (text in page and text in told) or text in hidden, what
    assert "你在群里说的话" in page
    assert file.read("pictures/1.jpg")[:2] == b"\xff\xd8"
    rows = list(csv.reader(io.StringIO(file.read("tables/messages.csv").decode("utf-8-sig"))))
    assert [row[2] for row in rows[1:]] == [traces.texts["phone"], traces.texts["chat"]]
    assert json.loads(told)["me"][0]["编号"] == who
    assert Entry.objects.get(kind="DataTaken").data["asked"] == "self"


def test_a_spreadsheet_runs_nothing_of_it(at, english):
    who = member("=1+1").pk
    _address, file = taken(english(who))
    assert "'=1+1" in file.read("tables/me.csv").decode()
    assert "Who you are" in file.read("index.html").decode()
    assert "<script" not in file.read("index.html").decode()


def test_the_link_is_theirs_alone_and_for_a_quarter_of_an_hour(at, english):
    one, other = member().pk, member().pk
    client = english(one)
    address, _file = taken(client)
    assert english(other).get(address).status_code == 404
    at(clock.now() + timedelta(minutes=16))
    assert client.get(address).status_code == 410
    address, _file = taken(client)
    members.end_links(Actor(Role.MEMBER, one), one)
    assert phone(one).get(address).status_code == 404


@pytest.mark.parametrize("word", ["erase", " Erase ", "注销", "ｅｒａｓｅ"])
def test_whoever_writes_the_word_is_noted_and_may_think_better_of_it(at, english, word):
    who = member().pk
    client = english(who)
    client.post(reverse("own-data-erase"), {"word": word})
    page = text_of(client.get(reverse("own-data")))
    assert "You will be erased" in page
    assert "Do not erase me" in page
    client.post(reverse("own-data-keep"))
    assert queries.wish(who) is None
    assert "Erase me" in text_of(client.get(reverse("own-data")))


@pytest.mark.parametrize("word", ["", "yes", "erase me", "注 销 我"])
def test_any_other_word_erases_nobody(at, english, word):
    who = member().pk
    answer = english(who).post(reverse("own-data-erase"), {"word": word})
    assert answer.status_code == 422
    assert queries.wish(who) is None
