"""A house on a PostgreSQL of its own, with a network between: both can be broken."""

import json
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psycopg

from loop28.doors.cli import serving
from tests.doors.cli.installation import free_port, wait_for
from tests.faults.network import Network
from tests.races import environment
from tools.scratch_postgres import ScratchPostgres

SLOWEST = 15.0
"""Seconds in which everybody has an answer, whatever is broken."""

NAME = "loop28"


@dataclass(frozen=True)
class House:
    """Where its database is, with and without the network between, and where its pages are."""

    cluster: ScratchPostgres
    network: Network
    port: int

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.network.port}/{NAME}"

    def look(self) -> psycopg.Connection[Any]:
        """Past the network, as whoever looks after the database does."""
        return psycopg.connect(self.cluster.url.rpartition("/")[0] + f"/{NAME}", autocommit=True)

    def ask(self, path: str, body: object = None, key: str = "") -> "Answer":
        """One request, with the seconds it took."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        request = Request(f"http://127.0.0.1:{self.port}{path}", data, headers)
        began = time.monotonic()
        try:
            with urlopen(request, timeout=120) as answer:  # noqa: S310
                status, said, again = answer.status, answer.read(), None
        except HTTPError as error:
            status, said, again = error.code, error.read(), error.headers["Retry-After"]
        return Answer(status, said, again, time.monotonic() - began)


@dataclass(frozen=True)
class Answer:
    status: int
    said: bytes
    retry_after: str | None
    seconds: float


def copy_of_the_test_database(cluster: ScratchPostgres) -> None:
    """What the tests wrote until now, in a cluster that may be broken."""
    with psycopg.connect(cluster.url, autocommit=True) as link:
        link.execute(f"CREATE DATABASE {NAME}".encode())
    binaries, source = cluster.binaries, environment()["LOOP28_DATABASE_URL"]
    dump = [str(binaries / "pg_dump"), "--no-owner", source]
    there = cluster.url.rpartition("/")[0] + f"/{NAME}"
    with subprocess.Popen(dump, stdout=subprocess.PIPE) as reading:  # noqa: S603
        load = [str(binaries / "psql"), "-qX", "-v", "ON_ERROR_STOP=1", there]
        subprocess.run(load, stdin=reading.stdout, stdout=subprocess.DEVNULL, check=True)  # noqa: S603


@contextmanager
def served(cluster: ScratchPostgres, processes: int = 1) -> Iterator[House]:
    """Its pages, as `loop28 serve` runs them, with the network between them and the database."""
    network, port = Network(cluster.folder / ".s.PGSQL.5432"), free_port()
    house = House(cluster, network, port)
    command: Sequence[str] = serving.web_server("127.0.0.1", port, processes)
    settings = environment() | {"LOOP28_DATABASE_URL": house.url}
    with subprocess.Popen(command, env=settings) as web:  # noqa: S603
        try:
            wait_for(lambda: house.ask("/livez").status == 200)
            wait_for(lambda: house.ask("/consent").status == 200)
            yield house
        finally:
            web.terminate()
            web.wait(30)
            network.close()
