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
from matplotlib.ticker import MaxNLocator

from gdviz.core.history import History
from gdviz.core.landscape import Landscape
from gdviz.core.moments import Array
from gdviz.renderers.scene import Draw, Scene
from gdviz.renderers.slice import DEPTH, LEGEND, Range, Slice, here, mark, slice_of
from gdviz.renderers.style import GREY, INK, VERMILION, Compact, compact, fitting, points

__all__ = ["contour"]


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
        If the intercept moved, or the weights are not two.
    """
    part = slice_of(history, "contour", ranges=ranges, levels=levels, size=size)
    return Scene(history, (partial(_backdrop, part=part),))


def _backdrop(subfigure: SubFigure, *, part: Slice) -> Draw:
    axes = subfigure.subplots()
    _ground(axes, part)
    axes.plot(*part.path[0], "o", **mark(8), zorder=2.5)
    axes.plot(*part.optimum, "*", **mark(17))
    axes.set_title(LEGEND, loc="right", fontsize="small", color=GREY)
    axes.set(xlim=part.ground.u[[0, -1]], ylim=part.ground.v[[0, -1]])
    for axis, name, side in zip(
        (axes.xaxis, axes.yaxis), part.names, _size(subfigure), strict=True
    ):
        axis.set_label_text(fitting(f"weight of {name}", 0.8 * side))
        axis.set_major_locator(MaxNLocator(5))
        axis.set_major_formatter(Compact())

    def draw(record: int) -> None:
        u, v = part.path[part.path_to(record)].T
        axes.add_artist(Line2D(u, v, color="white", linewidth=points(4)))
        axes.add_artist(Line2D(u, v, color=VERMILION))
        axes.add_artist(Line2D(u[-1:], v[-1:], marker="o", **here()))

    return draw


def _ground(axes: Axes, part: Slice) -> None:
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
    # A label is longer than a small ring around the optimum is wide.
    wide = levels - part.lowest > 0.006 * (ground.cost.max() - part.lowest)
    inks = [ink for ink, fits in zip(_readable(colors[1:]), wide, strict=True) if fits]
    labels = axes.clabel(lines, levels[wide], fmt=compact, fontsize="small", colors=inks)
    for label in labels:
        if not _well_inside(label.get_position(), ground):
            label.remove()


def _well_inside(point: tuple[float, float], ground: Landscape) -> bool:
    """Whether a label at a point does not reach over the edge of the axes."""
    shares = [
        (at - grid[0]) / (grid[-1] - grid[0])
        for at, grid in zip(point, (ground.u, ground.v), strict=True)
    ]
    return all(0.04 < share < 0.96 for share in shares)


def _size(subfigure: SubFigure) -> Array:
    """Width and height in points, (2,)."""
    return np.array(subfigure.bbox.size) * 72 / subfigure.dpi


def _readable(colors: Array) -> list[str]:
    """Return the ink for a label on each of these colours (n, 4): dark on light, white on dark."""
    lightness = colors[:, :3] @ [0.2126, 0.7152, 0.0722]
    return [INK if light > 0.45 else "white" for light in lightness]
