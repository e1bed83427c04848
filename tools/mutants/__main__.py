"""``python -m tools.mutants``: do the tests notice when the code of money and screening is wrong?

Plants one small wrong after the other and runs the tests that are there for the file. A wrong that
no test notices has survived; docs/reference/mutants.md lists those that may, and says why.
"""

import json
import random
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from tools.mutants.targets import ROOT, TARGETS

PAGE = ROOT / "docs/reference/mutants.md"
AT_LEAST = 0.9


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(TARGETS)))
@click.option("--sample", type=click.IntRange(min=1), help="So many of them, drawn by the seed.")
@click.option("--seed", default=28, show_default=True)
def main(names: tuple[str, ...], sample: int | None, seed: int) -> None:
    """Run the mutants of these files, or of all; fail when one survives that the page misses."""
    drawn = [(name, i) for name in names or TARGETS for i in range(len(TARGETS[name].mutants()))]
    if sample is not None and sample < len(drawn):
        drawn = random.Random(seed).sample(drawn, sample)  # noqa: S311 - nobody guesses it
    survivors: list[str] = []
    for wanted in _by_tests(drawn):
        for name, rows in _survivors(wanted).items():
            click.echo(f"{name}: {len(wanted[name]) - len(rows)} of {len(wanted[name])} found")
            click.echo("".join(f"    line {line}, {row}\n" for line, row in rows), nl=False)
            survivors += [row for _, row in rows]
    found = len(drawn) - len(survivors)
    click.echo(f"{found} of {len(drawn)} found: {found / len(drawn):.1%}")
    unknown = [row for row in survivors if row not in PAGE.read_text()]
    if unknown or found < AT_LEAST * len(drawn):
        sys.exit(f"{len(unknown)} survived that {PAGE.name} does not name")


def _by_tests(drawn: Iterable[tuple[str, int]]) -> Iterable[dict[str, list[int]]]:
    """The numbers drawn by file, those files together that have the same tests."""
    groups: dict[tuple[str, ...], dict[str, list[int]]] = {}
    for name, number in sorted(drawn):
        groups.setdefault(TARGETS[name].tests, {}).setdefault(name, []).append(number)
    return groups.values()


def _survivors(wanted: dict[str, list[int]]) -> dict[str, list[tuple[int, str]]]:
    """By file, line and row of the page. In a process of its own: pytest runs once in one."""
    with TemporaryDirectory(prefix="loop28-mutants-") as folder:
        told = Path(folder) / "survivors"
        command = [sys.executable, "-m", "tools.mutants.one_run", json.dumps(wanted), str(told)]
        run = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        if run.returncode:
            sys.exit(run.stdout)
        return {
            name: [(line, f"`{name}` | `{where}` | `{change}`") for where, line, change in rows]
            for name, rows in json.loads(told.read_text()).items()
        }


if __name__ == "__main__":
    main()
