"""Moments: a table of any number of rows -> the few numbers that a squared error depends on.

The mean squared error is a quadratic in θ. Its value everywhere, its gradient and its Hessian
follow from three things: the number of rows, the mean of every column, and the centred
cross-products of the columns. They are kept *centred*, because sums of raw squares lose their
digits where a mean is large against the spread (years, prices); as a *root*, because squaring
loses half of the digits that are left; and they can be *merged*, so that the parts of a table may
be read one after the other or on different machines. What rounding a mean to a double leaves out
is kept beside it: two parts differ by their means, and that difference must have its digits too.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array", "Moments", "frozen"]

Array = NDArray[np.float64]

BLOCK = 1_000  # rows at a time: more would wait for LAPACK's threads longer than they compute
EXTENDED = 500_000  # rows × columns² at most, for extended precision: some milliseconds


def frozen(array: Array) -> Array:
    """Return a view of an array that cannot be written to.

    >>> frozen(np.zeros(2))[0] = 1
    Traceback (most recent call last):
    ...
    ValueError: assignment destination is read-only
    """
    view = array.view()
    view.flags.writeable = False
    return view


@dataclass(frozen=True, eq=False)
class Moments:
    """Count, mean and centred cross-products of the columns ``[X, y]``; its arrays are read-only.

    Attributes
    ----------
    n : int
        Number of rows.
    mean : (p + 1,) array
        Mean of each column, the target last, in the units of the column.
    root : (min(n, p + 1), p + 1) array
        Upper triangular R of the QR factorisation of the centred rows: as good as the rows
        themselves for every sum of squares, and ``comoment = rootᵀ root``.
    rest : (p + 1,) array
        What rounding left out of the mean: ``mean + rest`` is the mean to twice the digits.

    References
    ----------
    Chan, Golub & LeVeque (1983), "Algorithms for computing the sample variance: analysis and
    recommendations", The American Statistician 37, 242–247, for the merge; Golub & Van Loan,
    "Matrix Computations", section 6.5, for doing it on the roots; Knuth, "The Art of Computer
    Programming", volume 2, section 4.2.2, for what a sum leaves out.
    """

    n: int
    mean: Array
    root: Array
    rest: Array = field(default_factory=lambda: np.zeros(()))

    def __post_init__(self) -> None:
        for name in ("mean", "root", "rest"):
            object.__setattr__(self, name, frozen(getattr(self, name)))

    @classmethod
    def of(cls, X: Array, y: Array) -> "Moments":
        """Moments of X (n, p) and y (n,), in two passes: the mean, then what is left.

        >>> Moments.of(np.array([[1.0], [3.0]]), np.array([2.0, 8.0])).comoment.round(12)
        array([[ 2.,  6.],
               [ 6., 18.]])
        """
        columns = np.vstack([np.transpose(X), y], dtype=np.float64)
        near = columns.mean(axis=1, keepdims=True)
        off = (columns - near).mean(axis=1, keepdims=True)
        mean, rest = _sum(near, off)
        if columns.size * len(columns) <= EXTENDED:
            root = _extended_root((columns - mean.astype(np.longdouble) - rest).T)
        else:
            columns -= near  # near to its mean, a value is subtracted without an error
            columns -= off
            root = _root(columns.T)
        return cls(columns.shape[1], mean[:, 0], root, rest[:, 0])

    @cached_property
    def comoment(self) -> Array:
        """Centred cross-products Σ (z − mean)(z − mean)ᵀ over the rows z, (p + 1, p + 1)."""
        return frozen(self.root.T @ self.root)

    @property
    def constant(self) -> NDArray[np.bool_]:
        """Which columns hold one value and nothing else but its rounding, (p + 1,)."""
        rounding = 4 * np.finfo(float).eps * np.sqrt(self.n) * np.abs(self.mean)
        return np.asarray(np.linalg.norm(self.root, axis=0) <= rounding)

    @cached_property
    def rows(self) -> Array:
        """At most p + 2 rows as good as all n: ``rowsᵀ rows = (1/n) Σ zzᵀ``, z = (1, x, y).

        So the mean squared error of θ is ``|rows @ (θ, −1)|²``: a sum of squares.
        """
        spread = np.column_stack([np.zeros(len(self.root)), self.root / np.sqrt(self.n)])
        return frozen(np.vstack([[1.0, *self.mean], spread]))

    def merge(self, other: "Moments") -> "Moments":
        """Moments of the rows of both: the same, whatever the order and the sizes."""
        n = self.n + other.n
        shift = (other.mean - self.mean) + (other.rest - self.rest)
        between = np.sqrt(self.n * other.n / n) * shift
        mean, rest = _sum(self.mean, self.rest + shift * (other.n / n))
        return Moments(n, mean, _root(np.vstack([self.root, other.root, between])), rest)

    def update(self, X: Array, y: Array) -> "Moments":
        """Moments with the rows X (n, p), y (n,) added."""
        return self.merge(Moments.of(X, y))


def _sum(a: Array, b: Array) -> tuple[Array, Array]:
    """Return a + b, and exactly what rounding has left out of it."""
    total = a + b
    part = total - a
    return total, (a - (total - part)) + (b - part)


def _root(rows: Array) -> Array:
    """Upper triangular R (min(n, m), m) with RᵀR = rowsᵀ rows; of many rows, half by half."""
    if len(rows) <= max(BLOCK, 4 * rows.shape[1]):
        return np.asarray(np.linalg.qr(rows, mode="r"))
    half = len(rows) // 2
    return _root(np.vstack([_root(rows[:half]), _root(rows[half:])]))


def _extended_root(rows: NDArray[np.floating[Any]]) -> Array:
    """Upper triangular R (min(n, m), m) with RᵀR = rowsᵀ rows, by Householder's reflections.

    Householder (1958); LAPACK's does the same, but in double precision only: of columns that are
    nearly collinear, it would lose digits that a table has. Overwrites the rows.
    """
    k = min(rows.shape)
    for j in range(k):
        v = rows[j:, j].copy()
        length = np.sqrt(v @ v)
        if length > 0:
            v[0] += np.copysign(length, v[0])
            left = rows[j:, j:]
            left -= np.multiply.outer(v, (v @ left) * (2 / (v @ v)))
    return np.triu(rows[:k]).astype(np.float64)
