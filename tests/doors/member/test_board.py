"""The leader board on the phone: the first ten and one's own place."""

import pytest
from django.test import Client

from loop28.front.tasks import board
from loop28.front.tasks.board import Place
from loop28.middle.members import queries as members
from tests.line_kit import seated

pytestmark = pytest.mark.django_db


def test_shows_ten_places_with_ties_and_the_own_one_below(line, monkeypatch):
    (me,) = seated(line, 1)
    places = [Place(min(n, 10), 100 + n, f"N{n}", 50 - min(n, 10)) for n in range(1, 41)]
    found = [*places, Place(41, me, "me", 3)]
    monkeypatch.setattr(board, "of_line", lambda actor, line_id: found)
    client = Client(headers={"accept-language": "en"})
    client.get(f"/m/{members.link_token(me)}")
    page = client.get(f"/line/{line.pk}/board").content.decode()
    assert page.count('<li class="item">') == 30
    assert "and 10 more with as many" in page
    assert "<b>41</b>" in page
    assert "N31" not in page
