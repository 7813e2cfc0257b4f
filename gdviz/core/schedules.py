"""Learning rates that change on the way: a schedule is a function of the step, k -> αₖ.

A rate that suits the start is too large near the optimum, where batches and optimizers that step by
the rate itself swing by as much; one that suits the end creeps at first. So a schedule begins large
and ends small. k counts the steps from 0, which are the epochs unless there are batches.

A factory makes a schedule of its options. One that ends where the epochs end has a ``horizon``, the
number of all steps K, which the fit gives it.
"""

import inspect
import math
from collections.abc import Callable
from typing import Any

from gdviz.checks import positive, within
from gdviz.core.registry import named
from gdviz.messages import option

__all__ = [
    "SCHEDULES",
    "Schedule",
    "checked_schedule",
    "cosine",
    "inverse",
    "named_like_schedule",
    "rate_words",
    "schedule_of",
    "step",
    "warmup",
]

Schedule = Callable[[int], float]

CUSTOM = "custom"  # what a history says of a function that somebody gave


def cosine(horizon: float, from_: float, to: float = 0.0) -> Schedule:
    """Half a wave, down to where the epochs end: to + (from − to) (1 + cos(πk/K)) / 2.

    Loshchilov & Hutter (2017), "SGDR: stochastic gradient descent with warm restarts", equation 5,
    without restarts. After K steps it stays at `to`.

    >>> [round(cosine(4, from_=0.1)(k), 6) for k in range(6)]
    [0.1, 0.085355, 0.05, 0.014645, 0.0, 0.0]
    """
    positive("from", from_)
    if not 0 <= to < from_:
        raise ValueError(f"to must be from 0 to below from = {from_:g}, not {to:g}")
    return lambda k: to + (from_ - to) * (1 + math.cos(math.pi * min(k / horizon, 1))) / 2


def step(from_: float, every: float = 100, factor: float = 0.5) -> Schedule:
    """Times a factor after `every` so many steps: from · factor^⌊k/every⌋.

    >>> [step(from_=0.8, every=2)(k) for k in range(5)]
    [0.8, 0.8, 0.4, 0.4, 0.2]
    """
    positive("from", from_)
    positive("every", every)
    within("factor", factor, 0, 1)
    return lambda k: from_ * factor ** (k // every)


def inverse(from_: float, half: float = 1) -> Schedule:
    """One over the step, half of it at step `half`: from / (1 + k/half).

    Robbins & Monro (1951), "A stochastic approximation method": the sum of the rates is infinite,
    that of their squares is not, so the noise of batches dies out.

    >>> [inverse(from_=1.0, half=2)(k) for k in (0, 2, 6)]
    [1.0, 0.5, 0.25]
    """
    positive("from", from_)
    positive("half", half)
    return lambda k: from_ / (1 + k / half)


def warmup(horizon: float, peak: float, over: float = 100) -> Schedule:
    """Up to a peak in `over` steps, then down to 0 where the epochs end, both in straight lines.

    peak · min((k + 1)/over, (K − k)/(K − over)); Goyal et al. (2017), "Accurate, large minibatch
    SGD", for the way up; Devlin et al. (2019), "BERT", for the way down.

    >>> [warmup(6, peak=1.0, over=2)(k) for k in range(8)]
    [0.5, 1.0, 1.0, 0.75, 0.5, 0.25, 0.0, 0.0]
    """
    positive("peak", peak)
    positive("over", over)
    if not over < horizon:
        raise ValueError(f"over must be below the {horizon:g} steps that there are, not {over:g}")
    return lambda k: peak * max(min((k + 1) / over, (horizon - k) / (horizon - over)), 0)


SCHEDULES: dict[str, Callable[..., Schedule]] = {
    "cosine": cosine,
    "step": step,
    "inverse": inverse,
    "warmup": warmup,
}


def named_like_schedule(given: object) -> bool:
    """Whether a learning rate is a schedule: a function, or a text that looks like one.

    >>> named_like_schedule("cosin:from=1"), named_like_schedule("auto")
    (True, False)
    """
    if not isinstance(given, str):
        return callable(given)
    return ":" in given or given.strip().lower() in SCHEDULES


def checked_schedule(given: str | Schedule, *, epochs: object = None) -> str | Schedule:
    """Return a schedule, checked; a text in lower case.

    epochs: how many there are to be; "auto" for as many as it takes.

    Raises
    ------
    ValueError
        For a name or an option that there is not, a number out of range, or a schedule that ends
        where the epochs do if nobody has said where that is.

    >>> checked_schedule("Cosine:from=0.1", epochs="auto")
    Traceback (most recent call last):
    ...
    ValueError: the schedule cosine ends where the epochs end: say how many, such as epochs=1000
    """
    if not isinstance(given, str):
        _rate_at(given, 0)
        return given
    make = named(SCHEDULES, given, "schedule")
    _made(make, math.inf)
    if epochs == "auto" and _has_horizon(make):
        name = given.partition(":")[0].strip().lower()
        many = option(epochs=1000)
        raise ValueError(
            f"the schedule {name} ends where the epochs end: say how many, such as {many}"
        )
    return "".join(given.lower().split())


def schedule_of(given: str | Schedule, horizon: float) -> Schedule:
    """Return the function of the step that a text or a function stands for.

    >>> schedule_of("cosine:from=0.1", 10)(5)
    0.05
    """
    if not isinstance(given, str):
        return lambda k: _rate_at(given, k)
    return _made(named(SCHEDULES, given, "schedule"), horizon)


def rate_words(rate: float | str, digits: int = 6) -> str:
    """Write a learning rate or a schedule in words; nothing of one that is not known.

    >>> rate_words(0.001), rate_words("step:from=0.1,every=20"), rate_words(math.nan)
    ('learning rate 0.001', 'learning rate step from 0.1, every 20', '')
    """
    if not isinstance(rate, str):
        return "" if math.isnan(rate) else f"learning rate {rate:.{digits}g}"
    if rate == CUSTOM:
        return "learning rate by a function of the step"
    name, _, given = rate.partition(":")
    return f"learning rate {name} {given.replace('=', ' ').replace(',', ', ')}"


def _has_horizon(make: Callable[..., Schedule]) -> bool:
    return "horizon" in inspect.signature(make).parameters


def _made(make: Callable[..., Schedule], horizon: float) -> Schedule:
    return make(horizon=horizon) if _has_horizon(make) else make()


def _rate_at(schedule: Callable[[int], Any], k: int) -> float:
    """Return the learning rate of step k by a function that somebody gave, checked."""
    rate = schedule(k)
    try:
        known = float(rate)
    except (TypeError, ValueError):
        known = math.nan
    if not 0 <= known < math.inf:
        raise ValueError(f"the learning rate of step {k} must be 0 or above, not {rate!r}")
    return known
