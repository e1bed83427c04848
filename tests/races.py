"""Races and crashes: several callers at one moment, and callers that end in the middle."""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from django.db import connection


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Start all calls in the same instant; what each returned or, as a value, raised."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@contextmanager
def meanwhile(call: Callable[[], Any], *, after: str) -> Iterator[list[Any]]:
    """Somebody else starts ``call`` right after the first statement with these words.

    They get a second for it, or longer where they wait for the transaction it is part of. What it
    returned, or raised, is the one item of the list.
    """
    answers: list[Any] = []
    other = threading.Thread(target=lambda: answers.extend(together(call)))

    def watch(execute: Any, sql: str, *arguments: Any) -> Any:
        answer = execute(sql, *arguments)
        if after in sql and not other.ident:
            other.start()
            other.join(1)
        return answer

    with connection.execute_wrapper(watch):
        yield answers
    other.join()


def environment() -> dict[str, str]:
    """For a process of its own that works on the same test database."""
    database = connection.settings_dict
    url = f"sqlite:///{database['NAME']}"
    if connection.vendor == "postgresql":
        host = quote(str(database["HOST"]), safe="")
        url = f"postgresql://{database['USER']}@{host}/{database['NAME']}"
    path = os.pathsep.join(filter(None, sys.path))
    return {**os.environ, "LOOP28_DATABASE_URL": url, "PYTHONPATH": path}


@contextmanager
def dying_at(statement: int) -> Iterator[None]:
    """This thread's connection breaks down before the given statement, counted from 1."""
    left = statement

    def count(execute: Any, *arguments: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0:
            raise Died
        return execute(*arguments)

    with connection.execute_wrapper(count):
        yield


class Died(Exception):  # noqa: N818
    """The process ended here."""
