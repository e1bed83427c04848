"""Whether facts still move tasks as fast when the tables hold a big company's years."""

from datetime import UTC, datetime
from itertools import islice
from time import perf_counter

from django.db import connection

from bench.crowd import BATCH, batches, register, with_tasks
from bench.stage import settle
from loop28.front.tasks import intake
from loop28.front.tasks.models import Happening
from loop28.front.tasks.rules import Happened
from loop28.kernel.access import SYSTEM

SMALL = {"people": 40, "members": 200, "facts": 2_000, "loads": 2}


def measure(
    people: int = 50_000, members: int = 1_000_000, facts: int = 10_000_000, loads: int = 50
) -> dict[str, float]:
    """The rate over so many members and facts, as a share of the rate before they were there.

    The facts of the others are put in by the database itself, ten each, in the order of their keys;
    the same people act before and after.
    """
    acting = with_tasks(people)
    before = _rate(batches(acting, loads + 1, "before"))
    others = register(members - people)
    _put_in(others[0], len(others), facts - (loads + 1) * BATCH)
    settle()
    after = _rate(batches(acting, loads + 1, "after"))
    return {"value": after / before, "before": before, "after": after}


def _rate(loads: list[list[Happened]]) -> float:
    """Facts a second; the first batch warms up."""
    intake.receive(SYSTEM, loads[0])
    start = perf_counter()
    for load in islice(loads, 1, None):
        intake.receive(SYSTEM, load)
    return (len(loads) - 1) * BATCH / (perf_counter() - start)


_PUT_IN = (
    "WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n + 1 < %s) "
    "INSERT INTO tasks_happening (key, member_id, kind, subject, amount, at) "
    "SELECT 'old:' || (100000000 + n), %s + n %% %s, 'kind_1', 's' || n, 0, %s FROM n"
)


def _put_in(first: int, members: int, count: int) -> None:
    """So many facts of members with numbers from ``first`` on."""
    moment = Happening._meta.get_field("at").get_db_prep_value(datetime.now(UTC), connection)
    with connection.cursor() as cursor:
        cursor.execute(_PUT_IN, [count, first, members, moment])
