"""Encoders: one function for each kind of file that a film can be saved as.

An encoder is ``encode(path, frames, *, durations, loop)``. It takes the frames one by one, as
(height, width, 4) arrays of opaque red, green, blue and alpha, the seconds that each is shown,
and how often the film plays (0 is for ever), and writes them to `path`. To add a format, write
such a function and name its suffix in :data:`ENCODERS`; the tests then try it by themselves.
"""

import os
from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gdviz.film.gif import gif

__all__ = ["ENCODERS", "Encoder", "encoder_for", "gif", "png"]

Frame = NDArray[np.uint8]


class Encoder(Protocol):
    """What every encoder can be called with."""

    def __call__(
        self, path: Path, frames: Iterable[Frame], *, durations: Sequence[float], loop: int
    ) -> None:
        """Write `frames`, each shown for its part of `durations` (seconds), `loop` times."""


def png(path: Path, frames: Iterable[Frame], *, durations: Sequence[float], loop: int) -> None:
    """Write the last frame as a still."""
    # A sequence draws its frames when asked: only one of them is needed.
    last = frames[-1] if isinstance(frames, Sequence) else deque(frames, maxlen=1).pop()
    Image.fromarray(last[..., :3]).save(path, format="PNG")


ENCODERS: dict[str, Encoder] = {".gif": gif, ".png": png}


def encoder_for(path: str | os.PathLike[str]) -> Encoder:
    """Return the encoder that the suffix of `path` names.

    Raises
    ------
    ValueError
        If no encoder has that suffix.

    >>> encoder_for("descent.mov")
    Traceback (most recent call last):
    ...
    ValueError: cannot write descent.mov: its suffix '.mov' is none of .gif, .png
    """
    suffix = Path(path).suffix.lower()
    if suffix not in ENCODERS:
        choices = ", ".join(ENCODERS)
        raise ValueError(
            f"cannot write {os.fspath(path)}: its suffix {suffix!r} is none of {choices}"
        )
    return ENCODERS[suffix]
