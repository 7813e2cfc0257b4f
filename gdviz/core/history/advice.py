"""What would help a descent: columns to scale or to leave out, another learning rate.

Descent creeps where the cost is a long valley: where λmax/λmin, the condition number of its
Hessian, is large. Where columns differ in size, scaling makes the valley rounder. Where columns are
nearly combinations of each other scaling does not help; then they are named.
"""

import inspect
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdviz.core.arrival import arrival_epoch
from gdviz.core.closed_form import MOST_EPOCHS, Modes
from gdviz.core.dataset import Dataset
from gdviz.core.good_rate import MOST_ROWS, ROOM, Course, rate_that_arrives
from gdviz.core.least_squares import LeastSquares, least_squares
from gdviz.core.losses import LOSSES
from gdviz.core.optimizers import OPTIMIZERS, needs_steepness, reach
from gdviz.core.registry import named
from gdviz.core.text import plain
from gdviz.core.wording import counted, listing, spell
from gdviz.messages import refit

if TYPE_CHECKING:
    from gdviz.core.history.record import History

__all__ = ["Conditions", "advice", "conditions"]

LONG = 1e3  # a condition number at which descent creeps
HELPS = 10.0  # times: what scaling has to take off it to be worth it
COLLINEAR = 1e8  # a condition number of scaled columns at which weights lose half of their digits
TOUCHED = 0.05  # of the largest entry of a direction: a column that has part in it
MOST_TRIED = 10_000  # epochs of a descent for which other rates are tried


class Conditions(NamedTuple):
    """Condition numbers λmax/λmin of a table: as it is, and with its columns standardised.

    Directions in which the table has nothing at all, such as those between a column and its copy,
    do not count: no descent moves there. ``blamed`` holds the features, from 0, that have part in
    the flattest direction of the standardised table.
    """

    as_it_is: float
    scaled: float
    blamed: tuple[int, ...]


def conditions(dataset: Dataset, fixed: Iterable[int] = ()) -> Conditions:
    """Return the condition numbers over the entries of θ that are not fixed."""
    held = {*fixed}
    solved = least_squares(dataset, dict.fromkeys(held, 0.0))
    sigma = np.linalg.svd(solved.factor, compute_uv=False)[: solved.rank]
    moments = dataset.moments
    free = [j for j in range(dataset.n_features) if j + 1 not in held and not moments.constant[j]]
    root = moments.root[:, free]
    _, s, Vt = np.linalg.svd(root / np.linalg.norm(root, axis=0), full_matrices=False)
    real = s > max(moments.n, len(s)) * np.finfo(float).eps * s.max(initial=0)
    s, Vt = s[real], Vt[real]
    if not len(s):
        return Conditions(_ratio(sigma), 1.0, ())
    whole = s if 0 in held else np.append(s, 1.0)  # of the intercept, once the means are 0
    part = np.abs(Vt[-1]) > TOUCHED * np.abs(Vt[-1]).max()
    return Conditions(_ratio(sigma), _ratio(whole), tuple(np.array(free)[part].tolist()))


def _ratio(singular: NDArray[np.floating[Any]]) -> float:
    """λmax/λmin from singular values (m,); infinite where doubles cannot tell."""
    if not len(singular):
        return 1.0
    low, high = float(singular.min()), float(singular.max())
    return (high / low) ** 2 if low > len(singular) * np.finfo(float).eps * high else np.inf


def advice(history: "History") -> list[str]:
    """Return what would help a descent to arrive, a sentence or two each; often nothing."""
    if not history.has_table:
        return [remark for remark in [_about_rate(history)] if remark]
    found = conditions(history.dataset, history.fixed)
    said = [
        _about_held(history),
        _about_columns(history, found),
        _about_scale(history, found),
        _about_decay(history),
        _about_rate(history),
    ]
    return [remark for remark in said if remark]


def _about_held(history: "History") -> str:
    """That no value is best for what is held, where classes could be told apart if it moved."""
    if not history.regression.function.labels or not history.fixed or not history.best.exists:
        return ""
    start = history.theta[0]
    if history.objective.lowest({}, start).exists:
        return ""
    names = [spell(history.dataset.parameter_names[j]) for j in history.fixed]
    held = f"{names[0]} is held at {plain(start[history.fixed[0]])}"
    if len(names) > 1:
        held = f"{counted(len(names), 'parameter')} are held where they start"
    return (
        "If all parameters moved, the two classes could be told apart without error and no weights "
        f"would be best; {held}."
    )


def _about_scale(history: "History", found: Conditions) -> str:
    if found.as_it_is <= LONG or history.dataset.scaling is not None:
        return ""
    if found.as_it_is <= HELPS * found.scaled:
        return ""
    number = plain(found.as_it_is) if np.isfinite(found.as_it_is) else "beyond that of a double"
    return (
        f"Condition number {number}: the cost is a long valley, and descent creeps along it. "
        f"{refit(scale='standard')} makes it {found.scaled:,.3g}."
    )


def _about_columns(history: "History", found: Conditions) -> str:
    helps = found.as_it_is > HELPS * found.scaled
    if found.scaled < LONG or (helps and found.scaled < COLLINEAR) or len(found.blamed) < 2:
        return ""
    names = listing(history.dataset.feature_names[j] for j in found.blamed)
    remedy = "leave one of them out"
    penalised = _penalised(history.loss) if isinstance(history.loss, str) else ""
    if penalised and not history.regression.function.penalty:
        remedy += f", or give the loss a penalty, {refit(loss=penalised)}"
    return (
        f"Nearly linearly dependent: {names}. Their weights are hardly told apart, and scaling "
        f"does not help; {remedy}."
    )


def _penalised(loss: str) -> str:
    """Name of a loss with a penalty; empty where it cannot have one.

    >>> _penalised("mse"), _penalised("cross-entropy"), _penalised("huber:delta=2")
    ('ridge', 'cross-entropy:alpha=1', 'huber:delta=2,alpha=1')
    """
    if loss == "mse":
        return "ridge"
    if "alpha" not in inspect.signature(named(LOSSES, loss, "loss")).parameters:
        return ""
    return f"{loss}{',' if ':' in loss else ':'}alpha=1"


def _about_decay(history: "History") -> str:
    """That a weight decay keeps the descent away from an optimum that is far from 0."""
    name, _, given = history.optimizer.partition(":")
    if history.converged or name not in OPTIMIZERS or not history.best.exists:
        return ""
    far = reach(named(OPTIMIZERS, history.optimizer, "optimizer"))
    moves = history.goal.moves
    j = int(np.argmax(np.where(moves, np.abs(history.optimum), 0)))
    if not moves.any() or abs(history.optimum[j]) <= far:
        return ""
    kept = [option for option in given.split(",") if option and "weight_decay" not in option]
    without = f"{name}:{','.join([*kept, 'weight_decay=0'])}"
    return (
        f"The weight decay of {name} keeps every parameter within ±{plain(far)}, and the optimum "
        f"of {spell(history.dataset.parameter_names[j])} is {plain(history.optimum[j])}. "
        f"{refit(optimizer=without)} goes there."
    )


def _about_rate(history: "History") -> str:
    """What learning rate would have arrived within the epochs, if there is one."""
    last = int(history.epoch[-1])
    if history.converged or history.ended not in ("epochs", "diverged") or not history.best.exists:
        return ""
    if history.unit != "epoch" or history.batch_size is not None:
        return ""
    course = Course(history.objective, history.theta[0], history.held, history.goal)
    if not course.quick and history.objective.n_samples > MOST_ROWS:
        return ""  # a sample of the rows does not tell when all of them arrive
    if history.optimizer == "gd" and isinstance(history.best, LeastSquares):
        return _about_plain_rate(history)
    name = history.optimizer.partition(":")[0]
    if name not in OPTIMIZERS or last > MOST_TRIED or 30 * history.theta.size > ROOM:
        return ""
    factory = named(OPTIMIZERS, history.optimizer, "optimizer")
    steep = needs_steepness(history.optimizer)
    rate, arrived = rate_that_arrives(course, factory, last, by_steepness=steep)
    return f"A learning rate of {rate:.3g} arrives at epoch {arrived:,.0f}." if rate else ""


def _about_plain_rate(history: "History") -> str:
    assert isinstance(history.best, LeastSquares)  # a squared loss
    rows = history.regression.function.moments(history.dataset).rows
    modes, goal = Modes.of(rows, history.theta[0], history.held, history.best), history.goal
    steep, flat = modes.eigenvalues[[0, -1]]
    arrived = {}
    for rate in {float(f"{r:.3g}") for r in (1 / steep, 2 / (steep + flat), 1.9 / steep)}:
        epoch = arrival_epoch(modes, rate, goal, MOST_EPOCHS)
        if epoch is not None and rate != history.learning_rate:
            arrived[epoch] = rate
    if not arrived:
        return ""
    soonest = min(arrived)
    told = f"A learning rate of {arrived[soonest]:.3g} arrives at epoch {soonest:,}"
    return f"{told}."
