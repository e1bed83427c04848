from dataclasses import dataclass

from loop28.kernel.journal import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class ClubOpened(Fact):
    """A member opened a group of their own."""

    line: int
    member: int
    club: int
    group: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestCame(Fact):
    """Somebody who counts came into the club of ``owner``; ``stay`` says which time it is."""

    line: int
    owner: int
    club: int
    guest: int
    stay: int
    member: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestLeft(Fact):
    """The same person left it, was removed, or turned out to be another guest."""

    line: int
    owner: int
    club: int
    guest: int
    stay: int
    member: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonTaught(Fact):
    """The owner of a club posted a lesson in it."""

    line: int
    member: int
    club: int
    lesson: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonAnswered(Fact):
    """A guest who counts answered the question of a lesson, the first time."""

    line: int
    owner: int
    club: int
    lesson: int
    member: int
