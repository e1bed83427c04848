"""The schema, and what is written from it."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from loop28.front.playbooks import weekly
from loop28.front.playbooks.schema import Playbook, Threshold, json_schema
from loop28.kernel.money import yuan
from tests.front.playbooks.kit import changed, check, parsed
from tools import playbook_reference

HELP = "is out of date: run `python -m tools.playbook_reference`"


def test_the_schema_for_editors_is_current():
    current = playbook_reference.SCHEMA_FILE.read_text() == json_schema()
    assert current, f"{playbook_reference.SCHEMA_FILE} {HELP}"


def test_the_weekly_schema_for_editors_is_current():
    current = playbook_reference.WEEKLY_FILE.read_text() == weekly.json_schema()
    assert current, f"{playbook_reference.WEEKLY_FILE} {HELP}"


def test_the_reference_is_current():
    current = playbook_reference.REFERENCE.read_text() == playbook_reference.reference()
    assert current, f"{playbook_reference.REFERENCE} {HELP}"


def test_every_field_says_what_it_means():
    schemas = [playbook_reference.SCHEMA, playbook_reference.WEEKLY]
    for part in [*schemas, *(part for schema in schemas for part in schema["$defs"].values())]:
        for name, about in part["properties"].items():
            assert name == "kind" or "$ref" in about or about["description"], name


def test_a_level_is_earned_by_verified_behaviour_alone():
    behaviour = {"tasks", "orders", "lessons", "complaints_max", "refunded_percent_max"}
    assert set(Threshold.model_fields) == behaviour


def test_nothing_changes_after_reading():
    with pytest.raises(ValidationError):
        parsed().size = 3  # type: ignore[misc]


@given(st.integers(14_600, 10**11))
def test_an_amount_is_read_to_the_fen(fen):
    assert parsed(changed('"200.00"', f'"{yuan(fen)}"')).budget == fen


@given(st.times())
def test_a_time_of_day_has_hours_and_minutes(at):
    text = changed('"09:00"', f'"{at:%H:%M}"')
    assert parsed(text).beats[0].at == time(at.hour, at.minute)


@pytest.mark.parametrize(
    ("text", "duration"),
    [("1m", timedelta(minutes=1)), ("90m", timedelta(minutes=90)), ("12h", timedelta(hours=12))],
)
def test_a_duration_is_a_number_and_a_unit(text, duration):
    assert parsed(changed("window: 12h", f"window: {text}")).tasks[6].window == duration


@pytest.mark.parametrize("text", ["0h", "1.5h", "-1h", "１h", "h", "1 h", "1s", "99999d", "PT1H"])
def test_nothing_else_is_a_duration(text):
    assert [m.code for m in check(changed("window: 3h", f"window: {text}"))] == ["duration"]


@pytest.mark.parametrize("text", ["day", "day 0", "day1", "1 day", "day 1000", "12 h"])
def test_nothing_else_is_a_window(text):
    assert [m.code for m in check(changed("window: 12h", f"window: {text}"))] == ["window"]


def test_a_window_of_days_ends_with_the_last_instant_of_a_day_of_the_region():
    task = parsed(changed("window: 12h", "window: day 2")).tasks[6]
    zone = ZoneInfo("Asia/Shanghai")
    opened = datetime(2026, 3, 2, 15, 59, tzinfo=UTC)  # 23:59 there
    assert task.closes(opened, zone) == datetime(2026, 3, 3, 15, 59, 59, 999999, tzinfo=UTC)
    assert task.ends(timedelta(days=2, hours=9)) == timedelta(days=4)


@pytest.mark.parametrize("text", ["24:00", "9:00", "09:60", "1９:30", "09:00:00", "09.00", "noon"])
def test_nothing_else_is_a_time_of_day(text):
    assert [m.code for m in check(changed('"09:00"', f'"{text}"'))] == ["local-time"]


@pytest.mark.parametrize("text", ["-1", "1,5", "1.234", "1e3", "¥5", "１２", "", "99999999999"])
def test_nothing_else_is_an_amount(text):
    assert [m.code for m in check(changed('"200.00"', f'"{text}"'))] == ["yuan"]


def test_the_days_of_the_phases_add_up():
    assert parsed().days == 5
    assert isinstance(parsed(), Playbook)
