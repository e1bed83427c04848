"""Whether the tables of the database are those of this program."""

from enum import Enum

import click
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class Tables(Enum):
    """What is there, and what to do where it does not fit."""

    FIT = ""
    NONE = "The database is empty. Run: loop28 migrate"
    OLD = (
        "The tables are older than this program. Back up first, with the program that made them; "
        "then run: loop28 migrate"
    )
    NEW = (
        "The tables are newer than this program, which could damage what it does not know. "
        "Install the program that served them last, or restore the backup from before the upgrade."
    )


def tables() -> Tables:
    """How the database and this program stand to each other. A migration both know is no matter."""
    migrations = MigrationExecutor(connection)
    loader = migrations.loader
    applied = set(loader.applied_migrations or ())
    if not applied:
        return Tables.NONE
    if applied - set(loader.disk_migrations or ()):
        return Tables.NEW
    old = migrations.migration_plan(loader.graph.leaf_nodes())
    return Tables.OLD if old else Tables.FIT


def refuse_other(*also: Tables) -> None:
    """Go on with tables that fit, or with these others; end the command with what to do."""
    found = tables()
    if found is not Tables.FIT and found not in also:
        raise click.ClickException(found.value)
