"""Where a picture cuts the cost of many parameters: an affine plane in the space of θ.

    θ(a, b) = origin + a·u + b·v,   u and v of length 1, at right angles to each other.

Where two parameters move, u and v are their axes and the path lies in the plane. Where more move,
the plane goes through the end of the path, along the two directions in which the path moved most
(principal components of its records: Lorch 2016, "Visualizing deep network training trajectories
with PCA"; Li et al. 2018, "Visualizing the loss landscape of neural nets"), or along those in which
the cost is most and least curved there, or along any two. The cost on it is exact; the path lies
beside it and is projected.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.core.history.record import History
from gdviz.core.moments import Array
from gdviz.core.objective import Objective
from gdviz.core.registry import chosen
from gdviz.core.text import plain
from gdviz.core.wording import percent
from gdviz.messages import option

__all__ = ["THROUGH", "CuttingPlane", "Through", "main_directions", "plane_through", "share_along"]

Through = str | Sequence[Any]

MOST = 1_000  # of records and of parameters: where there are more of both, records are left out
MOST_CURVED = 1_000  # parameters of which a Hessian, d × d, is computed
COLUMNS = 8_192  # parameters of all records at a time
NUMBERS = 10_000_000  # of grid points × parameters at a time
STRAIGHT = 1e-7  # of the first direction's movement: what is less is rounding
WITHIN = 1e-9  # of the movement: what is less does not lie beside a plane


@dataclass(frozen=True, eq=False)
class CuttingPlane:
    """A plane through the space of θ.

    Attributes
    ----------
    origin : (d,) array
        Where both coordinates are 0.
    axes : (2, d) array
        Directions of length 1 at right angles.
    entries : (int, int) or None
        The entries of θ that are its axes, if that is what they are.
    names : (str, str)
        What the axes are called, where they are no entries.
    about : str
        What the plane goes through, where it is not all that moved.
    """

    origin: Array
    axes: Array
    entries: tuple[int, int] | None = None
    names: tuple[str, str] = ("", "")
    about: str = ""

    @classmethod
    def of_entries(cls, theta: Array, entries: tuple[int, int]) -> "CuttingPlane":
        """Return the plane of two entries of θ (d,), all others as they are there."""
        origin, axes = np.array(theta, dtype=np.float64), np.zeros((2, len(theta)))
        origin[list(entries)] = 0
        axes[[0, 1], list(entries)] = 1
        return cls(origin, axes, entries)

    def theta(self, points: Array) -> Array:
        """θ of points of the plane, (..., 2) -> (..., d)."""
        return np.asarray(self.origin + np.asarray(points) @ self.axes)

    def project(self, theta: Array) -> Array:
        """Point of the plane that is nearest to θ, (..., d) -> (..., 2)."""
        return np.asarray((theta - self.origin) @ self.axes.T)

    def along(self, direction: Array) -> Array:
        """What of a direction (d,) lies in the plane, (2,)."""
        return np.asarray(self.axes @ direction)

    def holds(self, theta: Array, span: Array) -> NDArray[np.bool_]:
        """Whether θ lies in the plane, but for rounding of its span (2,). (..., d) -> (...)."""
        beside = np.linalg.norm(theta - self.theta(self.project(theta)), axis=-1)
        return np.asarray(beside <= WITHIN * np.max(span))

    def cost(self, objective: Objective, points: Array) -> Array:
        """Exact cost at points of the plane, (..., 2) -> (...)."""
        flat = np.reshape(points, (-1, 2))
        count = max(1, NUMBERS // len(self.origin))
        blocks = [flat[i : i + count] for i in range(0, max(len(flat), 1), count)]
        found = [objective.cost(self.theta(block)) for block in blocks]
        return np.reshape(np.concatenate(found), np.shape(points)[:-1])


def plane_through(history: History, through: Through) -> CuttingPlane:
    """Return the plane through the end of a path that a text or two directions name.

    Parameters
    ----------
    through : str or two (d,) sequences
        A name in :data:`THROUGH`, or two directions: u is the first, v what of the second is at
        right angles to it.

    Raises
    ------
    ValueError
        If there is no such plane.
    """
    if isinstance(through, str):
        return THROUGH[chosen(THROUGH, through, "plane to cut")](history)
    axes = _orthonormal(_checked(through, len(history.objective.names)))
    return _at_end(history, axes, "along two given directions")


def _through_pca(history: History) -> CuttingPlane:
    """Return the plane along the two directions in which a path moved most."""
    return _at_end(history, main_directions(history.theta), "along its two main directions")


def _through_hessian(history: History) -> CuttingPlane:
    """Return the plane along the directions in which the cost is most and least curved."""
    theta = history.theta
    free = history.moving
    if len(free) < 2:
        raise ValueError(
            f"one parameter moves, and one makes no plane: draw {option(kind='parameters')}"
        )
    if len(free) > MOST_CURVED:
        raise ValueError(
            f"{len(free):,} parameters move, and a Hessian is computed of {MOST_CURVED:,} at most: "
            f"draw {option(through='pca')}"
        )
    hessian = history.objective.hessian(theta[-1])[np.ix_(free, free)]
    curvatures, directions = np.linalg.eigh(hessian)
    least, most = np.argsort(np.abs(curvatures), kind="stable")[[0, -1]]
    axes = np.zeros((2, theta.shape[1]))
    axes[:, free] = directions[:, [most, least]].T
    names = [
        f"{which}: curvature {plain(float(f'{curvatures[k]:.3g}'))}"
        for which, k in (("steepest", most), ("flattest", least))
    ]
    return _at_end(history, _signed(axes), "steepest and flattest there", names)


THROUGH = {"pca": _through_pca, "hessian": _through_hessian}


def _at_end(
    history: History, axes: Array, how: str, names: Sequence[str] | None = None
) -> CuttingPlane:
    """Return the plane through the end of a path, and words for it and for what is beside it.

    Axes that have no names are called by their share of the movement.
    """
    shares = share_along(history.theta, axes)
    if names is None:
        names = [f"1st direction: {percent(shares[0])}", f"2nd direction: {percent(shares[1])}"]
    share = float(shares.sum())
    inside = "all" if share > 1 - WITHIN else percent(share)
    about = f"plane through the end, {how}; {inside} of the movement lies in it"
    about += "" if inside == "all" else "\nthe path lies beside it; path and marks are projected"
    return CuttingPlane(history.theta[-1], axes, names=(names[0], names[1]), about=about)


def main_directions(path: Array) -> Array:
    """Return the two directions in which a path moved most. path (n, d) -> (2, d).

    They are the first principal components of its records. Where there are fewer records than
    parameters, they are found from the Gram matrix of the records, (n, n).

    Raises
    ------
    ValueError
        If it moved in one direction only, or not at all.
    """
    n, d = path.shape
    if min(n, d) > MOST:
        path = path[np.linspace(0, n - 1, MOST).round().astype(int)]
    if len(path) >= d:
        _, sizes, axes = np.linalg.svd(path - path.mean(axis=0), full_matrices=False)
    else:
        gram = sum(away @ away.T for _, away in _blocks(path))
        squares, weights = np.linalg.eigh(gram)
        sizes = np.sqrt(np.maximum(squares[::-1], 0))
        first = weights[:, ::-1].T[:2]
        axes = np.concatenate([first @ away for _, away in _blocks(path)], axis=1)
    if len(sizes) < 2 or sizes[1] <= STRAIGHT * sizes[0]:
        raise ValueError(
            "the path is straight, and has no second main direction: draw "
            f"{option(through='hessian')}, or {option(kind='parameters')}"
        )
    return _signed(_orthonormal(axes[:2]))


def share_along(path: Array, axes: Array) -> Array:
    """Share of the movement of a path (n, d) along each of two axes (2, d), (2,).

    Movement is the sum of squared distances of the records from their mean: a share is the ratio
    of variances that a principal component explains. That of a path that stays is 0.
    """
    inside, total = np.zeros((len(path), 2)), 0.0
    for columns, away in _blocks(path):
        inside += away @ axes[:, columns].T
        total += float(np.vdot(away, away))
    return np.asarray(np.sum(inside**2, axis=0) / (total or 1.0))


def _blocks(path: Array) -> Iterator[tuple[slice, Array]]:
    """Yield some columns of a path (n, d) at a time, each away from its mean, and which they are.

    A copy of all of them, where they are a million, takes longer than what is done with it.
    """
    for i in range(0, path.shape[1], COLUMNS):
        columns = slice(i, i + COLUMNS)
        yield columns, path[:, columns] - path[:, columns].mean(axis=0)


def _signed(axes: Array) -> Array:
    """Point axes (2, d) so that the largest of their entries, the first of several, is positive."""
    large = np.abs(axes) >= (1 - 1e-6) * np.abs(axes).max(axis=1, keepdims=True)
    return np.asarray(axes * np.sign(axes[[0, 1], large.argmax(axis=1)])[:, None])


def _orthonormal(axes: Array) -> Array:
    """Make two directions (2, d) of length 1 and at right angles; the first keeps its way."""
    u = axes[0] / np.linalg.norm(axes[0])
    v = axes[1] / np.linalg.norm(axes[1])
    v = v - (u @ v) * u
    v = v / np.linalg.norm(v)
    # Once more: of directions that are almost the same, the first time leaves rounding.
    v = v - (u @ v) * u
    return np.stack([u, v / np.linalg.norm(v)])


def _checked(through: Sequence[Any], d: int) -> Array:
    """Return two directions that are given as an array, (2, d)."""
    try:
        axes = np.array(through, dtype=np.float64)
    except (TypeError, ValueError):
        axes = np.empty(0)
    if axes.shape != (2, d) or not np.isfinite(axes).all():
        raise ValueError(
            f"through needs two directions of {d:,} finite numbers each, or one of "
            f"{', '.join(THROUGH)}"
        )
    lengths = np.linalg.norm(axes, axis=1, keepdims=True)
    if not lengths.all() or np.linalg.svd(axes / lengths, compute_uv=False)[1] < STRAIGHT:
        raise ValueError("through needs two directions that differ; these make no plane")
    return axes
