"""The regression plane among the points, with a dashed residual from each point to the plane.

A point stands before or behind the plane as it does in space: what lies behind is drawn first and
seen through the plane.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.figure import SubFigure
from mpl_toolkits.mplot3d.art3d import Line3D, Poly3DCollection
from mpl_toolkits.mplot3d.axes3d import Axes3D

from gdviz.core.history.record import History
from gdviz.core.moments import Array
from gdviz.core.objective import Objective
from gdviz.renderers.arguments import regression_of, renderer
from gdviz.renderers.boundary import boundary
from gdviz.renderers.kind import Kind
from gdviz.renderers.stage.scene import Draw, Scene
from gdviz.renderers.style.axes3d import box_of, eye, fill, room, space
from gdviz.renderers.style.fonts import fitting, written
from gdviz.renderers.style.theme import BLUE, GREY, INK, SMALL, VERMILION, points
from gdviz.views.boundary import pair_on_line
from gdviz.views.framing import Range
from gdviz.views.plane import PlaneView, pair_under_plane, plane_of

__all__ = ["KIND", "plane"]

FAINT = 0.45  # how opaque the dots of many points are
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
    view = plane_of(history, vary=vary, ranges=ranges)
    return Scene((history,), (partial(_backdrop, view=view, elev=elev, azim=azim),))


def _backdrop(subfigure: SubFigure, *, view: PlaneView, elev: float, azim: float | None) -> Draw:
    if azim is None:
        azim = view.best_azimuth(partial(box_of, subfigure, elev), elev)
    axes = space(subfigure, elev=elev, azim=azim)
    across, along, upright = view.limits
    axes.set(xlim=across, ylim=along, zlim=upright)
    for axis, name in zip((axes.xaxis, axes.yaxis, axes.zaxis), view.names, strict=True):
        axis.set_label_text(fitting(written(name), room(subfigure)))
    style: dict[str, Any] = {"ha": "right", "va": "top", "fontsize": "small", "color": GREY}
    wide = 0.6 * subfigure.bbox.width * 72 / subfigure.dpi / SMALL
    notes = [fitting(written(note), wide) for note in view.notes]
    subfigure.text(0.985, 0.99, "\n".join(notes), **style)
    fill(axes)
    return _drawing(axes, view)


def _drawing(axes: Axes3D, view: PlaneView) -> Draw:
    """Return what draws the plane of an epoch among the points."""
    viewer = eye(axes)

    def draw(epoch: float) -> None:
        frame = view.at(epoch, viewer)
        _add_sheet(axes, frame.polygon)
        if frame.beyond:
            figure = axes.get_figure(root=False)
            figure.text(0.015, 0.99, frame.beyond, va="top", color=BLUE)
        for side, zorder in ((~frame.before, BEHIND), (frame.before, BEFORE)):
            if side.any():
                _points(axes, view, side, frame.fitted[side], zorder)

    return draw


def _add_sheet(axes: Axes3D, polygon: Array) -> None:
    """Add the plane as one polygon (n, 3), unless that is empty; a mesh would add nothing."""
    if len(polygon):
        look: dict[str, Any] = {"facecolor": BLUE, "edgecolor": BLUE, "alpha": 0.45}
        axes.add_artist(Poly3DCollection([polygon], **look, zorder=PLANE))


def _points(axes: Axes3D, view: PlaneView, side: Any, fitted: Array, zorder: int) -> None:
    """Add the points on one side and their residuals, none where `fitted` is NaN: one artist."""
    X, y = view.X[side], view.y[side]
    ends = np.stack([np.column_stack([X, y]), np.column_stack([X, fitted])], axis=1)
    gap = np.full((len(y), 1, 3), np.nan)  # lifts the pen between two residuals
    sticks = np.concatenate([ends, gap], axis=1).reshape(-1, 3)
    thick = points(0.27 * view.size)
    dashes: dict[str, Any] = {"color": VERMILION, "ls": "dashed", "linewidth": thick}
    ink = to_rgba(INK, FAINT) if view.many else INK
    dots: dict[str, Any] = {"marker": "o", "mfc": ink, "mew": 0, "ms": points(1.2 * view.size)}
    # Every third vertex is a point.
    axes.add_artist(Line3D(*sticks.T, **dashes, **dots, markevery=3, zorder=zorder))


def _check(objective: Objective, moved: Sequence[int]) -> None:
    """Raise a ValueError where neither a plane nor a line between classes can be drawn."""
    regression = regression_of(objective, "plane")
    pair = pair_on_line if regression.function.labels else pair_under_plane
    pair(regression.dataset, moved)


KIND = Kind(plane, _check)
