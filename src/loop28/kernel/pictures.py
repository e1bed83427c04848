"""Photos made anew: the pixels are kept, and nothing else that a phone writes into a file."""

import hashlib
import io
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext_lazy as _
from PIL import Image

from loop28.kernel.refusals import Refusal

FORMATS = ("JPEG", "PNG", "WEBP")
MEGABYTES = 15
MEGAPIXELS = 60
UNPACKED_WHOLE = 20
"""Megapixels of PNG and WebP: unlike a JPEG they cannot be unpacked small at once."""
LONGEST_SIDE = 1600
QUALITY = 82
_UNREADABLE = (OSError, ValueError, SyntaxError)
_ORIENTATION = 0x0112
_Turn = Image.Transpose
_UPRIGHT = {
    2: _Turn.FLIP_LEFT_RIGHT,
    3: _Turn.ROTATE_180,
    4: _Turn.FLIP_TOP_BOTTOM,
    5: _Turn.TRANSPOSE,
    6: _Turn.ROTATE_270,
    7: _Turn.TRANSVERSE,
    8: _Turn.ROTATE_90,
}
"""What to do with a photo, by its orientation in Exif; 1 and what is unknown is upright."""


class NotAPicture(Refusal):
    """A file is no photo, or one that cannot be read."""

    message = _("«%(name)s» is no photo that can be read. Choose JPEG, PNG or WebP.")
    status = 422


class PictureTooLarge(Refusal):
    """A photo is beyond what is taken in."""

    message = _(
        "«%(name)s» is too large. A photo has at most %(megabytes)s MB and %(megapixels)s "
        "megapixels."
    )
    status = 422


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG of ours: upright, without place, time or camera, at most LONGEST_SIDE pixels long.

    ``original`` is the SHA-256 of the file it came in.
    """

    jpeg: bytes
    width: int
    height: int
    original: str = ""

    @property
    def digest(self) -> str:
        """That of the pixels: they are always written in the same way."""
        return hashlib.sha256(self.jpeg).hexdigest()


def made_anew(file: IO[bytes], name: str, *, field: str = "photos") -> Picture:
    """The photo in a file that somebody uploaded. Refuses with NotAPicture, PictureTooLarge.

    The pixels are put on a fresh sheet, since formats carry comments and profiles from one file
    into the next. Its size is known, and refused, before anything is unpacked.
    """
    raw = file.read(MEGABYTES * 2**20 + 1)
    jpeg = raw.startswith(b"\xff\xd8")
    most = MEGAPIXELS if jpeg else min(MEGAPIXELS, UNPACKED_WHOLE)
    too_large = PictureTooLarge(field=field, name=name, megabytes=MEGABYTES, megapixels=most)
    if len(raw) > MEGABYTES * 2**20:
        raise too_large
    try:
        with Image.open(io.BytesIO(raw), formats=FORMATS) as found:
            if found.width * found.height > most * 10**6:
                raise too_large
            found.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is unpacked small at once
            sheet = _on_a_fresh_sheet(found)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise too_large from None
    except _UNREADABLE:
        raise NotAPicture(field=field, name=name) from None
    return Picture(_as_jpeg(sheet), *sheet.size, original=hashlib.sha256(raw).hexdigest())


def _on_a_fresh_sheet(found: Image.Image) -> Image.Image:
    found.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    layer = _in_eight_bits(_upright(found)).convert("RGBA")
    sheet = Image.new("RGB", layer.size, "white")
    sheet.paste(layer, mask=layer.getchannel("A"))
    return sheet


def _upright(found: Image.Image) -> Image.Image:
    """Turned as the phone was held. Nothing else is read of what a phone writes: it may be odd."""
    turn = _UPRIGHT.get(found.getexif().get(_ORIENTATION, 1))
    return found if turn is None else found.transpose(turn)


def _in_eight_bits(found: Image.Image) -> Image.Image:
    """A grey PNG of 16 bits would be cut off at 255, and so be white."""
    if not found.mode.startswith("I"):
        return found
    return found.convert("I").point(lambda grey: grey * (1 / 257)).convert("L")


def _as_jpeg(sheet: Image.Image) -> bytes:
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()
