import pytest


@pytest.fixture(autouse=True)
def clock(transactional_db):
    """A rehearsal's clock: a story moves it from one day to the next."""
    from tests.line_kit import moving_clock  # models can only be imported once Django is set up

    with moving_clock() as move:
        yield move
