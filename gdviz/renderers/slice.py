"""What contour and surface share: the slice of the cost on which the descent moves.

Two weights vary, all else stays where it is. The picture tells the truth only if the descent did
the same, so a history whose intercept moved is refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from gdviz.core.history import History
from gdviz.core.landscape import Landscape, landscape
from gdviz.core.moments import Array
from gdviz.renderers.schedule import Indices, visible
from gdviz.renderers.style import INK, VERMILION, points, written

__all__ = ["DEPTH", "LEGEND", "Range", "Slice", "here", "mark", "slice_of"]

LEGEND = "☆ least squares    ○ start"

Range = tuple[float, float]

# Light where the cost is low, so that the valley shines; one hue, so that everybody reads it as
# height; never so dark that a label could not be read on it.
DEPTH = LinearSegmentedColormap.from_list(
    "depth", ["#fffbe6", "#e3efcf", "#b5dcc9", "#7cc0c6", "#4a9bbd", "#2f72a8", "#27508b"]
)
ROUNDING = 1e-9
LEVEL_RATIO = 2.2  # of the cost above the optimum, from one line to the next
VARYING = (1, 2)  # the entries of θ along the two axes


def mark(size: float) -> dict[str, Any]:
    """How the start and the optimum are drawn: white with a dark edge, on whatever ground."""
    return {"mfc": "white", "mec": INK, "mew": points(1.2), "ms": points(size)}


def here() -> dict[str, Any]:
    """How the present point of the path is drawn."""
    return {"color": VERMILION, "mec": "white", "mew": points(1), "ms": points(8)}


@dataclass(frozen=True, eq=False)
class Slice:
    """The cost over two weights, and the path of the descent on it.

    Attributes
    ----------
    ground : Landscape
    levels : (n_levels,) array
        Costs at which lines run, increasing.
    path, cost : (n_records, 2) and (n_records,) arrays
    drawn : int array
        The records that a pixel can tell apart.
    optimum, lowest : (2,) array and float
        Where the slice is lowest, and its cost there.
    names : (str, str)
        The features that the weights belong to, as they are drawn.
    """

    ground: Landscape
    levels: Array
    path: Array
    cost: Array
    drawn: Indices
    optimum: Array
    lowest: float
    names: tuple[str, str]

    def path_to(self, record: int) -> Indices:
        """Return the records that draw the path up to a record."""
        return np.append(self.drawn[self.drawn < record], record)


def slice_of(
    history: History,
    kind: str,
    *,
    ranges: tuple[Range, Range] | None = None,
    levels: Sequence[float] | None = None,
    size: int,
) -> Slice:
    """Return the slice on which a history moves.

    Raises
    ------
    ValueError
        If the intercept moved, or the weights are not two; it says what to type instead.
    """
    _check(history, kind)
    path, optimum = history.weights, history.optimum[1:]
    u_range, v_range = _ranges(history, path, optimum) if ranges is None else ranges
    ground = landscape(history, varying=VARYING, u_range=u_range, v_range=v_range, size=size)
    lowest = history.best.cost
    names = history.dataset.feature_names
    return Slice(
        ground=ground,
        levels=_within(ground, _levels(history, ground, lowest) if levels is None else levels),
        path=path,
        cost=history.cost,
        drawn=visible(path, np.array([np.ptp(u_range), np.ptp(v_range)])),
        optimum=optimum,
        lowest=lowest,
        names=(written(names[0]), written(names[1])),
    )


def _within(ground: Landscape, levels: Sequence[float]) -> Array:
    """Levels in order, those that run through the ground."""
    ordered = np.unique(np.asarray(levels, dtype=np.float64))
    inside: Array = ordered[(ordered > ground.cost.min()) & (ordered < ground.cost.max())]
    return inside


def _check(history: History, kind: str) -> None:
    names = history.dataset.feature_names
    if len(names) != 2:
        remedy = (
            f"choose two: --features {names[0]},{names[1]}"
            if len(names) > 2
            else "draw --kind parameters"
        )
        raise ValueError(
            f"{kind} draws the cost over two weights; this history has {len(names)} "
            f"({', '.join(names[:6])}{', …' if len(names) > 6 else ''}): {remedy}"
        )
    if np.ptp(history.intercept) > 0:
        raise ValueError(
            f"{kind} draws a slice of the cost at one intercept, but this history's intercept "
            'moved: fit with fixed_intercept="ols" (--fixed-intercept ols)'
        )


def _ranges(history: History, path: Array, optimum: Array) -> tuple[Range, Range]:
    """Both axes: the path inside with a margin, and the valley around the optimum."""
    reach = np.abs(path - optimum).max(axis=0)
    # Over 1/√curvature of each weight the cost rises alike: neither axis becomes a sliver.
    unit = 1 / np.sqrt(_curvature(history))
    reach = np.maximum(
        reach, 0.5 * _or_one(np.max(reach / unit), np.max(abs(optimum) / unit)) * unit
    )
    low = np.minimum(path.min(axis=0) - 0.15 * reach, optimum - 0.6 * reach)
    high = np.maximum(path.max(axis=0) + 0.15 * reach, optimum + 0.6 * reach)
    return (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))


def _or_one(reach: float, size: float) -> float:
    """A reach, or where it is nothing but rounding of numbers of this size, their size, or 1."""
    return reach if reach > ROUNDING * size else size or 1.0


def _curvature(history: History) -> Array:
    """Second difference of the cost along both weights at the optimum, (2,); 1 where it is flat."""
    step = np.zeros((2, len(history.optimum)))
    step[[0, 1], VARYING] = 1 + np.abs(history.optimum[1:])
    cost = history.objective.cost
    around = np.stack([history.optimum - step, history.optimum + step])
    rise = cost(around, history.dataset).sum(axis=0) - 2 * cost(history.optimum, history.dataset)
    curvature = rise / step[[0, 1], VARYING] ** 2
    return np.where(curvature > 0, curvature, 1.0)


def _levels(history: History, ground: Landscape, lowest: float) -> list[float]:
    """Costs, each about 2.2 times as far above the lowest as the one before, in round numbers."""
    highest = float(ground.cost.max()) - lowest
    if not highest > 0:
        return []
    start = min(max(float(history.gap[0]), 1e-3 * highest), highest)
    count = int(np.ceil(np.log(40 * highest / start) / np.log(LEVEL_RATIO)))
    gaps = highest / LEVEL_RATIO ** np.arange(count, 0, -1)
    rounded = [round(lowest + gap, 1 - int(np.floor(np.log10(gap)))) for gap in gaps]
    return sorted({level for level in rounded if level > lowest})
