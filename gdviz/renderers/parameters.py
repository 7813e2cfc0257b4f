"""Every parameter and the cost against the epoch, each in axes of its own, one above the other."""

from functools import partial
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure
from matplotlib.lines import Line2D
from matplotlib.markers import CARETDOWNBASE, CARETUPBASE
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator

from gdviz.renderers.arguments import renderer
from gdviz.renderers.epoch_axis import set_epoch_axis
from gdviz.renderers.kind import Kind
from gdviz.renderers.stage.caption import lines
from gdviz.renderers.stage.grid import places, rows_of
from gdviz.renderers.stage.pointer import between
from gdviz.renderers.stage.scene import Draw, Scene
from gdviz.renderers.style.fonts import fitting, weight_of, width_of, written
from gdviz.renderers.style.runs import Style, run_styles
from gdviz.renderers.style.theme import BLUE, GREY, SMALL, VERMILION, Compact, points
from gdviz.views.parameters import Curve, ParametersView, parameters_of
from gdviz.views.records import record_at, share_at
from gdviz.views.runs import Runs, runs_of

__all__ = ["KIND", "parameters"]

PHRASE = 260  # points (beside text of 10) that a phrase of the legend may take


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
    panel = partial(_backdrop, view=parameters_of(runs, log=log))
    return Scene(tuple(runs.values()), (panel,), epoch_axis=True, labels=tuple(runs))


def _backdrop(subfigure: SubFigure, *, view: ParametersView) -> Draw:
    width, columns = subfigure.bbox.width * 72 / subfigure.dpi, view.columns
    text = Writing(width / columns, "medium" if columns < 3 else "small")
    grid = _grid(subfigure, len(view.curves), columns)
    pairs = list(zip(grid, view.curves, strict=True))
    for axes, curve in pairs:
        _value_axis(axes, curve)
    ticks = max(map(_ticks_wide, grid))
    for axes, curve in pairs:
        axes.set_title(_title(curve, text, columns, ticks), loc="left", fontsize=text.size)
        if np.isfinite(curve.goal):
            axes.axhline(curve.goal, color=GREY, linewidth=points(1), linestyle=(0, (4, 3)))
            _name_the_goal(axes, curve, columns)
    set_epoch_axis(grid[0], view.axis)
    phrases = [fitting(written(phrase), points(PHRASE)) for phrase in view.legend]
    subfigure.supxlabel("\n".join(lines(phrases, 0.9 * width, width_of)), fontsize=text.size)
    count = len(view.curves[0].values)
    draws = [_drawing(axes, curve, i, text) for i in range(count) for axes, curve in pairs]
    return lambda epoch: [draw(epoch) for draw in draws]


def _ticks_wide(axes: Axes) -> float:
    """Points that stand beside an axes: the numbers of its ticks, and the gaps around them."""
    labels = axes.yaxis.get_major_formatter().format_ticks(axes.get_yticks().tolist())
    return max(map(width_of, labels), default=0.0) + points(12)


def _title(curve: Curve, text: Writing, columns: int, ticks: float) -> str:
    """The name of a curve, as much of it as fits beside the widest of its numbers."""
    named = columns == 1 and np.isfinite(curve.goal)
    goal = width_of(f" {curve.goal_text} ↓") if named else 0.0
    values = curve.values[0]
    sample = values[np.linspace(0, len(values) - 1, 200).astype(int)]
    numbers = {curve.write(float(value)) for value in sample} if curve.told else {""}
    small = SMALL if text.size == "small" else 1.0
    room = text.column - ticks - goal - points(10) - small * max(map(width_of, numbers))
    if curve.is_weight and columns == 1:
        return weight_of(written(curve.name), room)
    return fitting(written(curve.name), room / small)


def _grid(subfigure: SubFigure, count: int, columns: int) -> list[Axes]:
    """Axes over one epoch axis, row by row; the last is as wide as the room that is left."""
    cells = places(subfigure, rows_of(count, columns))
    grid = [subfigure.add_subplot(cells[0])]
    grid += [subfigure.add_subplot(cell, sharex=grid[0]) for cell in cells[1:]]
    # Epochs under a wide panel are not those of the narrow ones above it, so these have their own.
    wide = len(cells[-1].colspan) > 1
    for i, (axes, cell) in enumerate(zip(grid, cells, strict=True)):
        alone = wide and i >= count - 1 - columns
        axes.tick_params(labelbottom=alone or cell.is_last_row())
    return grid


def _style(curve: Curve, run: int) -> Style:
    """How a run is drawn; one that is alone, by what the curve shows."""
    if len(curve.values) > 1:
        return run_styles(len(curve.values))[run]
    return Style(VERMILION if curve.is_cost else BLUE, "o", 6, "solid")


def _drawing(axes: Axes, curve: Curve, run: int, text: Writing) -> Draw:
    """Return what draws a run's curve up to an epoch: every step with a dot, where they are few."""
    epoch, values, style = curve.epochs[run], curve.values[run], _style(curve, run)
    few, alone = curve.dotted(run), len(curve.values) == 1
    drawn, last = curve.drawn(run), curve.leaves(run)
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
        record = record_at(epoch, now)
        so_far = np.append(drawn[drawn < record], record)
        so_far = so_far[so_far <= last]
        seen = np.column_stack([epoch[so_far], values[so_far]])
        here = seen[-1:]
        if record < last and (share := share_at(epoch, now)):
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


def _leave(axes: Axes, curve: tuple[Any, Any], record: int, look: dict[str, Any]) -> None:
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


def _name_the_goal(axes: Axes, curve: Curve, columns: int) -> None:
    """Write the value to arrive at beside the end of its line, where no curve can cross it.

    Where the columns are many there is room only for one that is below its axis, such as 0 on a
    logarithmic one: above the axis.
    """
    low, high = curve.limits
    below = curve.goal < low
    number = curve.goal_text + (" ↓" if below else "")
    grey: dict[str, Any] = {"color": GREY, "fontsize": "small"}
    if columns == 1:
        y, place = np.clip(curve.goal, low, high), axes.get_yaxis_transform()
        axes.text(1.005, y, number, transform=place, va="center", **grey)
    elif below:
        axes.text(1, 1.02, f"goal {number}", transform=axes.transAxes, ha="right", **grey)


def _value_axis(axes: Axes, curve: Curve) -> None:
    """Set limits that never move, and ticks."""
    if curve.log:
        axes.set_yscale("log")
        axes.yaxis.set_minor_locator(NullLocator())
        if curve.ticks:
            axes.yaxis.set_major_locator(FixedLocator(curve.ticks))
    else:
        axes.yaxis.set_major_locator(MaxNLocator(3))
    axes.set_ylim(curve.limits)
    axes.yaxis.set_major_formatter(Compact())


KIND = Kind(parameters)
