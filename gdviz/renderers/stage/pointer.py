"""Where things are on the screen: an arrow at its edge, and what is between two records."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from gdviz.core.moments import Array
from gdviz.renderers.style.fonts import width_of
from gdviz.renderers.style.theme import INK, SMALL, points
from gdviz.views.framing import beside

__all__ = ["arrowhead", "between", "pixels_of", "point_out"]

LENGTH = 36  # points of the marker, of which the tip is the half
HALF_WIDTH = 0.42  # of the tip's length
TIP = Path([(0, 0), (-1, HALF_WIDTH), (-0.75, 0), (-1, -HALF_WIDTH), (0, 0)], closed=True)


def pixels_of(axes: Axes) -> float:
    """How many pixels a point is."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    return figure.dpi / 72


def arrowhead(axes: Axes, way: Array, color: str, *, zorder: float) -> Line2D:
    """Return the tip of an arrow that leads along a way on the screen, (2, 2) in pixels."""
    across, up = way[1] - way[0]
    marker = MarkerStyle(TIP).rotated(deg=float(np.degrees(np.arctan2(up, across))))
    x, y = axes.transAxes.inverted().transform(way[1])
    look: dict[str, Any] = {"marker": marker, "color": color, "mec": "white", "mew": points(0.8)}
    return Line2D(
        [x], [y], ms=points(LENGTH), transform=axes.transAxes, clip_on=False, zorder=zorder, **look
    )


def point_out(
    axes: Axes, way: Array, text: str, within: Bbox, color: str, *, zorder: float
) -> None:
    """Draw an arrow's tip at the end of a way on the screen, and beside it a text on a plate.

    way (2, 2) and the box in which the text has to stay are in pixels.
    """
    axes.add_artist(arrowhead(axes, way, color, zorder=zorder))
    size = pixels_of(axes) * np.array([SMALL * width_of(text) + points(8), points(16)])
    gap = pixels_of(axes) * points(HALF_WIDTH * LENGTH / 2 + 1)
    long = max(float(np.hypot(*(way[1] - way[0]))), 1e-9)
    middle = beside(
        way[1], (way[1] - way[0]) / long, size, np.array(within.min), np.array(within.max), gap
    )
    x, y = axes.transAxes.inverted().transform(middle)
    look: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": "small", "color": INK}
    plate = {"facecolor": "white", "edgecolor": "none", "pad": points(2)}
    axes.add_artist(Text(x, y, text, transform=axes.transAxes, bbox=plate, zorder=zorder, **look))


def between(axes: Axes, curve: tuple[Any, Array], record: int, share: float) -> Array:
    """Return the point (1, 2) at a share of the line that is drawn from a record to the next."""
    ends = np.column_stack([one[record : record + 2] for one in curve])
    start, stop = axes.transData.transform(ends)
    return np.asarray(axes.transData.inverted().transform([start + share * (stop - start)]))
