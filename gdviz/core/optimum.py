"""The lowest point of a convex cost, for losses that have no closed form.

Newton's method within a trust region (Moré & Sorensen 1983, scipy's ``trust-exact``) finds it, in
coordinates in which the columns of the table are orthonormal, so that their units do not matter.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

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
        """Return the optimum; of many, the one nearest to the start that it was found for."""
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
        Where there are many lowest points, the one nearest to it is returned.
    """
    if loss.squared:
        return least_squares(dataset, fixed, loss.moments(dataset))
    free = [j for j in range(len(start)) if j not in fixed]
    steep, flat = _directions(dataset, free)
    held = start.copy()
    held[free] = 0
    theta = _newton(dataset, loss, held, steep)
    theta = theta - flat @ (flat.T @ (theta - start))  # where a descent from the start arrives
    cost = float(loss.cost(theta, dataset))
    return Optimum(
        theta=theta,
        cost=cost,
        noise=1e-12 * float(loss.cost(start, dataset)),
        loss=loss,
        dataset=dataset,
        separable=_separates(theta, dataset, loss),
    )


def _newton(dataset: Dataset, loss: Loss, held: Array, directions: Array) -> Array:
    """θ (p + 1,) of least cost, from the least-squares fit on, in units of its error."""
    from scipy.optimize import minimize  # here, because squares need none of it: 0.1 s

    t = loss.target(dataset.y)
    error = t - held[0] - dataset.X @ held[1:]
    predictions = directions[0] + dataset.X @ directions[1:]
    origin = held + directions @ (predictions.T @ error / len(t))
    left = t - origin[0] - dataset.X @ origin[1:]
    unit = 1.0 if loss.labels else float(np.sqrt(np.mean(left**2))) or 1.0
    D, least = unit * directions, float(loss.cost(origin, dataset)) or 1.0
    found = minimize(
        lambda v: loss.cost(origin + D @ v, dataset) / least,
        np.zeros(D.shape[1]),
        jac=lambda v: D.T @ loss.gradient(origin + D @ v, dataset) / least,
        hess=lambda v: D.T @ loss.hessian(origin + D @ v, dataset) @ D / least,
        method="trust-exact",
        options={"gtol": 1e-10, "maxiter": 2000},
    )
    return np.asarray(origin + D @ found.x)


def _directions(dataset: Dataset, free: list[int]) -> tuple[Array, Array]:
    """Directions of θ (p + 1, m) along which the predictions are orthonormal, (1/n) ẑᵀẑ = I.

    And those (p + 1, d), orthonormal themselves, along which they do not change.
    """
    A = dataset.moments.rows[:, :-1][:, free]
    size = np.linalg.norm(A, axis=0)
    size[size == 0] = 1
    _, s, Vt = np.linalg.svd(A / size)
    real = int(np.sum(s > max(A.shape) * np.finfo(float).eps * s[0]))
    steep, flat = np.zeros((2, dataset.n_features + 1, len(free)))
    steep[free] = Vt.T / size[:, None]
    flat[free] = steep[free]
    return steep[:, :real] / s[:real], np.linalg.qr(flat[:, real:])[0]


def _separates(theta: Array, dataset: Dataset, loss: Loss) -> bool:
    """Whether θ puts every row on its label's side, of the two labels."""
    if not loss.labels:
        return False
    z = theta[0] + dataset.X @ theta[1:]
    return bool(np.all((z > 0) == (loss.target(dataset.y) == 1)))
