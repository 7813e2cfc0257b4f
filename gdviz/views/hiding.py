"""What a surface hides of a path that lies on it.

A point is hidden if the line from it to the viewer passes under the surface (or over it, for a
viewer below). The surface is the one that is drawn: flat between the points of its grid.
"""

import numpy as np
from numpy.typing import NDArray

from gdviz.core.moments import Array
from gdviz.views.framing import share_within
from gdviz.views.landscape import Landscape

__all__ = ["hidden"]

NEAR = 1.5  # cells of the grid: so near to itself, the surface hides nothing
DEEP = 0.004  # of its height: by so much the line has to be under it
STEPS = 80  # at which the line is compared with the surface


def hidden(points: Array, viewer: Array, ground: Landscape) -> NDArray[np.bool_]:
    """Whether a surface hides each of the points on it from a viewer. (n, 3), (3,) -> (n,) bool."""
    corner = np.array([ground.u[0], ground.v[0]])
    cell = np.array([ground.u[1] - ground.u[0], ground.v[1] - ground.v[0]])
    size = np.array([len(ground.u), len(ground.v)]) - 1.0
    # In cells of the grid, so that the units of the axes do not matter.
    foot, eye = (points[:, :2] - corner) / cell, (viewer[:2] - corner) / cell
    _, leaves = share_within(foot, np.broadcast_to(eye, foot.shape), np.zeros(2), size)
    nearest = NEAR / np.maximum(np.hypot(*(eye - foot).T), NEAR)
    along = nearest + (leaves - nearest) * np.linspace(0, 1, STEPS)[:, None]
    ray = points[:, 2] + along * (viewer[2] - points[:, 2])
    at = foot + along[..., None] * (eye - foot)
    rises = ray - _height(ground.cost, np.clip(at, 0, size))
    above = viewer[2] > np.mean(ground.cost)
    within = rises if above else -rises
    covered = (within < -DEEP * np.ptp(ground.cost)) & (leaves > nearest)
    return np.asarray(covered.any(axis=0))


def _height(cost: Array, at: Array) -> Array:
    """Height of a surface, flat between its grid points. cost (v, u), at (..., 2) -> (...)."""
    low = np.minimum(at.astype(int), np.array(cost.shape)[::-1] - 2)
    (i, j), (s, t) = np.moveaxis(low, -1, 0), np.moveaxis(at - low, -1, 0)
    below = (1 - s) * cost[j, i] + s * cost[j, i + 1]
    above = (1 - s) * cost[j + 1, i] + s * cost[j + 1, i + 1]
    return np.asarray((1 - t) * below + t * above)
