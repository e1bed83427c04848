"""Tables as people bring them: CSV in two encodings and XLSX, refused whole or row by row."""

import io
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from loop28.kernel import tables
from loop28.kernel.refusals import Refusal
from tests.odd_text import ODD_TEXTS

COLUMNS = {"id": ("编号",), "name": ("姓名",), "city": ("城市",)}


def read(data, max_rows=100):
    return tables.read(data, COLUMNS, ("id", "name"), max_rows=max_rows)


def sheet(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        "id,name,city\n7,陈思远,杭州\n".encode(),
        "编号,姓名,城市\r\n7,陈思远,杭州\r\n".encode("utf-8-sig"),
        "姓名,城市,编号\n陈思远,杭州,7\n".encode("gb18030"),
        sheet(["编号", "姓名", "城市"], [7, "陈思远", "杭州"]),
        sheet([" ID ", "Ｎａｍｅ", "city", None], ["7", "陈思远", "杭州", None]),
    ],
    ids=["utf-8", "with a mark", "as Excel in China", "xlsx", "heading as typed"],
)
def test_the_same_table_is_read_from_any_file(data):
    (row,) = read(data)
    assert row.refusal is None
    assert row.line == 2
    assert row.cells == {"id": "7", "name": "陈思远", "city": "杭州"}


def test_what_a_spreadsheet_keeps_is_written_as_people_read_it():
    day = datetime(2026, 3, 2, 14, 5, tzinfo=UTC).replace(tzinfo=None)
    first, second = read(sheet(["id", "name", "city"], [7.0, day, None], [1.5, True]))
    assert list(first.cells.values()) == ["7", "2026-03-02 14:05:00", ""]
    assert list(second.cells.values()) == ["1.5", "True", ""]


@pytest.mark.parametrize(
    ("cell", "no"), [("=1+1", tables.FormulaFound), (622202123456789012, tables.NumberShortened)]
)
def test_a_cell_that_lies_refuses_its_row_and_no_other(cell, no):
    bad, good = read(sheet(["id", "name"], [cell, "陈思远"], ["8", "王芳"]))
    assert type(bad.refusal) is no
    assert bad.cells["name"] == "陈思远"
    assert good.refusal is None


def test_empty_rows_count_for_nothing_and_lines_are_those_of_the_file():
    rows = read(sheet(["id", "name"], [None, None], ["7", "陈思远"]))
    assert [row.line for row in rows] == [3]
    assert [row.line for row in read(b"id,name\n\n,\n7,x\n")] == [4]


@pytest.mark.parametrize("data", [b"", b"id\n", b"id,name,id\n", b"id,name,phone\n", sheet(["x"])])
def test_a_heading_that_is_wrong_names_the_columns(data):
    with pytest.raises(tables.ColumnsWrong) as refused:
        read(data)
    assert "id, name, city" in str(refused.value)


def test_a_row_with_too_much_and_an_open_quote_are_named():
    wide, quoted = read(b'id,name\n1,2,3\n"1,2\n')
    assert type(wide.refusal) is tables.CellsWrong
    assert type(quoted.refusal) is tables.QuoteOpen


def bomb():
    """A workbook that would unfold to 60 MB."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)
    return data.getvalue()


def test_a_bomb_is_not_unfolded():
    with pytest.raises(tables.FileTooLarge):
        read(bomb())


def test_a_file_beyond_the_limits_is_refused():
    with pytest.raises(tables.FileTooLarge):
        read(b"id,name\n" + b"1,2\n" * 101)
    with pytest.raises(tables.FileTooLarge):
        read(sheet(["id", "name"], *[[1, 2]] * 101))
    with pytest.raises(tables.FileTooLarge):
        read(b"x" * (tables.MAX_BYTES + 1))


def unfolding(data):
    """The workbook with an entity in its sheet that unfolds without end."""
    packed, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in packed.namelist():
            text = packed.read(name)
            if name.endswith("sheet1.xml"):
                text = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]>' + text
            made.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\xff\xff",
        b"PK\x03\x04 and nothing more",
        sheet(["id", "name"])[:-200],
        unfolding(sheet(["id", "name"], [1, 2])),
    ],
    ids=["a picture", "no workbook", "cut off", "unfolding"],
)
def test_what_is_no_table_is_refused(data):
    with pytest.raises(tables.FileUnreadable):
        read(data)


@given(st.binary(max_size=200))
def test_anything_is_read_or_refused(data):
    for junk in (data, b"id,name\n" + data, b"PK\x03\x04" + data):
        try:
            read(junk)
        except Refusal:
            continue


@pytest.mark.parametrize("odd", ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_odd_text_is_read_as_it_is_or_refused(odd):
    try:
        rows = read(f"id,name\n1,{odd}\n".encode(errors="surrogatepass"))
    except Refusal:
        return
    assert all(row.refusal or row.cells["id"] for row in rows)
