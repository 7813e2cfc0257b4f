"""Two classes of points and the line between them: what logistic regression makes of a plane.

On one side of the line θ₀ + x·w = 0 the larger label is the likelier one, on the other side the
smaller. A descent turns and moves the line until as few points as it can help are on the wrong
side; those are ringed.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import SubFigure
from matplotlib.ticker import MaxNLocator

from gdviz.core.history import History
from gdviz.core.moments import Array
from gdviz.core.text import plain
from gdviz.renderers.scene import Draw, Scene
from gdviz.renderers.style import BLUE, GREY, INK, VERMILION, Compact, points, written

__all__ = ["boundary"]


def boundary(history: History) -> Scene:
    """Points of two classes, the line between them, and a ring around those on the wrong side.

    Parameters
    ----------
    history : History
        Of two features and a loss of labels, such as cross-entropy.

    Raises
    ------
    ValueError
        If the loss has no labels, or the features are not two.
    """
    names = history.dataset.feature_names
    if not history.objective.labels:
        raise ValueError(
            "boundary draws two classes; this history's loss has none: fit with "
            'loss="cross-entropy" (--loss cross-entropy), or draw --kind plane'
        )
    if len(names) != 2:
        raise ValueError(f"boundary draws two features; this history has {len(names)}")
    return Scene(history, (partial(_backdrop, history=history),))


def _backdrop(subfigure: SubFigure, *, history: History) -> Draw:
    data = history.dataset
    larger = data.y == data.y.max()
    axes = subfigure.subplots()
    for side, color, marker in ((larger, BLUE, "o"), (~larger, VERMILION, "^")):
        axes.plot(*data.X[side].T, marker, color=color, ms=points(7), mec="white", linestyle="")
    axes.set_title(
        f"● {written(data.target_name)} {plain(data.y.max())}    ▲ {plain(data.y.min())}    "
        "○ on the wrong side",
        loc="right",
        fontsize="small",
        color=GREY,
    )
    corners = _corners(data.X)
    axes.set(xlim=corners[:, 0], ylim=corners[:, 1])
    axes.set(xlabel=written(data.labels[0]), ylabel=written(data.labels[1]))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(5))
        axis.set_major_formatter(Compact())

    def draw(record: int) -> None:
        theta = history.theta[record]
        axes.plot(*_line(theta, corners), color=INK, linewidth=points(2))
        wrong = (theta[0] + data.X @ theta[1:] > 0) != larger
        ring: dict[str, Any] = {"mfc": "none", "mec": INK, "ms": points(11), "linestyle": ""}
        axes.plot(*data.X[wrong].T, "o", **ring)

    return draw


def _corners(X: Array) -> Array:
    """Lower left and upper right corner (2, 2) of all points, with a margin."""
    low, high = X.min(axis=0), X.max(axis=0)
    margin = np.where(high > low, 0.08 * (high - low), 1.0)
    return np.array([low - margin, high + margin])


def _line(theta: Array, corners: Array) -> Array:
    """Ends (2, 2) of the line θ₀ + x·w = 0, as xs and ys; across the axes it is steepest in."""
    size = corners[1] - corners[0]
    across = int(np.argmin(np.abs(theta[1:]) * size))  # the axis along which it runs on
    other = 1 - across
    ends = np.empty((2, 2))
    ends[across] = corners[:, across]
    with np.errstate(divide="ignore", invalid="ignore"):
        ends[other] = -(theta[0] + theta[1 + across] * ends[across]) / theta[1 + other]
    return ends
