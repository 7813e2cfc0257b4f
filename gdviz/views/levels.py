"""At which costs lines run: round numbers, closer together the lower they are."""

from math import ceil, floor, log10

import numpy as np
from numpy.typing import NDArray

from gdviz.core.moments import Array

__all__ = ["round_levels"]

A_DECADE = 3  # lines: at 1, 2 and 5
ROUNDED = 1.2  # by up to this factor a gap is rounded
BELOW = 40  # times lower than the start's is the lowest gap, or lower still
SMALL = 1 / 3  # of the picture: the lowest line encloses less, where that is not a hair
THIN = 0.035  # of the picture: what lines enclose is wider
FEWEST, MOST = 3, 15


def round_levels(cost: Array, lowest: float, start: float) -> list[float]:
    """Return the costs at which lines run, increasing.

    Their gaps to the lowest cost are about 1, 2, 5, 10, 20, …, and they are as round as can be:
    where the lowest cost is next to nothing, 1, 2, 5, 10, 20, … themselves.

    Parameters
    ----------
    cost : (n, m) array
        Over what is seen.
    lowest : float
        The least cost of all.
    start : float
        Cost at the start of the descent.
    """
    highest = float(cost.max())
    top = highest - lowest
    if not top > 0:
        return []
    last = floor(A_DECADE * log10(top)) + 1
    found: set[float] = set()
    for power in range(last, last - MOST, -1):
        gap = 10 ** (power / A_DECADE)
        if len(found) >= FEWEST and _is_enough(cost < lowest + gap, gap, start - lowest):
            break
        level = roundest(lowest + gap / ROUNDED, lowest + gap * ROUNDED)
        found |= {level} if lowest < level < highest else set()
    return sorted(found)


def roundest(low: float, high: float) -> float:
    """Return the number of fewest digits between two.

    >>> roundest(83, 120), roundest(387, 557), roundest(2918, 2944), roundest(-1.36, -1.31)
    (100.0, 500.0, 2920.0, -1.35)
    """
    if low <= 0 <= high:
        return 0.0
    if high < 0:
        return -roundest(-high, -low)
    power = floor(log10(high))
    for step in (digit * 10.0**p for p in range(power, power - 16, -1) for digit in (5, 2, 1)):
        multiple = ceil(low / step)
        if multiple * step <= high:
            return float(f"{multiple * step:.15g}")
    return high


def _is_enough(inside: NDArray[np.bool_], gap: float, start: float) -> bool:
    """Whether no line is needed around a part of the picture (n, m), of a cost below this gap."""
    long = max(inside.any(axis=0).mean(), inside.any(axis=1).mean())
    too_thin = inside.mean() < THIN * long or not long
    return bool(too_thin or (gap < start / BELOW and long < SMALL))
