"""The ground every test stands on: one of two databases, no network, and a browser on request."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import tables
from tools import chromium
from tools.scratch_postgres import scratch_postgres

# What may be missing on a developer's machine may not be missing where the result counts.
IN_CI = os.environ.get("CI") == "true"
NO_POSTGRES = pytest.StashKey[str]()
LOOPBACK = {"localhost", "127.0.0.1", "::1", "", None}
MEMORY = Path("/dev/shm")  # noqa: S108 - files in it have names nobody guesses
ROOMY = 4 * 2**30

hypothesis.settings.load_profile("ci")  # the same examples in every run, no deadlines


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Nobody drops the test database: its folder or cluster is thrown away as a whole."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Nor does anybody make its tables anew."""
    from django.conf import settings

    tables.copy_for_pytest(settings.DATABASES["default"]["TEST"])


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=["sqlite", "postgresql"], default="sqlite", help="where tests run"
    )
    parser.addoption(
        "--times", type=int, default=1, help="so many times the examples of the slow models"
    )


@pytest.fixture(scope="session")
def times(pytestconfig: pytest.Config) -> int:
    """How much longer than in the gate somebody wants a model and the product to be compared."""
    return int(pytestconfig.getoption("times"))


def pytest_configure(config: pytest.Config) -> None:
    """Choose the database before anything reads Django's settings; pytest-django sets up next."""
    _work_in_memory()
    stack = ExitStack()
    config.add_cleanup(stack.close)
    if config.getoption("database") == "postgresql":
        _find_postgres(config, stack)
    if tables.FOLDER not in os.environ:
        shared = tempfile.TemporaryDirectory(prefix="loop28-tables-")
        os.environ[tables.FOLDER] = stack.enter_context(shared)
    if config.getoption("dist", "no") != "no":
        return  # the tests run in the workers of xdist, which all come here themselves
    home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="loop28-tests-")))
    (home / "static").mkdir()  # WhiteNoise warns when there is none
    os.environ["LOOP28_HOME"] = str(home)
    os.environ["LOOP28_DATABASE_URL"] = f"sqlite:///{home / 'loop28.sqlite3'}"
    if config.getoption("database") == "postgresql" and NO_POSTGRES not in config.stash:
        os.environ["LOOP28_DATABASE_URL"] = os.environ["LOOP28_TEST_POSTGRES"]
    os.environ["DJANGO_SETTINGS_MODULE"] = "loop28.settings"
    sys.addaudithook(_refuse_the_network)

    from django.conf import settings

    if settings.configured:
        raise pytest.UsageError("Unset DJANGO_SETTINGS_MODULE: it chooses a database before us.")

    from tests.emptying import empty_what_is_filled

    settings.DATABASES  # noqa: B018 - pytest-django sets Django up only after settings were read
    if config.getoption("database") == "sqlite":
        # On a file, as in production: in memory there is nothing to race for.
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(home / "test.sqlite3")
    empty_what_is_filled(config.getoption("database"))


def _work_in_memory() -> None:
    """Where there is a roomy disk in memory, all databases and files of the tests lie on it.

    They keep their durability: to sync costs nothing there, and no test pulls the plug.
    """
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOMY:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def _find_postgres(config: pytest.Config, stack: ExitStack) -> None:
    """Start a cluster once; the workers of xdist inherit its address."""
    if "LOOP28_TEST_POSTGRES" in os.environ:
        return
    try:
        os.environ["LOOP28_TEST_POSTGRES"] = stack.enter_context(scratch_postgres()).url
    except FileNotFoundError as missing:
        if IN_CI:
            raise pytest.UsageError(str(missing)) from missing
        config.stash[NO_POSTGRES] = str(missing)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    # Those that start programs on databases of their own take longest: at the end, where
    # pytest-django would leave them, everybody would wait for the last of them.
    items.sort(key=_works_on_the_test_database)
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        if NO_POSTGRES in config.stash:
            item.add_marker(pytest.mark.skip(reason=config.stash[NO_POSTGRES]))


def _works_on_the_test_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return bool(item.get_closest_marker("django_db")) or "_django_db_helper" in fixtures


def _refuse_the_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Stop whatever in this process looks beyond the machine. Python itself calls this."""
    if event in {"socket.connect", "socket.sendto"}:
        host = arguments[1][0] if isinstance(arguments[1], tuple) else None  # None: a Unix socket
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if host not in LOOPBACK:
        raise RuntimeError(f"a test must not reach the network: {host}")


@pytest.fixture
def at(db: None) -> Iterator[Callable[[datetime], None]]:
    """A rehearsal's clock, to be moved."""
    from tests.line_kit import moving_clock  # models can only be imported once Django is set up

    with moving_clock() as move:
        yield move


@pytest.fixture
def line(at: object) -> Any:
    """A line of the small playbook, the day before it starts."""
    from tests.line_kit import open_line

    return open_line()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, which sees nothing but this machine."""
    # Playwright keeps an event loop in this thread, which Django would take for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        try:
            yield chromium.launch(playwright)
        except FileNotFoundError as missing:
            if IN_CI:
                pytest.fail(str(missing))
            pytest.skip(str(missing))
