"""Which epochs become frames.

A descent is fast at first and slow later, so even steps of the epoch would show it all in the
first frames and nothing in the rest. The default gives each frame a like share of what moves.
"""

import re
from collections.abc import Iterable, Sequence
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.core.history import History
from gdviz.core.moments import Array

__all__ = ["Frames", "schedule", "visible"]

SLICE = re.compile(r"(\d*):(\d*)(?::([1-9]\d*))?")  # start:stop or start:stop:step

Frames = int | str | Sequence[int]
Indices = NDArray[np.int64]


def schedule(history: History, frames: Frames = 100, *, epoch_axis: bool = True) -> Indices:
    """Indices of the records that become frames, (n_frames,).

    Parameters
    ----------
    history : History
    frames : int, str or sequence of int
        A count, shared out over the visible movement; or slices of the epochs as Python writes
        them, such as "0:50,50:100:5"; or the epochs themselves.
    epoch_axis : bool
        Whether the epoch is an axis of the picture, so that its passing can be seen.

    Raises
    ------
    ValueError
        If no such epoch was recorded, the text is not slices, or the number no whole one.
    """
    if isinstance(frames, str):
        frames = int(frames) if frames.strip().isdecimal() else _sliced(frames, history)
    if isinstance(frames, (int, np.integer)) and not isinstance(frames, bool):
        return _shared_out(_movement(history, epoch_axis), int(frames))
    picked = np.array([history.at(epoch) for epoch in _epochs(frames)], dtype=np.int64)
    if not len(picked):
        raise ValueError("no frames: the list of epochs is empty")
    return picked


def _epochs(frames: Any) -> list[int]:
    """Return epochs that are given one by one."""
    if not isinstance(frames, Iterable):
        raise ValueError(
            'frames must be a whole number, slices such as "0:50,50:100:5", or epochs such as '
            f"[0, 1, 5], not {frames!r}"
        )
    epochs = list(frames)
    for epoch in epochs:
        if not isinstance(epoch, Real) or epoch % 1 != 0:
            raise ValueError(f"frames: {epoch!r} is no epoch; epochs are whole numbers")
    return [int(epoch) for epoch in epochs]


def _sliced(text: str, history: History) -> list[int]:
    """Epochs of slices such as "0:50,50:100:5", those that were recorded."""
    parts = [SLICE.fullmatch(part.strip()) for part in text.split(",")]
    if not all(parts):
        raise ValueError(f'frames "{text}" are neither a count nor slices such as 0:50,50:100:5')
    every = range(int(history.epoch[-1]) + 1)
    bounds = [[int(n) if n else None for n in part.groups()] for part in parts if part]
    wanted = np.concatenate([np.array(every[slice(*bound)], dtype=np.int64) for bound in bounds])
    picked: list[int] = wanted[np.isin(wanted, history.epoch)].tolist()
    if not picked:
        raise ValueError(f'frames "{text}" pick no epoch; the last one recorded is {every[-1]:,}')
    return picked


def _movement(history: History, epoch_axis: bool) -> Array:
    """How far the picture has moved at each record (n_records,), from 0 to 1.

    θ moves on its axes, the root of the cost gap down a slope, and the epoch, where it has an
    axis, on a logarithmic one; each over its own range.
    """
    tracks = np.column_stack([history.theta, np.sqrt(history.gap)])
    if epoch_axis:
        tracks = np.column_stack([tracks, np.log1p(history.epoch.astype(np.float64))])
    span = np.ptp(tracks, axis=0)
    steps = np.diff(tracks, axis=0) / np.where(span > 0, span, 1)
    moved = np.concatenate([[0.0], np.cumsum(np.sqrt((steps**2).sum(axis=1)))])
    return moved / moved[-1] if moved[-1] > 0 else moved


def _shared_out(moved: Array, count: int) -> Indices:
    """Indices at like shares of the movement, the first and the last always among them."""
    if count < 1:
        raise ValueError(f"frames must be at least 1, not {count}")
    last = len(moved) - 1
    if count > last:
        return np.arange(last + 1)
    picked = [0]
    for left in range(count - 1, 0, -1):
        here = picked[-1]
        goal = int(np.searchsorted(moved, moved[here] + (moved[last] - moved[here]) / left))
        # One record a frame at least, and one left for each frame that is to come.
        picked.append(min(max(here + 1, goal), last - left + 1))
    return np.array([*picked[:-1], last], dtype=np.int64)


def visible(points: Array, span: Array, pixels: int = 2000) -> Indices:
    """Indices of the points (n, d) of a path that lie in another pixel than the one before.

    span (d,) is what the axes show of each coordinate. First and last are always among them.
    """
    pixel = np.floor(points / span * pixels)
    moved = np.any(np.diff(pixel, axis=0) != 0, axis=1)
    return np.flatnonzero(np.concatenate([[True], moved[:-1], [True]]) if len(points) > 1 else [1])
