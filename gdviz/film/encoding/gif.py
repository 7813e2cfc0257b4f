"""GIF: a film of at most 256 colours, each frame drawn over the one before.

One palette serves the whole film, because colours that are chosen anew for every frame flicker.
After the first frame only the rectangle that changed is written, and in it only what changed: the
rest is transparent, which packs well. The time unit of the format is 1/100 s; rounding errors are
carried on from frame to frame, so that the whole lasts as long as it should.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from struct import pack

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.GifImagePlugin import getdata

from gdviz.film.encoding.format import Format
from gdviz.film.encoding.palette import Palette
from gdviz.film.frames import Frames
from gdviz.film.pixels import Box, Frame, Packed, extent, packed

__all__ = ["GIF"]

Indices = NDArray[np.uint8]  # of colours in the palette

TICK = 0.01  # seconds
SHORTEST, LONGEST = 2, 65_535  # ticks; players replace delays of 0 and 1 by one of their own
SAMPLES = 5  # frames that the palette is made from
AS_BEFORE = 0  # the index that stands for "transparent"


def gif(path: Path, frames: Iterable[Frame], *, durations: Sequence[float], loop: int) -> None:
    """Write `frames` as an animated GIF.

    The palette is made from frames all over the film if `frames` is a sequence, otherwise from
    its first few.
    """
    delays = ticks(durations)
    samples, frames = _sampled(frames)
    palette = Palette.of(samples)
    height, width = samples[0].shape[:2]
    whole = _in_parts(frames, delays, palette) if isinstance(frames, Frames) else None
    with path.open("wb") as file:
        file.write(_header((width, height), palette, loop))
        file.writelines(whole or _blocks(frames, delays, palette))
        file.write(b";")


def _sampled(frames: Iterable[Frame]) -> tuple[list[Frame], Iterable[Frame]]:
    """Return a few of `frames`, and all of them to go through."""
    if not isinstance(frames, Sequence | np.ndarray):
        rest = iter(frames)
        first = list(islice(rest, SAMPLES))
        return first, chain(first, rest)
    chosen = np.unique(np.linspace(0, len(frames) - 1, SAMPLES).astype(int)).tolist()
    if isinstance(frames, Frames):
        return list(frames.only(chosen)), frames
    return [frames[i] for i in chosen], frames


def _in_parts(frames: Frames, delays: Sequence[int], palette: Palette) -> Iterator[bytes]:
    """Blocks of all frames, made by several processes."""

    def blocks(start: int, stop: int) -> Iterator[bytes]:
        # A part begins with the frame before it, over which its first one is drawn.
        skipped = min(start, 1)
        return _blocks(frames[start - skipped : stop], delays[start:stop], palette, skipped)

    return frames.encoded(blocks)


def _blocks(
    frames: Iterable[Frame], delays: Sequence[int], palette: Palette, skipped: int = 0
) -> Iterator[bytes]:
    """Yield what is written for each frame but the first `skipped`."""
    changes = islice(_changes(frames, palette), skipped, None)
    for delay, (box, indices) in zip(delays, changes, strict=True):
        yield _block(box, indices, delay)


def ticks(durations: Sequence[float]) -> list[int]:
    """Durations (seconds) -> whole hundredths of a second, with the right sum.

    >>> ticks([1 / 30] * 6)
    [3, 4, 3, 3, 4, 3]
    """
    ends = np.round(np.cumsum(durations) / TICK).astype(int)
    return [int(delay) for delay in np.diff(ends, prepend=0).clip(SHORTEST, LONGEST)]


def _header(size: tuple[int, int], palette: Palette, loop: int) -> bytes:
    """Begin a file of `size` (width, height) pixels that plays `loop` times, 0 for ever."""
    colours = (b"\0\0\0" + palette.colours.tobytes()).ljust(768, b"\0")
    screen = b"GIF89a" + pack("<HHBBB", *size, 0b1_111_0_111, 0, 0) + colours
    if loop == 1:
        return screen
    # The format counts repetitions, not plays.
    repetitions = max(loop - 1, 0)
    return screen + b"!\xff\x0bNETSCAPE2.0\x03\x01" + pack("<H", repetitions) + b"\0"


def _changes(frames: Iterable[Frame], palette: Palette) -> Iterator[tuple[Box, Indices]]:
    """Yield for each frame the part that changed, and the indices of its colours."""
    before: Packed | None = None
    for frame in frames:
        colours = packed(frame).ravel()
        if before is None:
            shown = palette.indices(colours)
            yield np.s_[:, :], shown.reshape(frame.shape[:2]).copy()
        else:
            changed = np.flatnonzero(colours != before)
            indices = palette.indices(colours[changed])
            change = np.full(frame.shape[:2], AS_BEFORE, np.uint8)
            change.flat[changed] = np.where(indices == shown[changed], AS_BEFORE, indices)
            shown[changed] = indices
            box = extent(change != AS_BEFORE)
            yield box, change[box]
        before = colours


def _block(box: Box, indices: Indices, delay: int) -> bytes:
    """What is written for one frame: its delay, where it goes, and its pixels."""
    picture = Image.fromarray(indices)
    picture.putpalette(b"\0" * 768)
    corner = (box[1].start or 0, box[0].start or 0)
    return b"".join(
        getdata(picture, corner, duration=10 * delay, disposal=1, transparency=AS_BEFORE)
    )


GIF = Format(
    name="a GIF",
    write=gif,
    exact=False,
    plays=65_536,
    fps=1 / (SHORTEST * TICK),
    seconds=LONGEST * TICK,
)
