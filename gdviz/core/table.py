"""From a table file to a dataset: which columns, and whether they can be fitted.

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

from gdviz.core.cells import Cells, Column
from gdviz.core.dataset import LARGEST, Dataset
from gdviz.core.formats import open_cells
from gdviz.core.moments import Array
from gdviz.core.wording import MOST, TableError, closest, listing, spell
from gdviz.messages import option

__all__ = ["TableError", "read_table"]


def read_table(
    path: str | os.PathLike[str],
    *,
    target: str | None = None,
    features: Sequence[str] | None = None,
    encoding: str | None = None,
    drop_missing: bool = False,
) -> Dataset:
    """Read a table of numbers from a file.

    Parameters
    ----------
    path
        A .csv, .tsv, .txt, .parquet or .json file (a list of records), or its .gz. Delimiter,
        header, quotes and decimal commas of text are found by looking.
    target
        Name of the column to predict; default: the last numeric one. Two labels of text are
        read as 0 and 1, in alphabetical order.
    features
        Names of the columns to predict from, in the order wanted; default: every numeric column
        but the target.
    encoding
        A Python codec, such as gbk or utf-16; default UTF-8, with or without byte-order mark.
    drop_missing
        Leave out the rows in which a chosen column has no value; default: refuse them.

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
    with open_cells(Path(path), encoding) as cells:
        return _dataset(cells, target, features, drop_missing)


def _dataset(
    cells: Cells, target: str | None, features: Sequence[str] | None, drop_missing: bool
) -> Dataset:
    if not cells.count_rows():
        raise TableError(f"{cells.source} has no rows{' below its header' if cells.text else ''}")
    coded = _code_labels(cells, target)
    columns = cells.survey()
    inputs, output, notes = _choose(cells, columns, target, features)
    chosen = [*inputs, output]
    _refuse_text(cells, columns, chosen)
    values = cells.numbers(chosen)
    rows, dropped = _complete_rows(cells, chosen, values, drop_missing)
    _refuse_unfittable(cells, chosen, values, rows)
    return Dataset(
        X=values[rows, :-1],
        y=values[rows, -1],
        feature_names=tuple(cells.names[j] for j in inputs),
        target_name=cells.names[output],
        source=cells.source,
        notes=(*cells.notes, *notes, *coded, *dropped),
    )


def _code_labels(cells: Cells, target: str | None) -> list[str]:
    """Write 0 and 1 for the two labels of a target of text, and say so."""
    if target not in cells.names:
        return []
    labels = cells.code_labels(cells.names.index(target))
    zero, one = map(spell, labels) if labels else ("", "")
    return [f"{spell(target)}: {zero} is 0, {one} is 1"] if labels else []


# -- Which columns --------------------------------------------------------------------------


def _choose(
    cells: Cells, columns: Sequence[Column], target: str | None, features: Sequence[str] | None
) -> tuple[list[int], int, list[str]]:
    """Choose features and target: their indices, and what is to be said of the choice."""
    numeric = [j for j, column in enumerate(columns) if column.numeric]
    wanted = None if features is None else _find_features(cells, columns, features)
    output = _find_target(cells, columns, target, [j for j in numeric if j not in (wanted or [])])
    inputs = [j for j in numeric if j != output] if wanted is None else wanted
    if output in inputs:
        raise TableError(
            f"{_name(cells, output)} is the target and cannot be a feature too; "
            "leave it out of the features"
        )
    if not inputs:
        raise TableError(
            f"{cells.source} has no feature: no numeric column but {_name(cells, output)}"
            + _what_is_text(cells, columns)
        )
    notes = [f"target {_name(cells, output)}, the last numeric column"] if target is None else []
    notes += [] if features is not None else _said_of_all(cells, columns, inputs)
    return inputs, output, notes


def _find_features(cells: Cells, columns: Sequence[Column], names: Sequence[str]) -> list[int]:
    names = [names] if isinstance(names, str) else [*names]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise TableError(f"chosen more than once as a feature: {listing(sorted(twice))}")
    if not names:
        raise TableError("no feature was chosen; name at least one column")
    return [_find(cells, columns, name) for name in names]


def _find_target(
    cells: Cells, columns: Sequence[Column], name: str | None, numeric: Sequence[int]
) -> int:
    if name is not None:
        return _find(cells, columns, name)
    if not numeric:
        raise TableError(
            f"{cells.source} has no numeric column for a target; "
            f"its columns are {listing(cells.names)}{_what_is_text(cells, columns)}"
        )
    return numeric[-1]


def _find(cells: Cells, columns: Sequence[Column], name: str) -> int:
    """Index of a column that was asked for; TableError where it is not there or not numeric."""
    if name not in cells.names:
        raise TableError(
            f'no column "{spell(name)}" in {cells.source}; its columns are '
            f"{listing(cells.names)}{closest(name, cells.names)}"
        )
    j = cells.names.index(name)
    if not columns[j].numeric:
        numeric = [cells.names[k] for k, column in enumerate(columns) if column.numeric]
        example = _example(cells, columns, j)
        raise TableError(
            f'column "{spell(name)}" of {cells.source} is not numeric{example}; '
            f"the numeric columns are {listing(numeric) or 'none'}"
        )
    return j


def _said_of_all(cells: Cells, columns: Sequence[Column], inputs: Sequence[int]) -> list[str]:
    """Say which features were chosen by default, and which columns were not and why."""
    notes = [f"features {listing(cells.names[j] for j in inputs)}, the other numeric columns"]
    left_out = [j for j, column in enumerate(columns) if not column.numeric]
    if left_out:
        shown = [f"{cells.names[j]}{_example(cells, columns, j)}" for j in left_out[:MOST]]
        shown += [cells.names[j] for j in left_out[MOST:]]
        notes.append(f"left out, not numeric: {listing(shown)}")
    return notes


def _example(cells: Cells, columns: Sequence[Column], j: int) -> str:
    """The first cell that is no number, in brackets."""
    if not columns[j].texts:
        return " (empty)"
    return f' ("{cells.value(cells.texts(j)[0], j)}")'


def _what_is_text(cells: Cells, columns: Sequence[Column]) -> str:
    """Name columns of text, each with its first cell that is no number, or nothing."""
    textual = [j for j, column in enumerate(columns) if column.texts and not column.numeric]
    if not textual:
        return ""
    told = [f"{_name(cells, j)} ({_first_text(cells, j)})" for j in textual[:3]]
    more = f" and {len(textual) - 3} more" if textual[3:] else ""
    return f"; not numeric: {', '.join(told)}{more}"


def _first_text(cells: Cells, j: int) -> str:
    first = cells.texts(j)[0]
    return f'"{cells.value(first, j)}" in {cells.places([first])}'


def _name(cells: Cells, j: int) -> str:
    return spell(cells.names[j])


# -- Whether they can be fitted -------------------------------------------------------------


def _refuse_text(cells: Cells, columns: Sequence[Column], chosen: Sequence[int]) -> None:
    for j in chosen:
        if columns[j].texts:
            raise TableError(
                _at(cells, cells.texts(j), j, "is not a number")
                + "; correct it or choose other columns"
            )


def _complete_rows(
    cells: Cells, chosen: Sequence[int], values: Array, drop_missing: bool
) -> tuple[NDArray[np.intp], list[str]]:
    """Rows, from 0, without a missing value, and what is to be said of the others."""
    missing = np.isnan(values)
    incomplete = missing.any(axis=1)
    rows = np.flatnonzero(incomplete)
    if not len(rows):
        return np.arange(len(values)), []
    where = cells.places(rows.tolist())
    if drop_missing:
        s = "s" if len(rows) > 1 else ""
        return np.flatnonzero(~incomplete), [f"dropped {len(rows)} row{s}, values missing: {where}"]
    names = [cells.names[j] for j, holes in zip(chosen, missing.T, strict=True) if holes.any()]
    raise TableError(
        f"{cells.source}, {where}: no value in {listing(names)}; "
        f"fill it in, or leave such rows out with {option(drop_missing=True)}"
    )


def _refuse_unfittable(
    cells: Cells, chosen: Sequence[int], values: Array, rows: NDArray[np.intp]
) -> None:
    """Raise TableError where the rows that are left hold no regression in double precision."""
    if len(rows) < 2:
        left = "one row" if len(rows) else "no row"
        left += " left without the rows that miss values" if len(values) > len(rows) else ""
        raise TableError(f"{cells.source} has {left}; a regression needs at least two")
    kept = values[rows]
    for k, j in enumerate(chosen):
        _refuse_out_of_range(cells, j, kept[:, k], rows)
    features = kept[:, :-1]
    if (features == features[0]).all():
        names = listing(cells.names[j] for j in chosen[:-1])
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
            f'{cells.source}, column "{_name(cells, j)}": nothing is above {sizes.max():.3g}, '
            "too small to be squared; give the column in smaller units"
        )


def _at(cells: Cells, rows: Sequence[int], j: int, trouble: str) -> str:
    """Say what is wrong with the first of some cells of column j, and where the others are."""
    first, *others = rows
    also = f" (likewise {cells.places(others)})" if others else ""
    where = f'{cells.source}, {cells.places([first])}, column "{_name(cells, j)}"'
    return f'{where}: "{cells.value(first, j)}" {trouble}{also}'
