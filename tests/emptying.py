"""How the database is emptied between tests that commit, whatever guards its rows."""

from collections.abc import Sequence
from typing import Any


def empty_what_is_filled(database: str) -> None:
    """Let Django's flush delete from the tables that have rows, and leave the others alone.

    A TRUNCATE of every table takes PostgreSQL a quarter of a second, however few rows there are.
    What refuses deletion everywhere else is told to look away: triggers and foreign keys on
    PostgreSQL (by the owner of the cluster), triggers on SQLite.
    """
    if database == "postgresql":
        from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQL

        _of(PostgreSQL).sql_flush = _on_postgresql
    else:
        from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite

        _of(SQLite).sql_flush = _on_sqlite


def _of(database: Any) -> Any:
    return database.ops_class


def _on_postgresql(self: Any, style: object, tables: Sequence[str], **how: object) -> list[str]:
    return ["SET LOCAL session_replication_role = replica", *_deletes(self, tables)]


def _on_sqlite(self: Any, style: object, tables: Sequence[str], **how: object) -> list[str]:
    with self.connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
    drops = [f"DROP TRIGGER {name}" for name, _ in triggers]
    return [*drops, *_deletes(self, tables), *(create for _, create in triggers)]


def _deletes(self: Any, tables: Sequence[str]) -> list[str]:
    """A statement for each table that has a row."""
    asked = (f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables)  # noqa: S608
    with self.connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return [f'DELETE FROM "{name}"' for (name,) in cursor.fetchall()]  # noqa: S608
