"""Money is a whole number of fen; yuan exist only as text at the edges."""

import re

_YUAN = re.compile(r"(\d{1,10})(?:\.(\d{1,2}))?", re.ASCII)


def parse_yuan(text: str) -> int:
    """Fen for decimal yuan such as ``"12.5"``; raises ValueError for anything else.

    At most two decimals, no sign, no exponent: what cannot be written in fen is not money.
    """
    match = _YUAN.fullmatch(text.strip())
    if not match:
        raise ValueError(f"not an amount in yuan: {text!r}")
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))


def yuan(fen: int) -> str:
    """``-1205`` → ``"-12.05"``: exact decimal text, no separators, no sign of currency."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02}"
