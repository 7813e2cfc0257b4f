"""Gradient descent, recorded: θ and the cost of every epoch, in arrays.

θₖ₊₁ = θₖ − α ∇J(θₖ) on a squared error is a linear recurrence. In the eigenvectors of the Hessian,
H = V Λ Vᵀ, every direction goes its own way, and all epochs are one matrix product:

    θₖ = θ₀ − V φₖ(Λ) Vᵀ ∇J(θ₀),   φₖ(λ) = (1 − (1 − αλ)ᵏ) / λ,   φₖ(0) = αk.

Written from the start, not from the optimum, it needs no optimum: collinear columns, where there
are many, descend like any others, and no digits are lost where the optimum is far away. (A plain
loop in the tests is the oracle.)

The factors 1 − αλ say all there is to know of the learning rate: each must be smaller than 1 in
size, so α < 2/λmax; at α = 1/λmax no direction overshoots.
"""

import bisect
import math
import warnings
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from gdviz.core.dataset import Dataset
from gdviz.core.history import CONVERGED, History
from gdviz.core.least_squares import LeastSquares, least_squares
from gdviz.core.losses import LOSSES
from gdviz.core.moments import Array
from gdviz.core.wording import spell

__all__ = ["DivergenceWarning", "fit"]

MOST_EPOCHS = 100_000  # that "auto" takes
RECORDED = 100_000_000  # epochs at most: beyond, memory is short
GENTLE_EPOCHS = 100
DIVERGED = 1e4  # times the cost at the start: beyond, start and optimum are one point to the eye
MOST_COST = 1e304  # what is still a number when a picture scales it
BLOCK = 4096  # epochs computed at a time


class DivergenceWarning(UserWarning):
    """The learning rate exceeds 2/λmax: every step overshoots by more than the last."""


def fit(
    X: Any,
    y: Any = None,
    *,
    learning_rate: float | Literal["auto", "gentle"] = "auto",
    epochs: int | Literal["auto"] = "auto",
    theta0: Any = None,
    fixed_intercept: float | Literal["ols"] | None = None,
) -> History:
    """Record full-batch gradient descent on the mean squared error (1/n) Σ (y − ŷ)².

    Parameters
    ----------
    X : Dataset, or (n_samples, n_features) array or DataFrame
    y : (n_samples,) array or Series; left out with a Dataset
    learning_rate : float, "auto" or "gentle"
        "auto" is 1/λmax of the Hessian over the parameters that move. Where that arrives within a
        few epochs, "gentle" is smaller, so that there are 100 to watch.
    epochs : int or "auto"
        "auto" is the fewest that bring the cost gap under 0.1 % of its start, at most 100,000.
    theta0 : (n_features + 1,) array
        Start, the intercept first. Default: intercept −1, weights 3.
    fixed_intercept : float, "ols" or None
        Hold the intercept at this value, or at its least-squares value; None lets it move.

    Returns
    -------
    History
        Row 0 is the start. A descent that diverges ends at the last epoch that still draws (a cost
        of 10,000 times the start's), is marked ``diverged``, and warns.

    Raises
    ------
    ValueError
        For a table that cannot be fitted or an argument out of range.

    Examples
    --------
    >>> history = fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0], epochs=1000)
    >>> history.theta[-1].round(6)
    array([1., 2.])
    """
    dataset = _dataset(X, y)
    start = _start(dataset, theta0)
    fixed = _fixed(dataset, fixed_intercept, start)
    start[list(fixed)] = list(fixed.values())
    cost = LOSSES["mse"].cost
    with np.errstate(over="ignore"):
        start_cost = _drawable(float(cost(start, dataset)))
    modes = _Modes.of(dataset, start, fixed)
    best = least_squares(dataset, fixed)
    if learning_rate == "auto":
        rate = modes.auto_rate
    elif learning_rate == "gentle":
        rate = modes.gentle_rate(best)
    else:
        rate = _positive(learning_rate)
    last = modes.auto_epochs(rate, best) if epochs == "auto" else _count(epochs)
    if diverged := rate > modes.limit:
        last = modes.last_drawable(rate, last, min(DIVERGED * start_cost, MOST_COST))
        warnings.warn(
            f"learning rate {_above(rate, modes.limit)}: the descent diverges, "
            f"its record ends at epoch {last:,}; try {modes.auto_rate:.3g} (1/λmax)",
            DivergenceWarning,
            stacklevel=2,
        )
    theta = modes.record(rate, last)
    return History(
        dataset=dataset,
        theta=theta,
        cost=cost(theta, dataset),
        epoch=np.arange(last + 1),
        learning_rate=rate,
        fixed=tuple(fixed),
        diverged=diverged,
    )


@dataclass(frozen=True, eq=False)
class _Modes:
    """A descent taken apart into directions that do not mix, before a learning rate is chosen.

    singular (m,), the singular values σ of the table, descending: the Hessian has the eigenvalues
    2σ²; directions (m, p + 1), its eigenvectors; residual (m,), what each of them explains of the
    error at the start: residual² is the part of the cost that a descent removes along it.
    """

    start: Array
    singular: Array
    directions: Array
    residual: Array

    @classmethod
    def of(cls, dataset: Dataset, start: Array, fixed: dict[int, float]) -> "_Modes":
        free = [j for j in range(len(start)) if j not in fixed]
        rows = dataset.moments.rows
        # H = 2 AᵀA; the singular values of A have twice the digits of the eigenvalues of H.
        A, error = rows[:, free], rows[:, :-1] @ start - rows[:, -1]
        U, s, Vt = np.linalg.svd(A, full_matrices=False)
        if not s[0] > 0:
            raise ValueError("every feature is 0 in every row: no weight changes the cost")
        real = s > max(A.shape) * np.finfo(float).eps * s[0]
        U, s, Vt = U[:, real], s[real], Vt[real]
        # The SVD errs by the size of the largest column. Where a column is smaller than σ,
        # V = AᵀU/σ errs by its own, so that each parameter keeps its digits in any unit.
        fine = np.linalg.norm(A, axis=0) < s[:, None]
        directions = np.zeros((len(s), len(start)))
        directions[:, free] = np.where(fine, U.T @ A / s[:, None], Vt)
        return cls(start, s, directions, U.T @ error)

    @property
    def eigenvalues(self) -> Array:
        """Eigenvalues of the Hessian, (m,), descending."""
        return 2 * self.singular**2

    @property
    def auto_rate(self) -> float:
        """1/λmax: the largest step that overshoots in no direction."""
        return float(1 / self.eigenvalues[0])

    @property
    def limit(self) -> float:
        """2/λmax: a larger step diverges."""
        return float(2 / self.eigenvalues[0])

    def gentle_rate(self, best: LeastSquares) -> float:
        """1/λmax; where that arrives in fewer than 100 epochs a smaller rate, in two digits."""
        smaller = (float(f"{rate:.2g}") for rate in np.geomspace(1, 0.01, 100) * self.auto_rate)
        for rate in (self.auto_rate, *smaller):
            if self.auto_epochs(rate, best) >= GENTLE_EPOCHS:
                return rate
        return self.auto_rate

    def gap(self, rate: float, k: int) -> float:
        """Part of the cost that the descent has yet to remove after k epochs."""
        with np.errstate(over="ignore", invalid="ignore"):
            left = np.abs(1 - rate * self.eigenvalues) ** k * self.residual
            return float(np.sum(np.where(self.residual == 0, 0, left) ** 2))

    def auto_epochs(self, rate: float, best: LeastSquares) -> int:
        """Fewest epochs that bring the gap under 0.1 % of its start; 100,000 if none do."""
        if rate > self.limit:
            return MOST_EPOCHS
        gap = float(best.gap(self.start))
        stuck = max(0.0, gap - self.gap(rate, 0))  # in directions too flat to be told from rounding
        goal = max(CONVERGED * gap, best.noise) - stuck
        ks = range(1, MOST_EPOCHS)
        return 1 + bisect.bisect_left(ks, True, key=lambda k: self.gap(rate, k) <= goal)

    def last_drawable(self, rate: float, most: int, bound: float) -> int:
        """Last epoch, at most the given one, before the cost passes a bound above its start."""
        # A sum of exponentials is convex in k: once it is past the bound it stays there.
        ks = range(1, most + 1)
        return bisect.bisect_left(ks, True, key=lambda k: not self.gap(rate, k) <= bound)

    def record(self, rate: float, last: int) -> Array:
        """θ of epochs 0 … last, (last + 1, p + 1)."""
        moving = self.residual != 0
        # Vᵀ∇J(θ₀) = 2σ·residual, λ = 2σ²
        steps = (self.residual / self.singular)[moving, None] * self.directions[moving]
        with np.errstate(over="ignore"):  # a rate may be any number; then only epoch 0 is left
            shrink = rate * self.eigenvalues[moving]
        theta = np.empty((last + 1, len(self.start)))
        for first in range(0, last + 1, BLOCK):
            k = np.arange(first, min(first + BLOCK, last + 1))
            theta[k] = self.start - _done(shrink, k) @ steps
        return theta


def _done(shrink: Array, k: NDArray[np.int64]) -> Array:
    """Part of its way that a direction has gone, 1 − (1 − αλ)ᵏ. αλ (m,), k (n,) -> (n, m)."""
    small = shrink < 0.5
    done = np.empty((len(k), len(shrink)))
    done[:, ~small] = 1 - (1 - shrink[~small]) ** k[:, None]
    done[:, small] = -np.expm1(k[:, None] * np.log1p(-shrink[small]))  # keeps the digits of αλ
    return done


def _dataset(X: Any, y: Any) -> Dataset:
    if not isinstance(X, Dataset):
        if y is None:
            raise ValueError("y is missing: the target, one number for each row of X")
        return Dataset.of(X, y)
    if y is not None:
        raise ValueError("y is already part of the Dataset; leave it out")
    return X


def _fixed(
    dataset: Dataset, intercept: float | Literal["ols"] | None, start: Array
) -> dict[int, float]:
    """Index of θ -> value, for what is held fixed."""
    if intercept is None:
        return {}
    if intercept == "ols":
        return {0: float(least_squares(dataset).nearest(start)[0])}
    return {0: _finite(intercept, "fixed_intercept", '"ols" or ')}


def _start(dataset: Dataset, theta0: Any) -> Array:
    p = dataset.n_features
    start = np.array([-1.0] + [3.0] * p if theta0 is None else theta0, dtype=np.float64)
    if start.shape != (p + 1,) or not np.isfinite(start).all():
        names = ", ".join(map(spell, dataset.parameter_names))
        raise ValueError(f"the start needs {p + 1} finite numbers: {names}; got {theta0}")
    return start


def _drawable(cost: float) -> float:
    if not cost <= MOST_COST:
        raise ValueError(
            f"the cost at the start is {cost:.3g}, too large to draw; start nearer to 0 "
            "or express the columns in larger units"
        )
    return cost


def _finite(value: float, name: str, also: str) -> float:
    if not isinstance(value, (int, float, np.number)) or not math.isfinite(value):
        raise ValueError(f"{name} must be {also}a finite number, not {value!r}")
    return float(value)


def _positive(rate: float) -> float:
    if not _finite(rate, "learning_rate", '"auto", "gentle" or ') > 0:
        raise ValueError(f'learning_rate must be "auto", "gentle" or above 0, not {rate!r}')
    return float(rate)


def _count(epochs: int) -> int:
    if not isinstance(epochs, (int, np.integer)) or not 1 <= epochs <= RECORDED:
        raise ValueError(
            f'epochs must be "auto" or a whole number from 1 to {RECORDED:,}, not {epochs!r}'
        )
    return int(epochs)


def _above(rate: float, limit: float) -> str:
    """Write both in as many digits as tell them apart, six or more."""
    digits = next(n for n in range(6, 18) if f"{rate:.{n}g}" != f"{limit:.{n}g}")
    return f"{rate:.{digits}g} exceeds 2/λmax = {limit:.{digits}g}"
