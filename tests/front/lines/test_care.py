"""Who is silent gets a word; who got one is left in peace for some days."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from loop28.front.lines import actions, care, rules, seats
from loop28.front.lines.models import SpokenTo
from loop28.front.lines.refusals import NotInLine
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from tests.line_kit import START, live_until, local, moving_clock, open_line, people, seated
from tests.races import together

TODAY = date(2026, 3, 20)


@given(st.integers(0, 400))
@example(1)
@example(2)
def test_silence_counts_from_the_day_somebody_was_seen(days):
    found = rules.silent_days(TODAY - timedelta(days=days), TODAY)
    assert found == (days if days >= 2 else 0)


@given(st.integers(0, 40))
@example(2)
@example(3)
def test_a_word_gives_so_many_days_of_rest(days):
    rests = rules.resting(TODAY - timedelta(days=days), TODAY)
    assert rests == (days < 3)


@pytest.fixture
def line(transactional_db):
    with moving_clock():
        yield open_line()


def _host(line):
    return Actor(Role.MEMBER, line.host_id)


def test_a_word_is_noted_once_a_day_and_told_once(line):
    ann, ben = seated(line, 2)
    assert care.note_word(_host(line), line.pk, [ann]) == 1
    assert care.note_word(_host(line), line.pk, [ann, ben]) == 1
    told = Entry.objects.filter(kind="MemberSpokenTo").values_list("member", flat=True)
    assert sorted(told) == [ann, ben]
    live_until(local(1, 9))
    assert care.note_word(_host(line), line.pk, [ann]) == 1


def test_the_last_word_counts_until_the_rest_is_over(line):
    (ann,) = seated(line, 1)
    care.note_word(_host(line), line.pk, [ann])  # the day before the start
    day = START - timedelta(days=1)
    assert seats.spoken_to(line.pk, day) == {ann}
    assert seats.spoken_to(line.pk, day + timedelta(days=rules.REST_DAYS - 1)) == {ann}
    assert seats.spoken_to(line.pk, day + timedelta(days=rules.REST_DAYS)) == set()


def test_only_people_with_a_seat_are_spoken_to(line):
    (ann,) = seated(line, 1)
    (stranger,) = people(1)
    with pytest.raises(NotInLine):
        care.note_word(SYSTEM, line.pk, [ann, stranger])
    actions.leave(SYSTEM, line.pk, ann)
    with pytest.raises(NotInLine):
        care.note_word(SYSTEM, line.pk, [ann])
    assert not SpokenTo.objects.exists()


def test_only_whoever_runs_the_line_notes_a_word(line):
    (ann,) = seated(line, 1)
    with pytest.raises(type(line).DoesNotExist):
        care.note_word(Actor(Role.MEMBER, ann), line.pk, [ann])
    with pytest.raises(NotAllowed):
        care.note_word(Actor(Role.AUDITOR), line.pk, [ann])


def test_a_double_tap_is_one_word(line):
    (ann,) = seated(line, 1)
    host = _host(line)
    counts = together(*(lambda: care.note_word(host, line.pk, [ann]) for _ in range(4)))
    assert sorted(counts) == [0, 0, 0, 1]
    assert Entry.objects.filter(kind="MemberSpokenTo").count() == 1
