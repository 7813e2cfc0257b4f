"""The path of a run over what is seen of a slice: where it is at an epoch, and where it left."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gdviz.core.history.record import History
from gdviz.core.moments import Array
from gdviz.views.clock import Indices, visible
from gdviz.views.cutting_plane import CuttingPlane
from gdviz.views.framing import Range, coarse, exits, turns
from gdviz.views.numbers import compact
from gdviz.views.records import between, record_at, share_at

__all__ = ["Track"]

FEW = 60  # records of a path whose steps are drawn as dots
SWINGS = 4  # full turns, above which a path would become a blob
JITTER = 0.08  # of the picture, about a star: shorter ways to and fro do not count as turns
TAIL = 4  # of its last records are then drawn as they are


@dataclass(frozen=True, eq=False)
class Track:
    """The path of a run over what is seen of a slice.

    Attributes
    ----------
    history : History
    plane : CuttingPlane
    ranges : ((float, float), (float, float))
        As those of the slice.
    alone : bool
        Whether no other path is drawn.
    """

    history: History
    plane: CuttingPlane
    ranges: tuple[Range, Range]
    alone: bool = True

    @cached_property
    def path(self) -> Array:
        """Where it is on the plane, or beside it, (n_records, 2)."""
        return self.plane.project(self.history.theta)

    @cached_property
    def height(self) -> Array:
        """Cost of the plane where every record is on it, or beside it, (n_records,)."""
        if self.plane.entries is not None:
            return self.history.cost
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

    @property
    def few(self) -> bool:
        """Whether the steps of the path are so few that they can be seen one by one."""
        return len(self.path) <= FEW

    def record_at(self, epoch: float) -> int:
        """Index of the record that is drawn of an epoch.

        A path that diverges beside others ends where it leaves the picture for good: what it does
        out there would only sweep across theirs.
        """
        return min(record_at(self.history.epoch, epoch), self._end)

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
        ended = self.record_at(epoch) == self._end
        return 0.0 if ended else share_at(self.history.epoch, epoch)

    def tip(self, epoch: float) -> Array:
        """Where the path is at an epoch, (2,): between two records, on the straight line."""
        if not self.share_at(epoch):
            return np.asarray(self.path[self.record_at(epoch)])
        return between(self.history.epoch, self.path, epoch)

    def leaving(self, epoch: float, long: float) -> Array | None:
        """A short way out (2, 2), this share of the ranges, where the path was last seen.

        It ends at the edge; None where the path is seen at the epoch.
        """
        edge, beyond = self._exit_at(epoch)
        if not np.isfinite(edge).all():
            return None
        # What is beyond may be too far away for pixels.
        span = np.ptp(self.ranges, axis=1)
        near = edge - long * (beyond - edge) / np.max(np.abs(beyond - edge) / span)
        return np.stack([near, edge])

    def _exit_at(self, epoch: float) -> Array:
        """Where the path was last seen, (2, 2), as in `exits`; NaN where it is seen."""
        record = self.record_at(epoch)
        if not self.share_at(epoch):
            return np.asarray(self.exits[record])
        path = np.vstack([self.path[: record + 1], self.tip(epoch)])
        return np.asarray(exits(path, self.ranges)[-1])

    def cost_words(self, epoch: float) -> str:
        """Its cost at an epoch, which is told where it left; nothing where others are drawn.

        Between two records it is that of the first.
        """
        cost = float(self.history.cost[self.record_at(epoch)])
        return f"cost {compact(cost)}" if self.alone else ""

    def whole(self, epoch: float) -> Array:
        """The records that draw the path up to an epoch, (n, 2)."""
        return np.asarray(self.path[self._records(epoch)])

    def latest(self, epoch: float) -> Array:
        """What is drawn of it as it is, not as trodden, up to the very tip, (n, 2)."""
        line = self.path[self._fresh(epoch)]
        return np.vstack([line, self.tip(epoch)]) if self.share_at(epoch) else line

    def since(self, epoch: float) -> int:
        """Index of the record at which that begins."""
        return int(self._fresh(epoch)[0])

    def _records(self, epoch: float) -> Indices:
        record = self.record_at(epoch)
        return np.append(self.drawn[self.drawn < record], record)

    def _fresh(self, epoch: float) -> Indices:
        return self._records(epoch)[-TAIL:] if self.swings else self._records(epoch)
