"""Photos of an event: who adds them, who takes them away, and whoever may not look sees none."""

import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from loop28.front.events import actions, queries, refusals
from loop28.kernel import pictures
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from tests.factories import city, member, region, staff

pytestmark = pytest.mark.django_db


def made(colour="red"):
    out = io.BytesIO()
    Image.new("RGB", (64, 32), colour).save(out, "JPEG")
    out.seek(0)
    return pictures.made_anew(out, "p.jpg")


@pytest.fixture
def event(plan):
    return plan(host=member("场地主").pk)


def added(event, *colours):
    return actions.add_photos(SYSTEM, event.pk, [made(colour) for colour in colours])


def test_the_same_photo_twice_is_one(event):
    assert added(event, "red", "red", "blue") == 2
    assert added(event, "red") == 0
    assert all(default_storage.exists(p.file) for p in queries.photos([event.pk]))


def test_so_many_at_a_time(event):
    with pytest.raises(refusals.TooManyPictures):
        actions.add_photos(SYSTEM, event.pk, [])
    with pytest.raises(refusals.TooManyPictures):
        actions.add_photos(SYSTEM, event.pk, [made()] * 21)


def test_the_staff_of_the_region_the_host_and_who_came_may_look(event, clock):
    added(event, "red")
    (photo,) = queries.photos([event.pk])
    came, absent = (Actor(Role.MEMBER, member(city=city()).pk) for _ in range(2))
    for actor in (came, absent):
        actions.sign_up(actor, event.pk, line=1)
    clock(event.starts_at + timedelta(minutes=1))
    actions.check_in(SYSTEM, event.pk, came.id)
    looking = {
        "manager": staff(Role.REGION_MANAGER, region("HD")).actor,
        "elsewhere": staff(Role.REGION_MANAGER, region("HN")).actor,
        "host": Actor(Role.MEMBER, event.host_id),
        "came": came,
        "absent": absent,
    }
    seen = {who for who, a in looking.items() if queries.photo(a, event.pk, photo.pk)}
    assert seen == {"manager", "host", "came"}


def test_the_host_adds_photos_and_the_region_takes_them_away(
    event, django_capture_on_commit_callbacks
):
    host = Actor(Role.MEMBER, event.host_id)
    assert actions.add_photos(host, event.pk, [made()]) == 1
    (photo,) = queries.photos([event.pk])
    with pytest.raises(NotAllowed):
        actions.remove_photo(host, event.pk, photo.pk)
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_photo(SYSTEM, event.pk, photo.pk)
    assert not queries.photos([event.pk])
    assert not default_storage.exists(photo.file)
