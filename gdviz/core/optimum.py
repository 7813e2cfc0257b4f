"""The lowest point of a convex cost, for losses that have no closed form.

Newton's method within a trust region (Moré & Sorensen 1983, scipy's ``trust-exact``) finds it, in
coordinates in which the columns of the table are orthonormal, so that their units do not matter.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from gdviz.core.dataset import Dataset
from gdviz.core.least_squares import LeastSquares, least_squares
from gdviz.core.losses import Loss
from gdviz.core.moments import Array

__all__ = ["Optimum", "optimum"]


@dataclass(frozen=True, eq=False)
class Optimum:
    """Where a cost is lowest; what :class:`LeastSquares` is for a squared loss.

    Attributes
    ----------
    theta : (p + 1,) array
    cost : float
    noise : float
        What rounding and an unfinished search alone can make of a gap of zero.
    separable : bool
        Whether two classes can be told apart without error: then no θ is lowest, and this one is
        only far out.
    """

    theta: Array
    cost: float
    noise: float
    loss: Loss
    dataset: Dataset
    separable: bool = False

    name = "optimum"

    def nearest(self, theta: Array) -> Array:
        """Return the optimum; there is one."""
        return self.theta

    def gap(self, theta: Array) -> Array:
        """Cost above the least there is. theta (..., p + 1) -> (...,), never negative."""
        return np.maximum(self.loss.cost(theta, self.dataset) - self.cost, 0)

    def remark(self, dataset: Dataset) -> str:
        """Say that there is no optimum, where there is none."""
        if not self.separable:
            return ""
        return (
            "The two classes can be told apart without error, so no weights are best: "
            "the cost sinks towards 0 for ever while the weights grow."
        )


def optimum(
    dataset: Dataset, loss: Loss, fixed: Mapping[int, float], start: Array
) -> LeastSquares | Optimum:
    """Return the lowest point of a loss over the entries of θ that are not fixed.

    Parameters
    ----------
    fixed : mapping from an index of θ to the value it is held at
    start : (p + 1,) array
        Where to begin the search.
    """
    if loss.squared:
        return least_squares(dataset, fixed, loss.moments(dataset))
    directions = _orthonormal(dataset, [j for j in range(len(start)) if j not in fixed])
    found = minimize(
        lambda v: loss.cost(start + directions @ v, dataset),
        np.zeros(directions.shape[1]),
        jac=lambda v: directions.T @ loss.gradient(start + directions @ v, dataset),
        hess=lambda v: directions.T @ loss.hessian(start + directions @ v, dataset) @ directions,
        method="trust-exact",
        options={"gtol": 1e-12 * (1 + float(np.ptp(dataset.y))), "maxiter": 2000},
    )
    theta = start + directions @ found.x
    cost = float(loss.cost(theta, dataset))
    return Optimum(
        theta=theta,
        cost=cost,
        noise=1e-12 * float(loss.cost(start, dataset)),
        loss=loss,
        dataset=dataset,
        separable=_separates(theta, dataset, loss),
    )


def _orthonormal(dataset: Dataset, free: list[int]) -> Array:
    """Directions of θ (p + 1, m) along which the predictions are orthonormal columns."""
    A = dataset.moments.rows[:, :-1][:, free]
    _, s, Vt = np.linalg.svd(A / np.linalg.norm(A, axis=0), full_matrices=False)
    real = s > max(A.shape) * np.finfo(float).eps * s[0]
    directions = np.zeros((dataset.n_features + 1, int(real.sum())))
    directions[free] = (Vt[real].T / s[real]) / np.linalg.norm(A, axis=0)[:, None]
    return directions


def _separates(theta: Array, dataset: Dataset, loss: Loss) -> bool:
    """Whether θ puts every row on its label's side, of the two labels."""
    if not loss.labels:
        return False
    z = theta[0] + dataset.X @ theta[1:]
    return bool(np.all((z > 0) == (loss.target(dataset.y) == 1)))
