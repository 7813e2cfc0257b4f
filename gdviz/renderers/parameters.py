"""Every parameter and the cost against the epoch.

The epoch axis is logarithmic but shows epoch 0 (symlog: linear up to 1), because a descent does
most of its way in its first epochs: on a linear axis every curve is a hair at the left edge.
"""

from collections.abc import Callable, Sequence
from functools import partial
from math import ceil
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure
from matplotlib.lines import Line2D
from matplotlib.markers import CARETDOWNBASE, CARETUPBASE
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator

from gdviz.core.history.record import History
from gdviz.core.moments import Array
from gdviz.renderers.arguments import renderer
from gdviz.renderers.kind import Kind
from gdviz.renderers.runs import Runs, Style, check_one_ground, run_styles, runs_of
from gdviz.renderers.stage.caption import cost_of, lines
from gdviz.renderers.stage.pointer import between
from gdviz.renderers.stage.scene import Draw, Scene
from gdviz.renderers.style.theme import (
    BLUE,
    GREY,
    VERMILION,
    Compact,
    fitting,
    points,
    weight_of,
    width_of,
    written,
)
from gdviz.views.clock import Indices, visible
from gdviz.views.numbers import steady
from gdviz.views.words import held_words

__all__ = ["KIND", "parameters"]

MOST_FEATURES = 12
LINEAR = 10  # epochs up to which their axis is never logarithmic
FEW = 60  # records of a path whose steps are drawn as dots


class Curve(NamedTuple):
    """What one axes shows: its name, a value for every record, and the value to arrive at.

    name is that of a feature if it is a weight; values are those of each run, (n_records,) each,
    and within are those that the axes have to hold; goal is NaN where there is no optimum; write is
    how its goal is written, and its present value above it unless that is told elsewhere.
    """

    name: str
    values: tuple[Array, ...]
    within: Array
    goal: float
    styles: Sequence[Style]
    write: Callable[[float], str]
    is_weight: bool = False
    told: bool = True
    log: bool = False


class Writing(NamedTuple):
    """How titles and numbers are written: points a column is wide, and size of text."""

    column: float
    size: str


@renderer
def parameters(history: Runs, *, log: bool = True) -> Scene:
    """Each parameter and the cost against the epoch, with the least-squares value to arrive at.

    Parameters
    ----------
    history : History, sequence of History or mapping of label to History
        Several on one objective, with the same values held. With more than 12 features the 12
        whose weights move the predictions most are drawn.
    log : bool
        Logarithmic axis for the epoch.
    """
    runs = runs_of(history, "parameters")
    check_one_ground(runs, "parameters")
    histories = tuple(runs.values())
    panel = partial(_backdrop, histories=histories, log=log)
    return Scene(histories, (panel,), epoch_axis=True, labels=tuple(runs))


def _backdrop(subfigure: SubFigure, *, histories: Sequence[History], log: bool) -> Draw:
    curves = _curves(histories)
    columns = _columns(len(curves))
    text = _writing(subfigure, columns)
    grid = _grid(subfigure, len(curves), columns)
    for axes, curve in zip(grid, curves, strict=True):
        _value_axis(axes, curve)
    ticks = max(map(_ticks_wide, grid))
    for axes, curve in zip(grid, curves, strict=True):
        axes.set_title(_title(curve, text, columns, ticks), loc="left", fontsize=text.size)
        if np.isfinite(curve.goal):
            axes.axhline(curve.goal, color=GREY, linewidth=points(1), linestyle=(0, (4, 3)))
            _name_the_goal(axes, curve, columns)
    last = max(int(history.epoch[-1]) for history in histories)
    _epoch_axis(grid[0], last, log=log and last > LINEAR, narrow=columns == 3)
    room = 0.9 * subfigure.bbox.width * 72 / subfigure.dpi
    said = lines(legend(histories, log=log and last > LINEAR), room, width_of)
    subfigure.supxlabel("\n".join(said), fontsize="medium" if columns < 3 else "small")
    pairs = list(zip(grid, curves, strict=True))
    draws = [
        _drawing(axes, curve, i, history, text)
        for i, history in enumerate(histories)
        for axes, curve in pairs
    ]
    return lambda epoch: [draw(epoch) for draw in draws]


def legend(histories: Sequence[History], *, log: bool) -> list[str]:
    """Say what the axis under the curves is, what the dashes are, and what is not as it stands."""
    history = histories[0]
    parts = [f"{history.unit} (log)" if log else history.unit]
    if np.isfinite(_goals(histories)).any():
        parts.append(f"╌ {history.best.name}")
    if history.has_table and history.dataset.scaling is not None:
        parts.append("features scaled")
    parts += [fitting(written(said), points(260)) for said in held_words(history)]
    return [*parts, *_left_out(history)]


def _left_out(history: History) -> list[str]:
    """Say how many of the curves are drawn, if not all: of a table besides the intercept."""
    first, what = (1, "weights") if history.has_table else (0, "parameters")
    count, most = len(history.objective.names) - first, MOST_FEATURES + 1 - first
    moving = [j for j in history.moving if j >= first]
    return [f"the {most} of {count:,} {what} that move most"] * (len(moving) > most)


def _columns(shown: int) -> int:
    """Into how many columns so many axes go."""
    return 1 if shown <= 4 else 2 if shown <= 10 else 3


def _writing(subfigure: SubFigure, columns: int) -> Writing:
    column = subfigure.bbox.width * 72 / subfigure.dpi / columns
    return Writing(column, "medium" if columns < 3 else "small")


def _ticks_wide(axes: Axes) -> float:
    """Points that stand beside an axes: the numbers of its ticks, and the gaps around them."""
    labels = axes.yaxis.get_major_formatter().format_ticks(axes.get_yticks().tolist())
    return max(map(width_of, labels), default=0.0) + points(12)


def _title(curve: Curve, text: Writing, columns: int, ticks: float) -> str:
    """The name of a curve, as much of it as fits beside the widest of its numbers."""
    named = columns == 1 and np.isfinite(curve.goal)
    goal = width_of(f" {_goal(curve)} ↓") if named else 0.0
    values = curve.values[0]
    sample = values[np.linspace(0, len(values) - 1, 200).astype(int)]
    numbers = {curve.write(float(value)) for value in sample} if curve.told else {""}
    small = 0.833 if text.size == "small" else 1.0
    room = text.column - ticks - goal - points(10) - small * max(map(width_of, numbers))
    if curve.is_weight and columns == 1:
        return weight_of(curve.name, room)
    return fitting(curve.name, room / small)


def _grid(subfigure: SubFigure, count: int, columns: int) -> list[Axes]:
    """Axes over one epoch axis, row by row; the last is as wide as the room that is left."""
    spec = subfigure.add_gridspec(ceil(count / columns), columns)
    places = [spec[divmod(i, columns)] for i in range(count - 1)]
    places.append(spec[-1, (count - 1) % columns :])
    grid = [subfigure.add_subplot(places[0])]
    grid += [subfigure.add_subplot(place, sharex=grid[0]) for place in places[1:]]
    # Epochs under a wide panel are not those of the narrow ones above it, so these have their own.
    wide = len(places[-1].colspan) > 1
    for i, (axes, place) in enumerate(zip(grid, places, strict=True)):
        alone = wide and i >= count - 1 - columns
        axes.tick_params(labelbottom=alone or place.is_last_row())
    return grid


def _curves(histories: Sequence[History]) -> list[Curve]:
    """The intercept, the weights (those that move most, if they are many) and the cost.

    The axes hold all of the runs; of those that diverge the start, unless all do.
    """
    first, goals = histories[0], _goals(histories)
    alone = len(histories) == 1
    kept = [k for k, history in enumerate(histories) if not history.diverged]
    kept = kept or [*range(len(histories))]
    names = first.objective.names

    def curve(name: str, values: list[Array], goal: float, **more: Any) -> Curve:
        within = np.concatenate([*(values[k] for k in kept), *(one[:1] for one in values)])
        write = more.pop("write", None) or _steady(within, goal)
        return Curve(name, tuple(values), within, goal, write=write, **more)

    def styles(color: str) -> Sequence[Style]:
        return [Style(color, "o", 6, "solid")] if alone else run_styles(len(histories))

    curves = [
        curve(
            written(names[j]),
            [history.theta[:, j] for history in histories],
            goals[j],
            styles=styles(BLUE),
            is_weight=j > 0 and first.has_table,
            told=alone,
        )
        for j in _drawn_parameters(histories)
    ]
    costs = [history.cost for history in histories]
    seen = np.concatenate([*(costs[k] for k in kept), *(one[:1] for one in costs)])
    log = bool(0 < 10 * seen.min() < seen.max())
    write = cost_of(min((histories[k] for k in kept), key=lambda one: one.cost.min())).write
    # The numbers of costs stand over the panels.
    look: dict[str, Any] = {"write": write, "log": log, "told": False, "styles": styles(VERMILION)}
    return [*curves, curve("cost (log)" if log else "cost", costs, goals[-1], **look)]


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
    stay = [history for history in histories if not history.diverged] or histories
    first = histories[0]
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


def _steady(values: Array, goal: float) -> Callable[[float], str]:
    """Return how the values of a parameter are written: with four digits of its goal."""
    span, size = float(np.ptp(values)), float(np.abs(values).max())
    goal = abs(goal) if np.isfinite(goal) else size
    return steady(size, max(goal, 0.01 * span))


def _epoch_axis(axes: Axes, last: int, *, log: bool, narrow: bool) -> None:
    """Set the shared epoch axis: epoch 0 shows on the logarithmic one too."""
    if log:
        axes.set_xscale("symlog", linthresh=1, linscale=0.5)
        decades = 10.0 ** np.arange(np.floor(np.log10(last)) + 1)
        step = 2 if narrow and len(decades) > 4 else 1  # or 10k would run into 100k
        axes.xaxis.set_major_locator(FixedLocator([0, *decades[::step]]))
        axes.xaxis.set_minor_locator(NullLocator())
    else:
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.xaxis.set_major_formatter(Compact())
    axes.set_xlim(0, max(last, 1) * (1.25 if log else 1.03))


def _drawing(axes: Axes, curve: Curve, run: int, history: History, text: Writing) -> Draw:
    """Return what draws a run's curve up to an epoch: every step with a dot, where they are few."""
    epoch, values, style = history.epoch, curve.values[run], curve.styles[run]
    few, alone = len(epoch) <= FEW, len(curve.styles) == 1
    drawn = np.arange(len(epoch)) if few else _drawn(values, epoch, log=curve.log)
    last = len(epoch) if alone else _leaves(axes, values)
    look: dict[str, Any] = {"color": style.color, "clip_on": False}
    line = look | {"linestyle": style.line, "clip_on": last < len(epoch)}
    head: dict[str, Any] = {"marker": style.marker, "ms": points(style.size)}
    head |= look | {"clip_on": last < len(epoch)}
    head |= {} if alone else {"mec": style.rim, "mew": points(0.8)}
    steps = {"marker": "o", "ms": points(3)} if few else {}
    if not few and alone:
        steps = head | {"markevery": [-1]}
    above: dict[str, Any] = {"ha": "right", "va": "bottom", "fontsize": text.size}

    def draw(now: float) -> None:
        record = history.record_at(now)
        so_far = np.append(drawn[drawn < record], record)
        so_far = so_far[so_far <= last]
        seen = np.column_stack([epoch[so_far], values[so_far]])
        here = seen[-1:]
        if record < last and (share := history.share_at(now)):
            here = between(axes, (epoch, values), record, share)
            seen = np.vstack([seen, here])
        on_its_way = few and len(seen) > len(so_far)  # its tip is no record, and has no dot
        dotted = steps | ({"markevery": [*range(len(so_far))]} if on_its_way else {})
        axes.add_artist(Line2D(*seen.T, **line | dotted))
        if record >= last:
            _leave(axes, (epoch, values), last, look)
        elif few or not alone:
            axes.add_artist(Line2D(*here.T, **head))
        if curve.told:
            number = curve.write(float(values[record]))
            axes.text(1, 1.02, number, transform=axes.transAxes, color=style.color, **above)

    return draw


def _leaves(axes: Axes, values: Array) -> int:
    """Index of the first value that is beyond its axis; of one more than there are, if none is."""
    low, high = axes.get_ylim()
    beyond = (values < low) | (values > high)
    return int(beyond.argmax()) if beyond.any() else len(values)


def _leave(axes: Axes, curve: tuple[Any, Array], record: int, look: dict[str, Any]) -> None:
    """Point out where a curve left its axis, up or down, on its way to a record."""
    start, stop = axes.transData.transform(
        np.column_stack([one[record - 1 : record + 1] for one in curve])
    )
    above = stop[1] > start[1]
    edge = axes.bbox.y1 if above else axes.bbox.y0
    across = start[0] + (stop[0] - start[0]) * (edge - start[1]) / (stop[1] - start[1])
    x, y = axes.transAxes.inverted().transform([across, edge]).round(9)
    mark: dict[str, Any] = {"marker": CARETUPBASE if above else CARETDOWNBASE, "ms": points(9)}
    axes.add_artist(Line2D([x], [y], transform=axes.transAxes, **look, **mark))


def _drawn(values: Array, epoch: Indices, *, log: bool) -> Indices:
    """Return the records of a curve that a pixel can tell apart."""
    seen = np.column_stack([np.log1p(epoch), np.log(values) if log else values])
    span = np.ptp(seen, axis=0)
    return visible(seen, np.where(span > 0, span, 1))


def _name_the_goal(axes: Axes, curve: Curve, columns: int) -> None:
    """Write the value to arrive at beside the end of its line, where no curve can cross it.

    Where the columns are many there is room only for one that is below its axis, such as 0 on a
    logarithmic one: above the axis.
    """
    low, high = axes.get_ylim()
    below = curve.goal < low
    number = _goal(curve) + (" ↓" if below else "")
    grey: dict[str, Any] = {"color": GREY, "fontsize": "small"}
    if columns == 1:
        y, place = np.clip(curve.goal, low, high), axes.get_yaxis_transform()
        axes.text(1.005, y, number, transform=place, va="center", **grey)
    elif below:
        axes.text(1, 1.02, f"goal {number}", transform=axes.transAxes, ha="right", **grey)


def _goal(curve: Curve) -> str:
    """The value to arrive at, written as those before it; 0 is exact and has no decimals."""
    return curve.write(curve.goal) if curve.goal else "0"


def _value_axis(axes: Axes, curve: Curve) -> None:
    """Limits that hold every record and the goal, and never move."""
    low = np.nanmin([curve.within.min(), curve.goal])
    high = np.nanmax([curve.within.max(), curve.goal])
    if curve.log:
        # A perfect fit costs nothing or 1e-27: an axis down to there would flatten the curve.
        low = max(low, curve.within.min() / 10)
        axes.set_yscale("log")
        margin = (high / low) ** 0.08
        axes.set_ylim(low / margin, high * margin)
        axes.yaxis.set_minor_locator(NullLocator())
        _name_two_decades(axes)
    else:
        size = max(abs(low), abs(high))
        # What differs by rounding only is drawn as the constant that it is.
        margin = 0.08 * (high - low if high - low > 1e-9 * size else size or 1)
        axes.set_ylim(low - margin, high + margin)
        axes.yaxis.set_major_locator(MaxNLocator(3))
    axes.yaxis.set_major_formatter(Compact())


def _name_two_decades(axes: Axes) -> None:
    """Mark 2 and 5 times a power of ten, too, where one power alone would not tell the scale."""
    low, high = axes.get_ylim()
    powers = 10.0 ** np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)
    if ((low <= powers) & (powers <= high)).sum() < 2:
        ticks = np.outer(powers, [1, 2, 5]).ravel()
        seen = ticks[(low <= ticks) & (ticks <= high)].tolist()
        axes.yaxis.set_major_locator(FixedLocator(seen))


KIND = Kind(parameters, several=True)
