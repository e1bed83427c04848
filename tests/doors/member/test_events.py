"""Offline events on the phone: the invitation, the place, the ticket, the door."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from loop28.front.events import actions, queries
from loop28.front.events.models import SignUp
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.middle.members import actions as members
from tests.factories import city, member, region, staff
from tests.line_kit import invitation
from tests.phones import phone, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(line):
    """A meeting of tomorrow in 杭州 with one place; the host of the line is in charge."""
    region("HD")
    said = actions.Announcement(
        title="杭州品鉴会",
        city=city().pk,
        place="文三路 1 号",
        about="",
        starts_at=clock.now() + timedelta(days=1),
        ends_at=clock.now() + timedelta(days=1, hours=2),
        places=1,
        cities=[city().pk],
        host=line.host_id,
    )
    return actions.plan(SYSTEM, line.region_id, said, key=uuid4())


@pytest.fixture
def guests(line):
    """Two people of 杭州 with a seat in the line."""
    from loop28.front.lines import actions as lines

    comers = [member(city=city()).pk for _ in range(2)]
    lines.join(SYSTEM, invitation(line), comers)
    return comers


def english(client):
    client.cookies["django_language"] = "en"
    return client


def post(client, name, *places, **data):
    return client.post(reverse(name, args=places), data, follow=True)


def signed_up(member_id, event):
    post(phone(member_id), "event-sign-up", event.pk)
    return SignUp.objects.get(event=event, member=member_id)


def manager(code="HD"):
    client = english(Client())
    user = staff(Role.REGION_MANAGER, region(code))
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_an_invited_member_reads_of_it_today_and_signs_up_with_one_tap(event, guests):
    mine = english(phone(guests[0]))
    assert "杭州品鉴会" in text_of(mine.get("/today"))
    assert "1 place left" in text_of(mine.get(f"/events/{event.pk}"))
    assert "You have a place" in text_of(post(mine, "event-sign-up", event.pk))
    assert "<svg" in text_of(mine.get(f"/events/{event.pk}"))


def test_who_is_late_waits_and_moves_up_when_a_place_is_given_back(event, guests):
    first, second = (english(phone(guest)) for guest in guests)
    post(first, "event-sign-up", event.pk)
    assert "number 1 on the waiting list" in text_of(post(second, "event-sign-up", event.pk))
    post(first, "event-give-back", event.pk)
    assert "you have a place" in text_of(second.get("/today"))


def test_who_is_in_a_line_of_another_region_or_in_none_has_no_such_event(event):
    stranger = phone(member(city=city()).pk)
    assert stranger.get(f"/events/{event.pk}").status_code == 404
    assert post(stranger, "event-sign-up", event.pk).status_code == 404


def test_a_cancelled_event_says_why_to_who_had_a_place(event, guests):
    signed_up(guests[0], event)
    actions.cancel(SYSTEM, event.pk, "场地停电")
    mine = english(phone(guests[0]))
    assert "called off" in text_of(mine.get("/today"))
    assert "场地停电" in text_of(mine.get(f"/events/{event.pk}"))
    assert "杭州品鉴会" not in text_of(phone(guests[1]).get("/today"))


def test_who_took_consent_back_is_invited_to_nothing(event, guests):
    members.withdraw_consent(Actor(Role.MEMBER, guests[0]), guests[0])
    assert "杭州品鉴会" not in text_of(phone(guests[0]).get("/events"))


class TestTheDoor:
    @pytest.fixture
    def ticket(self, event, guests, at):
        mine = signed_up(guests[0], event)
        at(event.starts_at)
        return reverse("ticket", args=[queries.ticket(mine)])

    def came(self, event):
        return SignUp.objects.filter(event=event, came_at__isnull=False).exists()

    def test_a_scanned_ticket_checks_in_with_one_tap_of_staff_or_the_host(
        self, event, ticket, line
    ):
        host = english(phone(line.host_id))
        assert "Check in" in text_of(host.get(ticket))
        assert not self.came(event)  # a preview of the address writes nothing
        assert "Here since" in text_of(host.post(ticket, follow=True))
        assert "already" in text_of(manager().post(ticket, follow=True))

    def test_everybody_else_sees_the_ticket_and_no_button(self, event, ticket, guests):
        for client in (english(Client()), manager("HN"), english(phone(guests[1]))):
            page = client.get(ticket)
            assert "Has a place" in text_of(page)
            assert "<button" not in text_of(page).split("<main")[1]
            assert client.post(ticket).status_code == 404
        assert not self.came(event)

    def test_a_ticket_made_up_or_of_another_purpose_opens_nothing(self, ticket, guests):
        token = members_token(guests[0])
        assert manager().get(reverse("ticket", args=[token])).status_code == 404

    def test_a_place_given_back_is_no_ticket_any_more(self, event, ticket, guests):
        post(phone(guests[0]), "event-give-back", event.pk)
        page = text_of(manager().get(ticket))
        assert "given back" in page
        assert "Check in<" not in page

    def test_a_phone_that_is_empty_is_found_by_name(self, event, ticket, guests):
        name = SignUp.objects.get(event=event).member.name
        staff_phone = manager()
        page = text_of(staff_phone.get(reverse("event-door", args=[event.pk]), {"q": name}))
        assert name in page
        assert "Checked in" in text_of(post(staff_phone, "event-door", event.pk, member=guests[0]))
        assert self.came(event)

    def test_photos_go_to_who_came_and_to_nobody_else(self, event, ticket, guests, line):
        out = io.BytesIO()
        Image.new("RGB", (40, 30), "red").save(out, "JPEG")
        out.name, _ = "p.jpg", out.seek(0)
        page = text_of(post(manager(), "event-photos", event.pk, photos=out))
        assert "New photos: 1" in page
        manager().post(ticket)
        photo = event.photos.get()
        address = reverse("event-photo", args=[event.pk, photo.pk])
        assert phone(guests[0]).get(address)["Content-Type"] == "image/jpeg"
        assert phone(guests[1]).get(address).status_code == 404
        assert Client().get(address).status_code == 404
        assert address in text_of(phone(guests[0]).get(f"/events/{event.pk}"))

    def test_a_file_that_is_no_photo_is_named_and_nothing_is_kept(self, event, ticket):
        text = io.BytesIO(b"hello")
        text.name = "notes.txt"
        assert "notes.txt" in text_of(post(manager(), "event-photos", event.pk, photos=text))
        assert not event.photos.exists()


def members_token(member_id):
    from loop28.middle.members.queries import link_token

    return link_token(member_id)
