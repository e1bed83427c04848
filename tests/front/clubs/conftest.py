import pytest


@pytest.fixture
def line(at):
    """A line in which groups are built and lessons taught, on the evening of its first day."""
    from tests.front.clubs.kit import building_line

    return building_line()


@pytest.fixture
def owner(line):
    """Somebody who passed, with both tasks open."""
    from tests.front.clubs.kit import learning

    return learning(line)


@pytest.fixture
def club(line, owner):
    """The owner's group, with nobody else in it."""
    from tests.front.clubs.kit import opened

    return opened(line, owner)
