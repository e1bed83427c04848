"""How tests empty tables whose rows the database refuses to delete."""

from typing import Any

from django.db.backends.sqlite3.base import DatabaseWrapper


def let_the_flush_pass() -> None:
    """Take the triggers away while Django empties the tables between tests, and put them back.

    On PostgreSQL that is a TRUNCATE, which no row trigger sees. On SQLite it is a DELETE, and the
    append-only tables refuse it, as they must everywhere else.
    """
    operations: Any = DatabaseWrapper.ops_class
    flush = operations.sql_flush

    def sql_flush(self: Any, *args: Any, **kwargs: Any) -> list[str]:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        drops = [f"DROP TRIGGER {name}" for name, _ in triggers]
        return [*drops, *flush(self, *args, **kwargs), *(create for _, create in triggers)]

    operations.sql_flush = sql_flush
