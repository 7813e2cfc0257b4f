"""Every parameter and the cost against the epoch.

The epoch axis is logarithmic but shows epoch 0 (symlog: linear up to 1), because a descent does
most of its way in its first epochs: on a linear axis every curve is a hair at the left edge.
"""

from functools import partial
from math import ceil
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from gdviz.core.history import History
from gdviz.core.moments import Array
from gdviz.renderers.scene import Draw, Scene
from gdviz.renderers.schedule import Indices, visible
from gdviz.renderers.style import BLUE, GREY, VERMILION, compact, plain, written

__all__ = ["parameters"]

MOST_FEATURES = 12


class Curve(NamedTuple):
    """What one axes shows: its title, a value for every record, and the value to arrive at."""

    title: str
    values: Array
    goal: float
    color: str
    log: bool = False


def parameters(history: History, *, log: bool = True) -> Scene:
    """Each parameter and the cost against the epoch, with the least-squares value to arrive at.

    Parameters
    ----------
    history : History
        With more than 12 features the 12 whose weights are largest at the optimum are drawn.
    log : bool
        Logarithmic axis for the epoch.
    """
    return Scene(history, (partial(_backdrop, history=history, log=log),))


def _backdrop(subfigure: SubFigure, *, history: History, log: bool) -> Draw:
    curves = _curves(history)
    grid = subfigure.subplots(*_shape(len(curves)), sharex=True, squeeze=False)
    for axes in grid.flat[len(curves) :]:
        axes.set_axis_off()
    draws = [
        _prepare(axes, curve, history.epoch) for axes, curve in zip(grid.flat, curves, strict=False)
    ]
    last_row = [
        grid[np.flatnonzero([c < len(curves) for c in column])[-1], i]
        for i, column in enumerate(np.arange(grid.size).reshape(grid.shape).T)
    ]
    for axes in last_row:
        axes.tick_params(labelbottom=True)
    _epoch_axis(grid[0, 0], int(history.epoch[-1]), log)
    subfigure.supxlabel("epoch" + _left_out(history), fontsize="medium")
    return lambda record: [draw(record) for draw in draws]


def _curves(history: History) -> list[Curve]:
    """The intercept, the weights (the largest, if they are many) and the cost."""
    names = history.dataset.feature_names
    largest = np.argsort(-np.abs(history.optimum[1:]), kind="stable")[:MOST_FEATURES]
    curves = [
        Curve(
            "intercept (held fixed)" if 0 in history.fixed else "intercept",
            history.intercept,
            history.optimum[0],
            BLUE,
        )
    ]
    for j in np.sort(largest):
        title = f"weight of {written(names[j])}"
        curves.append(Curve(title, history.weights[:, j], history.optimum[j + 1], BLUE))
    lowest, highest = history.cost.min(), history.cost.max()
    log = bool(0 < 10 * lowest < highest)
    cost = Curve("cost", history.cost, history.least_squares.cost, VERMILION, log)
    return [*curves, cost]


def _left_out(history: History) -> str:
    hidden = history.dataset.n_features - MOST_FEATURES
    return f" (of {history.dataset.n_features} weights the 12 largest)" if hidden > 0 else ""


def _shape(count: int) -> tuple[int, int]:
    """Rows and columns for a number of axes."""
    columns = 1 if count <= 4 else 2 if count <= 8 else 3
    return ceil(count / columns), columns


def _epoch_axis(axes: Axes, last: int, log: bool) -> None:
    """Set the shared epoch axis: epoch 0 shows on the logarithmic one too."""
    if log and last > 10:
        axes.set_xscale("symlog", linthresh=1, linscale=0.5)
        decades = 10.0 ** np.arange(np.floor(np.log10(last)) + 1)
        axes.xaxis.set_major_locator(FixedLocator([0, *decades]))
        axes.xaxis.set_minor_locator(NullLocator())
    else:
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(compact))
    axes.set_xlim(0, max(last, 1) * (1.25 if log and last > 10 else 1.03))


def _prepare(axes: Axes, curve: Curve, epoch: Indices) -> Draw:
    """Set one axes up and return what draws its curve up to a record."""
    _value_axis(axes, curve)
    axes.set_title(curve.title, loc="left")
    axes.axhline(curve.goal, color=GREY, linewidth=1, linestyle=(0, (4, 3)))
    _name_the_goal(axes, curve)
    points = np.column_stack([np.log1p(epoch), np.log(curve.values) if curve.log else curve.values])
    span = np.ptp(points, axis=0)
    drawn = visible(points, np.where(span > 0, span, 1))

    def draw(record: int) -> None:
        so_far = [*drawn[drawn < record], record]
        axes.plot(epoch[so_far], curve.values[so_far], color=curve.color)
        axes.plot(epoch[record], curve.values[record], "o", color=curve.color, clip_on=False)
        axes.text(
            1,
            1.02,
            plain(float(curve.values[record])),
            transform=axes.transAxes,
            ha="right",
            va="bottom",
            color=curve.color,
        )

    return draw


def _name_the_goal(axes: Axes, curve: Curve) -> None:
    """Write the least-squares value on its line, on the side from which the curve comes."""
    start, goal = (axes.transData.transform((0, v))[1] for v in (curve.values[0], curve.goal))
    if abs(start - goal) < 0.25 * axes.bbox.height:
        return
    axes.annotate(
        f"least squares {plain(curve.goal)}",
        (0, curve.goal),
        (5, 3 if start > goal else -3),
        xycoords=axes.get_yaxis_transform(),
        textcoords="offset points",
        va="bottom" if start > goal else "top",
        color=GREY,
        fontsize="small",
    )


def _value_axis(axes: Axes, curve: Curve) -> None:
    """Limits that hold every record and the goal, and never move."""
    low = min(curve.values.min(), curve.goal)
    high = max(curve.values.max(), curve.goal)
    if curve.log:
        axes.set_yscale("log")
        margin = (high / low) ** 0.08
        axes.set_ylim(low / margin, high * margin)
        axes.yaxis.set_minor_locator(NullLocator())
    else:
        margin = 0.08 * (high - low) or max(abs(high), 1) * 0.08
        axes.set_ylim(low - margin, high + margin)
        axes.yaxis.set_major_locator(MaxNLocator(3))
    axes.yaxis.set_major_formatter(FuncFormatter(compact))
