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
from gdviz.core.wording import listing, spell
from gdviz.messages import option, refit
from gdviz.renderers.schedule import Indices, visible
from gdviz.renderers.style import INK, VERMILION, points, written

__all__ = [
    "DEPTH",
    "STAR",
    "Range",
    "Slice",
    "check_ranges",
    "here",
    "mark",
    "remedy",
    "slice_of",
    "trail",
]


Range = tuple[float, float]

# Light where the cost is low, so that the valley shines; one hue, so that everybody reads it as
# height; never so dark that a label could not be read on it.
DEPTH = LinearSegmentedColormap.from_list(
    "depth", ["#fffbe6", "#e3efcf", "#b5dcc9", "#7cc0c6", "#4a9bbd", "#2f72a8", "#27508b"]
)
ROUNDING = 1e-9
STAR = 20  # diameter of the optimum's mark, in points beside text of 10
FEW = 60  # records of a path whose steps are drawn as dots
LEVEL_RATIO = 2.2  # of the cost above the optimum, from one line to the next


def mark(size: float) -> dict[str, Any]:
    """How the start and the optimum are drawn: white with a dark edge, on whatever ground."""
    return {"mfc": "white", "mec": INK, "mew": points(1.2), "ms": points(size)}


def here() -> dict[str, Any]:
    """How the present point of the path is drawn."""
    return {"color": VERMILION, "mec": "white", "mew": points(0.8), "ms": points(6.5)}


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
        The features that the weights belong to, as they are drawn; "" for the intercept.
    goal : str
        What the optimum is called.
    """

    ground: Landscape
    levels: Array
    path: Array
    cost: Array
    drawn: Indices
    optimum: Array
    lowest: float
    names: tuple[str, str]
    goal: str

    def path_to(self, record: int) -> Indices:
        """Return the records that draw the path up to a record."""
        return np.append(self.drawn[self.drawn < record], record)

    @property
    def few(self) -> bool:
        """Whether the steps of the path are so few that they can be seen one by one."""
        return len(self.path) <= FEW


def trail(part: Slice) -> dict[str, Any]:
    """How the path is drawn: each step with a dot at its end, where they are few."""
    if not part.few:
        return {"color": VERMILION, "linewidth": points(2)}
    dots = {"marker": "o", "mec": "white", "mew": points(0.5), "ms": points(4)}
    return {"color": VERMILION, "linewidth": points(1.2), **dots}


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
        If the intercept moved, or the weights are not two; it says what to type instead. If ranges,
        levels or size cannot be drawn, or nothing of the descent lies within the ranges.
    """
    varying = _varying(history, kind)
    check_ranges(ranges)
    _check_grid(levels, size)
    path, optimum = history.theta[:, varying], history.optimum[list(varying)]
    curvature = _curvature(history, varying)
    u_range, v_range = _ranges(path, optimum, curvature) if ranges is None else ranges
    _check_something_shows(path, optimum, (u_range, v_range))
    ground = landscape(history, varying=varying, u_range=u_range, v_range=v_range, size=size)
    lowest = history.best.cost
    return Slice(
        ground=ground,
        levels=_within(ground, _levels(history, ground, lowest) if levels is None else levels),
        path=path,
        cost=history.cost,
        drawn=visible(path, np.array([np.ptp(u_range), np.ptp(v_range)])),
        optimum=optimum,
        lowest=lowest,
        names=(_name(history, varying[0]), _name(history, varying[1])),
        goal=history.best.name,
    )


def _within(ground: Landscape, levels: Sequence[float]) -> Array:
    """Levels in order, those that run through the ground."""
    ordered = np.unique(np.asarray(levels, dtype=np.float64))
    inside: Array = ordered[(ordered > ground.cost.min()) & (ordered < ground.cost.max())]
    return inside


def _varying(history: History, kind: str) -> tuple[int, int]:
    """Return the two entries of θ that move; a ValueError says what to type if they are not two."""
    moved = [j for j in range(len(history.optimum)) if j not in history.fixed]
    if len(moved) > 2:
        moved = [j for j in moved if np.ptp(history.theta[:, j]) > 0]
    if len(moved) == 2:
        return moved[0], moved[1]
    names = [spell(history.dataset.parameter_names[j]) for j in moved]
    said = f"{kind} draws the cost over two parameters; in this history {len(moved)} move "
    said += f"({listing(names)}): "
    if len(moved) < 2:
        raise ValueError(f"{said}draw {option(kind='parameters')}, or fit with two that move")
    two = refit(vary=_example([history.dataset.feature_names[j - 1] for j in moved if j]))
    if len(moved) == 3 and moved[0] == 0:
        said += f"hold the intercept, {refit(fixed_intercept='ols')}, or "
    raise ValueError(f"{said}choose two, {two}")


def _name(history: History, j: int) -> str:
    return written(history.dataset.labels[j - 1]) if j else ""


def remedy(names: Sequence[str]) -> str:
    """What to type where two features are wanted and there are more or fewer."""
    if len(names) < 2:
        return f"draw {option(kind='parameters')}"
    return f"choose two, {option(vary=_example(names))}"


def _example(names: Sequence[str]) -> tuple[str, str]:
    """Two names, of those that are short and plain if there are two such."""
    plain = [name for name in names if spell(name) == name]
    first, second, *_ = plain if len(plain) > 1 else names
    return first, second


def check_ranges(ranges: tuple[Range, Range] | None) -> None:
    """Raise a ValueError unless two ranges, if any are given, are finite and increase."""
    if ranges is None:
        return
    bounds = np.asarray(ranges, dtype=np.float64)
    if bounds.shape != (2, 2) or not (np.isfinite(bounds).all() and (np.diff(bounds) > 0).all()):
        raise ValueError(
            f"ranges {ranges} are not two pairs of finite numbers that increase, "
            "such as ((-15, 5), (-15, 5))"
        )


def _check_grid(levels: Sequence[float] | None, size: int) -> None:
    if not isinstance(size, (int, np.integer)) or size < 2:
        raise ValueError(f"size {size} is not a whole number of at least 2 grid points")
    if levels is not None and not np.isfinite(np.asarray(levels, dtype=np.float64)).all():
        raise ValueError(f"levels {list(levels)} are not all finite numbers")


def _check_something_shows(path: Array, optimum: Array, ranges: tuple[Range, Range]) -> None:
    low, high = np.transpose(ranges)
    seen = np.vstack([path, optimum])
    if not ((seen >= low) & (seen <= high)).all(axis=1).any():
        raise ValueError(
            f"ranges {ranges} hold neither the path nor the optimum: the descent starts at "
            f"{_pair(path[0])}, ends at {_pair(path[-1])}, and the optimum is {_pair(optimum)}"
        )


def _pair(point: Array) -> str:
    return f"({point[0]:.4g}, {point[1]:.4g})"


def _ranges(path: Array, optimum: Array, curvature: Array) -> tuple[Range, Range]:
    """Both axes: the path inside with a margin, and the valley around the optimum."""
    reach = np.abs(path - optimum).max(axis=0)
    # Over 1/√curvature of each weight the cost rises alike: neither axis becomes a sliver.
    unit = 1 / np.sqrt(curvature)
    reach = np.maximum(
        reach, 0.5 * _or_one(np.max(reach / unit), np.max(abs(optimum) / unit)) * unit
    )
    low = np.minimum(path.min(axis=0) - 0.15 * reach, optimum - 0.6 * reach)
    high = np.maximum(path.max(axis=0) + 0.15 * reach, optimum + 0.6 * reach)
    return (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))


def _or_one(reach: float, size: float) -> float:
    """A reach, or where it is nothing but rounding of numbers of this size, their size, or 1."""
    return reach if reach > ROUNDING * size else size or 1.0


def _curvature(history: History, varying: tuple[int, int]) -> Array:
    """Second difference of the cost along both axes at the optimum, (2,); 1 where it is flat."""
    step = np.zeros((2, len(history.optimum)))
    step[[0, 1], varying] = 1 + np.abs(history.optimum[list(varying)])
    cost = history.objective.cost
    around = np.stack([history.optimum - step, history.optimum + step])
    rise = cost(around, history.dataset).sum(axis=0) - 2 * cost(history.optimum, history.dataset)
    curvature = rise / step[[0, 1], varying] ** 2
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
