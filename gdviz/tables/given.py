"""A table in any form (arrays, a data frame, a Dataset, a path) -> Dataset.

People call a function with what they have: a path, a DataFrame and the name of a column, labels of
text. What can be meant is done; what cannot is refused here, before anything is computed, in words
that say what was given and what to give instead.
"""

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.core.dataset import Dataset
from gdviz.core.wording import closest, listing, spell
from gdviz.messages import option

__all__ = ["dataset_of"]


def dataset_of(
    X: Any,
    y: Any = None,
    *,
    target: Any = None,
    features: str | Sequence[Any] | None = None,
    classes: bool = False,
) -> Dataset:
    """Return the dataset that X and y are, or that is read from the path X.

    Parameters
    ----------
    X : Dataset, path, DataFrame, or (n_samples, n_features) array-like
    y : (n_samples,) array-like; labels may be text
    target, features
        Names of columns, of a file or a DataFrame.
    classes : bool
        Whether the target is one of two labels.

    Raises
    ------
    ValueError
        If something is missing, given twice, not a number, or not one of two labels.
    TypeError
        If X is nothing that has rows and columns.
    """
    features = [features] if isinstance(features, str) else features
    if isinstance(X, (str, os.PathLike)):
        return _read(X, y, target, features, classes)
    if isinstance(X, Dataset):
        if not (y is None and target is None and features is None):
            raise ValueError(
                "features and target are already part of the Dataset; leave y, target, features out"
            )
        return X
    if not _has_rows(X):
        raise TypeError(
            f"X is a {type(X).__name__}; give an array, a DataFrame, a Dataset or a table's path"
        )
    X, y = _split(X, y, target, features)
    _refuse_text(X)
    coded, names = _coded(y, classes)
    dataset = Dataset.of(X, coded)
    if names is None:
        return dataset
    name = getattr(y, "name", None) or dataset.target_name
    return replace(dataset, target_name=str(name), label_names=names)


def _has_rows(X: Any) -> bool:
    try:
        return np.ndim(X) > 0
    except ValueError:
        raise ValueError("the rows of X differ in length; each needs a number a column") from None


def _read(path: Any, y: Any, target: Any, features: Any, classes: bool) -> Dataset:
    from gdviz.tables.table import read_table  # DuckDB, only where a file is read

    if y is not None:
        raise ValueError(f"y is a column of {path}: name it, {option(target='…')}, in place of y")
    labels: dict[str, Any] = {"classes": True} if classes else {}
    return read_table(path, target=target, features=features, **labels)


def _split(X: Any, y: Any, target: Any, features: Sequence[Any] | None) -> tuple[Any, Any]:
    """Return features and target of a DataFrame, or X and y as they are given."""
    columns = [*X.columns] if hasattr(X, "columns") else None
    if isinstance(y, str):
        raise ValueError(f"y is the text {y!r}; to name a column, give {option(target=y)}")
    if y is not None and target is not None:
        raise ValueError("y and target are both given: give one")
    if columns is None and not (target is None and features is None):
        raise ValueError("columns of an array have no names; give y, or a DataFrame")
    if y is None and target is None:
        example = f", such as {option(target=columns[-1])}" if columns else ""
        raise ValueError(f"y is missing: the target, one number for each row of X{example}")
    for name in [*(features or []), *([] if target is None else [target])]:
        if columns is not None and columns.count(name) != 1:
            raise ValueError(_which(name, columns))
    if columns is None or (target is None and features is None):
        return X, y
    if target is not None and target in (features or []):
        raise ValueError(f"{spell(target)} is the target and cannot be a feature too")
    chosen = [name for name in columns if name != target] if features is None else [*features]
    return X[chosen], y if target is None else X[target]


def _which(name: Any, columns: list[Any]) -> str:
    if name in columns:
        return f"{columns.count(name)} columns are called {spell(name)}; give each its own name"
    near = closest(str(name), map(str, columns))
    return f'no column "{spell(name)}"; the columns are {listing(columns)}{near}'


def _refuse_text(X: Any) -> None:
    """Raise ValueError where a column of X holds text or dates, with the first of them."""
    for name, column in _columns(X):
        found = _first_text(column)
        if found is not None:
            row, value = found
            raise ValueError(
                f'column {spell(name)} holds "{spell(value)}" in row {row + 1}, which is no '
                "number; code it as numbers, or leave the column out of the features"
            )


def _columns(X: Any) -> list[tuple[Any, NDArray[Any]]]:
    """Name and values of the columns that may hold text."""
    if hasattr(X, "columns"):
        names = [*X.columns]
        if len(set(names)) < len(names):
            return []  # which is refused with its own words
        return [(name, np.asarray(X[name])) for name in names]
    rows = np.asarray(X)
    if rows.dtype.kind not in "OUSmM" or rows.ndim > 2:
        return []
    return [(f"x{j}", column) for j, column in enumerate(rows.reshape(len(rows), -1).T)]


def _first_text(column: NDArray[Any]) -> tuple[int, Any] | None:
    """Row and value of the first text that is no number, or of the first date; None without."""
    if column.dtype.kind in "mM":
        return 0, column[0]
    if column.dtype.kind in "OUS":
        for row, value in enumerate(column.tolist()):
            if isinstance(value, (str, bytes)) and not _is_number(value):
                return row, value
    return None


def _is_number(text: str | bytes) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _coded(y: Any, classes: bool) -> tuple[Any, tuple[str, str] | None]:
    """Write two labels of text as 0 and 1, in alphabetical order, and name them."""
    values = np.asarray(y)
    found = _first_text(values.ravel())
    if found is None:
        return y, None
    row, value = found
    if not classes:
        raise ValueError(
            f'y holds "{spell(value)}" in row {row + 1}, which is no number; '
            f"a target of two labels needs {option(loss='cross-entropy')}"
        )
    missing = [i for i, label in enumerate(values.ravel()) if label is None or label != label]
    if missing:
        raise ValueError(f"y has no label in row {missing[0] + 1}; drop the row or fill it in")
    labels = np.unique(values.astype(str))
    if len(labels) != 2:
        few = (
            "two are needed" if len(labels) < 2 else f"keep the rows of two, {listing(labels[:2])}"
        )
        raise ValueError(f"y has {len(labels)} labels, {listing(labels)}: {few}")
    zero, one = map(str, labels)
    return (values.astype(str) == one).astype(np.float64), (zero, one)
