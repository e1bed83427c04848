"""``loop28 replay``: a transcript goes in, a table of what was done comes out."""

import json

import pytest
from click.testing import CliRunner

from loop28.doors.cli import main
from tests.doors.cli.installation import run
from tests.rehearsal.kit import LOYALTY, assign, fact

VISITS = [
    assign("anna", "two"),
    assign("bob", "two"),
    *(fact(hour, "visit", who) for hour in (1, 2) for who in ("anna", "bob")),
]
DONE = (
    "member,task,assignment,time,reward\n"
    "anna,two,1,2,points 5; badge Regular\n"
    "bob,two,2,2,badge Regular\n"
)


@pytest.fixture
def files(tmp_path):
    """A playbook, a transcript of these lines, and where the table goes."""

    def write(lines=VISITS, playbook=LOYALTY):
        names = [tmp_path / name for name in ("playbook.yaml", "lines.jsonl", "done.csv")]
        names[0].write_text(playbook)
        names[1].write_text("\n".join(map(json.dumps, lines)))
        return names

    return write


def replay(names):
    playbook, lines, done = map(str, names)
    return CliRunner().invoke(
        main.commands(), ["replay", playbook, lines, "--out", done, "--db", "this one"]
    )


def test_without_a_database_it_runs_in_one_that_is_thrown_away(environment, files):
    playbook, lines, done = files()
    result = run(environment, "replay", str(playbook), str(lines), "--out", str(done))
    assert (result.returncode, done.read_text()) == (0, DONE)
    assert result.stdout.startswith(b"2 assignments, 4 facts of 2 members, 2 completions, ")
    assert result.stderr == "1 rewards were cut off by the cap «first»\n".encode()


@pytest.mark.django_db
def test_a_line_that_cannot_be_played_is_named_and_the_clock_given_back(files):
    result = replay(files([*VISITS, assign("anna", "three")]))
    assert result.exit_code == 1
    assert "lines.jsonl, line 7: there is no task three in the playbook." in result.stderr


@pytest.mark.django_db
def test_what_no_fact_moves_and_what_counts_nothing_are_named(files):
    ticked = LOYALTY + "  - {key: see, name: See, kind: tick, how: Look., effort: 1h, window: 5d}\n"
    twice = [fact(hour, "visit", "anna", key="till-1") for hour in (1, 2)]
    result = replay(files([assign("anna", "see"), *twice], ticked))
    assert result.exit_code == 0
    assert result.stderr == (
        "line 3: its key was used for another fact, it counts nothing\n"
        "see is never done here: no fact moves it\n"
    )


@pytest.mark.django_db
def test_a_transcript_without_a_line_is_refused(files):
    result = replay(files([]))
    assert (result.exit_code, "The transcript is empty." in result.stderr) == (1, True)
