"""Whatever the file, reading it ends in a document or in mistakes with a place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loop28.front.playbooks.mistakes import dotted
from loop28.front.playbooks.reading import BYTES_MAX, read
from tests.front.playbooks.kit import SMALL, check

YAML_SIGNS = st.text(st.sampled_from("ab:-?,[]{}#&*!|>'\"%@`~ \n\t\\012.xuU<=é值"), max_size=80)


@given(st.text() | st.binary() | YAML_SIGNS)
def test_any_text_is_answered_with_mistakes_that_have_a_place(source):
    for mistake in check(source):
        assert mistake.line >= 1
        assert mistake.column >= 1


@given(st.integers(0, len(SMALL)), st.integers(0, 30), YAML_SIGNS)
def test_a_playbook_broken_anywhere_is_still_answered(start, length, debris):
    check(SMALL[:start] + debris + SMALL[start + length :])


def test_every_value_and_key_has_its_place():
    document = read("name: x\nlist:\n  - one\n  - {a: 1}\n")
    assert document.data == {"name": "x", "list": ["one", {"a": 1}]}
    assert document.places["list", 0] == (3, 5)
    assert document.places["list", 1, "a"] == (4, 9)
    assert document.keys["list", 1, "a"] == (4, 6)


def test_a_path_is_written_as_in_a_program():
    assert dotted(("beats", 3, "replies", 0, "answer")) == "beats[3].replies[0].answer"


def test_words_are_read_by_the_rules_of_yaml_1_2():
    document = read("a: [08:00, 12:30, yes, 'no', 017, 1.50, true, null, 2026-03-01, <<]")
    words = ["08:00", "12:30", "yes", "no", 17, 1.5, True, None, "2026-03-01", "<<"]
    assert document.data == {"a": words}


def test_a_number_too_long_for_python_stays_text():
    assert read(f"n: {'9' * 5000}").data == {"n": "9" * 5000}


def test_line_ends_and_the_mark_of_windows_make_no_other_text():
    there = SMALL.replace("\n", "\r\n")
    assert read("\ufeff" + there).text == read(there.encode()).text == SMALL


@pytest.mark.parametrize(
    ("source", "code", "place"),
    [
        (b"a: 1\nb: \xff", "not-utf-8", (2, 4)),
        ("a: 1\nb: 2".encode("utf-16"), "not-utf-8", (1, 1)),
        ("a: " + "x" * BYTES_MAX, "too-big", (1, 1)),
        ("", "empty-file", (1, 1)),
        ("# only a comment\n", "empty-file", (1, 1)),
        ("- a\n- b\n", "not-a-playbook", (1, 1)),
        ("just words", "not-a-playbook", (1, 1)),
        ("a: 1\n\tb: 2\n", "syntax", (2, 1)),
        ("a: 1\nb: c: d\n", "syntax", (2, 5)),
        ("a: 'open\n", "syntax", (2, 1)),
        ('a: "\\Uffffffff"\n', "syntax", (1, 1)),
        ("a: 1\nb: x\x07y\n", "hidden-character", (2, 5)),
        ("a: 1\nb: x\u202ey\n", "hidden-character", (2, 4)),
        ('a: 1\nb: "\\ud800"\n', "hidden-character", (2, 4)),
        ('a: "\\0"\n', "hidden-character", (1, 4)),
        ("a: 1\n---\nb: 2\n", "second-document", (2, 1)),
        ("%YAML 1.1\n---\na: 1\n", "directive", (2, 1)),
        ("a: &x 1\n", "anchor", (1, 4)),
        ("a: &x [1]\nb: *x\n", "anchor", (1, 4)),
        ("a: !!python/name:os.system 1\n", "tag", (1, 4)),
        ("a: !include other.yaml\n", "tag", (1, 4)),
        ("a: 1\nb: 2\na: 3\n", "said-twice", (3, 1)),
        ("1: 2\n", "key-not-text", (1, 1)),
        ("? [a]\n: b\n", "key-not-text", (1, 3)),
        ("a: " + "[" * 5000, "too-deep", (1, 16)),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(source, code, place):
    first = read(source).mistakes[0]
    assert (first.code, (first.line, first.column)) == (code, place)


def test_a_bomb_of_aliases_is_not_expanded():
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 60)]
    document = read("l0: &l0 [x]\n" + "\n".join(levels))
    assert document.data is None
    assert {mistake.code for mistake in document.mistakes} == {"anchor"}


def test_of_a_key_said_twice_the_first_counts():
    document = read("a: [1, 2]\nb: 1\na: {c: 3}\n")
    assert document.data == {"a": [1, 2], "b": 1}
    assert document.places["a", 0] == (1, 5)
    assert document.mistakes[0].details == {"name": "a", "first": 1}
