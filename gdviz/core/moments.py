"""What a squared-error descent needs to know of a table, whatever its number of rows.

The mean squared error is a quadratic in θ. Its value everywhere, its gradient and its Hessian
follow from three things: the number of rows, the mean of every column, and the centred
cross-products of the columns. They are kept *centred*, because sums of raw squares lose their
digits where a mean is large against the spread (years, prices); as a *root*, because squaring
loses half of the digits that are left; and they can be *merged*, so that the parts of a table may
be read one after the other or on different machines.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array", "Moments"]

Array = NDArray[np.float64]
Wide = NDArray[np.longdouble]

BLOCK = 5_000  # rows at a time


@dataclass(frozen=True, eq=False)
class Moments:
    """Count, mean and centred cross-products of the columns ``[X, y]``.

    Attributes
    ----------
    n : int
        Number of rows.
    mean : (p + 1,) array
        Mean of each column, the target last, in the units of the column.
    root : (min(n, p + 1), p + 1) array
        Upper triangular R of the QR factorisation of the centred rows: as good as the rows
        themselves for every sum of squares, and ``comoment = rootᵀ root``.

    References
    ----------
    Chan, Golub & LeVeque (1983), "Algorithms for computing the sample variance: analysis and
    recommendations", The American Statistician 37, 242–247, for the merge; Golub & Van Loan,
    "Matrix Computations", section 6.5, for doing it on the roots.
    """

    n: int
    mean: Array
    root: Array

    @classmethod
    def of(cls, X: Array, y: Array) -> "Moments":
        """Moments of X (n, p) and y (n,), in two passes: the mean, then what is left.

        >>> Moments.of(np.array([[1.0], [3.0]]), np.array([2.0, 8.0])).comoment.round(12)
        array([[ 2.,  6.],
               [ 6., 18.]])
        """
        columns = np.vstack([np.transpose(X), y]).astype(np.float64)
        mean = columns.mean(axis=1)
        mean = mean + (columns.T - mean).mean(axis=0)  # what summing many rows has rounded away
        root = np.empty((0, len(mean)), dtype=np.longdouble)
        for first in range(0, columns.shape[1], BLOCK):
            rows = columns.T[first : first + BLOCK] - mean.astype(np.longdouble)
            root = _root(np.vstack([root, rows]))
        return cls(columns.shape[1], mean, root.astype(np.float64))

    @property
    def comoment(self) -> Array:
        """Centred cross-products Σ (z − mean)(z − mean)ᵀ over the rows z, (p + 1, p + 1)."""
        return np.asarray(self.root.T @ self.root)

    @property
    def constant(self) -> NDArray[np.bool_]:
        """Which columns hold one value and nothing else but its rounding, (p + 1,)."""
        rounding = 4 * np.finfo(float).eps * np.sqrt(self.n) * np.abs(self.mean)
        return np.asarray(np.linalg.norm(self.root, axis=0) <= rounding)

    @property
    def rows(self) -> Array:
        """At most p + 2 rows as good as all n: ``rowsᵀ rows = (1/n) Σ zzᵀ``, z = (1, x, y).

        So the mean squared error of θ is ``|rows @ (θ, −1)|²``: a sum of squares.
        """
        spread = np.column_stack([np.zeros(len(self.root)), self.root / np.sqrt(self.n)])
        return np.vstack([[1.0, *self.mean], spread])

    def merge(self, other: "Moments") -> "Moments":
        """Moments of the rows of both: the same, whatever the order and the sizes."""
        n = self.n + other.n
        shift = other.mean - self.mean
        between = np.sqrt(self.n * other.n / n) * shift
        root = np.asarray(np.linalg.qr(np.vstack([self.root, other.root, between]), mode="r"))
        return Moments(n, self.mean + shift * (other.n / n), root)

    def update(self, X: Array, y: Array) -> "Moments":
        """Moments with the rows X (n, p), y (n,) added."""
        return self.merge(Moments.of(X, y))


def _root(rows: Wide) -> Wide:
    """Upper triangular R (min(n, m), m) with RᵀR = rowsᵀ rows, by Householder's reflections.

    Householder (1958); LAPACK's does the same, but in double precision only. Overwrites the rows.
    """
    k = min(rows.shape)
    for j in range(k):
        v = rows[j:, j].copy()
        length = np.sqrt(v @ v)
        if length > 0:
            v[0] += np.copysign(length, v[0])
            left = rows[j:, j:]
            left -= np.multiply.outer(v, (v @ left) * (2 / (v @ v)))
    return np.triu(rows[:k])
