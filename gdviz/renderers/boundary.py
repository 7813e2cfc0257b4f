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
from gdviz.messages import option, refit
from gdviz.renderers.arguments import renderer
from gdviz.renderers.pair import AT_MEANS, at_means, pair_of
from gdviz.renderers.scene import Draw, Scene
from gdviz.renderers.style import BLUE, GREY, INK, VERMILION, Compact, points, written

__all__ = ["boundary"]


@renderer
def boundary(history: History, *, vary: tuple[str, str] | None = None) -> Scene:
    """Points of two classes, the line between them, and a ring around those on the wrong side.

    Parameters
    ----------
    history : History
        Of a loss of labels, such as cross-entropy.
    vary : (str, str)
        The two features to draw it over, where there are more; the others stay at their means.

    Raises
    ------
    ValueError
        If the loss has no labels, or the features are not two and two are not chosen.
    """
    if not history.objective.labels:
        raise ValueError(
            "boundary draws two classes; this history's loss has none: fit with "
            f"{refit(loss='cross-entropy')}, or draw {option(kind='plane')}"
        )
    # Two features may be powers of one column: over these the line is one.
    if history.dataset.n_features > max(2, len(history.dataset.columns)):
        raise ValueError(
            "the line over powers would not be the model's, which is curved: draw "
            + option(kind="parameters")
        )
    pair = pair_of(history, vary, "boundary")
    return Scene(history, (partial(_backdrop, history=history, pair=pair),))


def _backdrop(subfigure: SubFigure, *, history: History, pair: list[int]) -> Draw:
    data = history.dataset
    X, lines = data.X[:, pair], at_means(history, pair)
    larger = data.y == data.y.max()
    axes = subfigure.subplots()
    for side, color, marker in ((larger, BLUE, "o"), (~larger, VERMILION, "^")):
        axes.plot(*X[side].T, marker, color=color, ms=points(7), mec="white", linestyle="")
    axes.set_title(
        f"● {written(data.target_name)} {plain(data.y.max())}    ▲ {plain(data.y.min())}    "
        "○ on the wrong side" + f"\n{AT_MEANS}" * (data.n_features > 2),
        loc="right",
        fontsize="small",
        color=GREY,
    )
    corners = _corners(X)
    axes.set(xlim=corners[:, 0], ylim=corners[:, 1])
    axes.set(xlabel=written(data.labels[pair[0]]), ylabel=written(data.labels[pair[1]]))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(5))
        axis.set_major_formatter(Compact())

    def draw(record: int) -> None:
        theta = lines[record]
        axes.plot(*_line(theta, corners), color=INK, linewidth=points(2))
        wrong = (theta[0] + X @ theta[1:] > 0) != larger
        ring: dict[str, Any] = {"mfc": "none", "mec": INK, "ms": points(11), "linestyle": ""}
        axes.plot(*X[wrong].T, "o", **ring)

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
