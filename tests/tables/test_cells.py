"""What a column of cells is taken for."""

import duckdb
import pytest

from gdviz.tables.cells import Cells, Column


@pytest.mark.parametrize(
    ("numbers", "texts", "alike", "numeric"),
    [
        (3, 2, 0, True),
        (2, 2, 0, False),
        (2, 3, 0, False),
        (0, 3, 2, True),  # written in some notation or another
        (0, 4, 2, False),
        (0, 0, 0, False),
    ],
)
def test_a_column_is_numeric_where_more_cells_are_numbers_than_text(numbers, texts, alike, numeric):
    assert Column(numbers, texts, alike).numeric == numeric


def test_rows_without_lines_are_numbered_from_1():
    cells = Cells(db=None, source="t.parquet", names=(), types=())
    assert cells.numbered([0]) == "row 1"
    assert cells.numbered([1, 4]) == "rows 2, 5"


def test_the_survey_counts_numbers_text_and_what_is_missing():
    db = duckdb.connect()
    db.execute(
        "CREATE TABLE cells AS SELECT * FROM (VALUES (1.0::DOUBLE, NULL::DOUBLE, '1'),"
        "('nan', NULL, 'a'), (3, NULL, ' n/a '), (4, NULL, '2')) t(c0, c1, c2)"
    )
    cells = Cells(db=db, source="t", names=("a", "b", "c"), types=("DOUBLE", "DOUBLE", "VARCHAR"))
    found = [(column.numbers, column.texts) for column in cells.survey()]
    assert found == [(3, 0), (0, 0), (2, 1)]
