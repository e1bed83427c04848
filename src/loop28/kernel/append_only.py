"""Tables whose rows stay as they were written: the database itself refuses to change them."""

from typing import Any

from django.db import migrations

_WHY = "rows of {table} are never changed or deleted: write one that corrects"

_POSTGRESQL = (
    "CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$BEGIN RAISE EXCEPTION '{_WHY}' USING ERRCODE = 'restrict_violation'; END$$",
    "CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION {table}_stays()",
)
_SQLITE = tuple(
    f"CREATE TRIGGER {{table}}_no_{verb} BEFORE {verb} ON {{table}} "
    f"BEGIN SELECT RAISE(ABORT, '{_WHY}'); END"
    for verb in ("update", "delete")
)
_UNDO = {
    "postgresql": ("DROP TRIGGER {table}_stays ON {table}", "DROP FUNCTION {table}_stays()"),
    "sqlite": ("DROP TRIGGER {table}_no_update", "DROP TRIGGER {table}_no_delete"),
}


def append_only(table: str) -> migrations.RunPython:
    """A migration's step after which an UPDATE or DELETE of a row of ``table`` is IntegrityError.

    PostgreSQL's TRUNCATE stays possible: it empties whole test databases, nobody slips into it.
    SQLite forgets triggers when a later migration rebuilds the table; such a one repeats this step.
    """

    def guard(apps: Any, schema_editor: Any) -> None:
        statements = _POSTGRESQL if schema_editor.connection.vendor == "postgresql" else _SQLITE
        _execute(schema_editor, statements)

    def lift(apps: Any, schema_editor: Any) -> None:
        _execute(schema_editor, _UNDO[schema_editor.connection.vendor])

    def _execute(schema_editor: Any, statements: tuple[str, ...]) -> None:
        for statement in statements:
            schema_editor.execute(statement.format(table=table), params=None)

    return migrations.RunPython(guard, lift)
