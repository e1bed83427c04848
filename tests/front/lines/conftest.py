"""Who leads the region of the line."""

import pytest

from loop28.kernel.access import Actor, Role


@pytest.fixture
def manager(db: None) -> Actor:
    from tests.factories import staff  # models can only be imported once Django is set up
    from tests.line_kit import region

    return staff(Role.REGION_MANAGER, region("HD")).actor
