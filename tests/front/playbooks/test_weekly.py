"""A weekly playbook: a cycle of weeks without end, checked like any other."""

from datetime import timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from loop28.front.playbooks import actions, form, queries, rules, wording
from loop28.front.playbooks.reading import read
from loop28.front.playbooks.refusals import NoSuchPlaybook, PlaybookHasMistakes
from loop28.kernel.access import SYSTEM
from tests.front.playbooks.kit import PROGRAMMES, SMALL, changed, check

KITCHEN = (PROGRAMMES / "weekly-home-kitchen.yaml").read_text()
WEEKLY = """\
weekly: 1
key: tea
name: 喝茶群
weeks: 2
beats:
  - {key: hello, day: 1, at: "09:00", kind: post, text: 早}
  - {key: first, week: 1, day: 3, at: "20:00", kind: question, text: 喝绿茶还是红茶？}
  - {key: second, week: 2, day: 3, at: "20:00", kind: question, text: 用盖碗还是用壶？}
"""


def moments(number, text=WEEKLY):
    return [m.key for m in rules.week(form.weekly(read(text).data), number)]


def test_what_has_no_week_returns_every_week_and_the_cycle_begins_again():
    assert [moments(n) for n in (1, 2, 3)] == [
        ["hello", "first"],
        ["hello", "second"],
        ["hello", "first"],
    ]


def test_a_talk_is_a_moment_a_message_and_its_question():
    week = rules.week(form.weekly(read(KITCHEN).data), 1)
    talk = [m for m in week if m.kind == "talk"]
    assert [m.part for m in talk] == list(range(7))
    assert talk[-1].payload["question"]
    assert talk[1].at - talk[0].at == timedelta(minutes=3)


@given(st.integers(1, 500))
def test_every_week_is_in_order_and_within_its_seven_days(number):
    week = rules.week(form.weekly(read(KITCHEN).data), number)
    assert [(m.day, m.at) for m in week] == sorted((m.day, m.at) for m in week)
    assert {m.day for m in week} <= set(range(1, 8))


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        ("week: 2, day: 3", "week: 3, day: 3", "week-outside", "beats[2].week"),
        ("day: 1", "day: 8", "number-too-large", "beats[0].day"),
        ("week: 2, day: 3", "day: 3", "same-minute", "beats[2].at"),
        ("key: second", "key: first", "key-twice", "beats[2].key"),
        ("text: 早", "text: 早, total: '1.00'", "unknown-field", "beats[0].total"),
        ("kind: post", "kind: packet", "unknown-kind", "beats[0].kind"),
        ("weeks: 2", "weeks: 13", "number-too-large", "weeks"),
        ("name: 喝茶群\n", "", "missing", "name"),
    ],
)
def test_a_mistake_is_found_alone_and_at_its_place(old, new, code, path):
    found = check(changed(old, new, WEEKLY))
    assert [(m.code, m.path) for m in found] == [(code, path)]
    with translation.override("en"):
        (remark,) = wording.remarks(found)
        assert remark.message
        assert "%(" not in remark.cure


def test_a_mistake_of_form_hides_no_other():
    text = changed("week: 2, day: 3", "week: 9, day: 3", changed("text: 早", "text: 5", WEEKLY))
    assert [m.code for m in check(text)] == ["text-expected", "week-outside"]


def test_a_talk_of_one_week_may_not_run_into_another_that_comes_every_week():
    talk = KITCHEN[KITCHEN.index("  - key: w1-talk") : KITCHEN.index("  - key: w2-friday")]
    again = talk.replace("w1-talk", "always").replace("    week: 1\n", "")
    text = KITCHEN + again.replace('"19:30"', '"19:40"')
    assert [m.code for m in check(text)] == ["talks-overlap"]


@pytest.mark.django_db
class TestPublishing:
    def test_a_weekly_playbook_is_a_version_that_no_line_is_opened_from(self):
        weekly, plain = actions.publish(SYSTEM, WEEKLY), actions.publish(SYSTEM, SMALL)
        assert list(queries.versions(SYSTEM)) == [plain]
        assert list(queries.weekly_versions(SYSTEM)) == [weekly]
        assert queries.weekly(weekly.pk).weeks == 2
        with pytest.raises(NoSuchPlaybook):
            queries.playbook(weekly.pk)
        with pytest.raises(NoSuchPlaybook):
            queries.weekly(plain.pk)

    def test_one_with_mistakes_is_refused(self):
        with pytest.raises(PlaybookHasMistakes):
            actions.publish(SYSTEM, changed("weeks: 2", "weeks: 1", WEEKLY))
