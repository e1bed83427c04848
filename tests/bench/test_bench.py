import json
import subprocess
import sys

import pytest
from django.db import connection

from bench.figures import FIGURES, SQLITE, Figure
from bench.results import Result, percentile

FIGURE = Figure(name="x", what="a thing", module="x", unit="s", at_least=2, aim=1)


def test_every_figure_is_measured():
    """In tiny sizes on the first of its databases, without the rehearsal, which has its stories.

    They check by themselves that what they measure is done; how fast it was says nothing here.
    """
    measured = [figure for figure in FIGURES if figure.name != "rehearse"]
    names = [figure.name for figure in measured if connection.vendor == figure.databases[0]]
    command = [sys.executable, "-m", "bench", "--small", "--runs", "1", "--json"]
    said = subprocess.run(  # noqa: S603
        [*command, "--database", connection.vendor, *names], check=True, stdout=subprocess.PIPE
    )
    told = json.loads(said.stdout)
    assert [(one["name"], one["database"]) for one in told] == [
        (name, connection.vendor) for name in names
    ]
    assert all(one["value"]["low"] > 0 for one in told)


def test_a_result_tells_median_and_range_beside_what_was_promised():
    result = Result(FIGURE, SQLITE, [{"value": v} for v in (3.0, 0.5, 1.0)], [7000.0, 6000.0])
    told = result.as_json()
    assert told["value"] == {"median": 1.0, "low": 0.5, "high": 3.0}
    assert told["pgbench_tps"] == {"median": 6500.0, "low": 6000.0, "high": 7000.0}
    assert (told["at_least"], told["aim"], told["runs"]) == (2, 1, 3)
    assert "1 (0.5 – 3) s in 3 runs   (at least 2, aim 1)" in result.as_text()
    assert "6,500 (6,000 – 7,000) tps" in result.as_text()


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [([5.0], 99, 5.0), ([1.0, 2.0], 50, 1.0), (list(range(1, 101)), 99, 99)],
)
def test_a_percentile_is_a_value_that_was_measured(values, percent, expected):
    assert percentile(values, percent) == expected
