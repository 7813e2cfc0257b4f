"""What contour and surface share: the slice of the cost on which the descent moves.

Two weights vary, all else stays where it is. The picture tells the truth only if the descent did
the same, so a history of which more moved is refused, unless a plane is named that it is to be
projected onto (gdviz.views.cutting_plane).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from numpy.typing import NDArray

from gdviz.core.functions import Function
from gdviz.core.history.record import History
from gdviz.core.moments import Array
from gdviz.core.objective import Objective, Regression
from gdviz.core.optimum import goal_name
from gdviz.core.wording import listing, spell
from gdviz.messages import option, refit
from gdviz.renderers.runs import Style, run_styles
from gdviz.renderers.style.theme import (
    INK,
    fitting,
    points,
    weight_of,
    width_of,
    written,
)
from gdviz.views.clock import Indices, visible
from gdviz.views.cutting_plane import CuttingPlane, Through, plane_through
from gdviz.views.framing import (
    Range,
    around_view,
    coarse,
    comparable,
    exits,
    ranges_of,
    share_within,
    turns,
    widened,
)
from gdviz.views.landscape import Landscape, over_grid
from gdviz.views.levels import round_levels
from gdviz.views.words import held_words

__all__ = [
    "DEPTH",
    "SMALL",
    "STAR",
    "Range",
    "Slice",
    "Track",
    "axis_name",
    "check_ranges",
    "dots",
    "here",
    "legend",
    "mark",
    "remedy",
    "side_by_side",
    "slice_of",
    "trail",
    "trodden",
    "two_moving",
]


# Light where the cost is low, so that the valley shines; one hue, so that everybody reads it as
# height; never so dark that a label could not be read on it.
DEPTH = LinearSegmentedColormap.from_list(
    "depth", ["#fffbe6", "#e3efcf", "#b5dcc9", "#7cc0c6", "#4a9bbd", "#2f72a8", "#27508b"]
)
STAR = 13  # diameter of the optimum's mark, in points beside text of 10
FEW = 60  # records of a path whose steps are drawn as dots
SWINGS = 4  # full turns, above which a path would become a blob
JITTER = 0.08  # of the picture, about a star: shorter ways to and fro do not count as turns
SMALL = 0.85  # width of small text beside that of the style
PIXELS = 500  # of the picture: what is nearer than one of them is drawn once
TAIL = 4  # of its last records are then drawn as they are
SLIVER = 1e-3  # of the longer axis: the shortest one of a plane beside the path
BESIDE = 0.3  # of the reach, seen beyond the end of a path that is projected
ARROWS = "→↗↑↖←↙↓↘"


def mark(size: float) -> dict[str, Any]:
    """How the start and the optimum are drawn: white with a dark edge, on whatever ground."""
    return {"mfc": "white", "mec": INK, "mew": points(1.2), "ms": points(size)}


def here(style: Style) -> dict[str, Any]:
    """How the present point of a path is drawn: so small that the optimum's mark shows."""
    look = {"color": style.color, "marker": style.marker, "ms": points(style.size)}
    return look | {"mec": style.rim, "mew": points(0.8)}


@dataclass(frozen=True, eq=False)
class Track:
    """The path of a run over what is seen of a slice.

    Attributes
    ----------
    history : History
    plane : CuttingPlane
    ranges : ((float, float), (float, float))
        As those of the slice.
    style : Style
        How it is drawn.
    alone : bool
        Whether no other path is drawn.
    """

    history: History
    plane: CuttingPlane
    ranges: tuple[Range, Range]
    style: Style
    alone: bool = True

    @cached_property
    def path(self) -> Array:
        """Where it is on the plane, or beside it, (n_records, 2)."""
        return self.plane.project(self.history.theta)

    @property
    def cost(self) -> Array:
        """Cost of every record, (n_records,)."""
        return self.history.cost

    @cached_property
    def height(self) -> Array:
        """Cost of the plane where every record is on it, or beside it, (n_records,)."""
        if self.plane.entries is not None:
            return self.cost
        return self.plane.cost(self.history.objective, self.path)

    @cached_property
    def drawn(self) -> Indices:
        """The records that a pixel can tell apart."""
        return visible(self.path, np.ptp(self.ranges, axis=1))

    @cached_property
    def exits(self) -> Array:
        """Where the path was last seen, for records that are not, (n_records, 2, 2)."""
        return exits(self.path, self.ranges)

    @cached_property
    def swings(self) -> bool:
        """Whether the path goes to and fro so often that it would be drawn over itself."""
        # Jitter, as of batches near the optimum, is small in the picture and covers nothing.
        path = self.path[self.drawn] / np.ptp(self.ranges, axis=1)
        return turns(coarse(path, JITTER)) > SWINGS

    def record_at(self, epoch: float) -> int:
        """Index of the record that is drawn of an epoch.

        A path that diverges beside others ends where it leaves the picture for good: what it does
        out there would only sweep across theirs.
        """
        return min(self.history.record_at(epoch), self._end)

    @cached_property
    def _end(self) -> int:
        """Index of the last record that is drawn."""
        if self.alone or not self.history.diverged:
            return len(self.path) - 1
        low, high = np.transpose(self.ranges)
        seen = np.flatnonzero(((self.path >= low) & (self.path <= high)).all(axis=1))
        return min(int(seen.max(initial=0)) + 1, len(self.path) - 1)

    def share_at(self, epoch: float) -> float:
        """How much of the way from the record that is drawn of an epoch to the next is gone."""
        ended = self.record_at(epoch) < self.history.record_at(epoch)
        return 0.0 if ended or self.record_at(epoch) == self._end else self.history.share_at(epoch)

    def tip(self, epoch: float) -> Array:
        """Where the path is at an epoch, (2,): between two records, on the straight line."""
        if not self.share_at(epoch):
            return np.asarray(self.path[self.record_at(epoch)])
        return self.history.between(self.path, epoch)

    def exit_at(self, epoch: float) -> Array:
        """Where the path was last seen, (2, 2), as in `exits`; NaN where it is seen."""
        record = self.record_at(epoch)
        if not self.share_at(epoch):
            return np.asarray(self.exits[record])
        path = np.vstack([self.path[: record + 1], self.tip(epoch)])
        return np.asarray(exits(path, self.ranges)[-1])

    def path_to(self, record: int) -> Indices:
        """Return the records that draw the path up to a record."""
        return np.append(self.drawn[self.drawn < record], record)

    def latest(self, records: Indices) -> Indices:
        """Return those of the records of a path that are drawn as they are, not as trodden."""
        return records[-TAIL:] if self.swings else records

    @property
    def few(self) -> bool:
        """Whether the steps of the path are so few that they can be seen one by one."""
        return len(self.path) <= FEW


@dataclass(frozen=True, eq=False)
class Slice:
    """The cost on a plane through the space of θ, and the paths of descents on it.

    Attributes
    ----------
    histories : sequence of History
        On one objective, with the same values held.
    plane : CuttingPlane
        That of the two entries of θ that move, or one that is beside the path.
    ranges : ((float, float), (float, float))
        What is seen of each of its axes.
    equal : bool
        Whether a step is drawn as long across as up.
    grows : bool
        Whether the ranges may become longer, to fill a panel.
    size : int
        Number of grid points along each.
    given : sequence of float or None
        Costs at which lines were asked for.
    styles : sequence of Style
        How each path is drawn.
    """

    histories: Sequence[History]
    plane: CuttingPlane
    ranges: tuple[Range, Range]
    equal: bool
    grows: bool
    size: int
    given: Sequence[float] | None
    styles: Sequence[Style]

    def filling(self, tall: float) -> "Slice":
        """Return the slice over ranges that fill a panel, this many times as tall as it is wide."""
        if not (self.equal and self.grows):
            return self
        return replace(self, ranges=widened(self.ranges, tall))

    @property
    def history(self) -> History:
        """The first of them: objective and what is held are those of all."""
        return self.histories[0]

    @cached_property
    def tracks(self) -> list[Track]:
        """The path of each."""
        alone = len(self.histories) == 1
        return [
            Track(history, self.plane, self.ranges, style, alone)
            for history, style in zip(self.histories, self.styles, strict=True)
        ]

    @cached_property
    def ground(self) -> Landscape:
        """The cost over what is seen."""
        return over_grid(self.height, *self.ranges, size=self.size)

    @cached_property
    def levels(self) -> Array:
        """Costs at which lines run (n_levels,), increasing."""
        cost = self.ground.cost
        levels = self.given
        if levels is None:
            levels = round_levels(
                cost, self.lowest, max(float(track.height[0]) for track in self.tracks)
            )
        ordered = np.unique(np.asarray(levels, dtype=np.float64))
        inside: Array = ordered[(ordered > cost.min()) & (ordered < cost.max())]
        return inside

    @property
    def bands(self) -> tuple[int, int]:
        """How many bands between levels lie below all that is seen, and how many there are.

        So that a cost has the same colour in every picture of the same levels.
        """
        given = self.levels if self.given is None else np.unique(self.given)
        return int((given <= self.ground.cost.min()).sum()), len(given) + 1

    @cached_property
    def heights(self) -> tuple[float, float]:
        """Least and largest cost that are drawn; a little apart where the ground is flat."""
        low, high = min(self.lowest, float(self.ground.cost.min())), float(self.ground.cost.max())
        return low, high if high > low else low + 1e-3 * (abs(low) or 1.0)

    @cached_property
    def starts(self) -> Array:
        """Where the paths begin, each place once, (n, 2)."""
        return self._apart([track.path[0] for track in self.tracks])

    @cached_property
    def optima(self) -> Array:
        """Where the slice is lowest, (n, 2): one, or where each of several paths finds it.

        None where it falls for ever.
        """
        there = [self.plane.project(h.optimum) for h in self.histories if h.best.exists]
        found = self._apart(there)
        # One that the plane does not go through may be anywhere.
        return found if self.plane.entries is not None else found[self.sees(found)]

    def _apart(self, points: Sequence[Array]) -> Array:
        """Those of some points that a pixel can tell from those before them, (n, 2)."""
        span, found = np.ptp(self.ranges, axis=1), np.empty((0, 2))
        for point in points:
            if not (np.abs(found - point) < span / PIXELS).all(axis=1).any():
                found = np.vstack([found, point])
        return found

    def height(self, points: Array) -> Array:
        """Cost at any points of the slice, (..., 2) -> (...)."""
        return self.plane.cost(self.history.objective, points)

    def sees(self, points: Array) -> NDArray[np.bool_]:
        """Whether points are within what is seen, (..., 2) -> (...)."""
        low, high = np.transpose(self.ranges)
        return np.asarray(np.all((points >= low) & (points <= high), axis=-1))

    @property
    def falls(self) -> Array | None:
        """Direction in which the cost falls for ever, (2,); None where there is an optimum."""
        falls = self.history.best.falls
        return None if falls is None else _direction(self.plane.along(falls))

    @property
    def way_down(self) -> Array:
        """From the end of the path to where the cost falls, as far as is seen, (2, 2)."""
        assert self.falls is not None
        start, (low, high) = self.tracks[0].path[-1:], np.transpose(self.ranges)
        far = start + self.falls * 2 * np.hypot(*np.ptp(self.ranges, axis=1))
        _, last = share_within(start, far, low, high)
        return np.vstack([start, start + last * (far - start)])

    @property
    def lowest(self) -> float:
        """The least cost of all: of a function, that is known or seen."""
        best = min(float(history.best.cost) for history in self.histories)
        if self.history.has_table:
            return best
        lowest = min(best, float(self.ground.cost.min()))
        return min(lowest, float(self.height(self.minima).min(initial=lowest)))

    @property
    def minima(self) -> Array:
        """The minima of a function that are known, (n, 2); none of a regression."""
        return self._known("minima")

    @property
    def saddles(self) -> Array:
        """Its saddles, (n, 2)."""
        return self._known("saddles")

    @property
    def maxima(self) -> Array:
        """Its maxima, (n, 2)."""
        return self._known("maxima")

    def _known(self, kind: str) -> Array:
        """Return stationary points of a function that lie on the slice and are seen, (n, 2)."""
        found = getattr(self.history.objective, kind, ())
        if not found or self.history.fixed:
            return np.empty((0, 2))
        theta = np.array(found, dtype=np.float64)
        points = self.plane.project(theta)
        there = self.plane.holds(theta, np.ptp(self.ranges, axis=1))
        return np.asarray(points[there & self.sees(points)])


def trail(track: Track) -> dict[str, Any]:
    """How a path is drawn."""
    style = track.style
    wide = points(1.2 if track.few else 2)
    return {"color": style.color, "linestyle": style.line, "linewidth": wide}


def dots() -> dict[str, Any]:
    """How the end of each step is drawn, where they are few; edges would paint each other out."""
    return {"marker": "o", "mew": 0, "ms": points(4)}


def trodden(style: Style) -> dict[str, Any]:
    """How a path is drawn where it went to and fro long ago, or where it is hidden."""
    return {"color": style.color, "linewidth": points(1), "alpha": 0.6}


def legend(part: Slice, room: float, *others: str) -> str:
    """Return what the marks are, what is held and at which value, in lines that fit a room.

    others: what else is marked or to be said; empty for nothing.
    """
    if len(part.optima):
        names = {history.best.name for history in part.histories}
        goal = f"☆ {names.pop() if len(names) == 1 else 'optima'}"
    elif part.falls is not None:
        goal = f"{_arrow(part)} the cost falls for ever this way"
    else:  # one that there is lies outside of what is seen
        best = part.history.best
        goal = "" if best.exists else goal_name(best)
    starts = f"○ start{'s' * (len(part.starts) > 1)}"
    plane = part.plane.about.split("\n")
    said = [goal, starts, *map(written, held_words(part.history)), *plane, *others]
    return "\n".join(side_by_side([one for one in said if one], room))


def side_by_side(said: Sequence[str], room: float) -> list[str]:
    """Put what is said side by side, in as few lines as a room (points) lets."""
    lines: list[str] = []
    for one in said:
        longer = f"{lines[-1]}    {one}" if lines else one
        if lines and width_of(longer) <= room:
            lines[-1] = longer
        else:
            lines += _broken(one, room)
    return lines


def _broken(text: str, room: float) -> list[str]:
    """Break a text at a space into two lines, if it needs them; what does not fit them is cut."""
    words = text.split(" ")
    fits = [n for n in range(1, len(words)) if width_of(" ".join(words[:n])) <= room]
    if width_of(text) <= room or not fits:
        return [fitting(text, room)]
    return [" ".join(words[: fits[-1]]), fitting(" ".join(words[fits[-1] :]), room)]


def _arrow(part: Slice) -> str:
    """Return the arrow that points about to where the cost falls in the picture."""
    across, up = np.diff(part.way_down, axis=0)[0] / np.ptp(part.ranges, axis=1)
    angle = np.arctan2(up, across)
    return ARROWS[round(angle / (np.pi / 4)) % len(ARROWS)]


def _direction(way: Array) -> Array | None:
    """A direction (2,) of length 1, or None."""
    long = float(np.hypot(*way))
    return way / long if long > 0 else None


def slice_of(
    histories: Sequence[History],
    kind: str,
    *,
    through: Through | None = None,
    ranges: tuple[Range, Range] | None = None,
    levels: Sequence[float] | None = None,
    size: int,
    styles: Sequence[Style] | None = None,
) -> Slice:
    """Return the slice on which histories move that are on one objective.

    Raises
    ------
    ValueError
        If the intercept moved, or the weights are not two, and no plane is given; it says what to
        type instead. If there is no such plane, or several histories are to be projected onto it.
        If ranges, levels or size cannot be drawn, or nothing of the descent lies within the ranges.
    """
    check_ranges(ranges)
    _check_grid(levels, size)
    plane, history = _plane(histories, kind, through), histories[0]
    free, equal = _ranges(histories, plane)
    if ranges is not None:
        _check_something_shows(histories, plane, ranges)
        (left, right), (bottom, top) = ranges
        one_unit = plane.entries is not None and _of_one_unit(history)
        equal = one_unit or comparable(right - left, top - bottom)
    return Slice(
        histories=histories,
        plane=plane,
        ranges=free if ranges is None else ranges,
        equal=equal,
        grows=ranges is None,
        size=size,
        given=levels,
        styles=run_styles(len(histories)) if styles is None else styles,
    )


def _plane(histories: Sequence[History], kind: str, through: Through | None) -> CuttingPlane:
    """Return the plane of the two entries of θ that move, or the one that is asked for."""
    if through is None:
        return CuttingPlane.of_entries(histories[0].theta[0], _varying(histories, kind))
    if len(histories) > 1:
        raise ValueError(
            f"a plane is laid through the path of one history, not of {len(histories)}: draw them "
            f"side by side, {kind}(a, through=…) | {kind}(b, through=…)"
        )
    return plane_through(histories[0], through)


def _varying(histories: Sequence[History], kind: str) -> tuple[int, int]:
    """Return the two entries of θ that move; a ValueError says what to type if they are not two."""
    moved = histories[0].moving
    if len(moved) > 2:
        theta = np.vstack([history.theta for history in histories])
        moved = [j for j in moved if np.ptp(theta[:, j]) > 0]
    return two_moving(histories[0].objective, moved, kind)


def two_moving(objective: Objective, moved: Sequence[int], kind: str) -> tuple[int, int]:
    """Return the entries of θ that move, as two; a ValueError says what to type if they are not."""
    if len(moved) == 2:
        return moved[0], moved[1]
    names = [spell(objective.names[j]) for j in moved]
    move = "moves" if len(moved) == 1 else "move"
    said = f"{kind} draws the cost over two parameters; here {len(moved)} {move} "
    said += f"({listing(names)}): "
    if len(moved) < 2:
        raise ValueError(f"{said}draw {option(kind='parameters')}, or fit with two that move")
    of_table = isinstance(objective, Regression)
    two = refit(vary=_example([objective.names[j] for j in moved if j or not of_table]))
    if len(moved) == 3 and moved[0] == 0 and of_table:
        said += f"hold the intercept, {refit(fixed_intercept='ols')}, or "
    cut = option(through="pca")
    raise ValueError(f"{said}choose two, {two}, or of one descent draw a plane, {cut}")


def _of_one_unit(history: History) -> bool:
    """Whether both axes have the same unit: those of scaled features, and of a function."""
    return not history.has_table or history.dataset.scaling is not None


def axis_name(part: "Slice", axis: int, room: float) -> str:
    """Return what stands at an axis, 0 or 1, cut to a room in points."""
    history, plane = part.history, part.plane
    if plane.entries is None:
        return fitting(plane.names[axis], room)
    j = plane.entries[axis]
    name = written(history.objective.labels[j])
    if not history.has_table:
        return fitting(name, room)
    return weight_of(name, room) if j else name


def remedy(names: Sequence[str]) -> str:
    """What to type where two features are wanted and there are more or fewer."""
    if len(names) < 2:
        return f"draw {option(kind='parameters')}"
    return f"choose two, {option(vary=_example(names))}"


def _example(names: Sequence[str]) -> tuple[str, str]:
    """Two names, of those that are short and plain if there are two such."""
    plain = [name for name in names if spell(name) == name]
    first, second, *_ = plain if len(plain) > 1 else names
    return first, second


def check_ranges(ranges: tuple[Range, Range] | None) -> None:
    """Raise a ValueError unless two ranges, if any are given, are finite and increase."""
    if ranges is None:
        return
    bounds = np.asarray(ranges, dtype=np.float64)
    if bounds.shape != (2, 2) or not (np.isfinite(bounds).all() and (np.diff(bounds) > 0).all()):
        raise ValueError(
            f"ranges {ranges} are not two pairs of finite numbers that increase, "
            "such as ((-15, 5), (-15, 5))"
        )


def _check_grid(levels: Sequence[float] | None, size: int) -> None:
    if not isinstance(size, (int, np.integer)) or size < 2:
        raise ValueError(f"size {size} is not a whole number of at least 2 grid points")
    if levels is not None and not np.isfinite(np.asarray(levels, dtype=np.float64)).all():
        raise ValueError(f"levels {list(levels)} are not all finite numbers")


def _check_something_shows(
    histories: Sequence[History], plane: CuttingPlane, ranges: tuple[Range, Range]
) -> None:
    low, high = np.transpose(ranges)
    history = histories[0]
    path = np.vstack([plane.project(one.theta) for one in histories])
    optimum = plane.project(history.optimum)
    seen = np.vstack([path, optimum]) if history.best.exists else path
    if not ((seen >= low) & (seen <= high)).all(axis=1).any():
        there = f", and the optimum is {_pair(optimum)}" if history.best.exists else ""
        raise ValueError(
            f"ranges {ranges} hold neither the path nor the optimum: the descent starts at "
            f"{_pair(path[0])}, ends at {_pair(path[-1])}{there}"
        )


def _pair(point: Array) -> str:
    return f"({point[0]:.4g}, {point[1]:.4g})"


def _ranges(histories: Sequence[History], plane: CuttingPlane) -> tuple[tuple[Range, Range], bool]:
    """Range of both axes that holds all paths, and whether they are to have one scale.

    Of those that diverge it holds the start, unless all do.
    """
    if plane.entries is None:
        return _range_beside(histories[0], plane)
    if len(histories) == 1:
        return _range_of(histories[0], plane.entries)
    stay = not all(history.diverged for history in histories)
    found = [_range_of(history, plane.entries, whole=not stay) for history in histories]
    bounds = np.array([ranges for ranges, _ in found])
    low, high = bounds[..., 0].min(axis=0), bounds[..., 1].max(axis=0)
    equal = all(one for _, one in found) or comparable(*(high - low))
    return ((float(low[0]), float(high[0])), (float(low[1]), float(high[1]))), equal


def _range_beside(history: History, plane: CuttingPlane) -> tuple[tuple[Range, Range], bool]:
    """The same for one that is projected: of a regression its optimum is seen, too."""
    path = plane.project(history.theta)
    known = history.has_table and history.best.exists
    goal = plane.project(history.optimum) if known else path[-1]
    span = np.ptp(np.vstack([path, goal]), axis=0)
    unit = np.maximum(span, SLIVER * span.max()) if span.max() > 0 else np.ones(2)
    return ranges_of(path, goal, unit, diverged=history.diverged, around=BESIDE)


def _range_of(
    history: History, varying: tuple[int, int], *, whole: bool = True
) -> tuple[tuple[Range, Range], bool]:
    """The same for one history; not the whole path of one that diverges, if that is not wanted."""
    path, best = history.theta[:, varying], history.best
    if history.diverged and not whole:
        path = path[:1]
    common = {"scaled": _of_one_unit(history), "diverged": history.diverged}
    if isinstance(history.objective, Function):
        return around_view(path, history.objective.view[list(varying)]), True
    if best.exists:
        unit = 1 / np.sqrt(_curvature(history, varying, history.optimum))
        return ranges_of(path, history.optimum[list(varying)], unit, **common)
    # Along the path, and half as far again to where the cost falls for ever.
    unit = 1 / np.sqrt(_curvature(history, varying, history.theta[0]))
    span = np.ptp(path, axis=0)
    span = np.maximum(span, 0.5 * (np.max(span / unit) or 1.0) * unit)
    falls = np.zeros(2) if best.falls is None else best.falls[list(varying)]
    steps = np.max(np.abs(falls) / span) or 1.0
    return ranges_of(path, path[-1] + 0.5 * falls / steps, unit, around=0.15, **common)


def _curvature(history: History, varying: tuple[int, int], theta: Array) -> Array:
    """Second difference of the cost along both axes at θ (p + 1,), (2,); 1 where it is flat."""
    step = np.zeros((2, len(theta)))
    step[[0, 1], varying] = 1 + np.abs(theta[list(varying)])
    cost = history.objective.cost
    around = np.stack([theta - step, theta + step])
    rise = cost(around).sum(axis=0) - 2 * cost(theta)
    curvature = rise / step[[0, 1], varying] ** 2
    return np.where(curvature > 0, curvature, 1.0)
