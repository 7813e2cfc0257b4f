"""How a text table is written: its delimiter, quotes, header, and what stands above it.

That is found by looking. The first lines are cut in every way that there is, and the way is taken
in which most columns are numbers, and every line has as many cells. DuckDB's own sniffer is not
asked: it takes the decimal commas of ``1,5 2,5`` for delimiters and what follows a # for a
comment, and a thousand columns cost it seconds.

The lines of a file are also read here to say where something is wrong.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

from gdviz.core.wording import TableError, numbered, spell
from gdviz.tables.notation import is_missing, is_number, is_plain

__all__ = ["Dialect", "cells_of", "find_dialect", "lines_of", "refuse_ragged", "title_lines"]

DELIMITERS = ",;\t|"
SURE = "\t;|"
SPACE = " "  # any white space, but for the spaces that set thousands apart
WHITE = re.compile(r"[^\S\u00a0\u2007\u2009\u202f]+")

# What is looked at: enough lines to judge by, but of a table of ten thousand columns only a few.
LINES, LEAST, CHARACTERS = 1000, 20, 100_000

csv.field_size_limit(2**31 - 1)  # DuckDB reads longer cells than csv does by itself

Rows = list[tuple[int, list[str]]]  # line number, from 0, and cells


@dataclass(frozen=True)
class Dialect:
    """How the lines of a text table become cells.

    Attributes
    ----------
    delimiter, quote
        One character each; a delimiter of one space is any white space.
    skip : int
        Number of lines above the table.
    first : tuple of str
        Cells of the first line of the table.
    header : bool
        Whether these are the names of its columns.
    types : tuple of str
        DOUBLE for columns that may be read as numbers at once, as far as was looked; else VARCHAR.
    missing : tuple of str
        How cells without a value are written, as far as was looked.
    """

    delimiter: str
    quote: str = '"'
    skip: int = 0
    first: tuple[str, ...] = ()
    header: bool = True
    types: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.types)


@dataclass(frozen=True)
class _Reading:
    """One way of cutting the first lines of a text into cells."""

    delimiter: str
    quote: str
    lines: Sequence[str]

    @cached_property
    def rows(self) -> Rows:
        if self.delimiter == SPACE:
            return [(n, cells_of(line)) for n, line in enumerate(self.lines) if line.strip()]
        return [*_records(self.lines, self.delimiter, self.quote)]

    @cached_property
    def width(self) -> int:
        """Number of cells of most rows; the larger one of two."""
        widths = Counter(len(cells) for _, cells in self.rows)
        return max(widths, key=lambda width: (widths[width], width))

    @cached_property
    def table(self) -> Rows:
        """The rows below the titles, which have fewer cells."""
        begin = next(k for k, (_, cells) in enumerate(self.rows) if len(cells) >= self.width)
        first, *below = self.rows[begin:]
        # A comment has as many cells as the header below it, if it has that many commas.
        comment = first[1][0].startswith("#") and below and not any(map(is_number, below[0][1]))
        return below if comment else [first, *below]

    @property
    def skip(self) -> int:
        """Number of lines above the table."""
        return self.table[0][0]

    @property
    def titles(self) -> Rows:
        """The rows above the table."""
        return self.rows[: len(self.rows) - len(self.table)]

    @cached_property
    def columns(self) -> list[tuple[str, ...]]:
        """Columns below the table's first row, of the rows that have the usual width."""
        below = [cells for _, cells in self.table[1:] if len(cells) == self.width]
        return [*zip(*below, strict=True)]

    @property
    def numeric_share(self) -> float:
        """Share of the columns that are numbers, 0 to 1."""
        if self.delimiter == SPACE and any(
            d in c for _, t in self.titles for c in t for d in ",;|"
        ):
            return 0.0  # a title that white space does not part, but a delimiter
        # Without quotes 1,500 200,5 has three cells between commas, but none is 500,200.
        number = _unspaced if self.delimiter == "," else is_number
        return sum(_mostly(number, column) for column in self.columns) / self.width

    @property
    def merit(self) -> tuple[float, ...]:
        """Return what makes one reading better than another, the weightiest first."""
        regular = sum(len(cells) == self.width for _, cells in self.table) / len(self.table)
        parted = self.delimiter != SPACE
        wide = self.width > 1
        # What parts every row alike is meant to part them, above all if it is no part of numbers.
        alike = wide and regular == 1 and not self.titles and self.numeric_share > 0
        sure = alike + (alike and self.delimiter in SURE)
        share = self.numeric_share * regular
        return (wide, sure, share, not self.titles, parted, regular, self.width)

    def dialect(self) -> Dialect:
        first = tuple(self.table[0][1])
        header = self._names_columns(first)
        columns = self.columns or [()] * self.width
        seen = columns if header else [(a, *b) for a, b in zip(first, columns, strict=False)]
        missing = {cell for column in seen for cell in column if is_missing(cell)}
        return Dialect(
            self.delimiter, self.quote, self.skip, first, header, _types(seen), (*sorted(missing),)
        )

    def _names_columns(self, first: Sequence[str]) -> bool:
        """Whether the first row has text where the rows below it have numbers."""
        numeric = [_mostly(is_number, column) for column in self.columns]
        above = [cell for cell, numbers in zip(first, numeric, strict=False) if numbers]
        if above:
            return not all(map(_may_be_number, above))
        return not any(map(_may_be_number, first))


def find_dialect(text: Path, delimiter: str = "") -> Dialect | None:
    """Find how a UTF-8 text is written; None where its lines have one cell each.

    The delimiter, where it is known, is taken, and with it quotes that are double.
    """
    lines = _first_lines(text)
    sample = "".join(lines)
    quotes = ['"', *("'" * ("'" in sample))]
    ways = [_Reading(d, quote, lines) for d in DELIMITERS if d in sample for quote in quotes]
    ways += [_Reading(SPACE, '"', lines)]
    ways = [_Reading(delimiter, '"', lines)] if delimiter else ways
    best = max((way for way in ways if way.rows), key=lambda way: way.merit)
    # Decimal commas below a name make two columns below a title, which nobody has meant.
    numbers = bool(best.titles) and all(is_number(line) for line in lines[1:] if line.strip())
    return None if best.width == 1 or numbers else best.dialect()


def _first_lines(text: Path) -> list[str]:
    lines, size = [], 0
    with text.open(encoding="utf-8", newline="") as file:
        for line in islice(file, LINES):
            lines.append(line)
            size += len(line)
            if size > CHARACTERS and len(lines) >= LEAST:
                break
    return lines


def cells_of(line: str) -> list[str]:
    r"""Cut a line at its white space, but for the narrow spaces within numbers.

    >>> cells_of("  1,5 2,5   3\u202f500,5 ")
    ['1,5', '2,5', '3\u202f500,5']
    """
    return [cell for cell in WHITE.split(line) if cell]


def _mostly(number: Callable[[str], bool], column: Sequence[str]) -> bool:
    """Whether more cells are numbers than are text."""
    numbers = sum(map(number, column))
    return 2 * numbers > len(column) - sum(map(is_missing, column))


def _types(columns: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """DuckDB's types of columns: numbers, if there are no decorated or doubtful ones among them."""
    present = [[cell for cell in column if not is_missing(cell)] for column in columns]
    plain = [bool(column) and all(map(is_plain, column)) for column in present]
    others = [column for column, numbers in zip(present, plain, strict=True) if not numbers]
    doubtful = any(is_number(cell) for column in others for cell in column)
    return tuple("DOUBLE" if numbers and not doubtful else "VARCHAR" for numbers in plain)


def _unspaced(cell: str) -> bool:
    return SPACE not in cell.strip() and is_number(cell)


def _may_be_number(cell: str) -> bool:
    """Whether a cell is a number in some notation, or missing."""
    return is_number(cell) or is_missing(cell)


def lines_of(text: Path, dialect: Dialect, rows: Sequence[int]) -> list[int]:
    """Line numbers, from 1, of rows of the table, from 0 and in ascending order."""
    wanted = {row + dialect.header for row in rows}
    records = islice(_records_of(text, dialect), max(wanted) + 1)
    return [line for row, (line, _) in enumerate(records) if row in wanted]


def refuse_ragged(text: Path, dialect: Dialect, source: str) -> None:
    """Raise TableError where lines have more or fewer cells than most have."""
    widths = Counter(len(row) for _, row in _records_of(text, dialect))
    usual = widths.most_common(1)[0][0]
    odd = [(line, len(row)) for line, row in _records_of(text, dialect) if len(row) != usual]
    if odd:
        line, width = odd[0]
        where = numbered("line", [line for line, _ in odd])
        raise TableError(
            f"{source}, {where}: not {usual} cells, as most lines have "
            f"(line {line} has {width}); give every line as many"
        )


def title_lines(text: Path, dialect: Dialect, source: str) -> list[int]:
    """Number the lines skipped above the table, but raise TableError where one has cells."""
    with text.open(encoding="utf-8", newline="") as lines:
        skipped = [*enumerate(islice(lines, dialect.skip), start=1)]
    titles = [(n, line) for n, line in skipped if line.strip() and line[0] != "#"]
    for number, line in titles:
        if dialect.delimiter in line:
            raise TableError(
                f"{source}, line {number}: not {dialect.width} cells, as the lines below "
                f"(it reads {spell(line.rstrip())}); give every line as many, or take it out"
            )
    return [number for number, _ in titles]


def _records_of(text: Path, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """Line number, from 1, and cells of every row of the table, the header too."""
    with text.open(encoding="utf-8", newline="") as file:
        lines = islice(file, dialect.skip, None)
        for line, cells in _records(lines, dialect.delimiter, dialect.quote):
            yield dialect.skip + line + 1, cells


def _records(lines: Iterable[str], delimiter: str, quote: str) -> Iterator[tuple[int, list[str]]]:
    """Line number, from 0, and cells of every row; blank lines are none."""
    reader = csv.reader(lines, delimiter=delimiter, quotechar=quote)
    # A quoted cell may run over several lines; a row is where it begins.
    begin = 0
    for cells in reader:
        if cells:
            yield begin, cells
        begin = reader.line_num
