"""Any other descent: step by step, its records collected in one array.

An optimizer sees gradients, of the whole table or of a batch of its rows, and says the steps. The
costs are computed afterwards, for many records at a time, and the walk ends at the first record
that a rule names.
"""

from collections.abc import Callable, Iterator
from itertools import islice, repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdviz.core.moments import Array
from gdviz.core.objective import Objective, Regression
from gdviz.core.optimizers import Optimizer

__all__ = ["Rule", "Walked", "batch_gradients", "collect", "full_gradients", "steps"]

BLOCK = 512  # records between two looks at their costs, at most
IN_VAIN = 4  # of so many records one, at most, is made beyond the end: each may be long work

Gradient = Callable[[Array], Array]
# theta (k, p + 1), cost (k,), the cost before (k,) -> which records (k,) are the last
Rule = Callable[[Array, Array, Array], NDArray[np.bool_]]


def steps(
    start: Array, free: Array, optimizer: Optimizer, gradients: Iterator[Gradient]
) -> Iterator[Array]:
    """Yield θ after every step: θₖ₊₁ = θₖ + step. free (p + 1,) is 0 for what is held fixed.

    Held is held by masking the step: a weight decay steps where the gradient is 0, too. The
    gradient is that over what moves, so that a norm of it knows nothing of what is held.
    """
    theta, state = start, optimizer.init(start)
    for gradient in gradients:
        step, state = optimizer.update(free * gradient(theta), state, theta)
        theta = theta + free * step
        yield theta


def full_gradients(objective: Objective) -> Iterator[Gradient]:
    """Gradient of the objective, of a table over all of its rows, again and again."""
    if not isinstance(objective, Regression):
        return repeat(objective.gradient)
    loss, dataset = objective.function, objective.dataset
    if not loss.squared:
        X, t, n = dataset.X, loss.target(dataset.y), dataset.n_samples
        return repeat(lambda theta: loss.gradient_on(theta, X, t) + loss.pull(theta) / n)
    rows = loss.moments(dataset).rows
    A, b = rows[:, :-1], rows[:, -1]
    H, g = 2 * A.T @ A, 2 * A.T @ b
    return repeat(lambda theta: H @ theta - g)


def batch_gradients(
    objective: Regression, batch_size: int, rng: np.random.Generator
) -> Iterator[Gradient]:
    """Gradients of batches of rows; each epoch sees every row once, in an order drawn anew."""
    loss, dataset = objective.function, objective.dataset
    X, t, n = dataset.X, loss.target(dataset.y), dataset.n_samples

    def of(rows: NDArray[np.int64]) -> Gradient:
        return lambda theta: loss.gradient_on(theta, X[rows], t[rows]) + loss.pull(theta) / n

    while True:
        order = rng.permutation(n)
        for first in range(0, n, batch_size):
            yield of(order[first : first + batch_size])


class Walked(NamedTuple):
    """What :func:`collect` recorded.

    theta (n_records, p + 1); cost (n_records,); the reason for the end, "" for none; and beyond
    (k, p + 1), what was walked but came after the end.
    """

    theta: Array
    cost: Array
    ended: str
    beyond: Array


def collect(
    walked: Iterator[Array],
    start: Array,
    cost: Callable[[Array], Array],
    most: int,
    rules: dict[str, Rule],
) -> Walked:
    """Record the θ that an iterator of steps yields, and their costs, until a rule ends it.

    Parameters
    ----------
    walked : iterator of θ (p + 1,)
    cost : theta (k, p + 1) -> (k,)
    most : int
        Number of records after the start, at most.
    rules : mapping from a reason to a rule
    """
    theta = np.empty((most + 1, len(start)))
    costs = np.empty(most + 1)
    theta[0], costs[0] = start, cost(start[None])[0]
    with np.errstate(over="ignore", invalid="ignore"):
        last = 1
        while last <= most:
            first, last = last, min(last + _block(last), most + 1)
            for k, point in enumerate(islice(walked, last - first), start=first):
                theta[k] = point
            costs[first:last] = cost(theta[first:last])
            now, before = slice(first, last), slice(first - 1, last - 1)
            ends = {
                reason: int(np.argmax(hit))
                for reason, rule in rules.items()
                if (hit := rule(theta[now], costs[now], costs[before])).any()
            }
            if ends:
                reason = min(ends, key=ends.__getitem__)
                end = first + ends[reason]
                return Walked(theta[: end + 1], costs[: end + 1], reason, theta[end + 1 : last])
    return Walked(theta, costs, "", theta[:0])


def _block(walked: int) -> int:
    """Return the number of records to make before their costs are next computed."""
    return min(max(walked // IN_VAIN, 1), BLOCK)
