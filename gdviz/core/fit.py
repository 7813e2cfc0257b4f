"""An objective, an optimizer and a start -> the history: θ and the cost of every epoch.

A plain descent on a squared loss is written down in closed form (:mod:`gdviz.core.closed_form`);
any other optimizer, loss or batch size goes step by step (:mod:`gdviz.core.iterate`). Both give the
same :class:`~gdviz.core.history.record.History`.
"""

import inspect
import math
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdviz.checks import finite, not_negative, positive, whole
from gdviz.core.arguments import checked_start, index_of
from gdviz.core.arrival import (
    STEPS_AHEAD,
    Ahead,
    Goal,
    Settled,
    Watch,
    WatchBasin,
    ahead_of,
    arrival_epoch,
    first_arrived,
)
from gdviz.core.closed_form import DIVERGED, MOST_COST, MOST_EPOCHS, Modes
from gdviz.core.functions import Function
from gdviz.core.good_rate import (
    GENTLE_EPOCHS,
    Course,
    gentle_rate,
    gentle_rate_of,
    soonest_rate,
)
from gdviz.core.history.record import History
from gdviz.core.iterate import Rule, batch_gradients, collect, full_gradients, steps
from gdviz.core.least_squares import LeastSquares
from gdviz.core.moments import Array
from gdviz.core.objective import Objective, Regression
from gdviz.core.optimizers import (
    OPTIMIZERS,
    Optimizer,
    checked_optimizer,
    needs_steepness,
    scheduled,
)
from gdviz.core.optimum import Optimum
from gdviz.core.registry import chosen, named
from gdviz.core.schedules import (
    CUSTOM,
    Schedule,
    checked_schedule,
    named_like_schedule,
    rate_words,
    schedule_of,
)
from gdviz.messages import option, warn

__all__ = ["DivergenceWarning", "fit", "starting_point"]

RECORDED = 100_000_000  # epochs at most: beyond, memory is short
MOST_FEATURES = 1_000  # beyond, each epoch of the record is as large as a table
SEPARATED = 0.01  # of the starting cost: where a descent on separable classes ends


class DivergenceWarning(UserWarning):
    """The learning rate is too large: every step overshoots by more than the last."""


def fit(
    objective: Objective,
    *,
    optimizer: str | Optimizer = "gd",
    learning_rate: float | str | Schedule = "gentle",
    epochs: int | Literal["auto"] = "auto",
    theta0: Any = None,
    fixed_intercept: float | Literal["ols"] | None = None,
    fixed: Mapping[str, float | Literal["ols"]] | None = None,
    batch_size: int | None = None,
    seed: int | np.random.Generator = 0,
    record: Literal["epoch", "step"] = "epoch",
    tol: float | Literal["auto"] | None = None,
    look_ahead: bool = True,
) -> History:
    """Record a descent on an objective; the arguments are those of :func:`gdviz.fit`.

    Without `look_ahead`, whether it has arrived is judged on the record, and the optimum is not
    looked for before somebody asks.

    >>> from gdviz.core.dataset import Dataset
    >>> table = Dataset.of([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])
    >>> fit(Regression(table), epochs=1000).theta[-1].round(6)
    array([1., 2.])
    """
    if not isinstance(optimizer, str):
        checked_optimizer(optimizer)
    _check_seed(seed)
    unit = chosen(("epoch", "step"), str(record), "value of record")
    start = starting_point(objective, theta0, seed)
    held = _fixed(objective, start, fixed_intercept, fixed)
    start[list(held)] = list(held.values())
    _check_size(objective)
    problem = _Problem(objective, start, held)
    plan = _Plan(
        learning_rate=_rate(learning_rate, optimizer, epochs),
        epochs="auto" if epochs == "auto" else _epochs(epochs),
        batch_size=None if batch_size is None else _batch(batch_size, objective),
        seed=seed,
        each_step=unit == "step",
        tol=_tolerance(tol),
        look_ahead=look_ahead,
    )
    plain = optimizer == "gd" and not plan.scheduled
    if plain and batch_size is None and _is_squared(objective):
        outcome = _closed(problem, plan)
    else:
        outcome = _walked(problem, plan, optimizer)
    history = History(
        objective=objective,
        theta=outcome.theta,
        cost=outcome.cost,
        epoch=np.arange(len(outcome.cost)),
        learning_rate=outcome.rate,
        fixed=tuple(held),
        optimizer=optimizer if isinstance(optimizer, str) else "custom",
        ended=outcome.ended,
        unit=unit,
        batch_size=None if plan.batch_size is None else plan.batch(objective),
        seed=int(seed) if isinstance(seed, (int, np.integer)) else None,
        ahead=outcome.ahead,
    )
    if objective.convex and "best" in vars(problem):  # what was found need not be looked for again
        vars(history)["best"] = problem.best
    _warn(history, outcome, plan)
    return history


def _is_squared(objective: Objective) -> bool:
    return isinstance(objective, Regression) and objective.function.squared


def _check_size(objective: Objective) -> None:
    """Raise ValueError for more parameters than are recorded."""
    n = len(objective.names) - 1
    if n > MOST_FEATURES:
        raise ValueError(
            f"{n:,} features are more than the {MOST_FEATURES:,} of which a descent is recorded; "
            f"choose some, {option(features=objective.names[1:3])}"
        )


@dataclass(frozen=True, eq=False)
class _Problem:
    """The objective, the start (p + 1,) and the entries of θ that are held, at their values."""

    objective: Objective
    start: Array
    fixed: dict[int, float]

    @property
    def free(self) -> list[int]:
        return [j for j in range(len(self.start)) if j not in self.fixed]

    @cached_property
    def best(self) -> LeastSquares | Optimum:
        return self.objective.lowest(self.fixed, self.start)

    @cached_property
    def goal(self) -> Goal:
        return Goal.of(self.objective, self.best, self.fixed)

    def goal_near(self, theta: Array) -> Goal:
        """Goal of a descent that has come to θ (d,): of several, the one that is near."""
        if self.objective.convex:
            return self.goal
        best = self.objective.lowest(self.fixed, theta)
        return Goal.of(self.objective, best, self.fixed)

    @property
    def course(self) -> Course:
        return Course(self.objective, self.start, self.fixed, self.goal)

    def bound(self) -> float:
        """Cost at which a descent has left everything that could be drawn."""
        with np.errstate(over="ignore"):
            cost = float(self.objective.cost(self.start))
        if not cost <= MOST_COST:
            raise ValueError(
                f"the cost at the start is {cost:.3g}, too large to draw; start nearer to 0 "
                "or express the columns in larger units"
            )
        return min(DIVERGED * cost, MOST_COST) if cost else MOST_COST


class _Plan(NamedTuple):
    """The arguments of :func:`fit` that say how to step, and until when."""

    learning_rate: float | str | Schedule
    epochs: int | str
    batch_size: int | None
    seed: int | np.random.Generator
    each_step: bool
    tol: float | str | None
    look_ahead: bool

    @property
    def arrives(self) -> bool:
        """Whether to end where it has arrived."""
        return self.tol == "auto" or (self.tol is None and self.epochs == "auto")

    @property
    def scheduled(self) -> bool:
        return named_like_schedule(self.learning_rate)

    def schedule(self, objective: Objective) -> Schedule:
        """The learning rate as a function of the step."""
        assert not isinstance(self.learning_rate, float)
        epochs = math.inf if self.epochs == "auto" else int(self.epochs)
        return schedule_of(self.learning_rate, epochs * self.steps_an_epoch(objective))

    def batch(self, objective: Objective) -> int:
        """Rows a step."""
        return min(self.batch_size or objective.n_samples, objective.n_samples)

    def steps_an_epoch(self, objective: Objective) -> int:
        return -(-objective.n_samples // self.batch(objective))

    def most_records(self, objective: Objective) -> int:
        """Records after the start, at most."""
        per_epoch = self.steps_an_epoch(objective)
        epochs = max(1, MOST_EPOCHS // per_epoch) if self.epochs == "auto" else int(self.epochs)
        return epochs * per_epoch if self.each_step else epochs

    def records_ahead(self, objective: Objective) -> int:
        """Records that 1,000 steps make."""
        return STEPS_AHEAD if self.each_step else -(-STEPS_AHEAD // self.steps_an_epoch(objective))


class _Outcome(NamedTuple):
    theta: Array
    cost: Array
    rate: float | str
    ended: str
    ahead: Ahead | None = None
    limit: float = math.nan  # 2/λmax, where it is known


def _closed(problem: _Problem, plan: _Plan) -> _Outcome:
    """Record a plain descent on a squared loss, in closed form."""
    bound, objective = problem.bound(), problem.objective
    assert isinstance(objective, Regression)
    assert isinstance(problem.best, LeastSquares)  # a squared loss
    rows = objective.function.moments(objective.dataset).rows
    modes = Modes.of(rows, problem.start, problem.fixed, problem.best)
    rate = plan.learning_rate
    if isinstance(rate, str):
        rate = modes.auto_rate if rate == "auto" else gentle_rate(modes, problem.goal)
    assert isinstance(rate, float)  # a schedule has no closed form
    last, ended = plan.most_records(objective), "epochs"
    if rate > modes.limit:
        last, ended = modes.last_drawable(rate, last, bound), "diverged"
    elif plan.arrives:
        arrived = arrival_epoch(modes, rate, problem.goal, last)
        if arrived is not None:
            last, ended = max(arrived, 1), "arrived"
    theta = modes.record(rate, last)
    cost = objective.cost(theta)
    if isinstance(plan.tol, float) and ended != "diverged":
        still = _changes_little(plan.tol)(theta[1:], cost[1:], cost[:-1])
        if still.any():
            end = int(np.argmax(still)) + 2
            theta, cost, ended = theta[:end], cost[:end], "tol"
    ahead = None
    if ended != "diverged":
        ahead = ahead_of(modes, rate, len(theta) - 1, problem.goal)
    return _Outcome(theta, cost, rate, ended, ahead, modes.limit)


def _walked(problem: _Problem, plan: _Plan, optimizer: str | Optimizer) -> _Outcome:
    """Record any other descent, step by step."""
    objective, n = problem.objective, problem.objective.n_samples
    batch, per_epoch = plan.batch(objective), plan.steps_an_epoch(objective)
    rate, stepping = _stepping(problem, plan, optimizer, batch)
    if batch < n:
        assert isinstance(objective, Regression)
        # A copy, because more steps may be made than are recorded.
        rng = np.random.default_rng(deepcopy(plan.seed))
        gradients = batch_gradients(objective, batch, rng)
    else:
        gradients = full_gradients(objective)
    free = np.isin(np.arange(len(problem.start)), problem.free).astype(np.float64)
    walked = steps(problem.start, free, stepping, gradients)
    if per_epoch > 1 and not plan.each_step:
        walked = islice(walked, per_epoch - 1, None, per_epoch)
    outcome = _recorded(problem, plan, walked)
    if batch < n and isinstance(plan.seed, np.random.Generator):
        records = len(outcome.cost) - 1
        for _ in range(-(-records // per_epoch) if plan.each_step else records):
            plan.seed.permutation(n)  # so it goes on where the record ends
    return outcome._replace(rate=rate)


def _recorded(problem: _Problem, plan: _Plan, walked: Iterator[Array]) -> _Outcome:
    """Record the steps that an iterator yields, and look at some beyond the record."""
    objective = problem.objective
    most, records = plan.most_records(objective), plan.records_ahead(objective)
    # Where it ends by itself, steps are made for a while before it is known to have arrived.
    longest = most + records if plan.arrives else most
    theta, cost, ended, beyond = collect(
        walked, problem.start, objective.cost, longest, _rules(problem, plan)
    )
    last = len(theta) - 1
    goal = problem.goal_near(theta[-1]) if ended == "arrived" or plan.look_ahead else None
    if goal is not None and ended == "arrived":
        last = max(_arrival(goal, theta), 1)
    elif last > most:
        last, ended = most, ""
    if ended == "diverged":  # the record that tells of it cannot be drawn
        return _Outcome(theta[:last], cost[:last], math.nan, ended)
    beyond = np.vstack([theta[last + 1 :], beyond])[:records]
    theta, cost = theta[: last + 1], cost[: last + 1]
    ahead = None
    if goal is not None and plan.look_ahead:
        ahead = _look_ahead(objective, goal, theta, beyond, walked, records)
    return _Outcome(theta, cost, math.nan, ended or "epochs", ahead)


def _arrival(goal: Goal, theta: Array) -> int:
    """Index of the first record of θ (k, d) from which on all are near."""
    distance = goal.distance(theta)
    return first_arrived(goal.near(distance, goal.farthest(distance), goal.best.gap(theta))) or 0


def _look_ahead(
    objective: Objective,
    goal: Goal,
    theta: Array,
    beyond: Array,
    walked: Iterator[Array],
    records: int,
) -> Ahead | None:
    """Return the summary of so many records after theta (k, d); None if its end is not near.

    beyond (m, d) are those of them that are computed already.
    """
    farthest = goal.farthest(goal.distance(theta))[-1:]

    def leaves(theta: Array, cost: Array, before: Array) -> NDArray[np.bool_]:
        return ~goal.near(goal.distance(theta), farthest, goal.best.gap(theta))

    nothing = theta[-1:, 0]
    if leaves(theta[-1:], nothing, nothing)[0]:
        return None
    if len(beyond) < records:
        more = records - len(beyond)
        went = collect(walked, theta[-1], objective.cost, more, {"leaves": leaves})
        beyond = np.vstack([beyond, went.theta[1:]])
    return Ahead.over(goal, beyond, STEPS_AHEAD)


def _stepping(
    problem: _Problem, plan: _Plan, optimizer: str | Optimizer, batch: int
) -> tuple[float | str, Optimizer]:
    """Learning rate and optimizer; NaN where the optimizer was made elsewhere."""
    if not isinstance(optimizer, str):
        return math.nan, optimizer
    factory = named(OPTIMIZERS, optimizer, "optimizer")
    rate = plan.learning_rate
    if plan.scheduled:
        return rate if isinstance(rate, str) else CUSTOM, scheduled(
            factory, plan.schedule(problem.objective)
        )
    if isinstance(rate, str):
        least = GENTLE_EPOCHS if rate == "gentle" else 0
        if needs_steepness(optimizer):
            rate = _safe_rate(problem, batch)
            if batch < problem.objective.n_samples:  # a velocity adds up the noise of its batches
                rate *= 1 - _decay(factory)
            rate = gentle_rate_of(problem.course, factory, rate) if least else rate
        else:
            rate = soonest_rate(problem.course, factory, least=least)
    assert isinstance(rate, float)
    return rate, factory(rate)


def _decay(factory: Callable[..., Optimizer]) -> float:
    """Return the share of its velocity that an optimizer keeps; 0 where it has none."""
    known = inspect.signature(factory).parameters
    return float(known["decay"].default) if "decay" in known else 0.0


def _safe_rate(problem: _Problem, batch: int) -> float:
    """1/λmax, or its bound: of the whole table, or of the steepest of its rows."""
    objective = problem.objective
    steepest = objective.steepest(problem.start, problem.free)
    if batch < objective.n_samples:
        assert isinstance(objective, Regression)
        dataset, loss = objective.dataset, objective.function
        A = np.column_stack([np.ones(dataset.n_samples), dataset.X])[:, problem.free]
        steepest = max(steepest, loss.curvature * float((A**2).sum(axis=1).max()))
    if not steepest > 0:
        why = "every feature is 0 in every row"
        if not isinstance(objective, Regression):
            why = f"{objective} is flat where it starts"
        raise ValueError(f"{why}: nothing that moves changes the cost")
    return 1 / steepest


def _rules(problem: _Problem, plan: _Plan) -> dict[str, Rule]:
    """Return the rules that end a descent before its last epoch, by the name of that end."""
    objective, records = problem.objective, plan.records_ahead(problem.objective)
    rules: dict[str, Rule] = {"diverged": _out_of_sight(problem)}
    if isinstance(plan.tol, float):
        rules["tol"] = _changes_little(plan.tol)
    if not plan.arrives:
        return rules
    start, cost = problem.start, float(objective.cost(problem.start))
    if not objective.convex:
        rules["arrived"] = WatchBasin(problem.goal_near, start, records)
    elif problem.best.exists:
        rules["arrived"] = Watch(problem.goal, start, records)
    else:
        low = problem.best.cost + SEPARATED * (cost - problem.best.cost)
        rules["separable"] = lambda theta, cost, before: cost <= low
    if plan.steps_an_epoch(objective) > 1:
        an_epoch = plan.steps_an_epoch(objective) if plan.each_step else 1
        rules["settled"] = Settled(cost, an_epoch)
    return rules


def _out_of_sight(problem: _Problem) -> Rule:
    """Return the rule that ends a descent which has left everything that could be drawn."""
    objective = problem.objective
    if isinstance(objective, Function):
        return lambda theta, cost, before: ~(np.isfinite(cost) & objective.within(theta))
    bound = problem.bound()
    return lambda theta, cost, before: ~(cost <= bound)


def _changes_little(tol: float) -> Rule:
    return lambda theta, cost, before: np.abs(before - cost) <= tol * np.abs(before)


def _warn(history: History, outcome: _Outcome, plan: _Plan) -> None:
    """Warn of what did not end as it should; in the name of fit's caller."""
    last = len(outcome.cost) - 1
    if history.diverged:
        name = "the optimizer" if history.optimizer == "custom" else history.optimizer
        rate = rate_words(outcome.rate)
        why = f"{rate} makes {name} diverge" if rate else f"{name} diverges"
        advice = "try a smaller one"
        if not math.isnan(outcome.limit) and isinstance(outcome.rate, float):
            why = f"learning rate {_above(outcome.rate, outcome.limit)}: the descent diverges"
            advice = f"try {outcome.limit / 2:.3g} (1/λmax)"
        message = f"{why}, its record ends at epoch {last:,}; {advice}"
        if not (history.has_table or history.best.exists):
            message = f"{history.objective} falls for ever: the record ends at epoch {last:,}"
        warn(message, DivergenceWarning)
    elif plan.tol is not None and outcome.ended == "epochs" and not history.converged:
        from sklearn.exceptions import ConvergenceWarning

        left = f"the cost still changes by more than tol = {plan.tol} of itself"
        advice = "allow more epochs, or another learning rate"
        if plan.arrives:
            left = f"it has not arrived ({history.what_is_left})"
            advice += ", or scale the features"
        message = f"{left} after {last:,} epochs; {advice}"
        warn(message, ConvergenceWarning)


def _fixed(
    objective: Objective,
    start: Array,
    intercept: float | Literal["ols"] | None,
    named_values: Mapping[str, float | Literal["ols"]] | None,
) -> dict[int, float]:
    """Index of θ -> value, for what is held fixed."""
    if not isinstance(named_values, Mapping | None):
        raise TypeError(f'fixed gives names values, as {{"area": 2.0}}, not {named_values!r}')
    wanted: dict[int, float | str] = {
        index_of(name, objective.names, "hold fixed"): value
        for name, value in (named_values or {}).items()
    }
    if intercept is not None:
        if not isinstance(objective, Regression):
            example = option(fixed={objective.names[0]: 0.0})
            raise ValueError(f"a function has no intercept: hold a number by name, {example}")
        if 0 in wanted:
            raise ValueError(
                'fixed_intercept and fixed={"intercept": ...} are both given: give one'
            )
        wanted[0] = intercept
    if len(wanted) == len(start):
        raise ValueError("every parameter is held fixed: nothing is left to descend")
    numbers = {
        j: finite("fixed_intercept" if j == 0 else "a fixed weight", value, also='"ols" or ')
        for j, value in wanted.items()
        if value != "ols"
    }
    if len(numbers) == len(wanted):
        return numbers
    best = objective.lowest(numbers, start)
    # Where there is no optimum, what is far out on a cost that falls for ever is no place to hold.
    at = best.nearest(start) if best.exists else start
    return {j: numbers.get(j, float(at[j])) for j in wanted}


def _check_seed(seed: Any) -> None:
    try:
        np.random.default_rng(seed)
    except (TypeError, ValueError):
        raise ValueError(
            f"seed must be a whole number of at least 0, or a numpy Generator, not {seed!r}"
        ) from None


def starting_point(objective: Objective, theta0: Any, seed: int | np.random.Generator) -> Array:
    """Return the start (d,) of numbers, "zero" or "random"; of None, that of the objective."""
    d = len(objective.names)
    if theta0 is None:
        return np.array(objective.start, dtype=np.float64)
    if isinstance(theta0, str) and theta0 == "zero":
        return np.zeros(d)
    if isinstance(theta0, str) and theta0 == "random":
        return np.asarray(objective.sizes * np.random.default_rng(seed).standard_normal(d))
    start = checked_start(theta0, objective.names, hint=' ("zero" and "random" are starts, too)')
    if isinstance(objective, Function) and not objective.within(start):
        raise ValueError(f"the start {theta0} lies far outside of all that is drawn of {objective}")
    return start


def _rate(rate: Any, optimizer: str | Optimizer, epochs: int | str) -> float | str | Schedule:
    if isinstance(rate, str) and rate in ("auto", "gentle"):
        return rate
    if named_like_schedule(rate):
        if not isinstance(optimizer, str):
            raise ValueError(
                "an optimizer that is made has its learning rate; give it by name beside a "
                "schedule, or make it by scheduled(factory, schedule)"
            )
        return checked_schedule(rate, epochs=epochs)
    also = '"auto", "gentle", a schedule such as "cosine:from=0.1" or '
    return positive("learning_rate", rate, also)


def _epochs(epochs: Any) -> int:
    return whole("epochs", epochs, 1, RECORDED, also='"auto" or ')


def _above(rate: float, limit: float) -> str:
    """Write both in as many digits as tell them apart, six or more."""
    digits = next(n for n in range(6, 18) if f"{rate:.{n}g}" != f"{limit:.{n}g}")
    return f"{rate:.{digits}g} exceeds 2/λmax = {limit:.{digits}g}"


def _batch(size: Any, objective: Objective) -> int:
    if not isinstance(objective, Regression):
        raise ValueError("a function has no rows: leave batch_size out")
    return whole("batch_size", size, 1, RECORDED)


def _tolerance(tol: Any) -> float | str | None:
    if tol is None or (isinstance(tol, str) and tol == "auto"):
        return tol
    return not_negative("tol", tol, also='"auto", None, ')
