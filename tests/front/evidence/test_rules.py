"""How many people look at a picture, and until when one can be sent."""

import random
from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from loop28.back.compliance.rules import FOUR_EYES_ABOVE
from loop28.front.evidence import rules
from loop28.front.evidence.models import Look, State

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
looks = st.sampled_from(["first", "second", "again"])
spans = st.timedeltas(timedelta(days=-30), timedelta(days=30))


def after(look, *, approved=True, fen=0, again=False):
    return tuple(rules.after(look, approved=approved, fen=fen, again=again))


@given(looks, st.integers(0, 2000), st.booleans())
def test_one_no_is_enough_whoever_says_it(look, fen, again):
    assert after(look, approved=False, fen=fen, again=again) == ("rejected", "")


@given(st.integers(0, 2000), st.booleans())
@example(FOUR_EYES_ABOVE, False)
@example(FOUR_EYES_ABOVE + 1, False)
def test_two_people_decide_about_more_than_one_persons_word_carries(fen, again):
    state, look = after("first", fen=fen, again=again)
    assert (state, look == "second") == (
        ("waiting", True) if fen > FOUR_EYES_ABOVE else ("approved", False)
    )


@given(looks, st.integers(0, 2000))
def test_what_was_drawn_is_looked_at_once_more_and_only_once(look, fen):
    state, then = after(look, fen=fen, again=True)
    assert (then == "again") == (state == "approved" and look != "again")


@given(looks, st.booleans(), st.integers(0, 2000), st.booleans())
def test_every_stand_is_one_that_the_table_knows(look, approved, fen, again):
    state, then = after(look, approved=approved, fen=fen, again=again)
    assert state in State.values
    assert then in {*Look.values, ""}


@given(st.integers(0, 100), st.integers(0, 2**32))
def test_the_share_that_is_looked_at_again_is_the_one_that_was_set(percent, seed):
    chance = random.Random(seed)
    drawn = sum(rules.drawn(percent, chance) for _ in range(1000)) / 10
    assert abs(drawn - percent) <= 12
    assert percent not in {0, 100} or drawn == percent


@given(spans)
def test_whoever_waited_for_us_has_a_day_for_another_picture(since):
    assert rules.ends(NOW, None) == NOW
    ends = rules.ends(NOW, NOW + since)
    assert ends >= NOW
    assert ends >= NOW + since + timedelta(hours=24)
