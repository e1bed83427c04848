"""Queries whose SQL is written once in a process.

The ORM takes longer to write a small query than the database to answer it. Where one action asks a
dozen of them, and hundreds of people a second do the same, that is most of what they cost.
"""

import functools
from collections.abc import Callable, Sequence
from copy import copy
from typing import Any, TypeVar, TypeVarTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, QuerySet

Values = TypeVarTuple("Values")
R = TypeVar("R")


class Slot(Expression):
    """Stands in a query for its ``place``-th value, which every call brings anew."""

    def __init__(self, place: int, packed: Callable[[Any], Any] | None = None) -> None:
        super().__init__()
        self.place = place
        self.packed = packed

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]

    def filled(self, values: Sequence[Any]) -> Any:
        value = values[self.place]
        return value if self.packed is None else self.packed(value)


def prepared(build: "Callable[[*Values], QuerySet[Any, R]]") -> Callable[[*Values], list[R]]:
    """Make of a function that builds a query one that brings its rows, written once for all calls.

    ``build`` is called a single time, with a `Slot` for each value. So a value may only be compared
    with: a number or a text by a lookup, many of them by `sql.among` or `sql.Agreeing`. What is
    decided in Python by a value, such as a filter that is there for some, is no prepared query. A
    lookup knows that no row has a number beyond 64 bits; here the database would fail.
    """

    @functools.wraps(build)
    def rows(*values: *Values) -> list[R]:
        if build not in WRITTEN:
            slots: Any = map(Slot, range(len(values)))
            WRITTEN[build] = _Written(build(*slots))
        return WRITTEN[build].rows(values)

    return rows


class _Written:
    """A query with its SQL, which the ORM runs as if it had just written it."""

    def __init__(self, queryset: "QuerySet[Any, Any]") -> None:
        self._queryset: Any = queryset
        self._compiler: Any = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self._statement, self._parameters = self._compiler.as_sql()

    def rows(self, values: Sequence[Any]) -> list[Any]:
        filled = [p.filled(values) if isinstance(p, Slot) else p for p in self._parameters]
        compiler = copy(self._compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]  # each thread has its own
        compiler.as_sql = lambda: (self._statement, filled)
        queryset = self._queryset.all()
        queryset.query.get_compiler = lambda *_, **__: compiler
        return list(queryset)


WRITTEN: dict[Callable[..., Any], _Written] = {}
"""What is written so far, by what builds it; who changes code that runs empties it."""
