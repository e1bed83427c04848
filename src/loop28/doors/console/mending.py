"""Each red item in words, with the one button that mends it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from loop28.doors.console import roles
from loop28.front.lines.queries import Beat, Line
from loop28.insight.metrics.figures import Figures
from loop28.insight.metrics.red import Cause, Red
from loop28.kernel import money
from loop28.kernel.access import Actor
from loop28.ui.text import local_day, yuan

KINDS: dict[str, str | Promise] = {
    "post": gettext_lazy("Post"),
    "talk": gettext_lazy("Talk"),
    "packet": gettext_lazy("Red packet"),
    "call": gettext_lazy("Call"),
    "tasks": gettext_lazy("Tasks"),
    "close": gettext_lazy("Close of the phase"),
}


@dataclass(frozen=True, slots=True)
class Mended:
    """What the page shows: where, what is wrong, since when, and the button.

    ``post`` says whether the button does it at once; else it opens the page where it is done.
    """

    line: Line | None
    cause: str
    since: datetime | None
    button: str
    url: str
    post: bool = False


def mend(red: Red, now: datetime, actor: Actor) -> Mended:
    """The words and the button for a red item, as far as this actor may press it."""
    return _BY_CAUSE[red.cause](red, now, actor)


def beside(figures: Sequence[Figures], reds: Sequence[Red]) -> list[tuple[Figures, int]]:
    """Figures of lines, each with how many red items name its line."""
    counts = Counter(red.line.pk for red in reds if red.line)
    return [(f, counts[f.line.pk]) for f in figures]


def _short(red: Red, now: datetime, actor: Actor) -> Mended:
    lacking = yuan(red.fen)
    if red.since:
        words = _("The budget cannot pay the packets of the next two days: %(sum)s are missing.")
    else:
        words = _("Rewards that members earned wait for money: %(sum)s are missing.")
    address = reverse("line-budget", args=[_line(red).pk])
    if actor.role in roles.FUNDERS:
        address += f"?add={money.yuan(red.fen)}"
    return Mended(red.line, words % {"sum": lacking}, red.since, _("Add money"), address)


def _failed(red: Red, now: datetime, actor: Actor) -> Mended:
    beat = _beat(red)
    words = _("«%(beat)s» could not be done") % {"beat": title(beat)}
    if beat.outcome_text:
        words = _("%(words)s: %(why)s") % {"words": words, "why": beat.outcome_text}
    if red.count > 1:
        words = _("%(words)s, and %(more)s more") % {"words": words, "more": red.count - 1}
    if actor.role in roles.RUNNERS and red.count == 1:
        address = reverse("line-beat-again", args=[beat.line_id, beat.pk])
        return Mended(red.line, words, red.since, _("Try again"), address, post=True)
    return Mended(red.line, words, red.since, _("Open the day"), day_url(beat))


def _late(red: Red, now: datetime, actor: Actor) -> Mended:
    words = ngettext(
        "%(count)s beat is overdue and was not sent by itself. Is the worker running?",
        "%(count)s beats are overdue and were not sent by themselves. Is the worker running?",
        red.count,
    ) % {"count": red.count}
    if actor.role in roles.RUNNERS:
        return Mended(red.line, words, red.since, _("Do it now"), reverse("do-due"), post=True)
    return Mended(red.line, words, red.since, _("Open the day"), day_url(_beat(red)))


def _stuck(red: Red, now: datetime, actor: Actor) -> Mended:
    words = ngettext(
        "%(count)s message waits in the outbox and does not leave.",
        "%(count)s messages wait in the outbox and do not leave.",
        red.count,
    ) % {"count": red.count}
    if actor.role in roles.RUNNERS:
        return Mended(red.line, words, red.since, _("Send now"), reverse("send-waiting"), post=True)
    address = reverse("line-calendar", args=[_line(red).pk])
    return Mended(red.line, words, red.since, _("Open the calendar"), address)


def _cards(red: Red, now: datetime, actor: Actor) -> Mended:
    beat = _beat(red)
    words = ngettext(
        "%(count)s card waits for the host's hand: «%(beat)s»",
        "%(count)s cards wait for the host's hand, first «%(beat)s»",
        red.count,
    ) % {"count": red.count, "beat": title(beat)}
    if red.count == 1 and actor.role in roles.RUNNERS:
        address = reverse("line-beat-do", args=[beat.line_id, beat.pk])
        return Mended(red.line, words, red.since, _("Send for the host"), address, post=True)
    return Mended(red.line, words, red.since, _("Open the day"), day_url(beat))


def _gap(red: Red, now: datetime, actor: Actor) -> Mended:
    line = _line(red)
    words = _("It starts on %(day)s, and %(gap)s of %(size)s seats are free.") % {
        "day": local_day(line.start_day),
        "gap": red.count,
        "size": line.size,
    }
    address = reverse("line-invitations", args=[line.pk])
    return Mended(line, words, None, _("Open the invitations"), address)


def _proposals(red: Red, now: datetime, actor: Actor) -> Mended:
    words = ngettext(
        "%(count)s proposal for supervisor waits for your decision.",
        "%(count)s proposals for supervisor wait for your decision.",
        red.count,
    ) % {"count": red.count}
    return Mended(None, words, None, _("Decide"), reverse("hosts") + "#proposals")


def _appeals(red: Red, now: datetime, actor: Actor) -> Mended:
    words = ngettext(
        "%(count)s appeal waits for an answer.", "%(count)s appeals wait for an answer.", red.count
    ) % {"count": red.count}
    return Mended(None, words, None, _("Answer them"), reverse("appeals"))


def _holds(red: Red, now: datetime, actor: Actor) -> Mended:
    words = ngettext(
        "%(count)s freeze waits for somebody to look at it.",
        "%(count)s freezes wait for somebody to look at them.",
        red.count,
    ) % {"count": red.count}
    return Mended(None, words, None, _("Decide"), reverse("fraud"))


def _complaints(red: Red, now: datetime, actor: Actor) -> Mended:
    words = ngettext(
        "%(count)s complaint waits for the region to decide.",
        "%(count)s complaints wait for the region to decide.",
        red.count,
    ) % {"count": red.count}
    return Mended(None, words, red.since, _("Decide"), reverse("complaints"))


def _payouts(red: Red, now: datetime, actor: Actor) -> Mended:
    words = ngettext(
        "%(count)s member waits to be paid.", "%(count)s members wait to be paid.", red.count
    ) % {"count": red.count}
    return Mended(None, words, None, _("Open the payouts"), reverse("payouts"))


_BY_CAUSE = {
    Cause.SHORT: _short,
    Cause.FAILED: _failed,
    Cause.LATE: _late,
    Cause.STUCK: _stuck,
    Cause.CARDS: _cards,
    Cause.GAP: _gap,
    Cause.COMPLAINTS: _complaints,
    Cause.PROPOSALS: _proposals,
    Cause.APPEALS: _appeals,
    Cause.HOLDS: _holds,
    Cause.PAYOUTS: _payouts,
}


def _line(red: Red) -> Line:
    """The line of a cause that always has one."""
    if red.line is None:
        raise ValueError(f"{red.cause} without a line")
    return red.line


def _beat(red: Red) -> Beat:
    """The beat of a cause that always has one."""
    if red.beat is None:
        raise ValueError(f"{red.cause} without a beat")
    return red.beat


def title(beat: Beat, length: int = 24) -> str:
    """What to call a beat: its own title, or the start of what it says."""
    told = beat.payload.get("title") or beat.payload.get("topic") or beat.payload.get("text", "")
    first = str(told).strip().split("\n", 1)[0]
    short = first if len(first) <= length else f"{first[: length - 1]}…"
    return short or str(KINDS[beat.kind])


def day_url(beat: Beat) -> str:
    """The page of the day a beat belongs to."""
    return reverse("line-day", args=[beat.line_id, beat.day])
