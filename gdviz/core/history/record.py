"""The record of a descent: θ and cost of every epoch, and how they were made.

It is frozen; it can be saved and loaded, and everything that can be seen of the descent is drawn
from it, in any order, as often as one likes.
"""

import math
import os
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.core.arguments import check_dataset
from gdviz.core.arrival import Ahead, Goal, first_arrived
from gdviz.core.dataset import Dataset, refuse_masked
from gdviz.core.history import archive, report
from gdviz.core.history.advice import advice, conditions
from gdviz.core.history.replay import (
    checked_cost,
    checked_epoch,
    checked_theta,
    never_moved,
    objective_of,
    rows_of,
)
from gdviz.core.history.units import in_original_units, made_alike
from gdviz.core.least_squares import LeastSquares
from gdviz.core.losses import Loss, mean_squared_error
from gdviz.core.moments import Array, frozen
from gdviz.core.objective import Objective, Regression
from gdviz.core.optimum import Optimum
from gdviz.core.schedules import CUSTOM, checked_schedule
from gdviz.core.text import plain
from gdviz.core.wording import counted, listing

__all__ = ["History"]

ENDED = ("arrived", "epochs", "tol", "settled", "separable", "diverged", "replay")


@dataclass(frozen=True, eq=False, repr=False)
class History:
    """θ and the cost of every recorded epoch, with the table and how they were made.

    Attributes
    ----------
    objective : Objective
        What was minimised: a :class:`~gdviz.core.objective.Regression`, or a function.
    theta : (n_records, d) array
        Row 0 is the start. Of a regression d is p + 1, and column 0 is the intercept.
    cost : (n_records,) array
        Of a squared loss in squared units of the target.
    epoch : (n_records,) int array, increasing
    learning_rate : float or str
        NaN where it is not known; the text of a schedule, "custom" of one that was a function.
    fixed : tuple of int
        The entries of θ that were held where they started (0 is the intercept).
    optimizer : str
        Its name in the registry; that of a history that was recorded elsewhere is "replay".
    ended : str
        What ended the record: "arrived"; "epochs", all that were asked for; "tol"; "settled", the
        cost of batches has stopped falling; "separable", classes that can be told apart are at 1 %
        of the starting cost; "diverged", the cost outgrew everything that can be drawn; "replay".
    unit : str
        What is counted in ``epoch``: "epoch", or "step" where each batch was recorded.
    batch_size : int or None
        Rows a step; None for all.
    seed : int or None
        Of the order of the rows, where it is known.
    ahead : Ahead or None
        What is known of the descent beyond its record.
    """

    objective: Objective
    theta: Array
    cost: Array
    epoch: NDArray[np.int64]
    learning_rate: float | str
    fixed: tuple[int, ...] = ()
    optimizer: str = "gd"
    ended: str = "epochs"
    unit: str = "epoch"
    batch_size: int | None = None
    seed: int | None = None
    ahead: Ahead | None = None

    def __post_init__(self) -> None:
        for name in ("theta", "cost", "epoch"):
            view = np.asarray(getattr(self, name)).view()
            view.flags.writeable = False
            object.__setattr__(self, name, view)
        _check_records(self)

    def __reduce__(self) -> tuple[Any, ...]:
        # What is cached can be computed again, and some of it cannot be pickled.
        return type(self), tuple(getattr(self, field.name) for field in fields(self))

    @classmethod
    def from_arrays(
        cls,
        theta: Any,
        cost: Any = None,
        *,
        dataset: Dataset | None = None,
        objective: Any = None,
        epoch: Any = None,
        loss: str | Loss = "mse",
    ) -> "History":
        """Return the history of θ (n_records, d) that anything else recorded.

        Parameters
        ----------
        theta : (n_records, d) array-like
            Of a regression the intercept first. What is the same in every record counts as held.
        cost : (n_records,) array-like
            Default: that of the objective.
        dataset : Dataset
            Of a regression, with its `loss`.
        objective : callable, Function or str
            In place of a dataset: the cost as a function of d numbers, or of θ (d,) as one array,
            such as the loss of a network by its weights; or the name of one of
            :data:`gdviz.core.functions.FUNCTIONS`. One that takes θ (..., d), too, is faster.
        epoch : (n_records,) array-like of int, increasing
            Default: 0, 1, 2, …
        loss : str or Loss
            Whose mean over the rows of the dataset was minimised.

        Raises
        ------
        ValueError
            If the shapes do not fit, or something is not a finite number.

        Examples
        --------
        >>> table = Dataset.of([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])
        >>> History.from_arrays([[0, 0], [1, 1], [1, 2]], dataset=table).cost.round(12)
        array([11.66666667,  1.66666667,  0.        ])
        """
        rows = rows_of(theta)
        what = objective_of(rows, dataset, objective, loss)
        path = checked_theta(rows, what.names)
        return cls(
            objective=what,
            theta=path,
            cost=checked_cost(what.cost(path) if cost is None else cost, len(path)),
            epoch=checked_epoch(epoch, len(path)),
            learning_rate=math.nan,
            fixed=never_moved(path),
            optimizer="replay",
            ended="replay",
        )

    @property
    def regression(self) -> Regression:
        """The objective, if it is a regression.

        Raises
        ------
        AttributeError
            If it is a function, which has no table.
        """
        if not isinstance(self.objective, Regression):
            raise AttributeError(f"this is a descent on {self.objective}, which has no table")
        return self.objective

    @property
    def dataset(self) -> Dataset:
        """Table of a regression."""
        return self.regression.dataset

    @property
    def loss(self) -> str | Loss:
        """Loss of a regression, as it was given."""
        return self.regression.loss

    @property
    def has_table(self) -> bool:
        """Whether it is a regression."""
        return isinstance(self.objective, Regression)

    @property
    def intercept(self) -> Array:
        """Intercept of every record of a regression, (n_records,)."""
        return self.theta[:, self.regression.names.index("intercept")]

    @property
    def weights(self) -> Array:
        """Weights of every record of a regression, (n_records, p)."""
        return self.theta[:, 1 : len(self.regression.names)]

    @cached_property
    def best(self) -> LeastSquares | Optimum:
        """The optimum over the entries of θ that were free to move.

        Of a function the minimum of the basin in which the descent ended.
        """
        near = self.theta[0] if self.objective.convex else self.theta[-1]
        return self.objective.lowest(self.held, near)

    @property
    def held(self) -> dict[int, float]:
        """Index of each entry of θ that was held -> its value."""
        return {j: float(self.theta[0, j]) for j in self.fixed}

    @property
    def moving(self) -> list[int]:
        """The entries of θ that were free to move."""
        return [j for j in range(self.theta.shape[1]) if j not in self.fixed]

    @cached_property
    def goal(self) -> Goal:
        """The optimum, and the distances from it that count as arrived."""
        return Goal.of(self.objective, self.best, self.fixed)

    @cached_property
    def optimum(self) -> Array:
        """The optimum that the descent heads for, (d,): of many, the one nearest to its start."""
        return frozen(self.best.nearest(self.theta[0]))

    @cached_property
    def gap(self) -> Array:
        """Cost above the optimum's, (n_records,)."""
        return frozen(self.best.gap(self.theta))

    # Has it arrived? ------------------------------------------------------------------------------

    @cached_property
    def way_left(self) -> Array:
        """Share of its way that each parameter has yet to go, (n_records, p + 1).

        Its distance from the optimum over the farthest that it was so far; 0 for what is held.
        """
        distance, farthest = self._way
        left = np.zeros_like(distance)
        return frozen(np.divide(distance, farthest, out=left, where=distance > 0))

    @cached_property
    def arrival(self) -> int | None:
        """Index of the first record from which on it has arrived, for good; None if it has not."""
        if self.diverged:
            return None
        distance, farthest = self._way
        first = first_arrived(self.goal.near(distance, farthest, self.gap))
        if first is not None and self.ahead is not None:
            stays = self.goal.near(
                self.ahead.distance[None], farthest[-1:], np.array([self.ahead.gap])
            )
            return first if stays[0] else None
        return first

    @cached_property
    def _way(self) -> tuple[Array, Array]:
        """Distance from the optimum, and the farthest so far; both (n_records, p + 1)."""
        distance = self.goal.distance(self.theta)
        return distance, self.goal.farthest(distance)

    @property
    def converged(self) -> bool:
        """Whether it has arrived: at most 1 % of the way is left in every parameter, for good.

        And the score is within 0.001 of the optimum's. For good is for ever of a plain descent on
        a squared loss, 1,000 steps further of others; of a replay, to the end of its record.
        """
        return self.arrival is not None

    @property
    def diverged(self) -> bool:
        """Whether the cost outgrew everything that can be drawn; the record ends before it does."""
        return self.ended == "diverged"

    @property
    def verdict(self) -> str:
        """How it ended, in a word: arrived, stopped or diverged."""
        return "diverged" if self.diverged else "arrived" if self.converged else "stopped"

    @property
    def score(self) -> Array:
        """1 − cost / that of the best constant, (n_records,): R², McFadden's for labels, or NaN."""
        return np.asarray(1 - self.cost / self.goal.constant)

    @property
    def best_score(self) -> float:
        """Score of the optimum."""
        return float(1 - self.best.cost / self.goal.constant)

    @property
    def r2(self) -> Array:
        """Coefficient of determination of every record, (n_records,); NaN for a constant target."""
        if not self.has_table:
            return np.full(len(self.cost), np.nan)
        squared = mean_squared_error().cost(self.theta, self.dataset)
        return np.asarray(self.dataset.r2(squared))

    @property
    def condition(self) -> float:
        """Condition number λmax/λmin of XᵀX over the parameters that move.

        Directions in which the table has nothing at all, such as those between a column and its
        copy, do not count: no descent moves there.
        """
        return conditions(self.dataset, self.fixed)[0]

    def accuracy(self, theta: Array) -> float:
        """Share of the rows that θ (p + 1,) puts on the side of their label; for two labels."""
        z = theta[0] + self.dataset.X @ theta[1:]
        return float(np.mean((z > 0) == (self.dataset.y == self.dataset.y.max())))

    def at(self, epoch: int) -> int:
        """Index of the record of an epoch; −1 is the last one.

        Raises
        ------
        ValueError
            If that epoch was not recorded.
        """
        wanted = int(self.epoch[-1]) + 1 + epoch if epoch < 0 else epoch
        index = int(np.searchsorted(self.epoch, wanted))
        if index == len(self.epoch) or self.epoch[index] != wanted:
            raise ValueError(f"epoch {epoch} was not recorded; the last is {self.epoch[-1]:,}")
        return index

    def predict(self, X: Any, epoch: int = -1) -> Array:
        """Predictions with the θ of an epoch. X (n, p) -> (n,), in units of the target.

        Raises
        ------
        ValueError
            If X has another number of columns than the table or masked entries, or the epoch was
            not recorded.
        """
        refuse_masked(X, "X")
        X, columns = np.asarray(X, dtype=np.float64), self.dataset.columns
        if X.ndim != 2 or X.shape[1] != len(columns):
            raise ValueError(
                f"X has shape {X.shape}; it needs {counted(len(columns), 'column')}: "
                f"{listing(columns)}"
            )
        theta = self.theta[self.at(epoch)]
        return np.asarray(theta[0] + self.dataset.features_of(X) @ theta[1:])

    def over(self, dataset: Dataset) -> "History":
        """Return the same path over the cost of other rows, such as those held out of the fit.

        Rows of the table's own columns are scaled, and raised to powers, as those of the fit were.

        Raises
        ------
        ValueError
            If the rows have another number of features, features that were made in another way, or
            other labels.
        """
        check_dataset(dataset, "History.over")
        rows = made_alike(dataset, self.dataset)
        if rows.n_features != self.dataset.n_features:
            raise ValueError(
                f"this history has {counted(self.dataset.n_features, 'feature')}, the dataset "
                f"{rows.n_features}"
            )
        if self.regression.function.labels and not np.isin(self.dataset.y, rows.y).all():
            theirs, ours = (listing(map(plain, np.unique(d.y))) for d in (rows, self.dataset))
            raise ValueError(f"the labels of these rows are {theirs}, those of the history {ours}")
        seen, ended = Regression(rows, self.loss), self.ended
        # Of these rows nothing is known beyond the record, and another optimum may be theirs.
        ended = "epochs" if ended == "arrived" else ended
        cost = seen.cost(self.theta)
        return replace(self, objective=seen, cost=cost, ended=ended, ahead=None)

    def in_original_units(self) -> "History":
        """Return the same descent with every θ over the unscaled features.

        The predictions and the costs are the same. A descent on the unscaled features would have
        gone another way: this is a change of coordinates, not of the path.

        Raises
        ------
        ValueError
            If the loss has a penalty.
        """
        return in_original_units(self)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the history as ``.npz``, without pickle; an old file stays until it is whole.

        Raises
        ------
        ValueError
            If the loss or the function was given as an object: only one that is registered has a
            name to save.
        """
        archive.write(self, path)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "History":
        """Read a history that :meth:`save` wrote.

        Raises
        ------
        ValueError
            If the file is something else, or its numbers are no history.
        """
        return archive.read(path, cls)

    def __str__(self) -> str:
        remarks = [line for remark in self.remarks for line in ("", remark)]
        return "\n".join([*report.heading(self), "", *report.table(self), *remarks])

    __repr__ = __str__

    @property
    def outcome(self) -> str:
        """Say in a line how the descent went."""
        return report.outcome(self)

    @property
    def what_is_left(self) -> str:
        """Say in a few words why it has not arrived."""
        return report.what_is_left(self)

    @cached_property
    def remarks(self) -> list[str]:
        """What else is to be said: that the optimum is not unique, what would help."""
        return [remark for remark in (self._about_optimum(), *advice(self)) if remark]

    def _about_optimum(self) -> str:
        if isinstance(self.best, LeastSquares):
            return self.best.remark(self.dataset)
        return self.best.remark()


def _check_records(history: History) -> None:
    """Raise ValueError where the arrays do not go with each other or with the table."""
    n, d = len(np.atleast_1d(history.theta)), len(history.objective.names)
    shapes: dict[str, tuple[int, ...]] = {"theta": (n, d), "cost": (n,), "epoch": (n,)}
    for name, shape in shapes.items():
        array = getattr(history, name)
        if array.shape != shape:
            raise ValueError(f"{name} has shape {array.shape}, not {shape}")
        if array.dtype.kind not in ("iu" if name == "epoch" else "fiu"):
            raise ValueError(f"{name} holds numbers of type {array.dtype}")
        if not np.isfinite(array).all():
            raise ValueError(f"{name} holds {array[~np.isfinite(array)][0]}")
    if not n:
        raise ValueError("it has no records")
    if history.epoch[0] < 0 or (history.epoch[1:] <= history.epoch[:-1]).any():
        raise ValueError("its epochs do not increase from 0 on")
    if history.ended not in ENDED:
        raise ValueError(f"it ended by {history.ended!r}; known are {', '.join(ENDED)}")
    if history.ahead is not None:
        known = history.ahead.as_array()
        if known.shape != (d + 2,) or not (known >= 0).all():
            raise ValueError("what it says of the steps beyond its end is no distances")
    if history.unit not in ("epoch", "step"):
        raise ValueError(f"it counts {history.unit!r}, neither epochs nor steps")
    if isinstance(history.learning_rate, str):
        if history.learning_rate != CUSTOM:
            checked_schedule(history.learning_rate)
    elif history.learning_rate <= 0 or math.isinf(history.learning_rate):
        raise ValueError(f"its learning rate is {history.learning_rate}")
    if history.batch_size is not None and history.batch_size < 1:
        raise ValueError(f"its batches are of {history.batch_size} rows")
    if len({*history.fixed}) != len(history.fixed) or len(history.fixed) >= d:
        raise ValueError(f"fixed is {[*history.fixed]}: each entry once, and one must move")
    if not set(history.fixed) <= {*range(d)}:
        raise ValueError(f"fixed names {[*history.fixed]} of the entries 0 to {d - 1} of theta")
