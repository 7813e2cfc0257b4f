"""The regression plane among the points, and a residual from each point to it.

The mean squared error is the mean of the squared lengths of the residuals: this is the picture of
what a descent makes small. A picture has room for some of many points, for fewer residuals, and for
two of many features.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdviz.core.dataset import Dataset
from gdviz.core.history.record import History
from gdviz.core.moments import Array
from gdviz.core.sampling import sampled
from gdviz.messages import option
from gdviz.views.clock import schedule
from gdviz.views.framing import Range, check_ranges
from gdviz.views.projection import AT_MEANS, at_means, pair_of
from gdviz.views.records import Epochs, between
from gdviz.views.sheet import VIEW, Box, best_azimuth, beyond, cut, shown_heights
from gdviz.views.words import held_words

__all__ = ["PlaneFrame", "PlaneView", "pair_under_plane", "plane_of"]

MOST_POINTS = 1000
MANY, STICKS = 150, 40  # points above which only so many have their residuals drawn
CENTRAL = (0.01, 0.99)  # the quantiles that the plane spans then

Flags = NDArray[np.bool_]


class PlaneFrame(NamedTuple):
    """What moves in the picture.

    polygon (m, 3): the plane, cut to the limits. beyond: how it goes on there, in words. before
    (n,): which points are on the viewer's side of it. fitted (n,): the height at which the residual
    of each point ends; NaN where none is drawn.
    """

    polygon: Array
    beyond: str
    before: Flags
    fitted: Array


@dataclass(frozen=True, eq=False)
class PlaneView:
    """A plane among points, at every epoch.

    Attributes
    ----------
    X : (n, 2) array
        The points that are drawn.
    y : (n,) array
    stuck : (n,) bool array
        Which of them have their residuals drawn.
    many : bool
        Whether they are so many that they are faint.
    corners : (4, 2) array
        Of the plane, once around.
    epoch : (n_records,) array of int
    planes : (n_records, 3) array
        Intercept and both weights.
    limits : three of (float, float)
        What is seen of both features and of the target.
    names : three of str
        Of both features and of the target.
    notes : tuple of str
        What is held, and what is not drawn as it is.
    sheets : (n_frames, 4, 3) array
        The corners in the frames of the usual film, as shares of the limits.
    """

    X: Array
    y: Array
    stuck: Flags
    many: bool
    corners: Array
    epoch: Epochs
    planes: Array
    limits: tuple[Range, Range, Range]
    names: tuple[str, str, str]
    notes: tuple[str, ...]
    sheets: Array

    @property
    def size(self) -> float:
        """Diameter of a point (beside text of 10): many are small, so that they do not clump."""
        return float(np.clip(6 * np.sqrt(60 / len(self.y)), 2.5, 6))

    def best_azimuth(self, box: Callable[[float], Box], elev: float) -> float:
        """Return the side from which the plane is never seen edge-on, or as little as can be.

        box: its sides, by the azimuth. elev: how high the viewer stands, degrees.
        """
        return best_azimuth(self.sheets, box, elev)

    def at(self, epoch: float, eye: Array) -> PlaneFrame:
        """Return what moves, at an epoch, for a viewer whose eye (3,) is in units of the data."""
        theta = between(self.epoch, self.planes, epoch)
        low, high = self.limits[2]
        heights, fitted = theta[0] + self.corners @ theta[1:], theta[0] + self.X @ theta[1:]
        eye_above = eye[2] > theta[0] + eye[:2] @ theta[1:]
        return PlaneFrame(
            polygon=cut(np.column_stack([self.corners, heights]), low, high),
            beyond=beyond(heights, low, high),
            before=(self.y > fitted) == eye_above,
            fitted=np.where(self.stuck, np.clip(fitted, low, high), np.nan),
        )


def plane_of(
    history: History,
    *,
    vary: tuple[str, str] | None = None,
    ranges: tuple[Range, Range] | None = None,
) -> PlaneView:
    """Return the plane of a history over two features, and the points.

    Parameters
    ----------
    vary : (str, str)
        The two features, where there are more; the others stay at their means.
    ranges : ((float, float), (float, float))
        First and last value of each that the plane spans. Default: the data and a margin.

    Raises
    ------
    ValueError
        If the features are not two and two are not chosen, or a range does not increase.
    """
    data = history.dataset
    pair = pair_under_plane(data, history.moving, vary)
    check_ranges(ranges)
    features, planes, many = data.X[:, pair], at_means(history, pair), data.n_samples > MANY
    corners = _corners(_ranges(features, many) if ranges is None else ranges)
    shown = sampled(data.n_samples, MOST_POINTS)
    X, y = features[shown], data.y[shown]
    heights = planes @ np.column_stack([np.ones(4), corners]).T
    across = (_limits(X[:, 0], corners[:, 0]), _limits(X[:, 1], corners[:, 1]))
    limits = (*across, _upright(history, y, heights, many))
    epochs = schedule((history,), epoch_axis=False)
    seen = heights[np.searchsorted(history.epoch, epochs)]
    return PlaneView(
        X=X,
        y=y,
        stuck=np.isin(np.arange(len(y)), sampled(len(y), STICKS if many else len(y))),
        many=many,
        corners=corners,
        epoch=history.epoch,
        planes=planes,
        limits=limits,
        names=(data.labels[pair[0]], data.labels[pair[1]], data.target_name),
        notes=(*held_words(history), *_remarks(data)),
        sheets=_in_cube(corners, np.clip(seen, *limits[2]), limits),
    )


def pair_under_plane(
    dataset: Dataset, moved: Sequence[int], vary: tuple[str, str] | None = None
) -> list[int]:
    """Return the two features that a plane is drawn over, where these entries of θ move.

    Raises
    ------
    ValueError
        If the model is no plane, or the features are not two and two are not chosen.
    """
    if dataset.n_features > len(dataset.columns):
        raise ValueError(
            "a plane over powers would not be the model, which is curved: draw "
            + option(kind="parameters")
        )
    return pair_of(dataset, moved, vary, "plane")


def _remarks(data: Dataset) -> list[str]:
    """Say what is not drawn as it is: rows left out, features held at their means.

    Over two of many features a stick is no residual: that is of the row's own other features.
    """
    shown, over_two = min(data.n_samples, MOST_POINTS), data.n_features > 2
    notes = []
    if shown < data.n_samples:
        notes.append(f"{shown:,} of {data.n_samples:,} points drawn")
    if shown > MANY:
        notes.append(f"{STICKS} of {shown:,} {'sticks' if over_two else 'residuals'} drawn")
    if over_two:
        notes += ["sticks to this plane,", AT_MEANS]
    return notes


def _ranges(X: Array, many: bool) -> tuple[Range, Range]:
    """What the plane spans of each feature: that of the points; of many, without the extremes."""
    low, high = np.quantile(X, CENTRAL if many else (0, 1), axis=0)
    margin = np.where(high > low, 0.08 * (high - low), 0.08 * np.abs(high) + 1)
    low, high = low - margin, high + margin
    return (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))


def _corners(ranges: tuple[Range, Range]) -> Array:
    """Corners (4, 2) of the plane, once around."""
    (left, right), (front, back) = ranges
    return np.array([[left, front], [right, front], [right, back], [left, back]])


def _upright(history: History, y: Array, heights: Array, many: bool) -> Range:
    """Limits of the upright axis; the planes of a descent that diverges are not what it shows."""
    planes = heights[::-1] if history.diverged else heights
    low, high = shown_heights(y, planes, reach=0.0 if many else VIEW)
    return _limits(np.array([low, high]), margin=0.03)


def _limits(*values: Array, margin: float = 0.0) -> Range:
    """Return the lowest and highest of all values, and a margin, as a share of what they span."""
    low, high = min(v.min() for v in values), max(v.max() for v in values)
    pad = margin * (high - low) if high > low else 0.08 * abs(high) + 1
    return float(low - pad), float(high + pad)


def _in_cube(corners: Array, heights: Array, limits: tuple[Range, ...]) -> Array:
    """Corners (4, 2) at heights (n, 4), as shares of the limits of the three axes, (n, 4, 3)."""
    sheets = np.dstack([*(np.broadcast_to(c, heights.shape) for c in corners.T), heights])
    low, high = np.transpose(limits)
    return np.asarray((sheets - low) / (high - low))
