"""What would fill the memory is refused before it does, in words that say what to do."""

import json
import os
import re
import subprocess
import sys

import pytest

from tests.hold.bombs import FACTS, ORDERS, PICTURES, PLAYBOOKS, TABLES

CHINESE = re.compile("[\u4e00-\u9fff]")
ONE_ROW_WRONG = {"a row of a million columns", "a cell without end"}
"""Files that are read, with a refusal for the row that is odd."""

TAKEN = ONE_ROW_WRONG | {"the largest picture that is taken"}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the memory of a process")
def test_small_files_that_unfold_are_refused_in_bounded_memory_with_a_cure():
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    said = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-m", "tests.hold.bombs"],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert (said.returncode, said.stderr[-2000:]) == (0, "")
    answers = {name: answer for name, *answer in map(json.loads, said.stdout.splitlines())}
    assert answers.keys() == {*TABLES, *PLAYBOOKS, *PICTURES, *FACTS, *ORDERS}
    assert {name for name, answer in answers.items() if not answer} == TAKEN
    for name, (_, english, chinese) in (one for one in answers.items() if one[1]):
        assert english.endswith((".", ")")) or "problem" in english, (name, english)
        assert CHINESE.search(chinese), (name, chinese)
