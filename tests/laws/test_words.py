"""What the house says of itself: facts that hold no words of people, refusals that can be read."""

import ast
import dataclasses
import re
from collections.abc import Iterator
from datetime import datetime
from types import NoneType
from typing import Any, get_args, get_type_hints

import pytest
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.functional import Promise

from loop28.kernel.journal.facts import KINDS
from loop28.kernel.refusals import Refusal
from tests.laws import code

FACTS = {name: kind for name, kind in KINDS.items() if kind.__module__.startswith("loop28.")}

OUR_WORDS = {
    *(
        "asked",
        "consent",
        "decision",
        "kind",
        "level",
        "platform",
        "role",
        "state",
        "target",
        "task",
        "via",
    )
}
"""Fields of facts that are text: each is a word of a closed list of ours, or a key of a playbook.

Before you add one: whatever a person typed can never be erased from the journal again.
"""

CHINESE = re.compile("[\u4e00-\u9fff]")
PLACE = re.compile(r"%\((\w+)\)")


def subclasses(of: type[Any]) -> list[type[Any]]:
    return [one for child in of.__subclasses__() for one in [child, *subclasses(child)]]


REFUSALS = {
    kind.__name__: kind for kind in subclasses(Refusal) if kind.__module__.startswith("loop28.")
}


@pytest.fixture(scope="module")
def chinese():
    """What every catalogue says, by what stands in the code."""
    said: dict[Any, Any] = {}
    for file in code.SOURCE.rglob("*.po"):
        with file.open("rb") as opened:
            said |= {message.id: message.string for message in read_po(opened) if message.id}
    return said


class TestFacts:
    def test_there_are_some(self):
        assert len(FACTS) > 20

    @pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
    def test_says_in_its_docstring_what_happened(self, fact):
        assert fact.__doc__
        assert not fact.__doc__.startswith(f"{fact.__name__}(")  # a dataclass's own signature
        assert fact.__doc__.split("\n")[0].rstrip()[-1] in ".:;"

    @pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
    def test_holds_ids_amounts_and_words_of_ours_and_nothing_a_person_typed(self, fact):
        for name, kind in get_type_hints(fact).items():
            if name == "name":  # the fact's own
                continue
            kinds = set(get_args(kind) or [kind]) - {NoneType}
            assert kinds <= {int, bool, datetime, str}, name
            assert str not in kinds or name in OUR_WORDS, name

    @pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
    def test_cannot_be_changed_and_is_made_by_names(self, fact):
        options = fact.__dataclass_params__
        assert options.frozen
        assert "__slots__" in vars(fact)
        assert all(field.kw_only for field in dataclasses.fields(fact))

    def test_stand_in_the_modules_for_facts(self):
        assert all(kind.__module__.endswith(".facts") for kind in FACTS.values())

    def test_no_word_is_allowed_that_no_fact_uses(self):
        used = {name for fact in FACTS.values() for name in get_type_hints(fact)}
        assert used >= OUR_WORDS


class TestRefusals:
    def test_there_are_some(self):
        assert len(REFUSALS) > 40

    @pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
    def test_says_why_in_a_docstring_and_has_a_status_of_its_own_kind(self, refusal):
        assert refusal.__doc__
        assert refusal.__doc__ != Refusal.__doc__
        assert 400 <= refusal.status < 500

    @pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
    def test_is_said_in_chinese_and_in_english(self, refusal, chinese):
        if refusal.message == "%(why)s":
            return  # says what somebody else says, who translates it
        if not refusal.message:
            assert refusal.__subclasses__(), "only a base says nothing"
            return
        assert isinstance(refusal.message, Promise), "translated when it is said, not when imported"
        with translation.override("en"):
            english = str(refusal.message)
        assert english.endswith((".", "!", "?", ")s"))
        said = chinese[english]
        assert CHINESE.search(said)
        assert set(PLACE.findall(said)) == set(PLACE.findall(english))

    def test_no_two_have_the_same_code(self):
        found = [kind for kind in subclasses(Refusal) if kind.__module__.startswith("loop28.")]
        codes = [kind.code for kind in found]
        assert len(codes) == len(set(codes))

    def test_every_place_in_a_message_is_filled_where_it_is_raised(self):
        missing = [
            f"{name}:{call.lineno} {kind.__name__} without {sorted(places)}"
            for name, tree in code.parsed().items()
            for call, kind in raised(tree)
            if (places := places_of(kind) - given(call))
        ]
        assert missing == []


def raised(tree: ast.AST) -> Iterator[tuple[ast.Call, type[Refusal]]]:
    """Where refusals are made, and of which kind; one raised without a call is made as well."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name | ast.Attribute):
            node = ast.Call(node.exc, [], [], lineno=node.lineno)
        if isinstance(node, ast.Call):
            kind = REFUSALS.get(code.spelled(node.func).rpartition(".")[2])
            given_in_bulk = any(word.arg is None for word in node.keywords)
            if kind is not None and "__init__" not in vars(kind) and not given_in_bulk:
                yield node, kind


def places_of(kind: type[Refusal]) -> set[str]:
    with translation.override("en"):
        return set(PLACE.findall(str(kind.message)))


def given(call: ast.Call) -> set[str]:
    return {word.arg for word in call.keywords if word.arg}


class TestPages:
    def test_address_people_as_one_does_among_friends(self, chinese):
        assert not [text for text in chinese.values() if "您" in "".join(text)]
