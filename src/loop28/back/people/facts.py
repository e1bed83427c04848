"""What happens to staff and to keys; names and passwords are never in a fact."""

from dataclasses import dataclass

from loop28.kernel.journal import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAdded(Fact):
    """Somebody became a member of staff with this role; ``region`` is the one they are bound to."""

    user: int
    role: str
    region: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffEnded(Fact):
    """A member of staff may no longer sign in."""

    user: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordSet(Fact):
    """A member of staff has a new password."""

    user: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyMade(Fact):
    """A machine may call the API from now on."""

    key: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRevoked(Fact):
    """A machine may no longer call the API."""

    key: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CameByLink(Fact):
    """A member of staff signed in by a one-time link."""

    user: int
