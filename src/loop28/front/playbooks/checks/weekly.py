"""What must hold in a weekly playbook: the checks of calendars, over every week of its cycle. Pure.

Its beats are unfolded as if the cycle were one long line: what meets in any week is found.
"""

from collections.abc import Iterator
from itertools import chain

from pydantic import ValidationError

from loop28.front.playbooks import form
from loop28.front.playbooks.checks import calendar
from loop28.front.playbooks.form import Draft
from loop28.front.playbooks.mistakes import Mistake
from loop28.front.playbooks.reading import Document
from loop28.front.playbooks.weekly import Weekly, WeeklyBeat

_CHECKS = [
    calendar.talks_end_before_midnight,
    calendar.one_of_a_kind_a_minute,
    calendar.talks_follow_each_other,
]
_Beats = list[tuple[int, WeeklyBeat]]


def check(document: Document) -> list[Mistake]:
    """Every mistake of a weekly playbook that was read: of its form, and between its fields."""
    try:
        weekly = form.weekly(document.data)
        return _between(document, weekly.weeks, list(enumerate(weekly.beats)))
    except ValidationError as error:
        verdicts = error.errors()
    data, broken = form.set_aside(document, verdicts)
    # Whatever the cycle was meant to be, a week outside of it is then not the mistake.
    weeks = 12 if ("weeks",) in broken else data.get("weeks", 1)
    beats: _Beats = form.sound_items(data, broken, "beats", WeeklyBeat)
    return form.mistakes(document, verdicts, Weekly) + _between(document, weeks, beats)


def _between(document: Document, weeks: int, beats: _Beats) -> list[Mistake]:
    unfolded = _draft(document, list(_unfolded(weeks, beats)))
    found = [
        *_weeks_are_in_the_cycle(document, weeks, beats),
        *calendar.keys_are_unique(_draft(document, beats)),
        *chain.from_iterable(check(unfolded) for check in _CHECKS),
    ]
    return list({(mistake.path, mistake.code): mistake for mistake in reversed(found)}.values())


def _weeks_are_in_the_cycle(document: Document, weeks: int, beats: _Beats) -> Iterator[Mistake]:
    for index, beat in beats:
        if beat.week is not None and beat.week > weeks:
            yield document.mistake("week-outside", ("beats", index, "week"), {"weeks": weeks})


def _unfolded(weeks: int, beats: _Beats) -> Iterator[tuple[int, WeeklyBeat]]:
    """Each beat on each day of the cycle on which it falls due."""
    for week in range(1, weeks + 1):
        for index, beat in beats:
            if beat.week in {None, week}:
                yield index, beat.model_copy(update={"day": 7 * (week - 1) + beat.day})


def _draft(document: Document, beats: _Beats) -> Draft:
    return Draft(
        document=document,
        playbook=None,
        profile=None,
        hot_product=None,
        promotion=None,
        phases=[],
        beats=beats,
        tasks=[],
        task_keys=[],
    )
