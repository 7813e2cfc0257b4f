"""Axes in three dimensions that fill their panels, and where their viewer stands."""

from itertools import product
from typing import Any

import numpy as np
from matplotlib.figure import SubFigure
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox
from mpl_toolkits.mplot3d import proj3d
from mpl_toolkits.mplot3d.axes3d import Axes3D
from mpl_toolkits.mplot3d.axis3d import Axis

from gdviz.core.moments import Array
from gdviz.renderers.style.theme import Compact, points

__all__ = ["box_of", "eye", "fill", "ground_of", "room", "space"]


MARGIN = 0.02  # of the panel, left free on every side
PIXEL = 0.5  # pixels; less cannot be seen

# Since 3.11 matplotlib places an axis in 3-D when it is asked for its box; before, in drawing it.
PLACED_UNDRAWN = hasattr(Axis, "_update_all_positions")


def space(subfigure: SubFigure, *, elev: float, azim: float) -> Axes3D:
    """Return 3-D axes in a subfigure, with few ticks, seen from (elev, azim) degrees."""
    # matplotlib orders whole collections by their mean depth, which lets a plane jump before a
    # point; the renderers know what is before what and say so with zorder.
    axes: Axes3D = subfigure.add_axes(
        (0, 0, 1, 1), projection="3d", computed_zorder=False, elev=elev, azim=azim
    )
    axes.set_box_aspect(box_of(subfigure, elev, azim))
    axes.patch.set_visible(False)
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        axis.set_major_locator(MaxNLocator(4))
        axis.set_major_formatter(Compact())
        axis.set_pane_color((0.96, 0.965, 0.97, 1))
        axis.line.set_color("#808890")
        axis._axinfo["grid"].update(color="white", linewidth=1)
    axes.xaxis.set_rotate_label(True)
    axes.yaxis.set_rotate_label(True)
    axes.zaxis.set_rotate_label(False)  # matplotlib would turn it upside down on the right
    axes.zaxis.label.set_rotation(90)
    return axes


def room(subfigure: SubFigure) -> float:
    """Points along an axis that its label may take."""
    return float(0.5 * min(subfigure.bbox.size) * 72 / subfigure.dpi)


def ground_of(subfigure: SubFigure, *, elev: float, azim: float) -> float:
    """How many times as long as its first side the second side of the axes' floor is."""
    across, along, _ = box_of(subfigure, elev, azim)
    return along / across


def box_of(subfigure: SubFigure, elev: float, azim: float) -> tuple[float, float, float]:
    """Sides of the box that give it the proportions of its panel without the labels.

    Only its height differs, unless that got under 0.6 or over 3 times the other sides; in a panel
    that is very wide, the side that runs across is longer, by three quarters of what would fill it.
    """
    em = points(10) * subfigure.dpi / 72
    tall = (subfigure.bbox.height - 5 * em) / max(subfigure.bbox.width - 6 * em, em)
    x_across, y_across = abs(np.sin(np.radians(azim))), abs(np.cos(np.radians(azim)))
    sine, cosine = np.sin(np.radians(abs(elev))), max(np.cos(np.radians(elev)), 0.1)
    across, along = max(x_across, y_across), min(x_across, y_across)
    height = np.clip((tall - sine) * (across + along) / cosine, 0.6, 3)
    # Where (long·along + across)·sine + height·cosine = tall·(long·across + along).
    slack = max(tall * across - along * sine, 0.1)
    long = np.clip(0.75 * (across * sine + height * cosine - tall * along) / slack, 1, 4)
    return (long, 1.0, height) if x_across > y_across else (1.0, long, height)


def fill(axes: Axes3D, *, above: float = 0.0) -> None:
    """Grow the axes until its box and all its labels just fill the panel; limits must be set.

    above: points at the top of the panel that are left free.
    """
    _set_upright_apart(axes)
    _space_labels(axes)
    for _ in range(4):  # text does not grow with the box, so one step is not enough
        if not _grow(axes, above * axes.get_figure(root=True).dpi / 72):
            break
    _hide_overlapping(axes)


def _grow(axes: Axes3D, above: float) -> bool:
    """Scale and move the axes once, up to so many pixels from the top; say if that can be seen."""
    whole = axes.get_figure(root=False).bbox
    panel = Bbox.from_extents(whole.x0, whole.y0, whole.x1, whole.y1 - above)
    box = _corners(axes)
    shown = Bbox.union([box, *_label_boxes(axes)])
    free = (1 - 2 * MARGIN) * np.array(panel.size) - (np.array(shown.size) - box.size)
    zoom = float(np.clip(min(free / box.size), 0.3, 3))
    off_centre = (np.add(shown.min, shown.max) - np.add(panel.min, panel.max)) / 2
    if max(*np.abs(off_centre), abs(zoom - 1) * max(box.size)) < PIXEL:
        return False
    x0, y0, width, height = axes.get_position(original=True).bounds
    side = zoom * np.array([width, height])
    middle = np.array([x0 + width / 2, y0 + height / 2])
    corner = middle - zoom * off_centre / whole.size - side / 2
    axes.set_position((*corner, *side))
    return True


def _set_upright_apart(axes: Axes3D) -> None:
    """Put the upright axis on the side away from the steeper of the other two.

    On the same side the two would read as one scale.
    """
    steeper = max((_line(axis) for axis in (axes.xaxis, axes.yaxis)), key=_steepness)
    middle = steeper[:, 0].mean()
    away = {}
    for side in ("lower", "upper"):
        axes.zaxis.set_ticks_position(side)
        away[side] = abs(_line(axes.zaxis)[:, 0].mean() - middle)
    axes.zaxis.set_ticks_position(max(away, key=lambda side: away[side]))
    axes.zaxis.set_label_position(axes.zaxis.get_ticks_position())


def _steepness(line: Array) -> float:
    across, up = np.abs(line[1] - line[0])
    return float(up / max(across, 1))


def _line(axis: Axis) -> Array:
    """Both ends (2, 2) of an axis line, in pixels."""
    axis.axes.apply_aspect()
    axis.axes.M = axis.axes.get_proj()
    _bounds(axis)
    return np.asarray(axis.axes.transData.transform(np.transpose(axis.line.get_data())))


def _bounds(axis: Axis) -> Bbox:
    """Box around an axis with its labels, which are put in their places."""
    renderer = _renderer(axis)
    if not PLACED_UNDRAWN:
        with renderer._draw_disabled():
            axis.draw(renderer)
    box: Bbox = axis.get_tightbbox(renderer)
    return box


def _renderer(axis: Axis) -> Any:
    # Not the canvas's own: that of a PDF, say, or of a bare Figure has none.
    return axis.get_figure(root=True)._get_renderer()


def _ticks(axis: Axis) -> list[Text]:
    """Labels of the ticks within the limits."""
    low, high = sorted(axis.get_view_interval())
    slack = 1e-9 * (high - low)
    ticks = axis.get_major_ticks()
    return [t.label1 for t in ticks if low - slack <= t.get_loc() <= high + slack]


def _space_labels(axes: Axes3D) -> None:
    """Keep tick labels off their axis line, and axis labels off the ticks, as wide as they are.

    matplotlib moves the middle of a text away by its pad and 8 points (a label: 21); how many
    pixels a point is on the screen depends on the view, and is measured.
    """
    em = points(10) * axes.get_figure(root=True).dpi / 72
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        ticks, (start, end) = _ticks(axis), _line(axis)
        if not ticks:
            continue
        along = (end - start) / max(np.hypot(*(end - start)), 1)
        out = np.array([-along[1], along[0]])
        for text in ticks:
            text.set(ha="center", va="center")
        boxes = [text.get_window_extent(_renderer(axis)) for text in ticks]
        away = np.mean([abs((np.mean(box, axis=0) - start) @ out) for box in boxes])
        pixels = max(away / (axis.get_major_ticks()[0].get_pad() + 8), 0.2)
        deep = max(np.array(box.size) @ np.abs(out) for box in boxes)
        axis.set_tick_params(pad=(0.5 * deep + 0.4 * em) / pixels - 8)
        axis.labelpad = (deep + 1.4 * em) / pixels - 21


def _hide_overlapping(axes: Axes3D) -> None:
    """Hide each tick label that would be printed over another."""
    kept: list[Bbox] = []
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        for text in _ticks(axis):
            box = text.get_window_extent(_renderer(axis)).padded(1)
            text.set_visible(not any(box.overlaps(other) for other in kept))
            kept += [box] if text.get_visible() else []


def _corners(axes: Axes3D) -> Bbox:
    """Box around the corners of the axes, in pixels."""
    axes.apply_aspect()
    ends = product(axes.get_xlim(), axes.get_ylim(), axes.get_zlim())
    axes.M = axes.get_proj()
    corners = [proj3d.proj_transform(*end, axes.M)[:2] for end in ends]
    box = Bbox.null()
    box.update_from_data_xy(axes.transData.transform(corners), ignore=True)
    return box


def _label_boxes(axes: Axes3D) -> list[Bbox]:
    """Boxes around each axis with its labels; axes.get_tightbbox counts the empty square too."""
    return [_bounds(axis) for axis in (axes.xaxis, axes.yaxis, axes.zaxis)]


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
