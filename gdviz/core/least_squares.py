"""A table -> its least-squares solution, and the directions in which it is not unique.

θ* minimises (1/n) Σ (y − θ₀ − x·w)². It is found from the triangular root of the centred columns
(the QR of the table), not from the inverse of XᵀX, which would square the condition number. Where
columns depend on each other (or there are fewer rows than parameters) a whole flat of solutions has
the same cost. The *null space* spans that flat: a descent never moves along it, so from each start
it arrives at the solution nearest to that start.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdviz.core.arguments import check_dataset
from gdviz.core.dataset import Dataset
from gdviz.core.moments import Array, Moments, frozen
from gdviz.core.wording import spell

__all__ = ["LeastSquares", "least_squares"]


@dataclass(frozen=True, eq=False)
class LeastSquares:
    """A least-squares solution and the directions in which it is free; its arrays are read-only.

    Attributes
    ----------
    theta : (p + 1,) array
        Intercept, then weights; one of the solutions where there are many.
    cost : float
        Mean squared error at θ*, a sum of squares: never negative.
    factor : (r, p + 1) array
        F with cost(θ) = cost + |F (θ − θ*)|²; columns of what is held fixed are zero.
    null_space : (p + 1, d) array
        Orthonormal directions along which the cost does not change; d = 0 where θ* is unique.
    dependent : tuple of int
        The entries of θ that the null space touches: the columns responsible.
    n_free : int
        Number of parameters that were solved for.
    noise : float
        What rounding alone can make of a gap of zero, in squared target units.
    name : str
        What the solution is called.
    """

    theta: Array
    cost: float
    factor: Array
    null_space: Array
    dependent: tuple[int, ...]
    n_free: int
    noise: float
    name: str = "least squares"

    exists = True  # what a squared loss always has
    falls = None

    def __post_init__(self) -> None:
        for array in ("theta", "factor", "null_space"):
            object.__setattr__(self, array, frozen(getattr(self, array)))

    @property
    def rank(self) -> int:
        """Number of parameters that the rows determine; ``n_free`` where the solution is unique."""
        return self.n_free - int(self.null_space.shape[1])

    @property
    def unique(self) -> bool:
        """Whether there is only one solution."""
        return self.rank == self.n_free

    @property
    def condition(self) -> float:
        """Condition number of the design, a column of ones and the features: σmax/σmin.

        Infinite where the solution is not unique. That of the Hessian is its square.
        """
        if not self.unique:
            return float("inf")
        singular = np.linalg.svd(self.factor, compute_uv=False)
        return float(singular[0] / singular[self.n_free - 1])

    def nearest(self, theta: Array) -> Array:
        """Return the solution nearest to theta (p + 1,), at which a descent from there arrives."""
        step = self.theta - theta
        return self.theta - self.null_space @ (self.null_space.T @ step)

    def offset(self, theta: Array) -> Array:
        """θ minus the solution that is nearest to it. theta (..., p + 1) -> the same."""
        away = theta - self.theta
        if self.unique:  # the product would be zeros, as many as a whole record has numbers
            return np.asarray(away)
        return np.asarray(away - (away @ self.null_space) @ self.null_space.T)

    def gap(self, theta: Array) -> Array:
        """Cost above the least there is. theta (..., p + 1) -> (...,), never negative."""
        moved = (theta - self.theta) @ self.factor.T
        return np.asarray(np.einsum("...i,...i", moved, moved))

    def remark(self, dataset: Dataset) -> str:
        """Say that the solution is not unique, and which columns are to blame; empty if it is."""
        if self.unique:
            return ""
        still = dataset.moments.constant
        names = [*map(spell, dataset.feature_names)]
        constant = [names[j - 1] for j in self.dependent if still[j - 1]]
        varying = [names[j - 1] for j in self.dependent if not still[j - 1]]
        reasons = []
        if dataset.n_samples < self.n_free:
            reasons.append(f"{dataset.n_samples} rows, {self.n_free} parameters")
        if constant:
            reasons.append("constant: " + ", ".join(constant))
        if varying:
            reasons.append("linearly dependent: " + ", ".join(varying))
        plain_squares = self.name == "least squares"
        solution = "least-squares solution" if plain_squares else self.name
        return (
            f"The {solution} is not unique ({'; '.join(reasons)}). "
            "The one shown is the nearest to the start."
        )


def least_squares(
    dataset: Dataset,
    fixed: Mapping[int, float] | None = None,
    moments: Moments | None = None,
) -> LeastSquares:
    """Solve min (1/n) Σ (y − θ₀ − x·w)² over the entries of θ that are not fixed.

    Parameters
    ----------
    dataset : Dataset
    fixed : mapping from an index of θ (0 is the intercept) to the value it is held at
    moments : Moments
        Of the rows to solve for, where they are more than the dataset's own (a penalty).
    """
    check_dataset(dataset, "least_squares")
    fixed = dict(fixed or {})
    moments = dataset.moments if moments is None else moments
    n = dataset.n_samples
    rows, mean = _centred_rows(moments, fixed.get(0))
    constant = moments.constant[:-1] & (0 not in fixed)
    weights = np.array([fixed.get(j + 1, 0.0) for j in range(dataset.n_features)])
    free = [j for j in range(dataset.n_features) if j + 1 not in fixed]

    Z, scale = _unit_columns(rows[:, free], constant[free])
    solved, F, null = _solve(Z, rows[:, -1] - rows[:, :-1] @ weights, n)
    weights[free] = solved / scale
    residual = rows[:, -1] - rows[:, :-1] @ weights

    factor = np.zeros((len(F) + 1, dataset.n_features + 1))
    factor[0, 0] = 0 not in fixed
    factor[0, 1:][free] = mean[free]
    factor[1:, 1:][:, free] = F * scale / np.sqrt(n)
    flat = np.zeros((dataset.n_features, null.shape[1]))
    flat[free] = null / scale[:, None]
    theta = np.array([mean[-1] - mean[:-1] @ weights, *weights])
    return LeastSquares(
        theta=theta,
        cost=float(residual @ residual) / n,
        factor=factor,
        # The intercept takes back what a move of the weights adds to the mean.
        null_space=np.linalg.qr(np.vstack([-mean[:-1] @ flat, flat]))[0],
        dependent=tuple(
            free[j] + 1 for j in np.flatnonzero(np.abs(null).max(axis=1, initial=0) > 1e-8)
        ),
        n_free=len(free) + (0 not in fixed),
        noise=_noise(theta, moments.rows),
    )


def _centred_rows(moments: Moments, intercept: float | None) -> tuple[Array, Array]:
    """Rows (k, p + 1) as good as the table's own, and the means (p + 1,) that they leave out."""
    if intercept is None:
        return moments.root, moments.mean
    # A fixed intercept takes up no means: they are one more row.
    rows = np.sqrt(moments.n) * moments.rows
    rows[:, -1] -= intercept * rows[:, 0]
    return rows[:, 1:], np.append(np.zeros(len(moments.mean) - 1), intercept)


def _unit_columns(columns: Array, constant: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Columns (k, p) of unit norm, and their norms (p,); a constant column is 0, its norm 1."""
    norm = np.linalg.norm(columns, axis=0)
    scale = np.where(constant | (norm == 0), 1.0, norm)
    return np.where(constant, 0.0, columns) / scale, scale


def _solve(Z: Array, y: Array, n: int) -> tuple[Array, Array, Array]:
    """Weights (p,), factor (rank, p) and null space (p, d) of Z w = y, columns of unit norm."""
    U, s, Vt = np.linalg.svd(Z)
    rank = int(np.sum(s > max(n, len(s)) * np.finfo(float).eps * s.max(initial=0)))
    weights = Vt[:rank].T @ ((U[:, :rank].T @ y) / s[:rank])
    return weights, s[:rank, None] * Vt[:rank], Vt[rank:].T


def _noise(theta: Array, rows: Array) -> float:
    """Cost that rounding makes of a perfect fit θ (p + 1,) to rows (k, p + 2)."""
    size = np.abs(rows) @ [*np.abs(theta), 1]
    return float(np.sum((len(theta) * np.finfo(float).eps * size) ** 2))
