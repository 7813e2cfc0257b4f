"""How likely each of two labels is, as tints: areas of a plane between lines of one probability.

The areas are one artist that does nothing but fill them: it is made and drawn anew for every frame.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.colors import to_rgba
from matplotlib.path import Path

from gdviz.core.moments import Array

__all__ = ["TINTS", "Tints"]

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
