"""What varies, and its values -> label -> history, of descents that are equal in all else.

A comparison is fair if all else is equal. Starts and batch sizes are compared at one learning rate,
the smallest of those that suit each of them. Optimizers, scales and losses are not: a rate that
suits one of them is useless for another, so each gets its own, by the rule of "auto". Not by that
of "gentle", which slows every descent down until it takes 100 epochs, and so would let all of them
arrive together.

A descent that does not arrive is followed for twice as long as the slowest that does.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

import numpy as np

from gdviz.core.arrival import Ahead
from gdviz.core.fit import DivergenceWarning, fit
from gdviz.core.history.record import History
from gdviz.core.moments import Array
from gdviz.core.objective import Objective, Regression, same_objective
from gdviz.core.optimizers import OPTIMIZERS, Optimizer, needs_steepness
from gdviz.core.registry import canonical
from gdviz.core.text import aligned, plain
from gdviz.core.wording import counted, listing, percent, spell

__all__ = [
    "MOST_RUNS",
    "Comparison",
    "Run",
    "check_count",
    "check_units",
    "compared",
    "in_common",
    "in_units",
    "label_of",
    "one_objective",
    "ranked",
    "runs_over",
    "same_start",
    "standing",
    "steps_an_epoch",
    "what_is_equal",
]

MOST_RUNS = 8  # that colour, marker and line style tell apart
LONGER, SHORTEST = 2, 100  # times the slowest arrival, and epochs, that all are followed
NAMES = {"gd": "plain"}
Value = TypeVar("Value")
UNITS = re.compile(r"\s*([^/]+)/\s*(?:L|λ|λ_?max|lambda|lambda_?max)\s*", re.IGNORECASE)


class Run(NamedTuple):
    """A descent that is to be made: its label, and the arguments of its own for a fit."""

    label: str
    objective: Objective
    options: dict[str, Any]


class Comparison(dict[str, History]):
    """A dict, label -> history, of descents that differ in one thing; prints who arrived when."""

    def __str__(self) -> str:
        head, order = ["", "", "way left", "cost"], ranked(self)
        rows = [[label, *standing(self[label])] for label in order]
        rates = {label: _digits(self[label].learning_rate, 3) for label in order}
        if len({*rates.values()}) > 1 and not any("rate " in label for label in order):
            head.append("learning rate")
            rows = [[*row, rates[row[0]]] for row in rows]
        table = aligned([head, *rows], left=2)
        return "\n".join([f"equal: {'; '.join(what_is_equal([*self.values()]))}", "", *table])

    __repr__ = __str__


def compared(runs: Sequence[Run], *, one_rate: bool, **common: Any) -> Comparison:
    """Make the descents of a comparison; `common` are arguments of fit that all of them share.

    Parameters
    ----------
    runs : sequence of Run
    one_rate : bool
        Whether "auto" and "gentle" stand for one learning rate, good for all of them, or for the
        own one of each, which its label then names.
    """
    check_count([run.label for run in runs])
    given = common.get("learning_rate", "auto")
    chosen = isinstance(given, str) and given in ("auto", "gentle")
    chosen = chosen and not any("learning_rate" in run.options for run in runs)
    if chosen and one_rate and isinstance(common.get("optimizer", "gd"), str):
        rates = [_made(run, common | {"epochs": 1, "look_ahead": False}) for run in runs]
        common = common | {"learning_rate": min(history.learning_rate for history in rates)}
    histories = _alike_long([_made(run, common) for run in runs], common)
    labels = [run.label for run in runs]
    if chosen and not one_rate:
        labels = _with_rates(labels, histories)
    return Comparison(zip(labels, histories, strict=True))


def check_count(labels: Sequence[str]) -> None:
    """Refuse fewer than two runs, more than can be told apart, and two that are the same."""
    if len(labels) < 2:
        raise ValueError("a comparison needs two values or more of what varies; one is no contest")
    if len(labels) > MOST_RUNS:
        raise ValueError(
            f"{len(labels)} runs are more than the {MOST_RUNS} that colours and marks tell apart "
            "in one picture; leave some out"
        )
    twice = [label for label in dict.fromkeys(labels) if labels.count(label) > 1]
    if twice:
        raise ValueError(f"{spell(twice[0])} is given more than once")


def _made(run: Run, common: Mapping[str, Any]) -> History:
    """Make one descent, without its warnings: the comparison itself says which diverged."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning

    options = {"learning_rate": "auto"} | dict(common) | run.options
    options["seed"] = deepcopy(options.get("seed", 0))  # the same random numbers for each
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DivergenceWarning)
        warnings.simplefilter("ignore", ConvergenceWarning)
        return fit(run.objective, **options)


def _alike_long(histories: list[History], common: Mapping[str, Any]) -> list[History]:
    """Cut histories that did not arrive at twice the slowest arrival, if epochs are "auto"."""
    arrived = [int(h.epoch[h.arrival]) for h in histories if h.arrival is not None]
    if common.get("epochs", "auto") != "auto" or not arrived:
        return histories
    most = max(LONGER * max(arrived), SHORTEST)
    return [_cut(history, most) for history in histories]


def _cut(history: History, most: int) -> History:
    """A history up to an epoch, unless it arrived or diverged; what came later stays known."""
    if history.converged or history.diverged or history.epoch[-1] <= most:
        return history
    n = int(np.searchsorted(history.epoch, most, side="right"))
    later = history.theta[n:]
    return replace(
        history,
        theta=history.theta[:n],
        cost=history.cost[:n],
        epoch=history.epoch[:n],
        ended="epochs",
        ahead=Ahead.over(history.goal, later, len(later)),
    )


def _with_rates(labels: Sequence[str], histories: Sequence[History]) -> list[str]:
    """Labels with the learning rate that each got, if it is not the same for all."""
    rates = [_digits(history.learning_rate) for history in histories]
    if len({*rates}) == 1:
        return [*labels]
    return [
        f"{label}, rate {rate}" if rate else label
        for label, rate in zip(labels, rates, strict=True)
    ]


def _digits(rate: Any, digits: int = 2) -> str:
    """A learning rate in a few digits; a schedule as it is, and nothing where it is not known.

    >>> _digits(0.00049321), _digits(float("nan")), _digits("cosine:from=0.1")
    ('0.00049', '', 'cosine:from=0.1')
    """
    if isinstance(rate, str):
        return rate
    return "" if math.isnan(rate) else plain(float(f"{rate:.{digits}g}"))


# What varies --------------------------------------------------------------------------------------


def runs_over(
    objective: Objective, varied: str, values: Sequence[Any], common: Mapping[str, Any]
) -> list[Run]:
    """Runs on one objective: of optimizers, learning_rates, starts or batch_sizes."""
    return VARIED[varied](objective, values, common)


def _over_optimizers(
    objective: Objective, values: Sequence[Any], common: Mapping[str, Any]
) -> list[Run]:
    made = [canonical(OPTIMIZERS, value, "optimizer") for value in values]
    return [
        Run(label_of(one) if isinstance(one, str) else f"custom {i}", objective, {"optimizer": one})
        for i, one in enumerate(made, start=1)
    ]


def _over_rates(
    objective: Objective, values: Sequence[Any], common: Mapping[str, Any]
) -> list[Run]:
    factors = [in_units(value) for value in values]
    safe: Any = math.nan
    if any(factor is not None for factor in factors):
        plainly = dict(common) | {"optimizer": "gd", "batch_size": None, "learning_rate": "auto"}
        first = plainly | {"epochs": 1, "look_ahead": False, "record": "epoch", "tol": None}
        safe = _made(Run("", objective, {}), first).learning_rate
    labels = _numbered(values, [*map(_rate_label, values, factors)])
    return [
        Run(label, objective, {"learning_rate": _rate(value, factor, safe)})
        for label, value, factor in zip(labels, values, factors, strict=True)
    ]


def check_units(rates: Sequence[Any], optimizer: str | Optimizer) -> None:
    """Raise ValueError for shares of 1/λmax with an optimizer whose step is the rate itself."""
    shares = [rate for rate in rates if in_units(rate) is not None]
    if shares and isinstance(optimizer, str) and not needs_steepness(optimizer):
        raise ValueError(
            f"{optimizer} steps by the learning rate itself, however steep the cost is, so "
            f"1/λmax is no unit of it: give plain numbers, not {shares[0]}"
        )


def in_units(given: Any) -> float | None:
    """Return how many times 1/λmax a learning rate is; None of a plain number.

    >>> in_units("0.1/L"), in_units("1.9/λ"), in_units("0.001")
    (0.1, 1.9, None)
    """
    found = UNITS.fullmatch(given) if isinstance(given, str) else None
    if found is None:
        return None
    try:
        factor = float(found[1])
    except ValueError:
        factor = math.nan
    if not 0 < factor < math.inf:
        raise ValueError(f"{given!r} is no learning rate: write a number above 0, as 0.1/L")
    return factor


def _rate(given: Any, factor: float | None, safe: Any) -> Any:
    if factor is not None:
        return factor * safe
    try:
        return float(given)
    except (TypeError, ValueError):
        return given  # auto, gentle, or what fit refuses


def _rate_label(given: Any, factor: float | None) -> str:
    if factor is not None:
        return f"{factor:g}/λmax"
    given = _rate(given, None, math.nan)
    if isinstance(given, float):
        return f"rate {given:g}"
    if isinstance(given, str):
        return label_of(given)
    name = getattr(given, "__name__", "")
    return str(name) if name.isidentifier() else "schedule"


def _numbered(values: Sequence[Any], labels: Sequence[str]) -> list[str]:
    """Return labels with a number where different functions have one name.

    >>> _numbered([abs, max, abs, 0.1], ["f", "f", "f", "rate 0.1"])
    ['f 1', 'f 2', 'f 1', 'rate 0.1']
    """
    numbered = []
    for value, label in zip(values, labels, strict=True):
        alike = (v for v, other in zip(values, labels, strict=True) if other == label)
        ids = [*dict.fromkeys(map(id, alike))]
        several = callable(value) and len(ids) > 1
        numbered.append(f"{label} {ids.index(id(value)) + 1}" if several else label)
    return numbered


def _over_starts(
    objective: Objective, values: Sequence[Any], common: Mapping[str, Any]
) -> list[Run]:
    runs = [Run(_start_label(value), objective, {"theta0": value}) for value in values]
    check_count([run.label for run in runs])
    once = {"epochs": 1, "look_ahead": False, "learning_rate": "auto"}
    begins = [_made(run, dict(common) | once).theta[0] for run in runs]
    for i, begin in enumerate(begins):
        same = [j for j in range(i) if np.array_equal(begin, begins[j])]
        if same:
            raise ValueError(
                f"the starts {runs[same[0]].label} and {runs[i].label} differ in nothing that "
                "moves: it is one descent twice; give another start, or hold less"
            )
    moves = np.ptp(begins, axis=0) > 0
    return [
        run if isinstance(value, str) else run._replace(label=f"from {_point(begin[moves])}")
        for run, value, begin in zip(runs, values, begins, strict=True)
    ]


def _start_label(given: Any) -> str:
    if isinstance(given, str):
        return f"from {given}"
    return f"from {_point(np.asarray(given, dtype=np.float64))}"


def _point(theta: Array) -> str:
    """Write a point without marks between thousands, which would look like more numbers."""
    numbers = (plain(float(f"{value:.4g}")).replace(",", "") for value in np.atleast_1d(theta))
    return f"({', '.join(numbers)})"


def _over_batches(
    objective: Objective, values: Sequence[Any], common: Mapping[str, Any]
) -> list[Run]:
    n, runs = objective.n_samples, []
    if not isinstance(objective, Regression):
        raise ValueError(f"{objective} has no rows to make batches of")
    for value in values:
        size = None if value is None or value == "all" else value
        whole = size is None or (isinstance(size, int) and size >= n)
        label = f"all {n:,} rows" if whole else f"{size:,} rows" if size != 1 else "1 row"
        runs.append(Run(label, objective, {"batch_size": None if whole else size}))
    return runs


VARIED: dict[str, Callable[..., list[Run]]] = {
    "optimizers": _over_optimizers,
    "learning_rates": _over_rates,
    "starts": _over_starts,
    "batch_sizes": _over_batches,
}


def label_of(registered: str) -> str:
    """Say the name of an optimizer or loss, and its options.

    >>> label_of("momentum:decay=0.95"), label_of("gd")
    ('momentum, decay 0.95', 'plain')
    """
    name, _, options = registered.partition(":")
    given = [option.strip().replace("=", " ") for option in options.split(",") if option.strip()]
    return ", ".join([NAMES.get(name, name), *given])


# Who arrived when ---------------------------------------------------------------------------------


def ranked(runs: Mapping[str, History]) -> list[str]:
    """Labels in the order of arrival; then those that stopped, the nearest first; then the rest."""

    def place(label: str) -> tuple[float, float]:
        history = runs[label]
        if history.diverged:
            return 2, 0
        if history.arrival is not None:
            return 0, float(history.epoch[history.arrival])
        if not history.best.exists:  # no way that could be left
            return 0.5, float(history.epoch[-1])
        return 1, float(history.way_left[-1].max())

    return sorted(runs, key=place)


def standing(history: History) -> list[str]:
    """Return in words how a descent ended, the way that is left, and its last cost."""
    unit, last = history.unit, f"{history.epoch[-1]:,}"
    left, cost = percent(float(history.way_left[-1].max())), plain(history.cost[-1])
    if history.diverged:
        return [f"diverged, beyond drawing after {unit} {last}", "—", f"{history.cost[-1]:.3g}"]
    if history.arrival is not None:
        return [f"arrived at {unit} {history.epoch[history.arrival]:,}", left, cost]
    if history.ended == "separable":
        return [f"at 1 % of the starting cost at {unit} {last}", "no optimum", cost]
    if history.ended == "settled":
        return [f"settled by {unit} {last}, not arrived", left, cost]
    return [f"not arrived by {unit} {last}", left if history.best.exists else "—", cost]


# What they have in common -------------------------------------------------------------------------


def what_is_equal(runs: Sequence[History]) -> list[str]:
    """Say what several descents have in common, and where they work more than others."""
    first, said = runs[0], []
    if same_start(runs):
        zero = not np.any(first.theta[0][first.moving])
        said.append(f"the start{' at 0' if zero else ''}")
    elif not one_objective(runs):
        said.append("the start's predictions" if _same_cost(runs) else "the table")
    rate = _digits(in_common(run.learning_rate for run in runs) or math.nan, 3)
    if rate:
        said.append(f"the learning rate {rate}")
    last = max(int(run.epoch[-1]) for run in runs)
    followed = {int(run.epoch[-1]) for run in runs if run.ended == "epochs" and not run.converged}
    if followed == {last}:
        said.append(f"up to {counted(last, first.unit)} each")
    steps = [steps_an_epoch(run) for run in runs]
    if in_common(steps) is None:
        said.append(f"but {listing(f'{step:,}' for step in steps)} steps an epoch")
    return said


def in_common(values: Iterable[Value]) -> Value | None:
    """Return what all values are equal to; None where they differ.

    >>> in_common([0.1, 0.1]), in_common([0.1, 0.10001])
    (0.1, None)
    """
    first, *others = values
    return first if all(other == first for other in others) else None


def one_objective(runs: Sequence[History]) -> bool:
    """Whether all descents are on one objective."""
    return all(same_objective(runs[0].objective, run.objective) for run in runs)


def same_start(runs: Sequence[History]) -> bool:
    """Whether all descents start at the same θ."""
    return all(np.array_equal(run.theta[0], runs[0].theta[0]) for run in runs)


def steps_an_epoch(history: History) -> int:
    """Return how many gradients are computed between two of the epochs that a history counts."""
    n = history.objective.n_samples
    return 1 if history.unit == "step" else -(-n // (history.batch_size or n))


def _same_cost(runs: Sequence[History]) -> bool:
    return bool(np.allclose([run.cost[0] for run in runs], runs[0].cost[0], rtol=1e-9))
