"""How single fields of a playbook are written: times, amounts, names; and what they are read as."""

import re
from datetime import time, timedelta
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, Field, WithJsonSchema

from loop28.kernel.amounts import parse_amount
from loop28.kernel.money import parse_yuan

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def _duration(value: object) -> object:
    if isinstance(value, str) and (match := re.fullmatch(r"([1-9][0-9]{0,3})([mhd])", value)):
        return timedelta(**{_UNITS[match[2]]: int(match[1])})
    raise ValueError("duration")


def _local_time(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
        return time.fromisoformat(value)
    raise ValueError("local_time")


def _fen(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("yuan")
    try:
        return parse_yuan(value)
    except ValueError:
        raise ValueError("yuan") from None


def _amount(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise ValueError("amount")
    try:
        return parse_amount(value)
    except ValueError:
        raise ValueError("amount") from None


def _window(value: object) -> object:
    if isinstance(value, str) and (match := re.fullmatch(r"day ([1-9][0-9]{0,2})", value)):
        return DayEnd(int(match[1]))
    try:
        return _duration(value)
    except ValueError:
        raise ValueError("window") from None


def _text(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": [example]})


class DayEnd(NamedTuple):
    """A window that ends with a day of the region: the opening's own day is day 1."""

    days: int


KEY = r"^[a-z0-9][a-z0-9-]{0,39}$"
ONE_LINE = r"^\S(.*\S)?$"
NOT_BLANK = r"\S"
LINK = r"^https://\S{3,300}$"

Key = Annotated[str, Field(pattern=KEY)]
Name = Annotated[str, Field(max_length=60, pattern=ONE_LINE)]
Text = Annotated[str, Field(max_length=1000, pattern=NOT_BLANK)]
Nudge = Annotated[str, Field(max_length=200, pattern=NOT_BLANK)]
Duration = Annotated[timedelta, BeforeValidator(_duration), _text(r"^[1-9][0-9]{0,3}[mhd]$", "30m")]
LocalTime = Annotated[
    time, BeforeValidator(_local_time), _text(r"^([01][0-9]|2[0-3]):[0-5][0-9]$", "09:30")
]
Fen = Annotated[int, BeforeValidator(_fen), _text(r"^[0-9]{1,10}(\.[0-9]{1,2})?$", "12.50")]
FactField = Annotated[str, Field(max_length=40)]
"""The name of a field that a fact has: what a machine may tell, and a task ask of it."""
FactValue = Annotated[str, Field(max_length=100)]
"""What such a field says."""
Values = Annotated[list[FactValue], BeforeValidator(lambda v: [v] if isinstance(v, str) else v)]
Amount = Annotated[int, BeforeValidator(_amount), _text(r"^[0-9]{1,12}(\.[0-9]{1,6})?$", "10")]
Window = Annotated[
    timedelta | DayEnd,
    BeforeValidator(_window),
    _text(r"^([1-9][0-9]{0,3}[mhd]|day [1-9][0-9]{0,2})$", "3d"),
]
