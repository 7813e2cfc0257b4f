"""The cost over two weights as a surface, the path of a descent on it, its shadow on the floor.

What a wall of the surface hides of the path is thin and faint.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

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
    Range,
    Slice,
    Track,
    axis_name,
    dots,
    here,
    legend,
    mark,
    slice_of,
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
from gdviz.views.course import Course, pieces_of
from gdviz.views.cutting_plane import Through
from gdviz.views.hiding import hidden
from gdviz.views.numbers import compact
from gdviz.views.runs import Runs, check_one_ground, runs_of

__all__ = ["KIND", "surface"]

# The shadow lies on the floor, but is drawn after the surface and as faint as if seen through it:
# under the surface, it would make all of that be drawn again for every frame.
FLOOR, GROUND, SHADOW, PATH, MARKS, END = 1, 3, 4, 5, 6, 7


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
    runs = runs_of(history, "surface")
    check_one_ground(runs, "surface")
    histories = tuple(runs.values())
    look: dict[str, Any] = {"ranges": ranges, "levels": levels, "size": size, "styles": styles}
    part = slice_of(histories, "surface", through=through, **look)
    panel = partial(_backdrop, part=part, elev=elev, azim=azim)
    return Scene(histories, (panel,), labels=tuple(runs), styles=tuple(part.styles))


def _backdrop(subfigure: SubFigure, *, part: Slice, elev: float, azim: float) -> Draw:
    part = part.filling(ground_of(subfigure, elev=elev, azim=azim))
    axes = space(subfigure, elev=elev, azim=azim)
    low, high = part.heights
    floor = low - 0.3 * (high - low)
    x, y = (axis_name(part, i, room(subfigure)) for i in (0, 1))
    axes.set(xlabel=x, ylabel=y, zlabel="cost")
    axes.set_zticks(MaxNLocator(4).tick_values(low, high), minor=False)
    axes.set(xlim=part.ranges[0], ylim=part.ranges[1], zlim=(floor, high))
    _ground(axes, part, floor, PowerNorm(0.4, low, high))
    fill(axes, above=_say(subfigure, part))
    viewer = eye(axes)
    _marks(axes, part, viewer)
    ways = [_Way.of(track, part, viewer) for track in part.tracks]

    def draw(epoch: float) -> None:
        for way in ways:
            _shadow(axes, way, epoch, floor)
        for way in ways:
            _bed(axes, way, epoch)
        for way in ways:
            _trail(axes, way, epoch)
        for way in ways:  # over all paths
            _head(axes, part, way, epoch)

    return draw


class _Way(NamedTuple):
    """The path of a run on the surface: what is hidden of it, what is seen of it, and all of it.

    peaks: where its records are (3, n_records), NaN where they are not seen.
    """

    track: Track
    hidden: Course
    seen: Course
    all: Course
    peaks: Array
    part: Slice
    viewer: Array

    @classmethod
    def of(cls, track: Track, part: Slice, viewer: Array) -> "_Way":
        """Lay a path over the surface, which hides what is behind it from a viewer (3,)."""
        pieces = pieces_of(track.path[track.drawn], track.drawn, part.ranges, part.height)
        covered = hidden(pieces.middles, viewer, part.ground)
        behind, before, both = map(pieces.course, (covered, ~covered, covered | ~covered))
        return cls(track, behind, before, both, _peaks(track, part, viewer), part, viewer)

    def tip(self, epoch: float) -> Array:
        """Where the path is on the surface at an epoch, (3,)."""
        ground, record = self.track.tip(epoch), self.track.record_at(epoch)
        between = self.track.share_at(epoch) > 0
        height = self.part.height(ground) if between else self.track.height[record]
        return np.array([*ground, height])

    def up_to(self, course: Course, epoch: float, since: int = 0) -> Array:
        """Return x, y and z (3, n) of a course up to an epoch, to the very tip where it is seen."""
        share = self.track.share_at(epoch)
        line = course.up_to(self.track.record_at(epoch) + share, since)
        tip = self.tip(epoch)
        if not share or not self.part.sees(tip[:2]) or not line.size:
            return line
        behind = bool(hidden(tip[None], self.viewer, self.part.ground)[0])
        ends_there = course is self.all or (course is self.hidden) == behind
        return np.column_stack([line, tip]) if ends_there else line


def _shadow(axes: Axes3D, way: _Way, epoch: float, floor: float) -> None:
    """Draw what a path up to an epoch casts on the floor."""
    u, v, _ = way.up_to(way.all, epoch)
    # Lighter than the path, which is drawn as trodden where it swings.
    width, alpha = (0.8, 0.15) if way.track.swings else (1.8, 0.3)
    shadow: dict[str, Any] = {"color": INK, "alpha": alpha, "linewidth": points(width)}
    axes.add_artist(Line3D(u, v, np.full_like(u, floor), **shadow, zorder=SHADOW))


def _bed(axes: Axes3D, way: _Way, epoch: float) -> None:
    """Draw what a path up to an epoch lies on: what is hidden of it, and a white rim."""
    track = way.track
    older = way.up_to(way.all if track.swings else way.hidden, epoch)
    if older.size:
        axes.add_artist(Line3D(*older, **trodden(track.style), zorder=PATH))
    line = _latest(way, epoch)
    axes.add_artist(Line3D(*line, color="white", linewidth=points(4), zorder=PATH))


def _trail(axes: Axes3D, way: _Way, epoch: float) -> None:
    """Draw what is seen of a path up to an epoch."""
    track = way.track
    axes.add_artist(Line3D(*_latest(way, epoch), **trail(track), zorder=PATH))
    if track.few:
        look = {"color": track.style.color, "linestyle": "", **dots()}
        records = way.peaks[:, : track.record_at(epoch) + 1]
        axes.add_artist(Line3D(*records, **look, zorder=PATH))


def _latest(way: _Way, epoch: float) -> Array:
    """Return what is drawn as it is of a path up to an epoch, (3, n)."""
    track = way.track
    since = track.latest(track.path_to(track.record_at(epoch)))[0]
    return way.up_to(way.seen, epoch, since=since)


def _head(axes: Axes3D, part: Slice, way: _Way, epoch: float) -> None:
    """Draw where a path is at an epoch, or where it left the picture."""
    track = way.track
    if np.isfinite(leaving := track.exit_at(epoch)).all():
        _leave(axes, part, track, leaving, track.record_at(epoch))
    else:
        axes.add_artist(Line3D(*way.tip(epoch)[:, None], **here(track.style), zorder=END))


def _say(subfigure: SubFigure, part: Slice) -> float:
    """Write the legend into the upper right corner; return how many points high it is."""
    width, height = np.array(subfigure.bbox.size) * 72 / subfigure.dpi
    text = legend(part, 0.97 * width / SMALL)
    look: dict[str, Any] = {"ha": "right", "va": "top", "fontsize": "small", "color": GREY}
    subfigure.text(0.985, 1 - points(1) / height, text, label=LEGEND, **look)
    return points(11) * (text.count("\n") + 1)


def _peaks(track: Track, part: Slice, viewer: Array) -> Array:
    """Where the records are on the surface, (3, n_records): NaN where they are not seen."""
    where = np.column_stack([track.path, track.height])
    unseen = ~part.sees(track.path)
    unseen[~unseen] = hidden(where[~unseen], viewer, part.ground)
    return np.where(unseen[:, None], np.nan, where).T


def _marks(axes: Axes3D, part: Slice, viewer: Array) -> None:
    """Mark the start, and the optimum or, where none is, the way down."""
    for place in part.starts[part.sees(part.starts)]:
        start = np.array([*place, part.height(place)])
        faint = {"alpha": 0.4} if hidden(start[None], viewer, part.ground)[0] else {}
        axes.plot(*start[:, None], "o", **mark(8), **faint, zorder=MARKS)
    for place in part.optima[part.sees(part.optima)]:
        # A ring over the path, so that its end and where it was to arrive are both seen.
        ring = mark(STAR) | {"mfc": "none"}
        axes.plot(*place, part.height(place), "*", **ring, zorder=MARKS)
    if not len(part.optima) and part.falls is not None and part.sees(part.way_down[0]):
        pieces = pieces_of(part.way_down, np.arange(2), part.ranges, part.height)
        line = pieces.course(~hidden(pieces.middles, viewer, part.ground)).points.T
        axes.plot(*line, color=INK, linestyle="dashed", linewidth=points(1.2), zorder=PATH)
        axes.add_artist(arrowhead(axes, _on_screen(axes, pieces.ends[-1]), INK, zorder=PATH))


def _leave(axes: Axes3D, part: Slice, track: Track, leaving: Array, record: int) -> None:
    """Draw where a path leaves the surface: an arrow; where it is alone, its cost beside it."""
    edge, beyond = leaving
    near = edge - 0.02 * (beyond - edge) / np.max(np.abs(beyond - edge) / np.ptp(part.ranges, 1))
    ends = np.stack([near, edge])
    way = _on_screen(axes, np.column_stack([ends, part.height(ends)]))
    if not track.alone:
        axes.add_artist(arrowhead(axes, way, track.style.color, zorder=PATH))
        return
    text = f"cost {compact(float(track.cost[record]))}"
    panel = axes.get_figure(root=False).bbox
    point_out(axes, way, text, panel, track.style.color, zorder=PATH)


def _on_screen(axes: Axes3D, points: Array) -> Array:
    """Pixels (n, 2) of points in space (n, 3)."""
    x, y, _ = proj3d.proj_transform(*points.T, axes.get_proj())
    return np.asarray(axes.transData.transform(np.column_stack([x, y])))


def _ground(axes: Axes3D, part: Slice, floor: float, norm: Normalize) -> None:
    """Draw the surface of the cost, and its lines on the floor."""
    ground = part.ground
    u, v = np.meshgrid(ground.u, ground.v)
    if len(part.levels):
        lines = {"colors": GREY, "linewidths": points(0.6), "zorder": FLOOR}
        axes.contour(u, v, ground.cost, levels=part.levels, zdir="z", offset=floor, **lines)
    count = {"rcount": len(ground.v), "ccount": len(ground.u)}
    look = {"cmap": DEPTH, "norm": norm, "alpha": 0.78, "linewidth": 0, "zorder": GROUND}
    axes.plot_surface(u, v, ground.cost, **count, **look)


KIND = Kind(surface, partial(two_moving, kind="surface"), several=True)
