"""Pillow, told to take the frames of an animation one by one.

It asks for all frames at once, or for one image that has many. :class:`Animation` is such an image,
and draws each frame when its turn comes, so that there is one in memory at a time.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from PIL import Image

from gdviz.film.pixels import Frame

__all__ = ["Animation", "milliseconds"]


class Animation(Image.Image):
    """An image of `n_frames` frames; seeking goes forward, and takes the next of `frames`."""

    def __init__(self, frames: Iterable[Frame], n_frames: int) -> None:
        super().__init__()
        self._frames = zip(range(n_frames), frames, strict=True)
        self._shown = -1
        self.n_frames = n_frames
        self.is_animated = n_frames > 1
        self._mode = "RGBX"
        self.seek(0)
        self._size = self.im.size

    def seek(self, frame: int) -> None:
        """Show the next frame, or stay."""
        if frame >= self.n_frames:
            raise EOFError("no more frames")  # as Pillow's own images say it
        # Pillow comes back to where it began when it has seen all.
        if frame > self._shown:
            self._shown, pixels = next(self._frames)
            self.im = _opaque(pixels).im

    def ends(self) -> None:
        """Raise a ValueError if there are more frames than were said to be."""
        for _ in self._frames:
            break

    def tell(self) -> int:
        """Where Pillow is to come back to in the end: here, wherever that is."""
        return 0


def milliseconds(durations: Sequence[float]) -> list[int]:
    """Durations (seconds) -> whole milliseconds, with the right sum.

    >>> milliseconds([1 / 30] * 3)
    [33, 34, 33]
    """
    ends = np.round(np.cumsum(durations) * 1000).astype(int)
    return [max(1, int(time)) for time in np.diff(ends, prepend=0)]


def _opaque(frame: Frame) -> Image.Image:
    """Frame -> an image that shares its memory and takes no notice of alpha."""
    height, width = frame.shape[:2]
    pixels = np.ascontiguousarray(frame)
    return Image.frombuffer("RGBX", (width, height), pixels, "raw", "RGBX", 0, 1)
