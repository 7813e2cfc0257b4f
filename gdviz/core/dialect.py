"""How a text table is written: its delimiter, quotes, header, and what stands above it.

DuckDB's sniffer finds that out. It is asked more than once, because left alone it takes the
decimal commas of ``1,5;2,5`` for delimiters, and because of a file whose lines have different
numbers of cells it says, without complaint, that it has one column of text.

The lines of a file are read here as well, by the standard library's csv reader, but only to
say where something is wrong.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from glob import escape
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from gdviz.core.wording import TableError, places, spell

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = [
    "Dialect",
    "find_dialect",
    "is_numeric",
    "lines_of",
    "refuse_ragged",
    "title_lines",
]

DELIMITERS = ",;\t|"

# What the sniffer does not try by itself: decimal commas, and a comment above the header.
FURTHER = (
    *({"delim": d, "decimal_separator": ",", "thousands": "."} for d in ";\t|"),
    {"comment": "#"},
)

csv.field_size_limit(2**31 - 1)  # DuckDB reads longer cells than csv does by itself

NUMERIC = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "BIGNUM")


@dataclass(frozen=True)
class Dialect:
    """How the lines of a text table become cells.

    Attributes
    ----------
    delimiter, quote, comment
        One character each; `comment` may be empty.
    skip : int
        Number of lines above the table.
    header : bool
        Whether the table's first line names its columns.
    types : tuple of str
        DuckDB's type of each column, from a sample of the lines.
    """

    delimiter: str
    types: tuple[str, ...]
    quote: str = '"'
    comment: str = ""
    skip: int = 0
    header: bool = True

    @property
    def numeric_share(self) -> float:
        """Share of the columns that are numbers, 0 to 1."""
        return sum(map(is_numeric, self.types)) / len(self.types)

    @property
    def plain(self) -> bool:
        """Whether there is nothing to doubt: a header, then numbers only."""
        return self.numeric_share == 1 and self.header and not self.skip and len(self.types) > 1

    @property
    def muddled(self) -> bool:
        """Whether the sniffer, left alone, may have skipped rows for comments."""
        return bool(self.comment and self.skip)

    @property
    def merit(self) -> tuple[object, ...]:
        """What makes one reading of a file better than another, the weightiest first."""
        columns, share = len(self.types), self.numeric_share
        return (columns > 1 or share > 0, share, -self.skip, columns, self.header)


def is_numeric(kind: str) -> bool:
    """Whether values of a DuckDB type are numbers.

    >>> [is_numeric(kind) for kind in ("UBIGINT", "DECIMAL(9,2)", "BOOLEAN", "BIGINT[]")]
    [True, True, False, False]
    """
    return kind.removeprefix("U") in NUMERIC or (kind.startswith("DECIMAL") and kind[-1] == ")")


def find_dialect(db: "DuckDBPyConnection", text: Path, missing: Sequence[str]) -> Dialect | None:
    """Find how a UTF-8 text is written; None where its lines do not seem to be rows of cells.

    The words in `missing` may stand in a column of numbers.
    """
    sniffed = _sniff(db, text, missing)
    if sniffed and sniffed.plain:
        return sniffed
    others = (_sniff(db, text, missing, **options) for options in FURTHER)
    trusted = None if sniffed and sniffed.muddled else sniffed
    found = [dialect for dialect in (trusted, *others) if dialect]
    best = max(found, key=lambda dialect: dialect.merit, default=None)
    if best and len(best.types) > 1:
        return best
    return _by_the_first_line(text)


def _sniff(
    db: "DuckDBPyConnection", text: Path, missing: Sequence[str], **options: str
) -> Dialect | None:
    import duckdb

    named = "".join(f", {name} = ${name}" for name in options)
    columns = "Delimiter, Quote, Comment, SkipRows, HasHeader, Columns"
    query = f"SELECT {columns} FROM sniff_csv($text, nullstr = $missing{named})"
    try:
        found = db.execute(query, {"text": escape(str(text)), "missing": [*missing], **options})
        delimiter, quote, comment, skip, header, types = found.fetchall()[0]
    except duckdb.Error:
        return None
    return Dialect(
        delimiter,
        tuple(column["type"] for column in types),
        # No quotes in the sample does not mean that none follow.
        quote='"' if quote == "(empty)" else quote,
        comment="" if comment == "(empty)" else comment,
        skip=skip,
        header=header,
    )


def _by_the_first_line(text: Path) -> Dialect | None:
    """The delimiter that occurs most in the first line, and as many cells as most lines have."""
    with text.open(encoding="utf-8") as lines:
        first = next((line for line in lines if line.strip() and line[0] != "#"), "")
    delimiter = max(DELIMITERS, key=first.count)
    if delimiter not in first:
        return None
    guess = Dialect(delimiter, types=("VARCHAR",))
    return replace(guess, types=guess.types * _usual_width(text, guess))


def lines_of(text: Path, dialect: Dialect, rows: Sequence[int]) -> list[int]:
    """Line numbers, from 1, of rows of the table, from 0 and in ascending order."""
    records = islice(_records(text, dialect), dialect.header, max(rows) + 1 + dialect.header)
    wanted = {*rows}
    return [line for row, (line, _) in enumerate(records) if row in wanted]


def refuse_ragged(text: Path, dialect: Dialect, source: str) -> None:
    """Raise TableError where lines have more or fewer cells than most have."""
    usual = _usual_width(text, dialect)
    odd = [(line, len(row)) for line, row in _records(text, dialect) if len(row) != usual]
    if odd:
        line, width = odd[0]
        where = places("line", [line for line, _ in odd])
        raise TableError(
            f"{source}, {where}: not {usual} cells, as most lines have "
            f"(line {line} has {width}); give every line as many"
        )


def title_lines(text: Path, dialect: Dialect, source: str) -> list[int]:
    """Number the lines skipped above the table, but raise TableError where one has cells."""
    with text.open(encoding="utf-8") as lines:
        skipped = [*enumerate(islice(lines, dialect.skip), start=1)]
    titles = [(n, line) for n, line in skipped if line.strip() and line[0] != "#"]
    for number, line in titles:
        if dialect.delimiter in line:
            raise TableError(
                f"{source}, line {number}: not {len(dialect.types)} cells, as the lines below "
                f"(it reads {spell(line.rstrip())}); give every line as many, or take it out"
            )
    return [number for number, _ in titles]


def _usual_width(text: Path, dialect: Dialect) -> int:
    widths = Counter(len(row) for _, row in _records(text, dialect))
    return widths.most_common(1)[0][0]


def _records(text: Path, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of every row, the header too; blank lines and comments are none."""
    skip, comment = dialect.skip, dialect.comment
    with text.open(encoding="utf-8", newline="") as file:
        lines = ("\n" if comment and line.startswith(comment) else line for line in file)
        reader = csv.reader(
            islice(lines, skip, None), delimiter=dialect.delimiter, quotechar=dialect.quote
        )
        # A quoted cell may run over several lines; a row is where it begins.
        begin = skip + 1
        for cells in reader:
            if cells:
                yield begin, cells
            begin = skip + 1 + reader.line_num
