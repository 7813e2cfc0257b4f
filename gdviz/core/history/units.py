"""Columns of a table -> features of a fit, step by step; and a history over features -> columns.

A step is taking powers of the columns, or bringing them to a common scale. Other rows get the
features of a fit by the same steps. A scaling can be gone back: θ over the unscaled columns that
predicts the same, and the optimum in the same units.
"""

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from gdviz.core.dataset import Dataset
from gdviz.core.features import Scaling
from gdviz.core.least_squares import LeastSquares
from gdviz.core.moments import Array
from gdviz.core.objective import Regression
from gdviz.core.optimum import Optimum

if TYPE_CHECKING:
    from gdviz.core.history.record import History

__all__ = ["in_original_units", "made_alike", "steps_of", "table_of", "with_step"]


def in_original_units(history: "History") -> "History":
    """Return a history of the same predictions and costs with every θ over the unscaled features.

    Raises
    ------
    ValueError
        If the loss has a penalty.
    """
    scaling, base = history.dataset.scaling, history.dataset.base
    if scaling is None or base is None:
        return history
    if history.regression.function.penalty:
        raise ValueError(
            "the penalty is on the scaled weights and has no like over the unscaled ones; "
            "history.dataset.scaling.original(history.theta) gives the numbers alone"
        )
    # An intercept that was held over scaled features moves over the others.
    fixed = tuple(j for j in history.fixed if j)
    theta = scaling.original(history.theta)
    ahead = None if history.ahead is None else history.ahead.through(np.abs(_inverse(scaling)))
    there = Regression(base, history.loss)
    unscaled = replace(history, objective=there, theta=theta, fixed=fixed, ahead=ahead)
    vars(unscaled)["best"] = _unscaled(history.best, scaling, there)
    return in_original_units(unscaled)


def _unscaled(
    best: LeastSquares | Optimum, scaling: Scaling, there: Regression
) -> LeastSquares | Optimum:
    """Return the same optimum over the unscaled features; every gap stays what it was."""
    theta = scaling.original(best.theta)
    if isinstance(best, Optimum):
        falls = None if best.falls is None else _inverse(scaling) @ best.falls
        return replace(
            best,
            theta=theta,
            evaluate=there.cost,
            others=best.others.through(_inverse(scaling)),
            falls=None if falls is None else falls / np.linalg.norm(falls),
        )
    return replace(
        best,
        theta=theta,
        factor=best.factor @ scaling.matrix,
        null_space=np.linalg.qr(_inverse(scaling) @ best.null_space)[0],
    )


def _inverse(scaling: Scaling) -> Array:
    """Return the matrix (p + 1, p + 1) that takes θ over scaled columns to θ over unscaled ones."""
    return np.asarray(np.linalg.inv(scaling.matrix))


def table_of(dataset: Dataset) -> Dataset:
    """Return the table that the features of a dataset were made from."""
    return dataset if dataset.base is None else table_of(dataset.base)


def steps_of(dataset: Dataset) -> list[Any]:
    """Return the steps from the table to a dataset's features, as JSON: degrees, [shift, scale].

    >>> table = Dataset.of([[1.0], [3.0]], [1.0, 2.0])
    >>> steps_of(table.powers(2).scaled("minmax"))
    [2, [[1.0, 1.0], [2.0, 8.0]]]
    """
    if dataset.base is None:
        return []
    step = dataset.step
    if isinstance(step, Scaling):
        return [*steps_of(dataset.base), [step.shift.tolist(), step.scale.tolist()]]
    assert step is not None
    return [*steps_of(dataset.base), int(step.degree)]


def with_step(dataset: Dataset, step: Any) -> Dataset:
    """Return a dataset with the features that one step of :func:`steps_of` makes of it."""
    if isinstance(step, int):
        return dataset.powers(step)
    scaling = Scaling(np.array(step[0]), np.array(step[1]))
    return replace(dataset, X=scaling.apply(dataset.X), base=dataset, step=scaling)


def made_alike(rows: Dataset, model: Dataset) -> Dataset:
    """Return rows with their features made as the model's were, if they are not yet.

    Raises
    ------
    ValueError
        If their features were made in another way.
    """
    if rows.base is None and rows.n_features == len(model.columns):
        return reduce(with_step, steps_of(model), rows)
    if steps_of(rows) != steps_of(model):
        raise ValueError(
            "the features of these rows were made in another way than the history's; "
            "give rows of the table's own columns, unscaled and without powers"
        )
    return rows
