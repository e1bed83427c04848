"""A shared link on the phone of whoever it was sent to: looking is nothing, a touch counts once."""

from typing import Any

import pytest
from django.test import Client

from loop28.doors.member import joining, shared, visitors
from loop28.front.lines.models import Invitation, Line
from loop28.front.referrals import queries, sharing
from loop28.front.referrals.models import Click, Fan, Link, Lock
from loop28.kernel.access import SYSTEM
from loop28.middle.members import queries as members
from loop28.middle.members.models import Member
from tests.front.referrals.kit import me, product_link
from tests.line_kit import START, invitation, local, seated
from tests.phones import phone, text_of

UUID = "8c2b1f0e-93a7-4d57-8a50-0d6d1f1e7a11"
JOINING = {"name": "林小满", "adult": "on", "consent": "on", "key": UUID, "city": ""}
AGENT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"


@pytest.fixture
def link(line: Line) -> Link:
    return product_link(line, seated(line, 1)[0])


def stranger(**headers: str) -> Client:
    return Client(headers={"user-agent": AGENT, **headers})


def touched(client: Client, link: Link, **said: str) -> Any:
    """Somebody opens the page and taps the button."""
    client.get(f"/s/{link.token}")
    return client.post(f"/s/{link.token}", said)


def clicks(link: Link) -> int:
    return queries.counted([link.pk])[link.pk].clicks


def test_the_page_says_who_shares_what_and_looking_writes_nothing(link: Link) -> None:
    client = stranger()
    for method in (client.get, client.head, client.get):
        assert method(f"/s/{link.token}").status_code == 200
    page = text_of(client.get(f"/s/{link.token}"))
    assert link.promoter.name in page
    assert "五常大米 5 斤" in page
    assert not Fan.objects.exists()


def test_the_button_counts_once_and_leads_to_the_shop(link: Link) -> None:
    client = stranger()
    for _ in range(3):
        answer = touched(client, link)
        assert (answer.status_code, answer["Location"]) == (303, "https://shop.example/rice")
    assert clicks(link) == 1
    assert Lock.objects.get().promoter_id == link.promoter_id


def test_a_touch_of_the_page_counts_without_leading_anywhere_and_the_button_adds_nothing(
    link: Link,
) -> None:
    client = stranger()
    assert touched(client, link, seen="1").status_code == 204
    assert clicks(link) == 1
    touched(client, link)
    assert clicks(link) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-purpose": "prefetch"},
        {"user-agent": "WhatsApp/2.23.20.0 A"},
        {"user-agent": "Mozilla/5.0 (compatible; Baiduspider-render/2.0)"},
        {"user-agent": ""},
    ],
    ids=str,
)
def test_a_machine_is_led_on_and_not_counted(link: Link, headers: dict[str, str]) -> None:
    assert touched(stranger(**headers), link).status_code == 303
    assert not Fan.objects.exists()


def test_who_keeps_no_cookie_or_makes_one_up_is_led_on_and_not_counted(link: Link) -> None:
    assert stranger().post(f"/s/{link.token}").status_code == 303
    client = stranger()
    client.cookies[visitors.COOKIE] = "W10:made-up"
    assert client.post(f"/s/{link.token}").status_code == 303
    assert not Fan.objects.exists()


def test_two_phones_are_two_people_and_a_member_is_one_on_any_phone(line: Line, link: Link) -> None:
    touched(stranger(), link)
    touched(stranger(), link)
    (member,) = seated(line, 1)
    for one in (phone(member), phone(member)):
        one.defaults["HTTP_USER_AGENT"] = AGENT
        touched(one, link)
    assert clicks(link) == 3
    assert Lock.objects.count() == 2


def test_the_promoter_sees_what_others_see_and_counts_for_nothing(link: Link) -> None:
    own = phone(link.promoter_id)
    own.defaults["HTTP_USER_AGENT"] = AGENT
    own.cookies["django_language"] = "en"
    assert "This is your own link" in text_of(own.get(f"/s/{link.token}"))
    touched(own, link)
    assert clicks(link) == 0


def test_a_phone_turns_out_to_be_the_promoters_when_a_page_of_theirs_is_opened_on_it(
    link: Link,
) -> None:
    client = stranger()
    touched(client, link)
    assert Lock.objects.get().ended == ""
    client.get(f"/m/{members.link_token(link.promoter_id)}")
    client.get("/fans")
    assert Lock.objects.get().ended == "self"
    assert Fan.objects.get().member_id == link.promoter_id


def test_who_joins_after_the_touch_is_the_fan_of_who_brought_them(line: Line) -> None:
    link = sharing.share(me(line.host_id), line.pk, "line")
    client = stranger()
    door = touched(client, link)["Location"]
    assert door == joining.invitation_path(Invitation.objects.get(id=invitation(line)))
    assert client.post(door, JOINING).status_code == 302
    member = Member.objects.get(name="林小满")
    brought = queries.brought(SYSTEM, [line.host_id])[line.host_id]
    assert [lock.fan.member_id for lock in brought] == [member.pk]
    assert touched(client, link).status_code == 303
    assert clicks(link) == 1  # by the member's cookie, too, it is the same person


def test_an_invitation_by_itself_works_as_before(line: Line) -> None:
    door = joining.invitation_path(Invitation.objects.get(id=invitation(line)))
    assert stranger().post(door, JOINING).status_code == 302
    assert not Fan.objects.exists()


def test_a_lesson_can_be_read_by_who_has_its_link(line: Line, at) -> None:
    at(local(1, 20))
    link = sharing.share(me(line.host_id), line.pk, "lesson", "d1-talk")
    answer = touched(stranger(), link)
    page = text_of(stranger().get(answer["Location"]))
    assert "零售的前世今生" in page
    assert page.count("<p>") > 5
    assert Click.objects.get().day == START
    other = product_link(line, line.host_id)
    assert stranger().get(f"/s/{other.token}/lesson").status_code == 404


@pytest.mark.parametrize("token", ["x", "A" * 11, "%00", "é"])
def test_a_link_that_is_none_is_not_found(line: Line, token: str) -> None:
    for method in (stranger().get, stranger().post):
        assert method(f"/s/{token}").status_code in {400, 404}


def test_a_touch_keeps_the_network_it_comes_from_and_not_the_address(link: Link, rf) -> None:
    request = rf.post("/", headers={"user-agent": AGENT}, REMOTE_ADDR="198.51.100.7")
    client = stranger()
    client.get(f"/s/{link.token}")
    request.COOKIES[visitors.COOKIE] = client.cookies[visitors.COOKIE].value
    touch = visitors.touch_of(request, link)
    assert touch is not None
    assert touch.network == "198.51.100.0/24"


def test_the_address_is_short(link: Link, settings) -> None:
    assert len(shared.address(link)) <= len(settings.URL) + 15
