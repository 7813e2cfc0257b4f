"""All epochs of a plain descent on a squared loss at once, as one matrix product.

θₖ₊₁ = θₖ − α ∇J(θₖ) on a squared error is a linear recurrence. In the eigenvectors of the Hessian,
H = V Λ Vᵀ, every direction goes its own way:

    θₖ = θ₀ − V φₖ(Λ) Vᵀ ∇J(θ₀),   φₖ(λ) = (1 − (1 − αλ)ᵏ) / λ,   φₖ(0) = αk.

Written from the start, not from the optimum, it needs no optimum: collinear columns, where there
are many, descend like any others, and no digits are lost where the optimum is far away. (A plain
loop in the tests is the oracle.)

The factors 1 − αλ say all there is to know of the learning rate: each must be smaller than 1 in
size, so α < 2/λmax; at α = 1/λmax no direction overshoots.
"""

import bisect
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdviz.core.moments import Array

__all__ = ["DIVERGED", "MOST_COST", "MOST_EPOCHS", "Modes"]

MOST_EPOCHS = 100_000
DIVERGED = 1e4  # times the cost at the start: beyond, start and optimum are one point to the eye
MOST_COST = 1e304  # what is still a number when a picture scales it
BLOCK = 4096  # epochs at a time


@dataclass(frozen=True, eq=False)
class Modes:
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
    def of(cls, rows: Array, start: Array, fixed: Mapping[int, float]) -> "Modes":
        """Modes of |rows @ (θ, −1)|², rows (k, p + 2), from a start (p + 1,)."""
        free = [j for j in range(len(start)) if j not in fixed]
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

    def gap(self, rate: float, k: int) -> float:
        """Part of the cost that the descent has yet to remove after k epochs."""
        with np.errstate(over="ignore", invalid="ignore"):
            left = np.abs(1 - rate * self.eigenvalues) ** k * self.residual
            return float(np.sum(np.where(self.residual == 0, 0, left) ** 2))

    def last_drawable(self, rate: float, most: int, bound: float) -> int:
        """Last epoch, at most the given one, before the cost passes a bound above its start."""
        # A sum of exponentials is convex in k: once it is past the bound it stays there.
        ks = range(1, most + 1)
        return bisect.bisect_left(ks, True, key=lambda k: not self.gap(rate, k) <= bound)

    def left(self, rate: float, epochs: NDArray[np.int64]) -> Array:
        """Share (1 − αλ)ᵏ of its way that each mode has yet to go. epochs (n,) -> (n, m)."""
        shrink, k = rate * self.eigenvalues, epochs[:, None]
        size = np.where(shrink < 0.5, np.log1p(-np.minimum(shrink, 0.5)), 0.0)
        return np.asarray(np.where(shrink < 0.5, np.exp(k * size), (1 - shrink) ** k))

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
            theta[first : first + BLOCK] = self.start - _done(shrink, k) @ steps
        return theta


def _done(shrink: Array, k: NDArray[np.int64]) -> Array:
    """Part of its way that a direction has gone, 1 − (1 − αλ)ᵏ. αλ (m,), k (n,) -> (n, m)."""
    small = shrink < 0.5
    done = np.empty((len(k), len(shrink)))
    done[:, ~small] = 1 - (1 - shrink[~small]) ** k[:, None]
    done[:, small] = -np.expm1(k[:, None] * np.log1p(-shrink[small]))  # keeps the digits of αλ
    return done
