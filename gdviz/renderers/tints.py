"""How likely each of two labels is, as tints: areas of a plane between lines of one probability.

The areas are one artist that does nothing but fill them: it is made and drawn anew for every frame.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import log
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.colors import to_rgba
from matplotlib.path import Path

from gdviz.core.moments import Array

__all__ = ["PROBABILITIES", "TINTS", "Tints", "logit", "zone", "zones"]

PROBABILITIES = (0.1, 0.5, 0.9)  # of the larger label, at which lines run
# VERMILION and BLUE on white: from the smaller label's side to the larger's.
TINTS = ("#f8e3d3", "#fdf3ec", "#ecf5fa", "#d3e8f3")
COLORS = [to_rgba(tint) for tint in TINTS]


class Tints(Artist):
    """Polygons (n, 2), each filled with its tint; of those that are empty nothing is drawn.

    Together they fill the axes.
    """

    zorder = 0.5
    fills_clip_box = True  # so gdviz.film need not draw them to find out what they cover

    def __init__(self, areas: Sequence[Array]) -> None:
        super().__init__()
        self.areas = areas

    def draw(self, renderer: Any) -> None:
        """Fill all areas."""
        gc = renderer.new_gc()
        self._set_gc_clip(gc)  # type: ignore[attr-defined]
        gc.set_linewidth(0)
        for area, color in zip(self.areas, COLORS, strict=True):
            if len(area):
                outline = Path(np.vstack([area, area[:1]]), closed=True)
                renderer.draw_path(gc, outline, self.get_transform(), color)
        gc.restore()


def zones(theta: Array, corners: Array) -> list[Array]:
    """Return the polygons (n, 2) of the picture between the lines; see :func:`zone`."""
    edges = [-np.inf, *map(logit, PROBABILITIES), np.inf]
    return [zone(theta, corners, low, high) for low, high in pairwise(edges)]


def logit(p: float) -> float:
    """Log-odds of a probability.

    >>> round(logit(0.9), 3), logit(0.5)
    (2.197, 0.0)
    """
    return log(p / (1 - p))


def zone(theta: Array, corners: Array, low: float, high: float) -> Array:
    """Return the polygon (n, 2) of the picture in which low ≤ θ₀ + x·w ≤ high; none where empty.

    theta (3,), corners (2, 2): lower left and upper right.
    """
    (left, bottom), (right, top) = corners
    area = np.array([[left, bottom], [right, bottom], [right, top], [left, top]])
    for bound, sign in ((low, 1), (high, -1)):
        if np.isfinite(bound):
            area = _cut(area, sign * (theta[0] + area @ theta[1:] - bound))
    return area


def _cut(area: Array, height: Array) -> Array:
    """Return what of a polygon (n, 2) has a height (n,) above 0 (Sutherland & Hodgman 1974)."""
    if not (height > 0).any():
        return area[:0]
    kept = []
    corners = list(zip(area.tolist(), height.tolist(), strict=True))  # faster than arrays of few
    for (a, z), (b, z_after) in pairwise([*corners, corners[0]]):
        if z >= 0:
            kept.append(a)
        if min(z, z_after) < 0 < max(z, z_after):
            share = z / (z - z_after)
            kept.append([p + share * (q - p) for p, q in zip(a, b, strict=True)])
    return np.array(kept)
