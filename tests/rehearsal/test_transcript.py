"""A line of a transcript is read, or refused with its number and what is wrong with it."""

import json

import pytest

from loop28.rehearsal.transcript import TranscriptError, read
from tests.rehearsal.kit import assign, fact


def refusal(line):
    with pytest.raises(TranscriptError) as wrong:
        list(read([b"", line if isinstance(line, bytes) else json.dumps(line).encode()]))
    return str(wrong.value)


def test_a_file_that_windows_saved_is_read():
    line = json.dumps(assign("anna", "two")).encode() + b"\r\n"
    ((number, record),) = read([b"\xef\xbb\xbf" + line, b"\r\n"])
    assert (number, record.type) == (1, "assign")


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00+00:00", "1969-12-31T23:59:00+00:00", "9999-12-31T23:59:00-08:00"]
)
def test_a_time_of_another_age_is_refused(at):
    assert refusal(assign("anna", "two", at=at)) == (
        f"line 2: {at} is not of the years 1970 to 2199"
    )


@pytest.mark.parametrize("at", ["5", "2026-03-02", "2026-03-02T09:30:00", -1, 10**7, None])
def test_what_is_no_time_is_refused(at):
    assert refusal(assign("anna", "two", at=at)).startswith("line 2: ")


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("member", assign("an\0na", "two")),
        ("task", assign("anna", "tw\0o")),
        ("subject", fact(1, "visit", "anna", subject="\0")),
        ("key", fact(1, "visit", "anna", key="a\0")),
        ("fields", fact(1, "visit", "anna", fields={"way": "\0"})),
        ("fields", fact(1, "visit", "anna", fields={"w\0ay": "web"})),
        ("key", {"at": 1, "type": "take_back", "key": "a\0"}),
    ],
)
def test_what_no_database_keeps_is_refused(where, line):
    assert refusal(line).startswith("line 2: ")
    assert where in refusal(line)


@pytest.mark.parametrize(
    "line",
    [
        b"[1,2]",
        b"{",
        b"\xff\xfe",
        b'{"at": NaN, "type": "assign", "member": "a", "task": "two"}',
        b'{"at": 0, "type": "assign", "member": "\\ud83d", "task": "two"}',
        {"at": 0, "type": "refund", "key": "a"},
        {"at": 0, "type": "take_back", "key": ""},
        fact(1, "Visit", "anna"),
        fact(1, "visit", "anna", amount="-10"),
        fact(1, "visit", "anna", amount="1.2345678"),
        fact(1, "visit", "anna", amount=12.34),
    ],
)
def test_what_is_no_line_of_a_transcript_is_refused(line):
    assert refusal(line).startswith("line 2: ")
