"""What people type becomes one visible, normal form; nothing is cut."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loop28.kernel.text import TextMissing, TextTooLong, clean, clean_line, is_number, number_in

ANY = st.text(st.characters(exclude_categories=[]))


@given(ANY)
def test_cleaning_twice_is_cleaning_once(raw):
    for tidy in (clean, clean_line):
        once = tidy(raw, limit=10_000, required=False)
        assert tidy(once, limit=10_000, required=False) == once


@given(ANY)
def test_what_is_left_is_normal_and_can_be_stored(raw):
    text = clean(raw, limit=10_000, required=False)
    assert unicodedata.is_normalized("NFC", text)
    assert not {unicodedata.category(c) for c in text if c != "\n"} & {"Cc", "Cs"}
    text.encode()


@given(ANY)
def test_a_line_has_single_spaces_only(raw):
    line = clean_line(raw, limit=10_000, required=False)
    assert line == " ".join(line.split())


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("  你好\r\n世界\r ", "你好\n世界"),
        ("a\tb", "a b"),
        ("a\x00b\x1b[0m", "ab[0m"),
        ("张\u200b三\ufeff", "张三"),
        ("\u202eabc\u2066", "abc"),
        ("e\u200b\u0301", "é"),
        ("e\x00\u0301", "é"),
        ("👨\u200d👩\u200d👧 ok", "👨\u200d👩\u200d👧 ok"),
        ("１２３", "１２３"),
        ("a\ud800b", "ab"),
        ("مرحبا", "مرحبا"),
    ],
)
def test_hidden_characters_go_and_everything_visible_stays(raw, text):
    assert clean(raw, limit=100) == text


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        ("a \u200b b", "a b"),
        ("a\n\n b", "a b"),
        ("一\u3000二", "一 二"),
        ("a\x0bb\u2028c", "a b c"),
    ],
)
def test_on_one_line_every_run_of_white_space_is_one_space(raw, line):
    assert clean_line(raw, limit=100) == line


@pytest.mark.parametrize("raw", ["", " \n ", "\u200b", "\u3164", "\u200d", "\ufe0f", "\u2800"])
def test_what_nobody_can_see_is_missing(raw):
    with pytest.raises(TextMissing) as refused:
        clean(raw, limit=10, field="name")
    assert refused.value.field == "name"


def test_an_empty_text_may_be_allowed():
    assert clean(" ", limit=10, required=False) == ""


def test_too_long_is_refused_with_both_lengths_and_counted_after_cleaning():
    assert len(clean(" " * 50 + "长" * 10, limit=10)) == 10
    with pytest.raises(TextTooLong) as refused:
        clean("长" * 10_000, limit=10)
    assert refused.value.details == {"limit": 10, "length": 10_000}


@pytest.mark.parametrize(
    "odd", [None, "", "x", "-1", "1.5", " 1", "１", "²", "9" * 19, "9" * 5_000, "1e9", ["1"]]
)
def test_what_is_no_number_is_none(odd):
    assert number_in(odd) == 0
    assert not is_number(str(odd))


@given(st.integers(0, 10**18 - 1))
def test_a_number_is_read_as_it_is_written(number):
    assert number_in(str(number)) == number_in(number) == number
    assert is_number(f"{number:018}")
