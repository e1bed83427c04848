"""What the watch noticed, in words: a title, the figures of the case, the rule behind it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loop28.front.tempo import rules as tempo
from loop28.front.watch import rules
from loop28.ui.text import local_day

TITLES: dict[str, str | Promise] = {
    tempo.VELOCITY: gettext_lazy("Far more clicks than ever"),
    tempo.HANDS: gettext_lazy("Clicks no hands made"),
    rules.IDLE_FANS: gettext_lazy("Fans who do nothing"),
    rules.STRUCTURE: gettext_lazy("Red chain"),
}

_FOUND: dict[str, str | Promise] = {
    tempo.VELOCITY: gettext_lazy(
        "%(clicks)s clicks on %(day)s. On their best day of the four weeks before it were %(best)s."
    ),
    tempo.HANDS: gettext_lazy("%(clicks)s clicks on one link within a second, on %(day)s."),
    rules.IDLE_FANS: gettext_lazy(
        "Of %(fans)s fans of at least a week, %(active)s ever did anything. Of the %(joined)s of"
        " them who joined: %(joined_active)s."
    ),
    rules.STRUCTURE: gettext_lazy(
        "From this person downwards %(people)s people on %(levels)s levels had a reward for"
        " inviting."
    ),
}
_EVEN = gettext_lazy(
    "%(clicks)s clicks on one link in a row, as evenly as a clock ticks, in %(seconds)s seconds, on"
    " %(day)s."
)

_RULES: dict[str, str | Promise] = {
    tempo.VELOCITY: gettext_lazy(
        "At least %(busy)s clicks in a day and more than %(leap)s times their own best day. Only"
        " who had clicks on %(known)s days before is measured, and never against others."
    ),
    tempo.HANDS: gettext_lazy(
        "%(crowd)s clicks on one link within a second, or %(row)s in a row at the same distance."
        " Where they came from is not looked at: people behind one Wi-Fi are people."
    ),
    rules.IDLE_FANS: gettext_lazy(
        "Of %(joined)s fans who joined at most %(joined_percent)s %% did anything within a week, or"
        " of %(fans)s fans at most %(percent)s %%. To do something is to touch another link, to"
        " write or tap in a group, to do a task, to sell."
    ),
    rules.STRUCTURE: gettext_lazy(
        "Red from %(levels)s levels or %(people)s people on, amber from %(amber_levels)s or"
        " %(amber_people)s. Only people who had a reward for inviting count."
    ),
}
_THRESHOLDS = {
    "busy": tempo.BUSY,
    "leap": tempo.LEAP,
    "known": tempo.KNOWN_DAYS,
    "crowd": tempo.CROWD,
    "row": tempo.ROW,
    "joined": rules.IDLE_JOINED,
    "joined_percent": rules.JOINED_PERCENT,
    "fans": rules.IDLE_FANS_ALL,
    "percent": rules.FANS_PERCENT,
    "levels": rules.RED_LEVELS,
    "people": rules.RED_PEOPLE,
    "amber_levels": rules.AMBER_LEVELS,
    "amber_people": rules.AMBER_PEOPLE,
}


def title(why: str) -> str:
    """What was noticed, in a few words."""
    return str(TITLES.get(why, why))


def found(why: str, numbers: Mapping[str, int]) -> str:
    """What was noticed, with its figures."""
    filled: dict[str, Any] = dict(numbers)
    if "day" in numbers:
        filled["day"] = local_day(date.fromordinal(numbers["day"]))
    words = _EVEN if numbers.get("even") else _FOUND[why]
    return str(words) % filled


def rule(why: str) -> str:
    """What trips it."""
    return str(_RULES[why]) % _THRESHOLDS


def went_round(found: int, amber: int, red: int) -> str:
    """What a night's round came to."""
    words = _("New cases: %(found)s · chains: %(amber)s amber, %(red)s red")
    return words % {"found": found, "amber": amber, "red": red}
