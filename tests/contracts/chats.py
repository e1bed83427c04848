"""How the contract looks at a chat platform from the outside: one entry for each adapter."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol

from django.db import OperationalError, connection

from loop28.front.groups.models import Message


@dataclass(frozen=True)
class Shown:
    """A message as people in a group see it."""

    group: int
    text: str
    kind: str
    as_host: bool
    ref: int | None


class Window(Protocol):
    """A look at a platform, and a way to break it, for tests."""

    def shown(self) -> list[Shown]:
        """Everything that people see, oldest first."""

    def broken(self) -> AbstractContextManager[None]:
        """While this lasts, the platform takes nothing."""


class HouseWindow:
    """The built-in chat shows what is in its table, and fails when the database does."""

    def shown(self) -> list[Shown]:
        rows = Message.objects.filter(platform="house", member=None).order_by("id")
        return [Shown(m.group_id, m.text, m.kind, m.as_host, m.ref) for m in rows]

    @contextmanager
    def broken(self) -> Iterator[None]:
        def refuse(execute: object, statement: str, *arguments: object) -> None:
            raise OperationalError(statement[:40])

        with connection.execute_wrapper(refuse):
            yield


WINDOWS: dict[str, Window] = {"house": HouseWindow()}
