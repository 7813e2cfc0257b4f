"""A slice of the cost as a surface that is looked at from somewhere: what it hides of the paths."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdviz.core.moments import Array
from gdviz.views.cost_slice import SliceView
from gdviz.views.course import Course, pieces_of
from gdviz.views.hiding import hidden
from gdviz.views.track import Track

__all__ = ["SurfaceView", "Way"]


@dataclass(frozen=True, eq=False)
class SurfaceView:
    """What somebody sees of the cost over a slice.

    Attributes
    ----------
    part : SliceView
    viewer : (3,) array
        Where the eye is, in units of the axes.
    """

    part: SliceView
    viewer: Array

    @cached_property
    def ways(self) -> list["Way"]:
        """The path of each run on the surface."""
        return [Way(track, self) for track in self.part.tracks]

    def lifted(self, points: Array) -> Array:
        """Points of the slice as high as the surface is there, (..., 2) -> (..., 3)."""
        return np.concatenate([points, self.part.height(points)[..., None]], axis=-1)

    def hides(self, points: Array) -> NDArray[np.bool_]:
        """Whether the surface hides points that lie on it, (n, 3) -> (n,)."""
        return hidden(points, self.viewer, self.part.ground)

    def marked(self, places: Array) -> tuple[Array, NDArray[np.bool_]]:
        """Marks on the slice (n, 2) that are within it: where they are (m, 3), which are hidden."""
        points = self.lifted(places[self.part.marks.sees(places)])
        return points, self.hides(points)

    @cached_property
    def way_down(self) -> tuple[Array, Array]:
        """What is seen of the way to where the cost falls (n, 3), and the last bit of it (2, 3)."""
        way = self.part.marks.way_down
        pieces = pieces_of(way, np.arange(2), self.part.ranges, self.part.height)
        return pieces.course(~self.hides(pieces.middles)).points, pieces.ends[-1]


class Courses(NamedTuple):
    """A path over a surface: what is hidden of it, what is seen of it, and all of it."""

    hidden: Course
    seen: Course
    whole: Course


@dataclass(frozen=True, eq=False)
class Way:
    """The path of a run on a surface.

    Attributes
    ----------
    track : Track
    surface : SurfaceView
    """

    track: Track
    surface: SurfaceView

    @cached_property
    def courses(self) -> "Courses":
        """The path over the surface."""
        track, part = self.track, self.surface.part
        pieces = pieces_of(track.path[track.drawn], track.drawn, part.ranges, part.height)
        covered = self.surface.hides(pieces.middles)
        return Courses(*map(pieces.course, (covered, ~covered, covered | ~covered)))

    @cached_property
    def peaks(self) -> Array:
        """Where the records are (3, n_records): NaN where they are not seen."""
        where = np.column_stack([self.track.path, self.track.height])
        unseen = ~self.surface.part.marks.sees(self.track.path)
        unseen[~unseen] = self.surface.hides(where[~unseen])
        return np.where(unseen[:, None], np.nan, where).T

    def tip(self, epoch: float) -> Array:
        """Where the path is at an epoch, (3,)."""
        foot = self.track.tip(epoch)
        if self.track.share_at(epoch):
            return self.surface.lifted(foot)
        return np.append(foot, self.track.height[self.track.record_at(epoch)])

    def whole(self, epoch: float) -> Array:
        """Return x, y and z (3, n) of what leads to an epoch, hidden or not."""
        return self._up_to(self.courses.whole, epoch)

    def trodden(self, epoch: float) -> Array:
        """The same of what is drawn faintly: what is hidden, or all where it went to and fro."""
        swings = self.track.swings
        return self.whole(epoch) if swings else self._up_to(self.courses.hidden, epoch)

    def latest(self, epoch: float) -> Array:
        """The same of what is seen and drawn as it is."""
        return self._up_to(self.courses.seen, epoch, self.track.since(epoch))

    def leaving(self, epoch: float, long: float) -> Array | None:
        """A short way out where it was last seen, (2, 3); None where it is seen at the epoch."""
        way = self.track.leaving(epoch, long)
        return None if way is None else self.surface.lifted(way)

    def _up_to(self, course: Course, epoch: float, since: int = 0) -> Array:
        """Return x, y and z (3, n) of a course up to an epoch, to the very tip if that is on it."""
        share = self.track.share_at(epoch)
        line = course.up_to(self.track.record_at(epoch) + share, since)
        if not share or not line.size:
            return line
        tip = self.tip(epoch)
        if not self.surface.part.marks.sees(tip[:2]):
            return line
        behind = bool(self.surface.hides(tip[None])[0])
        has_tip = course is self.courses.whole or (course is self.courses.hidden) == behind
        return np.column_stack([line, tip]) if has_tip else line
