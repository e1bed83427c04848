"""What is kept about a person, as one file they can open: a page to read, tables, pictures."""

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import IO
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise

from loop28.doors.files import as_csv
from loop28.kernel import clock
from loop28.kernel.privacy import Cell, Topic

ZONE = ZoneInfo(settings.TIME_ZONE)
STYLE = """body { font: 16px/1.6 sans-serif; color: #1c2430; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem }
table { border-collapse: collapse; width: 100%; margin-bottom: 2rem }
th, td { border-bottom: 1px solid #dde3ea; padding: .4rem .6rem; text-align: left;
  vertical-align: top; overflow-wrap: anywhere }
img { max-width: 12rem; margin: .3rem }
.muted { color: #5b6777 }
"""


def answer(number: int, topics: Sequence[Topic]) -> HttpResponse:
    """The file of member ``number`` in the language of the page that asked for it."""
    found = [_readable(topic) for topic in topics]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:
        pictures = dict(_pictures(whole, topics))
        shown = [(topic, [pictures[file] for file in topic.pictures]) for topic in found]
        context = {"number": number, "topics": shown, "now": clock.now()}
        whole.writestr("index.html", render_to_string("own_data.html", context))
        whole.writestr("style.css", STYLE)
        whole.writestr("data.json", _as_json(number, topics))
        for topic in found:
            whole.writestr(f"tables/{topic.key}.csv", as_csv([topic.columns, *topic.rows]))
    made = HttpResponse(out.getvalue(), content_type="application/zip")
    made["Content-Disposition"] = f'attachment; filename="loop28-{number}.zip"'
    return made


def _readable(topic: Topic) -> Topic:
    columns = [str(name) for name in topic.columns]
    rows = [[_cell(cell) for cell in row] for row in topic.rows]
    pictures = [file for file in topic.pictures if default_storage.exists(file)]
    return Topic(topic.key, str(topic.title), columns, rows, pictures)


def _cell(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return f"{cell.astimezone(ZONE):%Y-%m-%d %H:%M}"
    return "" if cell is None else str(cell)


def _pictures(whole: zipfile.ZipFile, topics: Sequence[Topic]) -> Iterator[tuple[str, str]]:
    """Each picture's name in the storage, and in the file."""
    stored = (file for topic in topics for file in topic.pictures if default_storage.exists(file))
    for number, file in enumerate(stored, start=1):
        name = f"pictures/{number}.jpg"
        with default_storage.open(file) as picture:
            _copy(picture, whole, name)
        yield file, name


def _copy(picture: IO[bytes], whole: zipfile.ZipFile, name: str) -> None:
    with whole.open(name, "w") as copy:
        copy.write(picture.read())


def _as_json(number: int, topics: Sequence[Topic]) -> str:
    """For another program: times in UTC, all else as it is kept."""
    told = {
        topic.key: [
            dict(zip(map(str, topic.columns), map(_plain, row), strict=True)) for row in topic.rows
        ]
        for topic in topics
    }
    return json.dumps({"member": number, **told}, ensure_ascii=False, indent=1)


def _plain(cell: Cell) -> str | int | None:
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    return str(cell) if isinstance(cell, Promise) else cell
