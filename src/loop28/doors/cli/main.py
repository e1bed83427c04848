"""``loop28``: the command line.

Which database is meant must be known before Django reads its settings, and the settings before any
model is imported. So this file finds that out and sets up; the commands are in the others.
"""

import os
import sys
from collections.abc import Sequence
from importlib.metadata import entry_points

import click
import django
from django.core.exceptions import ImproperlyConfigured

from loop28.kernel import logs


def main() -> None:
    """Run one command and end the process with its exit code."""
    os.umask(0o077)  # what we write is for nobody else on this machine to read
    if url := _database(sys.argv[1:]):
        os.environ["LOOP28_DATABASE_URL"] = url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "loop28.settings")
    try:
        django.setup()
    except ImproperlyConfigured as wrong:
        sys.exit(f"Error: {wrong}")
    if not sys.stderr.isatty():
        logs.end_in_a_line()
    commands()(prog_name="loop28")


def commands() -> click.Group:
    """All commands: our own, and those that modules nobody imports offer as entry points."""
    from loop28.doors.cli.commands import loop28

    for offer in entry_points(group="loop28.commands"):
        group: click.Group = offer.load()
        for name, command in group.commands.items():
            loop28.add_command(command, name)
    _offer_database(loop28)
    return loop28


def _database(arguments: Sequence[str]) -> str | None:
    """The value of ``--db``, wherever it stands."""
    for position, argument in enumerate(arguments):
        if argument == "--db":
            return next(iter(arguments[position + 1 :]), None)
        if argument.startswith("--db="):
            return argument.removeprefix("--db=")
    return None


def _offer_database(command: click.Command) -> None:
    """Let every command take ``--db``; its value was read before."""
    if isinstance(command, click.Group):
        for one in command.commands.values():
            _offer_database(one)
    elif not any("--db" in option.opts for option in command.params):
        text = "The database: sqlite:///FILE or postgresql://…  [default: LOOP28_DATABASE_URL]"
        command.params.append(click.Option(["--db"], expose_value=False, metavar="URL", help=text))


if __name__ == "__main__":
    main()
