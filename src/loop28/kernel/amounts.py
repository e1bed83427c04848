"""Amounts of any unit are whole millionths; decimal text exists only at the edges."""

import re

MILLIONTHS = 1_000_000

_AMOUNT = re.compile(r"(-?)(\d{1,12})(?:\.(\d{1,6}))?", re.ASCII)


def parse_amount(text: str) -> int:
    """Millionths for decimal text such as ``"12.34"``; raises ValueError for anything else.

    At most twelve digits before the point and six after it: what is finer is not counted exactly
    and is no amount.
    """
    match = _AMOUNT.fullmatch(text.strip())
    if not match:
        raise ValueError(f"not an amount: {text!r}")
    millionths = int(match[2]) * MILLIONTHS + int((match[3] or "").ljust(6, "0"))
    return -millionths if match[1] else millionths


def amount(millionths: int) -> str:
    """``12340000`` → ``"12.34"``: exact decimal text without zeros at its end."""
    sign = "-" if millionths < 0 else ""
    whole, rest = divmod(abs(millionths), MILLIONTHS)
    return f"{sign}{whole}.{rest:06}".rstrip("0").rstrip(".")
