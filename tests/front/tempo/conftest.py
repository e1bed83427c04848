import pytest


@pytest.fixture
def at(db):
    """A rehearsal's clock, to be moved."""
    from tests.line_kit import moving_clock  # models can only be imported once Django is set up

    with moving_clock() as move:
        yield move


@pytest.fixture
def line(at):
    """A line of the small playbook, the day before it starts."""
    from tests.line_kit import open_line

    return open_line()
