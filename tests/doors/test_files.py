"""Files that people download hold nothing that a spreadsheet would run."""

import csv
import io
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from loop28.doors.files import download, harmless, table
from tests.laws import code
from tests.odd_text import ODD_TEXTS

RUN = "=+-@\t\r\n＝＋－＠"
CELLS = st.text() | st.builds(str.__add__, st.text(st.sampled_from(f"{RUN} \x00\ufeff")), st.text())


def _rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@given(CELLS)
@example("\x00=1+1")
@example("\u200b=1+1")
@example("\ufeff@SUM(1)")
@example("  =1+1")
@example("\u3000=1+1")
@example(ODD_TEXTS["a formula"])
def test_no_cell_begins_as_a_formula_even_behind_what_nobody_sees(text: str) -> None:
    first = harmless(text)[:1]
    assert first not in set(RUN)
    assert not first or unicodedata.category(first)[0] not in "CZ"
    assert harmless(text) in {text, f"'{text}"}


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=5))
def test_every_cell_comes_out_where_it_went_in(rows: list[list[str]]) -> None:
    """What no file can hold, half a surrogate, becomes a question mark."""
    kept = [[harmless(c).encode("utf-8", "replace").decode() for c in row] for row in rows]
    assert _rows(table("x", rows).content) == kept


@pytest.mark.parametrize("text", ["王小明 =1", "0.01", "", "6222-0203", "'=1"])
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_a_file_is_saved_and_never_shown_as_a_page() -> None:
    for response, name in ((table("payouts-7", [["x"]]), "payouts-7.csv"),):
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
        assert response.content.startswith(b"\xef\xbb\xbf")
    assert download("a.yaml", "text/yaml", "<script>")["Content-Type"].startswith("text/yaml")


def test_nothing_else_writes_a_table() -> None:
    """Whoever needs another file for people writes it with `doors.files`."""
    found = {
        name
        for name, tree in code.parsed().items()
        for call in code.calls(tree)
        if code.spelled(call.func) in {"csv.writer", "csv.DictWriter", "Workbook"}
        or any(word.arg == "as_attachment" for word in call.keywords)
    }
    assert found == {"loop28.doors.files", "loop28.rehearsal.commands"}
