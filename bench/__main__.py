"""``python -m bench``: measure, several times each, and say it as text or as JSON."""

import json
import subprocess
import sys
from collections.abc import Collection
from dataclasses import replace

import click

from bench.databases import Databases
from bench.figures import FIGURES, POSTGRESQL, SQLITE, Figure
from bench.results import Result

NAMES = [figure.name for figure in FIGURES]


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(NAMES))
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each figure, in a list.")
@click.option("--database", type=click.Choice([SQLITE, POSTGRESQL]), help="On this one only.")
@click.option("--runs", type=click.IntRange(min=1), help="So many runs of each figure.")
@click.option("--small", is_flag=True, help="Tiny sizes: to see that measuring works, no more.")
def main(
    names: tuple[str, ...], as_json: bool, database: str | None, runs: int | None, small: bool
) -> None:
    """Measure the figures with these NAMES, or all of them."""
    results = []
    with Databases(scale=1 if small else 10) as databases:
        for figure in _chosen(names, database, runs):
            for result in _measured(figure, databases, small=small):
                results.append(result.as_json())
                if not as_json:
                    click.echo(result.as_text() + "\n")
    if as_json:
        click.echo(json.dumps(results, indent=2))


def _chosen(names: Collection[str], database: str | None, runs: int | None) -> list[Figure]:
    wanted = [figure for figure in FIGURES if not names or figure.name in names]
    return [
        replace(
            figure,
            databases=tuple(kind for kind in figure.databases if database in {None, kind}),
            runs=runs or figure.runs,
        )
        for figure in wanted
    ]


def _measured(figure: Figure, databases: Databases, *, small: bool) -> list[Result]:
    """The databases and pgbench take turns, so that a busy minute of the machine hits them all."""
    results = [Result(figure, kind) for kind in figure.databases if kind in databases.kinds]
    for _ in range(figure.runs):
        tps = None if small else databases.pgbench(seconds=5)
        for result in results:
            result.measured.append(_once(figure, result.database, databases, small=small))
            result.pgbench_tps += [tps] if tps else []
    return results


def _once(figure: Figure, kind: str, databases: Databases, *, small: bool) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.once", figure.module, "small" if small else "full"]
    with databases.fresh(kind) as environment:
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment).stdout
    measured: dict[str, float] = json.loads(said)
    return measured


if __name__ == "__main__":
    main()
