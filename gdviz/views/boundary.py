"""Two classes of points and the line between them: what logistic regression makes of a plane.

On one side of the line θ₀ + x·w = 0 the larger label is the likelier one, on the other side the
smaller. A descent turns and moves the line until as few points as it can help are misclassified. Of
more than two features the line is that of a row whose others are average; whether a point is
misclassified, all of its features decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdviz.core.dataset import Dataset
from gdviz.core.history.record import History
from gdviz.core.moments import Array
from gdviz.core.sampling import sampled
from gdviz.core.text import plain
from gdviz.messages import option
from gdviz.views.projection import AT_MEANS, at_means, pair_of
from gdviz.views.records import Epochs, between
from gdviz.views.words import held_words
from gdviz.views.zones import PROBABILITIES, line_at, way_to_line, zones

__all__ = ["THIS_WAY", "BoundaryFrame", "BoundaryView", "boundary_of", "pair_on_line"]

MOST_POINTS = 1000
THIS_WAY = "boundary this way"  # is said where the line is beyond the picture
MARGIN = 0.08  # of what the points span, on each side of them

Flags = NDArray[np.bool_]


class BoundaryFrame(NamedTuple):
    """What moves in the picture.

    zones: polygons (n, 2), from where the smaller label is likely to where the larger one is. line
    (2, 2): ends of the line between, as xs and ys. outer: of those beside it. wrong (n,): which
    points are misclassified. way (2, 2): from the middle to the edge, towards a line that is beyond
    the picture; None where it is within.
    """

    zones: list[Array]
    line: Array
    outer: list[Array]
    wrong: Flags
    way: Array | None


@dataclass(frozen=True, eq=False)
class BoundaryView:
    """Points of two classes, and the line between them at every epoch.

    Attributes
    ----------
    X : (n, 2) array
        The points that are drawn.
    rows : (n, n_features) array
        All of their features.
    larger : (n,) bool array
        Which have the larger label.
    corners : (2, 2) array
        Lower left and upper right corner of the picture.
    epoch : (n_records,) array of int
    theta : (n_records, d) array
    lines : (n_records, 3) array
        Intercept and both weights, where other features are average.
    names : (str, str)
        Of both features.
    classes : (str, str)
        What those of the larger label (●) and of the smaller one (▲) are called.
    notes : tuple of str
        What rings and lines are, what is held, and what is not drawn as it is.
    """

    X: Array
    rows: Array
    larger: Flags
    corners: Array
    epoch: Epochs
    theta: Array
    lines: Array
    names: tuple[str, str]
    classes: tuple[str, str]
    notes: tuple[str, ...]

    @property
    def size(self) -> float:
        """Diameter of a point beside text of 10: many are small, so that they do not clump."""
        return float(np.clip(7 * np.sqrt(150 / len(self.X)), 4, 7))

    def at(self, epoch: float) -> BoundaryFrame:
        """Return what moves, at an epoch."""
        theta, whole = (between(self.epoch, all_of, epoch) for all_of in (self.lines, self.theta))
        z = whole[0] + self.rows @ whole[1:]
        return BoundaryFrame(
            zones=zones(theta, self.corners),
            line=line_at(theta, self.corners),
            outer=[line_at(theta, self.corners, p) for p in PROBABILITIES[::2]],
            wrong=np.where(self.larger, z < 0, z > 0),
            way=way_to_line(theta, self.corners),
        )


def boundary_of(history: History, *, vary: tuple[str, str] | None = None) -> BoundaryView:
    """Return the line between two classes over two features, and the points.

    vary: the two features, where there are more; the others stay at their means.

    Raises
    ------
    ValueError
        If the features are not two and two are not chosen.
    """
    data = history.dataset
    pair = pair_on_line(data, history.moving, vary)
    shown = sampled(data.n_samples, MOST_POINTS)
    rows = data.X[shown]
    X = rows[:, pair]
    return BoundaryView(
        X=X,
        rows=rows,
        larger=data.y[shown] == data.y.max(),
        corners=_corners(X),
        epoch=history.epoch,
        theta=history.theta,
        lines=at_means(history, pair),
        names=(data.labels[pair[0]], data.labels[pair[1]]),
        classes=_classes(data),
        notes=tuple(_notes(history, len(shown))),
    )


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


def _classes(data: Dataset) -> tuple[str, str]:
    """Names of the larger and the smaller label; of numbers, those of the first with its column."""
    if data.label_names:
        small, large = data.label_names
        return large, small
    return f"{data.target_name} {plain(data.y.max())}", plain(data.y.min())


def _notes(history: History, shown: int) -> list[str]:
    """Say what rings and lines are, what is held, and what is not drawn as it is."""
    data = history.dataset
    said = ["○ misclassified", f"┄ P(●) = {', '.join(map(str, PROBABILITIES[::2]))}"]
    said += [AT_MEANS] * (data.n_features > 2) + held_words(history)
    if shown < data.n_samples:
        said.append(f"{shown:,} of {data.n_samples:,} points drawn")
    return said


def _corners(X: Array) -> Array:
    """Lower left and upper right corner (2, 2) of all points, with a margin."""
    low, high = X.min(axis=0), X.max(axis=0)
    margin = np.where(high > low, MARGIN * (high - low), 1.0)
    return np.array([low - margin, high + margin])
