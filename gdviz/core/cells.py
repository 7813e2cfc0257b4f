"""The cells of a table file, whatever its format was, in one DuckDB table.

The table is called ``cells`` and has columns ``c0, c1, …`` of numbers or text. The names of
the file's own columns are kept beside it and never become part of a query, so that nothing in
a header is ever run.

What counts as a number and what as missing is decided here, once for all formats, and so is
how a row is found again: as the line that an editor shows, or as row 1, 2, … where there are
no lines.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gdviz.core.dialect import Dialect, lines_of
from gdviz.core.moments import Array
from gdviz.core.wording import places, spell

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["MISSING", "Cells", "Column"]

MISSING = (
    *("", "na", "n/a", "#n/a", "#na", "<na>", "nan", "null", "none", "nil", "missing"),
    *("-", "--", "–", "—", "?", "."),
)

# Groups of three between points, then a decimal comma: 1.234,5 but neither 1.5 nor 12.34,5.
THOUSANDS_POINTS = r"[+-]?\d{1,3}(\.\d{3})+(,\d*)?([eE][+-]?\d+)?"


@dataclass(frozen=True)
class Column:
    """How many cells of a column are numbers, and how many are text; the rest are missing."""

    numbers: int
    texts: int

    @property
    def numeric(self) -> bool:
        """Whether more cells are numbers than are text."""
        return self.numbers > self.texts


@dataclass(frozen=True)
class Cells:
    """A table file in DuckDB.

    Attributes
    ----------
    db
        A connection with a table ``cells``, its columns ``c0, c1, …`` of DOUBLE or VARCHAR.
    source : str
        Name of the file, for messages.
    names : tuple of str
        Names of the columns, as the file has them.
    notes : tuple of str
        What was decided about the file.
    text : (Path, Dialect), optional
        The plain text and how it is written, where there is one: its rows have line numbers.
    decimal_comma : bool
        Whether 1,5 is one and a half.
    """

    db: "DuckDBPyConnection"
    source: str
    names: tuple[str, ...]
    notes: tuple[str, ...] = ()
    text: tuple[Path, Dialect] | None = None
    decimal_comma: bool = False

    def count_rows(self) -> int:
        """Count the rows, without header, comments and blank lines."""
        return int(self._query("SELECT count(*) FROM cells")[0][0])

    def count_numbers(self) -> Sequence[int]:
        """Count the numbers in every column."""
        return self._counts([f"count({self._number(j)})" for j in range(len(self.names))])

    def survey(self) -> list[Column]:
        """Count the numbers and the text in every column."""
        rows, numbers = self.count_rows(), self.count_numbers()
        # Looking for text is slow, and most columns of most tables are numbers throughout.
        doubtful = [j for j, found in enumerate(numbers) if found < rows]
        texts = self._counts([f"count(*) FILTER ({self._is_text(j)})" for j in doubtful])
        text_in = dict(zip(doubtful, texts, strict=True))
        return [Column(found, text_in.get(j, 0)) for j, found in enumerate(numbers)]

    def numbers(self, columns: Sequence[int]) -> Array:
        """The columns as an array (n_rows, len(columns)); NaN where a cell is no number."""
        select = ", ".join(f"{self._number(j)} AS v{k}" for k, j in enumerate(columns))
        found = self.db.execute(f"SELECT {select} FROM cells").fetchnumpy()
        values = [np.ma.filled(found[f"v{k}"], np.nan) for k in range(len(columns))]
        return np.column_stack(values).astype(np.float64, copy=False)

    def texts(self, column: int) -> list[int]:
        """Rows, from 0, where a cell of the column is text."""
        rows = f"SELECT rowid FROM cells WHERE {self._is_text(column)} ORDER BY rowid"
        return [row for (row,) in self._query(rows)]

    def code_labels(self, column: int) -> list[str]:
        """Write 0 and 1 for the labels of a column that holds two and no numbers; return them."""
        text, c = self._is_text(column), f"trim(c{column:d}::VARCHAR)"
        found = self._query(f"SELECT DISTINCT {c} FROM cells WHERE {text} ORDER BY 1 LIMIT 3")
        labels = [label for (label,) in found]
        if len(labels) != 2 or self.count_numbers()[column]:
            return []
        code = f"CASE {c} WHEN $zero THEN '0' ELSE '1' END"
        self.db.execute(f"UPDATE cells SET c{column:d} = {code} WHERE {text}", {"zero": labels[0]})
        return labels

    def value(self, row: int, column: int) -> str:
        """One cell, as the file has it."""
        return spell(self._query(f"SELECT c{column:d} FROM cells WHERE rowid = {row:d}")[0][0])

    def places(self, rows: Sequence[int]) -> str:
        """Say where rows (from 0, ascending) are: as lines of a text, else as rows from 1."""
        if self.text is None:
            return places("row", [row + 1 for row in rows])
        return places("line", lines_of(*self.text, rows[:4]), len(rows))

    def _number(self, j: int) -> str:
        """SQL for column j as DOUBLE, NULL where it is none or NaN."""
        value = f"c{j:d}"
        if self.decimal_comma:
            value = f"""CASE
                WHEN NOT contains({value}, '.') THEN replace({value}, ',', '.')
                WHEN regexp_full_match(trim({value}), '{THOUSANDS_POINTS}')
                THEN replace(replace({value}, '.', ''), ',', '.') END"""
        return f"nullif(try_cast({value} AS DOUBLE), 'nan'::DOUBLE)"

    def _is_text(self, j: int) -> str:
        """SQL for whether a cell of column j is neither a number nor missing."""
        words = ", ".join(f"'{word}'" for word in MISSING)
        return f"{self._number(j)} IS NULL AND lower(trim(c{j:d}::VARCHAR)) NOT IN ({words})"

    def _counts(self, expressions: Sequence[str]) -> Sequence[int]:
        if not expressions:
            return ()
        counts: Sequence[int] = self._query(f"SELECT {', '.join(expressions)} FROM cells")[0]
        return counts

    def _query(self, sql: str) -> list[Any]:
        return self.db.execute(sql).fetchall()
