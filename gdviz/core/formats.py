"""From a file to its cells: one reader for each kind of table file.

Every reader creates DuckDB's table ``cells`` and returns :class:`~gdviz.core.cells.Cells`.
Text and JSON are read from a UTF-8 copy in a temporary folder, so DuckDB never sees the name
of the user's file, in which ``*`` and ``[`` would be patterns.
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from glob import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from gdviz.core.cells import MISSING, Cells
from gdviz.core.dialect import Dialect, find_dialect, is_numeric, refuse_ragged, title_lines
from gdviz.core.plaintext import copy_as_utf8, decompress
from gdviz.core.wording import LONGEST_PATH, TableError, closest, listing, places, spell
from gdviz.files import full_disk_named, is_special

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    Reader = Callable[[DuckDBPyConnection, Path, Path, str | None], Cells]

__all__ = ["READERS", "open_cells"]

TYPED = {
    "Parquet": "read_parquet($file, hive_partitioning = false)",
    "JSON": "read_json($file, sample_size = -1)",
}

# What DuckDB says of a line, and what we say.
IN_A_LINE = {
    "unterminated quote": "a quote is opened and not closed",
    "Maximum line size": "over two million characters are too many for a line",
}

# The sniffer tells NA from na.
MISSING_AS_WRITTEN = (*MISSING, *map(str.upper, MISSING), *map(str.title, MISSING), "NaN")


@contextmanager
def open_cells(path: Path, encoding: str | None = None) -> Iterator[Cells]:
    """Open a table file; its cells are there until the block ends.

    Raises
    ------
    TableError
        If there is no such file, it cannot be read, or it is no table.
    """
    suffix = _suffix(path)
    _check_readable(path)
    if suffix not in READERS:
        raise TableError(
            f"cannot read {spell(path.name)}: gdviz reads {', '.join(READERS)}, "
            "also with .gz; save the table as .csv"
        )
    with (
        TemporaryDirectory(prefix="gdviz-") as folder,
        full_disk_named(folder),
        _connected(folder) as db,
    ):
        cells = READERS[suffix](db, path, Path(folder) / f"table{suffix}", encoding)
        _refuse_duplicates(cells)
        yield cells


@contextmanager
def _connected(folder: str) -> Iterator["DuckDBPyConnection"]:
    """Connect to an empty database in memory that fetches nothing and prints nothing."""
    import duckdb

    config: dict[str, Any] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "temp_directory": folder,
    }
    with duckdb.connect(":memory:", config=config) as db:
        # In a notebook DuckDB may draw a bar, and without ipywidgets it refuses even to be told.
        if db.execute("SELECT current_setting('enable_progress_bar')").fetchall() == [(True,)]:
            db.execute("SET enable_progress_bar = false")
        yield db


def _suffix(path: Path) -> str:
    """The suffix in lower case, that of what is inside where it is .gz."""
    suffix = path.suffix.lower()
    return Path(path.stem).suffix.lower() if suffix == ".gz" else suffix


def _check_readable(path: Path) -> None:
    try:
        if path.is_dir():
            raise TableError(f"{spell(path, LONGEST_PATH)} is a folder; name a table file in it")
        if is_special(path):
            raise TableError(
                f"{spell(path, LONGEST_PATH)} is a pipe or device, not a file; "
                "write the table into a file first"
            )
        with path.open("rb") as file:
            empty = not file.read(1)
    except FileNotFoundError:
        if path.is_symlink():
            aim = spell(os.readlink(path), LONGEST_PATH)
            raise TableError(
                f"{spell(path, LONGEST_PATH)} is a link to {aim}, which is not there"
            ) from None
        raise TableError(f"no such file: {spell(path, LONGEST_PATH)}{_neighbour(path)}") from None
    except OSError as error:
        raise TableError(f"cannot read {spell(path, LONGEST_PATH)}: {error.strerror}") from None
    if empty:
        raise TableError(f"{spell(path.name)} is empty")


def _neighbour(path: Path) -> str:
    """The file in the same folder that was probably meant."""
    with suppress(OSError):
        return closest(path.name, (file.name for file in path.parent.iterdir()))
    return ""


def _refuse_duplicates(cells: Cells) -> None:
    twice = sorted({name for name in cells.names if cells.names.count(name) > 1})
    if twice:
        raise TableError(
            f"{cells.source} has more than one column called {listing(twice)}; "
            "give every column a name of its own"
        )


# -- Text -----------------------------------------------------------------------------------


def read_text(db: "DuckDBPyConnection", path: Path, copy: Path, encoding: str | None) -> Cells:
    """Read delimited text, in any dialect that DuckDB or white space makes out."""
    source = spell(path.name)
    copy_as_utf8(path, copy, encoding)
    text, dialect = _text_and_dialect(db, copy, source)
    titles = title_lines(text, dialect, source)
    notes = [f"skipped {places('line', titles)}, above the table"] if titles else []
    with _explained(text, dialect, source):
        first = _first_row(db, text, dialect, source)
        dialect = replace(dialect, header=_is_header(first, dialect))
        _rows_of(db, text, dialect, into="CREATE TABLE cells AS")
    names = tuple(_named(j, name if dialect.header else "") for j, name in enumerate(first))
    if not dialect.header:
        notes.append(f"no header line; the columns are called {listing(names, 3)}")
    return _with_decimals(Cells(db, source, names, tuple(notes), (text, dialect)), dialect)


def _text_and_dialect(db: "DuckDBPyConnection", copy: Path, source: str) -> tuple[Path, Dialect]:
    """The text, its columns separated by a delimiter, and how it is written."""
    with copy.open(encoding="utf-8") as lines:
        if not any(line.strip("\ufeff \t\n") for line in lines):
            raise TableError(f"{source} is empty")
    dialect = find_dialect(db, copy, MISSING_AS_WRITTEN)
    if dialect is None:
        copy = _tabbed(copy)
        dialect = find_dialect(db, copy, MISSING_AS_WRITTEN)
    if dialect is None or len(dialect.types) == 1:
        raise TableError(
            f"{source} has one column; a regression needs a feature and a target, "
            "separated by commas, semicolons, tabs or spaces"
        )
    return copy, dialect


def _tabbed(text: Path) -> Path:
    """Copy a text with a tab for every run of white space."""
    copy = text.with_suffix(".tabs")
    with text.open(encoding="utf-8") as lines, copy.open("w", encoding="utf-8") as out:
        out.writelines("\t".join(line.split()) + "\n" for line in lines)
    return copy


def _first_row(
    db: "DuckDBPyConnection", text: Path, dialect: Dialect, source: str
) -> tuple[str | None, ...]:
    """Cells of the first line below what is skipped, be it a header or not."""
    first = _rows_of(db, text, replace(dialect, header=False), "LIMIT 1").fetchone()
    if first is None:
        # The sniffer skips whatever it can make nothing of, all of it if need be.
        refuse_ragged(text, replace(dialect, skip=0), source)
        raise TableError(f"{source} holds no rows of cells")
    return first


def _rows_of(
    db: "DuckDBPyConnection", text: Path, dialect: Dialect, limit: str = "", *, into: str = ""
) -> "DuckDBPyConnection":
    """Run DuckDB's csv reader over a text; every cell is text still."""
    columns = ", ".join(f"c{j}: 'VARCHAR'" for j in range(len(dialect.types)))
    query = f"""{into} FROM read_csv($text, columns = {{{columns}}}, auto_detect = false,
        delim = $delimiter, quote = $quote, escape = $quote, comment = $comment,
        skip = $skip, header = $header) {limit}"""
    options = asdict(dialect)
    del options["types"]
    return db.execute(query, {"text": escape(str(text)), **options})


@contextmanager
def _explained(text: Path, dialect: Dialect, source: str) -> Iterator[None]:
    """Raise TableError where DuckDB cannot read what its sniffer accepted."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        for duckdbs, ours in IN_A_LINE.items():
            if found := re.search(rf"Line: (\d+).*{duckdbs}", str(error), re.DOTALL):
                raise TableError(f"{source}, line {found[1]}: {ours}") from None
        refuse_ragged(text, dialect, source)
        raise TableError(f"cannot read {source} as a table: {_reason(error, text)}") from None


def _reason(error: Exception, file: object) -> str:
    """What is wrong, from the first lines of DuckDB's message."""
    told = re.split(r"\n\n  file =|Possible fixes|\n\nLINE|Try increasing", str(error))[0]
    told = re.sub(r"^.*?Error: ", "", told)
    for quote in "'\"":
        told = told.replace(f"ile {quote}{file}{quote}", "ile")
    return " ".join(told.split()).rstrip(".")


def _is_header(first: Sequence[str | None], dialect: Dialect) -> bool:
    """Whether the first line has text where the lines below it have numbers."""
    pairs = zip(first, dialect.types, strict=True)
    above_numbers = [cell for cell, kind in pairs if is_numeric(kind)]
    if above_numbers:
        return not all(map(_may_be_number, above_numbers))
    return dialect.header or not any(map(_may_be_number, first))


def _may_be_number(cell: str | None) -> bool:
    """Whether a cell is a number in some notation, or missing."""
    plain = (cell or "").strip().lower()
    try:
        float(plain.replace(".", "").replace(",", ""))
    except ValueError:
        return plain in MISSING
    return True


def _named(j: int, name: str | None) -> str:
    return (name or "").strip() or f"column{j}"


def _with_decimals(cells: Cells, dialect: Dialect) -> Cells:
    """The same cells, with decimal commas where that makes more of them numbers."""
    if dialect.delimiter == ",":
        return cells
    note = "decimal commas: 1,5 is read as 1.5"
    commas = replace(cells, decimal_comma=True, notes=(*cells.notes, note))
    return max(cells, commas, key=lambda candidate: sum(candidate.count_numbers()))


# -- Parquet and JSON -----------------------------------------------------------------------


def read_parquet(db: "DuckDBPyConnection", path: Path, copy: Path, encoding: str | None) -> Cells:
    """Read Parquet, in place or from a decompressed copy."""
    if encoding:
        raise TableError(f"{spell(path.name)} is Parquet, which has no encoding; leave it out")
    file = decompress(path, copy) if path.suffix.lower() == ".gz" else path
    cells, _ = _typed(db, path, file, "Parquet")
    return replace(cells, names=tuple(_names_in_parquet(db, file)))


def read_json(db: "DuckDBPyConnection", path: Path, copy: Path, encoding: str | None) -> Cells:
    """Read a JSON list of records, or one record a line."""
    copy_as_utf8(path, copy, encoding)
    cells, types = _typed(db, path, copy, "JSON")
    _refuse_other_than_records(cells, types)
    return cells


def _typed(db: "DuckDBPyConnection", path: Path, file: Path, kind: str) -> tuple[Cells, list[str]]:
    """Create the table ``cells`` from a format that knows names and types; return the types."""
    import duckdb

    source, escaped = TYPED[kind], {"file": escape(str(file))}
    try:
        found = db.execute(f"FROM {source} LIMIT 0", escaped).description
        names, types = [name for name, *_ in found], [str(type_) for _, type_, *_ in found]
        aliases = ", ".join(f"c{j}" for j in range(len(names)))
        select = ", ".join(_as_cell(j, type_) for j, type_ in enumerate(types))
        create = f"CREATE TABLE cells AS SELECT {select} FROM {source} AS s({aliases})"
        db.execute(create, escaped)
    except duckdb.Error as error:
        reason = _reason(error, file)
        raise TableError(f"cannot read {spell(path.name)} as {kind}: {reason}") from None
    return Cells(db, spell(path.name), tuple(names)), types


def _names_in_parquet(db: "DuckDBPyConnection", file: Path) -> list[str]:
    """Names of the columns as written; DuckDB renames those that differ in case only."""
    query = "SELECT name, coalesce(num_children, 0) FROM parquet_schema($file)"
    (_, width), *fields = db.execute(query, {"file": escape(str(file))}).fetchall()
    names = []
    # The tree of fields is flat here, every field before its children.
    for _ in range(width):
        name, children = fields.pop(0)
        names.append(name)
        while children:
            children += fields.pop(0)[1] - 1
    return names


def _refuse_other_than_records(cells: Cells, types: Sequence[str]) -> None:
    # DuckDB calls what is no record "json", and a table kept by columns is one record of lists.
    nested = all(kind[-1] in "])" and not is_numeric(kind) for kind in types)
    if (cells.names == ("json",) and cells.count_rows()) or nested:
        raise TableError(
            f"{cells.source} is not a list of records; write it as "
            '[{"x": 1, "y": 2}, …] (with pandas: orient="records")'
        )


def _as_cell(j: int, kind: str) -> str:
    """SQL for a column as DOUBLE where its type is numeric, else as text."""
    if is_numeric(kind):
        return f"c{j}::DOUBLE AS c{j}"
    if kind == "JSON":
        return f"c{j} ->> '$' AS c{j}"
    return f"c{j}::VARCHAR AS c{j}"


READERS: "dict[str, Reader]" = {
    ".csv": read_text,
    ".tsv": read_text,
    ".txt": read_text,
    ".parquet": read_parquet,
    ".json": read_json,
}
