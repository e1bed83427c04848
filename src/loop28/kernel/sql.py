"""Rows that travel as arrays: the two set-based statements the ORM lacks, for both databases.

`bulk_create(ignore_conflicts=True)` is banned: on SQLite it drops rows that break *any* constraint.
Here the conflict columns are named, everything else still fails loudly, and new rows come back.
"""

import json
import random
import time
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from types import NoneType
from typing import Any, ParamSpec, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections
from django.db.models import (
    BooleanField,
    CharField,
    Field,
    ForeignKey,
    IntegerField,
    JSONField,
    Model,
    TextField,
)

P = ParamSpec("P")
R = TypeVar("R")
Row = dict[str, Any]

# Where both drivers take a plain value as it is.
_PLAIN_FIELDS = (BooleanField, CharField, ForeignKey, IntegerField, TextField)
_PLAIN = {bool, int, str, NoneType}


def _source(model: type[Model], rows: Sequence[Row]) -> tuple[str, list[Any]]:
    """``(SELECT …)`` with the columns of ``rows``, and its parameters: one JSON text or arrays."""
    if any(row.keys() != rows[0].keys() for row in rows):
        raise ValueError(f"rows for {model.__name__} name different fields")
    fields = _fields(model, rows[0])
    columns = [
        _prepared(field, [row[name] for row in rows])
        for name, field in zip(rows[0], fields, strict=True)
    ]
    names = ", ".join(f'"{field.column}"' for field in fields)
    if connection.vendor == "postgresql":
        # varchar(40) would cut a long text silently where the table refuses it: cast to bare types.
        types = [str(field.db_type(connection)).split("(")[0] for field in fields]
        # In binary (%b): to write a thousand rows as text costs more than to insert them.
        arrays = ", ".join(f"%b::{type_}[]" for type_ in types)
        return f"(SELECT * FROM unnest({arrays}) AS a({names})) AS b", columns
    picks = ", ".join(f'value->>{i} AS "{field.column}"' for i, field in enumerate(fields))
    packed = json.dumps(list(zip(*columns, strict=True)))
    return f"(SELECT {picks} FROM json_each(%s)) AS b", [packed]


def _prepared(field: "Field[Any, Any]", values: Sequence[Any]) -> list[Any]:
    """A column's values as the driver takes them.

    Asking the ORM about each would cost more than the statement itself, so it is asked only where
    it has something to say, and once where a column repeats itself. (Nor is it given `connection`,
    which looks up the thread's real one at every touch.)
    """
    prepare = partial(field.get_db_prep_save, connection=connections[DEFAULT_DB_ALIAS])
    if isinstance(field, JSONField):
        return [prepare(value) for value in values]
    once = cache(prepare)
    plain = _PLAIN if isinstance(field, _PLAIN_FIELDS) else ()
    return [value if type(value) in plain else once(value) for value in values]


def _columns(model: type[Model], names: Iterable[str]) -> list[str]:
    return [f'"{field.column}"' for field in _fields(model, names)]


def _fields(model: type[Model], names: Iterable[str]) -> list["Field[Any, Any]"]:
    return [cast("Field[Any, Any]", model._meta.get_field(name)) for name in names]


def insert(
    model: type[Model],
    rows: Sequence[Row],
    *,
    unique: Sequence[str] = (),
    add: Sequence[str] = (),
    returning: Sequence[str] = ("id",),
) -> list[tuple[Any, ...]]:
    """Insert ``rows`` (all with the same field names) in one statement; return what was written.

    A row that meets another over the ``unique`` fields is left out, or, when ``add`` names
    counters, adds them to the row that is there (then ``rows`` may not repeat a key). Any other
    broken constraint raises IntegrityError and nothing is written. Field defaults are not applied.
    """
    if not rows:
        return []
    source, parameters = _source(model, rows)
    table = f'"{model._meta.db_table}"'
    names = ", ".join(_columns(model, list(rows[0])))
    on_conflict = ""
    if unique:
        sums = (f"{c} = {table}.{c} + excluded.{c}" for c in _columns(model, add))
        then = f"UPDATE SET {', '.join(sums)}" if add else "NOTHING"
        on_conflict = f"ON CONFLICT ({', '.join(_columns(model, unique))}) DO {then} "
    statement = (
        f"INSERT INTO {table} ({names}) SELECT {names} FROM {source} WHERE true "
        f"{on_conflict}RETURNING {', '.join(_columns(model, returning))}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def update(
    model: type[Model], rows: Sequence[Row], *, key: str = "id", add: Sequence[str] = ()
) -> int:
    """Set (for fields in ``add``: increase) fields of many rows found by ``key``; how many."""
    if not rows:
        return 0
    source, parameters = _source(model, rows)
    table = f'"{model._meta.db_table}"'
    changes = []
    for name, column in zip(rows[0], _columns(model, list(rows[0])), strict=True):
        if name != key:
            changes.append(
                f"{column} = " + (f"{table}.{column} + " if name in add else "") + f"b.{column}"
            )
    (key_column,) = _columns(model, [key])
    statement = (
        f"UPDATE {table} SET {', '.join(changes)} FROM {source} "
        f"WHERE {table}.{key_column} = b.{key_column}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def passing(error: OperationalError) -> bool:
    """Whether the same work may succeed when done again: it lost a race or waited for a lock."""
    state = getattr(error.__cause__, "sqlstate", None)
    busy = getattr(error.__cause__, "sqlite_errorname", "")
    return state in {"40001", "40P01"} or busy.startswith("SQLITE_BUSY")


def retried(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """``work(…)``, done again up to four times with jitter when what stopped it passes."""
    for attempt in range(4):
        try:
            return work(*args, **kwargs)
        except OperationalError as error:
            if not passing(error):
                raise
            time.sleep(random.uniform(0.005, 0.02) * 2**attempt)  # noqa: S311
    return work(*args, **kwargs)
