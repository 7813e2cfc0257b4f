"""Boxes: the rectangle of a picture in which something happens."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["Box", "extent"]

Box = tuple[slice, slice]


def extent(mask: NDArray[np.bool_]) -> Box:
    """Rectangle that holds all that is true in `mask` (height, width); one pixel if nothing is.

    >>> extent(np.array([[0, 0, 0], [0, 1, 1]], dtype=bool))
    (slice(1, 2, None), slice(1, 3, None))
    """
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return np.s_[:1, :1]
    return np.s_[int(rows[0]) : int(rows[-1]) + 1, int(columns[0]) : int(columns[-1]) + 1]
