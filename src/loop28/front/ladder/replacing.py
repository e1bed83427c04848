"""Another host for a running line, out of the pool of those who may host."""

from loop28.front.ladder import queries
from loop28.front.ladder.refusals import NotInPool
from loop28.front.lines import course
from loop28.kernel import journal
from loop28.kernel.access import Actor


@journal.action
def replace_host(actor: Actor, line_id: int, host: int, reason: str) -> None:
    """`course.hand_over` to a host of the actor's pool. Refuses with NotInPool besides."""
    if host not in {one.member for one in queries.hosts(actor)}:
        raise NotInPool(field="host")
    course.hand_over(actor, line_id, host, reason)
