"""What is left for each of several descents against the epoch, and when each of them arrived.

On the logarithmic axis plain descent is a straight line. A descent that arrives gets a mark with
its epoch; one that diverges leaves by an arrow at the upper edge.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import SubFigure
from matplotlib.lines import Line2D
from matplotlib.patheffects import Normal, Stroke
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from gdviz.core.moments import Array
from gdviz.renderers.arguments import renderer
from gdviz.renderers.epoch_axis import set_epoch_axis
from gdviz.renderers.kind import Kind
from gdviz.renderers.stage.pointer import arrowhead, between, pixels_of
from gdviz.renderers.stage.scene import Draw, Scene
from gdviz.renderers.style.contrast import luminance
from gdviz.renderers.style.fonts import side_by_side, width_of
from gdviz.renderers.style.runs import Style, run_styles
from gdviz.renderers.style.theme import GREY, INK, SMALL, points
from gdviz.views.progress import Measure, ProgressView, Trace, progress_of, share_text
from gdviz.views.records import share_at
from gdviz.views.runs import Runs, runs_of

__all__ = ["KIND", "progress"]

NEAR_EDGE = 0.93  # of the axis: text from here on ends where others have their middle
AXES = (0.8, 0.75)  # of a panel are its axes, about
LABEL = 0.95  # sizes of text that the epoch of an arrival is high
LIGHT = 0.6  # luminance above which a line can hardly be seen on white
ARRIVED = 1.3  # times as large the mark of an arrival is


@renderer
def progress(history: Runs, *, measure: Measure = "distance") -> Scene:
    """What is left of the way of each run against the epoch, and when it arrived.

    Parameters
    ----------
    history : History, sequence of History or mapping of label to History
        On one objective or on several.
    measure : "distance" or "cost"
        The distance from the optimum, or the cost above its own, as shares of the start's.

    Raises
    ------
    ValueError
        If there is no such measure.
    """
    if measure not in ("distance", "cost"):
        raise ValueError(f"measure must be distance or cost, not {measure!r}")
    runs = runs_of(history, "progress")
    view = progress_of(runs, measure=measure)
    styles = dict(zip(runs, run_styles(len(runs)), strict=True))
    panel = partial(_backdrop, view=view, styles=styles)
    return Scene(tuple(runs.values()), (panel,), epoch_axis=True, labels=tuple(runs))


def _backdrop(subfigure: SubFigure, *, view: ProgressView, styles: Mapping[str, Style]) -> Draw:
    axes = subfigure.subplots()
    _axes(axes, view)
    depth = _depths(axes, view, styles)
    draws = [_drawing(axes, view, trace, styles[trace.label], depth) for trace in view.traces]
    return lambda epoch: [draw(epoch) for draw in draws]


def _axes(axes: Axes, view: ProgressView) -> None:
    """Set both axes: their limits hold every run, and never move."""
    figure = axes.get_figure(root=False)
    assert figure is not None
    room = (figure.bbox.width * 72 / figure.dpi - points(50)) / SMALL
    title = "\n".join(side_by_side(view.title, room))
    axes.set_title(title, loc="left", fontsize="small", color=GREY)
    axes.set_yscale("log")
    axes.set_ylim(*view.range)
    axes.yaxis.set_major_locator(FixedLocator(view.ticks))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: share_text(share)))
    axes.set_xlabel(view.axis.label, fontsize="small")
    set_epoch_axis(axes, view.axis)


def _drawing(
    axes: Axes, view: ProgressView, trace: Trace, style: Style, depth: Mapping[str, float]
) -> Draw:
    """Return what draws a run up to an epoch, its arrival, and where it leaves the picture."""
    (low, high), left = view.range, view.curve(trace)
    drawn, leaves = view.drawn(trace), view.leaves(trace)
    line = _line(style)
    head = _head(style)

    def draw(epoch: float) -> None:
        k = trace.at(epoch)
        upto = np.append(drawn[drawn < k], k)
        path = np.column_stack([trace.epoch[upto], left[upto]])
        if share := share_at(trace.epoch, epoch):
            path = np.vstack([path, between(axes, (trace.epoch, left), k, share)])
        x, y = path.T
        axes.add_artist(Line2D(x, y, **line))
        if y[-1] <= high:
            axes.add_artist(
                Line2D(x[-1:], np.maximum(y[-1:], low), **head, zorder=3, clip_on=False)
            )
        elif leaves is not None:
            _leave(axes, trace.epoch[leaves], high, style.color)
        if trace.arrived is not None and k >= trace.arrived:
            _mark(axes, trace, np.maximum(left, low), head, depth.get(trace.label))

    return draw


def _mark(
    axes: Axes, trace: Trace, left: Array, head: Mapping[str, Any], depth: float | None
) -> None:
    """Mark an arrival, and write its epoch under it, unless others take the room."""
    assert trace.arrived is not None
    x, y = trace.epoch[trace.arrived], left[trace.arrived]
    to_share = axes.transScale + axes.transLimits
    ring = {**head, "mec": INK, "ms": ARRIVED * head["ms"], "mew": points(1.2)}
    axes.add_artist(Line2D([x], [y], **ring, zorder=3.1, clip_on=False))
    if depth is not None:
        axes.annotate(
            f"{x:,}",
            (x, y),
            (0, -depth),
            textcoords="offset points",
            ha="right" if to_share.transform((float(x), y))[0] > NEAR_EDGE else "center",
            va="top",
            fontsize="small",
            color=INK,
            zorder=3.2,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5, "alpha": 0.8},
        )


def _leave(axes: Axes, epoch: float, high: float, color: str) -> None:
    """Draw an arrow at the upper edge where a run goes beyond it."""
    x, y = axes.transData.transform((epoch, high))
    way = np.array([[x, y - 10 * pixels_of(axes)], [x, y]])
    axes.add_artist(arrowhead(axes, way, color, zorder=3))


def _depths(axes: Axes, view: ProgressView, styles: Mapping[str, Style]) -> dict[str, float]:
    """How far under its mark the epoch of each arrival is written (points), if there is room.

    Each as near as those of earlier arrivals let it.
    """
    figure = axes.get_figure(root=False)
    assert figure is not None
    wide = float(AXES[0] * figure.bbox.width * 72 / figure.dpi)
    high = float(AXES[1] * figure.bbox.height * 72 / figure.dpi)
    tall, to_share = LABEL * mpl.rcParams["font.size"], axes.transScale + axes.transLimits
    arrived = [trace for trace in view.traces if trace.arrived is not None]
    taken: list[tuple[float, float, float, float]] = []
    found: dict[str, float] = {}
    for trace in sorted(arrived, key=lambda t: (t.epoch[t.arrived], t.label)):
        epoch, left = trace.epoch[trace.arrived], float(np.max(trace.left[trace.arrived]))
        across, up = to_share.transform((float(epoch), max(left, view.range[0])))
        x, y = wide * float(across), high * float(up)
        half = SMALL * width_of(f" {epoch:,} ") / 2
        x -= half * (x > NEAR_EDGE * wide)
        top = y - ARRIVED * points(styles[trace.label].size) / 2 - points(1)
        for other in sorted(taken, key=lambda box: -box[3]):
            if _overlap((x - half, x + half, top - tall, top), other):
                top = other[2]
        if top - tall > 0:
            taken.append((x - half, x + half, top - tall, top))
            found[trace.label] = y - top
    return found


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    """Whether two boxes (left, right, bottom, top) overlap."""
    return a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]


def _line(style: Style) -> dict[str, Any]:
    """How the line of a run is drawn: one that is light, within a dark edge."""
    look: dict[str, Any] = {"color": style.color, "linestyle": style.line, "linewidth": points(1.6)}
    if luminance(np.array([to_rgb(style.color)]))[0] > LIGHT:
        look["path_effects"] = [Stroke(linewidth=points(2.4), foreground=INK), Normal()]
    return look


def _head(style: Style) -> dict[str, Any]:
    """How the present point of a run is drawn."""
    look: dict[str, Any] = {"color": style.color, "marker": style.marker, "mec": "white"}
    return {**look, "ms": points(style.size), "mew": points(0.8)}


KIND = Kind(progress, across=True, names=False)
