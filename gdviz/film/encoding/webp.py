"""WebP: every colour of every frame as it was, in the smallest of the files.

Lossless WebP beats lossy WebP at its own game here: flat colours and sharp lines pack better than
they blur. libwebp finds what changed from frame to frame and merges frames that are alike; the
time that they are shown, in whole milliseconds, adds up. Rounding errors are carried on.

Pillow asks for all frames at once, or for one image that has many. :class:`_Strip` is such an
image, and draws each frame when its turn comes, so that there is one in memory at a time.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from gdviz.film.pixels import Frame

__all__ = ["webp"]


MOST_PLAYS = 65_535
LONGEST = 0xFFFFFF  # milliseconds
# Measured on films of gdviz: less effort is no faster, more is no smaller. Key frames would only
# help to jump into the middle, and make the file half as large again.
SETTINGS = {"lossless": True, "method": 1, "quality": 50, "kmin": 0, "kmax": 0}


def webp(path: Path, frames: Iterable[Frame], *, durations: Sequence[float], loop: int) -> None:
    """Write `frames` as an animated WebP.

    Raises
    ------
    ValueError
        If the format cannot hold a duration or the number of plays.
    """
    if loop > MOST_PLAYS:
        raise ValueError(f"a WebP plays for ever (0) or at most {MOST_PLAYS} times, not {loop}")
    times = milliseconds(durations)
    strip = _Strip(frames, len(times))
    with path.open("wb") as file:
        strip.save(file, format="WEBP", save_all=True, duration=times, loop=loop, **SETTINGS)
    strip.ends()


def milliseconds(durations: Sequence[float]) -> list[int]:
    """Whole milliseconds for each of `durations` (seconds), with the right sum.

    >>> milliseconds([1 / 30] * 3)
    [33, 34, 33]
    """
    ends = np.round(np.cumsum(durations) * 1000).astype(int)
    times = [max(1, int(time)) for time in np.diff(ends, prepend=0)]
    if max(times) > LONGEST:
        raise ValueError(f"a WebP shows a frame for at most {LONGEST / 1000} seconds")
    return times


class _Strip(Image.Image):
    """An image of `n_frames` frames; seeking goes forward, and takes the next of `frames`."""

    def __init__(self, frames: Iterable[Frame], n_frames: int) -> None:
        super().__init__()
        self._frames = zip(range(n_frames), frames, strict=True)
        self._shown = -1
        self.n_frames = n_frames
        self._mode = "RGBX"
        self.seek(0)
        self._size = self.im.size

    def seek(self, frame: int) -> None:
        # Pillow comes back to where it began when it has seen all.
        if frame > self._shown:
            self._shown, pixels = next(self._frames)
            self.im = _opaque(pixels).im

    def ends(self) -> None:
        """Raise a ValueError if there are more frames than were said to be."""
        for _ in self._frames:
            break

    def tell(self) -> int:
        return 0


def _opaque(frame: Frame) -> Image.Image:
    """Return an image that shares its memory with `frame` and takes no notice of alpha."""
    height, width = frame.shape[:2]
    pixels = np.ascontiguousarray(frame)
    return Image.frombuffer("RGBX", (width, height), pixels, "raw", "RGBX", 0, 1)
