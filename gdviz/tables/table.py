"""From a table file to a dataset: read, chosen from, and whether it can be fitted.

A table that cannot be used is refused here, before anything is computed from it, with a
message that says what is wrong, where in the file, and what to do about it. A table that can
be used is read as it stands; whatever was decided on the way (which columns, which lines not)
is in the notes of the dataset.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gdviz.core.dataset import LARGEST, Dataset
from gdviz.core.moments import Array
from gdviz.core.wording import TableError, counted, listing, spell
from gdviz.messages import option
from gdviz.tables.cells import Cells, Column
from gdviz.tables.columns import Choice, Wish, choose
from gdviz.tables.formats import Asked, open_cells
from gdviz.tables.notation import is_number

__all__ = ["TableError", "read_table"]


def read_table(
    path: str | os.PathLike[str],
    *,
    target: str | None = None,
    features: str | Sequence[str] | None = None,
    encoding: str | None = None,
    drop_missing: bool = False,
    decimal: str | None = None,
    sheet: str | int | None = None,
    labels: tuple[str, str] | None = None,
    classes: bool = False,
) -> Dataset:
    """Read a table of numbers from a file.

    Parameters
    ----------
    path
        A .csv, .tsv, .txt, .parquet, .json (a list of records) or .xlsx file, or its .gz.
        Delimiter, header, quotes and decimal commas of text are found by looking.
    target
        Name of the column to predict; default: the last numeric one that does not number the
        rows. Two labels of text are read as 0 and 1, in alphabetical order.
    features
        Names of the columns to predict from, in the order wanted; default: every numeric column
        but the target, and but one that is called id or the like and numbers the rows.
    encoding
        A Python codec, such as gbk or utf-16; default UTF-8, with or without byte-order mark.
    drop_missing
        Leave out the rows in which a chosen column has no value; default: refuse them.
    decimal
        The sign before decimals, "." or ","; default: found by looking.
    sheet
        Of a workbook: the name of a sheet, or its number from 1; default: the first one.
    labels
        The two labels of the target whose rows are kept; they are read as 0 and 1 in this order,
        or as they are if they are numbers. Default: all that there are, if they are two.
    classes
        Whether the target is to be one of two labels; where it is not named, it is then the last
        column of two labels.

    Returns
    -------
    Dataset
        X (n_samples, n_features), y (n_samples,); its notes say what was decided.

    Raises
    ------
    TableError
        If the file is no table that can be fitted; the message says where and what to do.

    Examples
    --------
    >>> rent = read_table("gallery/data/rent.csv", features=["age"])
    >>> rent.feature_names, rent.target_name, rent.notes
    (('age',), 'rent', ('target rent, the last numeric column',))
    """
    wish = Wish(target, [features] if isinstance(features, str) else features, labels, classes)
    with open_cells(Path(path), Asked(encoding, decimal, sheet)) as cells:
        try:
            return _dataset(cells, wish, drop_missing)
        except TableError:
            # Where something is wrong, it is looked for in what is written, not in its numbers.
            if cells.reread is None:
                raise
            return _dataset(cells.reread(), wish, drop_missing)


def _dataset(cells: Cells, wish: Wish, drop_missing: bool) -> Dataset:
    if not cells.n_rows:
        below = " below its header" if cells.unit == "line" else ""
        raise TableError(f"{cells.source} has no rows{below}")
    columns = cells.survey()
    if cells.reread is not None and any(column.notation for column in columns):
        return _dataset(cells.reread(), wish, drop_missing)
    choice = choose(cells, columns, wish)
    _refuse_text(cells, columns, choice)
    values, others, left_out = _values(cells, columns, choice)
    rows, dropped = _complete_rows(cells, choice, values, others, drop_missing)
    values = values if len(rows) == len(values) else values[rows]
    _refuse_unfittable(cells, choice, values, rows)
    return Dataset(
        X=values[:, :-1],
        y=values[:, -1],
        feature_names=tuple(cells.names[j] for j in choice.inputs),
        target_name=cells.names[choice.output],
        source=cells.source,
        notes=(*cells.notes, *_read_as(cells, columns, choice), *choice.notes, *left_out, *dropped),
        label_names=choice.labels if choice.coded else None,
    )


def _values(
    cells: Cells, columns: Sequence[Column], choice: Choice
) -> tuple[Array, NDArray[np.bool_], list[str]]:
    """Features and target of all rows, (n_rows, p + 1), which have other labels, what is said.

    The labels of a target are numbers, or are coded as 0 and 1.
    """
    output, labels = choice.output, choice.labels
    asked = choice.inputs if choice.coded else choice.chosen
    values = cells.numbers(asked, [columns[j].notation for j in asked])
    if labels is None:
        return values, np.zeros(len(values), dtype=bool), []
    codes = cells.codes(output, labels, columns[output])
    values = np.column_stack([values, codes]) if choice.coded else values
    others = codes == -1
    number = int(others.sum())
    said = [f"left out, of other labels: {counted(number, 'row')}"] if number else []
    return values, others, said


def _read_as(cells: Cells, columns: Sequence[Column], choice: Choice) -> list[str]:
    """Say how numbers are read that are not written as DuckDB and Python write them."""
    commas = any(column.notation and column.notation.decimal == "," for column in columns)
    notes = ["decimal commas: 1,5 is read as 1.5"] if commas else []
    for j in choice.inputs if choice.coded else choice.chosen:
        notation = columns[j].notation
        row = cells.decorated(j, notation) if notation else None
        if row is not None:
            number = cells.numbers([j], [notation])[row, 0]
            name, cell = spell(cells.names[j]), cells.value(row, j)
            notes.append(f'{name}: "{cell}" is read as {number:.15g}')
    return notes


# -- Whether they can be fitted -------------------------------------------------------------


def _refuse_text(cells: Cells, columns: Sequence[Column], choice: Choice) -> None:
    for j in choice.inputs if choice.coded else choice.chosen:
        if columns[j].texts:
            rows = cells.texts(j, columns[j].notation)
            trouble, remedy = "is not a number", "correct it"
            if is_number(cells.value(rows[0], j)):
                trouble, remedy = "is not written as other numbers are", "write all of them alike"
            raise TableError(f"{_at(cells, rows, j, trouble)}; {remedy} or choose other columns")


def _complete_rows(
    cells: Cells, choice: Choice, values: Array, others: NDArray[np.bool_], drop_missing: bool
) -> tuple[NDArray[np.intp], list[str]]:
    """Rows without a missing value, leaving out others, and what is to be said of the rest."""
    missing = np.isnan(values) & ~others[:, np.newaxis]
    incomplete = missing.any(axis=1)
    rows = np.flatnonzero(incomplete)
    complete = np.flatnonzero(~(incomplete | others))
    if not len(rows):
        return complete, []
    where = cells.numbered(rows.tolist())
    if drop_missing:
        return complete, [f"dropped {counted(len(rows), 'row')}, values missing: {where}"]
    names = [cells.names[choice.chosen[k]] for k in np.flatnonzero(missing.any(axis=0))]
    raise TableError(
        f"{cells.source}, {where}: no value in {listing(names)}; "
        f"fill it in, or leave such rows out with {option(drop_missing=True)}"
    )


def _refuse_unfittable(cells: Cells, choice: Choice, values: Array, rows: NDArray[np.intp]) -> None:
    """Raise TableError where the values of the rows that are left hold no regression in doubles."""
    if len(rows) < 2:
        left = "one row" if len(rows) else "no row"
        left += " left without the rows that miss values" if cells.n_rows > len(rows) else ""
        raise TableError(f"{cells.source} has {left}; a regression needs at least two")
    for k, j in enumerate(choice.chosen):
        _refuse_out_of_range(cells, j, values[:, k], rows)
    features = values[:, :-1]
    if (features == features[0]).all():
        names = listing(cells.names[j] for j in choice.inputs)
        raise TableError(
            f"{cells.source}: nothing varies in {names}; choose a feature whose values differ"
        )


def _refuse_out_of_range(cells: Cells, j: int, column: Array, rows: NDArray[np.intp]) -> None:
    """Raise TableError where the squares of a column are no doubles any more."""
    sizes = np.abs(column)
    infinite, large = rows[np.isinf(sizes)], rows[sizes >= LARGEST]
    if len(infinite):
        trouble = _at(cells, infinite.tolist(), j, "is infinite in double precision")
        raise TableError(f"{trouble}; correct it or take it out")
    if len(large):
        trouble = _at(cells, large.tolist(), j, "is too large to be squared")
        raise TableError(f"{trouble}; give the column in larger units")
    if 0 < sizes.max() <= 1 / LARGEST:
        raise TableError(
            f'{cells.source}, column "{spell(cells.names[j])}": nothing is above '
            f"{sizes.max():.3g}, too small to be squared; give the column in smaller units"
        )


def _at(cells: Cells, rows: Sequence[int], j: int, trouble: str) -> str:
    """Write what is wrong with the first of some cells of column j, and where the others are."""
    first, *others = rows
    also = f" (likewise {cells.numbered(others)})" if others else ""
    where = f'{cells.source}, {cells.numbered([first])}, column "{spell(cells.names[j])}"'
    return f'{where}: "{cells.value(first, j)}" {trouble}{also}'
