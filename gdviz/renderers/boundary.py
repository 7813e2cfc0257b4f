"""Two classes of points and the line between them: what logistic regression makes of a plane.

On one side of the line θ₀ + x·w = 0 the larger label is the likelier one, on the other side the
smaller; how likely, its shade tells. A descent turns and moves the line until as few points as it
can help are misclassified; those are ringed. Of more than two features the line is that of a row
whose others are average; whether a point is misclassified, all of its features decide.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from gdviz.core.dataset import Dataset
from gdviz.core.history.record import History
from gdviz.core.moments import Array
from gdviz.core.text import plain
from gdviz.messages import option, refit
from gdviz.renderers.arguments import regression_of, renderer
from gdviz.renderers.cost_slice import SMALL, side_by_side
from gdviz.renderers.stage.pointer import point_out
from gdviz.renderers.stage.scene import Draw, Scene
from gdviz.renderers.style.theme import (
    BLUE,
    GREY,
    INK,
    VERMILION,
    Compact,
    fitting,
    points,
    written,
)
from gdviz.renderers.tints import PROBABILITIES, Tints, logit, zones
from gdviz.views.clock import Indices
from gdviz.views.projection import AT_MEANS, at_means, pair_of
from gdviz.views.words import held_words

__all__ = ["boundary", "pair_on_line"]

MOST_POINTS = 1000


@renderer
def boundary(history: History, *, vary: tuple[str, str] | None = None) -> Scene:
    """Points of two classes, the line between them, and a ring around those misclassified.

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
    if not regression_of(history.objective, "boundary").function.labels:
        raise ValueError(
            "boundary draws two classes; this history's loss has none: fit by "
            f"{refit(loss='cross-entropy')}, or draw {option(kind='plane')}"
        )
    pair = pair_on_line(history.dataset, history.moving, vary)
    return Scene((history,), (partial(_backdrop, history=history, pair=pair),))


def pair_on_line(
    dataset: Dataset, moved: Sequence[int], vary: tuple[str, str] | None = None
) -> list[int]:
    """Return the two features over which a line parts the classes, where these entries of θ move.

    Raises
    ------
    ValueError
        If the line would be none, or the features are not two and two are not chosen.
    """
    # Two features may be powers of one column: over these the line is one.
    if dataset.n_features > max(2, len(dataset.columns)):
        raise ValueError(
            "the line over powers would not be the model's, which is curved: draw "
            + option(kind="parameters")
        )
    return pair_of(dataset, moved, vary, "boundary")


def _backdrop(subfigure: SubFigure, *, history: History, pair: list[int]) -> Draw:
    data, lines = history.dataset, at_means(history, pair)
    shown = _sample(data.n_samples)
    rows, larger = data.X[shown], data.y[shown] == data.y.max()
    X = rows[:, pair]
    axes, size = subfigure.subplots(), _marker_size(len(shown))
    rim: dict[str, Any] = {"mec": "white", "mew": points(0.12 * size), "linestyle": ""}
    for side, color, marker in ((larger, BLUE, "o"), (~larger, VERMILION, "^")):
        axes.plot(*X[side].T, marker, color=color, ms=points(size), **rim)
    title = _legend(history, len(shown), 0.95 * subfigure.bbox.width * 72 / subfigure.dpi / SMALL)
    axes.set_title(title, loc="right", fontsize="small", color=GREY)
    corners = _corners(X)
    axes.set(xlim=corners[:, 0], ylim=corners[:, 1])
    axes.set(xlabel=written(data.labels[pair[0]]), ylabel=written(data.labels[pair[1]]))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(5))
        axis.set_major_formatter(Compact())

    def draw(epoch: float) -> None:
        theta = history.between(lines, epoch)
        _shade(axes, theta, corners)
        axes.add_artist(Line2D(*_line(theta, corners), color=INK, linewidth=points(2)))
        now = history.between(history.theta, epoch)
        z = now[0] + rows @ now[1:]
        wrong = np.where(larger, z < 0, z > 0)
        ring: dict[str, Any] = {"mfc": "none", "mec": INK, "mew": points(0.14 * size)}
        axes.add_artist(Line2D(*X[wrong].T, marker="o", ls="", ms=points(size + 3.5), **ring))
        if (way := way_to_line(theta, corners)) is not None:
            way = axes.transData.transform(way)
            point_out(axes, way, "boundary this way", axes.bbox, INK, zorder=2.6)

    return draw


def _marker_size(count: int) -> float:
    """Diameter of a marker: many are small, so that they and their rings do not clump."""
    return float(np.clip(7 * np.sqrt(150 / count), 4, 7))


def _sample(n: int) -> Indices:
    """Rows to draw: all of them, or a thousand drawn by lot, always the same."""
    if n <= MOST_POINTS:
        return np.arange(n)
    return np.sort(np.random.default_rng(0).choice(n, MOST_POINTS, replace=False))


def _legend(history: History, shown: int, room: float) -> str:
    """Return what the marks and lines are, and what is not drawn, in lines that fit a room."""
    data = history.dataset
    small, large = data.label_names or (plain(data.y.min()), plain(data.y.max()))
    name = "" if data.label_names else f"{written(data.target_name)} "
    said = [
        f"● {fitting(f'{name}{written(large)}', room / 3)}",
        f"▲ {fitting(written(small), room / 3)}",
        "○ misclassified",
        f"┄ P(●) = {', '.join(map(str, PROBABILITIES[::2]))}",
        *[AT_MEANS] * (data.n_features > 2),
        *map(written, held_words(history)),
    ]
    if shown < data.n_samples:
        said.append(f"{shown:,} of {data.n_samples:,} points drawn")
    return "\n".join(side_by_side(said, room))


def _shade(axes: Axes, theta: Array, corners: Array) -> None:
    """Tint each side, the more the likelier its label is, and draw the outer lines."""
    axes.add_artist(Tints(zones(theta, corners)))
    ends = [_line(theta - [logit(p), 0, 0], corners) for p in PROBABILITIES[::2]]
    outer = np.insert(np.hstack(ends), 2, np.nan, axis=1)  # one artist, its pen lifted
    axes.add_artist(Line2D(*outer, color=INK, lw=points(0.8), ls="dashed", zorder=1.5))


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
