"""Every parameter and the cost against the epoch.

The epoch axis is logarithmic but shows epoch 0 (symlog: linear up to 1), because a descent does
most of its way in its first epochs: on a linear axis every curve is a hair at the left edge.
"""

from collections.abc import Callable
from functools import partial
from math import ceil
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator

from gdviz.core.history import History
from gdviz.core.moments import Array
from gdviz.core.text import plain
from gdviz.renderers.arguments import renderer
from gdviz.renderers.scene import Draw, Scene
from gdviz.renderers.schedule import Indices, visible
from gdviz.renderers.style import (
    BLUE,
    GREY,
    VERMILION,
    Compact,
    compact,
    fitting,
    points,
    weight_of,
    width_of,
    written,
)

__all__ = ["parameters"]

MOST_FEATURES = 12


class Curve(NamedTuple):
    """What one axes shows: its name, a value for every record, and the value to arrive at."""

    name: str
    values: Array
    goal: float
    color: str
    is_weight: bool = False
    log: bool = False


class Writing(NamedTuple):
    """How titles and numbers are written: points a column is wide, size of text, numbers."""

    column: float
    size: str
    number: Callable[[float], str]


@renderer
def parameters(history: History, *, log: bool = True) -> Scene:
    """Each parameter and the cost against the epoch, with the least-squares value to arrive at.

    Parameters
    ----------
    history : History
        With more than 12 features the 12 whose weights are largest at the optimum are drawn.
    log : bool
        Logarithmic axis for the epoch.
    """
    return Scene(history, (partial(_backdrop, history=history, log=log),), epoch_axis=True)


def _backdrop(subfigure: SubFigure, *, history: History, log: bool) -> Draw:
    columns = _columns(history)
    text = _writing(subfigure, columns)
    curves = _curves(history)
    grid = _grid(subfigure, len(curves), columns)
    for axes, curve in zip(grid, curves, strict=True):
        _value_axis(axes, curve)
        axes.set_title(_title(curve, text, columns), loc="left", fontsize=text.size)
        axes.axhline(curve.goal, color=GREY, linewidth=points(1), linestyle=(0, (4, 3)))
        if columns == 1:
            _name_the_goal(axes, curve)
    _epoch_axis(grid[0], int(history.epoch[-1]), log)
    subfigure.supxlabel(
        f"{history.unit}    ╌ {history.best.name}" + _left_out(history), fontsize="medium"
    )
    draws = [
        _drawing(axes, curve, history.epoch, text) for axes, curve in zip(grid, curves, strict=True)
    ]
    return lambda record: [draw(record) for draw in draws]


def _columns(history: History) -> int:
    """Into how many columns the axes go."""
    shown = min(history.dataset.n_features, MOST_FEATURES) + 2
    return 1 if shown <= 4 else 2 if shown <= 10 else 3


def _writing(subfigure: SubFigure, columns: int) -> Writing:
    """Six digits where there is room for them beside a title, else four."""
    column = subfigure.bbox.width * 72 / subfigure.dpi / columns
    number = plain if column > points(200) else compact
    return Writing(column, "medium" if columns < 3 else "small", number)


def _title(curve: Curve, text: Writing, columns: int) -> str:
    """The name of a curve, as much of it as fits beside the widest of its numbers."""
    ticks = points(30)
    goal = width_of(f" {compact(curve.goal)}↓") if columns == 1 else 0.0
    sample = curve.values[np.linspace(0, len(curve.values) - 1, 200).astype(int)]
    number = width_of(max((text.number(float(value)) for value in sample), key=len))
    room = text.column - ticks - goal - number - points(10)
    return weight_of(curve.name, room) if curve.is_weight else fitting(curve.name, room)


def _grid(subfigure: SubFigure, count: int, columns: int) -> list[Axes]:
    """Axes over one epoch axis, row by row; the last is as wide as the room that is left."""
    spec = subfigure.add_gridspec(ceil(count / columns), columns)
    places = [spec[divmod(i, columns)] for i in range(count - 1)]
    places.append(spec[-1, (count - 1) % columns :])
    grid = [subfigure.add_subplot(places[0])]
    grid += [subfigure.add_subplot(place, sharex=grid[0]) for place in places[1:]]
    for axes, place in zip(grid, places, strict=True):
        axes.tick_params(labelbottom=place.is_last_row())
    return grid


def _curves(history: History) -> list[Curve]:
    """The intercept, the weights (the largest, if they are many) and the cost."""
    optimum, names = history.optimum, history.dataset.labels
    held = " (fixed)" if 0 in history.fixed else ""
    curves = [Curve("intercept" + held, history.intercept, optimum[0], BLUE)]
    largest = np.argsort(-np.abs(optimum[1:]), kind="stable")[:MOST_FEATURES]
    for j in np.sort(largest):
        weight = history.weights[:, j]
        curves.append(Curve(written(names[j]), weight, optimum[j + 1], BLUE, is_weight=True))
    log = bool(0 < 10 * history.cost.min() < history.cost.max())
    cost = Curve("cost", history.cost, history.best.cost, VERMILION, log=log)
    return [*curves, cost]


def _left_out(history: History) -> str:
    count = history.dataset.n_features
    return f"\n{MOST_FEATURES} largest of {count} weights" if count > MOST_FEATURES else ""


def _epoch_axis(axes: Axes, last: int, log: bool) -> None:
    """Set the shared epoch axis: epoch 0 shows on the logarithmic one too."""
    if log and last > 10:
        axes.set_xscale("symlog", linthresh=1, linscale=0.5)
        decades = 10.0 ** np.arange(np.floor(np.log10(last)) + 1)
        axes.xaxis.set_major_locator(FixedLocator([0, *decades]))
        axes.xaxis.set_minor_locator(NullLocator())
    else:
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.xaxis.set_major_formatter(Compact())
    axes.set_xlim(0, max(last, 1) * (1.25 if log and last > 10 else 1.03))


def _drawing(axes: Axes, curve: Curve, epoch: Indices, text: Writing) -> Draw:
    """Return what draws a curve up to a record."""
    seen = np.column_stack([np.log1p(epoch), np.log(curve.values) if curve.log else curve.values])
    span = np.ptp(seen, axis=0)
    drawn = visible(seen, np.where(span > 0, span, 1))
    look: dict[str, Any] = {"color": curve.color, "marker": "o", "ms": points(6), "clip_on": False}
    above: dict[str, Any] = {"ha": "right", "va": "bottom", "fontsize": text.size}

    def draw(record: int) -> None:
        so_far = np.append(drawn[drawn < record], record)
        axes.add_artist(Line2D(epoch[so_far], curve.values[so_far], **look, markevery=[-1]))
        number = text.number(float(curve.values[record]))
        axes.text(1, 1.02, number, transform=axes.transAxes, color=curve.color, **above)

    return draw


def _name_the_goal(axes: Axes, curve: Curve) -> None:
    """Write the least-squares value at the end of its line, where no curve can cross it."""
    low, high = axes.get_ylim()
    axes.text(
        1.005,
        np.clip(curve.goal, low, high),
        compact(curve.goal) + ("↓" if curve.goal < low else ""),
        transform=axes.get_yaxis_transform(),
        va="center",
        color=GREY,
        fontsize="small",
    )


def _value_axis(axes: Axes, curve: Curve) -> None:
    """Limits that hold every record and the goal, and never move."""
    low = min(curve.values.min(), curve.goal)
    high = max(curve.values.max(), curve.goal)
    if curve.log:
        # A perfect fit costs nothing or 1e-27: an axis down to there would flatten the curve.
        low = max(low, curve.values.min() / 10)
        axes.set_yscale("log")
        margin = (high / low) ** 0.08
        axes.set_ylim(low / margin, high * margin)
        axes.yaxis.set_minor_locator(NullLocator())
    else:
        size = max(abs(low), abs(high))
        # What differs by rounding only is drawn as the constant that it is.
        margin = 0.08 * (high - low if high - low > 1e-9 * size else size or 1)
        axes.set_ylim(low - margin, high + margin)
        axes.yaxis.set_major_locator(MaxNLocator(3))
    axes.yaxis.set_major_formatter(Compact())
