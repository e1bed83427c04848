"""Share and My fans: one's own links and fans, and nobody else's."""

from datetime import timedelta

import pytest

from loop28.front.lines.models import Line
from loop28.front.referrals import actions, disputes
from loop28.front.referrals.models import Click, Dispute, Link
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from tests.front.referrals.kit import product_link, touched, visitor
from tests.line_kit import group, people, seated
from tests.phones import ODD_TEXTS, phone, text_of


@pytest.fixture
def link(line: Line) -> Link:
    return product_link(line, seated(line, 1)[0])


def english(member: int):
    client = phone(member)
    client.cookies["django_language"] = "en"
    return client


def test_a_member_gets_a_link_with_one_tap_and_one_more_for_another_place(line: Line) -> None:
    (member,) = seated(line, 1)
    client = english(member)
    assert "五常大米 5 斤" in text_of(client.get("/share"))
    wish = {"line": str(line.pk), "target": "product", "talk": ""}
    first = client.post("/share", wish)["Location"]
    second = client.post("/share", wish | {"place": "宝妈群"})["Location"]
    assert client.post("/share", wish)["Location"] == first != second
    for token in Link.objects.values_list("token", flat=True):
        assert f"/s/{token}" in text_of(client.get(first)) + text_of(client.get(second))
    assert "宝妈群" in text_of(client.get(first))
    assert "/s/" in text_of(client.get(f"{first}/poster"))


def test_a_neighbour_sees_neither_links_nor_fans(line: Line, link: Link) -> None:
    touched(link, visitor())
    (neighbour,) = seated(line, 1)
    client = english(neighbour)
    for address in (f"/share/{link.pk}", f"/share/{link.pk}/poster"):
        assert client.get(address).status_code == 404
    assert "No fan yet" in text_of(client.get("/fans"))
    assert f"/share/{link.pk}" not in text_of(client.get("/share"))


def test_what_cannot_be_shared_is_refused_in_words(line: Line) -> None:
    client = english(seated(line, 1)[0])
    for odd in [*ODD_TEXTS, "line"]:
        wish = {"line": str(line.pk), "target": odd.replace("\x00", ""), "talk": "", "place": ""}
        assert client.post("/share", wish)["Location"] == "/share"
    assert "You cannot share this now" in text_of(client.get("/share"))
    assert not Link.objects.exists()


def test_fans_are_named_when_they_joined(line: Line, link: Link, at) -> None:
    one, other = visitor(), visitor()
    touched(link, one, other)
    at(clock.now() + timedelta(hours=1))
    (joined,) = people(1, "小满")
    actions.recognise(SYSTEM, [(one, joined)])
    page = text_of(english(link.promoter_id).get("/fans"))
    assert "小满0" in page
    assert page.count("Visitor ") == 1
    assert "<b>2</b><span>fans now" in page
    assert "<b>1</b><span>of them joined" in page


def test_a_fan_of_somebody_else_is_claimed_and_the_answer_is_read(line: Line, link: Link) -> None:
    rival = product_link(line, seated(line, 1)[0])
    somebody = visitor()
    touched(link, somebody)
    touched(rival, somebody)
    client = english(rival.promoter_id)
    click = Click.objects.get(link=rival)
    assert "Came to you, too" in text_of(client.get("/fans"))
    client.post(f"/fans/claim/{click.pk}", {"reason": " "})
    assert not Dispute.objects.exists()
    client.post(f"/fans/claim/{click.pk}", {"reason": "我先介绍的"})
    page = text_of(client.get("/fans"))
    assert "Came to you, too" not in page
    assert "being looked at" in page
    assert english(link.promoter_id).post(f"/fans/claim/{click.pk}").status_code == 404
    disputes.decide(SYSTEM, Dispute.objects.get().pk, "moved", "聊天记录清楚")
    page = text_of(client.get("/fans"))
    assert "yours now" in page
    assert "聊天记录清楚" in page


def test_a_link_goes_into_a_group_one_is_in_and_its_clicks_are_shown_by_day(
    line: Line, link: Link, at
) -> None:
    client, (where,) = english(link.promoter_id), [group(line)]
    page = text_of(client.get(f"/share/{link.pk}"))
    assert f'name="group" value="{where}"' in page
    wish = {"line": str(line.pk), "target": "product", "talk": "", "group": str(where)}
    made = client.post("/share", wish)["Location"]
    assert client.post("/share", wish)["Location"] == made
    in_group = Link.objects.get(group=where)
    assert in_group.place == in_group.group.name
    assert f'name="group" value="{where}"' not in text_of(client.get(made))
    touched(in_group, visitor(), visitor())
    at(clock.now() + timedelta(days=1))
    touched(in_group, visitor())
    touched(link, visitor())
    page = text_of(client.get("/share/clicks"))
    assert page.index(in_group.place) < page.index("Without a place")
    assert '<td class="num">2</td><td class="num">1</td></tr>' in page


def test_a_group_one_is_not_in_is_no_place_and_a_neighbours_clicks_are_theirs(
    line: Line, link: Link
) -> None:
    touched(link, visitor())
    (neighbour,) = seated(line, 1)
    client = english(neighbour)
    wish = {"line": str(line.pk), "target": "product", "talk": "", "group": str(group(line, 2))}
    assert client.post("/share", wish)["Location"] == "/share"
    assert not Link.objects.filter(promoter=neighbour).exists()
    assert "No click in the last seven days" in text_of(client.get("/share/clicks"))
