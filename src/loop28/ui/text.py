"""Figures, names and times as text for a page. Pure, except for the active language."""

import datetime as dt
import unicodedata
import zlib
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language

from loop28.kernel import money

DASH = "—"
HUES = 8
_NO_BREAK = "\u00a0"
_MINUS = "\u2212"


def yuan(fen: int | None) -> str:
    """``123450`` → ``"¥ 1,234.50"``; the space does not break; nothing → a dash."""
    if fen is None:
        return DASH
    if not isinstance(fen, int):
        raise TypeError(f"fen are whole numbers, not {fen!r}")
    whole, cents = money.yuan(abs(fen)).split(".")
    return f"{_MINUS if fen < 0 else ''}¥{_NO_BREAK}{int(whole):,}.{cents}"


def count(number: int | None) -> str:
    """``14862`` → ``"14,862"``; nothing → a dash."""
    return DASH if number is None else f"{number:,}".replace("-", _MINUS)


def percent(part: int | None, whole: int | None) -> str:
    """``percent(171, 500)`` → ``"34.2%"``, half up, by whole numbers; of nothing → a dash."""
    if part is None or not whole:
        return DASH
    tenths = (abs(part) * 2000 + abs(whole)) // (2 * abs(whole))
    sign = _MINUS if tenths and (part < 0) != (whole < 0) else ""
    return f"{sign}{tenths // 10}.{tenths % 10}%"


def initials(name: str) -> str:
    """One or two signs for an avatar: ``"陈思远"`` → ``"思远"``, ``"Anna Berg"`` → ``"AB"``.

    Names on chat platforms carry emoji, invisible joiners, direction marks and letters in fancy
    alphabets: NFKC makes the letters plain and everything that is no letter or digit is passed
    over. A name of nothing but emoji keeps its first one; a name of nothing gets a dot.
    """
    plain = unicodedata.normalize("NFKC", name)
    han = [sign for sign in plain if _is_han(sign)]
    if han:
        return "".join(han[-2:])
    words = "".join(sign if unicodedata.category(sign)[0] in "LNM" else " " for sign in plain)
    # A word may start with a stray mark, such as a variation selector behind an emoji.
    firsts = [first for word in words.split() if (first := _first_letter(word))]
    if firsts:
        return (firsts[0] + (firsts[-1] if len(firsts) > 1 else "")).upper()[:2]
    return next((sign for sign in plain if _is_picture(sign)), "·")


def avatar_hue(key: object) -> str:
    """A CSS class that stays the same for the same id: ``hue-0`` … ``hue-7``."""
    number = key if isinstance(key, int) else zlib.crc32(str(key).encode())
    return f"hue-{number % HUES}"


def local_time(moment: dt.datetime | None, zone: str = "Asia/Shanghai") -> str:
    """``"09:30"`` on the wall clock of the zone."""
    return DASH if moment is None else f"{_local(moment, zone):%H:%M}"


def local_day(moment: dt.datetime | dt.date | None, zone: str = "Asia/Shanghai") -> str:
    """``"11月21日"`` or ``"November 21"``: the day there, in the page's language."""
    if moment is None:
        return DASH
    day = _local(moment, zone) if isinstance(moment, dt.datetime) else moment
    # Django writes the Chinese month with a zero in front: "03月1日".
    chinese = (get_language() or "").startswith("zh")
    return date_format(day, "n月j日" if chinese else "MONTH_DAY_FORMAT")


def local_stamp(moment: dt.datetime | None, zone: str = "Asia/Shanghai") -> str:
    """Day and time together."""
    return DASH if moment is None else f"{local_day(moment, zone)} {local_time(moment, zone)}"


def _local(moment: dt.datetime, zone: str) -> dt.datetime:
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a time zone: {moment!r}")
    return moment.astimezone(ZoneInfo(zone or "Asia/Shanghai"))


def _first_letter(word: str) -> str:
    return next((sign for sign in word if unicodedata.category(sign)[0] in "LN"), "")


def _is_han(sign: str) -> bool:
    return unicodedata.name(sign, "").startswith("CJK ") and unicodedata.category(sign) == "Lo"


def _is_picture(sign: str) -> bool:
    # Half a flag is a letter in a box: no picture.
    return unicodedata.category(sign) == "So" and not 0x1F1E6 <= ord(sign) <= 0x1F1FF
