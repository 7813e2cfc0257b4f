"""Columns of a table -> features: powers and products, and columns on a common scale.

Gradient descent is quick where the cost is round and slow where it is a long valley. Columns of
very different size make long valleys; scaling them makes the cost rounder without changing what
can be predicted. Powers and products of columns make polynomial regression a linear one.

Both keep what is needed to go back: a θ over scaled columns says the same as one over the
columns of the table, and :meth:`Scaling.original` is that one.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from gdviz.checks import whole
from gdviz.core.moments import Array
from gdviz.core.registry import chosen

__all__ = ["SCALERS", "Powers", "Scaling", "scaling_of"]


@dataclass(frozen=True, eq=False)
class Scaling:
    """Columns (x − shift) / scale. shift, scale (p,), in units of the columns."""

    shift: Array
    scale: Array

    def apply(self, X: Array) -> Array:
        """Scale X (n, p)."""
        return (X - self.shift) / self.scale

    @property
    def matrix(self) -> Array:
        """The matrix that makes θ over the scaled columns of one over the unscaled."""
        matrix = np.diag(np.append(1.0, self.scale))
        matrix[0, 1:] = self.shift
        return matrix

    def original(self, theta: Array) -> Array:
        """θ over the unscaled columns, from one over the scaled. theta (..., p + 1) -> the same.

        θ₀ + Σ wⱼ (xⱼ − shiftⱼ)/scaleⱼ = (θ₀ − Σ shiftⱼ vⱼ) + Σ vⱼ xⱼ with vⱼ = wⱼ/scaleⱼ.
        """
        weights = theta[..., 1:] / self.scale
        intercept = theta[..., :1] - (weights * self.shift).sum(axis=-1, keepdims=True)
        return np.concatenate([intercept, weights], axis=-1)


def _standard(X: Array) -> Scaling:
    """Mean 0, standard deviation 1."""
    from sklearn.preprocessing import StandardScaler

    fitted = StandardScaler().fit(X)
    return Scaling(fitted.mean_, fitted.scale_)


def _mean(X: Array) -> Scaling:
    """Mean 0, range 1: mean normalisation."""
    span = np.ptp(X, axis=0)
    return Scaling(X.mean(axis=0), np.where(span > 0, span, 1.0))


def _minmax(X: Array) -> Scaling:
    """From 0 to 1."""
    from sklearn.preprocessing import MinMaxScaler

    fitted = MinMaxScaler().fit(X)
    return Scaling(fitted.data_min_, 1 / fitted.scale_)


SCALERS = {"standard": _standard, "mean": _mean, "minmax": _minmax}


def scaling_of(X: Array, kind: str) -> Scaling:
    """Return the scaling of a kind for X (n, p).

    Raises
    ------
    ValueError
        If there is no such kind.
    """
    return SCALERS[chosen(SCALERS, kind, "scaling")](X)


@dataclass(frozen=True)
class Powers:
    """All products of the columns up to a degree."""

    degree: int

    def apply(self, X: Array) -> Array:
        """Return the products of the columns of X (n, p), (n, number of products)."""
        return np.asarray(_polynomial(self.degree).fit_transform(X), dtype=np.float64)

    def names(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return the names of the products.

        >>> Powers(2).names(("area", "age"))
        ('area', 'age', 'area^2', 'area age', 'age^2')
        """
        made = _polynomial(self.degree).fit(np.zeros((1, len(names))))
        return tuple(str(name) for name in made.get_feature_names_out(names))


def _polynomial(degree: int) -> Any:
    from sklearn.preprocessing import PolynomialFeatures

    return PolynomialFeatures(whole("degree", degree, 1, 20), include_bias=False)
