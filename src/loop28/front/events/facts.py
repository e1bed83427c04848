"""What happens around offline events; names, places and reasons are never in a fact."""

from dataclasses import dataclass

from loop28.kernel.journal import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPlanned(Fact):
    """A region announced an event."""

    event: int
    region: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventChanged(Fact):
    """What was announced of an event is different now; ``places`` are how many there are."""

    event: int
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCancelled(Fact):
    """An event does not take place; ``places`` are how many were given. The event says why."""

    event: int
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSignedUp(Fact):
    """A member signed up and has a place or waits for one, as ``state`` says."""

    event: int
    line: int
    member: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPlaceGiven(Fact):
    """A place became free, and the first who waited has it."""

    event: int
    line: int
    member: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPlaceGivenBack(Fact):
    """A member who had signed up does not come."""

    event: int
    line: int
    member: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventAttended(Fact):
    """A member came and was checked in on the spot."""

    event: int
    line: int
    member: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPhotosAdded(Fact):
    """So many photos were put to an event."""

    event: int
    photos: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPhotoRemoved(Fact):
    """A photo was taken away from an event."""

    event: int
    photo: int
