"""GIF: a film of at most 256 colours, each frame drawn over the one before.

One palette serves the whole film, because colours that are chosen anew for every frame flicker.
After the first frame only the rectangle that changed is written. The time unit of the format is
1/100 s; rounding errors are carried on from frame to frame, so that the whole lasts as long as it
should.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from struct import pack

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.GifImagePlugin import getdata

__all__ = ["gif"]

Frame = NDArray[np.uint8]
Indices = NDArray[np.uint8]

TICK = 0.01  # seconds
SHORTEST, LONGEST = 2, 65_535  # ticks; players replace delays of 0 and 1 by one of their own


def gif(path: Path, frames: Iterable[Frame], *, durations: Sequence[float], loop: int) -> None:
    """Write `frames` as an animated GIF."""
    delays = ticks(durations)
    pictures = [Image.fromarray(frame[..., :3]) for frame in frames]
    palette = _palette(pictures)
    indexed = (_indices(picture, palette) for picture in pictures)
    with path.open("wb") as file:
        file.write(_header(pictures[0].size, palette, loop))
        file.writelines(_blocks(indexed, delays))
        file.write(b";")


def ticks(durations: Sequence[float]) -> list[int]:
    """Whole hundredths of a second for each of `durations` (seconds), with the right sum.

    >>> ticks([1 / 30] * 6)
    [3, 4, 3, 3, 4, 3]
    """
    ends = np.round(np.cumsum(durations) / TICK).astype(int)
    delays = np.diff(ends, prepend=0)
    if delays.max() > LONGEST:
        raise ValueError(f"a GIF shows a frame for at most {LONGEST * TICK} seconds")
    return [int(delay) for delay in np.maximum(delays, SHORTEST)]


def _palette(pictures: Sequence[Image.Image]) -> Image.Image:
    """Return an image that carries 256 colours for all `pictures`, chosen by median cut."""
    chosen = [pictures[i] for i in sorted({0, len(pictures) // 2, len(pictures) - 1})]
    width, height = chosen[0].size
    montage = Image.new("RGB", (width, height * len(chosen)))
    for i, picture in enumerate(chosen):
        montage.paste(picture, (0, i * height))
    return montage.quantize(256, method=Image.Quantize.MEDIANCUT)


def _indices(picture: Image.Image, palette: Image.Image) -> Indices:
    """Place in the palette of the colour nearest to each pixel, (height, width)."""
    return np.asarray(picture.quantize(palette=palette, dither=Image.Dither.NONE))


def _header(size: tuple[int, int], palette: Image.Image, loop: int) -> bytes:
    """Begin a file of `size` (width, height) pixels that plays `loop` times, 0 for ever."""
    colours = bytes(palette.getpalette("RGB") or ()).ljust(768, b"\0")
    screen = b"GIF89a" + pack("<HHBBB", *size, 0b1_111_0_111, 0, 0) + colours
    if loop == 1:
        return screen
    # The format counts repetitions, not plays.
    repetitions = max(loop - 1, 0)
    return screen + b"!\xff\x0bNETSCAPE2.0\x03\x01" + pack("<H", repetitions) + b"\0"


def _blocks(indexed: Iterable[Indices], delays: Sequence[int]) -> Iterator[bytes]:
    """Yield what is written for each frame: its delay and the rectangle that it changes."""
    before = None
    for indices, delay in zip(indexed, delays, strict=True):
        top, bottom, left, right = _changed(before, indices)
        part = Image.fromarray(indices[top:bottom, left:right])
        part.putpalette(b"\0" * 768)
        yield from getdata(part, (left, top), duration=10 * delay, disposal=1)
        before = indices


def _changed(before: Indices | None, after: Indices) -> tuple[int, int, int, int]:
    """Rectangle (top, bottom, left, right) that holds every difference; never an empty one."""
    if before is None:
        return 0, after.shape[0], 0, after.shape[1]
    different = before != after
    rows, columns = np.flatnonzero(different.any(axis=1)), np.flatnonzero(different.any(axis=0))
    if not len(rows):
        return 0, 1, 0, 1
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
