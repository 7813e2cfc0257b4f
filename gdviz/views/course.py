"""A path laid over a surface, in pieces so short that each is either seen or hidden.

Between two records the path is straight on the ground, and as high as the surface is there.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdviz.core.moments import Array
from gdviz.views.framing import Range, share_within

__all__ = ["Course", "Pieces", "pieces_of"]

Flags = NDArray[np.bool_]

LONGEST = 1 / 60  # of a range is a piece
MOST = 4000  # pieces, or one for each step


@dataclass(frozen=True, eq=False)
class Course:
    """Part of a path as a line in space.

    Attributes
    ----------
    points : (n, 3) array
        NaN where the pen is lifted.
    record : (n,) array
        At which record of the path each point is there, in order; 2.5 is half-way to the third.
    """

    points: Array
    record: Array

    def up_to(self, record: float, since: int = 0) -> Array:
        """Return x, y and z (3, m) of what leads from one record to another."""
        first, last = np.searchsorted(self.record, [since, record], side="right")
        return self.points[max(first - 1, 0) : last].T


@dataclass(frozen=True, eq=False)
class Pieces:
    """A path in space in short pieces.

    Attributes
    ----------
    ends : (n, 2, 3) array
    record : (n,) array
        The record that each leads to, or the share of the way to it.
    joined : (n,) bool array
        Whether each goes on where the one before it ended.
    """

    ends: Array
    record: Array
    joined: Flags

    @property
    def middles(self) -> Array:
        """Middle of each piece, (n, 3)."""
        return np.asarray(self.ends.mean(axis=1))

    def course(self, chosen: Flags) -> Course:
        """Return the line that the chosen pieces (n,) make, with gaps between them."""
        follows = np.append(False, chosen[:-1]) & self.joined
        fresh = np.flatnonzero(~follows[chosen])
        a, b = self.ends[chosen, 0], self.ends[chosen, 1]
        lifted = np.stack([np.full_like(a[fresh], np.nan), a[fresh]], axis=1).reshape(-1, 3)
        record, at = self.record[chosen], np.repeat(fresh, 2)
        return Course(np.insert(b, at, lifted, axis=0), np.insert(record, at, record[at]))


def pieces_of(
    path: Array,
    record: NDArray[np.int64],
    ranges: tuple[Range, Range],
    height: Callable[[Array], Array],
) -> Pieces:
    """Cut what is seen of a path into pieces, and lay them over a surface.

    Parameters
    ----------
    path : (n, 2) array
    record : (n,) int array
        Of each of its points.
    ranges : ((float, float), (float, float))
        What is seen of the ground.
    height : function of (..., 2) -> (...)
    """
    low, high = np.transpose(ranges)
    first, last = share_within(path[:-1], path[1:], low, high)
    step = np.flatnonzero(first <= last)
    first, last, start, way = first[step], last[step], path[step], np.diff(path, axis=0)[step]
    long = np.max(np.abs(way / (high - low)), axis=1) * (last - first)
    shortest = max(LONGEST, float(long.sum()) / MOST)
    count = np.maximum(np.ceil(long / shortest), 1).astype(int)
    of = np.repeat(np.arange(len(step)), count)
    nth = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
    share = (nth[:, None] + [0, 1]) / count[of, None]
    along = first[of, None] + share * (last - first)[of, None]
    ground = start[of, None] + along[..., None] * way[of, None]
    # A step that was cut off at the edge is no continuation of the one before it, nor it of this.
    whole = (first[1:] == 0) & (last[:-1] == 1) & (np.diff(step) == 1)
    joined = (nth > 0) | np.append(False, whole)[of] if len(of) else np.zeros(0, dtype=bool)
    ends = np.concatenate([ground, height(ground)[..., None]], axis=-1)
    # A step that ends in the picture ends at its record itself, not next to it by rounding.
    gone = np.where(nth == count[of] - 1, last[of], along[:, 1])
    return Pieces(ends, record[1:][step][of] - (1 - gone), joined)
