"""Learning rates -> when plain descent would arrive at each of them, or diverge, in closed form.

On a squared loss every direction of θ shrinks by 1 − αλ an epoch, so the epochs that a rate needs
follow from the eigenvalues λ of the Hessian alone. Three rates are landmarks: 1/λmax overshoots
nowhere, 2/(λmin + λmax) shrinks the slowest direction fastest, and above 2/λmax the descent
diverges. That the best rate is still slow is what a large condition number λmax/λmin means.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from gdviz.checks import positive
from gdviz.core.arguments import check_dataset
from gdviz.core.arrival import Goal, arrival_epoch
from gdviz.core.closed_form import DIVERGED, MOST_COST, MOST_EPOCHS, Modes
from gdviz.core.dataset import Dataset
from gdviz.core.least_squares import least_squares
from gdviz.core.objective import Regression
from gdviz.core.text import aligned, plain
from gdviz.core.wording import counted

__all__ = ["LearningRates", "Trial", "learning_rates"]


@dataclass(frozen=True)
class Trial:
    """A learning rate, and when plain descent arrives or diverges with it.

    Attributes
    ----------
    rate : float
    epochs : int or None
        The epoch at which it has arrived, for good; None if it does not within 100,000.
    diverges : int or None
        For a rate above 2/λmax, the epoch at which the cost is beyond drawing, 100,000 at most.
    landmark : str
        "1/λmax", "2/(λmin+λmax)" or "2/λmax" for those, else empty.
    """

    rate: float
    epochs: int | None
    diverges: int | None
    landmark: str = ""

    @property
    def verdict(self) -> str:
        """When it arrives or diverges, in words."""
        if self.diverges == MOST_EPOCHS:
            return "diverges slowly"
        if self.diverges is not None:
            return f"diverges, beyond drawing at epoch {self.diverges:,}"
        if self.landmark == "2/λmax":
            return "swings for ever: the limit"
        if self.epochs is None:
            return f"too slow: more than {MOST_EPOCHS:,} epochs"
        return f"arrives in {counted(self.epochs, 'epoch')}"


@dataclass(frozen=True)
class LearningRates:
    """Trials in the order of their rates; prints as a table."""

    trials: tuple[Trial, ...]
    condition: float

    def __str__(self) -> str:
        rows = [[f"{trial.rate:.6g}", trial.verdict, trial.landmark] for trial in self.trials]
        table = aligned([["learning rate", "", ""], *rows], left=3)
        return "\n".join([*table, "", f"condition number λmax/λmin = {plain(self.condition)}"])

    __repr__ = __str__


def learning_rates(
    dataset: Dataset,
    rates: Sequence[float] | Literal["auto"] = "auto",
    *,
    fixed_intercept: float | Literal["ols"] | None = None,
) -> LearningRates:
    """Say of each learning rate whether and when plain descent on the squared error arrives.

    Parameters
    ----------
    dataset : Dataset
    rates : sequence of float, or "auto"
        "auto" is the powers of ten around the landmarks. The landmarks are always among them.
    fixed_intercept : float or "ols"
        Hold the intercept there, or at its least-squares value.

    Raises
    ------
    ValueError
        If a rate is not above 0, or no number.
    TypeError
        If the table is no Dataset.

    Examples
    --------
    >>> import gdviz
    >>> print(gdviz.learning_rates(gdviz.Dataset.of([[1.0], [2], [4]], [2.0, 3, 6]), [0.01, 1]))
    learning rate
    0.01           arrives in 455 epochs
    0.0640978      arrives in 71 epochs                 1/λmax
    0.125          arrives in 91 epochs                 2/(λmin+λmax)
    0.128196       swings for ever: the limit           2/λmax
    1              diverges, beyond drawing at epoch 1
    <BLANKLINE>
    condition number λmax/λmin = 39.1173
    """
    check_dataset(dataset, "learning_rates")
    if fixed_intercept == "ols":
        fixed_intercept = float(least_squares(dataset).theta[0])
    fixed = {} if fixed_intercept is None else {0: float(fixed_intercept)}
    objective = Regression(dataset)
    start = objective.start
    start[list(fixed)] = list(fixed.values())
    best = least_squares(dataset, fixed)
    modes = Modes.of(dataset.moments.rows, start, fixed, best)
    steep, flat = modes.eigenvalues[0], modes.eigenvalues[-1]
    landmarks = {1 / steep: "1/λmax", 2 / (flat + steep): "2/(λmin+λmax)", 2 / steep: "2/λmax"}
    auto = isinstance(rates, str) and rates == "auto"
    wanted = _around(1 / steep) if auto else _numbers(rates)
    goal = Goal.of(objective, best, fixed)
    trials = [
        _trial(modes, rate, goal, landmarks.get(rate, "")) for rate in sorted({*wanted, *landmarks})
    ]
    condition = float(steep / flat) if best.unique else float("inf")
    return LearningRates(tuple(trials), condition)


def _numbers(rates: Any) -> list[float]:
    """Return learning rates as a list of floats, checked."""
    if isinstance(rates, str) or not isinstance(rates, Iterable):
        raise ValueError(f'rates must be a list of numbers, or "auto", not {rates!r}')
    return [positive("each of the rates", rate) for rate in rates]


def _around(rate: float) -> list[float]:
    """Powers of ten from a thousandth of a rate to a hundred times it."""
    middle = int(np.floor(np.log10(rate)))
    return [float(f"1e{power}") for power in range(middle - 2, middle + 3)]


def _trial(modes: Modes, rate: float, goal: Goal, landmark: str) -> Trial:
    if rate > modes.limit:
        start = float(goal.best.cost + goal.best.gap(modes.start))
        bound = min(DIVERGED * start, MOST_COST) if start else MOST_COST
        return Trial(rate, None, modes.last_drawable(rate, MOST_EPOCHS, bound), landmark)
    return Trial(rate, arrival_epoch(modes, rate, goal, MOST_EPOCHS), None, landmark)
