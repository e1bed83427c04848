import pytest

from loop28.back.people import actions, queries, refusals
from loop28.back.people.models import MachineKey
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.kernel.text import TextMissing

pytestmark = pytest.mark.django_db


def test_a_key_is_shown_once_and_only_its_digest_is_kept() -> None:
    key = actions.make_key(SYSTEM, "微店")
    kept = MachineKey.objects.get()
    assert key not in {kept.name, kept.digest}
    assert queries.machine(key) == Actor(Role.MACHINE, kept.pk)


def test_no_two_keys_are_alike() -> None:
    assert actions.make_key(SYSTEM, "a") != actions.make_key(SYSTEM, "b")


def test_a_name_is_given_once() -> None:
    actions.make_key(SYSTEM, "微店")
    with pytest.raises(refusals.KeyNameTaken):
        actions.make_key(SYSTEM, "微店\u200b")
    with pytest.raises(TextMissing):
        actions.make_key(SYSTEM, " \u200b")


def test_a_revoked_key_opens_nothing() -> None:
    key = actions.make_key(SYSTEM, "微店")
    actions.revoke_key(SYSTEM, "微店")
    assert queries.machine(key) is None
    with pytest.raises(refusals.UnknownKey):
        actions.revoke_key(SYSTEM, "微店")


@pytest.mark.parametrize("key", ["", "l28_", "x" * 10_000, "\ud800", "钥匙", "\0"])
def test_a_made_up_key_opens_nothing(key: str) -> None:
    actions.make_key(SYSTEM, "微店")
    assert queries.machine(key) is None
