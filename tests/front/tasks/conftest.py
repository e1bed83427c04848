import pytest


@pytest.fixture
def clock(db):
    """A rehearsal's clock, to be moved."""
    from tests.line_kit import moving_clock  # models can only be imported once Django is set up

    with moving_clock() as move:
        yield move
