import pytest


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
