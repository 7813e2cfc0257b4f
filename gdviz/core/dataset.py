"""A table of numbers, ready to be fitted: features X, target y, and their names.

A name is data, not markup: it is kept exactly as the table has it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np

from gdviz.core.features import Powers, Scaling, scaling_of
from gdviz.core.moments import Array, Moments
from gdviz.core.wording import counted, listing, spell

__all__ = ["Dataset", "refuse_masked"]

LARGEST = 1e150  # beyond it, and below 1/LARGEST, squares leave the range of a double


@dataclass(frozen=True, eq=False)
class Dataset:
    """Features, target and names of one table; frozen.

    Attributes
    ----------
    X : (n_samples, n_features) array
    y : (n_samples,) array
    feature_names : tuple of n_features str
    target_name : str
    source : str
        Where the rows came from (a file's name), for tables and messages; may be empty.
    notes : tuple of str
        What was decided in making it, to be told: columns chosen and left out, rows dropped.
    base, step : Dataset and Powers or Scaling
        What the features were made from, and how; None for a table as it is.
    label_names : (str, str) or None
        What the two values of the target are called, the smaller first: where it is one of two
        labels, and these are no numbers.

    Examples
    --------
    >>> Dataset.of([[1, -2], [2, 1]], [14, -12]).feature_names
    ('x0', 'x1')
    """

    X: Array
    y: Array
    feature_names: tuple[str, ...]
    target_name: str
    source: str = ""
    notes: tuple[str, ...] = ()
    base: "Dataset | None" = None
    step: Powers | Scaling | None = None
    label_names: tuple[str, str] | None = None

    @classmethod
    def of(
        cls,
        X: Any,
        y: Any,
        *,
        feature_names: Sequence[str] | None = None,
        target_name: str | None = None,
    ) -> "Dataset":
        """Make a dataset from arrays or from a pandas or polars DataFrame.

        Parameters
        ----------
        X : (n_samples, n_features) array-like, or (n_samples,) for one feature
        y : (n_samples,) array-like or (n_samples, 1); a Series keeps its name
        feature_names, target_name
            Default: the columns of the DataFrame and the name of the Series; else x0, x1, … and y.

        Raises
        ------
        ValueError
            What scikit-learn's own validation says, such as lengths that differ; and for NaN,
            infinity and masked entries, with where they are.
        """
        from sklearn.base import BaseEstimator
        from sklearn.utils.validation import check_consistent_length, column_or_1d, validate_data

        refuse_masked(X, "X")
        refuse_masked(y, "y")
        _refuse_twice([str(name) for name in getattr(X, "columns", ())])
        default = [_name_of(X, "x0")] if np.ndim(X) == 1 else None
        X = np.reshape(X, (-1, 1)) if default else X
        # A bare estimator carries the feature names that scikit-learn's validation finds.
        names = BaseEstimator()
        # What is not finite is refused below, with the column and the row that it is in.
        checked = validate_data(names, X, dtype=np.float64, ensure_all_finite=False)
        checked, flat = np.array(checked), np.array(column_or_1d(y), np.float64)  # not the caller's
        check_consistent_length(checked, flat)
        default = default or [f"x{j}" for j in range(checked.shape[1])]
        found = getattr(names, "feature_names_in_", default)
        chosen = tuple(str(name) for name in (found if feature_names is None else feature_names))
        return cls(checked, flat, chosen, target_name or _name_of(y, _unused("y", chosen)))

    def __post_init__(self) -> None:
        if self.X.ndim != 2 or self.X.shape[1] < 1 or self.y.shape != self.X.shape[:1]:
            raise ValueError(
                f"X has shape {self.X.shape} and y {self.y.shape}; they must be (n_samples, "
                "n_features) and (n_samples,), with at least one feature"
            )
        if len(self.y) < 2:
            raise ValueError(f"{counted(len(self.y), 'row')}: a regression needs at least 2")
        if len(self.feature_names) != self.X.shape[1]:
            raise ValueError(
                f"{len(self.feature_names)} feature names for {self.X.shape[1]} columns of X"
            )
        _refuse_twice(self.feature_names)
        if self.target_name in self.feature_names:
            raise ValueError(
                f"{spell(self.target_name)} is a feature and the target; leave it out of X, "
                "or call the target something else (target_name)"
            )
        for name, column in zip(self.feature_names, self.X.T, strict=True):
            _check_column(name, column)
        _check_column(self.target_name, self.y)
        _check_scales(self)
        _check_labels(self)
        for array in ("X", "y"):
            # Sums over rows that lie otherwise in memory differ in the last bit.
            view = np.ascontiguousarray(getattr(self, array)).view()
            view.flags.writeable = False
            object.__setattr__(self, array, view)

    def __reduce__(self) -> tuple[Any, ...]:
        # Made anew, so that the arrays of a copy are read-only too.
        return type(self), tuple(getattr(self, field.name) for field in fields(self))

    def __str__(self) -> str:
        """Say in a few lines what the rows are, and what was decided about them."""
        rows = f"{counted(self.n_samples, 'row')}, {counted(self.n_features, 'feature')}"
        names = f"{listing(self.feature_names)} → {spell(self.target_name)}"
        return "\n".join([f"{self.source}: {rows}" if self.source else rows, names, *self.notes])

    @property
    def n_samples(self) -> int:
        """Number of rows."""
        return len(self.y)

    @property
    def n_features(self) -> int:
        """Number of features, the intercept not counted."""
        return int(self.X.shape[1])

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the features as they stand on an axis: a scaled one says so."""
        scaled = " (scaled)" if self.scaling is not None else ""
        return tuple(name + scaled for name in self.feature_names)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Name of each entry of θ: the intercept, then the features."""
        return ("intercept", *self.feature_names)

    @cached_property
    def moments(self) -> Moments:
        """The moments of ``[X, y]``, computed once."""
        return Moments.of(self.X, self.y)

    def powers(self, degree: int) -> "Dataset":
        """Return the dataset with all products of its features up to a degree.

        Raises
        ------
        ValueError
            If the degree is not 1 to 20, or the features are scaled already.
        """
        if self.scaling is not None:
            raise ValueError("the features are scaled already: take powers first, then scale")
        if self.step is not None:
            raise ValueError("powers were taken already; take the degree that is wanted at once")
        step = Powers(degree)
        names = step.names(self.feature_names)
        return replace(self, X=step.apply(self.X), feature_names=names, base=self, step=step)

    def scaled(self, kind: str) -> "Dataset":
        """Return the dataset with its features scaled: standard, mean or minmax.

        Raises
        ------
        ValueError
            If there is no such scaling.
        """
        step = scaling_of(self.X, kind)
        return replace(self, X=step.apply(self.X), base=self, step=step)

    @property
    def scaling(self) -> Scaling | None:
        """The scaling of the features; None if there is none."""
        return self.step if isinstance(self.step, Scaling) else None

    def features_of(self, X: Array) -> Array:
        """Return the features of rows in the table's own columns. X (n, q) -> (n, p)."""
        if self.base is None or self.step is None:
            return X
        return self.step.apply(self.base.features_of(X))

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the table's own columns that the features were made from."""
        return self.feature_names if self.base is None else self.base.columns

    def r2(self, cost: Any) -> Any:
        """Coefficient of determination of a mean squared error; NaN for a constant target."""
        variance = self.moments.comoment[-1, -1] / self.n_samples
        return cost * np.nan if self.moments.constant[-1] else 1 - cost / variance


def refuse_masked(values: Any, name: str) -> None:
    """Raise ValueError where entries are masked: numpy would take what is behind the mask.

    >>> refuse_masked(np.ma.masked_less([[1, 2], [-9, 3]], 0), "X")
    Traceback (most recent call last):
    ...
    ValueError: X is masked at [1, 0]; drop the rows with masked entries or fill them in
    """
    if np.ma.is_masked(values):
        masked = [str(where) for where in np.argwhere(np.ma.getmaskarray(values)).tolist()]
        raise ValueError(
            f"{name} is masked at {listing(masked, 4)}; "
            "drop the rows with masked entries or fill them in"
        )


def _refuse_twice(names: Sequence[str]) -> None:
    """Raise ValueError where two columns have the same name."""
    twice = sorted(name for name, times in Counter(names).items() if times > 1)
    if twice:
        raise ValueError(
            f"more than one column of X is called {listing(twice)}; give each a name of its own"
        )


def _check_column(name: str, column: Array) -> None:
    """Raise ValueError, with the name and the remedy, for a column that cannot be squared."""
    largest, told = float(np.abs(column).max()), f"column {spell(name)}"
    if not np.isfinite(largest):
        row = int(np.flatnonzero(~np.isfinite(column))[0])
        raise ValueError(
            f"{told} holds {column[row]} in row {row + 1}; drop the row or fill in a number"
        )
    if largest >= LARGEST or 0 < largest <= 1 / LARGEST:
        raise ValueError(
            f"{told} has values around {largest:.3g}, whose squares leave the range of a "
            "double; express it in another unit"
        )


def _check_scales(dataset: Dataset) -> None:
    """Raise ValueError where a weight, about y/x in size, could not be squared."""
    largest, target = float(np.abs(dataset.y).max()), spell(dataset.target_name)
    for name, size in zip(dataset.feature_names, np.abs(dataset.X).max(axis=0), strict=True):
        if size and largest >= LARGEST * size:
            raise ValueError(
                f"column {spell(name)} has values around {size:.3g} and {target} around "
                f"{largest:.3g}: the square of a weight between them leaves the range of a double; "
                "express one of them in another unit"
            )


def _check_labels(dataset: Dataset) -> None:
    """Raise ValueError where the names of labels are not two, or the target has more values."""
    if dataset.label_names is not None:
        names, values = len(dataset.label_names), len(np.unique(dataset.y))
        if names != 2 or values > 2:
            raise ValueError(
                f"{counted(names, 'name')} for the labels of a target of "
                f"{counted(values, 'value')}; a target of labels has two"
            )


def _name_of(column: Any, default: str) -> str:
    """The name of a Series, or of a DataFrame's only column."""
    name = getattr(column, "name", None)
    if name is None and len(getattr(column, "columns", ())) == 1:
        name = column.columns[0]
    return default if name is None or name == "" else str(name)


def _unused(name: str, taken: Sequence[str]) -> str:
    """The name, or one like it that no column has."""
    while name in taken:
        name += "_"
    return name
