"""Numbers that somebody gave, looked at before any work is done with them.

Each check returns the number, as a float or an int, or raises a ValueError that names what was
given, what it may be, and what it is. True and "10" are no numbers.
"""

import math
from numbers import Integral, Real
from typing import Any

__all__ = ["finite", "is_positive", "not_negative", "positive", "whole", "within"]


def is_positive(value: Any) -> bool:
    """Whether `value` is a number above 0 and below infinity.

    >>> is_positive(0.5), is_positive(0), is_positive("10"), is_positive(True)
    (True, False, False, False)
    """
    return _is_finite(value) and value > 0


def finite(name: str, value: Any, also: str = "") -> float:
    """Return `value`, which is a finite number; `also` says what else may be given.

    >>> finite("theta", math.inf, also='"ols" or ')
    Traceback (most recent call last):
    ...
    ValueError: theta must be "ols" or a finite number, not inf
    """
    if not _is_finite(value):
        raise _refused(name, f"{also}a finite number", value)
    return float(value)


def positive(name: str, value: Any, also: str = "") -> float:
    """Return `value`, which is positive.

    >>> positive("fps", -20)
    Traceback (most recent call last):
    ...
    ValueError: fps must be a positive number, not -20
    """
    if not is_positive(value):
        raise _refused(name, f"{also}a positive number", value)
    return float(value)


def not_negative(name: str, value: Any, also: str = "") -> float:
    """Return `value`, which is 0 or above.

    >>> not_negative("alpha", -1.5)
    Traceback (most recent call last):
    ...
    ValueError: alpha must be 0 or a positive number, not -1.5
    """
    if not (_is_finite(value) and value >= 0):
        raise _refused(name, f"{also}0 or a positive number", value)
    return float(value)


def within(name: str, value: Any, low: float, high: float) -> float:
    """Return `value`, which is above low and below high.

    >>> within("decay", 1.0, -1, 1)
    Traceback (most recent call last):
    ...
    ValueError: decay must be a number above -1 and below 1, not 1.0
    """
    if not (_is_finite(value) and low < value < high):
        raise _refused(name, f"a number above {low:,g} and below {high:,g}", value)
    return float(value)


def whole(name: str, value: Any, least: int, most: float = math.inf, also: str = "") -> int:
    """Return `value`, which is a whole number of at least one bound and at most another.

    >>> whole("epochs", 0.5, 1, 1000, also='"auto" or ')
    Traceback (most recent call last):
    ...
    ValueError: epochs must be "auto" or a whole number from 1 to 1,000, not 0.5
    """
    if not (issubclass(type(value), Integral) and _is_finite(value) and least <= value <= most):
        bounds = f"from {least:,} to {most:,}" if math.isfinite(most) else f"of at least {least:,}"
        raise _refused(name, f"{also}a whole number {bounds}", value)
    return int(value)


def _is_finite(value: Any) -> bool:
    # True is an int of Python's. A float is known at once; to ask whether it is Real takes longer.
    if isinstance(value, bool) or not isinstance(value, (float, int, Real)):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an int that no float holds
        return False


def _refused(name: str, kind: str, value: Any) -> ValueError:
    told = str(value) if isinstance(value, Real) else repr(value)
    return ValueError(f"{name} must be {kind}, not {told}")
