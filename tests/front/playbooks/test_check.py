"""Each kind of mistake, planted in a good playbook, is found alone and at its place."""

from pathlib import Path

import pytest
from django.utils import translation
from ruamel.yaml import YAML

from loop28.front.playbooks import wording, words
from tests.front.playbooks.kit import PROGRAMMES, SMALL, changed, check

PLANTED = YAML(typ="safe", pure=True).load(Path(__file__).with_name("mistakes.yaml"))


@pytest.mark.parametrize("number", range(len(PLANTED)), ids=lambda n: f"{n}-{PLANTED[n]['code']}")
def test_a_planted_mistake_is_found_alone_and_at_its_place(number):
    planted = PLANTED[number]
    text = SMALL
    for old, new in planted["changes"]:
        text = changed(old, new, text)
    before, _, after = text.partition("§")
    found = [(m.code, m.path, m.line, m.column) for m in check(before + after)]
    column = len(before) - before.rfind("\n")
    assert found == [(planted["code"], planted["path"], before.count("\n") + 1, column)]


def test_every_kind_of_mistake_is_planted():
    planted = {planted["code"] for planted in PLANTED}
    assert planted == words.WORDS.keys() - words.READING.keys() - words.WEEKS.keys() - {"form"}


@pytest.mark.parametrize("file", sorted(PROGRAMMES.glob("*.yaml")), ids=lambda file: file.stem)
def test_the_programmes_that_come_along_have_no_mistake(file):
    assert check(file.read_bytes()) == []


def test_the_small_playbook_has_no_mistake():
    assert check(SMALL) == []


def test_all_mistakes_are_named_at_once_in_the_order_of_the_file():
    text = changed('budget: "200.00"', "budget: 200.00")
    text = changed('at: "19:30"', 'at: "23:30"', text)
    text = changed("late: always", "late: never", text)
    text = changed("key: d5-tasks\n    day: 5", "key: d5-tasks\n    day: 6", text)
    text = changed('money: "0.50"', 'money: "9.00"\n      bagde: x', text)
    found = check(text)
    assert [m.code for m in found] == [
        "yuan",
        "talk-past-midnight",
        "late",
        "day-outside",
        "unlawful-reward",
        "unknown-field",
    ]
    assert [m.line for m in found] == sorted(m.line for m in found)


def test_a_mistake_of_form_in_a_task_does_not_make_it_unknown():
    text = changed("effort: 10s", "effort: 20s")
    assert [m.code for m in check(text)] == ["effort"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('budget: "200.00"', 'budget: "146.00"'),  # what 60 % passing cost
        ("window: 3h", "window: 210m"),  # the call counts until the close
        ("expires: 2h\n  - key: d5-close", "expires: 690m\n  - key: d5-close"),  # until midnight
        ("window: 12h", "window: 930m"),  # until midnight
        ("kind: checkin", "kind: checkin\n    target: 2"),  # 8:30 to 8:30 touches two days
        ("tasks: 5", "tasks: 7"),  # all there are
        ("tasks: 5\n    orders: 2", "tasks: 3\n    orders: 1"),  # what an owner proves
        ('title: 初次见面\n    total: "10.00"', 'title: 初次见面\n    total: "0.10"'),  # 10 shares
        ('money: "5.00"', 'money: "8.97"'),  # 30 % of 29.90
        ('  price: "29.90"', '  price: "44.99"'),  # a fen below the market
        ('day: 2\n    at: "19:00"', 'day: 2\n    at: "23:29"'),  # a minute before the close
        ('day: 1\n    at: "19:30"', 'day: 1\n    at: "23:29"'),  # the question comes at 23:59
    ],
)
def test_limits_themselves_are_allowed(old, new):
    assert check(changed(old, new)) == []


def test_two_talks_at_the_same_minute_are_one_mistake():
    talk = SMALL[SMALL.index("  - key: d1-talk") : SMALL.index("  - key: d2-packet")]
    text = changed("  - key: d2-packet", talk.replace("d1-talk", "d1-more") + "  - key: d2-packet")
    assert [m.code for m in check(text)] == ["same-minute"]


@pytest.mark.parametrize(
    ("old", "new", "choices"),
    [
        ("profile: own", "profile: facebook", "own, wechat"),
        ("split: equal", "split: half", "random, equal"),
        ("kind: call", "kind: shout", "post, talk, packet, call, tasks, close"),
    ],
)
def test_where_there_is_a_choice_the_cure_names_it(old, new, choices):
    with translation.override("en"):
        cures = [remark.cure for remark in wording.remarks(check(changed(old, new)))]
    assert cures == [f"Choose one of: {choices}."]


def test_one_phase_needs_no_call():
    warmup = SMALL[SMALL.index("  - key: warmup") : SMALL.index("  - key: training")]
    beats = SMALL[SMALL.index("  - key: d1-hello") : SMALL.index("  - key: d3-tasks")]
    text = changed("days: 3\n", "days: 5\n", SMALL.replace(warmup, "").replace(beats, ""))
    assert check(changed('budget: "200.00"', 'budget: "194.00"', text)) == []
    assert [m.code for m in check(changed('budget: "200.00"', 'budget: "193.99"', text))] == [
        "over-budget"
    ]


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ("title: 初次见面", "titel: 初次见面", "title"),
        ("promotion:", "promotions:", "promotion"),
        ("[checkin, name-shop, quiz]", "[checkin, name-shop, quizz]", "quiz"),
        ("opens: training", "opens: trainin", "training"),
        ("answer: 值，现在还在用", "answr: 值，现在还在用", "answer"),
        ("      title: 二十年老零售", "      titlle: 二十年老零售", "title"),
    ],
)
def test_a_name_that_is_nearly_right_is_suggested(old, new, meant):
    with translation.override("en"):
        cures = [remark.cure for remark in wording.remarks(check(changed(old, new)))]
    assert f"Did you mean «{meant}»?" in cures


def test_the_over_budget_words_name_the_figures():
    (over,) = wording.remarks(check(changed('budget: "200.00"', 'budget: "100.00"')))
    with translation.override("en"):
        assert over.message == (
            "The budget does not last: when 60 % pass (12 people), packets cost 44.00 and "
            "rewards up to 102.00, together 146.00 yuan."
        )
        assert over.cure == "Add 46.00 yuan, or spend less on packets and rewards."


def test_an_unlawful_reward_names_the_rule_and_its_source():
    text = changed(
        "course: 怎么开口不尴尬", "points: 5", changed("profile: own", "profile: wechat")
    )
    (unlawful,) = wording.remarks(check(text))
    with translation.override("en"):
        assert unlawful.message.startswith("On WeChat nothing of value")
        assert "wechat-no-value-for-sharing" in unlawful.cure
        assert "微信外部链接内容管理规范" in unlawful.cure
