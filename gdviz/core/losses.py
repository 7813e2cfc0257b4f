"""Losses: a function of prediction and target, whose mean over the rows is the cost.

A loss is that function of the prediction z = θ₀ + x·w and the target t, and its first two
derivatives in z. Cost, gradient and Hessian in θ follow from them. ``cost`` broadcasts over the
leading axes of θ, so that one formula serves a point, a whole history and the grid under a contour.

A *squared* loss is evaluated on the few rows that :attr:`Moments.rows` keeps of a table: a sum of
squares, so never negative, without cancellation near the optimum, and as quick for ten million
rows as for ten. The penalty of ridge regression is p more such rows.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gdviz.checks import not_negative, positive
from gdviz.core.dataset import Dataset
from gdviz.core.moments import Array, Moments
from gdviz.core.registry import named, unmade
from gdviz.core.wording import counted

__all__ = [
    "LOSSES",
    "Loss",
    "cross_entropy",
    "huber",
    "loss_of",
    "mean_squared_error",
    "ridge",
]

BLOCK = 2_000_000  # predictions at a time
CACHED = 4096  # points at a time, where each costs next to nothing

Pointwise = Callable[[Array, Array], Array]


@dataclass(frozen=True, eq=False)
class Loss:
    """Cost (1/n) (Σ value(z, t) + penalty · |w|²) over the rows of a dataset.

    Attributes
    ----------
    value, slope, bend : (z, t) -> array
        A function of prediction and target, and its first two derivatives in the prediction.
    curvature : float
        The largest that ``bend`` can be.
    penalty : float
        How much the square of each weight adds; the intercept is free of it.
    squared : bool
        Whether ``value`` is (z − t)².
    labels : bool
        Whether the target is one of two labels, and z the log-odds of the larger.
    target : y -> t
        How targets are coded; as they are, if left out.
    linear_beyond : float or None
        The size of a residual z − t beyond which ``value`` is a straight line, as Huber's beyond δ.
        None where it bends everywhere, however little far out.
    """

    value: Pointwise
    slope: Pointwise
    bend: Pointwise
    curvature: float
    penalty: float = 0.0
    squared: bool = False
    labels: bool = False
    target: Callable[[Array], Array] = np.asarray
    linear_beyond: float | None = None

    def cost(self, theta: Array, dataset: Dataset) -> Array:
        """Cost of θ. theta (..., p + 1) -> (...,)."""
        if self.squared:
            rows = self.moments(dataset).rows
            return _in_blocks(lambda block: _squares(block, rows), theta, CACHED)
        size = max(1, BLOCK // dataset.n_samples)
        return _in_blocks(lambda block: self._mean(block, dataset), theta, size)

    def _mean(self, theta: Array, dataset: Dataset) -> Array:
        z = theta[:, :1] + theta[:, 1:] @ dataset.X.T
        penalty = self.penalty * (theta[:, 1:] ** 2).sum(axis=-1)
        values = self.value(z, self.target(dataset.y))
        return np.asarray(values.mean(axis=-1) + penalty / dataset.n_samples)

    def gradient(self, theta: Array, dataset: Dataset) -> Array:
        """Gradient of the cost. theta (p + 1,) -> (p + 1,)."""
        if self.squared:
            rows = self.moments(dataset).rows
            return np.asarray(2 * (theta @ rows[:, :-1].T - rows[:, -1]) @ rows[:, :-1])
        t = self.target(dataset.y)
        return self.gradient_on(theta, dataset.X, t) + self.pull(theta) / dataset.n_samples

    def gradient_on(self, theta: Array, X: Array, t: Array) -> Array:
        """Gradient of the mean over some rows X (b, p), t (b,), without the penalty."""
        s = self.slope(theta[0] + X @ theta[1:], t) / len(t)
        return np.append(s.sum(), s @ X)

    def pull(self, theta: Array) -> Array:
        """Gradient of the penalty · |w|²."""
        return 2 * self.penalty * np.append(0.0, theta[1:])

    def hessian(self, theta: Array, dataset: Dataset) -> Array:
        """Hessian of the cost. theta (p + 1,) -> (p + 1, p + 1)."""
        A = np.column_stack([np.ones(dataset.n_samples), dataset.X])
        bend = self.bend(A @ theta, self.target(dataset.y))
        penalty = 2 * self.penalty * np.diag(np.append(0.0, np.ones(dataset.n_features)))
        return np.asarray(((A.T * bend) @ A + penalty) / dataset.n_samples)

    def moments(self, dataset: Dataset) -> Moments:
        """Moments of the rows that a squared loss is the mean squared error of."""
        if not self.penalty:
            return dataset.moments
        moments = dataset.moments
        pull = np.sqrt(self.penalty) * np.eye(dataset.n_features, len(moments.mean))
        return replace(moments, root=np.vstack([moments.root, pull]))

    def steepest(self, dataset: Dataset, free: list[int]) -> float:
        """Return λmax of the Hessian in the free parameters; a bound on it, where θ changes it."""
        moments = self.moments(dataset) if self.squared else dataset.moments
        largest = float(np.linalg.norm(moments.rows[:, :-1][:, free], 2))
        penalty = 0.0 if self.squared else 2 * self.penalty / dataset.n_samples
        return self.curvature * largest**2 + penalty


def _squares(theta: Array, rows: Array) -> Array:
    """Sums of squares |rows @ (θ, −1)|². theta (k, p + 1) -> (k,)."""
    left = rows[:, :-1] @ theta.T - rows[:, -1:]
    return np.asarray(np.einsum("ik,ik->k", left, left))


def _in_blocks(cost: Callable[[Array], Array], theta: Array, size: int) -> Array:
    """Cost of theta (..., p + 1) -> (...,), so many points at a time."""
    points = theta.reshape(-1, theta.shape[-1])
    costs = np.empty(len(points))
    for first in range(0, len(points), size):
        costs[first : first + size] = cost(points[first : first + size])
    return costs.reshape(theta.shape[:-1])


def mean_squared_error() -> Loss:
    """Mean squared error (1/n) Σ (y − ŷ)², in squared units of the target."""
    return ridge(alpha=0.0)


def ridge(alpha: float = 1.0) -> Loss:
    """Mean squared error with a penalty on the weights, (1/n) (Σ (y − ŷ)² + α |w|²).

    Hoerl & Kennard (1970); α as in scikit-learn's ``Ridge``.
    """
    return Loss(
        value=lambda z, t: (z - t) ** 2,
        slope=lambda z, t: 2 * (z - t),
        bend=lambda z, t: np.full(np.shape(z), 2.0),
        curvature=2.0,
        penalty=not_negative("alpha", alpha),
        squared=True,
    )


def huber(delta: float = 1.0, alpha: float = 0.0) -> Loss:
    """Squares of small residuals, lengths of large ones: r² up to δ, 2δ|r| − δ² beyond.

    Huber (1964), without his ½; δ in units of the target. A penalty on the weights is added as to
    :func:`ridge`, (1/n) (Σ … + α |w|²): the optimum is that of scikit-learn's ``HuberRegressor``
    with the scale σ that it finds, δ being its epsilon times σ and α its alpha times σ.
    """
    positive("delta", delta)

    def value(z: Array, t: Array) -> Array:
        clipped = np.clip(z - t, -delta, delta)
        return np.asarray(clipped * (2 * (z - t) - clipped))

    return Loss(
        value=value,
        slope=lambda z, t: 2 * np.clip(z - t, -delta, delta),
        bend=lambda z, t: np.where(np.abs(z - t) <= delta, 2.0, 0.0),
        curvature=2.0,
        penalty=not_negative("alpha", alpha),
        linear_beyond=delta,
    )


def cross_entropy(alpha: float = 0.0) -> Loss:
    """Cross-entropy of logistic regression, (1/n) (Σ (log(1 + eᶻ) − tz) + α |w|²).

    z is the log-odds of the larger of the two labels; t is 1 for a row that has it, else 0. The
    optimum is that of scikit-learn's ``LogisticRegression`` with C = 1/(2α). A penalty gives one
    to classes that can be told apart without error, too.
    """
    from scipy.special import expit  # here, because squares need none of it: 0.1 s

    return Loss(
        value=lambda z, t: np.logaddexp(0, z) - z * t,
        slope=lambda z, t: expit(z) - t,
        bend=lambda z, t: expit(z) * expit(-z),
        curvature=0.25,
        penalty=not_negative("alpha", alpha),
        labels=True,
        target=_is_larger_label,
    )


def _is_larger_label(y: Array) -> Array:
    labels = np.unique(y)
    if len(labels) != 2:
        has = counted(len(labels), "value")
        raise ValueError(f"cross-entropy needs a target of two labels; this one has {has}")
    return np.asarray(y == labels[1], dtype=np.float64)


LOSSES: dict[str, Callable[..., Loss]] = {
    "mse": mean_squared_error,
    "ridge": ridge,
    "huber": huber,
    "cross-entropy": cross_entropy,
}


def loss_of(given: Any) -> Loss:
    """Return the loss that a text names, such as "huber:delta=2", or the one that is given.

    Raises
    ------
    ValueError
        If no loss has that name and those options.
    TypeError
        If it is neither, but for example a factory that was not called.
    """
    if isinstance(given, str):
        return named(LOSSES, given, "loss")()
    if not isinstance(given, Loss):
        raise unmade("loss", given)
    return given
