"""Somebody with a browser, in a process of its own: walks through pages and notes what came.

A walk is a line of JSON on standard input, what it brought is one on standard output.
"""

import json
import sys
import time
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Request,
    Response,
    sync_playwright,
)

from tools import chromium

PAUSE_MS = 1_000
"""How long a page is looked at."""

TIMEOUT_MS = 60_000
DESK = {"width": 1440, "height": 900}
LEFT = "net::ERR_ABORTED"
"""What the browser gives up when its page is left."""

_TIMES = "performance.getEntriesByType('navigation')[0]"


class Walk:
    """Pages that are looked at one after the other, while others stay open and poll."""

    def __init__(self, browser: Browser, plan: dict[str, Any]) -> None:
        self._base = plan["base"]
        self._wrong: list[str] = []
        self._polls: list[float] = []
        self._contexts = {who: self._context(browser, c) for who, c in plan["people"].items()}
        for who, address in plan["open"]:
            self._open(who, address)
        self._tabs = {who: context.new_page() for who, context in self._contexts.items()}
        self._seen = [self._look(who, name, address) for who, name, address in plan["pages"]]
        for context in self._contexts.values():
            context.close()

    def told(self) -> dict[str, Any]:
        """What came: of each page its name, status and milliseconds; of polls these alone."""
        return {"pages": self._seen, "polls": self._polls, "wrong": self._wrong}

    def _context(self, browser: Browser, cookies: dict[str, str]) -> BrowserContext:
        context = browser.new_context(viewport=DESK)  # type: ignore[arg-type]
        context.set_default_timeout(TIMEOUT_MS)
        context.add_cookies(
            [{"name": n, "value": v, "url": self._base} for n, v in cookies.items()]
        )
        context.on("response", self._answered)
        context.on("requestfailed", self._failed)
        context.on("weberror", lambda error: self._wrong.append(str(error.error)))
        return context

    def _open(self, who: str, address: str) -> None:
        tab = self._contexts[who].new_page()
        tab.on("requestfinished", self._polled)
        tab.goto(self._base + address)

    def _look(self, who: str, name: str, address: str) -> tuple[str, int, float, float]:
        tab, began = self._tabs[who], time.perf_counter()
        try:
            response = tab.goto(self._base + address)
        except Error as error:
            self._wrong.append(f"{address}: {error.message.splitlines()[0]}")
            return name, 0, TIMEOUT_MS, TIMEOUT_MS
        shown = (time.perf_counter() - began) * 1000
        answer = tab.evaluate(f"{_TIMES}.responseEnd - {_TIMES}.requestStart")
        tab.wait_for_timeout(PAUSE_MS)
        return name, response.status if response else 0, answer, shown

    def _polled(self, request: Request) -> None:
        if request.resource_type in {"xhr", "fetch"}:
            self._polls.append(request.timing["responseEnd"])

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self._wrong.append(f"{response.status} {response.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != LEFT:
            self._wrong.append(f"{request.failure} {request.url}")


def main() -> None:
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        for line in sys.stdin:
            print(json.dumps(Walk(browser, json.loads(line)).told()), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
