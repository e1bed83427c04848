"""Fixtures of the tests that break things. Models are imported late: Django is set up by then."""

import pytest


@pytest.fixture
def clock(transactional_db, monkeypatch):
    """A rehearsal's clock, to be moved; a thread may have a time of its own."""
    from tests.hold.kit import let_threads_have_their_own_time
    from tests.line_kit import moving_clock

    let_threads_have_their_own_time(monkeypatch)
    with moving_clock() as move:
        yield move


@pytest.fixture(scope="session")
def set_stages(django_db_setup):
    """Three stages for all tests, because setting one up takes a second."""
    from tests.hold.kit import Stage

    stages = [Stage() for _ in range(3)]
    yield stages
    for stage in stages:
        stage.close()


@pytest.fixture
def stages(set_stages, transactional_db):
    """Stages whose players are dead before the database is emptied for the next test."""
    yield set_stages
    for stage in set_stages:
        stage.clear()
