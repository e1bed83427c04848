"""A client that reads every answer it gets the way an attacker would, whoever asked and for what.

All the laws about routes send their requests through it, so that what they ask anyway is looked at
once more and nothing is asked twice.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

MARK = "<b>%(x)s"
"""Part of an odd text that the laws write into every field: in a page it may only stand escaped."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
FOR_EVERYBODY = ("public", "s-maxage")
_INLINE = re.compile(
    rb"<script(?![^>]*(?:\ssrc=|application/json))|<style|\s(?:style|on[a-z]+)=\""
    rb"|(?:href|src|action)=\"\s*javascript:",
    re.IGNORECASE,
)
OURS = {"", "testserver", "localhost:8028"}
LEADING_OUT = "/s/"
"""Here a button leads to the shop that the playbook names: the only way out of the house."""


class Watched(Client):
    """Fails the test in which an answer has a mistake."""

    def request(self, **request: Any) -> Any:
        response = super().request(**request)
        found = mistakes(response, request.get("PATH_INFO", ""))
        assert not found, f"{request.get('REQUEST_METHOD')} {request.get('PATH_INFO')}: {found}"
        return response


def mistakes(response: Any, path: str = "") -> list[str]:
    """What is wrong with an answer; empty when it is sound."""
    return [
        *_headers(response, path),
        *_cookies(response),
        *_body(response),
        *_redirect(response, path),
    ]


def _headers(response: HttpResponse, path: str) -> list[str]:
    wrong = [f"{name} is {response.get(name)}" for name in HEADERS if not _is(response, name)]
    said = response.get("Content-Security-Policy", "")
    policy = dict(part.strip().partition(" ")[::2] for part in said.split(";") if part.strip())
    outward = {"form-action": "'self' https:"} if path.startswith(LEADING_OUT) else {}
    if policy not in (POLICY, POLICY | outward):
        wrong.append(f"the policy is {said!r}")
    kept = response.get("Cache-Control", "")
    if not any(word in kept for word in ("no-store", "private")):
        wrong.append(f"may be kept by others: {kept!r}")
    if any(word in kept for word in FOR_EVERYBODY):
        wrong.append(f"is kept for everybody: {kept!r}")
    if settings.SECURE and "max-age=31536000" not in response.get("Strict-Transport-Security", ""):
        wrong.append("may be asked for without TLS")
    return wrong


def _is(response: HttpResponse, name: str) -> bool:
    return response.get(name) == HEADERS[name]


def _cookies(response: HttpResponse) -> list[str]:
    set_now = [c for c in response.cookies.values() if c.value and c["max-age"] != 0]
    return [
        f"cookie {cookie.key}: {cookie.OutputString()}"
        for cookie in set_now
        if not cookie["httponly"]
        or cookie["samesite"] not in {"Lax", "Strict"}
        or bool(cookie["secure"]) != settings.SECURE
        or cookie["domain"]
    ]


def _body(response: HttpResponse) -> list[str]:
    if not response.get("Content-Type", "").startswith("text/html"):
        return []
    body = response.content
    wrong = ["what was typed stands in the page unescaped"] if MARK.encode() in body else []
    if inline := _INLINE.search(body):
        wrong.append(f"inline: {body[inline.start() : inline.start() + 80]!r}")
    return wrong


def _redirect(response: HttpResponse, path: str) -> list[str]:
    """A browser takes ``\\`` for ``/`` and forgets tabs and line ends."""
    there = re.sub(r"[\t\r\n]", "", response.get("Location", "")).replace("\\", "/")
    if urlsplit(there).netloc in OURS and not there.startswith("///"):
        return []
    if path.startswith(LEADING_OUT) and there.startswith("https://"):
        return []
    return [f"leads to another site: {there!r}"]
