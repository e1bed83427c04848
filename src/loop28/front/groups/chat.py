"""What a chat platform must be able to do for us, and what it hands over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as a platform reports it; ``external_id`` is unique there and never reused.

    ``member`` None is the programme itself. ``at`` is when it was said, aware.
    """

    platform: str
    external_id: str
    group: int
    member: int | None
    text: str
    at: datetime
    as_host: bool = False
    kind: str = "text"
    ref: int | None = None


@dataclass(frozen=True, slots=True)
class Outbound:
    """A message to be sent. Sending the same ``key`` again must not show it twice."""

    key: str
    group: int
    text: str
    planned_at: datetime
    as_host: bool = False
    kind: str = "text"
    ref: int | None = None


class NotSent(Exception):  # noqa: N818
    """A platform did not take what it was given; says why."""


class Chat(Protocol):
    """A chat platform."""

    def send(self, messages: Sequence[Outbound]) -> None:
        """Send a batch, in order; idempotent by key.

        When it is not sure to be sent: raises NotSent with the platform's words, or OSError when
        the platform cannot be reached. Anything else is a bug here, and not the platform's no.
        """


@cache
def platform(name: str) -> Chat:
    """The adapter that settings bind to this platform."""
    adapter: Chat = import_string(settings.CHAT[name])()
    return adapter
