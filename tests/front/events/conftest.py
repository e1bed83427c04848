from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.fixture
def clock(db):
    """A rehearsal's clock that stands at noon of a day in March, to be moved."""
    from tests.line_kit import moving_clock  # models can only be imported once Django is set up

    with moving_clock() as move:
        move(NOW)
        yield move


@pytest.fixture
def plan(clock):
    """``plan(places=…)`` announces an event of tomorrow in 杭州, for 杭州 and 苏州."""
    from uuid import uuid4

    from loop28.front.events import actions
    from loop28.kernel.access import SYSTEM
    from tests.factories import city

    def announce(actor=SYSTEM, *, key=None, **said):
        usual: dict[str, Any] = {
            "title": "杭州品鉴会",
            "city": city("杭州").pk,
            "place": "西湖区文三路 1 号",
            "about": "带上你的店铺",
            "starts_at": NOW + timedelta(days=1),
            "ends_at": NOW + timedelta(days=1, hours=3),
            "places": 10,
            "cities": [city("杭州").pk, city("苏州").pk],
        }
        announcement = actions.Announcement(**(usual | said))
        return actions.plan(actor, city("杭州").region_id, announcement, key=key or uuid4())

    return announce
