"""Arrays θ, cost and epoch that something else recorded -> checked copies of them.

Any loop that can write down θ now and then can be drawn: another library's optimizer, a callback,
a training loop. What arrives here is whatever that loop kept, so it is copied and checked once,
at the boundary; behind it a replayed descent is a history like any other.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.core.moments import Array
from gdviz.core.wording import counted, listing

__all__ = ["checked_cost", "checked_epoch", "checked_theta", "never_moved"]


def checked_theta(theta: Any, names: Sequence[str]) -> Array:
    """Return a copy of θ, (n_records, d), in double precision; names (d,) are its entries'.

    Raises
    ------
    ValueError
        If it is not one row of d finite numbers for each record.
    """
    rows = np.array(theta, dtype=np.float64)
    if rows.ndim != 2 or rows.shape[1] != len(names) or not len(rows):
        raise ValueError(
            f"theta has shape {rows.shape}; it needs a row for each record and "
            f"{counted(len(names), 'column')}: {listing(names)}"
        )
    _check_finite(rows, "theta")
    return rows


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
    finite = np.isfinite(values.reshape(len(values), -1)).all(axis=1)
    if not finite.all():
        record = int(np.argmin(finite))
        raise ValueError(
            f"{name} is not a finite number in record {record:,}; leave out the records from there"
        )
