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
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from gdviz.core.moments import Array
from gdviz.renderers.arguments import renderer
from gdviz.renderers.cost_slice import (
    DEPTH,
    STAR,
    Range,
    Slice,
    Track,
    axis_name,
    dots,
    here,
    legend,
    mark,
    slice_of,
    trail,
    trodden,
)
from gdviz.renderers.kind import Kind
from gdviz.renderers.stage.pointer import arrowhead, pixels_of, point_out
from gdviz.renderers.stage.scene import LEGEND, Draw, Scene
from gdviz.renderers.style.contrast import readable
from gdviz.renderers.style.runs import Style
from gdviz.renderers.style.theme import (
    GREY,
    INK,
    SMALL,
    Compact,
    points,
    width_of,
)
from gdviz.views.choice import two_moving
from gdviz.views.cutting_plane import Through
from gdviz.views.numbers import compact
from gdviz.views.runs import Runs, check_one_ground, runs_of

__all__ = ["KIND", "contour"]


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
    runs = runs_of(history, "contour")
    check_one_ground(runs, "contour")
    histories = tuple(runs.values())
    look: dict[str, Any] = {"ranges": ranges, "levels": levels, "size": size, "styles": styles}
    part = slice_of(histories, "contour", through=through, **look)
    panel = partial(_backdrop, part=part)
    return Scene(histories, (panel,), labels=tuple(runs), styles=tuple(part.styles))


def _backdrop(subfigure: SubFigure, *, part: Slice) -> Draw:
    width, height = _inner(subfigure)
    part = part.filling(height / width)
    axes = subfigure.subplots()
    axes.set(xlim=part.ranges[0], ylim=part.ranges[1])
    if part.equal:
        axes.set_aspect("equal")
    _ground(axes, part)
    _marks(axes, part)
    scales = "" if part.equal else _scales(part, height / width)
    known = "✕ saddle" * bool(len(part.saddles)), "△ maximum" * bool(len(part.maxima))
    title = legend(part, (width - points(4)) / SMALL, *known, scales)
    axes.set_title(title, loc="right", fontsize="small", color=GREY).set_label(LEGEND)
    for i, (axis, side) in enumerate(zip((axes.xaxis, axes.yaxis), _size(subfigure), strict=True)):
        axis.set_label_text(axis_name(part, i, 0.8 * side))
        axis.set_major_locator(MaxNLocator(5))
        axis.set_major_formatter(Compact())

    def draw(epoch: float) -> None:
        for track in part.tracks:
            _bed(axes, track, epoch)
        for track in part.tracks:
            _trail(axes, track, epoch)
        for track in part.tracks:  # over all paths
            _head(axes, track, epoch)

    return draw


def _bed(axes: Axes, track: Track, epoch: float) -> None:
    """Draw what a path up to an epoch lies on: where it swung long ago, and a white rim."""
    records = track.path_to(track.record_at(epoch))
    if track.swings:
        u, v = track.path[records].T
        axes.add_artist(Line2D(u, v, **trodden(track.style), **_steps(track, len(u))))
    u, v = _latest(track, epoch).T
    axes.add_artist(Line2D(u, v, color="white", linewidth=points(4)))


def _trail(axes: Axes, track: Track, epoch: float) -> None:
    """Draw a path up to an epoch, with a dot at each record."""
    line = _latest(track, epoch)
    u, v = line.T
    n_records = len(line) - bool(track.share_at(epoch))
    axes.add_artist(Line2D(u, v, **trail(track), **_steps(track, n_records)))


def _latest(track: Track, epoch: float) -> Array:
    """Return what is drawn as it is of a path up to an epoch, (n, 2)."""
    line = track.path[track.latest(track.path_to(track.record_at(epoch)))]
    return np.vstack([line, track.tip(epoch)]) if track.share_at(epoch) else line


def _steps(track: Track, count: int) -> dict[str, Any]:
    """How so many records are drawn on a path, where they are few."""
    return dots() | {"markevery": [*range(count)]} if track.few else {}


def _head(axes: Axes, track: Track, epoch: float) -> None:
    """Draw where a path is at an epoch, or where it left the picture; if alone, with its cost."""
    if np.isfinite(leaving := track.exit_at(epoch)).all():
        cost = f"cost {compact(float(track.cost[track.record_at(epoch)]))}" if track.alone else ""
        _leave(axes, leaving, cost, track.style.color)
    else:
        u, v = track.tip(epoch)
        axes.add_artist(Line2D([u], [v], **here(track.style), zorder=2.6))


def _inner(subfigure: SubFigure) -> Array:
    """Width and height in points (2,) that are left for the map, about."""
    labels = np.array([4.7, 5.0]) * points(10)
    return np.maximum(_size(subfigure) - labels, points(10))


def _scales(part: Slice, tall: float) -> str:
    """Say how much the scales of both axes differ, to one digit."""
    across, up = np.ptp(part.ranges, axis=1)
    ratio = up / across / tall
    return f"scales of the axes 1 : {compact(float(f'{max(ratio, 1 / ratio):.1g}'))}"


def _marks(axes: Axes, part: Slice) -> None:
    """Mark the start, and the optimum or, where none is, the way down; of a function all known."""
    _known_marks(axes, part)
    axes.plot(*part.starts.T, "o", **mark(8), zorder=2.5)
    if len(part.optima):
        axes.plot(*part.optima.T, "*", **mark(STAR))
        # Once more over the path, so that its end never hides where it was to arrive.
        axes.plot(*part.optima.T, "*", **mark(STAR) | {"mfc": "none"}, zorder=2.4)
    elif part.falls is not None:
        tip = part.way_down[1]
        look = {"arrowstyle": "-|>", "mutation_scale": points(14), "linestyle": "dashed"}
        ink = {"color": INK, "linewidth": points(1.2), "shrinkA": 0, "shrinkB": points(2)}
        axes.annotate("", tip, part.way_down[0], arrowprops=look | ink)


def _known_marks(axes: Axes, part: Slice) -> None:
    """Mark what is known of a function: its minima, maxima and saddles."""
    cross = {"color": INK, "mew": points(1.6), "ms": points(7)}
    looks: list[tuple[Array, str, dict[str, Any]]] = [
        (part.minima, "*", mark(0.8 * STAR)),
        (part.maxima, "^", mark(7)),
        (part.saddles, "x", {"color": "white", "mew": points(4), "ms": points(8)}),
        (part.saddles, "x", cross),
    ]
    for places, marker, look in looks:
        if len(places):
            axes.plot(*places.T, marker, **look)


def _leave(axes: Axes, segment: Array, cost: str, color: str) -> None:
    """Draw where a path leaves the picture (2, 2): an arrow, and the cost beside it."""
    edge, beyond = segment
    # What is beyond may be too far away for pixels.
    near = edge - 0.01 * (beyond - edge) / np.max(np.abs(beyond - edge) / _spans(axes))
    way = axes.transData.transform([near, edge])
    if cost:
        point_out(axes, way, cost, axes.bbox, color, zorder=2.6)
    else:
        axes.add_artist(arrowhead(axes, way, color, zorder=2.6))


def _spans(axes: Axes) -> Array:
    return np.array([np.ptp(axes.get_xlim()), np.ptp(axes.get_ylim())])


def _ground(axes: Axes, part: Slice) -> None:
    """Fill between the levels, and draw and label the lines that run along them."""
    ground, levels = part.ground, part.levels
    low, high = part.heights
    bounds = [low, *levels, high]
    below, count = part.bands
    colors = DEPTH(np.linspace(0, 1, count))[below : below + len(bounds) - 1]
    axes.contourf(ground.u, ground.v, ground.cost, levels=bounds, colors=colors)
    if not len(levels):
        return
    lines = axes.contour(
        *(ground.u, ground.v, ground.cost),
        levels=levels,
        colors=INK,
        linewidths=points(0.6),
        linestyles="solid",
    )
    texts = dict(zip(levels, Compact().format_ticks(levels.tolist()), strict=True))
    paths = dict(zip(levels, lines.get_paths(), strict=True))
    spots = _spots(axes, part, paths, {level: width_of(f"{texts[level]} ") for level in levels})
    if spots:
        # All lines are named, not only those that get a label: before 3.10.1 matplotlib, told of
        # some, takes the level of one for that of another.
        axes.clabel(
            lines,
            levels,
            fmt=texts,
            fontsize="small",
            colors=readable(colors[:-1], colors[1:]),
            manual=list(spots.values()),
        )


def _spots(
    axes: Axes, part: Slice, lines: dict[float, Path], widths: dict[float, float]
) -> dict[float, Array]:
    """Where the label of each level goes (2,): on its line, away from all that is drawn there.

    A line too short to be cut open for its label, this wide in points, has none.
    """
    pixel = pixels_of(axes)
    to_pixels = axes.transData
    paths = [track.path[track.drawn].clip(*np.transpose(part.ranges)) for track in part.tracks]
    taken = [_even(to_pixels.transform(seen), 5 * pixel) for seen in paths]
    if len(part.optima):
        taken.append(to_pixels.transform(part.optima))
    star = pixel * points(STAR)
    spots = {}
    for level, line in lines.items():
        best = _best(
            line.transformed(to_pixels), pixel * widths[level], star, np.vstack(taken), axes.bbox
        )
        if best is not None:
            spots[level] = to_pixels.inverted().transform(best)
            taken.append(best[None])
    return spots


def _best(line: Path, width: float, star: float, taken: Array, edge: Bbox) -> Array | None:
    """Return the point (2,) of a line that is far from what is taken, where the line is straight.

    All in pixels. Half a label to either side of it the line must go on, within the edge,
    and a star's width away from what is taken.
    """
    found: list[tuple[float, Array]] = []
    low, high = np.array(edge.min) + width / 2, np.array(edge.max) - width / 2
    for polygon in line.to_polygons(closed_only=False):
        points_on = _even(np.asarray(polygon), width / 8)
        if len(points_on) < 20:
            continue
        middle = points_on[4:-4]
        straight = np.hypot(*(points_on[8:] - points_on[:-8]).T) / width
        clear = np.hypot(*(middle[:, None] - taken).T).min(axis=0) / width
        inside = np.all((middle > low) & (middle < high), axis=1) & (clear * width > star)
        score = np.where(inside, np.minimum(clear, 2) + straight, -np.inf)
        found.append((float(score.max()), middle[score.argmax()]))
    best = max(found, key=lambda one: one[0], default=None)
    return best[1] if best and np.isfinite(best[0]) else None


def _even(line: Array, step: float) -> Array:
    """Points (m, 2) about a step apart along a line (n, 2)."""
    along = np.append(0.0, np.cumsum(np.hypot(*np.diff(line, axis=0).T)))
    at = np.linspace(0, along[-1], int(np.clip(along[-1] / step, 1, 2000)) + 1)
    return np.column_stack([np.interp(at, along, column) for column in line.T])


def _size(subfigure: SubFigure) -> Array:
    """Width and height in points, (2,)."""
    return np.array(subfigure.bbox.size) * 72 / subfigure.dpi


KIND = Kind(contour, partial(two_moving, kind="contour"), several=True)
