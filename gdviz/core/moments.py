"""What a squared-error descent needs to know of a table, whatever its number of rows.

The mean squared error is a quadratic in θ. Its value everywhere, its gradient and its Hessian
follow from three things: the number of rows, the mean of every column, and the centred
cross-products of the columns. They are kept *centred*, because sums of raw squares lose their
digits where a mean is large against the spread (years, prices), and they can be *merged*, so
that parts of a table may be read one after the other or on different machines.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Moments"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Moments:
    """Count, mean and centred cross-products of the columns ``[X, y]``.

    Attributes
    ----------
    n : int
        Number of rows.
    mean : (p + 1,) array
        Mean of each column, the target last, in the units of the column.
    comoment : (p + 1, p + 1) array
        Σ (z − mean)(z − mean)ᵀ over the rows z.

    References
    ----------
    Chan, Golub & LeVeque (1983), "Algorithms for computing the sample variance: analysis and
    recommendations", The American Statistician 37, 242–247.
    """

    n: int
    mean: Array
    comoment: Array

    @classmethod
    def of(cls, X: Array, y: Array) -> "Moments":
        """Moments of X (n, p) and y (n,), in two passes: the mean, then what is left.

        >>> Moments.of(np.array([[1.0], [3.0]]), np.array([2.0, 8.0])).comoment
        array([[ 2.,  6.],
               [ 6., 18.]])
        """
        columns = np.column_stack([X, y]).astype(np.float64)
        mean = columns.mean(axis=0)
        centred = columns - mean
        return cls(len(columns), mean, centred.T @ centred)

    def merge(self, other: "Moments") -> "Moments":
        """Moments of the rows of both: exact, whatever the order and the sizes."""
        n = self.n + other.n
        shift = other.mean - self.mean
        mean = self.mean + shift * (other.n / n)
        between = np.outer(shift, shift) * (self.n * other.n / n)
        return Moments(n, mean, self.comoment + other.comoment + between)

    def update(self, X: Array, y: Array) -> "Moments":
        """Moments with the rows X (n, p), y (n,) added."""
        return self.merge(Moments.of(X, y))
