"""Every mistake has words in both languages, and its words fit what the rules say."""

import re
from pathlib import Path

import pytest
from django.utils import translation
from ruamel.yaml import YAML

from loop28.front.playbooks import wording, words
from loop28.front.playbooks.mistakes import Mistake
from tests.front.playbooks.kit import SMALL, changed, check

PLANTED = YAML(typ="safe", pure=True).load(Path(__file__).with_name("mistakes.yaml"))
UNREADABLE = [
    b"\xff", "", "- a", "a: b: c", "a: \x07", "a: 1\n---\nb: 2", "%YAML 1.2\n---\na: 1",
    "a: &x 1", "a: !x 1", "a: " + "[" * 99, "1: 2", "a: 1\na: 2", "x" * 1_000_001,
    "a: [" + "1," * 20_001 + "1]",
]  # fmt: skip


def planted_texts():
    for planted in PLANTED:
        text = SMALL
        for old, new in planted["changes"]:
            text = changed(old, new, text)
        yield text.replace("§", "")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_mistake_can_be_told_with_its_cure(language):
    told = set()
    with translation.override(language):
        for source in [*planted_texts(), *UNREADABLE]:
            for remark in wording.remarks(check(source)):
                told.add(remark.code)
                for text in (remark.message, remark.cure):
                    assert text
                    assert "%(" not in text
                    assert "%%" not in text
    assert told == words.WORDS.keys() - words.WEEKS.keys() - {"form"}


def test_words_are_chosen_when_they_are_asked_for():
    (remark,) = wording.remarks(check(changed("key: small", "key: Small!")))
    with translation.override("en"):
        assert remark.message == "«Small!» cannot be a key."
    with translation.override("zh-hans"):
        assert re.search("[\u4e00-\u9fff]", remark.message)


def test_a_verdict_of_the_schema_we_have_no_words_for_is_passed_on():
    (remark,) = wording.remarks([Mistake(1, 1, "x", "form", {"problem": "Odd"})])
    with translation.override("en"):
        assert remark.message == "This is not right: Odd."


def test_a_rare_complaint_of_the_parser_stays_as_it_is():
    (remark,) = wording.remarks([Mistake(1, 1, "", "syntax", {"problem": "odd stuff"})])
    with translation.override("en"):
        assert remark.message == "This cannot be read as YAML: odd stuff"
