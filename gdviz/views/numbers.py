"""How numbers are written into a picture: ticks and labels short, and what changes all alike."""

from collections.abc import Callable, Sequence
from functools import partial
from math import floor, log10

import numpy as np

__all__ = ["Write", "compact", "steady", "tick_texts"]

DIGITS = 4  # of the least number that is worth telling
LONGEST_NUMBER = 1e10  # longer ones are written with a power of ten

Write = Callable[[float], str]


def compact(value: float, digits: int = 4) -> str:
    """A number for a tick or a label, in few characters.

    >>> compact(-1500), compact(283e6), compact(0.25), compact(20000), compact(100)
    ('−1.5k', '283M', '0.25', '20k', '100')
    """
    if value == 0:
        return "0"
    power = 3 * floor(log10(abs(value)) / 3 + 1e-12)
    if not 3 <= power <= 12:
        text = f"{value:.{digits}g}"
    else:
        text = f"{value / 10**power:.{digits}g}" + {3: "k", 6: "M", 9: "G", 12: "T"}[power]
    return text.replace("-", "−", 1) if text.startswith("-") else text


def tick_texts(values: Sequence[float]) -> list[str]:
    """Write ticks in few characters, yet in as many as tell each from the next.

    >>> tick_texts([10000.25, 10000.5])
    ['10.00025k', '10.0005k']
    """
    steps = np.diff(np.unique(values))
    across = np.abs(values).max() / steps.min() if len(steps) else 1.0
    # Two digits of a step: 2.5 has as many.
    digits = int(np.clip(3 + np.floor(np.log10(across)), 4, 15))
    return [compact(value, digits) for value in values]


def steady(largest: float, least: float) -> Write:
    """Return how numbers up to the largest are written: with four digits of the least, all alike.

    >>> write = steady(2501.5, 75.635)
    >>> write(2501.5), write(75.635185), write(1e300)
    ('2,501.50', '75.64', '1.000e+300')
    """
    decimals = max(DIGITS - 1 - floor(log10(least)), 0) if least > 0 else 0
    power = largest >= LONGEST_NUMBER or decimals > 8
    return partial(_written, decimals=decimals, power=power)  # what is drawn by it can be pickled


def _written(value: float, decimals: int, power: bool) -> str:
    """Write a number with so many decimals, or with a power of ten."""
    value = round(float(value), decimals) + 0.0 if not power else float(value)
    long = power or abs(value) >= LONGEST_NUMBER
    text = f"{value:.{DIGITS - 1}e}" if long else f"{value:,.{decimals}f}"
    return text.replace("-", "−")
