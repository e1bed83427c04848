"""Photos made anew: the pixels are kept, and nothing else that a phone writes into a file."""

import hashlib
import io
from dataclasses import dataclass
from typing import IO

from PIL import Image, ImageOps

from loop28.front.events.refusals import NotAPicture, PictureTooLarge

FORMATS = ("JPEG", "PNG", "WEBP")
MEGABYTES = 15
MEGAPIXELS = 60
LONGEST_SIDE = 1600
QUALITY = 82
_UNREADABLE = (OSError, ValueError, SyntaxError)


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG of ours: upright, without place, time or camera, at most LONGEST_SIDE pixels long."""

    jpeg: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.jpeg).hexdigest()


def made_anew(file: IO[bytes], name: str) -> Picture:
    """The photo in a file that somebody uploaded. Refuses with NotAPicture, PictureTooLarge.

    The pixels are put on a fresh sheet, since formats carry comments and profiles from one file
    into the next. Its size is known, and refused, before anything is unpacked.
    """
    raw = file.read(MEGABYTES * 2**20 + 1)
    too_large = PictureTooLarge(
        field="photos", name=name, megabytes=MEGABYTES, megapixels=MEGAPIXELS
    )
    if len(raw) > MEGABYTES * 2**20:
        raise too_large
    try:
        with Image.open(io.BytesIO(raw), formats=FORMATS) as found:
            if found.width * found.height > MEGAPIXELS * 10**6:
                raise too_large
            found.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is unpacked small at once
            return _on_a_fresh_sheet(ImageOps.exif_transpose(found))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise too_large from None
    except _UNREADABLE:
        raise NotAPicture(field="photos", name=name) from None


def _on_a_fresh_sheet(found: Image.Image) -> Picture:
    found.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    layer = found.convert("RGBA")
    sheet = Image.new("RGB", layer.size, "white")
    sheet.paste(layer, mask=layer.getchannel("A"))
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return Picture(out.getvalue(), *sheet.size)
