"""Looks for holes in a page as somebody would who wants in, and says which it found.

`test_scanner.py` digs a hole of every kind and sees it found; `test_routes.py` scans every page.
"""

from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from typing import Any
from urllib.parse import quote

from django.db import DatabaseError, transaction
from django.test import Client

from tests.laws.watching import MARK, mistakes

MARKUP = f"{MARK}'\"></b>"
ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/\t/evil.example/",
    "///evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
)
OUTSIDE = (
    "../../../../../../../../etc/passwd",
    "/etc/passwd",
    "....//....//....//....//....//....//etc/passwd",
    "..%2f..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
)
ALWAYS, NEVER, BROKEN = "x' OR '1'='1", "x' AND '1'='2", "x'\"`;)--"
PASSWD = b"root:"


def of_address(client: Client, address: str, names: Mapping[str, str]) -> Iterator[str]:
    """Holes that the parameters of an address open: markup, statements, files, other sites."""
    for name, usual in names.items():
        yield from _holes(name, lambda odd, at=name: client.get(address, {**names, at: odd}), usual)


def of_names(client: Client, address: str, names: Sequence[str]) -> Iterator[str]:
    """Whether any of these parameters opens a hole: all of them at once, with one text of a kind.

    Markup and what breaks a statement is left to the law about odd text, which sends it anyway.
    """

    def send(odd: str) -> Any:
        return _asked(lambda text: client.get(address, dict.fromkeys(names, text)), odd)

    if _rows(send(ALWAYS)) != _rows(send(NEVER)):
        yield "statement"
    if PASSWD in _body(send(OUTSIDE[0])):
        yield "file"
    if _leads_out(send(ELSEWHERE[1])):
        yield "another site"


def of_form(client: Client, address: str, data: Mapping[str, str]) -> Iterator[str]:
    """The same for the fields of a form."""
    for name, usual in data.items():
        yield from _holes(name, lambda odd, at=name: client.post(address, {**data, at: odd}), usual)


def of_place(client: Client, address: str, place: str) -> Iterator[str]:
    """Files that the part ``place`` of an address opens."""
    for outside in OUTSIDE:
        response = client.get(address.replace(place, quote(outside, safe="")))
        if PASSWD in _body(response):
            yield f"{address}: a file outside"
            return


def stored(response: Any) -> str:
    """Whether a page shows a mark that was left before: as markup, as text, or not at all."""
    body = _body(response).decode(errors="replace")
    if MARK in body:
        return "markup"
    return "text" if MARK in unescape(body) else ""


def _holes(name: str, send: Any, usual: str) -> Iterator[str]:
    if stored(_asked(send, MARKUP)) == "markup":
        yield f"{name}: markup"
    if _obeys(send):
        yield f"{name}: statement"
    if any(PASSWD in _body(_asked(send, usual + odd)) for odd in OUTSIDE[:1]) or any(
        PASSWD in _body(_asked(send, odd)) for odd in OUTSIDE
    ):
        yield f"{name}: file"
    if any(_leads_out(_asked(send, odd)) for odd in ELSEWHERE):
        yield f"{name}: another site"


def _obeys(send: Any) -> bool:
    """Whether a text is read as part of a statement: it breaks it, or makes it find all or none."""
    if isinstance(_asked(send, BROKEN), DatabaseError):
        return True
    always, never = _asked(send, ALWAYS), _asked(send, NEVER)
    return _rows(always) != _rows(never)


def _asked(send: Any, odd: str) -> Any:
    """The answer, or the error of the database; nothing of it stays."""
    try:
        with transaction.atomic():
            response = send(odd)
            transaction.set_rollback(True)
            return response
    except DatabaseError as broken:
        return broken


def _leads_out(response: Any) -> bool:
    return hasattr(response, "headers") and any("another site" in m for m in mistakes(response))


def _rows(response: Any) -> int:
    body = _body(response)
    return body.count(b"<tr") + body.count(b"<li")


def _body(response: Any) -> bytes:
    return getattr(response, "content", b"")
