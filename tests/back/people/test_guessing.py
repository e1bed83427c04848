import subprocess
import sys
from datetime import timedelta

import pytest

from loop28.back.people.guessing import LIMITS, WHILE, give_back, take
from loop28.back.people.models import Guesses
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from tests.races import environment, together

pytestmark = pytest.mark.django_db
PAIR, NAME, ADDRESS = LIMITS["name at address"], LIMITS["name"], LIMITS["address"]


class Watch:
    """A clock that stands until it is put forward."""

    def __init__(self) -> None:
        self.now = clock.now()

    def wait(self, time: timedelta) -> None:
        self.now += time


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    standing = Watch()
    monkeypatch.setattr(clock, "now", lambda: standing.now)
    return standing


def _passed(tries: list[tuple[str, str]]) -> int:
    return [take(SYSTEM, *one) for one in tries].count(True)


def test_one_name_from_one_address_has_a_few_tries() -> None:
    assert _passed([("li.na", "10.0.0.1")] * 9) == PAIR
    assert take(SYSTEM, "li.na", "10.0.0.2")
    assert take(SYSTEM, "wang.fang", "10.0.0.1")


def test_one_name_from_many_addresses_has_no_more_than_the_limit_of_the_name() -> None:
    assert _passed([("li.na", f"10.0.0.{n}") for n in range(NAME + 20)]) == NAME
    assert take(SYSTEM, "wang.fang", "10.0.0.1")


def test_many_names_from_one_address_have_no_more_than_the_limit_of_the_address() -> None:
    assert _passed([(f"name-{n}", "10.0.0.1") for n in range(ADDRESS + 20)]) == ADDRESS
    assert take(SYSTEM, "name-1", "10.0.0.2")


def test_after_a_quarter_of_an_hour_there_are_tries_again(watch: Watch) -> None:
    assert _passed([("li.na", "10.0.0.1")] * 6) == PAIR
    watch.wait(WHILE - timedelta(seconds=1))
    assert not take(SYSTEM, "li.na", "10.0.0.1")
    watch.wait(timedelta(seconds=1))
    assert _passed([("li.na", "10.0.0.1")] * 6) == PAIR


def test_who_goes_on_guessing_does_not_keep_a_name_locked(watch: Watch) -> None:
    for _ in range(3):
        _passed([("li.na", f"10.0.0.{n}") for n in range(NAME)])
        watch.wait(WHILE // 3)
    assert take(SYSTEM, "li.na", "10.0.9.9")


def test_a_right_password_forgets_the_slips_before_it_and_is_no_guess() -> None:
    for _ in range(ADDRESS + 3):  # a whole office behind one address signs in all day
        assert take(SYSTEM, "li.na", "10.0.0.1")
        give_back(SYSTEM, "li.na", "10.0.0.1")
    _passed([("li.na", "10.0.0.1")] * (PAIR - 1))
    give_back(SYSTEM, "li.na", "10.0.0.1")
    assert _passed([("li.na", "10.0.0.1")] * 9) == PAIR


def test_a_right_password_gives_a_guesser_no_fresh_tries_elsewhere() -> None:
    """Who has an account of their own could else wipe out the count of their address with it."""
    tries = 0
    for n in range(ADDRESS + 5):
        tries += take(SYSTEM, f"name-{n}", "10.0.0.1")
        if take(SYSTEM, "mine", "10.0.0.1"):
            give_back(SYSTEM, "mine", "10.0.0.1")
    assert tries == ADDRESS


def test_neither_names_nor_addresses_can_be_read_and_old_counts_go(watch: Watch) -> None:
    take(SYSTEM, "li.na", "10.0.0.1")
    keys = set(Guesses.objects.values_list("key", flat=True))
    assert all(len(key) == 64 and int(key, 16) for key in keys)
    watch.wait(WHILE)
    take(SYSTEM, "wang.fang", "10.0.0.2")
    give_back(SYSTEM, "wang.fang", "10.0.0.2")
    assert not Guesses.objects.filter(key__in=keys).exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_tries_at_once_as_many_pass_as_are_left() -> None:
    assert together(*[lambda: take(SYSTEM, "li.na", "10.0.0.1")] * 12).count(True) == PAIR


PROCESS = """
import django
django.setup()
from loop28.back.people.guessing import take
from loop28.kernel.access import SYSTEM
print([take(SYSTEM, "li.na", "10.0.0.1") for _ in range(8)].count(True))
"""


@pytest.mark.django_db(transaction=True)
def test_two_processes_count_together() -> None:
    started = [
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", PROCESS], env=environment(), stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    said = [int(process.communicate(timeout=60)[0]) for process in started]
    assert sum(said) == PAIR
