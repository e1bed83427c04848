"""``python -m tools.mutants``: do the tests notice when the code of money and screening is wrong?

Plants one small wrong after the other and runs the tests that are there for the file. A wrong that
no test notices has survived; docs/reference/mutants.md lists those that may, and says why.
"""

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
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
    wanted = Counter(name for name, _ in drawn)
    survivors: list[str] = []
    for name in wanted:
        rows = _survivors(name, sorted(i for other, i in drawn if other == name))
        click.echo(f"{name}: {wanted[name] - len(rows)} of {wanted[name]} found")
        click.echo("".join(f"    line {line}, {row}\n" for line, row in rows), nl=False)
        survivors += [row for _, row in rows]
    found = len(drawn) - len(survivors)
    click.echo(f"{found} of {len(drawn)} found: {found / len(drawn):.1%}")
    unknown = [row for row in survivors if row not in PAGE.read_text()]
    if unknown or found < AT_LEAST * len(drawn):
        sys.exit(f"{len(unknown)} survived that {PAGE.name} does not name")


def _survivors(name: str, numbers: Sequence[int]) -> list[tuple[int, str]]:
    """Line and row of the page. In a process of its own, because pytest runs once in one."""
    with TemporaryDirectory(prefix="loop28-mutants-") as folder:
        told = Path(folder) / "survivors"
        arguments = [name, json.dumps(numbers), str(told)]
        command = [sys.executable, "-m", "tools.mutants.one_target", *arguments]
        run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
        if run.returncode:
            sys.exit(run.stdout + run.stderr)
        return [
            (line, f"`{name}` | `{where}` | `{change}`")
            for where, line, change in json.loads(told.read_text())
        ]


if __name__ == "__main__":
    main()
