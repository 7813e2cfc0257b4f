"""Where in a picture of two features each of two labels is likely: lines, and areas between them.

θ (3,) is an intercept and two weights; the log-odds of the larger label at x are θ₀ + x·w. Corners
(2, 2) of a picture are its lower left and its upper right one.
"""

from itertools import pairwise
from math import log

import numpy as np

from gdviz.core.moments import Array
from gdviz.views.polygons import part_above

__all__ = ["PROBABILITIES", "line_at", "logit", "way_to_line", "zone", "zones"]

PROBABILITIES = (0.1, 0.5, 0.9)  # of the larger label, at which lines run


def logit(p: float) -> float:
    """Log-odds of a probability.

    >>> round(logit(0.9), 3), logit(0.5)
    (2.197, 0.0)
    """
    return log(p / (1 - p))


def zones(theta: Array, corners: Array) -> list[Array]:
    """Return the polygons (n, 2) of the picture between the lines; see :func:`zone`."""
    edges = [-np.inf, *map(logit, PROBABILITIES), np.inf]
    return [zone(theta, corners, low, high) for low, high in pairwise(edges)]


def zone(theta: Array, corners: Array, low: float, high: float) -> Array:
    """Return the polygon (n, 2) of the picture in which low ≤ θ₀ + x·w ≤ high; none where empty."""
    (left, bottom), (right, top) = corners
    area = np.array([[left, bottom], [right, bottom], [right, top], [left, top]])
    for bound, sign in ((low, 1), (high, -1)):
        if np.isfinite(bound):
            area = part_above(area, sign * (theta[0] + area @ theta[1:] - bound))
    return area


def line_at(theta: Array, corners: Array, p: float = 0.5) -> Array:
    """Ends (2, 2) of the line on which the larger label has a probability, as xs and ys.

    It runs across the whole picture along the axis in which it is less steep.
    """
    z, size = theta[0] - logit(p), corners[1] - corners[0]
    across = int(np.argmin(np.abs(theta[1:]) * size))  # the axis along which it runs on
    other = 1 - across
    ends = np.empty((2, 2))
    ends[across] = corners[:, across]
    with np.errstate(divide="ignore", invalid="ignore"):
        ends[other] = -(z + theta[1 + across] * ends[across]) / theta[1 + other]
    return ends


def way_to_line(theta: Array, corners: Array) -> Array | None:
    """From the middle of the picture to its edge nearest the line θ₀ + x·w = 0, (2, 2).

    None where the line is within the picture, or there is none.
    """
    size, middle = corners[1] - corners[0], corners.mean(axis=0)
    z, steepest = theta[0] + middle @ theta[1:], theta[1:] * size
    if abs(z) <= np.abs(steepest).sum() / 2 or not steepest.any():
        return None
    heading = -np.sign(z) * steepest / np.abs(steepest).max()
    return np.stack([middle, middle + heading * size / 2])
