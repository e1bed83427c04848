"""What people type, made safe to keep: one normal form, nothing invisible, a known length."""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from loop28.kernel.refusals import Refusal

# Bidi overrides and isolates can make a name read as something else; zero-width characters and
# letters without ink hide differences. Surrogates and NUL fit in no database.
_HIDDEN = re.compile(
    "[\u00ad\u061c\u115f\u1160\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufeff\uffa0\ufff9-\ufffb]"
)
# Families and colours of emoji are written with these: they stay, but alone they are no text.
_JOINERS = "\u200d\ufe0e\ufe0f"
_DIGITS = 18
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


class TextMissing(Refusal):
    """A text that must be there is empty."""

    message = _("Please fill in this field.")
    status = 422


class TextTooLong(Refusal):
    """A text is longer than its field allows."""

    message = _("Too long: at most %(limit)s characters, this has %(length)s.")
    status = 422


def clean(raw: str, *, limit: int, field: str = "", required: bool = True) -> str:
    """``raw`` in NFC without hidden or control characters, newlines kept, at most ``limit`` long.

    Refuses with TextMissing or TextTooLong; never cuts, because nothing people write is lost.
    """
    return _checked(_visible(raw).strip(), limit, field, required)


def clean_line(raw: str, *, limit: int, field: str = "", required: bool = True) -> str:
    """Like `clean`, on one line: every run of white space becomes one space."""
    return _checked(" ".join(_visible(raw).split()), limit, field, required)


def searchable(text: str) -> str:
    """Text for a search that forgives case, width and spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def is_number(text: str) -> bool:
    """Whether a text is a number, of at most eighteen digits: every database can hold it."""
    return text.isascii() and text.isdigit() and len(text) <= _DIGITS


def number_in(said: object) -> int:
    """A number from an address or a form; 0 for anything else that may stand there."""
    text = str(said)
    return int(text) if is_number(text) else 0


def keepable(raw: str) -> str:
    """``raw`` as it is, but for NUL and surrogates; for what others wrote and we only keep."""
    return _UNKEEPABLE.sub("", raw)


def _visible(raw: str) -> str:
    """Normalized last: what was hidden may have kept a letter and its accent apart."""
    if raw.isascii() and raw.isprintable():
        return raw  # as nearly everything that machines tell, a million texts in a shop's books
    text = _HIDDEN.sub("", raw.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", "".join(map(_kept, text)))


def _kept(character: str) -> str:
    if character == "\n" or unicodedata.category(character) not in {"Cc", "Cs"}:
        return character
    return " " if character.isspace() else ""


def _checked(text: str, limit: int, field: str, required: bool) -> str:
    if required and not text.strip(_JOINERS):
        raise TextMissing(field=field)
    if len(text) > limit:
        raise TextTooLong(field=field, limit=limit, length=len(text))
    return text
