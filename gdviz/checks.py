"""Numbers that a film is made with, looked at before any work is done with them."""

import math
from numbers import Real
from typing import Any

__all__ = ["is_positive", "positive"]


def is_positive(value: Any) -> bool:
    """Whether `value` is a number above 0 and below infinity.

    >>> is_positive(0.5), is_positive(0), is_positive("10"), is_positive(True)
    (True, False, False, False)
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        return False
    return 0 < float(value) < math.inf


def positive(name: str, value: Any) -> float:
    """Return `value`, which is positive; a ValueError names it.

    >>> positive("fps", -20)
    Traceback (most recent call last):
    ...
    ValueError: fps must be a positive number, not -20
    """
    if not is_positive(value):
        raise ValueError(f"{name} must be a positive number, not {value!r}")
    return float(value)
