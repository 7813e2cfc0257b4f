"""Which epochs become frames, and how long each of them is shown.

A descent is fast at first and slow later, so even steps of the epoch would show it all in the
first frames and nothing in the rest. The default gives each frame a like share of what moves; where
a single epoch moves more than that, its frame stays longer. Several descents share one clock: their
frames are the epochs of all of them, and what counts is the one that moves farthest. Films of few
epochs glide: between two epochs there are frames, too, on which what moves is on its way.
"""

import re
from collections.abc import Iterable, Sequence
from numbers import Real
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdviz.checks import positive
from gdviz.core.history.record import History
from gdviz.core.moments import Array
from gdviz.core.objective import same_objective

__all__ = ["Clock", "Frames", "clock", "durations", "epoch_of", "gliding", "schedule", "visible"]

FRAMES, FPS = 100, 20.0  # where neither is given
FIRST = 0.8  # seconds that the start is shown
MOVING = 4.0  # seconds that a film moves at least
LONGEST = 8  # times as long as others a frame is shown that moves as far as eight, or more
GLIDING = 60  # records of a film that glides, at most
BETWEEN = (6, 12)  # frames from one epoch to the next, in such a film
GLIDE = 0.04  # seconds of a frame there, where the epoch is long enough
VIEW = 3.0  # of the start's distance: what goes farther has left the picture

SLICE = re.compile(r"(\d*):(\d*)(?::([1-9]\d*))?")  # start:stop or start:stop:step

Frames = int | str | Sequence[int]
Indices = NDArray[np.int64]


class Clock(NamedTuple):
    """The epochs that become frames, frames a second, and seconds of each if they differ.

    An epoch between two that were recorded is a frame of a film that glides.
    """

    epochs: Indices | Array
    fps: float
    seconds: list[float] | None = None


def clock(
    histories: Sequence[History], frames: Frames | None, fps: float | None, *, epoch_axis: bool
) -> Clock:
    """Return the clock of a film; where neither frames nor fps are given, one that is easy to see.

    Parameters
    ----------
    histories, frames, epoch_axis
        As in :func:`schedule`.
    fps : float
        Frames a second.
    """
    if frames is None and fps is None:
        moved = _movement(histories, epoch_axis)
        picked = _shared_out(moved, FRAMES)
        seconds = durations(moved[picked])
        epochs = _epochs_of(histories)[picked]
        if 1 < len(moved) <= GLIDING:
            return gliding(epochs, seconds)
        return Clock(epochs, 1 / min(seconds), seconds)
    rate = FPS if fps is None else positive("fps", fps)
    epochs = schedule(histories, FRAMES if frames is None else frames, epoch_axis=epoch_axis)
    return Clock(epochs, rate)


def gliding(epochs: Indices, seconds: Sequence[float]) -> Clock:
    """Return a clock with frames between the epochs (n,), each of which takes so many seconds.

    >>> gliding(np.array([0, 3]), [0.8, 0.24]).epochs
    array([0. , 0.5, 1. , 1.5, 2. , 2.5, 3. ])
    >>> gliding(np.array([0, 3]), [0.8, 0.24]).seconds
    [0.8, 0.04, 0.04, 0.04, 0.04, 0.04, 0.04]
    """
    frames, times = [epochs[:1].astype(np.float64)], [seconds[0]]
    for start, stop, long in zip(epochs[:-1], epochs[1:], seconds[1:], strict=True):
        count = int(np.clip(round(long / GLIDE), *BETWEEN))
        frames.append(np.linspace(start, stop, count + 1)[1:])
        one = float(np.ceil(100 * long / count - 1e-9) / 100)  # in hundredths, as a GIF has them
        times += [max(one, GLIDE)] * count
    return Clock(np.concatenate(frames), 1 / min(times), times)


def durations(moved: Array) -> list[float]:
    """Seconds that each frame is shown, by how far the picture has moved there (n_frames,), 0 to 1.

    The first stays a while; one that moves as far as several stays as long as they would; and few
    stay longer, so that no film flashes by. In hundredths, as a GIF has them.

    >>> durations(np.array([0, 0.5, 0.75, 0.875, 1]))
    [0.8, 1.6, 0.8, 0.8, 0.8]
    """
    if len(moved) == 1:
        return [FIRST]
    shares = np.clip(np.round(np.diff(moved) * (len(moved) - 1)), 1, LONGEST)
    one = max(1 / FPS, MOVING / shares.sum())
    one = float(np.ceil(100 * one - 1e-9) / 100)
    return [FIRST, *(one * shares).round(2).tolist()]


def schedule(
    histories: Sequence[History], frames: Frames = 100, *, epoch_axis: bool = True
) -> Indices:
    """Return the epochs that become frames, (n_frames,).

    Parameters
    ----------
    histories : sequence of History
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
        frames = int(frames) if frames.strip().isdecimal() else _sliced(frames, histories)
    if isinstance(frames, (int, np.integer)) and not isinstance(frames, bool):
        moved = _movement(histories, epoch_axis)
        return _epochs_of(histories)[_shared_out(moved, int(frames))]
    picked = np.array([epoch_of(histories, one) for one in _epochs(frames)], dtype=np.int64)
    if not len(picked):
        raise ValueError("no frames: the list of epochs is empty")
    return picked


def epoch_of(histories: Sequence[History], epoch: int) -> int:
    """Return an epoch that one of the histories recorded; −1 is the last of all.

    Raises
    ------
    ValueError
        If none did.
    """
    recorded = _epochs_of(histories)
    wanted = int(recorded[-1]) + 1 + epoch if epoch < 0 else epoch
    if wanted not in recorded:
        raise ValueError(f"epoch {epoch} was not recorded; the last is {recorded[-1]:,}")
    return wanted


def _epochs_of(histories: Sequence[History]) -> Indices:
    """Every epoch that one of the histories recorded, (n_epochs,), increasing."""
    if len(histories) == 1:
        return histories[0].epoch
    return np.unique(np.concatenate([history.epoch for history in histories]))


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


def _sliced(text: str, histories: Sequence[History]) -> list[int]:
    """Epochs of slices such as "0:50,50:100:5", those that were recorded."""
    parts = [SLICE.fullmatch(part.strip()) for part in text.split(",")]
    if not all(parts):
        raise ValueError(f'frames "{text}" are neither a count nor slices such as 0:50,50:100:5')
    recorded = _epochs_of(histories)
    every = range(int(recorded[-1]) + 1)
    bounds = [[int(n) if n else None for n in part.groups()] for part in parts if part]
    wanted = np.concatenate([np.array(every[slice(*bound)], dtype=np.int64) for bound in bounds])
    picked: list[int] = wanted[np.isin(wanted, recorded)].tolist()
    if not picked:
        raise ValueError(f'frames "{text}" pick no epoch; the last one recorded is {every[-1]:,}')
    return picked


def _movement(histories: Sequence[History], epoch_axis: bool) -> Array:
    """How far the picture has moved at each recorded epoch (n_epochs,), from 0 to 1.

    At each epoch it moves as far as the history that moves farthest there.
    """
    epochs = _epochs_of(histories)
    tracks = [_track(history, epoch_axis) for history in histories]
    farthest = np.zeros(len(epochs) - 1)
    for history, track, span in zip(histories, tracks, _spans(histories, tracks), strict=True):
        steps = np.diff(track, axis=0) / np.where(span > 0, span, 1)
        at = np.searchsorted(epochs, history.epoch[1:]) - 1
        farthest[at] = np.maximum(farthest[at], np.sqrt((steps**2).sum(axis=1)))
    moved = np.concatenate([[0.0], np.cumsum(farthest)])
    return moved / moved[-1] if moved[-1] > 0 else moved


def _track(history: History, epoch_axis: bool) -> Array:
    """What moves in a picture of a history, (n_records, d + 1 or d + 2).

    θ on its axes, the root of the cost gap down a slope, and the epoch, where it has an axis, on a
    logarithmic one. Of a descent that diverges, what has left the picture does not move any more.
    """
    tracks = np.column_stack([history.theta, np.sqrt(history.gap)])
    if history.diverged:
        left = _leaves(np.abs(history.theta - history.optimum))
        tracks[left:] = tracks[left]
    if epoch_axis:
        tracks = np.column_stack([tracks, np.log1p(history.epoch.astype(np.float64))])
    return tracks


def _spans(histories: Sequence[History], tracks: Sequence[Array]) -> list[Array]:
    """Range of each column of each track: those on one objective are seen on the same axes."""
    spans = []
    for mine in histories:
        alike = [same_objective(mine.objective, other.objective) for other in histories]
        beside = [track for track, same in zip(tracks, alike, strict=True) if same]
        high = np.max([track.max(axis=0) for track in beside], axis=0)
        spans.append(high - np.min([track.min(axis=0) for track in beside], axis=0))
    return spans


def _leaves(distance: Array) -> int:
    """Index of the record at which a path leaves the picture, by its distances (n_records, d)."""
    outside = (distance > VIEW * distance[0])[:, distance[0] > 0].any(axis=1)
    return int(np.argmax(outside)) if outside.any() else len(outside) - 1


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
