"""The regression plane among the points, with a dashed residual from each point to the plane.

The mean squared error is the mean of the squared lengths of the dashed lines: this is the picture
of what a descent makes small. A point stands before or behind the plane as it does in space: what
lies behind is drawn first and seen through the plane.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import SubFigure
from mpl_toolkits.mplot3d.art3d import Line3D, Poly3DCollection
from mpl_toolkits.mplot3d.axes3d import Axes3D

from gdviz.core.dataset import Dataset
from gdviz.core.history import History
from gdviz.core.moments import Array
from gdviz.core.sampling import sampled
from gdviz.messages import option
from gdviz.renderers.arguments import renderer
from gdviz.renderers.boundary import boundary
from gdviz.renderers.pair import AT_MEANS, at_means, pair_of
from gdviz.renderers.scene import Draw, Scene
from gdviz.renderers.slice import Range, check_ranges
from gdviz.renderers.space import eye, fill, room, space
from gdviz.renderers.style import BLUE, GREY, INK, VERMILION, fitting, points, written

__all__ = ["plane"]

MOST_POINTS = 1000
BEHIND, PLANE, BEFORE = 3, 4, 5


@renderer
def plane(
    history: History,
    *,
    vary: tuple[str, str] | None = None,
    ranges: tuple[Range, Range] | None = None,
    elev: float = 30,
    azim: float | None = None,
) -> Scene:
    """Regression plane, data points and residuals in 3-D; of two classes, the line between them.

    Parameters
    ----------
    history : History
        Of a loss of labels :func:`~gdviz.renderers.boundary.boundary` is drawn.
    vary : (str, str)
        The two features to draw it over, where there are more; the others stay at their means.
    ranges : ((float, float), (float, float))
        First and last value of each feature that the plane spans. Default: the data and a margin.
    elev, azim : float
        Where it is seen from, in degrees. Default: from above, and from the side from which the
        last plane rises along the first feature, so that it is not seen edge-on.

    Raises
    ------
    ValueError
        If the features are not two and two are not chosen, or a range does not increase.
    """
    if history.objective.labels:
        if ranges is not None:
            raise ValueError(
                "ranges are of a plane; two classes are drawn where they are: leave it out"
            )
        return boundary(history, vary=vary)
    if history.dataset.n_features > len(history.dataset.columns):
        raise ValueError(
            "a plane over powers would not be the model, which is curved: draw "
            + option(kind="parameters")
        )
    pair = pair_of(history, vary, "plane")
    check_ranges(ranges)
    if azim is None:
        azim = -120 if history.weights[-1, pair[0]] > 0 else -60
    panel = partial(_backdrop, history=history, pair=pair, ranges=ranges, elev=elev, azim=azim)
    return Scene(history, (panel,))


def _backdrop(
    subfigure: SubFigure,
    *,
    history: History,
    pair: list[int],
    ranges: tuple[Range, Range] | None,
    elev: float,
    azim: float,
) -> Draw:
    data = history.dataset
    features, planes = data.X[:, pair], at_means(history, pair)
    corners = _corners(_ranges(features) if ranges is None else ranges)
    shown = sampled(data.n_samples, MOST_POINTS)
    X, y = features[shown], data.y[shown]
    heights = planes @ np.column_stack([np.ones(4), corners]).T
    axes = space(subfigure, elev=elev, azim=azim)
    axes.set(xlim=_limits(X[:, 0], corners[:, 0]), ylim=_limits(X[:, 1], corners[:, 1]))
    axes.set(zlim=_limits(y, heights, margin=0.03))
    names = (*(data.labels[j] for j in pair), data.target_name)
    for axis, name in zip((axes.xaxis, axes.yaxis, axes.zaxis), names, strict=True):
        axis.set_label_text(fitting(written(name), room(subfigure)))
    _say(subfigure, len(shown), data)
    fill(axes)
    viewer = eye(axes)
    size = _marker_size(len(shown))

    def draw(record: int) -> None:
        theta = planes[record]
        fitted = theta[0] + X @ theta[1:]
        viewer_above = viewer[2] > theta[0] + viewer[:2] @ theta[1:]
        before = (y > fitted) == viewer_above
        axes.add_artist(_sheet(corners, heights[record]))
        for side, zorder in ((~before, BEHIND), (before, BEFORE)):
            if side.any():
                _points(axes, X[side], y[side], fitted[side], size=size, zorder=zorder)

    return draw


def _sheet(corners: Array, heights: Array) -> Poly3DCollection:
    """Return the plane as one polygon: it is flat, so a mesh would add nothing."""
    return Poly3DCollection(
        [np.column_stack([corners, heights])],
        facecolor=BLUE,
        edgecolor=BLUE,
        alpha=0.45,
        zorder=PLANE,
    )


def _points(axes: Axes3D, X: Array, y: Array, fitted: Array, *, size: float, zorder: int) -> None:
    """Add points (n, 2), (n,) and their residuals: one artist, however many they are."""
    ends = np.stack([np.column_stack([X, y]), np.column_stack([X, fitted])], axis=1)
    gap = np.full((len(y), 1, 3), np.nan)  # lifts the pen between two residuals
    sticks = np.concatenate([ends, gap], axis=1).reshape(-1, 3)
    dashes: dict[str, Any] = {"color": VERMILION, "ls": "dashed", "linewidth": points(0.27 * size)}
    dots: dict[str, Any] = {"marker": "o", "mfc": INK, "mew": 0, "ms": points(1.2 * size)}
    # Every third vertex is a point.
    axes.add_artist(Line3D(*sticks.T, **dashes, **dots, markevery=3, zorder=zorder))


def _marker_size(count: int) -> float:
    """Diameter of a marker: many are small, so that they do not clump."""
    return float(np.clip(6 * np.sqrt(60 / count), 2, 6))


def _say(subfigure: SubFigure, shown: int, data: Dataset) -> None:
    """Say what is not drawn as it is: rows left out, features held at their means."""
    notes = []
    if shown < data.n_samples:
        notes.append(f"{shown:,} of {data.n_samples:,} points drawn")
    if data.n_features > 2:
        notes.append(AT_MEANS)
    style: dict[str, Any] = {"ha": "right", "va": "top", "fontsize": "small", "color": GREY}
    subfigure.text(0.985, 0.99, "\n".join(notes), **style)


def _ranges(X: Array) -> tuple[Range, Range]:
    low, high = X.min(axis=0), X.max(axis=0)
    margin = np.where(high > low, 0.08 * (high - low), 0.08 * np.abs(high) + 1)
    low, high = low - margin, high + margin
    return (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))


def _corners(ranges: tuple[Range, Range]) -> Array:
    """Corners (4, 2) of the plane, once around."""
    (left, right), (front, back) = ranges
    return np.array([[left, front], [right, front], [right, back], [left, back]])


def _limits(*values: Array, margin: float = 0.0) -> Range:
    low, high = min(v.min() for v in values), max(v.max() for v in values)
    pad = margin * (high - low) if high > low else 0.08 * abs(high) + 1
    return float(low - pad), float(high + pad)
