"""What is marked on a slice: starts, optima, stationary points that are known, and the way down."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gdviz.core.history.record import History
from gdviz.core.moments import Array
from gdviz.core.optimum import goal_name
from gdviz.views.cutting_plane import CuttingPlane
from gdviz.views.framing import Range, share_within

__all__ = ["Marks"]

PIXELS = 500  # of the picture: what is nearer than one of them is marked once
CROWD = 12  # saddles or maxima, above which they are told, not marked
ARROWS = "→↗↑↖←↙↓↘"


@dataclass(frozen=True, eq=False)
class Marks:
    """What is marked on what is seen of a slice.

    Attributes
    ----------
    histories : tuple of History
        On one objective, with the same values held.
    plane : CuttingPlane
    ranges : ((float, float), (float, float))
        As those of the slice.
    """

    histories: tuple[History, ...]
    plane: CuttingPlane
    ranges: tuple[Range, Range]

    def sees(self, points: Array) -> NDArray[np.bool_]:
        """Whether points are within what is seen, (..., 2) -> (...)."""
        low, high = np.transpose(self.ranges)
        return np.asarray(np.all((points >= low) & (points <= high), axis=-1))

    @cached_property
    def starts(self) -> Array:
        """Where the paths begin, each place once, (n, 2)."""
        return self._apart([self.plane.project(h.theta[0]) for h in self.histories])

    @cached_property
    def optima(self) -> Array:
        """Where the slice is lowest, (n, 2): one, or where each of several paths finds it.

        None where it falls for ever.
        """
        there = [self.plane.project(h.optimum) for h in self.histories if h.best.exists]
        found = self._apart(there)
        # One that the plane does not go through may be anywhere.
        return found if self.plane.entries is not None else found[self.sees(found)]

    @cached_property
    def minima(self) -> Array:
        """The minima of a function that are known besides the optima, (n, 2)."""
        known = self._known("minima")
        return self._apart([*self.optima, *known])[len(self.optima) :]

    @cached_property
    def saddles(self) -> Array:
        """Its saddles, (n, 2), unless they are so many that they would hide what is to be seen."""
        return _few(self._known("saddles"))

    @cached_property
    def maxima(self) -> Array:
        """Its maxima, (n, 2), likewise."""
        return _few(self._known("maxima"))

    @property
    def places(self) -> Array:
        """Where all of these are, (n, 2)."""
        return np.vstack([self.optima, self.minima, self.saddles, self.maxima])

    def _known(self, kind: str) -> Array:
        """Return stationary points of a function that lie on the slice and are seen, (n, 2)."""
        found = getattr(self.histories[0].objective, kind, ())
        # A minimum is one of every slice through it; a saddle need not be one where some is held.
        if not found or (kind == "saddles" and self.histories[0].fixed):
            return np.empty((0, 2))
        theta = np.array(found, dtype=np.float64)
        points = self.plane.project(theta)
        there = self.plane.holds(theta, np.ptp(self.ranges, axis=1))
        return np.asarray(points[there & self.sees(points)])

    def _apart(self, points: Sequence[Array]) -> Array:
        """Those of some points that a pixel can tell from those before them, (n, 2)."""
        span, found = np.ptp(self.ranges, axis=1), np.empty((0, 2))
        for point in points:
            if not (np.abs(found - point) < span / PIXELS).all(axis=1).any():
                found = np.vstack([found, point])
        return found

    @property
    def falls(self) -> Array | None:
        """Direction in which the cost falls for ever, (2,); None where there is an optimum."""
        falls = self.histories[0].best.falls
        if falls is None or not (long := float(np.hypot(*self.plane.along(falls)))):
            return None
        return self.plane.along(falls) / long

    @property
    def way_down(self) -> Array:
        """From the end of the path to where the cost falls, as far as is seen, (2, 2)."""
        assert self.falls is not None
        start = self.plane.project(self.histories[0].theta[-1:])
        low, high = np.transpose(self.ranges)
        far = start + self.falls * 2 * np.hypot(*np.ptp(self.ranges, axis=1))
        _, last = share_within(start, far, low, high)
        return np.vstack([start, start + last * (far - start)])

    @property
    def words(self) -> list[str]:
        """What the stars are, or why there is none, and what the ring is."""
        starts = f"○ start{'s' * (len(self.starts) > 1)}"
        return [*self._stars, *self._no_goal, starts]

    @property
    def _stars(self) -> list[str]:
        """What the stars are."""
        names = {history.best.name for history in self.histories if history.best.exists}
        count, of_function = len(self.optima) + len(self.minima), not self.histories[0].has_table
        if of_function and count > 1:
            return ["☆ minima"]
        if len(self.optima):
            return [f"☆ {names.pop() if len(names) == 1 else 'optima'}"]
        return ["☆ minimum"] * count

    @property
    def _no_goal(self) -> list[str]:
        """Where no run finds an optimum, the way down, or why there is none."""
        best = self.histories[0].best
        if best.exists or len(self.optima):  # one may lie outside of what is seen
            return []
        if self.falls is not None:
            return [f"{self._arrow} the cost falls for ever this way"]
        return [goal_name(best)]

    @property
    def _arrow(self) -> str:
        """The arrow that points about to where the cost falls in the picture."""
        across, up = np.diff(self.way_down, axis=0)[0] / np.ptp(self.ranges, axis=1)
        angle = np.arctan2(up, across)
        return ARROWS[round(angle / (np.pi / 4)) % len(ARROWS)]

    @property
    def stationary(self) -> list[str]:
        """What the marks of stationary points are that are no minima, or how many have none."""
        said, unmarked = [], []
        for kind, sign, one in (("saddles", "✕", "saddle"), ("maxima", "△", "maximum")):
            count = len(self._known(kind))
            if count > CROWD:
                unmarked.append(f"{count} {kind}")
            elif count:
                said.append(f"{sign} {one if count == 1 else kind}")
        return said + [f"{' and '.join(unmarked)} not marked"] * bool(unmarked)


def _few(points: Array) -> Array:
    """Points (n, 2) if they are no crowd, else none."""
    return points if len(points) <= CROWD else points[:0]
