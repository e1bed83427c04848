"""What the policy of the pages forbids stands in none of them, and what is let through is known."""

import re

import pytest

from tests.laws import code

TEMPLATES = {
    str(file.relative_to(code.SOURCE)): file.read_text()
    for file in sorted(code.SOURCE.rglob("*.html"))
}
FORBIDDEN = {
    "a script in the page": r"<script(?![^>]*\ssrc=)",
    "a style in the page": r"<style|\sstyle\s*=",
    "a handler in the page": r"\son[a-z]+\s*=|\shx-on\b|\shx-on:",
    "a script in an address": r"javascript:",
    "a value that is a script": r"(?:hx-vals|hx-headers)\s*=\s*['\"]\s*js(?:avascript)?:",
    "a trigger with a condition, which htmx runs as a script": r"hx-trigger\s*=\s*\"[^\"]*\[",
    "nothing escaped": r"autoescape\s+off",
}
UNESCAPED = {
    # Words of our catalogues
    "loop28/ui/templates/ui/parts/form_field.html": 3,
    # Pages drawn by a template of ours, once for many
    "loop28/doors/member/templates/member/packet.html": 1,
    "loop28/doors/member/templates/member/group.html": 1,
}
"""Templates that say `|safe`, and how often. Before you add one: who wrote what is let through?"""

DRAWN = {"loop28.ui.drawing", "loop28.ui.templatetags.ui"}
"""Modules that join numbers to bars and rows of tables themselves, for speed."""


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_has(what):
    found = {
        name: [text[hit.start() : hit.end() + 40] for hit in re.finditer(FORBIDDEN[what], text)]
        for name, text in TEMPLATES.items()
        if re.search(FORBIDDEN[what], text, re.IGNORECASE)
    }
    assert found == {}


def test_there_are_templates():
    assert len(TEMPLATES) > 100


def test_what_is_let_through_unescaped_is_known():
    found = {name: len(re.findall(r"\|\s*safe\b", text)) for name, text in TEMPLATES.items()}
    assert {name: count for name, count in found.items() if count} == UNESCAPED


def test_no_code_calls_a_text_safe_that_it_did_not_escape():
    """`format_html` escapes what it is given; these escape nothing."""
    trusting = {"mark_safe", "SafeString", "SafeText"}
    found = [
        f"{name}:{call.lineno}"
        for name, tree in code.parsed().items()
        for call in code.calls(tree)
        if code.spelled(call.func).rpartition(".")[2] in trusting
        if name not in DRAWN
    ]
    assert found == []
