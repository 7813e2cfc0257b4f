"""Axes in three dimensions that fill their panels, and where their viewer stands."""

from itertools import product

import numpy as np
from matplotlib.figure import SubFigure
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox
from mpl_toolkits.mplot3d import proj3d
from mpl_toolkits.mplot3d.axes3d import Axes3D

from gdviz.core.moments import Array
from gdviz.renderers.style import Compact, fitting, points

__all__ = ["eye", "fill", "space"]


MARGIN = 0.02  # of the panel, left free on every side


def space(subfigure: SubFigure, *, elev: float, azim: float) -> Axes3D:
    """Return 3-D axes in a subfigure, with few ticks, seen from (elev, azim) degrees."""
    # matplotlib orders whole collections by their mean depth, which lets a plane jump before a
    # point; the renderers know what is before what and say so with zorder.
    axes: Axes3D = subfigure.add_axes(
        (0, 0, 1, 1), projection="3d", computed_zorder=False, elev=elev, azim=azim
    )
    axes.set_box_aspect((1, 1, _height(subfigure, elev, azim)))
    axes.patch.set_visible(False)
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        axis.set_major_locator(MaxNLocator(4))
        axis.set_major_formatter(Compact())
        axis.set_pane_color((0.96, 0.965, 0.97, 1))
        axis.line.set_color("#808890")
        axis._axinfo["grid"].update(color="white", linewidth=1)
    return axes


def _height(subfigure: SubFigure, elev: float, azim: float) -> float:
    """Height of the box, its width being 1, that gives it the proportions of its panel."""
    across = abs(np.sin(np.radians(azim))) + abs(np.cos(np.radians(azim)))
    tall = subfigure.bbox.height / subfigure.bbox.width * across
    return float(
        np.clip((tall - across * np.sin(np.radians(elev))) / np.cos(np.radians(elev)), 0.5, 2.2)
    )


def fill(axes: Axes3D) -> None:
    """Grow the axes until its box and all its labels just fill the panel; limits must be set."""
    panel = axes.get_figure(root=False).bbox
    _space_labels(axes)
    for _ in range(3):  # text does not grow with the box, so one step is not enough
        shown = _extent(axes)
        room = (1 - 2 * MARGIN) * np.array(panel.size)
        zoom = float(min(room / shown.size))
        x0, y0, width, height = axes.get_position(original=True).bounds
        side = zoom * np.array([width, height])
        middle = np.array([x0 + width / 2, y0 + height / 2])
        off_centre = (np.add(shown.min, shown.max) - np.add(panel.min, panel.max)) / 2
        corner = middle - zoom * off_centre / panel.size - side / 2
        axes.set_position((*corner, *side))


def _space_labels(axes: Axes3D) -> None:
    """Keep tick labels off their axis and axis labels off the ticks, and all within the panel.

    matplotlib puts the middle of each at a distance of its own (8 and 21 points) plus a pad.
    """
    figure = axes.get_figure(root=True)
    room = 0.5 * min(axes.get_figure(root=False).bbox.size) * 72 / figure.dpi
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        ticks = axis.get_major_formatter().format_ticks(axis.get_majorticklocs())
        wide = max(map(len, ticks), default=0)
        to_ticks, to_label = 6 + wide, 20 + 2.5 * wide
        axis.set_tick_params(pad=points(to_ticks) - 8)
        axis.labelpad = points(to_label) - 21
        axis.set_label_text(fitting(axis.get_label_text(), room))


def _extent(axes: Axes3D) -> Bbox:
    """Box around all that is seen, in pixels; axes.get_tightbbox counts the empty square too."""
    axes.apply_aspect()
    ends = product(axes.get_xlim(), axes.get_ylim(), axes.get_zlim())
    axes.M = axes.get_proj()
    corners = [proj3d.proj_transform(*end, axes.M)[:2] for end in ends]
    box = Bbox.null()
    box.update_from_data_xy(axes.transData.transform(corners), ignore=True)
    # Not the canvas's own: that of a PDF, say, or of a bare Figure has none.
    renderer = axes.get_figure(root=True)._get_renderer()
    labels = [axis.get_tightbbox(renderer) for axis in (axes.xaxis, axes.yaxis, axes.zaxis)]
    return Bbox.union([box, *labels])


def eye(axes: Axes3D) -> Array:
    """Where the viewer stands, (3,), in data coordinates; limits and view must be set before.

    It is the one point that a perspective projection maps to nothing.
    """
    limits = np.array([axes.get_xlim(), axes.get_ylim(), axes.get_zlim()])
    scale = np.append(np.ptp(limits, axis=1), 1.0)
    # Scaled, so that axes of very different units do not spoil the null space.
    projection = axes.get_proj()[[0, 1, 3]] * scale
    point = np.linalg.svd(projection)[2][-1] * scale
    return np.asarray(point[:3] / point[3])
