"""The cells of a table file, whatever its format was, in one DuckDB table.

The table is called ``cells`` and has columns ``c0, c1, …`` of numbers or text. The names of
the file's own columns are kept beside it and never become part of a query, so that nothing in
a header is ever run.

What counts as a number and what as missing is decided here, once for all formats, and so is
how a row is found again: as the line that an editor shows, as the row of a sheet, or as row
1, 2, … where there are neither.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from gdviz.core.moments import Array
from gdviz.core.wording import TableError, numbered, spell
from gdviz.messages import option
from gdviz.tables.notation import MISSING, Notation, is_any, mark_of, plain_number

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["Cells", "Column"]

AT_ONCE = 100  # columns in a query: what DuckDB needs for one grows with their square
DOUBLE = "DOUBLE"

T = TypeVar("T")
Numbering = Callable[[Sequence[int]], list[int]]


@dataclass(frozen=True)
class Column:
    """How many cells of a column are numbers, and how many are text; the rest are missing.

    Attributes
    ----------
    numbers, texts : int
        Numbers in the column's own notation, and all else that is there.
    alike : int
        Numbers in whatever notation.
    notation : Notation or None
        How the numbers are written, where they are not as DuckDB reads them.
    """

    numbers: int
    texts: int
    alike: int = 0
    notation: Notation | None = None

    @property
    def numeric(self) -> bool:
        """Whether more cells are numbers, in whatever notation, than are text."""
        return 2 * max(self.numbers, self.alike) > self.numbers + self.texts


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
    types : tuple of str
        DOUBLE or VARCHAR for each column.
    notes : tuple of str
        What was decided about the file.
    nameless : frozenset of int
        Columns that have no name in the file.
    unit : str
        What a row is called in a message: a line of text, a row of anything else.
    numbering
        Numbers the rows (from 0, ascending) as the file does; default: from 1.
    by_commas : bool
        Whether commas separate the cells: then they are no decimal signs if nothing tells.
    decimal : str or None
        The decimal sign that somebody asked for.
    reread
        Makes the cells again with text in every column, to see what is written in them.
    """

    db: "DuckDBPyConnection"
    source: str
    names: tuple[str, ...]
    types: tuple[str, ...]
    notes: tuple[str, ...] = ()
    nameless: frozenset[int] = frozenset()
    unit: str = "row"
    numbering: Numbering = lambda rows: [row + 1 for row in rows]
    by_commas: bool = True
    decimal: str | None = None
    reread: "Callable[[], Cells] | None" = None

    @cached_property
    def n_rows(self) -> int:
        """Number of rows, without header, comments and blank lines."""
        return int(self._query("SELECT count(*) FROM cells")[0][0])

    @cached_property
    def index(self) -> dict[str, int]:
        """Number of the column of a name."""
        return {name: j for j, name in enumerate(self.names)}

    @cached_property
    def _doubles(self) -> dict[int, Array]:
        """The columns of numbers, each (n_rows,); NaN where a cell is missing."""
        found: dict[int, Array] = {}
        for part in _parts([j for j, kind in enumerate(self.types) if kind == DOUBLE]):
            select = f"SELECT {', '.join(f'c{j:d}' for j in part)} FROM cells"
            values = self.db.execute(select).fetchnumpy()
            found |= {j: np.ma.filled(values[f"c{j:d}"], np.nan) for j in part}
        return found

    def survey(self) -> list[Column]:
        """Count the numbers and the text in every column, each in its notation."""
        every = range(len(self.names))
        texts = [j for j in every if self.types[j] != DOUBLE]
        numbers = {j: self.n_rows - int(np.isnan(v).sum()) for j, v in self._doubles.items()}
        found = self._ask([f"count({self._number(j)})" for j in texts])
        numbers |= dict(zip(texts, found, strict=True))
        # Looking for text is slow, and most columns of most tables are numbers throughout.
        doubtful = [j for j in texts if numbers[j] < self.n_rows]
        present = self._ask([f"count(*) FILTER ({self._is_there(j)})" for j in doubtful])
        others = {j: there - numbers[j] for j, there in zip(doubtful, present, strict=True)}
        columns = [Column(numbers[j], others.get(j, 0)) for j in every]
        return self._in_their_notations(columns, [j for j in others if others[j]])

    def _in_their_notations(self, columns: list[Column], written: Sequence[int]) -> list[Column]:
        """The columns again, those that hold decorated numbers in the table's notation."""
        alike = {sign: self._count_any(written, sign) for sign in ".,"}
        some = [j for j in written if max(alike["."][j], alike[","][j]) > columns[j].numbers]
        sign = self.decimal or self._decimal_sign(columns, alike, some)
        # 1.000 is a thousand where 1,5 is one and a half, also in a column without commas.
        texts = [j for j in range(len(columns)) if self.types[j] != DOUBLE]
        asked = some if sign == "." else texts
        notations = [Notation(sign, mark) for mark in self._marks(asked, sign)]
        counts = [
            f"count({self._number(j, notation)})"
            for j, notation in zip(asked, notations, strict=True)
        ]
        for j, notation, found in zip(asked, notations, self._ask(counts), strict=True):
            texts_left = columns[j].numbers + columns[j].texts - found
            most = max(found, alike["."].get(j, 0), alike[","].get(j, 0))
            columns[j] = Column(found, texts_left, most, notation)
        return columns

    def _count_any(self, columns: Sequence[int], sign: str) -> dict[int, int]:
        """Count the numbers with a decimal sign, in whatever notation, in columns of text."""
        found = self._ask([f"count(*) FILTER ({is_any(f'c{j:d}', sign)})" for j in columns])
        return dict(zip(columns, found, strict=True))

    def _decimal_sign(
        self, columns: Sequence[Column], alike: dict[str, dict[int, int]], some: Sequence[int]
    ) -> str:
        """The decimal sign that makes numbers of more cells; TableError where nothing tells."""
        point, comma = (sum(alike[sign][j] for j in some) for sign in ".,")
        if some and comma >= point:
            plain = [j for j in range(len(columns)) if j not in some and self.types[j] != DOUBLE]
            point += sum(columns[j].numbers for j in plain)
            comma += sum(self._count_any(plain, ",").values())
        if comma != point:
            return "," if comma > point else "."
        doubtful = _is_price if self.by_commas else _is_twofold
        first = self._ask([f"min(rowid) FILTER ({doubtful(j)})" for j in some])
        twofold = [(j, row) for j, row in zip(some, first, strict=True) if row is not None]
        if twofold:
            j, row = twofold[0]
            raise TableError(
                f'{self.source}, {self.numbered([row])}, column "{spell(self.names[j])}": '
                f'"{self.value(row, j)}" has a decimal sign or sets thousands apart, and nothing '
                f"in the table tells which; say {option(decimal=',')} or {option(decimal='.')}"
            )
        return "."

    def _marks(self, columns: Sequence[int], sign: str) -> list[str]:
        """The currency or percent sign of the first number in columns of text."""
        marks = [
            f"arg_min({mark_of(f'c{j:d}')}, rowid) FILTER ({is_any(f'c{j:d}', sign)})"
            for j in columns
        ]
        return [mark or "" for mark in self._ask(marks)]

    def numbers(self, columns: Sequence[int], notations: Sequence[Notation | None]) -> Array:
        """The columns as an array (n_rows, len(columns)); NaN where a cell is no number."""
        values = np.empty((self.n_rows, len(columns)))
        asked = [*enumerate(zip(columns, notations, strict=True))]
        for k, (j, _) in asked:
            if j in self._doubles:
                values[:, k] = self._doubles[j]
        for part in _parts([one for one in asked if one[1][0] not in self._doubles]):
            select = ", ".join(f"{self._number(j, how)} AS v{k}" for k, (j, how) in part)
            found = self.db.execute(f"SELECT {select} FROM cells").fetchnumpy()
            for k, _ in part:
                values[:, k] = np.ma.filled(found[f"v{k}"], np.nan)
        return values

    def texts(self, column: int, notation: Notation | None = None) -> list[int]:
        """Rows, from 0, where a cell of the column is neither a number nor missing."""
        text = f"{self._number(column, notation)} IS NULL AND {self._is_there(column)}"
        rows = f"SELECT rowid FROM cells WHERE {text} ORDER BY rowid"
        return [row for (row,) in self._query(rows)]

    def decorated(self, column: int, notation: Notation) -> int | None:
        """The first row, from 0, of a number that would be none, or another, without notation."""
        read = self._number(column, notation)
        bare = f"replace(c{column:d}, ',', '.')" if notation.decimal == "," else f"c{column:d}"
        other = f"{plain_number(bare)} IS DISTINCT FROM {read}"
        rows = f"SELECT min(rowid) FROM cells WHERE {read} IS NOT NULL AND {other}"
        row = self._query(rows)[0][0]
        return None if row is None else int(row)

    def labels(self, column: int, most: int, notation: Notation | None = None) -> list[str]:
        """Different values of a column in their order, as text; at most so many of them."""
        label = self._label(column)
        found = self._query(
            f"SELECT {label} FROM cells WHERE {self._is_there(column)} "
            f"GROUP BY ALL ORDER BY min({self._number(column, notation)}), {label} LIMIT {most:d}"
        )
        return [label for (label,) in found]

    def codes(self, column: int, labels: tuple[str, str], how: Column) -> Array:
        """0 and 1 for two labels of a column, (n_rows,); NaN where missing, −1 for another.

        In a column of numbers a label is a number: 1 is 1.0.
        """
        label, zero, one = self._label(column), "$zero", "$one"
        if how.numeric:
            label = self._number(column, how.notation)
            zero, one = (f"TRY_CAST({value} AS DOUBLE)" for value in (zero, one))
        code = f"CASE {label} WHEN {zero} THEN 0.0 WHEN {one} THEN 1.0 ELSE -1.0 END"
        query = f"SELECT CASE WHEN {self._is_there(column)} THEN {code} END AS code FROM cells"
        found = self.db.execute(query, dict(zip(("zero", "one"), labels, strict=True)))
        return np.ma.filled(found.fetchnumpy()["code"].astype(np.float64), np.nan)

    def is_numbering(self, column: int) -> bool:
        """Whether a column holds whole numbers, each of them once."""
        v = self._number(column)
        query = f"SELECT count(DISTINCT {v}) = count({v}) AND bool_and({v} = floor({v})) FROM cells"
        return bool(self._query(query)[0][0])

    def value(self, row: int, column: int) -> str:
        """One cell, as the file has it."""
        return spell(self._query(f"SELECT c{column:d} FROM cells WHERE rowid = {row:d}")[0][0])

    def numbered(self, rows: Sequence[int]) -> str:
        """Say where rows (from 0, ascending) are: as lines of a text, else as rows from 1."""
        return numbered(self.unit, self.numbering(rows[:4]), len(rows))

    def _number(self, j: int, notation: Notation | None = None) -> str:
        """SQL for column j as DOUBLE, NULL where it is none or NaN."""
        value = f"c{j:d}"
        if self.types[j] != DOUBLE:
            value = notation.number(value) if notation else plain_number(value)
        return f"nullif({value}, 'nan'::DOUBLE)"

    def _label(self, j: int) -> str:
        """SQL for column j as text, without spaces around it."""
        return f"trim(c{j:d}::VARCHAR)"

    def _is_there(self, j: int) -> str:
        """SQL for whether a cell of column j is not missing."""
        if self.types[j] == DOUBLE:
            return f"{self._number(j)} IS NOT NULL"
        words = ", ".join(f"'{word}'" for word in MISSING)
        return f"lower(trim(c{j:d})) NOT IN ({words})"

    def _ask(self, expressions: Sequence[str]) -> list[Any]:
        """Values of aggregates over the cells, a part of them in a query."""
        found: list[Any] = []
        for part in _parts(expressions):
            found += self._query(f"SELECT {', '.join(part)} FROM cells")[0]
        return found

    def _query(self, sql: str) -> list[Any]:
        return self.db.execute(sql).fetchall()


def _parts(items: Sequence[T]) -> list[Sequence[T]]:
    return [items[begin : begin + AT_ONCE] for begin in range(0, len(items), AT_ONCE)]


def _is_twofold(j: int) -> str:
    """SQL for whether a cell of column j is a number with either decimal sign, and has one."""
    c = f"c{j:d}"
    return f"{is_any(c, '.')} AND {is_any(c, ',')} AND regexp_matches({c}, '[.,]')"


def _is_price(j: int) -> str:
    """SQL for whether a cell of column j is a price with a point, which may set thousands apart."""
    c = f"c{j:d}"
    return f"{_is_twofold(j)} AND contains({c}, '.') AND {mark_of(c)} NOT IN ('', '%')"
