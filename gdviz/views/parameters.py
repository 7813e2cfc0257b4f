"""Every parameter and the cost against the epoch, and the values to arrive at.

Of many weights those are shown that move the predictions most. The axes hold all runs; one that
diverges leaves them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gdviz.core.history.record import History
from gdviz.core.moments import Array
from gdviz.views.caption import cost_of
from gdviz.views.clock import Indices, visible
from gdviz.views.epoch_axis import EpochAxis, epoch_axis
from gdviz.views.framing import Range
from gdviz.views.numbers import Write, steady
from gdviz.views.records import Epochs
from gdviz.views.runs import check_one_ground
from gdviz.views.value_axis import log_ticks, value_range
from gdviz.views.words import held_words

__all__ = ["Curve", "ParametersView", "most_moving", "parameters_of"]

MOST_FEATURES = 12
LINEAR = 10  # epochs up to which their axis is never logarithmic
FEW = 60  # records of a path whose steps are drawn as dots


@dataclass(frozen=True, eq=False)
class Curve:
    """A parameter or the cost, of every run.

    Attributes
    ----------
    name : str
    epochs : tuple of (n_records,) arrays of int
        Of each run.
    values : tuple of (n_records,) arrays
    goal : float
        The value to arrive at; NaN where there is no optimum.
    limits : (float, float)
    write : function of float -> str
        How its values are written.
    log : bool
        Whether the axis is logarithmic.
    is_weight, is_cost : bool
    """

    name: str
    epochs: tuple[Epochs, ...]
    values: tuple[Array, ...]
    goal: float
    limits: Range
    write: Write
    log: bool = False
    is_weight: bool = False
    is_cost: bool = False

    @property
    def told(self) -> bool:
        """Whether its present value is written over it: the cost's stands over the panels."""
        return len(self.values) == 1 and not self.is_cost

    @property
    def goal_text(self) -> str:
        """The value to arrive at, written as those before it; 0 is exact and has no decimals."""
        return self.write(self.goal) if self.goal else "0"

    @property
    def ticks(self) -> tuple[float, ...]:
        """Ticks of a logarithmic axis that has too few of its own; see :func:`log_ticks`."""
        return log_ticks(self.limits) if self.log else ()

    def dotted(self, run: int) -> bool:
        """Whether every record of a run has its dot: where they are few."""
        return len(self.epochs[run]) <= FEW

    def drawn(self, run: int) -> Indices:
        """Return the records of a run that a pixel can tell apart; all that have dots."""
        epoch, values = self.epochs[run], self.values[run]
        if self.dotted(run):
            return np.arange(len(epoch))
        seen = np.column_stack([np.log1p(epoch), np.log(values) if self.log else values])
        span = np.ptp(seen, axis=0)
        return visible(seen, np.where(span > 0, span, 1))

    def leaves(self, run: int) -> int:
        """Return the first record of a run that is beyond the limits, or how many there are."""
        values, (low, high) = self.values[run], self.limits
        beyond = (values < low) | (values > high)
        return int(beyond.argmax()) if beyond.any() else len(values)


@dataclass(frozen=True, eq=False)
class ParametersView:
    """Curves over one axis of the epochs.

    Attributes
    ----------
    curves : tuple of Curve
        Of every parameter that moves (or the most, if they are many); that of the cost is the last.
    axis : EpochAxis
    columns : int
        In how many the curves stand.
    legend : tuple of str
        What the epochs and dashes are, what is held, and what is not drawn as it is.
    """

    curves: tuple[Curve, ...]
    axis: EpochAxis
    columns: int
    legend: tuple[str, ...]


def parameters_of(runs: Mapping[str, History], *, log: bool = True) -> ParametersView:
    """Return the curves of runs on one objective.

    log: whether the axis of many epochs is logarithmic.

    Raises
    ------
    ValueError
        If the runs are not on one objective, or hold different values.
    """
    check_one_ground(runs, "parameters")
    histories, first = [*runs.values()], next(iter(runs.values()))
    goals = _goals(histories)
    curves = [_parameter(histories, j, goals[j]) for j in _drawn_parameters(histories)]
    curves.append(_cost(histories, goals[-1]))
    columns = 1 if len(curves) <= 4 else 2 if len(curves) <= 10 else 3
    last = max(int(history.epoch[-1]) for history in histories)
    log = log and last > LINEAR
    room = 0.25 if log else 0.03
    axis = epoch_axis(first.unit, last, log=log, room=room, narrow=columns == 3)
    legend = (axis.label, *_remarks(first, goals))
    return ParametersView(tuple(curves), axis, columns, legend)


def _remarks(history: History, goals: Array) -> list[str]:
    """Say what the dashes are, what is held, and what is not drawn as it is."""
    parts = [f"╌ {history.best.name}"] if np.isfinite(goals).any() else []
    if history.has_table and history.dataset.scaling is not None:
        parts.append("features scaled")
    return [*parts, *held_words(history), *_left_out(history)]


def _left_out(history: History) -> list[str]:
    """Say how many of the curves are drawn, if not all: of a table besides the intercept."""
    first, what = (1, "weights") if history.has_table else (0, "parameters")
    count, most = len(history.objective.names) - first, MOST_FEATURES + 1 - first
    moving = [j for j in history.moving if j >= first]
    return [f"the {most} of {count:,} {what} that move most"] * (len(moving) > most)


# Curves -------------------------------------------------------------------------------------------


def _parameter(histories: Sequence[History], j: int, goal: float) -> Curve:
    """Return the curve of an entry of θ."""
    first, values = histories[0], tuple(history.theta[:, j] for history in histories)
    within = _within(histories, values)
    return Curve(
        name=first.objective.names[j],
        epochs=tuple(history.epoch for history in histories),
        values=values,
        goal=goal,
        limits=value_range(within, goal),
        write=_steady(within, goal),
        is_weight=j > 0 and first.has_table,
    )


def _cost(histories: Sequence[History], goal: float) -> Curve:
    """Return the curve of the cost."""
    values = tuple(history.cost for history in histories)
    within = _within(histories, values)
    log = bool(0 < 10 * within.min() < within.max())
    lowest = min(_staying(histories), key=lambda one: float(one.cost.min()))
    return Curve(
        name="cost (log)" if log else "cost",
        epochs=tuple(history.epoch for history in histories),
        values=values,
        goal=goal,
        limits=value_range(within, goal, log=log),
        write=cost_of(lowest).write,
        log=log,
        is_cost=True,
    )


def _staying(histories: Sequence[History]) -> Sequence[History]:
    """Those that do not diverge; all of them, if all do."""
    return [history for history in histories if not history.diverged] or histories


def _within(histories: Sequence[History], values: Sequence[Array]) -> Array:
    """Values that an axis has to hold, (n,): of a run that diverges the start, unless all do."""
    stay = _staying(histories)
    kept = [one for one, history in zip(values, histories, strict=True) if history in stay]
    return np.concatenate([*kept, *(one[:1] for one in values)])


def _steady(values: Array, goal: float) -> Write:
    """Return how the values of a parameter are written: with four digits of its goal."""
    span, size = float(np.ptp(values)), float(np.abs(values).max())
    goal = abs(goal) if np.isfinite(goal) else size
    return steady(size, max(goal, 0.01 * span))


# What is drawn ------------------------------------------------------------------------------------


def _goals(histories: Sequence[History]) -> Array:
    """The optimum of all runs and its cost, (d + 1,); NaN where there is none, or are several."""
    goals = np.array([_goal_of(history) for history in histories])
    if not np.isfinite(goals).all():
        return np.full_like(goals[0], np.nan)
    same = np.isclose(goals, goals[0], rtol=1e-6, atol=1e-9 * np.abs(goals[0]).max())
    return np.where(same.all(axis=0), goals[0], np.nan)


def _goal_of(history: History) -> Array:
    """The optimum of a run and its cost, (d + 1,); NaN where there is none."""
    lowest = history.best.cost if abs(history.best.cost) > history.best.noise else 0.0
    goal = np.append(history.optimum, lowest)
    return goal if history.best.exists else np.full_like(goal, np.nan)


def _drawn_parameters(histories: Sequence[History]) -> list[int]:
    """Entries of θ that are drawn: those that move, and of the weights that move the most."""
    stay, first = _staying(histories), histories[0]
    if not first.has_table:
        span = np.max([np.ptp(history.theta, axis=0) for history in stay], axis=0)
        most = np.argsort(-span, kind="stable")[: MOST_FEATURES + 1]
        return sorted({*most.tolist()} - {*first.fixed})
    return [j for j in (0, *(1 + most_moving(stay))) if j not in first.fixed]


def most_moving(histories: Sequence[History]) -> Indices:
    """Which weights are drawn, increasing: those whose movement changes the predictions most."""
    size = np.linalg.norm(histories[0].dataset.moments.rows[:, 1:-1], axis=0)
    movement = np.max([np.ptp(history.weights, axis=0) for history in histories], axis=0) * size
    return np.sort(np.argsort(-movement, kind="stable")[:MOST_FEATURES])
