"""The regression plane among the points, with a dashed residual from each point to the plane.

The mean squared error is the mean of the squared lengths of the dashed lines: this is the picture
of what a descent makes small. A point stands before or behind the plane as it does in space: what
lies behind is drawn first and seen through the plane.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.figure import SubFigure
from mpl_toolkits.mplot3d.art3d import Line3D, Poly3DCollection
from mpl_toolkits.mplot3d.axes3d import Axes3D

from gdviz.core.dataset import Dataset
from gdviz.core.history.record import History
from gdviz.core.moments import Array
from gdviz.core.objective import Objective
from gdviz.core.sampling import sampled
from gdviz.messages import option
from gdviz.renderers.arguments import regression_of, renderer
from gdviz.renderers.boundary import boundary, pair_on_line
from gdviz.renderers.kind import Kind
from gdviz.renderers.stage.caption import SMALL
from gdviz.renderers.stage.scene import Draw, Scene
from gdviz.renderers.style.axes3d import _box, eye, fill, room, space
from gdviz.renderers.style.theme import BLUE, GREY, INK, VERMILION, fitting, points, written
from gdviz.views.clock import schedule
from gdviz.views.framing import Range, check_ranges
from gdviz.views.projection import AT_MEANS, at_means, pair_of
from gdviz.views.sheet import VIEW, best_azimuth, cut, shown_heights
from gdviz.views.words import held_words

__all__ = ["KIND", "pair_under_plane", "plane"]

MOST_POINTS = 1000
MANY, STICKS = 150, 40  # points above which only so many have their residuals drawn
FAINT = 0.45  # how opaque the dots are then
CENTRAL = (0.01, 0.99)  # the quantiles that the plane spans then
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
        Where it is seen from, in degrees. Default: from above, and from that of eight sides from
        which the plane is never seen edge-on, or as little as can be.

    Raises
    ------
    ValueError
        If the features are not two and two are not chosen, or a range does not increase.
    """
    if regression_of(history.objective, "plane").function.labels:
        if ranges is not None:
            raise ValueError(
                "ranges are of a plane; two classes are drawn where they are: leave it out"
            )
        return boundary(history, vary=vary)
    pair = pair_under_plane(history.dataset, history.moving, vary)
    check_ranges(ranges)
    panel = partial(_backdrop, history=history, pair=pair, ranges=ranges, elev=elev, azim=azim)
    return Scene((history,), (panel,))


def pair_under_plane(
    dataset: Dataset, moved: Sequence[int], vary: tuple[str, str] | None = None
) -> list[int]:
    """Return the two features that a plane is drawn over, where these entries of θ move.

    Raises
    ------
    ValueError
        If the model is no plane, or the features are not two and two are not chosen.
    """
    if dataset.n_features > len(dataset.columns):
        raise ValueError(
            "a plane over powers would not be the model, which is curved: draw "
            + option(kind="parameters")
        )
    return pair_of(dataset, moved, vary, "plane")


def _backdrop(
    subfigure: SubFigure,
    *,
    history: History,
    pair: list[int],
    ranges: tuple[Range, Range] | None,
    elev: float,
    azim: float | None,
) -> Draw:
    data, planes = history.dataset, at_means(history, pair)
    features, many = data.X[:, pair], data.n_samples > MANY
    corners = _corners(_ranges(features, many) if ranges is None else ranges)
    shown = sampled(data.n_samples, MOST_POINTS)
    X, y = features[shown], data.y[shown]
    heights = planes @ np.column_stack([np.ones(4), corners]).T
    xy = (_limits(X[:, 0], corners[:, 0]), _limits(X[:, 1], corners[:, 1]))
    z = _upright(history, y, heights, many)
    if azim is None:
        epochs = schedule((history,), epoch_axis=False).tolist()
        seen = heights[[history.record_at(epoch) for epoch in epochs]]
        sheets = _in_cube(corners, np.clip(seen, *z), (*xy, z))
        azim = best_azimuth(sheets, partial(_box, subfigure, elev), elev)
    axes = space(subfigure, elev=elev, azim=azim)
    axes.set(xlim=xy[0], ylim=xy[1], zlim=z)
    names = (*(data.labels[j] for j in pair), data.target_name)
    for axis, name in zip((axes.xaxis, axes.yaxis, axes.zaxis), names, strict=True):
        axis.set_label_text(fitting(written(name), room(subfigure)))
    style: dict[str, Any] = {"ha": "right", "va": "top", "fontsize": "small", "color": GREY}
    wide = 0.6 * subfigure.bbox.width * 72 / subfigure.dpi / SMALL
    notes = [fitting(note, wide) for note in (*map(written, held_words(history)), *remarks(data))]
    subfigure.text(0.985, 0.99, "\n".join(notes), **style)
    fill(axes)
    draw = _drawing(axes, corners, X, y)
    return lambda epoch: draw(history.between(planes, epoch))


def _drawing(axes: Axes3D, corners: Array, X: Array, y: Array) -> Callable[[Array], object]:
    """Return what draws a plane (3,) among points (n, 2), (n,)."""
    viewer, limits = eye(axes), axes.get_zlim()
    size, faint = _marker_size(len(y)), len(y) > MANY
    stuck = np.isin(np.arange(len(y)), sampled(len(y), STICKS if faint else len(y)))

    def draw(theta: Array) -> None:
        fitted = theta[0] + X @ theta[1:]
        viewer_above = viewer[2] > theta[0] + viewer[:2] @ theta[1:]
        before = (y > fitted) == viewer_above
        _add_sheet(axes, corners, theta[0] + corners @ theta[1:])
        ends = np.where(stuck, np.clip(fitted, *limits), np.nan)
        for side, zorder in ((~before, BEHIND), (before, BEFORE)):
            if side.any():
                look: dict[str, Any] = {"size": size, "faint": faint, "zorder": zorder}
                _points(axes, X[side], y[side], ends[side], **look)

    return draw


def _upright(history: History, y: Array, heights: Array, many: bool) -> Range:
    """Limits of the upright axis; the planes of a descent that diverges are not what it shows."""
    planes = heights[::-1] if history.diverged else heights
    low, high = shown_heights(y, planes, reach=0.0 if many else VIEW)
    return _limits(np.array([low, high]), margin=0.03)


def _in_cube(corners: Array, heights: Array, limits: tuple[Range, ...]) -> Array:
    """Corners (4, 2) at heights (n, 4), as shares of the limits of the three axes, (n, 4, 3)."""
    sheets = np.dstack([*(np.broadcast_to(c, heights.shape) for c in corners.T), heights])
    low, high = np.transpose(limits)
    return np.asarray((sheets - low) / (high - low))


def _add_sheet(axes: Axes3D, corners: Array, heights: Array) -> None:
    """Add the plane as one polygon, cut to the axes; where it is beyond them, say so.

    It is flat, so a mesh would add nothing.
    """
    low, high = axes.get_zlim()
    polygon = cut(np.column_stack([corners, heights]), low, high)
    if len(polygon):
        look: dict[str, Any] = {"facecolor": BLUE, "edgecolor": BLUE, "alpha": 0.45}
        axes.add_artist(Poly3DCollection([polygon], **look, zorder=PLANE))
    if where := beyond(heights, low, high):
        axes.get_figure(root=False).text(0.015, 0.99, where, va="top", color=BLUE)


def beyond(heights: Array, low: float, high: float) -> str:
    """Say where a plane is that leaves the picture, or how it goes on; empty where it does not.

    >>> beyond(np.array([-9, -8]), -5, 5), beyond(np.array([-9, 3]), -5, 5)
    ('↓ plane is below', '↓ plane goes on')
    """
    if heights.max() < low or heights.min() > high:
        return "↓ plane is below" if heights.max() < low else "↑ plane is above"
    arrow = {(True, True): "↕", (True, False): "↓", (False, True): "↑"}.get(
        (bool(heights.min() < low), bool(heights.max() > high))
    )
    return f"{arrow} plane goes on" if arrow else ""


def _points(
    axes: Axes3D, X: Array, y: Array, fitted: Array, *, size: float, faint: bool, zorder: int
) -> None:
    """Add points (n, 2), (n,) and their residuals, none where `fitted` is NaN: one artist."""
    ends = np.stack([np.column_stack([X, y]), np.column_stack([X, fitted])], axis=1)
    gap = np.full((len(y), 1, 3), np.nan)  # lifts the pen between two residuals
    sticks = np.concatenate([ends, gap], axis=1).reshape(-1, 3)
    dashes: dict[str, Any] = {"color": VERMILION, "ls": "dashed", "linewidth": points(0.27 * size)}
    ink = to_rgba(INK, FAINT) if faint else INK
    dots: dict[str, Any] = {"marker": "o", "mfc": ink, "mew": 0, "ms": points(1.2 * size)}
    # Every third vertex is a point.
    axes.add_artist(Line3D(*sticks.T, **dashes, **dots, markevery=3, zorder=zorder))


def _marker_size(count: int) -> float:
    """Diameter of a marker: many are small, so that they do not clump."""
    return float(np.clip(6 * np.sqrt(60 / count), 2.5, 6))


def remarks(data: Dataset) -> list[str]:
    """Say what is not drawn as it is: rows left out, features held at their means.

    Over two of many features a stick is no residual: that is of the row's own other features.
    """
    shown, over_two = min(data.n_samples, MOST_POINTS), data.n_features > 2
    notes = []
    if shown < data.n_samples:
        notes.append(f"{shown:,} of {data.n_samples:,} points drawn")
    if shown > MANY:
        notes.append(f"{STICKS} of {shown:,} {'sticks' if over_two else 'residuals'} drawn")
    if over_two:
        notes += ["sticks to this plane,", AT_MEANS]
    return notes


def _ranges(X: Array, many: bool) -> tuple[Range, Range]:
    """What the plane spans of each feature: that of the points; of many, without the extremes."""
    low, high = np.quantile(X, CENTRAL if many else (0, 1), axis=0)
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


def _check(objective: Objective, moved: Sequence[int]) -> None:
    """Raise a ValueError where neither a plane nor a line between classes can be drawn."""
    regression = regression_of(objective, "plane")
    pair = pair_on_line if regression.function.labels else pair_under_plane
    pair(regression.dataset, moved)


KIND = Kind(plane, _check)
