"""A table of numbers, ready to be fitted: features X, target y, and their names.

A name is data, not markup: it is kept exactly as the table has it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from gdviz.core.moments import Array, Moments

__all__ = ["Dataset"]


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
            What scikit-learn's own validation says: NaN, infinity, text, lengths that differ.
        """
        from sklearn.base import BaseEstimator
        from sklearn.utils.validation import column_or_1d, validate_data

        if np.ndim(X) == 1:
            X = np.asarray(X)[:, None]
        # A bare estimator carries the feature names that scikit-learn's validation finds.
        names = BaseEstimator()
        checked, flat = validate_data(
            names, X, column_or_1d(y), dtype=np.float64, y_numeric=True, ensure_min_samples=2
        )
        found = getattr(names, "feature_names_in_", [f"x{j}" for j in range(checked.shape[1])])
        chosen = tuple(str(name) for name in (found if feature_names is None else feature_names))
        if len(chosen) != checked.shape[1]:
            raise ValueError(f"{len(chosen)} feature names for {checked.shape[1]} columns of X")
        target = target_name or str(getattr(y, "name", None) or "y")
        return cls(checked, np.asarray(flat, dtype=np.float64), chosen, target)

    @property
    def n_samples(self) -> int:
        """Number of rows."""
        return len(self.y)

    @property
    def n_features(self) -> int:
        """Number of features, the intercept not counted."""
        return int(self.X.shape[1])

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Name of each entry of θ: the intercept, then the features."""
        return ("intercept", *self.feature_names)

    @cached_property
    def moments(self) -> Moments:
        """The moments of ``[X, y]``, computed once."""
        return Moments.of(self.X, self.y)

    def r2(self, cost: Any) -> Any:
        """Coefficient of determination of a mean squared error; NaN for a constant target."""
        variance = self.moments.comoment[-1, -1] / self.n_samples
        return 1 - cost / variance if variance > 0 else cost * np.nan
