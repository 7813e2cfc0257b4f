"""What part of the ground a picture shows, and where a path leaves it: numbers, nothing drawn."""

from math import dist

import numpy as np

from gdviz.core.moments import Array

__all__ = [
    "Range",
    "around_view",
    "beside",
    "check_ranges",
    "coarse",
    "comparable",
    "exits",
    "ranges_of",
    "share_within",
    "turns",
    "widened",
]

Range = tuple[float, float]

ALIKE = 4.0  # ratio of two ranges below which both axes have one scale
FAR = 3.0  # times the start's distance from the optimum: what is seen of a path that diverges
ROUNDING = 1e-9  # of what a goal is away from 0: nothing
SLIGHT = 1e-6  # of the size that is expected: nothing, too
MARGIN, AROUND = 0.15, 0.6  # of the reach: beside the path, and around the optimum


def check_ranges(ranges: tuple[Range, Range] | None) -> None:
    """Raise a ValueError unless two ranges, if any are given, are finite and increase."""
    if ranges is None:
        return
    try:
        bounds = np.asarray(ranges, dtype=np.float64)
    except (TypeError, ValueError):
        bounds = np.empty(0)
    if bounds.shape != (2, 2) or not (np.isfinite(bounds).all() and (np.diff(bounds) > 0).all()):
        raise ValueError(
            f"ranges {ranges} are not two pairs of finite numbers that increase, "
            "such as ((-15, 5), (-15, 5))"
        )


def ranges_of(
    path: Array,
    goal: Array,
    unit: Array,
    *,
    size: Array | float = 0.0,
    scaled: bool = False,
    diverged: bool = False,
    around: float = AROUND,
) -> tuple[tuple[Range, Range], bool]:
    """Return the range of both axes, and whether they are to have one scale.

    Parameters
    ----------
    path : (n_records, 2) array
    goal : (2,) array
        The optimum, or where none is, how far the picture goes instead.
    unit : (2,) array
        Steps along each axis over which the cost rises alike.
    size : (2,) array
        Size that each coordinate can be expected to have: what is seen where nothing moves.
    scaled : bool
        Whether both axes have the same unit.
    diverged : bool
        Then a path is followed to about three times its start's distance.
    around : float
        Share of the reach that is seen beyond the goal.
    """
    away = np.abs(path - goal)
    reach = away.max(axis=0)
    if diverged:
        far = FAR * _even(away[0], goal, unit, size)
        path, reach = np.clip(path, goal - far, goal + far), np.minimum(reach, far)
    even = _even(reach, goal, unit, size)
    equal = scaled or comparable(*reach) or comparable(*even)
    if equal and (reach > np.maximum(ROUNDING * np.abs(goal), SLIGHT * size)).any():
        reach = np.maximum(reach, reach.max() / ALIKE)
    else:
        reach = even
    low = np.minimum(path.min(axis=0) - MARGIN * reach, goal - around * reach)
    high = np.maximum(path.max(axis=0) + MARGIN * reach, goal + around * reach)
    return ((float(low[0]), float(high[0])), (float(low[1]), float(high[1]))), equal


def around_view(path: Array, view: Array) -> tuple[Range, Range]:
    """Return the view (2, 2) of a function, wider where a path (n, 2) leaves it a little."""
    middle, half = view.mean(axis=1), np.ptp(view, axis=1) / 2
    near = np.clip(path, middle - FAR * half, middle + FAR * half)
    reach = MARGIN * half
    low = np.where(near.min(axis=0) < view[:, 0], near.min(axis=0) - reach, view[:, 0])
    high = np.where(near.max(axis=0) > view[:, 1], near.max(axis=0) + reach, view[:, 1])
    return (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))


def _even(reach: Array, goal: Array, unit: Array, size: Array | float) -> Array:
    """Return a reach (2,) such that neither axis becomes a sliver of the valley.

    Where it is nothing but rounding, it is that of the goal from 0; where that is, too, the size.
    """
    expected = float(np.max(size / unit))
    far, away = float(np.max(reach / unit)), float(np.max(np.abs(goal) / unit))
    if far <= max(ROUNDING * away, SLIGHT * expected):
        far = away if away > SLIGHT * expected else expected or 1.0
    return np.maximum(reach, 0.5 * far * unit)


def comparable(across: float, up: float) -> bool:
    """Whether two ranges are so alike that one scale shows both.

    >>> comparable(1, 3.9), comparable(4, 1), comparable(0, 1)
    (True, False, False)
    """
    return max(across, up) < ALIKE * min(across, up)


def widened(ranges: tuple[Range, Range], tall: float) -> tuple[Range, Range]:
    """Return ranges, the shorter one longer on both sides, whose second is `tall` times the first.

    >>> widened(((0, 8), (0, 2)), 0.5)
    ((0.0, 8.0), (-1.0, 3.0))
    """
    bounds = np.array(ranges, dtype=np.float64)
    across, up = np.ptp(bounds, axis=1)
    long = np.array([max(across, up / tall), max(up, tall * across)])
    more = (long - np.ptp(bounds, axis=1)) / 2
    (left, bottom), (right, top) = bounds[:, 0] - more, bounds[:, 1] + more
    return (float(left), float(right)), (float(bottom), float(top))


def share_within(a: Array, b: Array, low: Array, high: Array) -> tuple[Array, Array]:
    """Return from where to where each line from a to b is within a box, as shares of it (n,), (n,).

    a, b (n, d); low, high (d,). Where the first is larger than the second, it is nowhere
    (Liang & Barsky 1984).
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        way = b - a
        to_low, to_high = (low - a) / way, (high - a) / way
    along = (a >= low) & (a <= high)
    still = way == 0
    enters = np.where(still, np.where(along, -np.inf, np.inf), np.minimum(to_low, to_high))
    leaves = np.where(still, np.where(along, np.inf, -np.inf), np.maximum(to_low, to_high))
    return np.maximum(enters.max(axis=1), 0), np.minimum(leaves.min(axis=1), 1)


def exits(path: Array, ranges: tuple[Range, Range]) -> Array:
    """Return the segment (n_records, 2, 2) along which the path last left what is seen.

    From its last point that is seen towards the record after it; NaN for records that are seen
    themselves, and where the path was never seen.
    """
    low, high = np.transpose(ranges)
    seen = np.all((path >= low) & (path <= high), axis=1)
    a, b = path[:-1], path[1:]
    first, last = share_within(a, b, low, high)
    left = np.append(False, (first <= last) & ~seen[1:])
    at = np.maximum.accumulate(np.where(left, np.arange(len(path)), 0))
    out = ~seen & (at > 0)
    leaving = np.full((len(path), 2, 2), np.nan)
    k = at[out] - 1
    leaving[out, 0] = a[k] + last[k, None] * (b[k] - a[k])
    leaving[out, 1] = b[k]
    return leaving


def coarse(path: Array, step: float) -> Array:
    """Return those points of a path (n, 2) that are at least a step from the one kept before.

    >>> coarse(np.array([[0, 0], [0.1, 0], [1, 0], [1.5, 0], [2, 0]]), 1.0)[:, 0]
    array([0., 1., 2.])
    """
    kept = [path[0].tolist()]
    for point in path.tolist():
        if dist(point, kept[-1]) >= step:
            kept.append(point)
    return np.array(kept)


def turns(path: Array) -> float:
    """How often a path (n, 2) turns around itself, to and fro or in a spiral; half for a reversal.

    >>> turns(np.array([[0, 0], [1, 0], [0, 0], [1, 0]])), turns(np.zeros((1, 2)))
    (1.0, 0.0)
    """
    heading = np.arctan2(*np.diff(path, axis=0).T[::-1])
    turned = np.abs((np.diff(heading) + np.pi) % (2 * np.pi) - np.pi)
    return float(turned.sum() / (2 * np.pi))


def beside(
    point: Array, heading: Array, size: Array, low: Array, high: Array, gap: float = 0.0
) -> Array:
    """Return the middle (2,) of a text of this size (2,) that stands beside an arrow.

    The arrow is at `point` (2,) and has `heading` (2,) of length 1; the text is a gap away from
    its axis, within the box from `low` (2,) to `high` (2,), on the side that is nearer to the
    middle of that; where it has no room there, on the other.
    """
    across = np.array([-heading[1], heading[0]])
    # An arrow from the very middle has one side as near as the other: rounding must not choose.
    inward = ((low + high) / 2 - point) @ across
    side = -1.0 if inward < -1e-6 * np.max(high - low) else 1.0
    far = (np.abs(across) @ size) / 2 + gap
    box = low + size / 2, high - size / 2
    found = [_within(point, toward * across, far, *box) for toward in (side, -side)]
    return min(found, key=lambda one: one[0])[1]


def _within(
    point: Array, toward: Array, far: float, low: Array, high: Array
) -> tuple[float, Array]:
    """Return what a place (2,) in a box falls short of being so far in a direction, and the place.

    Where both can be met, going to and fro between them leads there (von Neumann 1933).
    """
    at, short = point, far
    for _ in range(20):
        at = np.clip(at + max(short, 0.0) * toward, low, high)
        short = far - float((at - point) @ toward)
    return max(round(short / far, 6), 0.0), at
