"""A history -> lines of text: a heading, and a table of start, end and optimum.

The heading says how the descent ended, arrived or stopped or diverged; the table compares start and
end with the optimum, parameter by parameter.
"""

import math
from typing import TYPE_CHECKING

import numpy as np

from gdviz.core.arrival import ALIKE, NEAR
from gdviz.core.losses import mean_squared_error
from gdviz.core.optimum import goal_name
from gdviz.core.schedules import rate_words
from gdviz.core.text import aligned, plain
from gdviz.core.wording import counted, percent, spell

if TYPE_CHECKING:
    from gdviz.core.history.record import History

__all__ = ["heading", "outcome", "table", "what_is_left"]

ENOUGH = 30  # parameters of a function that all have a row; of more
MOST = 12  # of them have one, those that moved most
NONE = "—"


def heading(history: "History") -> list[str]:
    """Two lines: what was fitted to what, and how it went."""
    kind = "recorded descent" if history.ended == "replay" else "gradient descent"
    if not history.has_table:
        return [f"{kind} on {history.objective}", outcome(history)]
    data = history.dataset
    source = f" on {spell(data.source)}" if data.source else ""
    features = ", ".join(map(spell, data.feature_names))
    return [
        f"{kind}{source}: {spell(data.target_name)} from {features}",
        f"{data.n_samples:,} rows, {outcome(history)}",
    ]


def outcome(history: "History") -> str:
    """Say in a line how the descent went."""
    epochs = counted(int(history.epoch[-1]), history.unit)
    return ", ".join(filter(None, [rate_words(history.learning_rate), epochs, _end(history)]))


def _end(history: "History") -> str:
    if history.diverged:
        return "diverged"
    if history.arrival is not None:
        return _arrived(history, history.arrival)
    why = {"tol": "stopped by tol", "settled": "settled without arriving"}
    return f"{why.get(history.ended, 'stopped')} ({what_is_left(history)})"


def _arrived(history: "History", record: int) -> str:
    """Say when it arrived, and for how long that is known to last."""
    if record == 0:
        return "arrived (it started at the optimum)"
    when = f"arrived at {history.unit} {history.epoch[record]:,}"
    if history.ahead is None:
        return f"{when}, as far as its record goes"
    if math.isinf(history.ahead.steps):
        return when
    return f"{when} (and stays for {history.ahead.steps:,.0f} more steps)"


def what_is_left(history: "History") -> str:
    """Say why a descent has not arrived: what is left of its way, or of its score."""
    falls = history.best.falls
    if _is_unknown(history):
        return f"at {plain(history.cost[-1])} of {plain(history.cost[0])}, its minimum not known"
    if falls is not None:
        return f"{percent(_share_of_gap(history))} of the cost that can go is left"
    left = history.way_left[-1]
    worst = int(np.argmax(left))
    if left[worst] > NEAR:
        name = spell(history.objective.names[worst])
        return f"{percent(float(left[worst]))} of the way of {name} is left"
    if history.gap[-1] > ALIKE * history.goal.constant:
        return f"the cost is {plain(history.cost[-1])}, at the optimum {plain(history.best.cost)}"
    return "it is near the optimum, but does not stay there"


def _is_unknown(history: "History") -> bool:
    """Whether there may be a minimum that nobody looked for."""
    return history.best.falls is not None and not history.best.falls.any()


def _share_of_gap(history: "History") -> float:
    return float(min(history.gap[-1] / history.gap[0], 1.0)) if history.gap[0] > 0 else 0.0


def table(history: "History") -> list[str]:
    """Lines of a table: each parameter, the cost and the score at start, end and optimum."""
    best = history.best
    rows = [["", "start", "end", goal_name(best), "way left"]]
    told = _told(history)
    for j in told:
        numbers = [plain(history.theta[k, j]) for k in (0, -1)]
        goal = [plain(history.optimum[j]), _left(history, j)] if best.exists else [NONE, NONE]
        rows.append([spell(history.objective.names[j]), *numbers, *goal])
    costs = np.array([history.cost[0], history.cost[-1], best.cost])
    rows.append(["cost", *map(plain, np.where(np.abs(costs) > best.noise, costs, 0)), ""])
    if history.has_table:
        rows.append([*_quality(history), ""])
    if _is_unknown(history):
        rows = [row[:3] for row in rows]
    lines = aligned(rows)
    if rest := len(history.objective.names) - len(told):
        lines.insert(1 + len(told), f"and {rest:,} parameters that moved less")
    return lines


def _told(history: "History") -> list[int]:
    """Return which parameters have a row: all, but of a network's those that moved most."""
    d = len(history.objective.names)
    if history.has_table or d <= ENOUGH:
        return list(range(d))
    moved = np.ptp(history.theta, axis=0)
    return sorted(np.argsort(-moved, kind="stable")[:MOST].tolist())


def _left(history: "History", j: int) -> str:
    return "held" if j in history.fixed else percent(float(history.way_left[-1, j]))


def _quality(history: "History") -> list[str]:
    """How good the fit is at the start, at the end and at the optimum: R², or accuracy."""
    points = [history.theta[0], history.theta[-1], history.optimum]
    if history.regression.function.labels:
        shares = [plain(history.accuracy(theta)) for theta in points]
        return ["accuracy", *shares[:2], shares[2] if history.best.exists else NONE]
    squared = mean_squared_error().cost(np.stack(points), history.dataset)
    return ["R²", *(plain(float(history.dataset.r2(cost))) for cost in squared)]
