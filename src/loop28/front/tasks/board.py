"""The leader board of a line: by tasks done, never by money; who did equally stands equally."""

from dataclasses import dataclass

from loop28.front.lines import queries as lines
from loop28.front.lines import seats
from loop28.front.tasks import queries, rules
from loop28.kernel.access import Actor, Role
from loop28.middle.members import queries as members


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands: tied people share the better place, and the next ones are skipped."""

    place: int
    member: int
    name: str
    tasks: int


def of_line(actor: Actor, line_id: int) -> list[Place]:
    """Everybody who goes on in the line and did a task, the best first, tied ones by name.

    For staff and the host of the line, and for who is on it. Raises Line.DoesNotExist for others.
    """
    here = seats.passed(line_id)
    if actor.role is not Role.MEMBER or actor.id not in here:
        lines.line(actor, line_id)
    done = queries.done(line_id, here)
    names = members.names(done)
    found = [
        Place(place, member, names[member], tasks) for place, member, tasks in rules.places(done)
    ]
    return sorted(found, key=lambda one: (one.place, one.name, one.member))
