"""A filled installation of the first schema becomes one of this program; no other serves it."""

import json
import subprocess
import sys
from typing import Any

import click
import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from loop28.doors.cli import serving
from loop28.doors.cli import tables as tables_
from loop28.doors.cli.tables import Tables, refuse_other
from tests.doors.cli.conftest import environment as environment
from tests.doors.cli.installation import run
from tests.upgrade import first_schema

COUNT = """
import django, json; django.setup()
from django.db import connection
rows = {}
with connection.cursor() as cursor:
    for table in connection.introspection.table_names(cursor):
        cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
        rows[table] = cursor.fetchone()[0]
print(json.dumps(rows))
"""
READ = """
from django.apps import apps
for model in apps.get_models():
    list(model.objects.all())
"""
FROM_TOMORROW = """
from django.db.migrations.recorder import MigrationRecorder
MigrationRecorder(connection).record_applied("lines", "9999_from_tomorrow")
"""


def _python(environment: dict[str, str], *arguments: str) -> str:
    here = environment | {"DJANGO_SETTINGS_MODULE": "loop28.settings"}
    command = [sys.executable, *arguments]
    done = subprocess.run(command, env=here, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    return done.stdout


def _rows(environment: dict[str, str], *also: str) -> dict[str, int]:
    found: dict[str, int] = json.loads(_python(environment, "-c", "".join([COUNT, *also])))
    return found


def test_a_filled_database_of_the_first_schema_comes_up_whole_and_its_books_are_clean(
    environment: dict[str, str],
) -> None:
    _python(environment, "-m", first_schema.__name__)
    before = _rows(environment)
    ours = {t: n for t, n in before.items() if t.partition("_")[0] in first_schema.PUBLISHED}
    empty = {table for table, count in ours.items() if count == 0}
    assert empty <= first_schema.EMPTY

    up = run(environment, "migrate")
    assert up.returncode == 0, up.stderr
    audit = run(environment, "audit")
    assert (audit.returncode, audit.stdout) == (0, b"The books are clean.\n"), audit.stdout
    after = _rows(environment, READ, FROM_TOMORROW)
    lost = {table for table, count in ours.items() if after.get(table, 0) < count}
    assert lost == {"jobs_pulse"}, "signs of life of workers that ended before"
    refused = run(environment, "serve")
    assert (refused.returncode, refused.stderr.count(b"\n")) == (1, 1)
    assert b"newer than this program" in refused.stderr


def test_tables_that_are_older_are_neither_served_nor_changed_by_a_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(serving, "call_command", lambda *given, **_: asked.append(given))
    monkeypatch.setattr(tables_, "tables", lambda: Tables.OLD)
    with pytest.raises(click.ClickException, match="older than this program"):
        serving.prepare()
    with pytest.raises(click.ClickException, match="Back up first"):
        refuse_other()
    assert asked == []


@pytest.mark.django_db
def test_tables_are_known_by_the_migrations_both_know(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tables_.tables() is Tables.FIT
    recorder = MigrationRecorder(connection)
    recorder.record_applied("lines", "9999_from_tomorrow")
    assert tables_.tables() is Tables.NEW
    recorder.record_unapplied("lines", "9999_from_tomorrow")
    recorder.record_unapplied("watch", "0001_initial")
    assert tables_.tables() is Tables.OLD
    recorder.flush()
    assert tables_.tables() is Tables.NONE
