"""Finds the numbers of a page, and which of them open something."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

NUMBER = re.compile(r"[+−-]?(?:¥\s?)?\d[\d,]*(?:\.\d+)?\s?%?")

VOID = {"input", "img", "br", "meta", "link", "hr", "rect", "path", "circle", "line"}

EXPLAINED = {
    "muted": "a share of, or the plan for, the linked number beside it",
    "plan": "what a playbook or an offer says, and nothing that happened",
    "day-of": "on which day of its days a line is",
    "place": "a place in a table, worked out from the row it stands in",
    "worked-out": "guessed from who spoke after whom: no list of such pairs is kept",
    "story-of": "what one person did: their page tells it among other things",
    "free": "places nobody has: the link opens who has the others",
}
"""Classes under which a number need not open as many rows, and why. Besides, what stands under an
element with ``data-rows`` is itself what other numbers open."""

SILENT = {
    *("h1", "h2", "h3", "th"),  # how long the list below is; what a row or column is called
    *("time", "label", "select", "option", "textarea", "button"),
    *("details", "svg", "script", "style", "nav", "head", "title"),
}
"""Elements whose numbers count nothing that stands elsewhere, such as the table of a chart."""


@dataclass(frozen=True, slots=True)
class Found:
    """A number with where it leads: None when nowhere."""

    text: str
    href: str | None
    explained: bool
    around: str

    @property
    def whole(self) -> int | None:
        plain = self.text.replace(",", "")
        return int(plain) if plain.isdigit() else None


class Reader(HTMLParser):
    """Collects the numbers of a page's content."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Found] = []
        self._open: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self._open.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self._open) - 1, -1, -1):
            if self._open[depth][0] == tag:
                del self._open[depth:]
                return

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if not NUMBER.fullmatch(text) or not any(tag == "main" for tag, _ in self._open):
            return
        links = [attrs.get("href") for tag, attrs in self._open if tag == "a"]
        href = links[-1] if links else None
        self.found.append(Found(text, href, self._is_explained(bool(links)), self._path()))

    def _is_explained(self, linked: bool) -> bool:
        classes = {word for _tag, attrs in self._open for word in attrs.get("class", "").split()}
        rows = any("data-rows" in attrs for _tag, attrs in self._open)
        of_class = classes & EXPLAINED.keys() - ({"muted"} if linked else set())
        return rows or bool(of_class) or (not linked and self._is_silent())

    def _is_silent(self) -> bool:
        return any(tag in SILENT for tag, _ in self._open)

    def _path(self) -> str:
        return " > ".join(f"{tag}.{attrs.get('class', '')}" for tag, attrs in self._open[-4:])


def numbers(page: str) -> list[Found]:
    reader = Reader()
    reader.feed(page)
    return reader.found
