"""Arrays θ, cost and epoch that something else recorded -> checked copies of them.

Any loop that can write down θ now and then can be drawn: another library's optimizer, a callback,
a training loop. What arrives here is whatever that loop kept, so it is copied and checked once,
at the boundary; behind it a replayed descent is a history like any other.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.core.arguments import check_dataset
from gdviz.core.dataset import Dataset
from gdviz.core.functions import Function, arguments_of, function_of
from gdviz.core.losses import Loss, loss_of
from gdviz.core.moments import Array
from gdviz.core.objective import Objective, Regression
from gdviz.core.wording import counted, listing

__all__ = [
    "checked_cost",
    "checked_epoch",
    "checked_theta",
    "never_moved",
    "objective_of",
    "rows_of",
]


def rows_of(theta: Any) -> Array:
    """Return a copy of what was recorded of θ as numbers in double precision, of any shape.

    Raises
    ------
    ValueError
        If they are not finite numbers, or records are of different lengths.
    """
    try:
        rows = np.array(theta, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(
            "theta needs a row of numbers for each record, all of one length; several arrays of "
            "weights make one row by np.concatenate([w.ravel() for w in weights])"
        ) from None
    _check_finite(rows, "theta")
    return rows


def checked_theta(rows: Array, names: Sequence[str]) -> Array:
    """Return θ if it is (n_records, d), for names (d,) of its entries.

    Raises
    ------
    ValueError
        If it is not one row of d numbers for each record.
    """
    if rows.ndim != 2 or rows.shape[1] != len(names) or not len(rows):
        raise ValueError(
            f"theta has shape {rows.shape}; it needs a row for each record and "
            f"{counted(len(names), 'column')}: {listing(names)}"
        )
    return rows


def objective_of(
    rows: Array, dataset: Dataset | None, objective: Any, loss: str | Loss
) -> Objective:
    """Return what was gone down by rows of θ: what is given of a dataset and an objective.

    Raises
    ------
    ValueError
        If both are given, or neither; or it is none.
    """
    if (dataset is None) == (objective is None):
        raise ValueError(
            "give a dataset, or in its place an objective: the cost as a function of theta"
        )
    if dataset is not None:
        check_dataset(dataset, "History.from_arrays")
        loss_of(loss)
        return Regression(dataset, loss)
    if isinstance(objective, (str, Function)):
        return function_of(objective)
    if hasattr(objective, "lowest"):
        return objective  # type: ignore[no-any-return]
    return _function_of(objective, rows)


def _function_of(formula: Any, rows: Array) -> Function:
    """Return a formula as an objective; one of a single argument takes rows of θ as a whole."""
    if not callable(formula) or len(arguments_of(formula)) > 1:
        return Function(formula)
    if rows.ndim != 2 or not rows.size:
        raise ValueError(f"theta has shape {rows.shape}; it needs a row for each record")
    return Function(formula, start=rows[0], whole=True) if rows.shape[1] > 1 else Function(formula)


def checked_cost(cost: Any, n_records: int) -> Array:
    """Return a copy of the costs, (n_records,).

    Raises
    ------
    ValueError
        If they are not one finite number for each record.
    """
    costs = np.array(cost, dtype=np.float64)
    if costs.shape != (n_records,):
        raise ValueError(f"cost has shape {costs.shape}; theta has {counted(n_records, 'record')}")
    _check_finite(costs, "cost")
    return costs


def checked_epoch(epoch: Any, n_records: int) -> NDArray[np.int64]:
    """Return a copy of the epochs, (n_records,); 0, 1, 2, … for None.

    Raises
    ------
    ValueError
        If they are not whole numbers that increase from 0 or later, one for each record.
    """
    if epoch is None:
        return np.arange(n_records)
    epochs = np.array(epoch)
    if epochs.shape != (n_records,):
        raise ValueError(
            f"epoch has shape {epochs.shape}; theta has {counted(n_records, 'record')}"
        )
    whole = epochs.astype(np.int64)
    if (whole != epochs).any() or whole[0] < 0 or (np.diff(whole) <= 0).any():
        raise ValueError("epoch must be whole numbers that increase, the first of them 0 or later")
    return whole


def never_moved(theta: Array) -> tuple[int, ...]:
    """Return the entries of θ (n_records, p + 1) that a descent held where they started.

    They are those that are the same in every record; none, if nothing moved at all.
    """
    still = np.ptp(theta, axis=0) == 0
    return () if still.all() else tuple(np.flatnonzero(still).tolist())


def _check_finite(values: Array, name: str) -> None:
    finite = np.isfinite(values).all(axis=tuple(range(1, values.ndim)))
    if not finite.all():
        record = int(np.argmin(finite))
        raise ValueError(
            f"{name} is not a finite number in record {record:,}; leave out the records from there"
        )
