"""The cost over two weights as a surface, the path of a descent on it, its shadow on the floor."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.colors import Normalize, PowerNorm
from matplotlib.figure import SubFigure
from matplotlib.ticker import MaxNLocator
from mpl_toolkits.mplot3d.art3d import Line3D
from mpl_toolkits.mplot3d.axes3d import Axes3D

from gdviz.core.history import History
from gdviz.renderers.arguments import renderer
from gdviz.renderers.scene import Draw, Scene
from gdviz.renderers.slice import DEPTH, STAR, Range, Slice, here, mark, slice_of, trail
from gdviz.renderers.space import fill, room, space
from gdviz.renderers.style import GREY, INK, points, weight_of

__all__ = ["surface"]

# The shadow lies on the floor, but is drawn after the surface and as faint as if seen through it:
# under the surface, it would make all of that be drawn again for every frame.
FLOOR, GROUND, SHADOW, PATH = 1, 3, 4, 5


@renderer
def surface(
    history: History,
    *,
    ranges: tuple[Range, Range] | None = None,
    levels: Sequence[float] | None = None,
    size: int = 50,
    elev: float = 37,
    azim: float = -100,
) -> Scene:
    """The cost over two weights in 3-D, and the path on it.

    Parameters
    ----------
    history : History
        Of two weights, its intercept held fixed.
    ranges : ((float, float), (float, float))
        First and last value of each weight. Default: path and optimum with a margin.
    levels : sequence of float
        Costs of the lines on the floor. Default: spaced so that the valley is readable.
    size : int
        Number of grid points along each weight.
    elev, azim : float
        Where it is seen from, in degrees.

    Raises
    ------
    ValueError
        If the intercept moved, the weights are not two, or an option cannot be drawn.
    """
    part = slice_of(history, "surface", ranges=ranges, levels=levels, size=size)
    return Scene(history, (partial(_backdrop, part=part, elev=elev, azim=azim),))


def _backdrop(subfigure: SubFigure, *, part: Slice, elev: float, azim: float) -> Draw:
    axes = space(subfigure, elev=elev, azim=azim)
    low, high = min(part.lowest, part.ground.cost.min()), part.ground.cost.max()
    floor = low - 0.3 * (high - low)
    x, y = (weight_of(name, room(subfigure)) if name else "intercept" for name in part.names)
    axes.set(xlabel=x, ylabel=y, zlabel="cost")
    axes.set_zticks(MaxNLocator(4).tick_values(low, high), minor=False)
    axes.set(xlim=part.ground.u[[0, -1]], ylim=part.ground.v[[0, -1]], zlim=(floor, high))
    _ground(axes, part, floor, PowerNorm(0.4, low, high))
    axes.plot(*part.optimum, floor, "*", color=GREY, ms=points(9), zorder=FLOOR)
    axes.plot(*part.optimum, part.lowest, "*", **mark(STAR), zorder=PATH)
    fill(axes)

    def draw(record: int) -> None:
        records = part.path_to(record)
        u, v = part.path[records].T
        z = part.cost[records]
        below = np.full_like(z, floor)
        shadow: dict[str, Any] = {"color": INK, "alpha": 0.3, "linewidth": points(1.8)}
        axes.add_artist(Line3D(u, v, below, **shadow, zorder=SHADOW))
        axes.add_artist(Line3D(u, v, z, color="white", linewidth=points(4), zorder=PATH))
        axes.add_artist(Line3D(u, v, z, **trail(part), zorder=PATH))
        axes.add_artist(Line3D(u[-1:], v[-1:], z[-1:], marker="o", **here(), zorder=PATH))

    return draw


def _ground(axes: Axes3D, part: Slice, floor: float, norm: Normalize) -> None:
    """Draw the surface of the cost, and its lines on the floor."""
    ground = part.ground
    u, v = np.meshgrid(ground.u, ground.v)
    if len(part.levels):
        lines = {"colors": GREY, "linewidths": points(0.6), "zorder": FLOOR}
        axes.contour(u, v, ground.cost, levels=part.levels, zdir="z", offset=floor, **lines)
    count = {"rcount": len(ground.v), "ccount": len(ground.u)}
    look = {"cmap": DEPTH, "norm": norm, "alpha": 0.78, "linewidth": 0, "zorder": GROUND}
    axes.plot_surface(u, v, ground.cost, **count, **look)
