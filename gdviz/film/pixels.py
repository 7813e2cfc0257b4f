"""Pixels: a frame as an array, each of its colours as one number, and the part that changed."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["Box", "Frame", "Packed", "extent", "packed"]

Frame = NDArray[np.uint8]  # (height, width, 4): red, green, blue, alpha
Packed = NDArray[np.uint32]  # red, green, blue and alpha as one number
Box = tuple[slice, slice]


def packed(frame: Frame) -> Packed:
    """Frame (height, width, 4) -> each pixel as one number, (height, width); shares memory."""
    words: Packed = np.ascontiguousarray(frame).view("<u4")[..., 0]
    return words


def extent(mask: NDArray[np.bool_]) -> Box:
    """Mask (height, width) -> the smallest rectangle that holds all that is true in it.

    One pixel if nothing is.

    >>> extent(np.array([[0, 0, 0], [0, 1, 1]], dtype=bool))
    (slice(1, 2, None), slice(1, 3, None))
    """
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return np.s_[:1, :1]
    return np.s_[int(rows[0]) : int(rows[-1]) + 1, int(columns[0]) : int(columns[-1]) + 1]
