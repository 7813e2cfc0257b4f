"""The cost over two weights seen from above, and the path of the descent on it.

A step of gradient descent is at right angles to the line that it starts on; a valley that is long
and narrow makes the path turn and creep. Both can be seen here.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from gdviz.core.history import History
from gdviz.core.moments import Array
from gdviz.renderers.arguments import renderer
from gdviz.renderers.scene import Draw, Scene
from gdviz.renderers.slice import DEPTH, STAR, Range, Slice, here, mark, slice_of, trail
from gdviz.renderers.style import (
    GREY,
    INK,
    Compact,
    compact,
    points,
    weight_of,
    width_of,
)

__all__ = ["contour"]


@renderer
def contour(
    history: History,
    *,
    ranges: tuple[Range, Range] | None = None,
    levels: Sequence[float] | None = None,
    size: int = 200,
) -> Scene:
    """Filled contours and labelled lines of the cost over two weights, and the path on them.

    Parameters
    ----------
    history : History
        Of two weights, its intercept held fixed.
    ranges : ((float, float), (float, float))
        First and last value of each weight. Default: path and optimum with a margin.
    levels : sequence of float
        Costs at which lines run. Default: spaced so that the valley is readable.
    size : int
        Number of grid points along each weight.

    Raises
    ------
    ValueError
        If the intercept moved, the weights are not two, or an option cannot be drawn.
    """
    part = slice_of(history, "contour", ranges=ranges, levels=levels, size=size)
    return Scene(history, (partial(_backdrop, part=part),))


def _backdrop(subfigure: SubFigure, *, part: Slice) -> Draw:
    axes = subfigure.subplots()
    axes.set(xlim=part.ground.u[[0, -1]], ylim=part.ground.v[[0, -1]])
    _ground(axes, part, subfigure.dpi / 72)
    axes.plot(*part.path[0], "o", **mark(8), zorder=2.5)
    axes.plot(*part.optimum, "*", **mark(STAR))
    # Once more over the path, so that its end never hides where it was to arrive.
    axes.plot(*part.optimum, "*", **mark(STAR) | {"mfc": "none"}, zorder=2.4)
    axes.set_title(f"☆ {part.goal}    ○ start", loc="right", fontsize="small", color=GREY)
    for axis, name, side in zip(
        (axes.xaxis, axes.yaxis), part.names, _size(subfigure), strict=True
    ):
        axis.set_label_text(weight_of(name, 0.8 * side) if name else "intercept")
        axis.set_major_locator(MaxNLocator(5))
        axis.set_major_formatter(Compact())

    def draw(record: int) -> None:
        u, v = part.path[part.path_to(record)].T
        axes.add_artist(Line2D(u, v, color="white", linewidth=points(4)))
        axes.add_artist(Line2D(u, v, **trail(part)))
        axes.add_artist(Line2D(u[-1:], v[-1:], marker="o", **here(), zorder=2.6))

    return draw


def _ground(axes: Axes, part: Slice, pixel: float) -> None:
    """Fill between the levels, and draw and label the lines that run along them."""
    ground, levels = part.ground, part.levels
    bounds = [min(part.lowest, ground.cost.min()), *levels, ground.cost.max()]
    colors = DEPTH(np.linspace(0, 1, len(bounds) - 1))
    axes.contourf(ground.u, ground.v, ground.cost, levels=bounds, colors=colors)
    if not len(levels):
        return
    lines = axes.contour(
        ground.u, ground.v, ground.cost, levels=levels, colors=INK, linewidths=points(0.6)
    )
    spots = _spots(axes, part, dict(zip(levels, lines.get_paths(), strict=True)), pixel)
    if spots:
        # All lines are named, not only those that get a label: before 3.10.1 matplotlib, told of
        # some, takes the level of one for that of another.
        axes.clabel(
            lines,
            levels,
            fmt=compact,
            fontsize="small",
            colors=_readable(colors[1:]),
            manual=list(spots.values()),
        )


def _spots(axes: Axes, part: Slice, lines: dict[float, Path], pixel: float) -> dict[float, Array]:
    """Where the label of each level goes (2,): on its line, away from all that is drawn there.

    A line too short to be cut open for its label has none. pixel: how many a point is.
    """
    to_pixels = axes.transData
    taken = [
        _even(to_pixels.transform(part.path[part.drawn]), 5 * pixel),
        to_pixels.transform([part.optimum]),
    ]
    star = pixel * points(STAR)
    spots = {}
    for level, line in lines.items():
        width = pixel * width_of(f"{compact(level)} ")
        best = _best(line.transformed(to_pixels), width, star, np.vstack(taken), axes.bbox)
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


def _readable(colors: Array) -> list[str]:
    """Return the ink for a label on each of these colours (n, 4): dark on light, white on dark."""
    lightness = colors[:, :3] @ [0.2126, 0.7152, 0.0722]
    return [INK if light > 0.45 else "white" for light in lightness]
