"""The cost over two weights as a surface, the path of a descent on it, its shadow on the floor.

What a wall of the surface hides of the path is thin and faint.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.colors import Normalize, PowerNorm
from matplotlib.figure import SubFigure
from matplotlib.ticker import MaxNLocator
from mpl_toolkits.mplot3d import proj3d
from mpl_toolkits.mplot3d.art3d import Line3D
from mpl_toolkits.mplot3d.axes3d import Axes3D

from gdviz.core.moments import Array
from gdviz.renderers.arguments import renderer
from gdviz.renderers.cost_slice import (
    DEPTH,
    STAR,
    axis_text,
    dots,
    here,
    known_marks,
    legend,
    mark,
    scene_of,
    trail,
    trodden,
)
from gdviz.renderers.kind import Kind
from gdviz.renderers.stage.pointer import arrowhead, point_out
from gdviz.renderers.stage.scene import LEGEND, Draw, Scene
from gdviz.renderers.style.axes3d import eye, fill, ground_of, room, space
from gdviz.renderers.style.runs import Style
from gdviz.renderers.style.theme import GREY, INK, SMALL, points
from gdviz.views.choice import two_moving
from gdviz.views.cost_slice import SliceView, slice_of
from gdviz.views.cutting_plane import Through
from gdviz.views.framing import Range
from gdviz.views.runs import Runs, runs_of
from gdviz.views.surface import SurfaceView, Way

__all__ = ["KIND", "surface"]

# The shadow lies on the floor, but is drawn after the surface and as faint as if seen through it:
# under the surface, it would make all of that be drawn again for every frame.
FLOOR, GROUND, SHADOW, PATH, MARKS, END = 1, 3, 4, 5, 6, 7
FAINT = 0.4  # how opaque a mark is that is hidden
OUTWARDS = 0.02  # of the picture: the bit of a path that its arrow is turned by


@renderer
def surface(
    history: Runs,
    *,
    through: Through | None = None,
    ranges: tuple[Range, Range] | None = None,
    levels: Sequence[float] | None = None,
    size: int = 50,
    elev: float = 37,
    azim: float = -100,
    styles: Sequence[Style] | None = None,
) -> Scene:
    """The cost over two weights in 3-D, and the path on it.

    Parameters
    ----------
    history : History, sequence of History or mapping of label to History
        Of two weights, the intercept held fixed; several on one objective, held at the same value.
    through : "pca", "hessian" or two (d,) sequences
        Of one history in which more moved: the plane through the end of the path along the two
        directions in which it moved most; in which the cost is most and least curved; or two that
        are given. The path is projected onto it.
    ranges : ((float, float), (float, float))
        First and last value of each weight. Default: path and optimum with a margin.
    levels : sequence of float
        Costs of the lines on the floor. Default: spaced so that the valley is readable.
    size : int
        Number of grid points along each weight.
    elev, azim : float
        Where it is seen from, in degrees.
    styles : sequence of Style
        How each path is drawn, see ``gdviz.renderers.style.runs.run_styles``.

    Raises
    ------
    ValueError
        If the intercept moved or the weights are not two, and no plane is given to project the path
        onto; or an option cannot be drawn.
    """
    seen: dict[str, Any] = {"through": through, "ranges": ranges, "levels": levels, "size": size}
    view = slice_of(runs_of(history, "surface"), "surface", **seen)
    return scene_of(view, styles, _backdrop, elev=elev, azim=azim)


def _backdrop(
    subfigure: SubFigure, *, view: SliceView, styles: Sequence[Style], elev: float, azim: float
) -> Draw:
    view = view.filling(ground_of(subfigure, elev=elev, azim=azim))
    axes = space(subfigure, elev=elev, azim=azim)
    low, high = view.heights
    x, y = (axis_text(name, room(subfigure)) for name in view.axis_names)
    axes.set(xlabel=x, ylabel=y, zlabel="cost")
    axes.set_zticks(MaxNLocator(4).tick_values(low, high), minor=False)
    axes.set(xlim=view.ranges[0], ylim=view.ranges[1], zlim=(view.floor, high))
    _ground(axes, view, PowerNorm(0.4, low, high))
    fill(axes, above=_say(subfigure, view))
    looked_at = SurfaceView(view, eye(axes))
    _marks(axes, looked_at)
    paths = [*zip(looked_at.ways, styles, strict=True)]

    def draw(epoch: float) -> None:
        for part in (_shadow, _bed, _trail, _head):  # those of all paths, one over the other
            for way, style in paths:
                part(axes, way, style, epoch)

    return draw


def _shadow(axes: Axes3D, way: Way, style: Style, epoch: float) -> None:
    """Draw what a path up to an epoch casts on the floor, in grey whatever its style is."""
    u, v, _ = way.whole(epoch)
    # Lighter than the path, which is drawn as trodden where it swings.
    width, alpha = (0.8, 0.15) if way.track.swings else (1.8, 0.3)
    shadow: dict[str, Any] = {"color": INK, "alpha": alpha, "linewidth": points(width)}
    floor = np.full_like(u, way.surface.part.floor)
    axes.add_artist(Line3D(u, v, floor, **shadow, zorder=SHADOW))


def _bed(axes: Axes3D, way: Way, style: Style, epoch: float) -> None:
    """Draw what a path up to an epoch lies on: what is hidden of it, and a white rim."""
    older = way.trodden(epoch)
    if older.size:
        axes.add_artist(Line3D(*older, **trodden(style), zorder=PATH))
    axes.add_artist(Line3D(*way.latest(epoch), color="white", linewidth=points(4), zorder=PATH))


def _trail(axes: Axes3D, way: Way, style: Style, epoch: float) -> None:
    """Draw what is seen of a path up to an epoch."""
    track = way.track
    axes.add_artist(Line3D(*way.latest(epoch), **trail(track, style), zorder=PATH))
    if track.few:
        look = {"color": style.color, "linestyle": "", **dots()}
        records = way.peaks[:, : track.record_at(epoch) + 1]
        axes.add_artist(Line3D(*records, **look, zorder=PATH))


def _head(axes: Axes3D, way: Way, style: Style, epoch: float) -> None:
    """Draw where a path is at an epoch, or where it left the picture; if alone, with its cost."""
    leaving = way.leaving(epoch, OUTWARDS)
    if leaving is None:
        axes.add_artist(Line3D(*way.tip(epoch)[:, None], **here(style), zorder=END))
        return
    arrow, cost = _on_screen(axes, leaving), way.track.cost_words(epoch)
    if cost:
        panel = axes.get_figure(root=False).bbox
        point_out(axes, arrow, cost, panel, style.color, zorder=PATH)
    else:
        axes.add_artist(arrowhead(axes, arrow, style.color, zorder=PATH))


def _say(subfigure: SubFigure, view: SliceView) -> float:
    """Write the legend into the upper right corner; return how many points high it is."""
    width, height = np.array(subfigure.bbox.size) * 72 / subfigure.dpi
    text = legend(view.phrases, 0.97 * width / SMALL)
    look: dict[str, Any] = {"ha": "right", "va": "top", "fontsize": "small", "color": GREY}
    subfigure.text(0.985, 1 - points(1) / height, text, label=LEGEND, **look)
    return points(11) * (text.count("\n") + 1)


def _marks(axes: Axes3D, looked_at: SurfaceView) -> None:
    """Mark the start, and the optimum or, where none is, the way down; of a function all known."""
    marks = looked_at.part.marks
    looks = [*known_marks(marks), (marks.starts, {"marker": "o", **mark(8)})]
    for places, look in looks:
        where, behind = looked_at.marked(places)
        for which, faint in ((~behind, {}), (behind, {"alpha": FAINT})):
            if which.any():
                axes.plot(*where[which].T, linestyle="", **look, **faint, zorder=MARKS)
    for place in looked_at.marked(marks.optima)[0]:
        # A ring over the path, so that its end and where it was to arrive are both seen.
        axes.plot(*place[:, None], "*", **mark(STAR) | {"mfc": "none"}, zorder=MARKS)
    if not len(marks.optima) and marks.falls is not None and marks.sees(marks.way_down[0]):
        line, tip = looked_at.way_down
        axes.plot(*line.T, color=INK, linestyle="dashed", linewidth=points(1.2), zorder=PATH)
        axes.add_artist(arrowhead(axes, _on_screen(axes, tip), INK, zorder=PATH))


def _on_screen(axes: Axes3D, points: Array) -> Array:
    """Pixels (n, 2) of points in space (n, 3)."""
    x, y, _ = proj3d.proj_transform(*points.T, axes.get_proj())
    return np.asarray(axes.transData.transform(np.column_stack([x, y])))


def _ground(axes: Axes3D, view: SliceView, norm: Normalize) -> None:
    """Draw the surface of the cost, and its lines on the floor."""
    ground = view.ground
    u, v = np.meshgrid(ground.u, ground.v)
    if len(view.levels):
        lines: dict[str, Any] = {"colors": GREY, "linewidths": points(0.6), "zorder": FLOOR}
        lines["linestyles"] = "solid"  # by itself, matplotlib dashes those below 0
        axes.contour(u, v, ground.cost, levels=view.levels, zdir="z", offset=view.floor, **lines)
    count = {"rcount": len(ground.v), "ccount": len(ground.u)}
    look = {"cmap": DEPTH, "norm": norm, "alpha": 0.78, "linewidth": 0, "zorder": GROUND}
    axes.plot_surface(u, v, ground.cost, **count, **look)


KIND = Kind(surface, partial(two_moving, kind="surface"))
