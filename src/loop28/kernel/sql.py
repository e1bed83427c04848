"""Rows that travel as arrays: the two set-based statements the ORM lacks, for both databases.

`bulk_create(ignore_conflicts=True)` is banned: on SQLite it drops rows that break *any* constraint.
Here the conflict columns are named, everything else still fails loudly, and new rows come back.
"""

import json
import random
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from types import NoneType
from typing import Any, NamedTuple, ParamSpec, TypeVar, cast

from django.db import (
    DEFAULT_DB_ALIAS,
    Error,
    InterfaceError,
    OperationalError,
    connection,
    connections,
)
from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    Exists,
    F,
    Field,
    ForeignKey,
    Func,
    IntegerField,
    JSONField,
    Model,
    OuterRef,
    TextField,
    Value,
)

from loop28.kernel.prepared import Slot

P = ParamSpec("P")
R = TypeVar("R")
Row = dict[str, Any]

# Where both drivers take a plain value as it is.
_PLAIN_FIELDS = (BooleanField, CharField, ForeignKey, IntegerField, TextField)
_PLAIN = {bool, int, str, NoneType}


class _Form(NamedTuple):
    """What the text of a statement hangs on: the fields of its rows, by how they travel.

    A column in which all rows agree is one value (``alike``); the others are arrays, on SQLite
    together as one JSON text. The first always is, to say how many rows there are.
    """

    model: type[Model]
    varied: tuple[str, ...]
    alike: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return self.alike + self.varied


def _formed(model: type[Model], rows: Sequence[Row]) -> tuple[_Form, list[Any]]:
    """The form of these rows, and the parameters that carry them."""
    if set(map(len, rows)) != {len(rows[0])}:  # another name in as many is a KeyError below
        raise ValueError(f"rows for {model.__name__} name different fields")
    alike: Row = {}
    varied: dict[str, list[Any]] = {}
    for name in rows[0]:
        column = _for_driver(_field(model, name), [row[name] for row in rows])
        if varied and column.count(column[0]) == len(column):
            alike[name] = column[0]
        else:
            varied[name] = column
    packed: list[Any] = list(varied.values())
    if connection.vendor == "sqlite":
        packed = [json.dumps(list(zip(*packed, strict=True)))]
    return _Form(model, tuple(varied), tuple(alike)), [*alike.values(), *packed]


def _source(form: _Form) -> str:
    """``(SELECT …) AS b`` with the columns of rows of this form."""
    model, varied, alike = form
    if connection.vendor == "postgresql":
        # In binary (%b): to write a thousand rows as text costs more than to insert them.
        arrays = ", ".join(f"%b::{_array_type(_field(model, name))}[]" for name in varied)
        origin = f"unnest({arrays}) AS a({', '.join(_columns(model, varied))})"
        value, places = "%b", _columns(model, varied)
    else:
        origin = "json_each(%s)"
        value, places = "%s", [f"value->>{place}" for place in range(len(varied))]
    picks = [_pick(value, _field(model, name)) for name in alike]
    picks += [_pick(place, _field(model, name)) for place, name in zip(places, varied, strict=True)]
    return f"(SELECT {', '.join(picks)} FROM {origin}) AS b"


def _pick(value: str, field: "Field[Any, Any]") -> str:
    cast_to = f"::{_bare_type(field)}" if connection.vendor == "postgresql" else ""
    return f'{value}{cast_to} AS "{field.column}"'


@cache
def _bare_type(field: "Field[Any, Any]") -> str:
    """Without a length: a cast to varchar(40) would cut a text where the table refuses it."""
    return str(field.db_type(connection)).split("(")[0]


def _array_type(field: "Field[Any, Any]") -> str:
    return "text" if isinstance(field, JSONField) else _bare_type(field)


def _for_driver(field: "Field[Any, Any]", values: Sequence[Any]) -> list[Any]:
    """A column's values as the driver takes them, JSON as text.

    Asking the ORM about each would cost more than the statement itself, so it is asked only where
    it has something to say (of a time in UTC it has nothing), and once where a column repeats
    itself. (Nor is it given `connection`, which looks up the thread's real one at every touch.)
    """
    if isinstance(field, JSONField):
        encode = (field.encoder or json.JSONEncoder)().encode
        return [None if value is None else encode(value) for value in values]
    if isinstance(field, _PLAIN_FIELDS) and _PLAIN.issuperset(map(type, values)):
        return list(values)
    if isinstance(field, DateTimeField) and all(map(_is_utc, values)):
        text = connection.vendor == "sqlite"
        return [_stored(value, text) for value in values]
    once = cache(partial(field.get_db_prep_save, connection=connections[DEFAULT_DB_ALIAS]))
    return [once(value) for value in values]


def _is_utc(value: Any) -> bool:
    return value is None or (type(value) is datetime and value.tzinfo is UTC)


def _stored(value: datetime | None, as_text: bool) -> datetime | str | None:
    return value.isoformat(" ")[: -len("+00:00")] if value and as_text else value


def _columns(model: type[Model], names: Iterable[str]) -> list[str]:
    return [f'"{_field(model, name).column}"' for name in names]


def _field(model: type[Model], name: str) -> "Field[Any, Any]":
    return cast("Field[Any, Any]", model._meta.get_field(name))


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
    Nothing comes back to whoever asks for nothing (``returning=()``).
    """
    if not rows:
        return []
    form, parameters = _formed(model, rows)
    statement = _insertion(form, tuple(unique), tuple(add), tuple(returning))
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall()) if returning else []


@cache
def _insertion(
    form: _Form, unique: tuple[str, ...], add: tuple[str, ...], returning: tuple[str, ...]
) -> str:
    table, names = f'"{form.model._meta.db_table}"', ", ".join(_columns(form.model, form.names))
    statement = f"INSERT INTO {table} ({names}) SELECT {names} FROM {_source(form)} WHERE true"
    if unique:
        sums = (f"{c} = {table}.{c} + excluded.{c}" for c in _columns(form.model, add))
        then = f"UPDATE SET {', '.join(sums)}" if add else "NOTHING"
        statement += f" ON CONFLICT ({', '.join(_columns(form.model, unique))}) DO {then}"
    if returning:
        statement += f" RETURNING {', '.join(_columns(form.model, returning))}"
    return statement


def update(
    model: type[Model], rows: Sequence[Row], *, key: str = "id", add: Sequence[str] = ()
) -> int:
    """Set (for fields in ``add``: increase) fields of many rows found by ``key``; how many."""
    if not rows:
        return 0
    form, parameters = _formed(model, rows)
    with connection.cursor() as cursor:
        cursor.execute(_change(form, key, tuple(add)), parameters)
        return int(cursor.rowcount)


@cache
def _change(form: _Form, key: str, add: tuple[str, ...]) -> str:
    table = f'"{form.model._meta.db_table}"'
    changes = []
    for name, column in zip(form.names, _columns(form.model, form.names), strict=True):
        if name != key:
            more = f"{table}.{column} + " if name in add else ""
            changes.append(f"{column} = {more}b.{column}")
    (key_column,) = _columns(form.model, [key])
    return (
        f"UPDATE {table} SET {', '.join(changes)} FROM {_source(form)} "
        f"WHERE {table}.{key_column} = b.{key_column}"
    )


def alone(model: type[Model]) -> None:
    """Until the end of the transaction let nobody else past this point for the same table.

    For what must see every row of it that others are writing. On SQLite whoever writes is alone.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [model._meta.db_table])


def passing(error: OperationalError) -> bool:
    """Whether the same work may succeed when done again: it lost a race or waited for a lock."""
    state = getattr(error.__cause__, "sqlstate", None)
    busy = getattr(error.__cause__, "sqlite_errorname", "")
    return state in {"40001", "40P01"} or busy.startswith("SQLITE_BUSY")


# PostgreSQL's own: connection lost, session ended for its idleness, no room (for connections too),
# shut down, a disk that fails.
_AWAY = ("08", "25P03", "53", "57P", "58")


def away(error: Error) -> bool:
    """Whether the database is out of reach or cannot write: no bug of ours, and no lost race."""
    if (name := getattr(error.__cause__, "sqlite_errorname", None)) is not None:
        return str(name).startswith(("SQLITE_CANTOPEN", "SQLITE_FULL", "SQLITE_IOERR"))
    state = getattr(error.__cause__, "sqlstate", "")
    if state is None:  # PostgreSQL said nothing: its driver noticed that it is gone
        return isinstance(error, InterfaceError | OperationalError)
    return str(state).startswith(_AWAY)


PATIENCE = 10.0
"""Seconds after which nothing is done again: somebody waits for the answer."""


def retried(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """``work(…)``, done again up to four times with jitter when what stopped it passes."""
    patience = time.monotonic() + PATIENCE
    for attempt in range(4):
        try:
            return work(*args, **kwargs)
        except OperationalError as error:
            if not passing(error) or time.monotonic() > patience:
                raise
            time.sleep(random.uniform(0.005, 0.02) * 2**attempt)  # noqa: S311
    return work(*args, **kwargs)


def among(column: str, values: Iterable[int] | Iterable[str]) -> Func:
    """A condition: the column is one of these, which travel as one array.

    For thousands of them: ``__in`` writes a parameter for each, and that costs more than to look
    them up.
    """
    array = _given(values, _array)
    side = array if isinstance(array, Slot) else Value(array)
    if connection.vendor == "postgresql":
        return _condition(" = ANY(", "%(expressions)s)", F(column), side)
    into = " IN (SELECT value FROM json_each("
    return _condition(into, "%(expressions)s))", F(column), side)


class Agreeing(Func):
    """A condition: these columns together are one of these keys.

    A key has a whole number or a text for each column; they travel as `among`'s numbers do.
    """

    output_field = BooleanField()

    def __init__(self, columns: Sequence[str], keys: Iterable[tuple[int | str, ...]]) -> None:
        super().__init__(*map(F, columns))
        self.keys = keys if isinstance(keys, Slot) else list(keys)

    def as_sql(self, compiler: Any, connection: Any, *_more: Any, **_options: Any) -> Any:
        columns = self.get_source_expressions()
        names = ", ".join(compiler.compile(column)[0] for column in columns)
        if connection.vendor == "postgresql":
            arrays = ", ".join(f"%s::{_bare_type(column.output_field)}[]" for column in columns)
            sides = [_given(self.keys, partial(_column, place)) for place in range(len(columns))]
            return f"({names}) IN (SELECT * FROM unnest({arrays}))", sides
        picks = ", ".join(f"value->>{place}" for place in range(len(columns)))
        return f"({names}) IN (SELECT {picks} FROM json_each(%s))", [_given(self.keys, _array)]


def _given(values: Any, packed: Callable[[Any], Any]) -> Any:
    """Values as they travel, now or with each call of a prepared query."""
    return Slot(values.place, packed) if isinstance(values, Slot) else packed(values)


def _array(values: Iterable[Any]) -> list[Any] | str:
    return list(values) if connection.vendor == "postgresql" else json.dumps(list(values))


def _column(place: int, keys: Iterable[tuple[int | str, ...]]) -> list[int | str]:
    return [key[place] for key in keys]


def _condition(joiner: str, template: str, *sides: F | Value | Slot) -> Func:
    return Func(*sides, arg_joiner=joiner, template=template, output_field=BooleanField())


def hand_over(
    model: type[Model],
    to: int,
    *,
    of: int,
    field: str = "member",
    once: Sequence[Sequence[str]] = (),
) -> int:
    """Rows whose ``field`` says ``of`` say ``to`` from now on; how many.

    ``once`` are groups of fields of which ``to`` has each value once. A row that would be its
    second stays where it is: what becomes of that one, the owner of the table knows.
    """
    rows = model._default_manager.filter(**{field: of})
    for names in once:
        same = {field: to} | {name: OuterRef(name) for name in names}
        rows = rows.exclude(Exists(model._default_manager.filter(**same)))
    return rows.update(**{field: to})
