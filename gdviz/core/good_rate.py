"""An objective and an optimizer -> the learning rate that "auto" and "gentle" stand for.

Of a plain descent 1/λmax is the largest rate that overshoots in no direction; momentum takes the
same. Optimizers that divide by the size of the gradient (Adam, RMSprop, AdaGrad) step by about the
rate itself, whatever the cost is like, so the papers' 0.001 is right only for weights of about 1.
There is no formula for what is right; but to try costs little: some rates on a logarithmic scale,
from the longest way that a parameter has to go down to a thousandth of the shortest, are followed
at once, as one stack of parameters, and "auto" is the one that arrives soonest. Lion, whose steps
are never shorter than the rate, gets a small one by the same rule; of a weight decay λ none above
1/λ is tried, at which the decay alone would overshoot 0 ("gentle": 1/100λ).

"gentle" is for watching. It is the same rate, or where that arrives within 100 epochs a smaller
one, so that there are 100 to be seen.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdviz.core.arrival import STEPS_AHEAD, Goal, arrival_epoch, first_arrived
from gdviz.core.closed_form import DIVERGED, MOST_COST, Modes
from gdviz.core.dataset import Dataset
from gdviz.core.functions import Function
from gdviz.core.moments import Array
from gdviz.core.objective import Objective, Regression
from gdviz.core.optimizers import Optimizer, reach

__all__ = [
    "GENTLE_EPOCHS",
    "MOST_ROWS",
    "ROOM",
    "Course",
    "gentle_rate",
    "gentle_rate_of",
    "rate_that_arrives",
    "soonest_rate",
]

GENTLE_EPOCHS = 100
FASTER = 4  # times 1/λmax momentum can bear, at most: 2 (1 + β)
SMALLER = np.geomspace(1, 0.01, 100)  # times the rate that overshoots nowhere
MOST_DECADES = 16
SOON, LATE = 1_000, 20_000  # epochs that are tried
ROOM = 20_000_000  # numbers that a trial may keep
MOST_ROWS = 500  # that a trial looks at

Factory = Callable[[Array], Optimizer]


class Course(NamedTuple):
    """An objective, the start, the held values and the goal: what trials of learning rates need.

    ``fixed`` maps an index of θ to the value that it is held at.
    """

    objective: Objective
    start: Array
    fixed: dict[int, float]
    goal: Goal

    def of_few_rows(self) -> "Course":
        """Return the same course over a sample of the rows, which is quick to try."""
        if self.quick or self.objective.n_samples <= MOST_ROWS:
            return self
        assert isinstance(self.objective, Regression)  # a function has no rows
        data, labels = self.objective.dataset, self.objective.function.labels
        rows = np.sort(np.random.default_rng(0).choice(data.n_samples, MOST_ROWS, replace=False))
        if labels and np.ptp(data.y[rows]) == 0:
            return self  # one label tells nothing of the other
        table = Dataset(data.X[rows], data.y[rows], data.feature_names, data.target_name)
        few = Regression(table, self.objective.loss)
        goal = Goal.of(few, few.lowest(self.fixed, self.start), self.fixed)
        return self._replace(objective=few, goal=goal)

    @property
    def quick(self) -> bool:
        """Whether an epoch is computed without the rows, as of squares and functions."""
        objective = self.objective
        return not isinstance(objective, Regression) or objective.function.squared

    def in_sight(self, theta: Array, cost: Array) -> bool:
        """Whether records θ (k, d) of these costs (k,) could all be drawn."""
        if isinstance(self.objective, Function):
            return bool((np.isfinite(cost) & self.objective.within(theta)).all())
        return bool((cost <= min(DIVERGED * cost[0] or MOST_COST, MOST_COST)).all())

    def gradients(self) -> Callable[[Array], Array]:
        """Gradients at a stack of parameters: theta (c, p + 1) -> (c, p + 1)."""
        if not isinstance(self.objective, Regression):
            return self.objective.gradient
        data, loss = self.objective.dataset, self.objective.function
        if loss.squared:
            rows = loss.moments(data).rows
            A, b = rows[:, :-1], rows[:, -1]
            H, g = 2 * A.T @ A, 2 * A.T @ b
            return lambda theta: theta @ H - g
        n = data.n_samples
        A, t = np.column_stack([np.ones(n), data.X]), loss.target(data.y)
        pulled = 2 * loss.penalty * np.append(0.0, np.ones(data.n_features))
        return lambda theta: (loss.slope(theta @ A.T, t) @ A + pulled * theta) / n


def gentle_rate(modes: Modes, goal: Goal) -> float:
    """Return 1/λmax of a plain descent on squares; where that arrives within 100 epochs, less."""
    for rate in (modes.auto_rate, *_two_digits(SMALLER * modes.auto_rate)):
        if arrival_epoch(modes, rate, goal, GENTLE_EPOCHS - 1) is None:
            return rate
    return modes.auto_rate  # it starts at the optimum


def gentle_rate_of(course: Course, factory: Factory, rate: float) -> float:
    """Return the rate of an optimizer; where that arrives within 100 epochs, a smaller one."""
    rates = np.array([rate, *_two_digits(SMALLER * rate)])
    arrived, _ = _tried(course, factory, rates, 2 * GENTLE_EPOCHS, 2 * GENTLE_EPOCHS)
    late = arrived >= GENTLE_EPOCHS
    return float(rates[np.argmax(late)]) if late.any() else rate


def soonest_rate(course: Course, factory: Factory, *, least: int = 0) -> float:
    """Return the rate with which an optimizer arrives soonest, but not within `least` epochs.

    Where none that is tried arrives, the one that comes lowest; the smallest, where all diverge.
    """
    most = reach(factory) / max(least, 1)  # the decay alone takes 1/αλ epochs
    rates = np.unique(np.minimum(_trial_rates(course), most))[::-1]
    late = course.quick and LATE * len(rates) * len(course.start) <= ROOM
    for epochs in (SOON, LATE) if late else (SOON,):
        arrived, left = _tried(course, factory, rates, epochs)
        if np.isfinite(arrived).any():
            seen = np.where(arrived >= least, arrived, np.inf)
            if not np.isfinite(seen).any():  # then the one that arrives last
                seen = np.where(np.isfinite(arrived), -arrived, np.inf)
            return float(rates[np.argmin(seen)])
    return float(rates[np.argmin(left)] if np.isfinite(left).any() else rates[-1])


def rate_that_arrives(
    course: Course, factory: Factory, epochs: int, *, by_steepness: bool
) -> tuple[float, float]:
    """Return the rate that arrives soonest, and when, if that is within the epochs; else 0, inf.

    by_steepness: whether the rates that suit the optimizer depend on how steep the cost is.
    """
    rates = _trial_rates(course)
    if by_steepness:
        free = np.flatnonzero(course.goal.moves).tolist()
        safe = 1 / course.objective.steepest(course.start, free)
        rates = np.array(_two_digits(FASTER * SMALLER[::4] * safe))
    arrived, _ = _tried(course, factory, rates, epochs)
    soonest = int(np.argmin(arrived))
    found = np.isfinite(arrived[soonest])
    return (float(rates[soonest]) if found else 0.0), float(arrived[soonest])


def _trial_rates(course: Course) -> Array:
    """Rates from the longest way of a parameter to a thousandth of the shortest, (c,)."""
    goal = course.goal
    ways = goal.distance(course.start[None])[0] if goal.best.exists else goal.size[goal.moves]
    ways = ways[ways > 0] if (ways > 0).any() else np.ones(1)
    # Near is a hundredth of the way, and Lion swings by some times its rate.
    decades = min(3 + np.log10(ways.max() / ways.min()), MOST_DECADES)
    return np.array(_two_digits(ways.max() * 10.0 ** -np.arange(0, decades + 0.25, 0.25)))


def _two_digits(rates: Array) -> list[float]:
    return [float(f"{rate:.2g}") for rate in rates]


def _tried(
    course: Course, factory: Factory, rates: Array, within: int, beyond: int = STEPS_AHEAD
) -> tuple[Array, Array]:
    """Epoch at which each rate (c,) arrives, and the cost gap at the end. (c,), (c,).

    It has to arrive within some epochs, and to stay for some beyond; the epoch is infinite if it
    does not. Of a rate that diverges both are.
    """
    course = course.of_few_rows()
    path = _paths(course, factory, rates, within + beyond)
    arrived, left = np.full(len(rates), np.inf), np.full(len(rates), np.inf)
    for i in range(len(rates)):
        theta = path[:, i]
        with np.errstate(over="ignore", invalid="ignore"):
            cost = course.objective.cost(theta)
        if not course.in_sight(theta, cost):
            continue
        near, left[i] = _ended(course.goal, theta)
        first = first_arrived(near)
        if first is not None and first <= within:
            arrived[i] = first
    return arrived, left


def _ended(goal: Goal, theta: Array) -> tuple[NDArray[np.bool_], float]:
    """Whether each record of θ (k, p + 1) is near its goal, (k,), and the cost gap at the end.

    That is the largest of the last quarter: a swing that ends near is not near.
    """
    gap = goal.best.gap(theta)
    left = float(gap[-(len(theta) // 4) :].max())
    if not goal.best.exists:  # 1 % of the way down that can be gone
        return np.asarray(gap <= 0.01 * gap[0]), left
    distance = goal.distance(theta)
    return goal.near(distance, goal.farthest(distance), gap), left


def _paths(course: Course, factory: Factory, rates: Array, epochs: int) -> Array:
    """θ of descents at all these rates at once, (epochs + 1, c, p + 1)."""
    optimizer, gradient = factory(rates[:, None]), course.gradients()
    free = course.goal.moves.astype(np.float64)
    path = np.empty((epochs + 1, len(rates), len(course.start)))
    path[0] = course.start
    state = optimizer.init(path[0])
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(epochs):
            step, state = optimizer.update(free * gradient(path[k]), state, path[k])
            path[k + 1] = path[k] + free * step
    return path
