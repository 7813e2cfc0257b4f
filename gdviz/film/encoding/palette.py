"""A palette: the few colours that stand for all in a film.

Colours are chosen to make the mean squared error small. First the colours that occur are divided
again and again, always the group with the largest error and along its longest direction (Wu's
way, 1991); then each colour chosen is moved to the mean of those that are nearest to it, a few
times (Lloyd, 1982). To find the index of a pixel in the palette is then to look it up in a table
of all colours, which is filled as colours turn up.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.film.pixels import Frame, Packed, packed

__all__ = ["Palette"]

Colours = NDArray[np.float32]

_ROUNDS = 3  # of moving to the mean; more gain next to nothing
# Colours compared at once with all of the palette: 256 KiB stay in the cache, and are too few for
# BLAS to share them out to threads, which then wait in a loop and take the cores from others.
_CHUNK = 256


class Palette:
    """At most `size` colours, and the index of the nearest one for any colour.

    Indices are counted from 1: 0 is left for "as before".

    >>> palette = Palette(np.array([[0, 0, 0], [255, 255, 255]]))
    >>> palette.indices(packed(np.array([[[250, 255, 240, 255], [9, 8, 7, 255]]], np.uint8)))
    array([[2, 1]], dtype=uint8)
    """

    def __init__(self, colours: NDArray[np.integer]) -> None:
        self.colours = colours.astype(np.uint8)
        # Untouched memory pages cost nothing, so the table is as large as the colours are many.
        self._indices = np.zeros(1 << 24, dtype=np.uint8)

    @classmethod
    def of(cls, frames: Iterable[Frame], size: int = 255) -> "Palette":
        """Choose the colours for films like `frames`."""
        weights, colours = _histogram(frames)
        if len(colours) > size:
            colours = _moved(_divided(weights, colours, size), weights, colours)
        return cls(np.rint(colours).astype(np.uint8))

    def indices(self, colours: Packed) -> NDArray[np.uint8]:
        """Packed colours -> the index of the nearest colour of the palette, of the same shape."""
        colours = colours & np.uint32(0xFFFFFF)  # without alpha
        found = self._indices.take(colours)
        if not found.all():
            unknown = np.unique(colours[found == 0])
            self._indices[unknown] = 1 + _nearest(_unpacked(unknown), self.colours)
            found = self._indices.take(colours)
        return found


def _unpacked(colours: Packed) -> Colours:
    """Red, green and blue (n, 3) of packed colours (n,)."""
    shifts = np.array([0, 8, 16], dtype=np.uint32)
    return (colours[:, None] >> shifts & 0xFF).astype(np.float32)


def _histogram(frames: Iterable[Frame]) -> tuple[NDArray[np.float64], Colours]:
    """Pixel counts (n,) and mean colours (n, 3) of the cells of a 64 x 64 x 64 grid."""
    cells = 1 << 18
    sums = np.zeros((4, cells))
    for frame in frames:
        colours, counts = np.unique(packed(frame), return_counts=True)
        rgb = _unpacked(colours)
        cell = (rgb.astype(np.int64) >> 2) @ [1 << 12, 1 << 6, 1]
        for total, values in zip(sums, [counts, *(rgb.T * counts)], strict=True):
            total += np.bincount(cell, values, cells)
    occupied = sums[:, sums[0] > 0]
    return occupied[0], (occupied[1:] / occupied[0]).T.astype(np.float32)


def _divided(weights: NDArray[np.float64], colours: Colours, size: int) -> Colours:
    """Divide `colours` (n, 3) into `size` groups; return their means (size, 3)."""
    groups = [_Group(weights, colours)]
    while len(groups) < size:
        worst = max(range(len(groups)), key=lambda i: groups[i].error)
        groups += groups.pop(worst).halves()
    return np.array([group.mean for group in groups], dtype=np.float32)


class _Group:
    """Weighted colours, their mean and the sum of squared errors around it along each channel."""

    def __init__(self, weights: NDArray[np.float64], colours: Colours) -> None:
        self.weights, self.colours = weights, colours
        self.mean = (weights * colours.T).sum(axis=1) / weights.sum()
        self.errors = (weights * (colours - self.mean).T ** 2).sum(axis=1)
        self.error = float(self.errors.sum())

    def halves(self) -> list["_Group"]:
        """Divide where the mean is along the channel that has the largest error."""
        channel = int(np.argmax(self.errors))
        above = self.colours[:, channel] > self.mean[channel]
        return [_Group(self.weights[side], self.colours[side]) for side in (above, ~above)]


def _moved(chosen: Colours, weights: NDArray[np.float64], colours: Colours) -> Colours:
    """Move each of `chosen` (k, 3) to the mean of the colours that it is nearest to."""
    for _ in range(_ROUNDS):
        nearest = _nearest(colours, chosen)
        totals = np.bincount(nearest, weights, len(chosen))
        sums = [np.bincount(nearest, weights * channel, len(chosen)) for channel in colours.T]
        means = np.array(sums).T / np.maximum(totals, 1e-9)[:, None]
        chosen = np.where(totals[:, None] > 0, means, chosen).astype(np.float32)
    return chosen


def _nearest(colours: Colours, chosen: NDArray[Any]) -> NDArray[np.intp]:
    """Index of the nearest of `chosen` (k, 3) for each of `colours` (n, 3)."""
    points: Colours = chosen.astype(np.float32)
    lengths = (points**2).sum(axis=1)
    parts: list[Colours] = [colours[i : i + _CHUNK] for i in range(0, len(colours), _CHUNK)]
    return np.concatenate([np.argmin(lengths - 2 * part @ points.T, axis=1) for part in parts])
