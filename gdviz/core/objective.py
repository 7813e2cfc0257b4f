"""The objective, θ -> cost: the function that a descent minimises, and all that one may ask of it.

An objective has names for the entries of θ, and gives cost, gradient and Hessian at any θ and its
own lowest point. A :class:`Regression` is the cost of a model on a table; any function of numbers
is one too (:class:`gdviz.core.functions.Function`). What records, judges or draws a descent asks
an objective, and knows nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from gdviz.core.dataset import Dataset
from gdviz.core.least_squares import LeastSquares
from gdviz.core.losses import Loss, loss_of
from gdviz.core.moments import Array
from gdviz.core.optimum import Optimum, called, optimum

__all__ = ["Objective", "Regression", "same_objective"]


class Objective(Protocol):
    """A function of d parameters that is to be minimised."""

    @property
    def names(self) -> tuple[str, ...]:
        """Name of each of the d entries of θ."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The same, as they stand on the axes of a picture."""

    @property
    def n_samples(self) -> int:
        """Rows that an epoch goes through; 1 for a function that has none."""

    @property
    def convex(self) -> bool:
        """Whether every descent goes to the same lowest cost."""

    @property
    def start(self) -> Array:
        """Where a descent begins if nothing else is said, (d,)."""

    @property
    def sizes(self) -> Array:
        """Size that each parameter can be expected to have, (d,); see design.md, *way left*."""

    @property
    def constant(self) -> float:
        """Cost of the best constant prediction; NaN where there is no such thing."""

    def cost(self, theta: Array) -> Array:
        """Cost. theta (..., d) -> (...)."""

    def gradient(self, theta: Array) -> Array:
        """Gradient of the cost. theta (d,) -> (d,)."""

    def hessian(self, theta: Array) -> Array:
        """Hessian of the cost. theta (d,) -> (d, d)."""

    def steepest(self, start: Array, free: list[int]) -> float:
        """Largest curvature, λmax of the Hessian in the free entries, that a descent meets."""

    def lowest(self, fixed: Mapping[int, float], near: Array) -> LeastSquares | Optimum:
        """Lowest point with some entries held; of many, the one that a descent near θ (d,) finds.

        `fixed` maps an index of θ to the value that it is held at.
        """


@dataclass(frozen=True, eq=False)
class Regression:
    """The cost of a linear model on a table.

    Attributes
    ----------
    dataset : Dataset
    loss : str or Loss
        As it was given, such as "huber:delta=2".
    """

    dataset: Dataset
    loss: str | Loss = "mse"

    convex = True

    def __reduce__(self) -> tuple[Any, ...]:
        # What is cached can be computed again, and some of it cannot be pickled.
        return type(self), (self.dataset, self.loss)

    @cached_property
    def function(self) -> Loss:
        """The loss itself."""
        return loss_of(self.loss)

    @property
    def names(self) -> tuple[str, ...]:
        """The intercept, then the features."""
        return self.dataset.parameter_names

    @property
    def labels(self) -> tuple[str, ...]:
        """The same; a scaled feature says that it is scaled."""
        return ("intercept", *self.dataset.labels)

    @property
    def n_samples(self) -> int:
        """Number of rows."""
        return self.dataset.n_samples

    @property
    def start(self) -> Array:
        """Zero for all."""
        return np.zeros(len(self.names))

    @cached_property
    def sizes(self) -> Array:
        """Size that each parameter can be expected to have, (p + 1,).

        sd(y)/rms(x_j); for the intercept sd(y); 0 for a column of zeros. Of labels, y is 0 or 1. A
        target that does not vary counts by its size.
        """
        data, loss = self.dataset, self.function
        rows = data.moments.rows
        scale = np.linalg.norm(rows[:, 1:-1], axis=0)
        spread = float(np.linalg.norm(rows[1:, -1]))
        if loss.labels:
            spread = float(loss.target(data.y).std())
        if data.moments.constant[-1]:
            spread = abs(float(rows[0, -1])) or 1.0
        weights = np.divide(spread, scale, out=np.zeros_like(scale), where=scale > 0)
        return np.append(spread, weights)

    @cached_property
    def constant(self) -> float:
        """Cost of the best constant prediction; NaN where it is 0."""
        data, loss = self.dataset, self.function
        if loss.squared:
            cost = float(data.moments.comoment[-1, -1] / data.n_samples)
            return np.nan if data.moments.constant[-1] else cost
        weights = dict.fromkeys(range(1, len(self.names)), 0.0)
        return float(optimum(data, loss, weights, self.start).cost) or np.nan

    def cost(self, theta: Array) -> Array:
        """Mean over the rows. theta (..., p + 1) -> (...)."""
        return self.function.cost(theta, self.dataset)

    def gradient(self, theta: Array) -> Array:
        """Gradient of the cost. theta (p + 1,) -> (p + 1,)."""
        return self.function.gradient(theta, self.dataset)

    def hessian(self, theta: Array) -> Array:
        """Hessian of the cost. theta (p + 1,) -> (p + 1, p + 1)."""
        return self.function.hessian(theta, self.dataset)

    def steepest(self, start: Array, free: list[int]) -> float:
        """Return λmax of the Hessian in the free entries; a bound on it, where θ changes it."""
        return self.function.steepest(self.dataset, free)

    def lowest(self, fixed: Mapping[int, float], near: Array) -> LeastSquares | Optimum:
        """Return the optimum with some entries held; of many, the one nearest to θ (p + 1,)."""
        return replace(optimum(self.dataset, self.function, fixed, near), name=called(self.loss))


def same_objective(a: Any, b: Any) -> bool:
    """Whether two objectives have the same cost everywhere, as far as can be told.

    Regressions have, whose tables hold the same numbers under the same names, and whose losses are
    equal; functions, which are one object, or one in the registry.
    """
    if a is b:
        return True
    if isinstance(a, Regression) and isinstance(b, Regression):
        return a.loss == b.loss and _same_table(a.dataset, b.dataset)
    registered = getattr(a, "registered", None)
    return registered is not None and registered == getattr(b, "registered", None)


def _same_table(a: Dataset, b: Dataset) -> bool:
    names = a.labels == b.labels and a.target_name == b.target_name
    return a is b or (names and np.array_equal(a.X, b.X) and np.array_equal(a.y, b.y))
