"""Whether a descent has arrived: θ and cost of its record -> yes or no, and from which record on.

The cost alone does not tell: from an absurd start 99.9 % of it may be gone while the parameters
have hardly set out. So each parameter is looked at on its own. *Way left* is its distance from the
optimum as a share of the farthest that it ever was,

    way left = d_j(k) / F_j(k),   d_j = |θ_k − N(θ_k)|_j,   F_j(k) = max(d_j(0 … k), 1e-6·c_j),

N(θ) being the optimum that is nearest to θ, and c_j the size that a parameter can be expected to
have, of a weight sd(y)/rms(x_j). A descent has *arrived* at a record if from there on, for good,
1 % of the way is left in every parameter that moves, or less, and the score is within 0.001 of the
optimum's.

"For good" needs a look beyond the record. Of a plain descent on a squared loss all that is to come
is known in closed form; others walk on for 1,000 steps; of a descent that something else recorded
nothing more is known.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdviz.core.closed_form import Modes
from gdviz.core.least_squares import LeastSquares
from gdviz.core.moments import Array, frozen
from gdviz.core.objective import Objective
from gdviz.core.optimum import Optimum

__all__ = [
    "ALIKE",
    "NEAR",
    "STEPS_AHEAD",
    "Ahead",
    "Goal",
    "Settled",
    "Watch",
    "WatchBasin",
    "ahead_of",
    "arrival_epoch",
    "first_arrived",
]

NEAR = 0.01  # of a parameter's way
ALIKE = 0.001  # of the score
ROUNDING = 1e-6  # of the size of a weight: a way shorter than that is none
STEPS_AHEAD = 1_000
MOST_AHEAD = 1_000_000  # epochs beyond the last that a plain descent is followed, one by one
BLOCK = 50_000  # epochs at a time
SETTLED = 0.01  # of the cost
SHORTEST = 5  # records in a quarter of a run


@dataclass(frozen=True, eq=False)
class Ahead:
    """Bounds on distance and cost gap of a descent beyond its record.

    Attributes
    ----------
    steps : float
        How many steps beyond were looked at; infinite where all of them are known.
    distance : (p + 1,) array
        The farthest that each parameter is from the optimum there.
    gap : float
        The largest cost gap there.
    """

    steps: float
    distance: Array
    gap: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "distance", frozen(self.distance))

    def through(self, matrix: Array) -> "Ahead":
        """Bound the same in other coordinates, |θ'| <= matrix @ |θ|. matrix (p + 1, p + 1)."""
        return replace(self, distance=matrix @ self.distance)

    def as_array(self) -> Array:
        """One array of all of it, (p + 3,), for a file."""
        return np.array([self.steps, self.gap, *self.distance])

    @classmethod
    def of_array(cls, numbers: Array) -> "Ahead | None":
        """Return what :meth:`as_array` wrote; None of an empty array."""
        if not len(numbers):
            return None
        return cls(float(numbers[0]), numbers[2:], float(numbers[1]))

    @classmethod
    def over(cls, goal: "Goal", theta: Array, steps: float) -> "Ahead":
        """Summary of the records theta (k, p + 1) that so many steps have made."""
        distance = goal.distance(theta).max(axis=0, initial=0)
        return cls(steps, distance, float(goal.best.gap(theta).max(initial=0)))


@dataclass(frozen=True, eq=False)
class Goal:
    """The optimum that a descent goes to, and the distances from it that count as arrived.

    Attributes
    ----------
    best : LeastSquares or Optimum
    moves : (p + 1,) bool array
        Which parameters are not held.
    size : (p + 1,) array
        c_j, the size that each parameter can be expected to have.
    constant : float
        Cost of the best constant prediction; NaN where the score is undefined.
    """

    best: LeastSquares | Optimum
    moves: NDArray[np.bool_]
    size: Array
    constant: float

    def __post_init__(self) -> None:
        for name in ("moves", "size"):
            object.__setattr__(self, name, frozen(getattr(self, name)))

    @classmethod
    def of(cls, objective: Objective, best: LeastSquares | Optimum, fixed: Iterable[int]) -> "Goal":
        """Goal of a descent on an objective; fixed are the entries of θ that are held."""
        moves = ~np.isin(np.arange(len(objective.names)), [*fixed])
        return cls(best, moves, objective.sizes, objective.constant)

    def distance(self, theta: Array) -> Array:
        """Distance of each parameter from the nearest optimum. theta (k, p + 1) -> (k, p + 1)."""
        return np.where(self.moves, np.abs(self.best.offset(theta)), 0.0)

    def farthest(self, distance: Array) -> Array:
        """Return the farthest F that each parameter has been, up to each record. (k, p + 1)."""
        return np.maximum(np.maximum.accumulate(distance), ROUNDING * self.size)

    def near(self, distance: Array, farthest: Array, gap: Array) -> NDArray[np.bool_]:
        """Say which records count as near: distance, farthest (k, p + 1), gap (k,) -> (k,)."""
        if not self.best.exists:
            return np.zeros(len(distance), dtype=bool)
        alike = np.isnan(self.constant) | (gap <= ALIKE * self.constant)
        return np.asarray((distance <= NEAR * farthest).all(axis=1) & alike)


def first_arrived(near: NDArray[np.bool_]) -> int | None:
    """Index of the first of the records (k,) from which on all are near; None if the last is not.

    While a descent is near, it is not farther than it ever was, so F stays what it is.
    """
    if not near[-1]:
        return None
    return int(len(near) - np.argmin(near[::-1])) if not near.all() else 0


# Of a plain descent on a squared loss, for all eternity -------------------------------------------


class _Course(NamedTuple):
    """A plain descent at one learning rate: every epoch that it will ever have."""

    modes: Modes
    rate: float

    def offset(self, epochs: NDArray[np.int64]) -> Array:
        """θ − θ* at these epochs (n,), (n, p + 1)."""
        return self.modes.left(self.rate, epochs) @ self.modes.ways

    def envelope(self, epochs: NDArray[np.int64]) -> Array:
        """A bound on the distance at these epochs (n,) and at all later ones, (n, p + 1)."""
        return np.abs(self.modes.left(self.rate, epochs)) @ np.abs(self.modes.ways)

    def gap(self, epochs: NDArray[np.int64]) -> Array:
        """Cost gap at these epochs (n,); under 2/λmax it never rises."""
        left = self.modes.left(self.rate, epochs) * self.modes.residual
        return np.asarray((left**2).sum(axis=1))


def ahead_of(modes: Modes, rate: float, last: int, goal: Goal) -> Ahead:
    """Return bounds on distance and cost gap of a plain descent from an epoch on, for ever.

    Exactly, epoch by epoch, until the envelope of the modes is under what counts as near; from
    there on by the envelope.
    """
    course = _Course(modes, rate)
    far = np.abs(course.offset(np.append(0, tried_epochs(last)))).max(axis=0)
    far = np.maximum(far, ROUNDING * goal.size)
    later = last + tried_epochs(MOST_AHEAD)
    sure = (course.envelope(later) <= NEAR * far).all(axis=1)
    is_near = (np.abs(course.offset(np.array([last]))[0]) <= NEAR * far).all()
    until = later[np.argmax(sure)] if is_near and sure.any() else last + 1
    soon = np.arange(last + 1, int(until) + 1)
    distance = course.envelope(soon[-1:])[0]
    for block in np.array_split(soon, 1 + len(soon) // BLOCK):
        distance = np.maximum(distance, np.abs(course.offset(block)).max(axis=0))
    return Ahead(np.inf, np.where(goal.moves, distance, 0.0), float(course.gap(soon[:1])[0]))


def tried_epochs(most: int) -> NDArray[np.int64]:
    """Epochs 1 to `most`, each by a few per cent later than the one before."""
    return np.unique(np.geomspace(1, max(most, 1), 400).astype(np.int64))


def arrival_epoch(modes: Modes, rate: float, goal: Goal, most: int) -> int | None:
    """Return the first epoch, at most the given one, at which a plain descent has arrived.

    First an epoch after which it surely stays near is found from the envelope of the modes; then
    the epochs before it are looked at one by one.
    """
    if rate > modes.limit or not goal.best.exists:
        return None
    course = _Course(modes, rate)
    if most < BLOCK and not _near(course, goal, np.arange(most + 1))[-1]:
        return None  # and nothing later has to be looked at
    tried = tried_epochs(most + MOST_AHEAD)
    far = goal.farthest(np.abs(course.offset(np.append(0, tried))))[1:]
    sure = goal.near(course.envelope(tried), far, course.gap(tried))
    if not sure.any():
        return None
    first = first_arrived(_near(course, goal, np.arange(int(tried[np.argmax(sure)]) + 1)))
    return first if first is not None and first <= most else None


def _near(course: _Course, goal: Goal, epochs: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say at which of the epochs 0, 1, 2, … (n,) a descent is near. -> (n,)."""
    distance = np.where(goal.moves, np.abs(course.offset(epochs)), 0.0)
    return goal.near(distance, goal.farthest(distance), course.gap(epochs))


# Of any other, a number of steps further ----------------------------------------------------------


class Watch:
    """A rule for :func:`gdviz.core.iterate.collect`: it has been near for so many records on end.

    It is called with one block of records after the other, and remembers what it saw.
    """

    def __init__(self, goal: Goal, start: Array, records: int) -> None:
        self.goal, self.records = goal, records
        self.farthest = goal.distance(start[None])
        near = goal.near(self.farthest, goal.farthest(self.farthest), goal.best.gap(start[None]))
        self.running = int(near[0])  # records on end, up to the last one seen

    def __call__(self, theta: Array, cost: Array, before: Array) -> NDArray[np.bool_]:
        """Say which records (k,) are the last of so many near ones. theta (k, p + 1)."""
        distance = self.goal.distance(theta)
        farthest = self.goal.farthest(np.vstack([self.farthest, distance]))[1:]
        near = self.goal.near(distance, farthest, self.goal.best.gap(theta))
        index = np.arange(len(near))
        outside = np.maximum.accumulate(np.where(near, -1 - self.running, index))
        running = index - outside
        self.farthest, self.running = farthest[-1:], int(running[-1])
        return np.asarray(running > self.records)


class WatchBasin:
    """A rule for :func:`gdviz.core.iterate.collect`, of a function that may have several minima.

    Which of them a descent goes to shows only on the way. So now and then, whenever the record has
    grown by a quarter, the minimum that is near its end is looked for, and the whole record is
    judged by it.
    """

    def __init__(self, goal_near: Callable[[Array], Goal], start: Array, records: int) -> None:
        self.goal_near, self.records = goal_near, records
        self.blocks, self.count, self.due = [start[None]], 1, records + 1

    def __call__(self, theta: Array, cost: Array, before: Array) -> NDArray[np.bool_]:
        """Say whether the last of the records (k,) is the last of so many near ones."""
        self.blocks.append(theta.copy())
        self.count += len(theta)
        ends = np.zeros(len(theta), dtype=bool)
        if self.count > self.due and np.isfinite(theta[-1]).all():
            self.due = self.count + self.count // 4
            self.blocks = [np.concatenate(self.blocks)]
            ends[-1] = self._stays(self.blocks[0])
        return ends

    def _stays(self, theta: Array) -> bool:
        goal = self.goal_near(theta[-1])
        distance = goal.distance(theta)
        first = first_arrived(goal.near(distance, goal.farthest(distance), goal.best.gap(theta)))
        return first is not None and len(theta) - first > self.records


class Settled:
    """A rule for :func:`gdviz.core.iterate.collect`: the cost of batches has stopped falling.

    It has where the mean costs of the last two quarters of the run differ by less than 1 %, both of
    the cost and of what it fell from the start: creeping down is not settled, nor is a swing up.
    Called with one block of records after the other, it remembers their costs.
    """

    def __init__(self, cost: float, records: int = 1) -> None:
        """Of a descent that starts at this cost and makes so many records an epoch."""
        self.start, self.shortest = cost, SHORTEST * records
        self.sums = np.array([0.0, cost])  # of the costs of all records before

    def __call__(self, theta: Array, cost: Array, before: Array) -> NDArray[np.bool_]:
        """Say after which of the records (k,) it has settled."""
        self.sums = np.append(self.sums, self.sums[-1] + np.cumsum(cost))
        end = np.arange(len(self.sums) - len(cost), len(self.sums))
        quarter = end // 4
        late = self.sums[end] - self.sums[end - quarter]
        early = self.sums[end - quarter] - self.sums[end - 2 * quarter]
        late, early = late / np.maximum(quarter, 1), early / np.maximum(quarter, 1)
        fell = np.minimum(early, self.start - late)
        return np.asarray((quarter >= self.shortest) & (np.abs(early - late) < SETTLED * fell))
