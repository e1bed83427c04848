"""What the tests of the front share."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest


@pytest.fixture
def clock(db: None) -> Iterator[Callable[[datetime], None]]:
    """A rehearsal's clock, to be moved."""
    from tests.line_kit import moving_clock  # models can only be imported once Django is set up

    with moving_clock() as move:
        yield move
