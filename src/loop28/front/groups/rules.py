"""What may be said in a group, whose turn a complaint is, when the house may write. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta, tzinfo
from functools import lru_cache

HOST_HOURS = 24
"""Hours a complaint is the host's to decide; then it is the region's, for as long again."""

MUTE_HOURS_MAX = 30 * 24

TRIES_MAX = 5
"""A message that could not be sent so often is given up, after about a quarter of an hour."""

LONGEST_DAY = timedelta(hours=25)
"""No local day is longer than that, not even when clocks are set back."""

STOP_WORDS = frozenset({"退订", "td", "t", "unsubscribe", "stop"})
"""A message that is nothing but one of these ends the notices to its writer."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe0e\ufe0f\ufeff]")
_LINK = re.compile(
    r"(?:https?://|www\.)[a-z0-9.:@_-]*"
    r"|(?<![a-z0-9.@_-])(?:[a-z0-9-]+\.)+(?:com|cn|net|org|top|xyz|cc|vip|shop|club|site|online"
    r"|info|biz|tv|io|me|app|link|co)(?![a-z0-9-])"
)


def folded(text: str) -> str:
    """``text`` in one width and case, without what cannot be seen."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text).casefold())


def findable(word: str) -> str:
    """A blocked word as it is looked for: folded, without spaces; empty when nothing is left."""
    return "".join(folded(word).split())


def blocked_word(text: str, words: Iterable[str]) -> str:
    """The first of these words that ``text`` holds, in whatever width, case and spacing; or none.

    A word of Latin letters is not found inside of a longer one: «vx» is not in «vxworks».
    """
    plain = folded(text)
    return next((word for word in words if _pattern(findable(word)).search(plain)), "")


@lru_cache(maxsize=4096)
def _pattern(word: str) -> re.Pattern[str]:
    spaced = r"\s*".join(map(re.escape, word))
    before = "(?<![a-z])" if word[:1].isascii() and word[:1].isalpha() else ""
    after = "(?![a-z])" if word[-1:].isascii() and word[-1:].isalpha() else ""
    return re.compile(f"{before}{spaced}{after}" if word else "(?!)")


def foreign_link(text: str, own: str) -> str:
    """The first link in ``text`` that leads to another host than ``own``; empty without one."""
    for found in _LINK.findall(folded(text)):
        host = found.rpartition("//")[2].rpartition("@")[2].partition(":")[0].rstrip(".")
        if host not in {own, f"www.{own}"}:
            return str(host or found)
    return ""


def first_hand(host: int, *, by: int | None, about: int | None, of_group: bool) -> str:
    """Whose turn a new complaint is: the host's, but not about themselves or the group they run.

    Nor what they complain of themselves, nor what the programme said.
    """
    concerned = of_group or about in {host, None} or by == host
    return "region" if concerned else "host"


def turn(first: str, at: datetime, now: datetime) -> tuple[str, datetime]:
    """Whose turn a complaint of ``at`` is now, and until when."""
    hours = timedelta(hours=HOST_HOURS)
    if first == "host":
        return ("host", at + hours) if now < at + hours else ("region", at + 2 * hours)
    return "region", at + hours


def fitting(*, of_group: bool, about: int | None, host: int, text: bool) -> Sequence[str]:
    """The decisions that fit a complaint, by what it is about."""
    down = ["down"] if text and not of_group else []
    person = ["mute", "remove"] if about not in {host, None} else []
    return [*down, *person, "settled", "unfounded"]


def next_try(tries: int, now: datetime) -> datetime | None:
    """When a message that failed ``tries`` times is tried again: 1, 2, 4, 8 minutes later.

    None once it is given up.
    """
    return now + timedelta(minutes=2 ** (tries - 1)) if tries < TRIES_MAX else None


def wants_to_stop(text: str) -> bool:
    """Whether a message says nothing but that its writer wants no more notices."""
    return findable(text) in STOP_WORDS


def quiet_until(now: datetime, start: time, end: time, zone: tzinfo) -> datetime | None:
    """When the quiet hours end that it is now in ``zone``; None outside of them.

    They may go over midnight; from a time to the same time there are none.
    """
    local = now.astimezone(zone)
    clock = local.time()
    inside = start <= clock < end if start <= end else clock >= start or clock < end
    if not inside:
        return None
    tomorrow = timedelta(days=1) if clock >= end else timedelta()
    morning = datetime.combine(local.date() + tomorrow, end, tzinfo=zone)
    return morning.astimezone(now.tzinfo)
