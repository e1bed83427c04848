"""Offline events at the desk: plan, change, look at who comes, call off."""

from datetime import timedelta
from uuid import uuid4

import pytest

from loop28.front.events import actions
from loop28.front.events.models import Event
from loop28.front.lines import actions as lines
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.middle.members.models import Member
from tests.factories import city, member, region
from tests.line_kit import invitation

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(line):
    region("HD")
    return line.region


@pytest.fixture
def form(here):
    """What is filled in for an event on the line's first day."""
    return {
        "region": here.pk,
        "title": "杭州品鉴会",
        "day": "2026-03-02",
        "starts": "19:30",
        "ends": "00:30",
        "city": city().pk,
        "place": "文三路 1 号",
        "places": "2",
        "host": "",
        "about": "带上你的店铺",
        "cities": [city().pk, city("苏州").pk],
        "key": str(uuid4()),
    }


def page(client, path, **search):
    return client.get(path, search).content.decode()


def test_a_manager_plans_an_event_in_the_time_of_their_region(desk, here, form):
    manager = desk("region_manager", here)
    answer = manager.post("/console/events/new", form)
    event = Event.objects.get()
    assert answer["Location"] == f"/console/events/{event.pk}"
    assert event.starts_at.isoformat() == "2026-03-02T11:30:00+00:00"
    assert event.ends_at - event.starts_at == timedelta(hours=5)  # until after midnight
    manager.post("/console/events/new", form)
    assert Event.objects.count() == 1
    assert "杭州品鉴会" in page(manager, "/console/events")


def test_who_sees_all_regions_says_first_for_which(desk, here):
    boss = desk()
    assert "In which region?" in page(boss, "/console/events/new")
    assert "Invited cities" in page(boss, "/console/events/new", region=here.pk)


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(desk, here, form):
    answer = desk("region_manager", here).post("/console/events/new", form | {"day": "2026-02-28"})
    assert answer.status_code == 422
    assert "begin in the past" in answer.content.decode()
    assert "文三路 1 号" in answer.content.decode()


@pytest.fixture
def event(form, here, desk):
    desk("region_manager", here).post("/console/events/new", form)
    return Event.objects.get()


def test_changing_an_event_begins_with_what_it_says(desk, here, event, form):
    manager = desk("region_manager", here)
    shown = page(manager, f"/console/events/{event.pk}/edit")
    assert 'value="19:30"' in shown
    assert 'value="2026-03-02"' in shown
    manager.post(f"/console/events/{event.pk}/edit", form | {"places": "5", "place": "二楼"})
    event.refresh_from_db()
    assert (event.places, event.place) == (5, "二楼")
    assert "it has 5 places" in page(manager, f"/console/events/{event.pk}")


def test_the_page_says_which_lines_people_came_and_opens_the_rows(desk, here, event, line, at):
    guests = [member(city=city(home)).pk for home in ("杭州", "苏州", "杭州")]
    lines.join(SYSTEM, invitation(line), guests)
    for guest in guests:
        actions.sign_up(Actor(Role.MEMBER, guest), event.pk, line=line.pk)
    at(event.starts_at)
    actions.check_in(SYSTEM, event.pk, guests[0])
    names = [Member.objects.get(pk=guest).name for guest in guests]
    auditor = desk("auditor")
    shown = page(auditor, f"/console/events/{event.pk}")
    assert f'<a class="num" href="/console/lines/{line.pk}">{line.code}</a>' in shown
    assert "3 people invited" in shown
    assert "<form" not in shown.split("<main")[1]  # reads, changes nothing
    came = page(auditor, f"/console/events/{event.pk}", state="came", line=line.pk)
    assert [name in came for name in names] == [True, False, False]
    waiting = page(auditor, f"/console/events/{event.pk}", state="waiting", city="杭州")
    assert [name in waiting for name in names] == [False, False, True]
    story = page(auditor, f"/console/lines/{line.pk}/journal", topic="people")
    assert f"{names[0]} came to «杭州品鉴会»." in story


def test_cancelling_asks_for_a_reason_and_is_told(desk, here, event):
    manager = desk("region_manager", here)
    manager.post(f"/console/events/{event.pk}/cancel", {"reason": " "})
    assert Event.objects.get().cancelled_at is None
    manager.post(f"/console/events/{event.pk}/cancel", {"reason": "场地停电"})
    shown = page(manager, f"/console/events/{event.pk}")
    assert "场地停电" in shown
    assert "«杭州品鉴会» was cancelled" in shown
    assert manager.user.name in shown
    assert "杭州品鉴会" in page(manager, "/console/events", stage="cancelled")


def test_a_manager_of_another_region_does_not_see_it(desk, event):
    elsewhere = desk("region_manager", region("HN"))
    assert "杭州品鉴会" not in page(elsewhere, "/console/events")
    assert elsewhere.get(f"/console/events/{event.pk}").status_code == 404
