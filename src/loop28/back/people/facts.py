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
class StaffReturned(Fact):
    """A member of staff whose access had ended may sign in again."""

    user: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRenamed(Fact):
    """A member of staff has another name."""

    user: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMoved(Fact):
    """A member of staff has this role and, as a region manager, this region from now on."""

    user: int
    role: str
    region: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionAdded(Fact):
    """There is another region, with a goal of so many lines a week."""

    region: int
    weekly_lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionChanged(Fact):
    """A region has another name, time zone or goal; this is its goal now."""

    region: int
    weekly_lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CityAdded(Fact):
    """There is another city to choose from."""

    city: int
    region: int
    tier: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CityChanged(Fact):
    """A city has another name, region or tier; this is where it belongs now."""

    city: int
    region: int
    tier: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileImported(Fact):
    """A file of people was taken in: how many rows were new, changed something, were refused."""

    file: int
    kind: str
    new: int
    changed: int
    refused: int


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
