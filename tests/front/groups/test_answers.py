"""Who answers whom: the next words of another person after a question."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loop28.front.groups.answers import most_connected, who_answers_whom

START = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass
class Words:
    member_id: int | None
    text: str
    at: datetime
    writer: str = ""


def chat(*said):
    """(who, what, minute), in order."""
    return [Words(who, text, START + timedelta(minutes=minute)) for who, text, minute in said]


def answers(*said):
    return dict(who_answers_whom(chat(*said)))


def test_the_next_words_of_another_person_answer():
    assert answers((1, "怎么开店？", 0), (2, "点这里", 3)) == {(2, 1): 1}


def test_only_the_first_who_speaks_answered():
    assert answers((1, "怎么开店？", 0), (2, "点这里", 1), (3, "对", 2)) == {(2, 1): 1}


def test_nobody_answers_themselves():
    assert answers((1, "怎么开店？", 0), (1, "我找到了", 1)) == {}
    assert answers((1, "怎么开店？", 0), (1, "急", 1), (2, "点这里", 2)) == {(2, 1): 1}


def test_what_comes_after_ten_minutes_is_no_answer():
    assert answers((1, "怎么开店？", 0), (2, "点这里", 10)) == {(2, 1): 1}
    assert answers((1, "怎么开店？", 0), (2, "点这里", 11)) == {}


def test_the_programme_in_between_changes_nothing():
    assert answers((1, "怎么开店？", 0), (None, "红包来了", 1), (2, "点这里", 2)) == {(2, 1): 1}


def test_another_question_is_no_answer():
    assert answers((1, "怎么开店？", 0), (2, "我也想知道？", 1), (3, "点这里", 2)) == {(3, 2): 1}


def test_the_most_connected_are_those_with_most_ties():
    pairs = who_answers_whom(
        chat((1, "a？", 0), (2, "b", 1), (3, "c？", 2), (2, "d", 3), (1, "e？", 4), (2, "f", 5))
    )
    assert most_connected(pairs, 2) == [2, 1]
    assert most_connected(pairs, 9) == [2, 1, 3]


@given(st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["好", "吗？"]), st.integers(0, 20))))
def test_there_are_never_more_answers_than_questions(said):
    said = sorted(said, key=lambda words: words[2])
    pairs = who_answers_whom(chat(*said))
    assert pairs.total() <= sum("？" in text for _, text, _ in said)
    assert all(answered != asked for answered, asked in pairs)
