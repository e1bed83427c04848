"""Small files that would fill a memory or keep a processor busy for minutes; a process of its own.

python -m tests.hold.bombs        one line of JSON for each: its name, and in which words it ended
"""

import io
import json
import resource
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MORE = 400 * 2**20  # bytes that reading all of them may take beyond what the program itself takes
SECONDS = 60  # of a processor, for all of them together: one alone would take longer
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook(rows: str, **parts: str) -> bytes:
    """A workbook with these rows, written by hand."""
    from openpyxl import Workbook

    plain, out = io.BytesIO(), io.BytesIO()
    Workbook().save(plain)
    sheet = f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"
    own = {"xl/worksheets/sheet1.xml": sheet} | parts
    with zipfile.ZipFile(plain) as empty, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in empty.namelist():
            made.writestr(name, own.pop(name, None) or empty.read(name))
        for name, text in own.items():
            made.writestr(name, text)
    return out.getvalue()


def png(side: int) -> bytes:
    """A grey square of so many pixels, in a few kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * (side + 1) * side, 1)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


TABLES: dict[str, Callable[[], bytes]] = {
    "a million columns": lambda: b"," * 4_999_999,
    "a row of a million columns": lambda: b"id,name\n" + b"," * 4_999_000,
    "millions of empty lines": lambda: b"id,name\n" + b"\n" * 4_900_000,
    "lines without end": lambda: b"id,name\n" + b"1,2\n" * 1_200_000,
    "a cell without end": lambda: b'id,name\n1,"' + b"x" * 4_900_000,
    "NUL": lambda: b"\0" * 4_900_000,
    "another encoding": lambda: "id,name\n".encode("utf-32") * 100_000,
    "a sheet of empty rows": lambda: workbook("<row/>" * 2_800_000),
    "a sheet of empty cells": lambda: workbook(f"<row>{'<c><v>1</v></c>' * 1_200_000}</row>"),
    "a sheet as deep as it is long": lambda: workbook("<a>" * 2_500_000 + "</a>" * 2_500_000),
    "a row that says it is the billionth": lambda: workbook('<row r="999999999"><c/></row>'),
    "a workbook that unfolds": lambda: workbook("", **{"xl/media/a": " " * 60_000_000}),
    "a table of words": lambda: workbook(
        "", **{"xl/sharedStrings.xml": f"<sst {MAIN}>{'<si><t/></si>' * 1_400_000}</sst>"}
    ),
    "40,000 parts": lambda: workbook("", **{f"a{n}": "" for n in range(40_000)}),
}
PLAYBOOKS: dict[str, Callable[[], str]] = {
    "a programme of commas": lambda: f"a: [{'1,' * 199_000}]",
    "a programme of lines": lambda: "a:" + "\n - 1" * 79_000,
    "brackets": lambda: "[" * 399_000,
    "keys of keys": lambda: "? " * 199_000,
    "a million laughs": lambda: (
        "l0: &l0 [x]\n"
        + "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 9000))
    ),
    "anchors": lambda: "a: [" + "&x 1," * 60_000 + "]",
    "a word without end": lambda: "a: " + "x" * 10**7,
}
PICTURES: dict[str, Callable[[], bytes]] = {
    "a picture of 59 megapixels": lambda: png(7_700),
    "the largest picture that is taken": lambda: png(4_472),
}
FACTS: dict[str, Callable[[], bytes]] = {
    "JSON as deep as it is long": lambda: b"[" * 2_600_000,
    "facts within facts": lambda: b'{"facts":' * 200_000,
    "a hundred thousand facts": lambda: b'{"facts":[' + b'{"key":"k"},' * 200_000 + b"{}]}",
    "a million texts": lambda: b'{"facts":[],"taken_back":[' + b'"k",' * 600_000 + b'"k"]}',
    "a number without end": lambda: b'{"facts":[{"member":' + b"9" * 2_600_000 + b"}]}",
    "a body without end": lambda: b" " * 3_000_000,
}
ORDERS: dict[str, Callable[[], bytes]] = {
    "orders within orders": lambda: b'{"orders":' * 200_000,
    "a hundred thousand orders": lambda: b'{"orders":[' + b'{"id":"1"},' * 200_000 + b"{}]}",
    "a seller's number without end": lambda: b'{"orders":[{"member":' + b"9" * 2_600_000 + b"}]}",
    "orders without end": lambda: b" " * 3_000_000,
}


def main() -> None:
    """Read each bomb within a bound on memory, and all of them within one on the processor."""
    import django

    django.setup()
    _table(workbook(""))  # what is loaded late is part of the program
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    kinds: Any = (
        (TABLES, _table),
        (PLAYBOOKS, _playbook),
        (PICTURES, _picture),
        (FACTS, _facts),
        (ORDERS, _orders),
    )
    for bombs, take in kinds:
        for name, make in bombs.items():
            bomb = make()
            with bounded():
                print(json.dumps([name, *take(bomb)]), flush=True)


@contextmanager
def bounded() -> Iterator[None]:
    """So much more memory than now, and not a byte beyond."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MORE, hard))
    yield
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def _refusal(take: Callable[[], Any]) -> list[str]:
    """What it was refused with, in English and in Chinese; nothing when it was taken."""
    from django.utils import translation

    from loop28.kernel.refusals import Refusal

    try:
        take()
    except Refusal as no:
        said = []
        for language in ("en", "zh-hans"):
            with translation.override(language):
                said.append(str(no))
        return [no.code, *said]
    return []


def _table(data: bytes) -> list[str]:
    from loop28.kernel import tables

    columns = {"id": ("编号",), "name": ("姓名",)}
    return _refusal(lambda: tables.read(data, columns, ["id", "name"], max_rows=5000))


def _playbook(text: str) -> list[str]:
    from django.utils import translation

    from loop28.front.playbooks import wording
    from loop28.front.playbooks.reading import read

    first = wording.remarks(list(read(text).mistakes))[0]
    said = []
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said.append(f"{first.message} {first.cure}")
    return [first.code, *said]


def _picture(data: bytes) -> list[str]:
    from loop28.kernel import pictures

    return _refusal(lambda: pictures.made_anew(io.BytesIO(data), "a.png"))


def _facts(data: bytes) -> list[str]:
    from loop28.doors.api import facts

    return _body(data, facts.FactsSent, facts.CURES)


def _orders(data: bytes) -> list[str]:
    from loop28.doors.api import orders

    return _body(data, orders.OrdersSent, orders.CURES)


def _body(data: bytes, *form: Any) -> list[str]:
    from django.test import RequestFactory

    from loop28.doors.api.reading import read

    request = RequestFactory().post("/api", data, "application/json")
    return _refusal(lambda: read(request, *form))


if __name__ == "__main__":
    main()
