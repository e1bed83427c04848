import hashlib

import pytest
from django.utils import translation

from loop28.middle.members import queries
from loop28.middle.members.consent import CONSENT_VERSION, TEXTS

# People agreed to these texts word by word. A change of words is a new version with a line of its
# own; a line that stands here is never changed.
FINGERPRINTS = {
    ("2026-1", "en"): "a2466f51c9d1db5e",
    ("2026-1", "zh-hans"): "449f51502331492d",
}

WORDS = {"en": ["18", "withdraw", "three years"], "zh-hans": ["18", "撤回", "三年"]}


def _fingerprint(version: str, language: str) -> str:
    with translation.override(language):
        text = TEXTS[version]
        words = "\n".join(map(str, (text.title, *text.paragraphs)))
    return hashlib.sha256(words.encode()).hexdigest()[:16]


@pytest.mark.parametrize(("version", "language"), FINGERPRINTS)
def test_a_text_that_people_agreed_to_is_never_changed(version: str, language: str) -> None:
    assert _fingerprint(version, language) == FINGERPRINTS[version, language]


def test_every_version_has_its_fingerprints() -> None:
    assert {version for version, _ in FINGERPRINTS} == set(TEXTS)
    assert queries.consent_text().version == CONSENT_VERSION


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_text_says_who_may_join_what_is_kept_and_how_to_withdraw(language: str) -> None:
    with translation.override(language):
        words = " ".join(map(str, queries.consent_text().paragraphs)).lower()
    for word in WORDS[language]:
        assert word in words
