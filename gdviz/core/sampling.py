"""A sample of the rows of a table, where all of them would be too many.

They are drawn by lot. Every k-th row would show a table that has a period, such as one row an hour,
at one time of the day.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["sampled"]


def sampled(n: int, most: int) -> NDArray[np.int64]:
    """Return increasing indices of n rows, of at most so many; always the same ones.

    >>> sampled(3, most=5)
    array([0, 1, 2])
    """
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng(0).choice(n, most, replace=False))
