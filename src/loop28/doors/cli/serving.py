"""``loop28 serve`` and ``loop28 worker``: the processes of an installation."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from itertools import count
from pathlib import Path
from socket import gethostname
from tempfile import TemporaryDirectory

import click
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse
from filelock import FileLock, Timeout

import loop28
from loop28.back.people import actions as people
from loop28.back.people import queries as places
from loop28.back.people import signin
from loop28.back.people.models import User
from loop28.doors.cli.children import Child, look_after
from loop28.doors.cli.rehearsing import rehearse_until
from loop28.doors.cli.tables import Tables, refuse_other
from loop28.doors.operation import counts
from loop28.front.playbooks import actions as playbooks
from loop28.front.playbooks import queries as playbook_queries
from loop28.front.privacy import actions as privacy
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Role
from loop28.kernel.jobs import work_until

PLAYBOOK = Path(loop28.__file__).parents[2] / "playbooks" / "newcomer-7-21.yaml"

# Threads are how many requests of a process can wait in front of one hot row and share a commit. On
# PostgreSQL each has a connection of its own, of a hundred. SQLite has one writer: with a quarter
# of these threads a line that checks in pays for twice as many commits; twice as many win nothing
# (`bench`).
BLOCKING_THREADS = {"sqlite": 32, "postgresql": 16}
PROCESSES = {"sqlite": 1, "postgresql": 2}

# How many connections a process keeps, most of them phones between two polls. Granian's own limit
# of 512 would leave the next phone waiting until another goes away.
CONNECTIONS = 8192


# Seconds that requests have to be answered when the program stops. Who sends or reads more slowly
# is cut off then.
LAST_ANSWERS = 15


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8028, show_default=True)
@click.option("--address", default="127.0.0.1", show_default=True, help="0.0.0.0 for all networks.")
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    help="How many answer requests; 1 on SQLite.  [default: 2 on PostgreSQL]",
)
def serve(port: int, address: str, processes: int | None) -> None:
    """Serve the pages and run the worker until interrupted; say what to do first."""
    processes = processes or PROCESSES[connection.vendor]
    if processes > 1 and connection.vendor == "sqlite":
        raise click.UsageError("On SQLite one process answers. Take PostgreSQL for more.")
    url = settings.URL if "LOOP28_URL" in os.environ else f"http://localhost:{port}"
    with alone(), TemporaryDirectory(prefix="loop28-counts-") as counted:
        prepare()
        click.echo(_welcome(url))
        connection.close()
        environment = os.environ | {"LOOP28_URL": url, counts.FOLDER: counted}
        worker = [sys.executable, "-m", "loop28.doors.cli.main", "worker", "--under-serve"]
        web = web_server(address, port, processes)
        code = look_after([Child("web", web, environment), Child("worker", worker, environment)])
    sys.exit(code)


@click.command()
@click.option("--under-serve", is_flag=True, hidden=True, help="The lock is held by `serve`.")
def worker(under_serve: bool) -> None:
    """Do what falls due, until interrupted. `serve` runs one; more help on PostgreSQL only."""
    refuse_other()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with nullcontext() if under_serve else alone(), seat() as name:
        aside = threading.Thread(target=rehearse_until, args=[stop], name="rehearsals")
        aside.start()
        try:
            work_until(stop, name)
        finally:
            stop.set()
            aside.join()


@contextmanager
def alone() -> Iterator[None]:
    """On SQLite hold the lock of the one that may serve or work; refuse when it is taken."""
    if connection.vendor != "sqlite":
        yield
        return
    lock = FileLock(f"{settings.DATABASES['default']['NAME']}.lock")
    try:
        held = lock.acquire(timeout=0)
    except Timeout:
        raise click.ClickException(
            "Another `loop28 serve` or `loop28 worker` runs on this database. "
            "On SQLite one is enough; stop it first, or take PostgreSQL."
        ) from None
    with held:
        yield


@contextmanager
def seat() -> Iterator[str]:
    """This worker's name: the first that no other of this installation on this machine has.

    Who was killed leaves it to whoever is started next, who is the same worker again.
    """
    for number in count(1):
        name = settings.HOME / f"worker-{number}"
        with suppress(Timeout):
            held = FileLock(f"{name}.lock").acquire(timeout=0)
            break
    with held:
        yield f"{gethostname()}:{name}"


def make_tables(verbosity: int = 1) -> None:
    """Bring the tables up to this program, all or nothing: stopped half-way, nothing was begun.

    Django by itself commits each migration, most of them before it writes down that it did.
    """
    with connection.constraint_checks_disabled(), transaction.atomic():
        if connection.vendor == "postgresql":
            # What a migration filled in must be checked before the next one alters its table.
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        call_command("migrate", verbosity=verbosity, interactive=False)


def prepare() -> None:
    """Make an installation ready: tables, regions, a programme, somebody who can sign in.

    What is there stays as it is. Tables of another program are refused: nobody's data are changed
    by a start.
    """
    refuse_other(Tables.NONE)
    make_tables(verbosity=0)
    erase_again()
    if not places.regions(SYSTEM).exists():
        people.install_regions(SYSTEM)
    if PLAYBOOK.exists() and not playbook_queries.versions(SYSTEM).exists():
        playbooks.publish(SYSTEM, PLAYBOOK.read_bytes())
    if not _administrators():
        people.add_staff(SYSTEM, "admin", "管理员", Role.ADMINISTRATOR)


def erase_again() -> None:
    """Erase who was erased once and is back with a backup; say so where there is anybody."""
    if numbers := privacy.erase_again(SYSTEM):
        click.echo(f"Erased again, as the register says: {numbers} numbers of members.")


def sign_in_link(user: User, url: str = "") -> str:
    """The address that signs this member of staff in: once, within an hour."""
    path = reverse("enter", args=[user.pk, signin.token(user)])
    return f"{url or settings.URL}{path}"


def _administrators() -> list[User]:
    found = places.staff(SYSTEM).filter(role=Role.ADMINISTRATOR, is_active=True)
    return list(found.order_by("id"))


def _welcome(url: str) -> str:
    """Where the pages are; and as long as no administrator has a password, how to come in."""
    said = [f"Loop28 is at {url}/ until you press Ctrl-C."]
    administrators = _administrators()
    if not any(user.has_usable_password() for user in administrators):
        said += [
            "",
            f"Nobody has chosen a password yet. {_way_in(administrators[0], url)}",
            "",
            "Choose a password, then follow the console: appoint a host, open the first line.",
            "Add colleagues with `loop28 staff add`, shops with `loop28 key make`.",
        ]
    return "\n".join(said)


def _way_in(user: User, url: str) -> str:
    """The one-time link, but not for a log: it keeps what it is told, and others read it.

    In a rehearsal there is nothing to guard.
    """
    if not sys.stdout.isatty() and not clock.is_rehearsed():
        return f"`loop28 staff link {user.username}` prints a link that signs in."
    return (
        f"Sign in as {user.username!r} with this link, which works once and for one hour:\n\n"
        f"    {sign_in_link(user, url)}"
    )


def web_server(address: str, port: int, processes: int) -> list[str]:
    """The command that answers requests with the pages of this process's database."""
    options = {
        "--interface": "wsgi",
        "--host": address,
        "--port": port,
        "--workers": processes,
        "--blocking-threads": BLOCKING_THREADS[connection.vendor],
        "--backlog": 2048,
        "--backpressure": CONNECTIONS,
        "--workers-kill-timeout": LAST_ANSWERS,
        "--log-level": "error",  # it would warn of threads that wait on purpose
    }
    flat = [str(part) for option in options.items() for part in option]
    server = [sys.executable, "-m", "granian", *flat, "--respawn-failed-workers"]
    return [*server, "loop28.wsgi:application"]
