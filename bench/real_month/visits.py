"""Pages that somebody looks at in a browser while the month is lived."""

import json
import select
import subprocess
import sys
from collections import Counter
from statistics import median
from types import TracebackType
from typing import Any

from django.urls import reverse

from bench.pages import Page, everyday
from bench.results import percentile
from bench.servers import cpu_seconds
from loop28.front.lines.models import Line

OPEN = ("war-room", "line")
"""Pages of the office that stay open beside those that are walked through, and poll."""


class Visits:
    """One walk after the other, each to the pages of another line that runs."""

    def __init__(self, port: int) -> None:
        self._base = f"http://localhost:{port}"
        self._walks = 0
        self._under_way = False
        self.pages: list[tuple[str, int, float, float]] = []
        self.polls: list[float] = []
        self.wrong: list[str] = []

    def __enter__(self) -> "Visits":
        self._browser = subprocess.Popen(
            [sys.executable, "-m", "bench.real_month.browser"],
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._browser.stdin
        assert self._browser.stdout
        self._ask, self._answer = self._browser.stdin, self._browser.stdout
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ask.close()
        self._browser.wait()

    def look_in(self) -> None:
        """Note what the walk has brought if it is over, and send them on the next."""
        if self._under_way and not self._brought(wait=0):
            return
        seated = Line.objects.filter(ended_at=None, enrollments__state="joined").distinct()
        if running := list(seated.order_by("id")):
            self._begin(running[self._walks % len(running)])

    def finish(self) -> None:
        """Wait for the walk that is under way."""
        if self._under_way:
            self._brought(wait=None)

    def cpu(self) -> float:
        """Seconds of CPU of the browser."""
        return cpu_seconds(self._browser.pid)

    def told(self) -> dict[str, Any]:
        """How long answers took, over all pages, and what was wrong."""
        answers, shown = [page[2] for page in self.pages], [page[3] for page in self.pages]
        return {
            "walks": self._walks,
            "pages": len(self.pages),
            "answer_ms": _spread(answers),
            "shown_ms": _spread(shown),
            "polls": len(self.polls),
            "poll_ms": _spread(self.polls),
            "slowest": [f"{ms:,.0f} ms {name}" for name, _, ms, _ in self._slowest()],
            "wrong": dict(Counter(self.wrong).most_common(20)),
        }

    def _begin(self, line: Line) -> None:
        pages = everyday(line)
        people = {_who(page): page.browser.cookies for page in pages}
        group = reverse("group", args=[line.phases.earliest("number").group_id])
        named = {page.name: page for page in pages}
        still = [(_who(named[name]), named[name].address) for name in OPEN]
        plan = {
            "base": self._base,
            "people": {
                who: {name: morsel.value for name, morsel in cookies.items()}
                for who, cookies in people.items()
            },
            "open": [*still, (_who(named["my-today"]), group)],
            "pages": [(_who(page), page.name, page.address) for page in pages],
        }
        print(json.dumps(plan), file=self._ask, flush=True)
        self._walks += 1
        self._under_way = True

    def _brought(self, wait: float | None) -> bool:
        ready, *_ = select.select([self._answer], [], [], wait)
        if not ready:
            return False
        told = json.loads(self._answer.readline())
        self.pages += told["pages"]
        self.polls += told["polls"]
        self.wrong += told["wrong"]
        self._under_way = False
        return True

    def _slowest(self) -> list[tuple[str, int, float, float]]:
        return sorted(self.pages, key=lambda page: -page[2])[:5]


def _who(page: Page) -> str:
    """Pages that are asked for in one browser are one person's."""
    return str(id(page.browser))


def _spread(values: list[float]) -> dict[str, float]:
    if not values:
        return {}
    return {
        "p50": round(median(values)),
        "p95": round(percentile(values, 95)),
        "max": round(max(values)),
    }
