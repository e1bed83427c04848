"""On a member's word staff make their file, note their wish, or erase them at once."""

import io
import zipfile

import pytest
from django.urls import reverse

from loop28.front.privacy import queries
from loop28.kernel.journal.models import Entry
from loop28.middle.members import queries as members
from tests.factories import member
from tests.phones import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def who(at):
    return member("欧阳芳华").pk


def story(client, who):
    return text_of(client.get(reverse("member", args=[who])))


def test_the_file_is_for_who_asked_for_it_and_says_how_they_did(desk, who):
    mine, other = desk(), desk()
    asked = mine.post(reverse("member-data", args=[who]), {"asked": "spoken"})
    file = zipfile.ZipFile(io.BytesIO(mine.get(asked["Location"]).content))
    assert "欧阳芳华" in file.read("index.html").decode()
    assert other.get(asked["Location"]).status_code == 404
    assert Entry.objects.get(kind="DataTaken").data["asked"] == "spoken"
    assert "asked in person or by phone" in story(mine, who)


def test_without_saying_how_they_asked_nothing_is_made(desk, who):
    for asked in ("", "self", "nonsense"):
        desk().post(reverse("member-data", args=[who]), {"asked": asked})
    assert not Entry.objects.filter(kind="DataTaken").exists()


def test_a_wish_is_noted_and_taken_back(desk, who):
    client = desk()
    client.post(reverse("member-erase", args=[who]), {"asked": "written", "number": who})
    assert "Wishes to be erased since" in story(client, who)
    client.post(reverse("member-keep", args=[who]))
    assert queries.wish(who) is None


def test_erased_at_once_the_page_shows_a_number(desk, who):
    client = desk()
    data = {"asked": "written", "number": who, "now": "1"}
    client.post(reverse("member-erase", args=[who]), data)
    page = story(client, who)
    assert members.erased([who]) == {who}
    assert "欧阳芳华" not in page
    assert "Nobody is behind this number any more." in page
    assert client.get(reverse("members")).status_code == 200


@pytest.mark.parametrize("number", ["", "0", "abc", "99999"])
def test_with_another_number_nobody_is_erased(desk, who, number):
    data = {"asked": "written", "number": number, "now": "1"}
    desk().post(reverse("member-erase", args=[who]), data)
    assert queries.wish(who) is None
    assert not members.erased([who])
