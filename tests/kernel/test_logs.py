"""A line of the log: whole, in one piece, and silent about people."""

import io
import json
import logging
import sys
import threading

import psycopg
import pytest
from django.db import IntegrityError, OperationalError
from hypothesis import given
from hypothesis import strategies as st

from loop28.kernel import logs

SECRET = "王芳 13800138000"


@pytest.fixture
def written():
    """A logger of ours and one of somebody else's, and the lines they wrote."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.Lines())
    ours, theirs = logging.getLogger("loop28.tried"), logging.getLogger("somebody.else")
    for logger in (ours, theirs):
        logger.addHandler(handler)
    yield ours, theirs, lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    for logger in (ours, theirs):
        logger.removeHandler(handler)


def failing(error, cause=None):
    try:
        try:
            raise cause or error
        except Exception as first:
            if first is error:
                raise
            raise error from first
    except Exception:
        return sys.exc_info()


def test_a_line_says_when_what_and_what_it_is_about(written):
    ours, _, lines = written
    with logs.about(request="5f", job="x"):
        logs.note(actor="member:5")
        ours.warning("line %s cannot go on", 7, extra={"known": {"ms": 12}})
    ours.warning("later")
    first, later = lines()
    assert first.pop("at").endswith("+00:00")
    assert first == {
        "level": "warning",
        "logger": "loop28.tried",
        "event": "line 7 cannot go on",
        "request": "5f",
        "job": "x",
        "actor": "member:5",
        "ms": 12,
    }
    assert "actor" not in later


def test_what_is_noted_where_nothing_is_being_done_is_of_no_account(written):
    ours, _, lines = written
    logs.note(actor="member:5")
    ours.warning("so")
    assert "actor" not in lines()[0]


def test_each_thread_says_what_it_itself_is_about(written):
    ours, _, lines = written
    with logs.about(request="mine"):
        other = threading.Thread(target=ours.warning, args=["from another"])
        other.start()
        other.join()
    assert "request" not in lines()[0]


def test_an_error_is_told_by_its_kinds_and_places_and_never_by_its_words(written):
    ours, _, lines = written
    error = failing(ValueError(SECRET), cause=KeyError(SECRET))
    ours.error("it broke", exc_info=error)
    (line,) = lines()
    assert [one["kind"] for one in line["errors"]] == ["builtins.ValueError", "builtins.KeyError"]
    assert "test_logs.py" in line["errors"][0]["at"][-1]
    assert line["errors"][0]["at"][-1].endswith(" failing")
    assert "13800138000" not in json.dumps(line)


def test_an_error_that_goes_in_a_circle_or_too_deep_ends(written):
    ours, _, lines = written
    first, second = ValueError(), ValueError()
    first.__cause__, second.__cause__ = second, first
    ours.error("round", exc_info=(ValueError, first, None))

    def deeper():
        deeper()

    try:
        deeper()
    except RecursionError as error:
        ours.error("deep", exc_info=error)
    round_, deep = lines()
    assert len(round_["errors"]) == 2
    assert len(deep["errors"][0]["at"]) == logs.FRAMES


def test_a_database_says_which_rule_it_was_but_not_which_row(written):
    ours, _, lines = written
    refused = psycopg.errors.CheckViolation(f"Failing row contains ({SECRET})")
    ours.error("no", exc_info=failing(IntegrityError(SECRET), cause=refused))
    ours.error("away", exc_info=failing(OperationalError(f"connection refused\nDETAIL: {SECRET}")))
    ours.error("full", exc_info=failing(OSError(28, "No space left", f"/uploads/{SECRET}")))
    no, away, full = lines()
    assert no["errors"][0]["sqlstate"] == "23514"
    assert away["errors"][0]["says"] == "connection refused"
    assert full["errors"][0]["errno"] == 28
    assert SECRET not in "".join(map(str, (no, away, full)))


def test_others_words_are_not_repeated_only_their_template_and_where_it_was(written):
    _, theirs, lines = written
    theirs.error("Internal Server Error: %s", "/m/signed-token")
    theirs.error("Invalid HTTP_HOST header: 'wang-fang'")
    first, second = lines()
    assert first["event"].startswith("Internal Server Error: %s (test_logs.")
    assert "signed-token" not in str(first)
    assert second["event"].startswith("(test_logs.")


@given(st.text())
def test_whatever_a_line_holds_it_is_one_line(text):
    record = logging.LogRecord("loop28.x", 30, "f.py", 1, "%s", (text,), None)
    line = logs.Lines().format(record)
    assert len(line.splitlines()) == 1
    assert json.loads(line)["event"] == text


def test_a_person_before_a_screen_reads_words_and_the_whole_error():
    record = logging.LogRecord(
        "loop28.x", 40, "f.py", 1, "it broke", (), failing(ValueError("why"))
    )
    with logs.about(request="5f"):
        text = logs.Readable().format(record)
    assert "ERROR loop28.x: it broke  request=5f\nTraceback" in text
    assert text.endswith("ValueError: why")


def test_the_error_that_ends_a_process_or_a_thread_is_a_line_too(written, monkeypatch):
    ours, _, lines = written
    monkeypatch.setattr(sys, "excepthook", None)
    monkeypatch.setattr(threading, "excepthook", None)
    monkeypatch.setattr(logs, "OURS", ours.name)
    logs.end_in_a_line()
    sys.excepthook(*failing(ValueError(SECRET)))
    thread = threading.Thread(target=lambda: int(SECRET))
    thread.start()
    thread.join()
    assert [line["level"] for line in lines()] == ["critical"] * 2
    assert "13800138000" not in str(lines())
