"""A member's phone: a client that carries their cookie, as their personal link leaves it."""

from typing import Any

from django.http import HttpResponse
from django.test import Client

from loop28.middle.members import queries as members

ODD_TEXTS = [
    "",
    "   ",
    "\u200b\u2060\ufeff",
    "１２３．４５",
    "👨\u200d👩\u200d👧\u200d👦🇨🇳",
    "\u202eמשהו\u202c",
    "x" * 10_000,
    "<script>alert(1)</script>{{ 7 }}%(x)s",
    "' OR 1=1; --",
    "a\r\nb\tc",
    "-1",
    "1e9",
    "9" * 30,
    "\x00",
]
"""What people, keyboards and visitors with bad intentions put into fields."""


def phone(member_id: int) -> Client:
    """The phone of a member."""
    client = Client()
    client.get(f"/m/{members.link_token(member_id)}")
    return client


def text_of(response: Any) -> str:
    """What a page says."""
    assert isinstance(response, HttpResponse)
    return response.content.decode()
