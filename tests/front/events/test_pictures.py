"""Photos: what a phone writes beside the pixels is gone, and whoever may not look sees none."""

import contextlib
import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from loop28.front.events import actions, pictures, queries, refusals
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from tests.factories import city, member, region, staff

WEST = 3  # an EXIF tag for the reference of the longitude
ORIENTATION, GPS, MAKER = 0x0112, 0x8825, 0x010F


def jpeg(width=64, height=32, colour="red", **options):
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG", **options)
    return out.getvalue()


def from_a_phone():
    """A photo held upright, with its maker, a comment and the place where it was taken."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, "PhoneMaker"
    exif.get_ifd(GPS)[WEST] = "W"
    return jpeg(exif=exif, comment=b"my address")


def made(raw, name="p.jpg"):
    return pictures.made_anew(io.BytesIO(raw), name)


def test_a_photo_keeps_its_pixels_and_nothing_else():
    raw = from_a_phone()
    assert b"PhoneMaker" in raw
    found = Image.open(io.BytesIO(made(raw).jpeg))
    assert found.size == (32, 64)  # turned as the phone was held
    assert not found.getexif()
    assert not {"comment", "exif", "xmp", "icc_profile"} & set(found.info)
    assert b"PhoneMaker" not in made(raw).jpeg


def test_a_large_photo_becomes_small_and_a_transparent_one_white():
    assert made(jpeg(4000, 1000)).width == pictures.LONGEST_SIDE
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out, "PNG")
    assert Image.open(io.BytesIO(made(out.getvalue()).jpeg)).getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("raw", [b"", b"GIF89a", b"<svg xmlns='x'/>", jpeg()[:200]])
def test_what_is_no_photo_is_refused_by_its_name(raw):
    with pytest.raises(refusals.NotAPicture) as no:
        made(raw, "cat.jpg")
    assert "cat.jpg" in str(no.value)


def test_what_would_unpack_beyond_all_bounds_is_refused_unread(monkeypatch):
    monkeypatch.setattr(pictures, "MEGAPIXELS", 0)
    with pytest.raises(refusals.PictureTooLarge):
        made(jpeg())
    monkeypatch.setattr(pictures, "MEGABYTES", 0)
    with pytest.raises(refusals.PictureTooLarge):
        made(jpeg())


@pytest.mark.filterwarnings("ignore")  # Pillow says what it finds odd
@given(st.integers(0, 700), st.binary(min_size=1, max_size=40))
def test_a_broken_file_is_refused_and_never_breaks(place, noise):
    raw = from_a_phone()
    place %= len(raw)
    with contextlib.suppress(refusals.NotAPicture, refusals.PictureTooLarge):
        made(raw[:place] + noise + raw[place + len(noise) :])


@pytest.mark.django_db
class TestOfAnEvent:
    @pytest.fixture
    def event(self, plan):
        return plan(host=member("场地主").pk)

    def added(self, event, *colours):
        found = [made(jpeg(colour=colour)) for colour in colours]
        return actions.add_photos(SYSTEM, event.pk, found)

    def test_the_same_photo_twice_is_one(self, event):
        assert self.added(event, "red", "red", "blue") == 2
        assert self.added(event, "red") == 0
        assert all(default_storage.exists(p.file) for p in queries.photos([event.pk]))

    def test_so_many_at_a_time(self, event):
        with pytest.raises(refusals.TooManyPictures):
            actions.add_photos(SYSTEM, event.pk, [])
        with pytest.raises(refusals.TooManyPictures):
            actions.add_photos(SYSTEM, event.pk, [made(jpeg())] * 21)

    def test_the_staff_of_the_region_the_host_and_who_came_may_look(self, event, clock):
        self.added(event, "red")
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
        self, event, django_capture_on_commit_callbacks
    ):
        host = Actor(Role.MEMBER, event.host_id)
        assert actions.add_photos(host, event.pk, [made(jpeg())]) == 1
        (photo,) = queries.photos([event.pk])
        with pytest.raises(NotAllowed):
            actions.remove_photo(host, event.pk, photo.pk)
        with django_capture_on_commit_callbacks(execute=True):
            actions.remove_photo(SYSTEM, event.pk, photo.pk)
        assert not queries.photos([event.pk])
        assert not default_storage.exists(photo.file)
