"""Reads the YAML of a playbook and remembers the place of every word.

It takes the part of YAML 1.2 that a programme needs. What makes YAML dangerous or surprising
(anchors, aliases, tags, directives, a second document, a key said twice) is a mistake with its
place, and no text whatever leads to an exception.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.resolver import Resolver

from loop28.front.playbooks.mistakes import Mistake, Path, Place, dotted

BYTES_MAX = 400_000  # four times the longest programme we know
WORDS_MAX = 20_000  # nine times a long programme; commas alone would take very long to read
DEPTH_MAX = 12  # the deepest word of a playbook, an option of a quiz, is six levels down

# What cannot be seen can change how a text reads, and NUL and surrogates fit in no database. The
# joiner U+200D stays: families of emoji are written with it.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200c\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff"
    "\ud800-\udfff]"
)
# Says what a bare word is by the rules of YAML 1.2, whatever version a directive further on names.
_RESOLVER = Resolver()
_NUMBERS = {"tag:yaml.org,2002:int": int, "tag:yaml.org,2002:float": float}


@dataclass(frozen=True)
class Document:
    """What a file says, as plain lists, dicts and scalars, and where.

    ``data`` is None when the file could not be read to its end; ``mistakes`` then say why.
    """

    text: str
    data: Any
    places: dict[Path, Place]
    keys: dict[Path, Place]
    mistakes: tuple[Mistake, ...]

    def mistake(
        self, code: str, path: Path, details: dict[str, object], *, key: bool = False
    ) -> Mistake:
        """A mistake at the value of ``path`` or at its key; if missing, at what should hold it."""
        places = self.keys if key else self.places
        held = path
        while held and held not in places:
            held, places = held[:-1], self.places
        line, column = places.get(held, Place(1, 1))
        return Mistake(line, column, dotted(path), code, details)


def read(source: str | bytes) -> Document:
    """Read a playbook from its text, or from the bytes of its file, which must be UTF-8."""
    raw = source if isinstance(source, bytes) else source.encode("utf-8", "surrogatepass")
    if len(raw) > BYTES_MAX:
        return _unread("too-big", Place(1, 1), bytes=len(raw), limit=BYTES_MAX)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "replace")
        return _unread("not-utf-8", _end_of(before))
    # An editor on Windows and a form on a page write line ends of their own: same words, same text.
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return _Reading(text).document()


def _unread(code: str, place: Place, **details: object) -> Document:
    return Document("", None, {}, {}, (Mistake(*place, "", code, details),))


def _end_of(text: str) -> Place:
    line = text.count("\n")
    return Place(line + 1, len(text) - (text.rfind("\n") + 1) + 1)


class _Stop(Exception):  # noqa: N818  it is no error, it is the way out of a nested file
    """There is no reading on from here; the reason stands among the mistakes."""


class _Reading:
    """One pass over the events of the parser. Nothing is composed, so nothing can be expanded."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.places: dict[Path, Place] = {}
        self.keys: dict[Path, Place] = {}
        self.mistakes: list[Mistake] = []
        self.words = 0
        self.lost = False  # something is not what it looks like: no sense in judging the content

    def document(self) -> Document:
        try:
            data = self._whole(self._events())
        except _Stop:
            self.lost = True
        if self.lost:
            data = None
        return Document(self.text, data, self.places, self.keys, tuple(self.mistakes))

    def _events(self) -> Iterator[Event]:
        place = Place(1, 1)
        try:
            for event in YAML(typ="safe", pure=True).parse(self.text):
                place = _place(event)
                yield event
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
            raise self._stop("syntax", place, problem=error.problem or "") from None
        except ReaderError as error:
            place, sign = _end_of(self.text[: error.position]), f"U+{error.character:04X}"
            raise self._stop("hidden-character", place, character=sign) from None
        except (YAMLError, ValueError, OverflowError, LookupError, AssertionError) as error:
            # Texts on which the parser itself trips, for example "\Uffffffff".
            raise self._stop("syntax", place, problem=str(error)) from None

    def _whole(self, events: Iterator[Event]) -> object:
        next(events)  # the stream starts
        start = next(events)
        if isinstance(start, StreamEndEvent):
            raise self._stop("empty-file", Place(1, 1))
        if isinstance(start, DocumentStartEvent) and (start.version or start.tags):
            raise self._stop("directive", _place(start))
        root = next(events)
        data = self._node(root, events, ())
        if not isinstance(root, MappingStartEvent):
            self._lose("not-a-playbook", _place(root), ())
        next(events)  # the document ends
        after = next(events)
        if not isinstance(after, StreamEndEvent):
            self._lose("second-document", _place(after), ())
        return data

    def _node(self, event: Event, events: Iterator[Event], path: Path) -> object:
        place = self.places[path] = _place(event)
        if len(path) > DEPTH_MAX:
            raise self._stop("too-deep", place, path, limit=DEPTH_MAX)
        self.words += 1
        if self.words > WORDS_MAX:
            raise self._stop("too-many-words", place, limit=WORDS_MAX)
        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
            self._lose("anchor", place, path)
        if tag := getattr(event, "ctag", None):
            self._lose("tag", place, path, tag=str(tag))
        if isinstance(event, MappingStartEvent):
            return self._mapping(events, path)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(events, path)
        return self._scalar(event, place, path) if isinstance(event, ScalarEvent) else None

    def _sequence(self, events: Iterator[Event], path: Path) -> list[object]:
        items: list[object] = []
        while not isinstance(event := next(events), SequenceEndEvent):
            items.append(self._node(event, events, (*path, len(items))))
        return items

    def _mapping(self, events: Iterator[Event], path: Path) -> dict[str, object]:
        fields: dict[str, object] = {}
        while not isinstance(event := next(events), MappingEndEvent):
            name = self._node(event, events, (*path, ""))
            place = self.places.pop((*path, ""))
            if not isinstance(name, str):
                raise self._stop("key-not-text", place, path)
            inner = (*path, name)
            if name in fields:
                first = self.keys[inner].line
                self._note("said-twice", place, inner, name=name, first=first)
                # The first one counts; this one is read to get past it.
                self._node(next(events), events, (*path, f"{name} (2)"))
                continue
            self.keys[inner] = place
            fields[name] = self._node(next(events), events, inner)
        return fields

    def _scalar(self, event: ScalarEvent, place: Place, path: Path) -> object:
        text: str = event.value
        tag = str(_RESOLVER.resolve(ScalarNode, text, event.implicit))
        if hidden := _HIDDEN.search(text):
            self._note("hidden-character", place, path, character=f"U+{ord(hidden[0]):04X}")
            return _HIDDEN.sub("", text)
        if tag == "tag:yaml.org,2002:null":
            return None
        if tag == "tag:yaml.org,2002:bool":
            return text.lower() == "true"
        try:
            return _NUMBERS.get(tag, str)(text)
        except ValueError:  # a number of another notation, or one of 5,000 digits, is text here
            return text

    def _note(self, code: str, place: Place, path: Path, **details: object) -> None:
        self.mistakes.append(Mistake(*place, dotted(path), code, details))

    def _lose(self, code: str, place: Place, path: Path, **details: object) -> None:
        self.lost = True
        self._note(code, place, path, **details)

    def _stop(self, code: str, place: Place, path: Path = (), **details: object) -> _Stop:
        self._lose(code, place, path, **details)
        return _Stop()


def _place(event: Event) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)
