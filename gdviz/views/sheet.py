"""A plane in a box of space: how much of it is in the box, and from where it is best seen.

A plane that is looked at along itself is a line, and a film in which it becomes one shows nothing
for a while. Of a few sides to look from, the one is taken from which the smallest area that the
plane ever covers is largest.
"""

from collections.abc import Callable

import numpy as np

from gdviz.core.moments import Array
from gdviz.views.polygons import part_above

__all__ = ["AZIMUTHS", "areas", "best_azimuth", "beyond", "cut", "projected", "shown_heights"]

AZIMUTHS = (-60.0, -120.0, -30.0, -150.0, 30.0, 150.0, 60.0, 120.0)
DISTANCE = 10.0  # of matplotlib's viewer from the middle of the box, as is the size of the box
SIZE = 1.8294640721620434 * 25 / 24
VIEW = 3.0  # times the span of points and last plane: what is farther away is cut off

Box = tuple[float, float, float]
Range = tuple[float, float]


def projected(points: Array, box: Box, elev: float, azim: float) -> Array:
    """Where points of the unit cube (..., 3) are seen on a screen, (..., 2), as matplotlib does it.

    box: sides of the box that the cube is drawn as. elev, azim: where the viewer stands, degrees.
    """
    e, a = np.radians([elev, azim])
    across = [-np.sin(a), np.cos(a), 0]
    up = [-np.sin(e) * np.cos(a), -np.sin(e) * np.sin(a), np.cos(e)]
    near = [np.cos(e) * np.cos(a), np.cos(e) * np.sin(a), np.sin(e)]
    away = (points - 0.5) * np.multiply(box, SIZE / np.linalg.norm(box))
    return np.asarray((away @ np.transpose([across, up])) / (DISTANCE - away @ near)[..., None])


def areas(sheets: Array, box: Box, elev: float, azim: float) -> Array:
    """Share of the picture of its box that each sheet covers. Corners (n, 4, 3) -> (n,)."""
    x, y = np.moveaxis(projected(sheets, box, elev, azim), -1, 0)
    twice = (x * np.roll(y, -1, axis=1) - y * np.roll(x, -1, axis=1)).sum(axis=1)
    corners = projected(np.indices((2, 2, 2)).reshape(3, 8).T.astype(float), box, elev, azim)
    return np.asarray(0.5 * np.abs(twice) / np.prod(np.ptp(corners, axis=0)))


def best_azimuth(sheets: Array, box: Callable[[float], Box], elev: float) -> float:
    """Return the azimuth at which the smallest of the areas of sheets (n, 4, 3) is largest.

    box: its sides, by the azimuth.
    """
    return max(AZIMUTHS, key=lambda azim: areas(sheets, box(azim), elev, azim).min())


def shown_heights(y: Array, heights: Array, *, reach: float = VIEW) -> Range:
    """Return the lowest and highest value that are shown of points (n,) and planes (k, 4).

    The points and the last plane, and of the others what is not farther from these than `reach`
    times what they span.
    """
    low, high = min(y.min(), heights[-1].min()), max(y.max(), heights[-1].max())
    far = reach * (high - low) if high > low else np.inf
    lowest, highest = min(low, heights.min()), max(high, heights.max())
    return float(max(lowest, low - far)), float(min(highest, high + far))


def cut(corners: Array, low: float, high: float) -> Array:
    """Part of a polygon (n, 3) whose height is from low to high, (m, 3); empty if there is none."""
    for bound, side in ((low, 1.0), (high, -1.0)):
        inside = side * (corners[:, 2] - bound)
        if (inside < 0).any():
            corners = part_above(corners, inside)
    return corners


def beyond(heights: Array, low: float, high: float) -> str:
    """Say where a plane is that leaves the picture, or how it goes on; empty where it does not.

    >>> beyond(np.array([-9, -8]), -5, 5), beyond(np.array([-9, 3]), -5, 5)
    ('↓ plane is below', '↓ plane goes on')
    """
    if heights.max() < low or heights.min() > high:
        return "↓ plane is below" if heights.max() < low else "↑ plane is above"
    arrow = {(True, True): "↕", (True, False): "↓", (False, True): "↑"}.get(
        (bool(heights.min() < low), bool(heights.max() > high))
    )
    return f"{arrow} plane goes on" if arrow else ""
