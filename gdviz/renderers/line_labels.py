"""Where the lines of a contour are labelled: where they are straight, away from path and marks."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.path import Path
from matplotlib.transforms import Bbox

from gdviz.core.moments import Array
from gdviz.renderers.cost_slice import STAR
from gdviz.renderers.stage.pointer import pixels_of
from gdviz.renderers.style.fonts import width_of
from gdviz.renderers.style.theme import points
from gdviz.views.cost_slice import SliceView

__all__ = ["spots"]


def spots(axes: Axes, view: SliceView, lines: Mapping[float, Path]) -> dict[float, Array]:
    """Where the label of each level goes (2,): on its line, away from all that is drawn there.

    A line too short to be cut open for its label has none.
    """
    texts = dict(zip(lines, view.level_texts, strict=True))
    pixel = pixels_of(axes)
    to_pixels = axes.transData
    paths = [track.path[track.drawn].clip(*np.transpose(view.ranges)) for track in view.tracks]
    taken = [_even(to_pixels.transform(seen), 5 * pixel) for seen in paths]
    if len(view.marks.places):
        taken.append(to_pixels.transform(view.marks.places))
    star = pixel * points(STAR)
    found = {}
    for level, line in lines.items():
        width = pixel * width_of(f"{texts[level]} ")
        best = _best(line.transformed(to_pixels), width, star, np.vstack(taken), axes.bbox)
        if best is not None:
            found[level] = to_pixels.inverted().transform(best)
            taken.append(best[None])
    return found


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
