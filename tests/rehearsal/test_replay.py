"""A transcript of somebody else's programme runs through the real engine."""

import json

import pytest

from loop28.front.playbooks.refusals import PlaybookHasMistakes
from loop28.kernel import clock
from loop28.rehearsal import transcript
from loop28.rehearsal.replay import prepare
from loop28.rehearsal.transcript import TranscriptError
from tests.rehearsal.kit import LOYALTY, assign, fact

pytestmark = pytest.mark.django_db


@pytest.fixture
def played():
    """A transcript that was run; its own time ends with the test."""

    def play(*lines, playbook=LOYALTY):
        texts = (line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
        records = list(transcript.read(texts))
        replay = prepare(playbook.encode(), records[0][1].moment)
        replay.run(records)
        return replay

    yield play
    clock.move_to(None)


def told(replay):
    return [(row.member, row.task, row.time, row.reward) for row in replay.completions()]


def test_each_completion_names_the_line_that_gave_it_and_the_one_that_decided_it(played):
    replay = played(
        assign("anna", "spend"), fact(1, "spend", "anna", amount="4.00"),
        fact("2026-01-01T02:00:00+08:00", "spend", "anna", amount="6.00"),
    )  # fmt: skip
    (row,) = replay.completions()
    assert row == ("anna", "spend", 1, "2026-01-01T02:00:00+08:00", "points 5")


def test_the_first_so_many_get_the_reward_and_the_others_none(played):
    replay = played(
        assign("anna", "two"), assign("bob", "two"),
        *(fact(hour, "visit", who) for hour in (1, 2) for who in ("bob", "anna")),
    )  # fmt: skip
    assert told(replay) == [("bob", "two", "2", "points 5; badge Regular"),
                            ("anna", "two", "2", "badge Regular")]  # fmt: skip
    assert replay.capped() == {"first": 1}


def test_a_tier_reached_later_is_in_the_reward_of_its_completion(played):
    replay = played(
        assign("anna", "spend"),
        fact(1, "spend", "anna", amount="10"),
        fact(2, "spend", "anna", amount="10"),
    )
    assert told(replay) == [("anna", "spend", "1", "points 12")]


def test_caps_of_the_playbook_cut_off_money(played):
    capped = LOYALTY + "caps: {member: '7.00'}\n"
    replay = played(
        assign("anna", "paid"),
        assign("anna", "paid"),
        fact(1, "visit", "anna"),
        playbook=capped,
    )
    assert told(replay) == [("anna", "paid", "1", "money 5.00"), ("anna", "paid", "1", "")]
    assert replay.capped() == {"member": 1}


def test_caps_that_are_none_are_a_mistake_of_the_playbook(played):
    with pytest.raises(PlaybookHasMistakes):
        played(assign("anna", "paid"), playbook=LOYALTY + "caps: {member: much}\n")


def test_what_comes_again_opens_with_each_day_of_the_transcript_up_to_its_cap(played):
    visits = [fact(9 + 24 * day, "visit", "anna") for day in range(4)]
    replay = played(assign("anna", "daily"), *visits)
    assert [(row.assignment, row.time) for row in replay.completions()] == [
        (1, "9"),
        (1, "33"),
        (1, "57"),
    ]
    assert replay.given == {"daily": 3}


def test_what_comes_again_later_than_the_transcript_ends_is_not_opened(played):
    assert played(assign("anna", "daily"), fact(25, "seen", "bob")).given == {"daily": 2}


def test_a_turn_that_nothing_was_done_in_does_not_stop_the_next(played):
    replay = played(assign("anna", "daily"), fact(57, "visit", "anna"))
    assert told(replay) == [("anna", "daily", "57", "points 2")]


def test_who_is_first_is_told_by_the_day_and_not_by_the_turn(played):
    replay = played(
        assign("anna", "daily"), assign("bob", "daily"),
        *(fact(9 + 24 * day, "visit", "anna") for day in range(2)), fact(57, "visit", "bob"),
        playbook=LOYALTY.replace("{points: 2}", "{points: 2, first: 2}"),
    )  # fmt: skip
    assert [row[0::3] for row in told(replay)] == [
        ("anna", "points 2"),
        ("anna", "points 2"),
        ("bob", ""),
    ]


def test_what_comes_after_a_turn_is_of_the_line_that_gave_the_first(played):
    after = LOYALTY + (
        "  - {key: more, name: More, kind: measured, how: More., effort: 1h, window: 5d,"
        " after: daily, measure: {fact: more, count: number, at_least: 1}}\n"
    )
    replay = played(
        assign("bob", "spend"),
        assign("anna", "daily"),
        fact(33, "visit", "anna"),
        fact(34, "more", "anna"),
        playbook=after,
    )
    assert [(row.task, row.assignment) for row in replay.completions()] == [
        ("daily", 2),
        ("more", 2),
    ]


def test_what_is_taken_back_was_not_done_and_brought_nothing(played):
    replay = played(
        assign("anna", "spend"),
        fact(1, "spend", "anna", amount="10", key="till-1"),
        {"at": 2, "type": "take_back", "key": "till-1"},
        fact(3, "spend", "anna", amount="4"),
    )
    assert told(replay) == []


def test_what_is_done_again_after_that_is_granted_again(played):
    replay = played(
        assign("anna", "spend"),
        fact(1, "spend", "anna", amount="10", key="till-1"),
        {"at": 2, "type": "take_back", "key": "till-1"},
        fact(3, "spend", "anna", amount="20"),
    )
    assert told(replay) == [("anna", "spend", "3", "points 12")]


def test_only_what_was_told_before_is_taken_back(played):
    with pytest.raises(TranscriptError, match=r"^line 2: no line before it has the key till-1$"):
        played(
            assign("anna", "spend"),
            {"at": 2, "type": "take_back", "key": "till-1"},
            fact(3, "spend", "anna", amount="10", key="till-1"),
        )


def test_a_task_that_no_fact_moves_is_named_as_one_that_is_never_done(played):
    ticked = LOYALTY + "  - {key: see, name: See, kind: tick, how: Look., effort: 1h, window: 5d}\n"
    replay = played(assign("anna", "see"), assign("anna", "two"), playbook=ticked)
    assert replay.never_done() == ["see"]


def test_amounts_that_nobody_can_add_are_refused_with_their_line(played):
    many = [fact(1, "spend", "anna", amount="999999999999") for _ in range(12)]
    with pytest.raises(TranscriptError, match=r"^line 11: amounts of spend come to more"):
        played(assign("anna", "spend"), *many)


def test_a_task_that_the_playbook_lacks_is_refused_with_its_line(played):
    with pytest.raises(TranscriptError, match=r"^line 2: there is no task three"):
        played(assign("anna", "two"), assign("anna", "three"))


@pytest.mark.parametrize("year", [1970, 2199])
def test_a_transcript_may_be_of_any_year_between_1970_and_2199(played, year):
    day = f"{year}-06-01T09:00:00+08:00"
    replay = played(assign("anna", "daily", at=day), fact(day, "visit", "anna"))
    assert told(replay) == [("anna", "daily", day, "points 2")]


def test_a_key_used_for_another_fact_counts_nothing_and_is_named(played):
    replay = played(
        assign("anna", "spend"),
        *(fact(1, "spend", "anna", amount=sum_, key="till-1") for sum_ in ("4", "4", "9")),
    )
    assert (told(replay), replay.facts, replay.conflicts) == ([], 1, [4])
