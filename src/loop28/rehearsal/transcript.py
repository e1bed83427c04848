"""Reads a transcript: one JSON object a line, an assignment, a fact, or one that is taken back."""

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from loop28.kernel.amounts import parse_amount

HOUR_ZERO = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)
"""Where hours are counted from: a midnight of the region, so that its days are 24 of them."""


YEARS = range(1970, 2200)
"""Whoever tells of others mistyped; and what a task's window adds must be a time, too."""

Text = Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")]
"""No database keeps NUL."""

Named = Annotated[Text, Field(min_length=1)]


class TranscriptError(Exception):
    """A line cannot be read; says which one and what is wrong with it."""

    def __init__(self, number: int, problem: str) -> None:
        super().__init__(f"line {number}: {problem}")


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    at: str | Annotated[Decimal, Field(ge=0, le=10**6)]

    @property
    def moment(self) -> datetime:
        """The instant it tells of.

        Raises ValueError for a text that is none or has no zone, and for one outside of `YEARS`.
        """
        if isinstance(self.at, Decimal):
            return HOUR_ZERO + timedelta(microseconds=int(self.at * 3_600_000_000))
        found = datetime.fromisoformat(self.at)
        if found.tzinfo is None:
            raise ValueError(f"{self.at} has no time zone; write 2026-03-02T09:30:00+08:00")
        if found.year not in YEARS:
            raise ValueError(f"{self.at} is not of the years {YEARS[0]} to {YEARS[-1]}")
        return found.astimezone(UTC)


class Assign(_Line):
    """A member gets a task, from this time on."""

    type: Literal["assign"]
    member: Named
    task: Text


class Fact(_Line):
    """Something happened. Without ``key`` every line is a fact of its own."""

    type: Literal["fact"]
    member: Named
    kind: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    subject: Text = ""
    amount: str = "0"
    key: Text = ""
    fields: dict[Text, Text] = Field(default_factory=dict, max_length=20)

    @property
    def millionths(self) -> int:
        """The amount. Raises ValueError for what is none, or is below 0."""
        found = parse_amount(self.amount)
        if found < 0:
            raise ValueError(f"the amount {self.amount} is below 0; write what came in")
        return found


class TakeBack(_Line):
    """The fact with this key turned out not to hold, as a sale that is refunded does not."""

    type: Literal["take_back"]
    key: Named


Record = Assign | Fact | TakeBack
Numbered = tuple[int, Record]
"""A line with its number, from 1."""

_LINES: TypeAdapter[Record] = TypeAdapter(Annotated[Record, Field(discriminator="type")])


def read(transcript: Iterable[bytes]) -> Iterator[Numbered]:
    """The lines that are not empty. Raises TranscriptError."""
    for number, line in enumerate(transcript, start=1):
        text = line.removeprefix(BOM_UTF8) if number == 1 else line  # as Windows begins a file
        if text.strip():
            yield number, _read(number, text)


def _read(number: int, text: bytes) -> Record:
    try:
        line = _LINES.validate_json(text)
        _ = line.moment, isinstance(line, Fact) and line.millionths
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise TranscriptError(number, f"{place}: {first['msg']}") from None
    except (ValueError, OverflowError) as error:
        raise TranscriptError(number, str(error)) from None
    return line
