import pytest


@pytest.fixture
def at(db):
    """A clock to move, and pages that remember nothing of the test before."""
    from django.core.cache import cache

    from tests.line_kit import moving_clock  # models can only be imported once Django is set up

    cache.clear()
    with moving_clock() as move:
        yield move


@pytest.fixture
def line(at):
    """A line of the small playbook in region HD, the day before it starts."""
    from tests.line_kit import open_line

    return open_line()


@pytest.fixture
def desk(db):
    """``desk(role, region)`` is a browser in English in which such a person is signed in."""
    from django.conf import settings
    from django.test import Client

    from loop28.back.people.models import User
    from loop28.kernel.access import Role
    from tests.factories import staff

    class Desk(Client):
        user: User

    def sit_down(role: str = "administrator", region=None) -> Desk:
        client = Desk()
        client.user = staff(Role(role), region)
        client.force_login(client.user, backend="django.contrib.auth.backends.ModelBackend")
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return sit_down
