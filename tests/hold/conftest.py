"""Fixtures of the tests that break things. Models are imported late: Django is set up by then."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest


@pytest.fixture
def clock(transactional_db, monkeypatch):
    """A rehearsal's clock, to be moved; a thread may have a time of its own."""
    from tests.hold.kit import let_threads_have_their_own_time
    from tests.line_kit import moving_clock

    let_threads_have_their_own_time(monkeypatch)
    with moving_clock() as move:
        yield move


@pytest.fixture(scope="module")
def stages(django_db_setup) -> Iterator[list]:
    """Three stages; a module's tests use the same ones, because setting one up takes a second."""
    from tests.hold.kit import Stage

    with ExitStack() as stack:
        yield [stack.enter_context(Stage()) for _ in range(3)]
