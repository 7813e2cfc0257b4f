"""The cost over two weights seen from above, and the path of the descent on it.

A step of gradient descent is at right angles to the line that it starts on; a valley that is long
and narrow makes the path turn and creep. Both can be seen here wherever one scale can show both
axes: where their ranges differ less than fourfold, or the features are scaled. Where not, the
picture says so.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from gdviz.core.moments import Array
from gdviz.renderers.arguments import renderer
from gdviz.renderers.cost_slice import (
    DEPTH,
    STAR,
    axis_text,
    dots,
    here,
    known_marks,
    legend,
    mark,
    scene_of,
    trail,
    trodden,
)
from gdviz.renderers.kind import Kind
from gdviz.renderers.line_labels import spots
from gdviz.renderers.stage.pointer import arrowhead, point_out
from gdviz.renderers.stage.scene import LEGEND, Draw, Scene
from gdviz.renderers.style.contrast import readable
from gdviz.renderers.style.runs import Style
from gdviz.renderers.style.theme import GREY, INK, SMALL, Compact, points
from gdviz.views.choice import two_moving
from gdviz.views.cost_slice import SliceView, slice_of
from gdviz.views.cutting_plane import Through
from gdviz.views.framing import Range
from gdviz.views.marks import Marks
from gdviz.views.runs import Runs, runs_of
from gdviz.views.track import Track

__all__ = ["KIND", "contour"]


OUTWARDS = 0.01  # of the picture: the bit of a path that its arrow is turned by


@renderer
def contour(
    history: Runs,
    *,
    through: Through | None = None,
    ranges: tuple[Range, Range] | None = None,
    levels: Sequence[float] | None = None,
    size: int = 200,
    styles: Sequence[Style] | None = None,
) -> Scene:
    """Filled contours and labelled lines of the cost over two weights, and the path on them.

    Parameters
    ----------
    history : History, sequence of History or mapping of label to History
        Of two weights, the intercept held fixed; several on one objective, held at the same value.
    through : "pca", "hessian" or two (d,) sequences
        Of one history in which more moved: the plane through the end of the path along the two
        directions in which it moved most; in which the cost is most and least curved; or two that
        are given. The path is projected onto it.
    ranges : ((float, float), (float, float))
        First and last value of each weight. Default: path and optimum with a margin.
    levels : sequence of float
        Costs at which lines run. Default: spaced so that the valley is readable.
    size : int
        Number of grid points along each weight.
    styles : sequence of Style
        How each path is drawn, see ``gdviz.renderers.style.runs.run_styles``.

    Raises
    ------
    ValueError
        If the intercept moved or the weights are not two, and no plane is given to project the path
        onto; or an option cannot be drawn.
    """
    seen: dict[str, Any] = {"through": through, "ranges": ranges, "levels": levels, "size": size}
    return scene_of(slice_of(runs_of(history, "contour"), "contour", **seen), styles, _backdrop)


def _backdrop(subfigure: SubFigure, *, view: SliceView, styles: Sequence[Style]) -> Draw:
    width, height = _inner(subfigure)
    view = view.filling(height / width)
    axes = subfigure.subplots()
    axes.set(xlim=view.ranges[0], ylim=view.ranges[1])
    if view.equal:
        axes.set_aspect("equal")
    _ground(axes, view)
    _marks(axes, view.marks)
    said = [*view.phrases, *view.scales(height / width)]
    title = legend(said, (width - points(4)) / SMALL)
    axes.set_title(title, loc="right", fontsize="small", color=GREY).set_label(LEGEND)
    sides = zip((axes.xaxis, axes.yaxis), view.axis_names, _size(subfigure), strict=True)
    for axis, name, side in sides:
        axis.set_label_text(axis_text(name, 0.8 * side))
        axis.set_major_locator(MaxNLocator(5))
        axis.set_major_formatter(Compact())
    paths = [*zip(view.tracks, styles, strict=True)]

    def draw(epoch: float) -> None:
        for part in (_bed, _trail, _head):  # those of all paths, one over the other
            for track, style in paths:
                part(axes, track, style, epoch)

    return draw


def _bed(axes: Axes, track: Track, style: Style, epoch: float) -> None:
    """Draw what a path up to an epoch lies on: where it swung long ago, and a white rim."""
    if track.swings:
        u, v = track.whole(epoch).T
        axes.add_artist(Line2D(u, v, **trodden(style), **_steps(track, len(u))))
    u, v = track.latest(epoch).T
    axes.add_artist(Line2D(u, v, color="white", linewidth=points(4)))


def _trail(axes: Axes, track: Track, style: Style, epoch: float) -> None:
    """Draw a path up to an epoch, with a dot at each record."""
    line = track.latest(epoch)
    u, v = line.T
    n_records = len(line) - bool(track.share_at(epoch))
    axes.add_artist(Line2D(u, v, **trail(track, style), **_steps(track, n_records)))


def _steps(track: Track, count: int) -> dict[str, Any]:
    """How so many records are drawn on a path, where they are few."""
    return dots() | {"markevery": [*range(count)]} if track.few else {}


def _head(axes: Axes, track: Track, style: Style, epoch: float) -> None:
    """Draw where a path is at an epoch, or where it left the picture; if alone, with its cost."""
    leaving = track.leaving(epoch, OUTWARDS)
    if leaving is None:
        u, v = track.tip(epoch)
        axes.add_artist(Line2D([u], [v], **here(style), zorder=2.6))
        return
    way, cost = axes.transData.transform(leaving), track.cost_words(epoch)
    if cost:
        point_out(axes, way, cost, axes.bbox, style.color, zorder=2.6)
    else:
        axes.add_artist(arrowhead(axes, way, style.color, zorder=2.6))


def _inner(subfigure: SubFigure) -> Array:
    """Width and height in points (2,) that are left for the map, about."""
    labels = np.array([4.7, 5.0]) * points(10)
    return np.maximum(_size(subfigure) - labels, points(10))


def _marks(axes: Axes, marks: Marks) -> None:
    """Mark the start, and the optimum or, where none is, the way down; of a function all known."""
    for places, look in known_marks(marks):
        axes.plot(*places.T, linestyle="", **look)
    axes.plot(*marks.starts.T, "o", **mark(8), zorder=2.5)
    if len(marks.optima):
        axes.plot(*marks.optima.T, "*", **mark(STAR))
        # Once more over the path, so that its end never hides where it was to arrive.
        axes.plot(*marks.optima.T, "*", **mark(STAR) | {"mfc": "none"}, zorder=2.4)
    elif marks.falls is not None:
        start, tip = marks.way_down
        arrow = {"arrowstyle": "-|>", "mutation_scale": points(14), "linestyle": "dashed"}
        ink = {"color": INK, "linewidth": points(1.2), "shrinkA": 0, "shrinkB": points(2)}
        axes.annotate("", tip, start, arrowprops=arrow | ink)


def _ground(axes: Axes, view: SliceView) -> None:
    """Fill between the levels, and draw and label the lines that run along them."""
    ground, levels = view.ground, view.levels
    low, high = view.heights
    below, count = view.bands
    colors = DEPTH(np.linspace(0, 1, count))[below : below + len(levels) + 1]
    axes.contourf(ground.u, ground.v, ground.cost, levels=[low, *levels, high], colors=colors)
    if not len(levels):
        return
    lines = axes.contour(
        *(ground.u, ground.v, ground.cost),
        levels=levels,
        colors=INK,
        linewidths=points(0.6),
        linestyles="solid",
    )
    places = spots(axes, view, dict(zip(levels, lines.get_paths(), strict=True)))
    if places:
        # All lines are named, not only those that get a label: before 3.10.1 matplotlib, told of
        # some, takes the level of one for that of another.
        axes.clabel(
            lines,
            levels,
            fmt=dict(zip(levels, view.level_texts, strict=True)),
            fontsize="small",
            colors=readable(colors[:-1], colors[1:]),
            manual=list(places.values()),
        )


def _size(subfigure: SubFigure) -> Array:
    """Width and height in points, (2,)."""
    return np.array(subfigure.bbox.size) * 72 / subfigure.dpi


KIND = Kind(contour, partial(two_moving, kind="contour"))
