"""Photos: what a phone writes beside the pixels is gone."""

import contextlib
import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageOps, ImageStat

from loop28.kernel import pictures
from loop28.kernel.pictures import NotAPicture, PictureTooLarge

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


@pytest.mark.parametrize("orientation", range(10))
def test_a_photo_is_upright_however_the_phone_was_held(orientation):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    out = io.BytesIO()
    photo = Image.linear_gradient("L").crop((0, 0, 64, 256))
    photo.save(out, "JPEG", exif=exif, quality=95)
    upright = ImageOps.exif_transpose(Image.open(out))
    found = Image.open(io.BytesIO(made(out.getvalue()).jpeg)).convert("L")
    assert found.size == upright.size
    assert ImageStat.Stat(ImageChops.difference(found, upright)).mean[0] < 5


@pytest.mark.parametrize(
    ("tag", "kind", "value"),
    [
        (0x0131, 5, struct.pack("<II", 1, 1)),  # a program that is called by a fraction
        (0x011A, 2, b"a\0\0\0"),  # a resolution in words
    ],
)
def test_an_odd_word_beside_the_orientation_does_not_matter(tag, kind, value):
    plain = jpeg(64, 48)
    words = struct.pack("<HHHIHH", 2, ORIENTATION, 3, 1, 6, 0)
    words += struct.pack("<HHII", tag, kind, 1, 38) + struct.pack("<I", 0) + value
    exif = b"Exif\0\0II*\0" + struct.pack("<I", 8) + words
    raw = plain[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + plain[2:]
    assert (made(raw).width, made(raw).height) == (48, 64)


def test_a_grey_picture_of_sixteen_bits_keeps_its_shades():
    grey = Image.linear_gradient("L").convert("I").point(lambda shade: shade * 257)
    out = io.BytesIO()
    grey.convert("I;16").save(out, "PNG")
    found = Image.open(io.BytesIO(made(out.getvalue()).jpeg)).convert("L")
    assert found.getextrema() == (0, 255)
    assert ImageStat.Stat(found).mean[0] == pytest.approx(127, abs=2)


def test_a_large_photo_becomes_small_and_a_transparent_one_white():
    assert made(jpeg(4000, 1000)).width == pictures.LONGEST_SIDE
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out, "PNG")
    assert Image.open(io.BytesIO(made(out.getvalue()).jpeg)).getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("raw", [b"", b"GIF89a", b"<svg xmlns='x'/>", jpeg()[:200]])
def test_what_is_no_photo_is_refused_by_its_name(raw):
    with pytest.raises(NotAPicture) as no:
        made(raw, "cat.jpg")
    assert "cat.jpg" in str(no.value)


def test_what_would_unpack_beyond_all_bounds_is_refused_unread(monkeypatch):
    monkeypatch.setattr(pictures, "MEGAPIXELS", 0)
    with pytest.raises(PictureTooLarge):
        made(jpeg())
    monkeypatch.setattr(pictures, "MEGABYTES", 0)
    with pytest.raises(PictureTooLarge):
        made(jpeg())


@pytest.mark.filterwarnings("ignore")  # Pillow says what it finds odd
@given(st.integers(0, 700), st.binary(min_size=1, max_size=40))
def test_a_broken_file_is_refused_and_never_breaks(place, noise):
    raw = from_a_phone()
    place %= len(raw)
    with contextlib.suppress(NotAPicture, PictureTooLarge):
        made(raw[:place] + noise + raw[place + len(noise) :])
