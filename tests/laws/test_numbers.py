"""Every number on a page opens the rows behind it, and there are as many of them."""

from collections.abc import Iterator
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from loop28.front.groups.models import Complaint
from loop28.front.ladder.models import Promotion
from loop28.front.lines.models import Line
from loop28.kernel import clock
from tests.laws.numbers import EXPLAINED, Found, numbers
from tests.laws.world import World, build
from tests.line_kit import group, live_until, local, moving_clock

pytestmark = pytest.mark.django_db

LINE = "console/lines/<int:line_id>"
PAGES = [
    "console/",
    "console/quota",
    "console/league",
    "console/league?tier=2",
    "console/league/best",
    "console/lines",
    "console/lines/calendar",
    LINE,
    *(f"{LINE}/{tab}" for tab in ("calendar", "members", "chat", "invitations", "packets")),
    *(f"{LINE}/{tab}" for tab in ("tasks", "budget", "changes", "journal")),
    f"{LINE}/packets/<int:packet_id>",
    "console/groups",
    "console/groups/<int:group_id>",
    "console/groups/<int:circle_group_id>",
    "console/loop",
    "console/hosts",
    "console/hosts/<int:host_id>",
    "console/events",
    "console/events/<int:event_id>",
    "console/budgets",
]


@pytest.fixture(scope="module", params=["in its training", "when it is over"])
def world(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[World]:
    """A company while its lines run, and the same when they are over. Nobody changes it here."""
    with django_db_blocker.unblock(), transaction.atomic(), moving_clock():
        found = build()
        _complain_of_the_host(found)
        if request.param == "when it is over":
            live_until(local(5, 22))
        found.clients["administrator"].cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        yield found
        transaction.set_rollback(True)


def _complain_of_the_host(world: World) -> None:
    ids = (world.ids[name] for name in ("line_id", "host_id", "insider_id"))
    line, host, insider = (int(str(number)) for number in ids)
    Promotion.objects.filter(member=host).update(line=None)  # they were appointed
    Complaint.objects.create(
        key="of the host",
        group_id=group(Line.objects.get(pk=line)),
        by_id=insider,
        cause="other",
        first="region",
        at=clock.now(),
        decision="settled",
        decided_at=clock.now(),
    )


@pytest.fixture
def desk(world: World) -> Client:
    return world.clients["administrator"]


@pytest.mark.parametrize("route", PAGES)
def test_every_number_opens_something_or_is_explained(world: World, desk: Client, route: str):
    found = _numbers(world, desk, route)
    shut = [(one.text, one.around) for one in found if one.href is None and not one.explained]
    assert not shut, f"open these, or explain them in {EXPLAINED.keys()}"


@pytest.mark.parametrize("route", PAGES)
def test_there_are_as_many_rows_as_the_number_says(world: World, desk: Client, route: str):
    address = world.address(route, {})
    wrong = []
    for one in _numbers(world, desk, route):
        if one.explained or one.whole is None or one.href is None or one.href.startswith("#"):
            continue
        rows = _rows(desk, urljoin(address, one.href))
        if rows is not None and rows != one.whole:
            wrong.append((one.text, one.href, rows))
    assert not wrong


def _numbers(world: World, desk: Client, route: str) -> list[Found]:
    response = desk.get(world.address(route, {}))
    assert response.status_code == 200
    return numbers(response.content.decode())


def _rows(desk: Client, address: str) -> int | None:
    """How many rows a list has; None where the address is that of one thing, not of a list."""
    response = desk.get(address)
    assert response.status_code == 200, address
    if response.context is None or "page" not in response.context:
        return None
    if "total" in response.context:
        return int(response.context["total"])
    return int(response.context["page"].paginator.count)
