"""The slice of the cost on which descents move: its ground, what is marked on it, and its words.

Two parameters vary, all else stays where it is. The picture tells the truth only if the descent did
the same, so a history of which more moved is refused, unless a plane is named that it is to be
projected onto (gdviz.views.cutting_plane). Contour and surface both show it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from gdviz.core.history.record import History
from gdviz.core.moments import Array
from gdviz.views.choice import varying
from gdviz.views.cutting_plane import CuttingPlane, Through, plane_through
from gdviz.views.extent import check_something_shows, extent_of, of_one_unit
from gdviz.views.framing import Range, check_ranges, comparable, widened
from gdviz.views.landscape import Landscape, over_grid
from gdviz.views.levels import round_levels
from gdviz.views.marks import Marks
from gdviz.views.numbers import compact, tick_texts
from gdviz.views.runs import check_one_ground
from gdviz.views.track import Track
from gdviz.views.words import held_words

__all__ = ["AxisName", "SliceView", "slice_of"]

FLAT = 1e-12  # of the cost: what is no higher is rounding
APART = 1e-3  # of the cost: so high is drawn what is flat
FLOOR = 0.3  # of the height: so far under the ground lies the floor


class AxisName(NamedTuple):
    """What stands at an axis: words before a name, which stay whole, and the name."""

    prefix: str
    name: str


@dataclass(frozen=True, eq=False)
class SliceView:
    """The cost on a plane through the space of θ, and the paths of descents on it.

    Attributes
    ----------
    runs : mapping of label to History
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
    """

    runs: Mapping[str, History]
    plane: CuttingPlane
    ranges: tuple[Range, Range]
    equal: bool
    grows: bool
    size: int
    given: Sequence[float] | None

    def filling(self, tall: float) -> "SliceView":
        """Return the view over ranges that fill a panel, this many times as tall as it is wide."""
        if not (self.equal and self.grows):
            return self
        return replace(self, ranges=widened(self.ranges, tall))

    @property
    def histories(self) -> tuple[History, ...]:
        """All of them."""
        return tuple(self.runs.values())

    @property
    def history(self) -> History:
        """The first of them: objective and what is held are those of all."""
        return self.histories[0]

    @cached_property
    def tracks(self) -> list[Track]:
        """The path of each."""
        alone = len(self.runs) == 1
        return [Track(history, self.plane, self.ranges, alone) for history in self.histories]

    @cached_property
    def marks(self) -> Marks:
        """What is marked on it."""
        return Marks(self.histories, self.plane, self.ranges)

    # The ground ---------------------------------------------------------------------------------

    def height(self, points: Array) -> Array:
        """Cost at any points of the slice, (..., 2) -> (...)."""
        return self.plane.cost(self.history.objective, points)

    @cached_property
    def ground(self) -> Landscape:
        """The cost over what is seen."""
        return over_grid(self.height, *self.ranges, size=self.size)

    @cached_property
    def levels(self) -> Array:
        """Costs at which lines run (n_levels,), increasing; none on ground that is flat."""
        cost, levels = self.ground.cost, self.given
        if np.ptp(cost) <= FLAT * np.abs(cost).max():
            return np.empty(0)
        if levels is None:
            start = max(float(track.height[0]) for track in self.tracks)
            levels = round_levels(cost, self.lowest, start)
        ordered = np.unique(np.asarray(levels, dtype=np.float64))
        inside: Array = ordered[(ordered > cost.min()) & (ordered < cost.max())]
        return inside

    @property
    def level_texts(self) -> list[str]:
        """What is written on the line of each level."""
        return tick_texts(self.levels.tolist())

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
        flat = high - low <= FLAT * max(abs(low), abs(high))
        return low, low + APART * (abs(low) or 1.0) if flat else high

    @property
    def floor(self) -> float:
        """Height at which lines and shadows lie under the ground."""
        low, high = self.heights
        return low - FLOOR * (high - low)

    @cached_property
    def lowest(self) -> float:
        """The least cost of all that is known or seen."""
        found = [float(history.best.cost) for history in self.histories]
        found += self.height(self.marks.minima).tolist()
        return min(*found, float(self.ground.cost.min()))

    # Words --------------------------------------------------------------------------------------

    @property
    def axis_names(self) -> tuple[AxisName, AxisName]:
        """What stands at each axis."""
        if self.plane.entries is None:
            first, second = (AxisName("", name) for name in self.plane.names)
        else:
            labels, weight = self.history.objective.labels, "weight of " * self.history.has_table
            first, second = (AxisName(weight * (j > 0), labels[j]) for j in self.plane.entries)
        return first, second

    @property
    def phrases(self) -> list[str]:
        """What the marks are, what is held at which value, and through what the plane goes."""
        plane = self.plane.about.split("\n") if self.plane.about else []
        held = held_words(self.history)
        return [*self.marks.words, *held, *plane, *self.marks.stationary]

    def scales(self, tall: float) -> list[str]:
        """How much the scales differ in a panel, so many times as tall as wide, to one digit."""
        if self.equal:
            return []
        across, up = np.ptp(self.ranges, axis=1)
        ratio = up / across / tall
        return [f"scales of the axes 1 : {compact(float(f'{max(ratio, 1 / ratio):.1g}'))}"]


def slice_of(
    runs: Mapping[str, History],
    kind: str,
    *,
    through: Through | None = None,
    ranges: tuple[Range, Range] | None = None,
    levels: Sequence[float] | None = None,
    size: int,
) -> SliceView:
    """Return the slice on which runs move, for a kind of picture.

    Raises
    ------
    ValueError
        If the runs are on several objectives, or hold different values. If the intercept moved, or
        the weights are not two, and no plane is given; it says what to type instead. If there is no
        such plane, or several histories are to be projected onto it. If ranges, levels or size
        cannot be drawn, or nothing of the descent lies within the ranges.
    """
    check_one_ground(runs, kind)
    check_ranges(ranges)
    _check_grid(levels, size)
    histories = [*runs.values()]
    plane = _plane(histories, kind, through)
    seen, equal = extent_of(histories, plane)
    if ranges is not None:
        check_something_shows(histories, plane, ranges)
        one_unit = plane.entries is not None and of_one_unit(histories[0])
        seen, equal = ranges, one_unit or comparable(*np.ptp(ranges, axis=1))
    return SliceView(runs, plane, seen, equal, grows=ranges is None, size=size, given=levels)


def _plane(histories: Sequence[History], kind: str, through: Through | None) -> CuttingPlane:
    """Return the plane of the two entries of θ that move, or the one that is asked for."""
    if through is None:
        return CuttingPlane.of_entries(histories[0].theta[0], varying(histories, kind))
    if len(histories) > 1:
        raise ValueError(
            f"a plane is laid through the path of one history, not of {len(histories)}: draw them "
            f"side by side, {kind}(a, through=…) | {kind}(b, through=…)"
        )
    return plane_through(histories[0], through)


def _check_grid(levels: Sequence[float] | None, size: int) -> None:
    """Raise a ValueError unless there are enough grid points, and levels are finite."""
    if not isinstance(size, (int, np.integer)) or size < 2:
        raise ValueError(f"size {size} is not a whole number of at least 2 grid points")
    if levels is not None and not np.isfinite(np.asarray(levels, dtype=np.float64)).all():
        raise ValueError(f"levels {list(levels)} are not all finite numbers")
