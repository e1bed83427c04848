"""What is measured, in the order in which it is printed."""

from dataclasses import dataclass

SQLITE, POSTGRESQL = "sqlite", "postgresql"


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table, measured ``runs`` times on each of its databases.

    ``module`` of this package takes one measurement in a process of its own, over a fresh database;
    ``at_least`` and ``aim`` are what was promised and what was hoped for, in ``unit``.
    """

    name: str
    what: str
    module: str
    unit: str
    at_least: float
    aim: float
    databases: tuple[str, ...] = (SQLITE, POSTGRESQL)
    runs: int = 5

    @property
    def repeat(self) -> str:
        """The command that measures it again."""
        return f".venv/bin/python -m bench {self.name}"


FIGURES = [
    Figure(
        name="rehearse",
        what="a line of 500 rehearsed over 28 days, the whole process",
        module="rehearse",
        unit="s",
        at_least=60,
        aim=15,
        databases=(SQLITE,),
        runs=3,
    ),
    Figure(
        name="packet_http_postgresql",
        what="500 people tap twice over HTTP on one packet of 100 shares, 2 web processes",
        module="packet_http",
        unit="s",
        at_least=2.0,
        aim=1.0,
        databases=(POSTGRESQL,),
    ),
    Figure(
        name="packet_http_sqlite",
        what="500 people tap twice over HTTP on one packet of 100 shares, 1 web process",
        module="packet_http",
        unit="s",
        at_least=3.0,
        aim=1.5,
        databases=(SQLITE,),
    ),
    Figure(
        name="joins_http",
        what="550 strangers join over HTTP on one link with 500 seats",
        module="joins_http",
        unit="s",
        at_least=3,
        aim=1,
    ),
    Figure(
        name="packets_due",
        what="20 packets of 500 shares due at one instant, until all are issued",
        module="packets_due",
        unit="s",
        at_least=1,
        aim=0.1,
    ),
    Figure(
        name="messages",
        what="group messages taken in by batches of 1,000",
        module="messages",
        unit="messages/s",
        at_least=15_000,
        aim=40_000,
    ),
    Figure(
        name="facts",
        what="facts that move tasks, taken in by batches of 1,000: 50,000 members, 8 tasks each",
        module="facts",
        unit="facts/s",
        at_least=14_000,
        aim=28_000,
        runs=3,
    ),
    Figure(
        name="facts_latency",
        what="5,000 facts a second offered: from arrival to reward committed, 99 of 100 within",
        module="facts_latency",
        unit="ms",
        at_least=50,
        aim=10,
        runs=3,
    ),
    Figure(
        name="facts_http",
        what="facts told by two machines over HTTP, a thousand a request",
        module="facts_http",
        unit="facts/s",
        at_least=10_000,
        aim=30_000,
        runs=3,
    ),
    Figure(
        name="facts_grown",
        what="facts among 1 million members and 10 million facts: share of the rate before",
        module="facts_grown",
        unit="of the rate",
        at_least=0.7,
        aim=0.9,
        runs=1,
    ),
    Figure(
        name="tap_http",
        what="300 check-ins a second over HTTP, each of somebody else: 99 of 100 answered within",
        module="tap_http",
        unit="ms",
        at_least=200,
        aim=50,
        runs=3,
    ),
    Figure(
        name="tracked_links",
        what="tracked links opened, with click, lock and journal, by batches of 200",
        module="tracked_links",
        unit="links/s",
        at_least=1_000,
        aim=3_000,
    ),
    Figure(
        name="group_page",
        what="500 people read one active group page: CPU of the web server and the database",
        module="group_page",
        unit="cores",
        at_least=1,
        aim=0.3,
        runs=3,
    ),
    Figure(
        name="console_pages",
        what="the slowest of all pages at p95, 24 running lines of 500 people: CPU",
        module="console_pages",
        unit="ms",
        at_least=200,
        aim=80,
        runs=1,
    ),
]
