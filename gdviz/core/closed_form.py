"""All epochs of a plain descent on a squared loss at once, as one matrix product.

θₖ₊₁ = θₖ − α ∇J(θₖ) on a squared error is a linear recurrence. In the eigenvectors of the Hessian,
H = V Λ Vᵀ, every direction goes its own way from its begin b = vᵀθ₀ to its end e = vᵀθ*, of which
(1 − αλ)ᵏ is left after k epochs:

    vᵀθₖ = b − (1 − (1 − αλ)ᵏ) (b − e)     while more than half of it is left,
    vᵀθₖ = e + (1 − αλ)ᵏ (b − e)           afterwards.

The two are one number, but each keeps its digits at its own end: a parameter that begins at 3 and
ends at 2e-16 has them all at both. Directions along which nothing changes stay where they begin:
collinear columns, where there are many optima, descend like any others. (A plain loop and sixty
digits are the oracles in the tests.)

The factors 1 − αλ say all there is to know of the learning rate: each must be smaller than 1 in
size, so α < 2/λmax; at α = 1/λmax no direction overshoots.
"""

import bisect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gdviz.core.least_squares import LeastSquares
from gdviz.core.moments import Array

__all__ = ["DIVERGED", "MOST_COST", "MOST_EPOCHS", "Modes"]

MOST_EPOCHS = 100_000
DIVERGED = 1e4  # times the cost at the start: beyond, start and optimum are one point to the eye
MOST_COST = 1e304  # what is still a number when a picture scales it
BLOCK = 4096  # epochs at a time
EPSILON = np.finfo(float).eps
SMALL = 1e-6  # change of an eigenvector that is nearly exact


@dataclass(frozen=True, eq=False)
class Modes:
    """A descent taken apart into directions that do not mix, before a learning rate is chosen.

    Attributes
    ----------
    start, goal : (p + 1,) array
        Where it begins, and the optimum nearest to there.
    singular : (m,) array
        Singular values σ of the table, descending: the Hessian has the eigenvalues 2σ².
    directions : (m, p + 1) array
        Its eigenvectors.
    begin, end : (m,) array
        Coordinates of start and goal along them.
    still : (p + 1,) array
        The part of the start that is in none of them, and stays.
    """

    start: Array
    goal: Array
    singular: Array
    directions: Array
    begin: Array
    end: Array
    still: Array

    @classmethod
    def of(
        cls, rows: Array, start: Array, fixed: Mapping[int, float], best: LeastSquares
    ) -> "Modes":
        """Return the modes of |rows @ (θ, −1)|², rows (k, p + 2), from a start (p + 1,)."""
        free = [j for j in range(len(start)) if j not in fixed]
        held = start.copy()
        held[free] = 0
        A, y = rows[:, free], rows[:, -1] - rows[:, :-1] @ held
        if not A.any():
            raise ValueError("every feature is 0 in every row: no weight changes the cost")
        V = _right_vectors(A)
        # λ = 2σ²; each σ is found from its own terms, so that it has digits beside a large one.
        W, terms = A @ V.T, np.linalg.norm(np.abs(A) @ np.abs(V.T), axis=0)
        sigma = np.linalg.norm(W, axis=0)
        digits = np.divide(sigma, terms, out=np.zeros_like(terms), where=terms > 0)
        real = np.argsort(digits)[::-1][: best.rank]
        real = real[np.argsort(sigma[real])[::-1]]
        directions = np.zeros((len(V), len(start)))
        directions[:, free] = V
        flat, directions = np.delete(directions, real, axis=0), directions[real]
        U = W[:, real] / sigma[real] ** 2
        begin, end = directions @ start, U.T @ y
        rounding = 4 * EPSILON * (np.abs(directions) @ np.abs(start) + np.abs(U.T) @ np.abs(y))
        return cls(
            start=start,
            goal=best.nearest(start),
            singular=sigma[real],
            directions=directions,
            begin=begin,
            end=np.where(np.abs(end - begin) > rounding, end, begin),
            still=held + flat.T @ (flat @ start),
        )

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

    def gap(self, rate: float, k: int) -> float:
        """Part of the cost that the descent has yet to remove after k epochs."""
        residual = self.residual
        with np.errstate(over="ignore", invalid="ignore"):
            left = self.left(rate, np.array([k]))[0] * residual
            return float(np.sum(np.where(residual == 0, 0, left) ** 2))

    def last_drawable(self, rate: float, most: int, bound: float) -> int:
        """Last epoch, at most the given one, before the cost passes a bound above its start."""
        # A sum of exponentials is convex in k: once it is past the bound it stays there.
        ks = range(1, most + 1)
        return bisect.bisect_left(ks, True, key=lambda k: not self.gap(rate, k) <= bound)

    @property
    def ways(self) -> Array:
        """The part of each mode in θ₀ − θ*, (m, p + 1): θₖ = θ* + left @ ways."""
        return (self.begin - self.end)[:, None] * self.directions

    @property
    def residual(self) -> Array:
        """The part of each mode in the error at the start, (m,).

        Its square is the part of the cost that a descent removes along it.
        """
        return self.singular * (self.begin - self.end)

    def left(self, rate: float, k: NDArray[np.int64]) -> Array:
        """Share of its way that each mode still has to go, (1 − αλ)ᵏ. k (n,) -> (n, m)."""
        return _left(self._shrink(rate), k)

    def record(self, rate: float, last: int) -> Array:
        """θ of epochs 0 … last, (last + 1, p + 1)."""
        shrink, ways = self._shrink(rate), self.ways
        half, moving = _half_way(shrink), self.begin != self.end
        theta = np.empty((last + 1, len(self.start)))
        for first, end in _pieces(half, last + 1):
            k = np.arange(first, end)
            early, late = moving & (half > first), moving & (half <= first)
            gone = _done(shrink[early], k) @ ways[early]
            left = _left(shrink[late], k) @ ways[late]
            theta[first:end] = self._waypoint(early, late) - gone + left
        return theta

    def _waypoint(self, early: NDArray[np.bool_], late: NDArray[np.bool_]) -> Array:
        """θ (p + 1,) with the early modes (m,) where they begin and the late ones at their ends."""
        if not late.any():
            return self.start
        if not early.any():
            return self.goal
        return np.asarray(self.still + np.where(late, self.end, self.begin) @ self.directions)

    def _shrink(self, rate: float) -> Array:
        """αλ (m,): the part of its way that each mode goes in an epoch."""
        with np.errstate(over="ignore"):  # a rate may be any number
            return rate * self.eigenvalues


def _right_vectors(A: Array) -> Array:
    """Eigenvectors of AᵀA, (p, p), one a row: small entries as exact as large ones.

    LAPACK's are exact to 1e-16 of the largest. Where a column is 1e-12 times another, what decides
    of it is an entry of that size; refined after Ogita & Aishima (2018), "Iterative refinement for
    symmetric eigenvalue decomposition", Japan J. Indust. Appl. Math. 35, 1007–1035, algorithm 1.
    """
    X = np.linalg.svd(A)[2].T
    for _ in range(3):
        S, R = (A @ X).T @ (A @ X), np.eye(len(X)) - X.T @ X
        size = np.diag(S)
        apart = np.subtract.outer(size, size).T
        with np.errstate(divide="ignore", invalid="ignore"):
            E = (S + size * R) / apart
        # What is no small correction is of eigenvalues that are equal, or nothing but rounding.
        X = X + X @ np.where(np.abs(E) < SMALL, E, R / 2)
    return np.asarray(X.T)


def _left(shrink: Array, k: NDArray[np.int64]) -> Array:
    """Share of the way that is left, (1 − αλ)ᵏ, to all its digits. αλ (m,), k (n,) -> (n, m)."""
    small = shrink < 0.5
    left = np.empty((len(k), len(shrink)))
    left[:, ~small] = (1 - shrink[~small]) ** k[:, None]
    left[:, small] = np.exp(k[:, None] * np.log1p(-shrink[small]))
    return left


def _done(shrink: Array, k: NDArray[np.int64]) -> Array:
    """Share of the way that is gone, 1 − (1 − αλ)ᵏ, to all its digits. -> (n, m)."""
    small = shrink < 0.5
    done = np.empty((len(k), len(shrink)))
    done[:, ~small] = 1 - (1 - shrink[~small]) ** k[:, None]
    done[:, small] = -np.expm1(k[:, None] * np.log1p(-shrink[small]))
    return done


def _half_way(shrink: Array) -> Array:
    """First epoch after which half of a way is left or less; infinite if none. αλ (m,) -> (m,)."""
    factor = np.abs(1 - shrink)
    with np.errstate(divide="ignore", invalid="ignore"):
        half = np.ceil(np.log(0.5) / np.log(factor))
    return np.where(factor < 1, np.maximum(half, 1), np.inf)


def _pieces(half: Array, n: int) -> Iterator[tuple[int, int]]:
    """Yield (first, end) of pieces of n epochs: no mode comes to its half within one."""
    cuts = np.unique([*range(0, n, BLOCK), *half[half < n], n]).astype(int)
    yield from pairwise(cuts.tolist())
