"""What a descent goes down: a loss is a cost and its gradient, two pure functions of θ and a table.

``cost`` broadcasts over the leading axes of θ, so that one formula serves a point, a whole history
and the grid under a contour.

The mean squared error is evaluated on the few rows that :attr:`Moments.rows` keeps of a table. It
is a sum of squares there as it is on the table, so it is never negative and does not cancel near
the optimum, and it costs the same for ten rows and for ten million.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from gdviz.core.dataset import Dataset
from gdviz.core.moments import Array

__all__ = ["LOSSES", "Loss", "mean_squared_error"]


class Loss(NamedTuple):
    """A loss: ``cost(theta, dataset)`` and ``gradient(theta, dataset)``.

    cost : theta (..., p + 1) -> (...,); gradient : theta (p + 1,) -> (p + 1,)
    """

    cost: Callable[[Array, Dataset], Array]
    gradient: Callable[[Array, Dataset], Array]


def _squared_cost(theta: Array, dataset: Dataset) -> Array:
    """Mean squared error (1/n) Σ r². theta (..., p+1) -> (...,), in squared target units."""
    residuals = _residuals(theta, dataset)
    return np.asarray(np.einsum("...i,...i", residuals, residuals))


def _squared_gradient(theta: Array, dataset: Dataset) -> Array:
    """Gradient of the mean squared error, (2/n) Σ r (1, x). theta (p+1,) -> (p+1,)."""
    return np.asarray(2 * _residuals(theta, dataset) @ dataset.moments.rows[:, :-1])


def _residuals(theta: Array, dataset: Dataset) -> Array:
    rows = dataset.moments.rows
    return np.asarray(theta @ rows[:, :-1].T - rows[:, -1])


mean_squared_error = Loss(_squared_cost, _squared_gradient)

LOSSES = {"mse": mean_squared_error}
