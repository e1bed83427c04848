import pytest


@pytest.fixture
def uploads(settings, tmp_path):
    """An empty place for what is uploaded."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def line(at, uploads):
    """A line in which «own-words» is proved by a picture, for 2 yuan."""
    from tests.front.evidence.kit import open_line

    return open_line()


@pytest.fixture
def elsewhere(line):
    """A line like it in another region; ask for it before the days go by."""
    from tests.front.evidence.kit import open_line

    return open_line(code="HN")


@pytest.fixture
def sender(line):
    """A member with that task, on the day on which it opens."""
    from tests.front.evidence.kit import passing

    return passing(line)[0]
