"""A line the day before it starts, and who leads its region."""

from typing import Any

import pytest

from loop28.kernel.access import Actor, Role


@pytest.fixture
def line(clock: object) -> Any:
    from tests.line_kit import open_line  # models can only be imported once Django is set up

    return open_line()


@pytest.fixture
def manager(db: None) -> Actor:
    from tests.factories import staff
    from tests.line_kit import region

    return staff(Role.REGION_MANAGER, region("HD")).actor
