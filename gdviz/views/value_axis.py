"""The axis of a value that changes with the epoch: limits that never move, and ticks."""

import numpy as np

from gdviz.core.moments import Array
from gdviz.views.framing import Range

__all__ = ["log_ticks", "value_range"]

MARGIN = 0.08  # of what an axis has to hold, on each side of it
ROUNDING = 1e-9  # of the size of a number


def value_range(values: Array, goal: float, *, log: bool = False) -> Range:
    """Return limits that hold all values (n,) and the goal, if there is one, with a margin."""
    low, high = np.nanmin([values.min(), goal]), np.nanmax([values.max(), goal])
    if log:
        # A perfect fit costs nothing or 1e-27: an axis down to there would flatten the curve.
        low = max(low, values.min() / 10)
        margin = (high / low) ** MARGIN
        return float(low / margin), float(high * margin)
    size = max(abs(low), abs(high))
    # What differs by rounding only is drawn as the constant that it is.
    margin = MARGIN * (high - low if high - low > ROUNDING * size else size or 1)
    return float(low - margin), float(high + margin)


def log_ticks(limits: Range) -> tuple[float, ...]:
    """Return 1, 2 and 5 times powers of ten, where one power alone would not tell the scale.

    >>> log_ticks((4.0, 80.0)), log_ticks((4.0, 800.0))
    ((5.0, 10.0, 20.0, 50.0), ())
    """
    low, high = limits
    powers = 10.0 ** np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)
    if ((low <= powers) & (powers <= high)).sum() >= 2:
        return ()
    ticks = np.outer(powers, [1, 2, 5]).ravel()
    return tuple(ticks[(low <= ticks) & (ticks <= high)].tolist())
