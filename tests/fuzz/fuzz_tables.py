"""Tables made at random, well-formed and damaged, against pandas: `make fuzz`.

A well-formed table has to be read to the numbers that pandas reads, who is told how it is written;
one that is decorated as spreadsheets do it, to the numbers that were decorated. A damaged one has
to be refused in a line, or read to numbers that stand in it. Nothing else may come of it: no other
exception, no warning. Table 17 of seed 1 is the same on every machine, and made again by
`fuzz_tables.py --seed 1 --first 17 --tables 1 --show`.
"""

import argparse
import csv
import io
import re
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from gdviz.tables import formats
from gdviz.tables.table import TableError, read_table

NAMES = (
    "area",
    "age",
    "rent",
    "面积",
    "it's",
    'say "hi"',
    "a,b",
    "a;b",
    "$y_1$",
    "x y",
    "m²",
    "c0",
)
WORDS = ("", "NA", "n/a", "null", "NaN", "-", "?", "#N/A")
TEXTS = ("Oslo", "New York", "a,b", "it's", "2020-01-02", "12:30", "x\ny", '"', "yes", "12 kg")
DELIMITERS = (",", ";", "\t", "|", " ")
STYLES = ("thousands", "currency", "percent", "brackets", "thin")


@dataclass
class Table:
    """A table as it is meant. cells: columns of text; values: columns of numbers, or None."""

    names: list[str]
    cells: list[list[str]]
    values: list[list[float] | None]
    delimiter: str
    decimal: str
    header: bool
    decorated: bool

    def text(self, rng: np.random.Generator) -> str:
        """Write it down, now with quotes, now without, now below a comment."""
        quoted = rng.random() < 0.2 and self.delimiter != " "
        out = io.StringIO()
        quoting = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
        writer = csv.writer(out, delimiter=self.delimiter, quoting=quoting, lineterminator="\n")
        writer.writerows([self.names] * self.header)
        writer.writerows(zip(*self.cells, strict=True))
        comment = "# made by hand\n" if rng.random() < 0.1 else ""
        return (comment + out.getvalue()).replace("\n", "\r\n" if rng.random() < 0.1 else "\n")


def made(rng: np.random.Generator) -> Table:
    """Make a table of 2 to 5 columns, the last two of them numbers."""
    delimiter = str(rng.choice(DELIMITERS))
    decorated = bool(rng.random() < 0.35)
    decimal = "," if delimiter != "," and rng.random() < 0.3 else "."
    n_rows, n_columns = int(rng.integers(2, 12)), int(rng.integers(2, 6))
    fit = [name for name in NAMES if delimiter != " " or not set(name) & set(' "')]
    cells, values = [], []
    for j in range(n_columns):
        if j < n_columns - 2 and rng.random() < 0.2:
            words = [w for w in TEXTS if delimiter != " " or not set(w) & set(' "\n')]
            cells.append([str(word) for word in rng.choice(words, n_rows)])
            values.append(None)
        else:
            column, numbers = numeric(rng, n_rows, decimal, decorated, delimiter)
            cells.append(column)
            values.append(numbers)
    names = [str(name) for name in rng.choice(fit, n_columns, replace=False)]
    return Table(names, cells, values, delimiter, decimal, rng.random() < 0.8, decorated)


def numeric(
    rng: np.random.Generator, n: int, decimal: str, decorated: bool, delimiter: str
) -> tuple[list[str], list[float]]:
    """A column of numbers: as text, in one style throughout, and as what they are worth."""
    size = 10.0 ** rng.integers(-3, 7)
    digits = int(rng.integers(0, 4)) if decorated or rng.random() < 0.5 else 17
    drawn = (rng.normal(size=n) * size).tolist()
    texts = [f"{x:.{digits}f}" if digits < 17 else repr(x) for x in drawn]
    style = str(rng.choice(STYLES)) if decorated else ""
    values = [float(text + "e-2" * (style == "percent")) for text in texts]
    cells = [dressed(text, style, decimal) for text in texts]
    if rng.random() < 0.2:
        hole = int(rng.integers(n))
        cells[hole] = str(rng.choice(WORDS[delimiter == " " :]))
        values[hole] = np.nan
    return cells, values


def dressed(text: str, style: str, decimal: str) -> str:
    """A number in a style and with a decimal sign: -1234.5 is (1.234,5), and so on."""
    sign, bare = text[: text.startswith("-")], text.lstrip("-")
    whole, _, rest = bare.partition(".")
    if style and style != "percent":
        group = "\u202f" if style == "thin" else "," if decimal == "." else "."
        whole = f"{int(whole):,}".replace(",", group)
    number = whole + (decimal + rest if rest else "")
    if style == "brackets":
        return f"({number})" if sign else number
    return sign + "$" * (style == "currency") + number + "%" * (style == "percent")


# -- What has to come of it ------------------------------------------------------------------


def expected(table: Table, path: Path) -> np.ndarray:
    """The columns of numbers: as pandas finds them, or, if they are decorated, as meant."""
    numeric = [k for k, column in enumerate(table.values) if column is not None]
    if table.decorated:
        return np.transpose([table.values[k] for k in numeric])
    frame = pd.read_csv(
        path,
        sep=table.delimiter,
        header=0 if table.header else None,
        dtype=str,
        keep_default_na=False,
        na_values=[*WORDS],
        skiprows=int(path.read_text(encoding="utf-8").startswith("# made")),
    ).iloc[:, numeric]
    # Its cells, but Python's numbers: pandas' own are some units in the last place away.
    return frame.map(lambda cell: float(str(cell).replace(table.decimal, "."))).to_numpy()


def refused(error: TableError) -> str:
    """What an error says, or AssertionError where that is more than a line."""
    message = str(error)
    assert message.isprintable()
    assert len(message) < 600
    return message


def check_whole(table: Table, path: Path) -> str:
    """Read a well-formed table; say how it came out, or raise AssertionError."""
    try:
        read = read_table(path, drop_missing=True)
    except TableError as error:
        return f"well-formed, refused: {fair(table, refused(error))}"
    numbers, known = np.column_stack([read.X, read.y]), expected(table, path)
    known = known[~np.isnan(known).any(axis=1)]
    if not np.array_equal(numbers, known):
        # A point before three digits is a decimal point where nothing in the table tells.
        other = numbers != known
        doubtful = table.decimal == "," and np.allclose(known[other], 1000 * numbers[other])
        assert doubtful, f"{numbers.tolist()} and not {known.tolist()}"
        return "read with decimal points"
    return "read as it was meant" if table.decorated else "read as pandas reads it"


def fair(table: Table, message: str) -> str:
    """Why a well-formed table may be refused; AssertionError where it may not."""
    columns = np.transpose([column for column in table.values if column is not None])
    kept = columns[~np.isnan(columns).any(axis=1)]
    if len(kept) < 2:
        return "less than two whole rows"
    fine = {
        "nothing in the table tells": table.delimiter != ",",
        "nothing varies": (kept[:, :-1] == kept[:1, :-1]).all(),
        # Two rows, of which the first has a text in it, as a header has.
        "has one row": len(columns) == 2 and len(table.values) > columns.shape[1],
        "no feature": np.isnan(columns).sum(axis=0).max() == len(columns) - 1,
    }
    why = [told for told, may_be in fine.items() if told in message and may_be]
    assert why, message
    return why[0]


def check_damaged(path: Path) -> str:
    """Read a damaged table; say how it came out, or raise AssertionError."""
    try:
        read = read_table(path, drop_missing=True)
    except TableError as error:
        return "damaged, refused" * bool(refused(error))
    text = re.sub(r"[^0-9]", "", path.read_text(encoding="utf-8-sig"))
    for value in np.column_stack([read.X, read.y]).ravel():
        digits = re.sub(r"^0+|0+$", "", re.sub(r"e.*|[^0-9e]", "", f"{value!r}".split("(")[-1]))
        # The shortest digits of a double may round up what was written in more of them.
        assert digits[:13] in text, f"{value!r} does not stand in the file"
    return "damaged, read"


def damaged(rng: np.random.Generator, text: str) -> str:
    """Cut, double, swap or overwrite a few pieces of a text."""
    for _ in range(int(rng.integers(1, 4))):
        a, b = sorted(rng.integers(0, len(text) + 1, 2).tolist())
        b = min(b, a + int(rng.integers(1, 12)))
        new = str(
            rng.choice(["", text[a:b] * 2, '"', ",", ";", "\n", "#", "x", "1e999", "\t", "''", " "])
        )
        text = text[:a] + new + text[b:]
    return text


def attempt(seed: int, k: int, path: Path, show: bool) -> str:
    """Make table k of a seed, read it, and say how it came out."""
    rng = np.random.default_rng([seed, k])
    table = made(rng)
    whole = rng.random() < 0.7
    text = table.text(rng) if whole else damaged(rng, table.text(rng))
    path.write_text(text, encoding="utf-8", newline="")
    if show:
        print(f"{text!r}\n{text}")
    return check_whole(table, path) if whole else check_damaged(path)


def share_a_connection() -> None:
    """Read all tables over one connection: making one takes longer than reading a small table."""
    shared = duckdb.connect(":memory:")

    @contextmanager
    def connected(folder: str) -> Iterator[duckdb.DuckDBPyConnection]:
        try:
            yield shared
        finally:
            shared.execute("DROP TABLE IF EXISTS cells")

    formats._connected = connected


def main() -> int:
    """Try tables for as long as was asked; 0 if all came out as they have to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("tables", 1000), ("seconds", 10**9), ("seed", 1), ("first", 0)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--show", action="store_true")
    asked = parser.parse_args()
    warnings.simplefilter("error")
    share_a_connection()
    outcomes: Counter[str] = Counter()
    end = time.monotonic() + asked.seconds
    with tempfile.TemporaryDirectory() as folder:
        for k in range(asked.first, asked.first + asked.tables):
            if time.monotonic() > end:
                break
            try:
                outcomes[attempt(asked.seed, k, Path(folder) / "t.csv", asked.show)] += 1
            except Exception as error:
                outcomes["WRONG"] += 1
                print(f"seed {asked.seed}, table {k}: {type(error).__name__}: {error}", flush=True)
                if asked.show:
                    traceback.print_exc()
    for outcome, number in outcomes.most_common():
        print(f"{number:8,}  {outcome}")
    return int("WRONG" in outcomes)


if __name__ == "__main__":
    sys.exit(main())
