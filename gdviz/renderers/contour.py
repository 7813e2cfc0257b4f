"""The cost over two weights seen from above, and the path of the descent on it.

A step of gradient descent is at right angles to the line that it starts on; a valley that is long
and narrow makes the path turn and creep. Both can be seen here.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np
from matplotlib.figure import SubFigure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from gdviz.core.history import History
from gdviz.core.moments import Array
from gdviz.renderers.scene import Draw, Scene
from gdviz.renderers.slice import DEPTH, LEGEND, Range, Slice, slice_of
from gdviz.renderers.style import GREY, INK, VERMILION, compact

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
    ground, levels = part.ground, part.levels
    bounds = np.unique([min(part.lowest, ground.cost.min()), *levels, ground.cost.max()])
    colors = DEPTH(np.linspace(0, 1, max(len(bounds) - 1, 1)))
    if len(bounds) > 1:
        axes.contourf(ground.u, ground.v, ground.cost, levels=bounds, colors=colors)
        lines = axes.contour(
            ground.u, ground.v, ground.cost, levels=levels, colors=INK, linewidths=0.6
        )
        inks = _readable(colors[1:])
        # A label is longer than a small ring around the optimum is wide.
        wide = levels - part.lowest > 0.03 * (ground.cost.max() - part.lowest)
        axes.clabel(
            lines, levels[wide], fmt=compact, fontsize="small", colors=list(inks[-wide.sum() :])
        )
    axes.plot(*part.path[0], "o", mfc="white", mec=INK, mew=1.2, ms=8, zorder=2.5)
    axes.plot(*part.optimum, "*", mfc="white", mec=INK, mew=1.2, ms=17)
    axes.set_title(LEGEND, loc="right", fontsize="small", color=GREY)
    axes.set(xlabel=part.labels[0], ylabel=part.labels[1])
    axes.set(xlim=ground.u[[0, -1]], ylim=ground.v[[0, -1]])
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(5))
        axis.set_major_formatter(FuncFormatter(compact))

    def draw(record: int) -> None:
        u, v = part.path[part.path_to(record)].T
        axes.plot(u, v, color="white", linewidth=4)
        axes.plot(u, v, color=VERMILION)
        axes.plot(u[-1], v[-1], "o", color=VERMILION, mec="white", ms=8)

    return draw


def _readable(colors: Array) -> list[str]:
    """Return the ink for a label on each of these colours (n, 4): dark on light, white on dark."""
    lightness = colors[:, :3] @ [0.2126, 0.7152, 0.0722]
    return [INK if light > 0.45 else "white" for light in lightness]
