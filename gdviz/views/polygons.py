"""Polygons that are cut off along a line or a plane."""

from itertools import pairwise

import numpy as np

from gdviz.core.moments import Array

__all__ = ["part_above"]


def part_above(polygon: Array, height: Array) -> Array:
    """Return the part of a polygon (n, d) that has a height (n,), linear on it, above 0.

    Empty where there is none (Sutherland & Hodgman 1974).
    """
    if not (height > 0).any():
        return polygon[:0]
    kept = []
    corners = list(zip(polygon.tolist(), height.tolist(), strict=True))  # faster than few in arrays
    for (a, z), (b, z_after) in pairwise([*corners, corners[0]]):
        if z >= 0:
            kept.append(a)
        if min(z, z_after) < 0 < max(z, z_after):
            share = z / (z - z_after)
            kept.append([p + share * (q - p) for p, q in zip(a, b, strict=True)])
    return np.array(kept)
