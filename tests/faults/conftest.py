"""Fixtures of the tests of faults. Models are imported late: Django is set up by then."""

import pytest

from tests.hold.conftest import clock  # noqa: F401 - the same moving clock


@pytest.fixture(scope="session")
def set_stage(django_db_setup):
    from tests.hold.kit import Stage

    stage = Stage("tests.faults.stage")
    yield stage
    stage.close()


@pytest.fixture
def stage(set_stage, transactional_db):
    """A stage whose players are dead before the database is emptied for the next test."""
    yield set_stage
    set_stage.clear()


@pytest.fixture(scope="session")
def set_computer(django_db_setup, tmp_path_factory):
    from django.db import connection

    from tests.faults.computer import Computer

    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL looks after its own disk")
    computer = Computer(tmp_path_factory.mktemp("computer"))
    yield computer
    computer.stage.close()


@pytest.fixture
def computer(set_computer):
    yield set_computer
    set_computer.stage.clear()


@pytest.fixture
def deeds(clock, computer):  # noqa: F811
    """What sixty people do on a line's third day; the computer has the line, and they have not.

    Asked again, each of these answers what it answered at first.
    """
    from loop28.front.lines import actions as lines
    from loop28.kernel.access import SYSTEM
    from tests.hold.kit import packet_beat
    from tests.line_kit import live_until, local, open_line, seated

    line = open_line(size=90)
    members = seated(line, 60)
    live_until(local(2, 20, 1))
    lines.let_in(SYSTEM, line.pk, members)
    live_until(local(3, 8, 31))
    packet = packet_beat(line, "gift", local(3, 8, 32), total=4000, shares=40)
    live_until(local(3, 8, 32))
    computer.install()
    now = local(3, 8, 33).isoformat()
    return [
        (now, verb, arguments)
        for member in members
        for verb, arguments in (
            ("check_in", [line.pk, member]),
            ("share", [packet.pk, member]),
            ("pay", [line.pk, member, 100]),
            ("cash", [member, 50, f"cash {member}"]),
        )
    ]
