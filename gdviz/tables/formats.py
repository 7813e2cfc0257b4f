"""From a file to its cells: one reader for each kind of table file.

Every reader creates DuckDB's table ``cells`` and returns :class:`~gdviz.tables.cells.Cells`.
Text and JSON are read from a UTF-8 copy in a temporary folder, so DuckDB never sees the name
of the user's file, in which ``*`` and ``[`` would be patterns; a sheet is read as the text that
it would be saved as.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from glob import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from gdviz.core.wording import LONGEST_PATH, TableError, closest, listing, numbered, spell
from gdviz.files import full_disk_named, is_special
from gdviz.tables.cells import Cells, Numbering
from gdviz.tables.dialect import (
    SPACE,
    Dialect,
    cells_of,
    find_dialect,
    lines_of,
    refuse_ragged,
    title_lines,
)
from gdviz.tables.plaintext import copy_as_utf8, decompress
from gdviz.tables.workbook import copy_sheet

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["READERS", "Asked", "open_cells"]

TYPED = {
    "Parquet": "read_parquet($file, hive_partitioning = false)",
    "JSON": "read_json($file, sample_size = -1)",
}

NUMERIC = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "BIGNUM")

# What DuckDB says of a line, and what we say.
IN_A_LINE = {
    "unterminated quote": "a quote is opened and not closed",
    "Maximum line size": "over two million characters are too many for a line",
}

AT_THE_EDGE = 1024  # bytes of a file in which its first or its last sign stands
ONE_COLUMN = "{} has one column; a regression needs a feature and a target, {}"


@dataclass(frozen=True)
class Asked:
    """How somebody wants a file to be read, where looking at it is not enough."""

    encoding: str | None = None
    decimal: str | None = None
    sheet: str | int | None = None


@dataclass(frozen=True)
class Opened:
    """A file that can be read: where DuckDB is to put its cells, and what it is called.

    Attributes
    ----------
    db
        A connection without a table ``cells``.
    file : Path
        What the file holds, not packed any more.
    source : str
        Its name for messages.
    folder : Path
        For copies.
    asked : Asked
    """

    db: "DuckDBPyConnection"
    file: Path
    source: str
    folder: Path
    asked: Asked


@contextmanager
def open_cells(path: Path, asked: Asked | None = None) -> Iterator[Cells]:
    """Open a table file; its cells are there until the block ends.

    Raises
    ------
    TableError
        If there is no such file, it cannot be read, or it is no table.
    """
    suffix, asked = _suffix(path), asked or Asked()
    _check_readable(path)
    if suffix not in READERS:
        raise TableError(
            f"cannot read {spell(path.name)}: gdviz reads {', '.join(READERS)}, "
            "also with .gz; save the table as .csv"
        )
    _refuse_unfit(spell(path.name), suffix, asked)
    with (
        TemporaryDirectory(prefix="gdviz-") as folder,
        full_disk_named(folder),
        _connected(folder) as db,
    ):
        packed = path.suffix.lower() == ".gz"
        file = decompress(path, Path(folder) / f"unpacked{suffix}") if packed else path
        cells = READERS[suffix](Opened(db, file, path.name, Path(folder), asked))
        _refuse_duplicates(cells)
        yield cells


def _refuse_unfit(source: str, suffix: str, asked: Asked) -> None:
    """Raise TableError where something was asked for that files of a suffix do not have."""
    if asked.decimal not in (None, ".", ","):
        raise TableError(f'a decimal sign is "." or ",", not "{spell(asked.decimal)}"')
    if asked.sheet is not None and suffix != ".xlsx":
        raise TableError(f"{source} is no workbook and has no sheets; leave the sheet out")
    if asked.encoding is not None and suffix in (".parquet", ".xlsx"):
        kind = "Parquet" if suffix == ".parquet" else "a workbook"
        raise TableError(f"{source} is {kind}, which has no encoding; leave it out")


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
    twice = sorted(name for name, times in Counter(cells.names).items() if times > 1)
    if twice:
        raise TableError(
            f"{cells.source} has more than one column called {listing(twice)}; "
            "give every column a name of its own"
        )


# -- Text -----------------------------------------------------------------------------------


def read_text(opened: Opened) -> Cells:
    """Read delimited text, however its columns are separated."""
    source = spell(opened.source)
    copy = copy_as_utf8(opened.file, opened.folder / "text", opened.source, opened.asked.encoding)
    text, dialect = _text_and_dialect(copy, source)
    titles = title_lines(text, dialect, source)
    notes = [f"skipped {numbered('line', titles)}, above the table"] if titles else []
    return _cells_of_text(
        opened, text, dialect, notes, "line", lambda rows: lines_of(text, dialect, rows)
    )


def _text_and_dialect(copy: Path, source: str) -> tuple[Path, Dialect]:
    """The text, its columns separated by a delimiter, and how it is written."""
    with copy.open(encoding="utf-8") as lines:
        if not any(line.strip("\ufeff \t\n") for line in lines):
            raise TableError(f"{source} is empty")
    dialect = find_dialect(copy)
    if dialect is None:
        separated = "separated by commas, semicolons, tabs or spaces"
        raise TableError(ONE_COLUMN.format(source, separated))
    if dialect.delimiter == SPACE:
        copy, dialect = _tabbed(copy), replace(dialect, delimiter="\t")
    if len(dialect.first) != dialect.width:
        refuse_ragged(copy, dialect, source)
    return copy, dialect


def _tabbed(text: Path) -> Path:
    """Copy a text with a tab for every run of white space."""
    copy = text.with_suffix(".tabs")
    with text.open(encoding="utf-8") as lines, copy.open("w", encoding="utf-8") as out:
        out.writelines("\t".join(cells_of(line)) + "\n" for line in lines)
    return copy


def _cells_of_text(
    opened: Opened, text: Path, dialect: Dialect, notes: Sequence[str], unit: str, at: Numbering
) -> Cells:
    """The cells of a text whose dialect is known, as numbers at once where that will do."""
    source, header = spell(opened.source), dialect.header
    names = tuple(_named(j, name if header else "") for j, name in enumerate(dialect.first))
    nameless = {j for j, name in enumerate(dialect.first) if header and not name.strip()}
    told = () if header else (f"no header line; the columns are called {listing(names, 3)}",)

    def filled(types: tuple[str, ...]) -> Cells:
        with _explained(text, dialect, source):
            _fill(opened.db, text, dialect, types)
        return Cells(
            opened.db,
            source,
            names,
            types,
            notes=(*notes, *told),
            nameless=frozenset(nameless),
            unit=unit,
            numbering=at,
            by_commas=dialect.delimiter == ",",
            decimal=opened.asked.decimal,
        )

    as_text = ("VARCHAR",) * dialect.width
    if "DOUBLE" in dialect.types and opened.asked.decimal != ",":
        with suppress(TableError):
            return replace(filled(dialect.types), reread=lambda: filled(as_text))
    return filled(as_text)


def _fill(db: "DuckDBPyConnection", text: Path, dialect: Dialect, types: Sequence[str]) -> None:
    """Create the table ``cells`` with DuckDB's csv reader."""
    columns = ", ".join(f"c{j}: '{kind}'" for j, kind in enumerate(types))
    # Each word to look for costs time: where there are others, the cells are read as text.
    words = ["", *(dialect.missing if "DOUBLE" in types else ())]
    query = f"""CREATE OR REPLACE TABLE cells AS FROM read_csv($text, columns = {{{columns}}},
        auto_detect = false, delim = $delimiter, quote = $quote, escape = $quote,
        comment = '', skip = $skip, header = $header, nullstr = $words)"""
    options = {name: getattr(dialect, name) for name in ("delimiter", "quote", "skip", "header")}
    db.execute(query, {"text": escape(str(text)), "words": words, **options})


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


def _named(j: int, name: str) -> str:
    return name.strip() or f"column{j}"


def read_workbook(opened: Opened) -> Cells:
    """Read a sheet of a workbook, by way of the text that it would be saved as."""
    sheet = copy_sheet(opened.file, opened.folder / "sheet", opened.source, opened.asked.sheet)
    dialect = find_dialect(sheet.text, ",")
    if dialect is None:
        raise TableError(ONE_COLUMN.format(spell(opened.source), "side by side"))
    below = sheet.rows[dialect.header :]
    return _cells_of_text(
        opened, sheet.text, dialect, sheet.notes, "row", lambda rows: [below[row] for row in rows]
    )


# -- Parquet and JSON -----------------------------------------------------------------------


def read_parquet(opened: Opened) -> Cells:
    """Read Parquet."""
    cells, _ = _typed(opened, opened.file, "Parquet")
    return _renamed(cells, _names_in_parquet(opened.db, opened.file))


def read_json(opened: Opened) -> Cells:
    """Read a JSON list of records, or one record a line."""
    copy = copy_as_utf8(opened.file, opened.folder / "json", opened.source, opened.asked.encoding)
    _refuse_cut_off(copy, opened.source)
    cells, types = _typed(opened, copy, "JSON")
    _refuse_other_than_records(cells, types)
    return _renamed(cells, _keys_in_json(opened.db, copy, cells.names))


def _refuse_cut_off(file: Path, source: str) -> None:
    """Refuse a list that has no end; DuckDB reads one that ends behind a comma without a word."""
    with file.open("rb") as text:
        begin = text.read(AT_THE_EDGE).lstrip(b"\xef\xbb\xbf \t\r\n")
        text.seek(max(0, text.seek(0, os.SEEK_END) - AT_THE_EDGE))
        end = text.read().rstrip()
    if begin.startswith(b"[") and end and not end.endswith(b"]"):
        raise TableError(f"{spell(source)} is cut off: its list of records has no ] at the end")


def _typed(opened: Opened, file: Path, kind: str) -> tuple[Cells, list[str]]:
    """Create the table ``cells`` from a format that knows names and types; return the types."""
    import duckdb

    db, name = opened.db, spell(opened.source)
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
        raise TableError(f"cannot read {name} as {kind}: {reason}") from None
    read = tuple("DOUBLE" if is_numeric(type_) else "VARCHAR" for type_ in types)
    cells = Cells(db, name, tuple(names), read, decimal=opened.asked.decimal)
    return cells, types


def _renamed(cells: Cells, names: Sequence[str]) -> Cells:
    nameless = {j for j, name in enumerate(names) if not name.strip()}
    named = tuple(name or f"column{j}" for j, name in enumerate(names))
    return replace(cells, names=named, nameless=frozenset(nameless))


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


def _keys_in_json(db: "DuckDBPyConnection", file: Path, names: Sequence[str]) -> Sequence[str]:
    """Names of the columns as written; DuckDB numbers those that differ in case only."""
    if len({name.lower() for name in names}) == len(names) and not any(
        re.search(r"_\d+$", name) for name in names
    ):
        return names
    query = """SELECT key FROM (
            SELECT n, unnest(json_keys(json)) AS key, unnest(range(len(json_keys(json)))) AS k
            FROM (SELECT row_number() OVER () AS n, json FROM read_json_objects($file)))
        GROUP BY key ORDER BY min(n), arg_min(k, n)"""
    keys = [key for (key,) in db.execute(query, {"file": escape(str(file))}).fetchall()]
    return keys if len(keys) == len(names) else names


def _refuse_other_than_records(cells: Cells, types: Sequence[str]) -> None:
    # DuckDB calls what is no record "json", and a table kept by columns is one record of lists.
    nested = all(kind[-1] in "])" and not is_numeric(kind) for kind in types)
    if (cells.names == ("json",) and cells.n_rows) or nested:
        raise TableError(
            f"{cells.source} is not a list of records; write it as "
            '[{"x": 1, "y": 2}, …] (with pandas: orient="records")'
        )


def is_numeric(kind: str) -> bool:
    """Whether values of a DuckDB type are numbers.

    >>> [is_numeric(kind) for kind in ("UBIGINT", "DECIMAL(9,2)", "BOOLEAN", "BIGINT[]")]
    [True, True, False, False]
    """
    return kind.removeprefix("U") in NUMERIC or (kind.startswith("DECIMAL") and kind[-1] == ")")


def _as_cell(j: int, kind: str) -> str:
    """SQL for a column as DOUBLE where its type is numeric, else as text."""
    if is_numeric(kind):
        return f"c{j}::DOUBLE AS c{j}"
    if kind == "JSON":
        return f"c{j} ->> '$' AS c{j}"
    return f"c{j}::VARCHAR AS c{j}"


READERS: dict[str, Callable[[Opened], Cells]] = {
    ".csv": read_text,
    ".tsv": read_text,
    ".txt": read_text,
    ".parquet": read_parquet,
    ".json": read_json,
    ".xlsx": read_workbook,
}
