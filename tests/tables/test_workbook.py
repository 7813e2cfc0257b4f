"""Sheets of Excel workbooks, written by openpyxl."""

import builtins
import gzip
from datetime import date, datetime, time, timedelta

import numpy as np
import openpyxl
import pandas as pd
import pytest

from gdviz.tables.table import TableError, read_table

pytest.importorskip("python_calamine")


@pytest.fixture
def book(tmp_path):
    """Write sheets, each a list of rows, into a workbook and return its path."""

    def book(name="rent.xlsx", hidden=(), **sheets):
        made = openpyxl.Workbook()
        made.remove(made.active)
        for title, rows in sheets.items():
            sheet = made.create_sheet(title)
            for row in rows:
                sheet.append(row)
            if title in hidden:
                sheet.sheet_state = "hidden"
        made.save(tmp_path / name)
        return tmp_path / name

    return book


RENTS = [["area", "age", "rent"], [17, 31, 350.5], [18, 34, 360], [20, 35, 410.25]]


def rows(dataset):
    return np.column_stack([dataset.X, dataset.y]).tolist()


def refusal(path, **options):
    with pytest.raises(TableError) as caught:
        read_table(path, **options)
    return str(caught.value)


def test_the_first_sheet(book):
    table = read_table(book(Rents=RENTS))
    assert rows(table) == RENTS[1:]
    assert (table.feature_names, table.target_name) == (("area", "age"), "rent")
    assert table.notes == (
        "target rent, the last numeric column",
        "features area, age, the other numeric columns",
    )


def test_as_pandas_reads_it(book):
    values = np.random.default_rng(1).normal(size=(200, 4)) * [1e-9, 1, 1e9, 1e300**0.4]
    path = book(S=[["a", "b", "c", "d"], *values.tolist()])
    expected = pd.read_excel(path, engine="openpyxl").to_numpy(float)
    np.testing.assert_array_equal(rows(read_table(path)), expected)


def test_packed(book, tmp_path):
    path = tmp_path / "rent.xlsx.gz"
    path.write_bytes(gzip.compress(book(Rents=RENTS).read_bytes()))
    assert rows(read_table(path)) == RENTS[1:]


@pytest.mark.parametrize(
    ("asked", "note"),
    [(None, "sheet Rents, the first of 2"), ("Rents", ""), (2, ""), ("2", "")],
)
def test_which_sheet(book, asked, note):
    path = book(Notes=[["x", "y"], [1, 2], [3, 4]], Rents=RENTS, More=RENTS[::-1], hidden=["Notes"])
    table = read_table(path, sheet=asked)
    assert rows(table) == RENTS[1:]
    assert (note in table.notes) == bool(note)
    assert rows(read_table(path, sheet="Notes")) == [[1, 2], [3, 4]]


@pytest.mark.parametrize("asked", ["Rent", 0, 3, "3", -1, ""])
def test_no_such_sheet(book, asked):
    path = book(Rents=RENTS, Notes=RENTS)
    message = refusal(path, sheet=asked)
    assert message.startswith(f'no sheet "{asked}" in rent.xlsx; its sheets are Rents, Notes')
    assert message.endswith("(did you mean Rents?)") == (asked == "Rent")


def test_a_sheet_called_by_a_number(book):
    path = book(**{"2": RENTS, "1": [["x", "y"], [1, 2], [3, 5]]})
    assert rows(read_table(path, sheet="2")) == RENTS[1:]
    assert rows(read_table(path, sheet=2)) == [[1, 2], [3, 5]]


def test_titles_blank_rows_and_margins(book):
    sheet = [["Rents of 2020"], [], *([None, *row] for row in RENTS[:2]), [], [None, 18, None, 3]]
    path = book(Rents=[*sheet, [None, 20, 35, 410]])
    assert refusal(path) == (
        "rent.xlsx, row 6: no value in age; fill it in, or leave such rows out with "
        "drop_missing=True"
    )
    table = read_table(path, drop_missing=True)
    assert table.feature_names == ("area", "age")
    assert rows(table) == [[17, 31, 350.5], [20, 35, 410]]
    assert table.notes[0] == "skipped row 1, above the table"
    assert table.notes[-1] == "dropped 1 row, values missing: row 6"


def test_what_else_a_cell_may_hold(book):
    when = [datetime(2020, 1, 2, 3, 4), date(2020, 1, 2), time(3, 4), timedelta(hours=30)]
    path = book(
        S=[["when", "ok", "x\nof it", "y"], *([w, True, k, 2**60] for k, w in enumerate(when))]
    )
    table = read_table(path)
    assert rows(table) == [[k, 2.0**60] for k in range(4)]
    assert table.feature_names == ("x\nof it",)
    assert table.notes[-1].startswith('left out, not numeric: when ("2020-01-02')
    assert table.notes[-1].endswith(', ok ("true")')


def test_numbers_as_text_and_percentages(book):
    made = openpyxl.Workbook()
    for row in [["price", "share"], ["$1,200", 0.05], ["$900", 0.125]]:
        made.active.append(row)
    for cell in made.active["B"][1:]:
        cell.number_format = "0%"
    path = book(S=[])
    made.save(path)
    table = read_table(path)
    assert rows(table) == [[1200, 0.05], [900, 0.125]]
    assert table.notes[0] == 'price: "$1,200" is read as 1200'


def test_no_header_and_an_index(book):
    assert rows(read_table(book(S=RENTS[1:]))) == RENTS[1:]
    indexed = book(S=[[None, *RENTS[0]], *([k, *row] for k, row in enumerate(RENTS[1:]))])
    table = read_table(indexed)
    assert rows(table) == RENTS[1:]
    assert "left out, only numbers the rows: column0" in table.notes


def test_text_in_a_column_of_numbers(book):
    path = book(Rents=[*RENTS, [21, "ask", 400]])
    assert refusal(path) == (
        'rent.xlsx, row 5, column "age": "ask" is not a number; correct it or choose other columns'
    )


@pytest.mark.parametrize(
    ("sheet", "message"),
    [
        ([], "rent.xlsx is empty"),
        ([[None, None], []], "rent.xlsx is empty"),
        ([["x"], [1], [2]], "rent.xlsx has one column; a regression needs a feature and a target"),
        ([["x", "y"]], "rent.xlsx has no rows"),
        ([["x", "y"], [1, 2]], "rent.xlsx has one row"),
    ],
)
def test_no_table(book, sheet, message):
    assert refusal(book(S=sheet)).startswith(message)


def test_damaged(book, tmp_path):
    path = book(Rents=RENTS)
    whole = path.read_bytes()
    for content in (whole[:2000], b"a,b\n1,2\n", b"PK\x03\x04"):
        path.write_bytes(content)
        assert refusal(path).startswith("rent.xlsx is no workbook, or a damaged or locked one: ")
    (tmp_path / "t.csv").write_bytes(whole)
    assert refusal(tmp_path / "t.csv").endswith("no text; end its name in .xlsx if it is")


def test_a_damaged_byte_makes_no_other_number(book):
    path = book(Rents=RENTS)
    whole = path.read_bytes()
    for at in range(0, len(whole), 29):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        try:
            assert rows(read_table(path)) == RENTS[1:]
        except TableError:
            continue


def test_what_a_workbook_or_another_file_does_not_have(book, tmp_path):
    assert refusal(book(Rents=RENTS), encoding="gbk") == (
        "rent.xlsx is a workbook, which has no encoding; leave it out"
    )
    (tmp_path / "t.csv").write_text("a,b\n1,2\n3,4\n")
    assert refusal(tmp_path / "t.csv", sheet=1) == (
        "t.csv is no workbook and has no sheets; leave the sheet out"
    )


def test_without_calamine(book, monkeypatch):
    imported = builtins.__import__

    def missing(name, *args, **options):
        if name.startswith("python_calamine"):
            raise ImportError(name)
        return imported(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", missing)
    assert refusal(book(Rents=RENTS)) == (
        "rent.xlsx is a workbook, which needs python-calamine: pip install 'gdviz[excel]', "
        "or save the sheet as .csv"
    )
