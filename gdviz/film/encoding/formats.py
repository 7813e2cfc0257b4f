"""Encoders: one function for each kind of file that a film can be saved as.

An encoder is ``encode(path, frames, *, durations, loop)``. It takes the frames one by one, as
(height, width, 4) arrays of opaque red, green, blue and alpha, the seconds that each is shown,
and how often the film plays (0 is for ever), and writes them to `path`. To add a format, write
such a function and name its suffix in :data:`ENCODERS`; the tests then try it by themselves.

``.png`` is the last frame as a still and ``.apng`` the animated kind; a path that ends with a
slash is a folder of frames. Those take the name ``/`` here.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from gdviz.film.encoding.apng import apng
from gdviz.film.encoding.ffmpeg import ffmpeg_with
from gdviz.film.encoding.folders import is_folder
from gdviz.film.encoding.gif import gif
from gdviz.film.encoding.stills import folder, png
from gdviz.film.encoding.video import H264, VP9, mp4, webm
from gdviz.film.encoding.webp import webp
from gdviz.film.pixels import Frame

__all__ = ["ENCODERS", "Encoder", "encoder_for"]


class Encoder(Protocol):
    """What every encoder can be called with."""

    def __call__(
        self, path: Path, frames: Iterable[Frame], *, durations: Sequence[float], loop: int
    ) -> None:
        """Write `frames`, each shown for its part of `durations` (seconds), `loop` times."""


ENCODERS: dict[str, Encoder] = {
    ".gif": gif,
    ".webp": webp,
    ".png": png,
    ".apng": apng,
    ".mp4": mp4,
    ".webm": webm,
    "/": folder,
}

# What an encoder cannot do without; called before any work, it raises if that is missing.
NEEDS: dict[str, Callable[[], object]] = {
    ".mp4": lambda: ffmpeg_with(H264),
    ".webm": lambda: ffmpeg_with(VP9),
}


def encoder_for(path: str | os.PathLike[str]) -> Encoder:
    """Return the encoder that the suffix of `path` names; for a folder, the one of frames.

    A folder is what ends with a slash; a folder that exists may be named without, if it has no
    suffix.

    Raises
    ------
    ValueError
        If no encoder has that suffix.
    OSError
        If the encoder needs a program that is not there.

    >>> encoder_for("descent.mov")
    Traceback (most recent call last):
    ...
    ValueError: cannot write descent.mov: its suffix '.mov' is none of .gif, .webp, .png, .apng,
    .mp4, .webm (or end the name with / for a folder of frames)
    """
    suffix = "/" if is_folder(path) else Path(path).suffix.lower()
    if suffix not in ENCODERS:
        choices = ", ".join(name for name in ENCODERS if name != "/")
        raise ValueError(
            f"cannot write {os.fspath(path)}: its suffix {suffix!r} is none of {choices}"
            " (or end the name with / for a folder of frames)"
        )
    if suffix in NEEDS:
        NEEDS[suffix]()
    return ENCODERS[suffix]
