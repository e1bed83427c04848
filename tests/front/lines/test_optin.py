"""The rule that reads an opt-in: a corpus of real shapes, and what holds for all of them."""

import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from loop28.front.lines.optin import is_opt_in

CORPUS: dict[str, list[list[str]]] = YAML(typ="safe").load(
    Path(__file__).with_name("optin_corpus.yaml").read_text("utf-8")
)
YES = [entry[0] for entry in CORPUS["yes"]]
NO = [entry[0] for entry in CORPUS["no"]]


def named(entries: list[list[str]]) -> list[object]:
    # pytest escapes Chinese in ids, so the English gloss names the case.
    return [pytest.param(entry[0], id=entry[-1] or "empty") for entry in entries]


@pytest.mark.parametrize("text", named(CORPUS["yes"]))
def test_an_answer_is_read_as_one(text: str) -> None:
    assert is_opt_in(text)


@pytest.mark.parametrize("text", named(CORPUS["no"]))
def test_what_only_looks_like_an_answer_is_not(text: str) -> None:
    assert not is_opt_in(text)


def test_the_corpus_is_large_and_says_nothing_twice() -> None:
    texts, names = YES + NO, [entry[-1] for entry in CORPUS["yes"] + CORPUS["no"]]
    assert len(texts) >= 160
    assert all(isinstance(text, str) for text in texts), "quote the numbers"
    assert len(set(texts)) == len(texts)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("1" * 10_000, id="ones"),
        pytest.param("1" + "\u200b" * 10_000, id="zero-width"),
        pytest.param("「打1" * 10_000, id="quotes that never end"),
        pytest.param("打1" * 200, id="typed again and again"),
        pytest.param("「" + "打1" * 199, id="a quote full of calls"),
        pytest.param("1!" * 200, id="exclaimed again and again"),
        pytest.param("我参加" * 20, id="assent without a one"),
        pytest.param("@" + "a" * 399, id="a name without an end"),
        pytest.param("\ufdfa" * 400, id="a ligature that grows eighteenfold"),
    ],
)
def test_a_flood_is_no_answer_and_costs_little(text: str) -> None:
    started = time.perf_counter()
    assert is_opt_in(text) is False
    assert time.perf_counter() - started < 1, "a regular expression ran away"


def test_sixty_visible_characters_are_the_limit() -> None:
    assert is_opt_in("1" * 20 + "!" * 20)
    assert not is_opt_in("1" * 21)
    assert is_opt_in("1" + "!!!!!!!!!1" * 5 + "!" * 9)
    assert not is_opt_in("1" + "!!!!!!!!!1" * 5 + "!" * 10)


def test_four_hundred_characters_are_the_limit_whatever_they_are() -> None:
    assert is_opt_in("1" + " " * 399)
    assert not is_opt_in("1" + " " * 400)


# Any code point, lone surrogates too, and texts of the alphabet that the rule knows best.
ANY_TEXT = st.text(st.characters()) | st.text(
    st.sampled_from("1一0打扣我不个吗了,.!~?+@「」- \n\u200b🙋")
)


@given(ANY_TEXT)
def test_any_text_gets_an_answer(text: str) -> None:
    assert is_opt_in(text) in (True, False)


@given(ANY_TEXT)
def test_no_yes_without_a_sign_for_one(text: str) -> None:
    assume(not any(sign in unicodedata.normalize("NFKC", text) for sign in "1一壹"))
    assume(not any(unicodedata.digit(char, None) == 1 for char in text))
    assert not is_opt_in(text)


DECORATION = st.text(
    st.sampled_from(" 　\n\t\u200b\u200d\u2060\ufeff\ufe0f🙋👍🌹🎉🧧"), max_size=20
)


@given(st.sampled_from(YES), DECORATION, DECORATION)
def test_decoration_around_a_yes_keeps_it(text: str, before: str, after: str) -> None:
    assert is_opt_in(before + text + after)


@given(st.sampled_from(NO), DECORATION, DECORATION)
def test_decoration_around_a_no_keeps_it(text: str, before: str, after: str) -> None:
    assert not is_opt_in(before + text + after)


OTHER_DIGIT = st.characters(categories=["Nd", "No"]).filter(
    lambda char: unicodedata.digit(char, 1) != 1
)
ONES = st.sampled_from(
    [text for text in YES if unicodedata.normalize("NFKC", text).strip("1") == ""]
)


@given(ONES, OTHER_DIGIT, st.sampled_from(["", " ", "\u200b", "\ufe0f\u20e3", "🙋"]))
def test_another_digit_at_the_one_makes_it_a_number(one: str, digit: str, between: str) -> None:
    assert not is_opt_in(one + between + digit)
    assert not is_opt_in(digit + between + one)


WORDS = [
    "不要",
    "不想",
    "不用",
    "先不",
    "千万别",
    "我不",
    "我没",
    "没有",
    "拒绝",
    "取消",
    "no",
    "don't",
]
NEGATION = st.sampled_from([*"不别没勿莫非", *WORDS])


@given(NEGATION, st.sampled_from(YES), DECORATION)
def test_a_negation_before_a_yes_makes_it_a_no(negation: str, text: str, between: str) -> None:
    assert not is_opt_in(negation + between + text)


@given(
    st.sampled_from(YES),
    st.sampled_from(["?", "？", "吗", "吗？", "么", "不", "没", "的", "不是我", "❓"]),
)
def test_a_question_or_a_denial_after_a_yes_makes_it_a_no(text: str, after: str) -> None:
    assert not is_opt_in(text + after)
