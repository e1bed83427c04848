"""``python -m bench.real_month``: live the month once, and say what came of it as JSON."""

import importlib
import json
import os
import sys

import click
import django

from bench.databases import Databases
from bench.figures import POSTGRESQL


@click.command()
@click.option("--lines", type=click.IntRange(1, 24), default=24, show_default=True)
@click.option("--people", type=click.IntRange(2, 500), default=500, show_default=True)
@click.option("--kill-every", type=float, default=150, show_default=True, help="Seconds.")
@click.option("--broadly", is_flag=True, help="People look at three hours of the day only.")
def main(lines: int, people: int, kill_every: float, broadly: bool) -> None:
    """Live so many LINES in six regions, a week apart, on a PostgreSQL of its own."""
    with Databases(scale=1) as databases, databases.fresh(POSTGRESQL) as environment:
        os.environ.update(environment)
        django.setup()
        # Models can be imported only now that it is known which database is meant.
        month = importlib.import_module("bench.real_month.month")
        cast = importlib.import_module("loop28.rehearsal.cast")
        told = month.live(lines, people, cast.BROADLY if broadly else (), kill_every)
        print(json.dumps(told, indent=2, ensure_ascii=False))
    if told["wrong_beats"] or told["audit"][0] or told["doctor"][0] or told["browser"]["wrong"]:
        sys.exit(1)


if __name__ == "__main__":
    main()
