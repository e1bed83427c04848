"""What the how-to shows is what the command prints and what the rules say."""

import re
from pathlib import Path

from click.testing import CliRunner
from django.utils import translation

from loop28.back.compliance.rules import (
    FOUR_EYES_ABOVE,
    MONEY_MAX,
    RECHECK_DAYS,
    SALE_REWARD_MAX_PERCENT,
    Evidence,
    evidence,
)
from loop28.doors.cli.playbook import playbook
from loop28.kernel.money import yuan
from tests.front.playbooks.kit import PROGRAMMES, SMALL, changed

HOW_TO = (PROGRAMMES.parent / "docs/how-to/write-a-playbook.md").read_text()


def shown_after(command: str) -> str:
    found = re.search(rf"\$ loop28 {re.escape(command)}\n(.*?)```", HOW_TO, re.DOTALL)
    assert found
    return found[1]


def run(*arguments: str) -> str:
    with translation.override("en"):
        return CliRunner().invoke(playbook, arguments).stdout


def test_the_costs_are_those_of_the_programme_that_comes_along():
    file = PROGRAMMES / "newcomer-7-21.yaml"
    assert shown_after("playbook check playbooks/newcomer-7-21.yaml") == run("check", str(file))


def test_the_mistake_looks_as_it_is_printed(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("playbooks").mkdir()
    Path("playbooks/spring.yaml").write_text(changed('"09:00"', '"9:00"', SMALL))
    shown = shown_after("playbook check playbooks/spring.yaml")
    assert shown == run("check", "playbooks/spring.yaml")


def test_the_limits_are_those_of_the_rules():
    said = {kind: MONEY_MAX[evidence(kind)] for kind in ("checkin", "quiz", "tick", "measured")}
    said["proof: photo"] = MONEY_MAX[Evidence.PHOTO]
    for word, most in said.items():
        assert re.search(rf"`{word}`.*\| up to {re.escape(yuan(most))} yuan \|", HOW_TO)
    assert f"above {yuan(FOUR_EYES_ABOVE)} yuan two people do" in HOW_TO
    assert f"up to {SALE_REWARD_MAX_PERCENT} % of" in HOW_TO
    assert f"are held for {RECHECK_DAYS} days" in HOW_TO
