"""Every route is open to whom it should be, shut to everybody else, and none is forgotten."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import DjangoDbBlocker

from loop28.back.ledger.models import Transfer
from loop28.kernel.journal.models import Entry
from tests.laws import scanner
from tests.laws.routes import ROWS
from tests.laws.rows import SIGN_IN, Outcome, Row
from tests.laws.world import EVERYBODY, World, build
from tests.line_kit import moving_clock

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Built once, since nothing a test does to it stays."""
    with django_db_blocker.unblock(), transaction.atomic(), moving_clock():
        yield build()
        transaction.set_rollback(True)


def _routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, here)
        else:
            yield here


@contextmanager
def _undone(client: Client) -> Iterator[None]:
    cookies = deepcopy(client.cookies)
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        client.cookies = cookies
        client.handler.enforce_csrf_checks = False


def _send(world: World, row: Row, client: Client) -> Any:
    address = world.address(row.route, dict(row.at))
    if row.data is None:
        return client.get(address)
    return client.post(address, {k: v.format(**world.ids) for k, v in row.data.items()})


def _outcome(response: Any) -> Outcome:
    if response.status_code == 302 and response["Location"].startswith("/console/sign-in"):
        return SIGN_IN
    return int(response.status_code)


def _written() -> tuple[int, int]:
    return Entry.objects.count(), Transfer.objects.count()


def test_no_route_is_without_a_row_and_no_row_without_a_route() -> None:
    assert sorted({row.route for row in ROWS}) == sorted(set(_routes(get_resolver().url_patterns)))


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_route_is_open_to_whom_it_should_be(row: Row, world: World) -> None:
    outcomes = {}
    before = _written()
    for who in EVERYBODY:
        with _undone(world.clients[who]):
            outcomes[who] = _outcome(_send(world, row, world.clients[who]))
            if outcomes[who] in {SIGN_IN, 401, 403, 404}:
                assert _written() == before, f"{who} was refused and something was written"
    assert outcomes == row.expected


def test_a_method_that_no_route_takes_does_nothing(world: World) -> None:
    """Each answer, too, has the headers of every other: the client looks."""
    before = _written()
    for address in sorted({world.address(row.route, dict(row.at)) for row in ROWS}):
        for who in ("administrator", "insider"):
            with _undone(world.clients[who]):
                status = world.clients[who].patch(address, b"{}", "application/json").status_code
                assert status in {302, 401, 403, 404, 405}, (address, who)
    assert _written() == before


@pytest.mark.parametrize("row", [row for row in ROWS if row.data is not None], ids=str)
def test_a_form_from_another_site_changes_nothing(row: Row, world: World) -> None:
    before = _written()
    for who in EVERYBODY:
        with _undone(world.clients[who]):
            world.clients[who].handler.enforce_csrf_checks = True
            response = _send(world, row, world.clients[who])
            assert response.status_code in {401, 403} or row.route.startswith("api/")
            assert _written() == before


@pytest.mark.parametrize("number", ["999999999999999999", "99999999999999999999999"])
@pytest.mark.parametrize("row", [row for row in ROWS if "<int:" in row.route], ids=str)
def test_what_does_not_exist_is_not_found_and_nothing_is_written(
    row: Row, world: World, number: str
) -> None:
    nowhere = World(world.ids | dict.fromkeys(_places(row), number), world.clients)
    before = _written()
    for who in EVERYBODY:
        with _undone(world.clients[who]):
            outcome = _outcome(_send(nowhere, row, world.clients[who]))
            kept = row.expected[who] == 422  # the text of who is not signed in, wherever it is from
            assert outcome in {SIGN_IN, 302, 403, 404, 410, 422 if kept else 404}, who
            assert _written() == before, who


def test_a_manager_gets_no_link_of_a_host_who_sees_more_than_they_do(world: World) -> None:
    """The one page that hands out somebody else's way in: a route to another region's line."""
    pages = {}
    for who in ("administrator", "region_manager"):
        address = world.address("console/hosts/<int:member_id>", {"member_id": "everywhere_id"})
        pages[who] = world.clients[who].get(address).content.decode()
    assert ["/m/" in page for page in pages.values()] == [True, False]
    own = world.address("console/hosts/<int:member_id>", {"member_id": "host_id"})
    assert "/m/" in world.clients["region_manager"].get(own).content.decode()


def _places(row: Row) -> list[str]:
    names = [part.partition(":")[2].rstrip(">") for part in row.route.split("/") if "<int:" in part]
    return [row.at.get(name, name) for name in names]


ODD = {
    "signs": "\x00\u202e👨‍👩‍👧‍👦\u200bＡ１' \"<b>%(x)s{y}\r\nX: 1",
    "nothing": "\u200b",
    "10,000 signs": "长" * 10_000,
    "a great number": "9" * 30,
    "a wrong number": "-1.5e9",
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("row", [row for row in ROWS if row.data], ids=str)
def test_odd_text_in_any_field_is_taken_or_refused_and_never_breaks(
    row: Row, world: World, odd: str
) -> None:
    data = row.data or {}
    for name in data:
        for who in _let_in(row):
            with _undone(world.clients[who]):
                strange = Row(row.route, row.expected, {**data, name: "{odd}"}, row.at)
                here = World(world.ids | {"odd": ODD[odd]}, world.clients)
                assert _send(here, strange, world.clients[who]).status_code < 500, (name, who)


IN_AN_ADDRESS = 400
"""So many signs in each of its names: more than 64 KiB together no web server takes."""


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("row", [row for row in ROWS if row.data is None], ids=str)
def test_odd_text_in_an_address_never_breaks(row: Row, world: World, odd: str) -> None:
    names = (
        "q",
        "page",
        "region",
        "line",
        "day",
        "after",
        "stage",
        "state",
        "kind",
        "next",
        "from",
    )
    text = ODD[odd][:IN_AN_ADDRESS]
    search = dict.fromkeys((*names, "playbook", "start_day", "host", "size", "budget"), text)
    for who in _let_in(row):
        with _undone(world.clients[who]):
            client = world.clients[who]
            address = world.address(row.route, dict(row.at))
            assert client.get(address, search).status_code < 500
            if "\x00" in text:
                plain = dict.fromkeys(search, text.replace("\x00", ""))
                assert client.get(address, plain).status_code < 500


NAMES = ("q", "find", "next", "back", "kind", "state", "owner", "sort", "stage")


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.data is None and 200 in row.expected.values()], ids=str
)
def test_the_scanner_finds_no_hole_in_an_address(row: Row, world: World) -> None:
    who = _let_in(row)[0]
    address = world.address(row.route, dict(row.at))
    with _undone(world.clients[who]):
        assert list(scanner.of_names(world.clients[who], address, NAMES)) == []
        for place in re.findall(r"<str:(\w+)>", row.route):
            word = str(world.ids[row.at.get(place, place)])
            assert list(scanner.of_place(world.clients[who], address, word)) == []


def test_what_people_write_into_any_form_is_shown_as_text_and_never_as_markup(
    world: World,
) -> None:
    """All forms are sent with markup in every free text, and then every page is looked at."""
    written, shown = 0, []
    with ExitStack() as stack:
        for client in world.clients.values():
            stack.enter_context(_undone(client))
        for row in [row for row in ROWS if row.data]:
            marked = {k: scanner.MARKUP if _free(v) else v for k, v in (row.data or {}).items()}
            if marked != row.data:
                sent = Row(row.route, row.expected, marked, row.at)
                response = _send(world, sent, world.clients[_let_in(row)[0]])
                written += response.status_code in {200, 204, 302}
        for row in [row for row in ROWS if row.data is None]:
            for who in _let_in(row):
                response = world.clients[who].get(world.address(row.route, dict(row.at)))
                shown += [row.route] * bool(scanner.stored(response))
    assert written > 30
    assert len(set(shown)) > 15


def _free(value: str) -> bool:
    """Whatever in the table is Chinese stands for words of people."""
    return any("\u4e00" <= sign <= "\u9fff" for sign in value)


def _let_in(row: Row) -> list[str]:
    """The first who gets past the door: who else does, is read by the same code."""
    return [who for who in EVERYBODY if row.expected[who] in {200, 204, 302, 422}][:1]
