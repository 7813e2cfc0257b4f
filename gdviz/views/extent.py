"""What of a slice is seen: ranges that hold paths and optimum, of a function the view it brings."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from gdviz.core.functions import Function
from gdviz.core.history.record import History
from gdviz.core.moments import Array
from gdviz.views.cutting_plane import CuttingPlane
from gdviz.views.framing import Range, around_view, comparable, ranges_of

__all__ = ["check_something_shows", "extent_of", "of_one_unit"]

SLIVER = 1e-3  # of the longer axis: the shortest one of a plane beside the path
BESIDE = 0.3  # of the reach, seen beyond the end of a path that is projected
ONWARDS = 0.15  # of the reach, seen beyond the way to where the cost falls for ever

Extent = tuple[tuple[Range, Range], bool]


def extent_of(histories: Sequence[History], plane: CuttingPlane) -> Extent:
    """Return the range of both axes that holds all paths, and whether they are to have one scale.

    Of those that diverge it holds the start, unless all do.
    """
    if plane.entries is None:
        return _beside(histories[0], plane)
    if len(histories) == 1:
        return _of_one(histories[0], plane.entries)
    stay = not all(history.diverged for history in histories)
    found = [_of_one(history, plane.entries, whole=not stay) for history in histories]
    bounds = np.array([ranges for ranges, _ in found])
    low, high = bounds[..., 0].min(axis=0), bounds[..., 1].max(axis=0)
    equal = all(one for _, one in found) or comparable(*(high - low))
    return ((float(low[0]), float(high[0])), (float(low[1]), float(high[1]))), equal


def of_one_unit(history: History) -> bool:
    """Whether both axes have the same unit: those of scaled features, and of a function."""
    return not history.has_table or history.dataset.scaling is not None


def check_something_shows(
    histories: Sequence[History], plane: CuttingPlane, ranges: tuple[Range, Range]
) -> None:
    """Raise a ValueError where neither a path nor the optimum is within the ranges."""
    low, high = np.transpose(ranges)
    history = histories[0]
    path = np.vstack([plane.project(one.theta) for one in histories])
    optimum = plane.project(history.optimum)
    seen = np.vstack([path, optimum]) if history.best.exists else path
    if not ((seen >= low) & (seen <= high)).all(axis=1).any():
        there = f", and the optimum is {_pair(optimum)}" if history.best.exists else ""
        raise ValueError(
            f"ranges {ranges} hold neither the path nor the optimum: the descent starts at "
            f"{_pair(path[0])}, ends at {_pair(path[-1])}{there}"
        )


def _pair(point: Array) -> str:
    return f"({point[0]:.4g}, {point[1]:.4g})"


def _beside(history: History, plane: CuttingPlane) -> Extent:
    """The extent of one that is projected: of a regression its optimum is seen, too."""
    path = plane.project(history.theta)
    known = history.has_table and history.best.exists
    goal = plane.project(history.optimum) if known else path[-1]
    span = np.ptp(np.vstack([path, goal]), axis=0)
    size = np.sqrt(plane.axes**2 @ history.objective.sizes**2)
    unit = np.maximum(span, SLIVER * span.max()) if span.max() > 0 else np.ones(2)
    return ranges_of(path, goal, unit, size=size, diverged=history.diverged, around=BESIDE)


def _of_one(history: History, entries: tuple[int, int], *, whole: bool = True) -> Extent:
    """The extent of one history; of one that diverges the whole path, or no more than its start."""
    path, best = history.theta[:, entries], history.best
    if history.diverged and not whole:
        path = path[:1]
    if isinstance(history.objective, Function):
        return around_view(path, history.objective.view[list(entries)]), True
    common: dict[str, Any] = {
        "size": history.objective.sizes[list(entries)],
        "scaled": of_one_unit(history),
        "diverged": history.diverged,
    }
    if best.exists:
        unit = 1 / np.sqrt(_curvature(history, entries, history.optimum))
        return ranges_of(path, history.optimum[list(entries)], unit, **common)
    # Along the path, and half as far again to where the cost falls for ever.
    unit = 1 / np.sqrt(_curvature(history, entries, history.theta[0]))
    span = np.ptp(path, axis=0)
    span = np.maximum(span, 0.5 * (np.max(span / unit) or 1.0) * unit)
    falls = np.zeros(2) if best.falls is None else best.falls[list(entries)]
    steps = np.max(np.abs(falls) / span) or 1.0
    return ranges_of(path, path[-1] + 0.5 * falls / steps, unit, around=ONWARDS, **common)


def _curvature(history: History, entries: tuple[int, int], theta: Array) -> Array:
    """Second difference of the cost along both axes at θ (d,), (2,); 1 where it is flat."""
    step = np.zeros((2, len(theta)))
    step[[0, 1], entries] = 1 + np.abs(theta[list(entries)])
    cost = history.objective.cost
    around = np.stack([theta - step, theta + step])
    rise = cost(around).sum(axis=0) - 2 * cost(theta)
    curvature = rise / step[[0, 1], entries] ** 2
    return np.where(curvature > 0, curvature, 1.0)
