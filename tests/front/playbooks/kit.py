"""Playbooks to make mistakes in."""

from pathlib import Path

from loop28.front.playbooks import rules
from loop28.front.playbooks.form import playbook
from loop28.front.playbooks.mistakes import Mistake
from loop28.front.playbooks.reading import read
from loop28.front.playbooks.schema import Playbook

SMALL = Path(__file__).with_name("small.yaml").read_text()
PROGRAMMES = Path(__file__).parents[3] / "playbooks"


def changed(old: str, new: str, text: str = SMALL) -> str:
    """``text`` with its one ``old`` replaced."""
    assert text.count(old) == 1, f"{old!r} stands there {text.count(old)} times"
    return text.replace(old, new)


def check(source: str | bytes) -> list[Mistake]:
    return rules.check(read(source))


def parsed(text: str = SMALL) -> Playbook:
    return playbook(read(text).data)
