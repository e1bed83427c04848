"""Another host for a running line, out of the pool of those who may host."""

from loop28.front.ladder import hosting, pool
from loop28.front.ladder.refusals import NotInPool, PromisedThatDay
from loop28.front.lines import course
from loop28.front.lines import queries as lines
from loop28.kernel import journal
from loop28.kernel.access import Actor


@journal.action
def replace_host(actor: Actor, line_id: int, host: int, reason: str) -> None:
    """`course.hand_over` to a host of the actor's pool who may run the line.

    Refuses with NotInPool, PromisedThatDay, and as `hosting.require_may_host` does besides.
    """
    line = lines.line(actor, line_id)
    if pool.host(actor, host) is None:
        raise NotInPool(field="host")
    if host != line.host_id:
        hosting.require_may_host(actor, host, line.start_day, line.days)
        if hosting.promises(host, line.start_day).exists():
            raise PromisedThatDay(field="host")
    course.hand_over(actor, line_id, host, reason)
