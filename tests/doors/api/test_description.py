"""What machines are told they may send is what is taken, and every answer is one that was named."""

from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.urls import resolve

from loop28.back.people import actions as people
from loop28.doors.api.description import DOORS, description
from loop28.doors.api.urls import urlpatterns
from loop28.kernel.access import SYSTEM
from tests.factories import member
from tools.ask_api import ask

pytestmark = pytest.mark.django_db


def test_every_door_for_machines_is_described() -> None:
    posts = {f"/api/{pattern.pattern}" for pattern in urlpatterns} - {"/api/openapi.json"}
    assert description()["paths"].keys() == posts == DOORS.keys()
    assert all(resolve(path) for path in DOORS)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_anybody_reads_the_description_in_their_language(language: str) -> None:
    told = Client(headers={"accept-language": language}).get("/api/openapi.json").json()
    summary = told["paths"]["/api/orders"]["post"]["summary"]
    assert summary.isascii() == (language == "en")
    assert told["security"] == [{"key": []}]


def test_every_field_says_in_words_what_belongs_there() -> None:
    schemas = description()["components"]["schemas"]
    fields = [f for schema in schemas.values() for f in schema["properties"].values()]
    assert sum("description" in field for field in fields) == sum(
        len(door.fields) for door in DOORS.values()
    )


def test_how_long_the_fields_of_a_fact_may_be_is_told() -> None:
    told = description()["components"]["schemas"]["Sent"]["properties"]["fields"]
    assert told["maxProperties"] == 20
    assert told["propertyNames"]["maxLength"] == 40
    assert told["additionalProperties"]["maxLength"] == 100


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """A request does not take the test's own transaction away."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("_one_connection")
def test_whatever_the_description_allows_or_forbids_is_answered_as_it_says() -> None:
    """`python -m tools.ask_api` does the same for five minutes."""
    member("王芳")
    counts = ask(people.make_key(SYSTEM, "微店"), examples=6, nth=1)
    for path in DOORS:
        assert counts[f"{path} 200"] > 0
        assert counts[f"{path} 400"] + counts[f"{path} 422"] > 0
    assert not [answer for answer in counts if answer.endswith("500")]
