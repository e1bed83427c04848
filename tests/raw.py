"""Looking for texts in every column of every table, as bytes, whatever the models say."""

from collections.abc import Collection

from django.db import connection


def everywhere(texts: Collection[bytes]) -> set[bytes]:
    """Which of these stand anywhere in the database, as they are or as JSON writes them."""
    found: set[bytes] = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - its own tables
            for row in cursor.fetchall():
                told = b"\0".join(map(_bytes, row))
                found |= {text for text in texts if text in told or _as_json(text) in told}
    return found


def _bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def _as_json(text: bytes) -> bytes:
    return text.decode(errors="replace").encode("ascii", "backslashreplace")
