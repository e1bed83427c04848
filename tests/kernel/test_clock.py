"""One time for everybody, and another one only in a rehearsal."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from loop28.kernel import chance, clock
from loop28.kernel.journal.models import RehearsalMark

SHANGHAI = ZoneInfo("Asia/Shanghai")
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def real_again():
    yield
    clock.move_to(None)
    chance.seed(None)


@pytest.mark.django_db
def test_now_is_aware_and_near_the_machines_time():
    assert clock.now().utcoffset() == timedelta(0)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.django_db
def test_a_real_database_has_real_time_and_real_chance():
    with pytest.raises(RuntimeError, match="rehearsal"):
        clock.move_to(LONG_AGO)
    with pytest.raises(RuntimeError, match="rehearsal"):
        chance.seed(1)
    assert clock.now() > LONG_AGO


@pytest.mark.django_db
def test_a_rehearsals_time_moves_and_its_chance_repeats():
    RehearsalMark.objects.create()
    clock.move_to(LONG_AGO)
    assert clock.now() == LONG_AGO
    chance.seed(1)
    first = [chance.source().random() for _ in range(3)]
    chance.seed(1)
    assert first == [chance.source().random() for _ in range(3)]
    clock.move_to(None)
    assert clock.now() > LONG_AGO


def test_a_day_begins_at_midnight_of_its_zone():
    before = datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC)
    assert clock.local_day(before, SHANGHAI) == date(2026, 3, 1)
    assert clock.local_day(before + timedelta(seconds=1), SHANGHAI) == date(2026, 3, 2)


def test_a_local_time_is_an_instant_in_utc():
    moment = clock.at_local(date(2026, 3, 1), 7, 30, SHANGHAI)
    assert moment == datetime(2026, 2, 28, 23, 30, tzinfo=UTC)
    assert moment.tzinfo is UTC
    assert clock.seconds(timedelta(minutes=1, microseconds=999_999)) == 60
