"""APNG: a PNG with more frames, every colour of every frame as it was.

A PNG is a row of chunks: a length, a name of four letters, data and a checksum. An animated one
counts its frames in `acTL`, and before the pixels of each stands `fcTL`: their place and how long
they are shown, as a fraction of a second. Programs that know nothing of this show the first frame.

After the first frame only the rectangle that changed is written, and in it only the pixels that
changed; the others are transparent and all alike, which packs well. The filters of PNG, made for
photographs, are left off: flat colours pack better without. Pillow writes whole opaque rectangles
through these filters; that is three to eight times larger on the films of the gallery, and slower.

The format: https://www.w3.org/TR/png-3/
"""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import count
from pathlib import Path
from struct import pack

import numpy as np

from gdviz.film.encoding.format import Format
from gdviz.film.pixels import Frame, Packed, extent, packed

__all__ = ["APNG"]


SIGNATURE = b"\x89PNG\r\n\x1a\n"
EIGHT_BIT_RGBA = (8, 6, 0, 0, 0)
KEEP, OVER = 0, 1  # a frame stays when the next comes, which is laid over it
LARGEST = 65_535  # above and below the line of a fraction


def apng(path: Path, frames: Iterable[Frame], *, durations: Sequence[float], loop: int) -> None:
    """Write `frames` as an animated PNG."""
    with path.open("wb") as file:
        file.writelines(_chunks(frames, durations, loop))


def delay(seconds: float) -> Fraction:
    """Return the fraction nearest to `seconds` that the format can hold.

    >>> delay(1 / 12.5), delay(2 + 1 / 30)
    (Fraction(2, 25), Fraction(61, 30))
    """
    return Fraction(seconds).limit_denominator(int(LARGEST / max(1, seconds)))


def _chunks(frames: Iterable[Frame], durations: Sequence[float], loop: int) -> Iterator[bytes]:
    """Yield the file, chunk by chunk."""
    numbers = count()
    yield SIGNATURE
    for (top, left, pixels), seconds in zip(_changes(frames), durations, strict=True):
        size = pixels.shape[::-1]
        region = pack(">IIIII", number := next(numbers), *size, left, top)
        if number == 0:
            yield _chunk(b"IHDR", pack(">II5B", *size, *EIGHT_BIT_RGBA))
            yield _chunk(b"acTL", pack(">II", len(durations), loop))
        fraction = delay(seconds)
        shown = pack(">HHBB", fraction.numerator, fraction.denominator, KEEP, OVER)
        yield _chunk(b"fcTL", region + shown)
        if number == 0:
            yield _chunk(b"IDAT", _compressed(pixels))
        else:
            yield _chunk(b"fdAT", pack(">I", next(numbers)) + _compressed(pixels))
    yield _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))


def _compressed(pixels: Packed) -> bytes:
    """Pixels (height, width) as PNG stores them: each row begins with the number of its filter."""
    height, width = pixels.shape
    rows = np.zeros((height, 1 + 4 * width), np.uint8)
    rows[:, 1:] = pixels.view(np.uint8).reshape(height, -1)
    return zlib.compress(rows.data, 6)


def _changes(frames: Iterable[Frame]) -> Iterator[tuple[int, int, Packed]]:
    """Yield for each frame where its change begins (top, left), and the change."""
    before: Packed | None = None
    for frame in frames:
        pixels = packed(frame)
        if before is None:
            yield 0, 0, np.ascontiguousarray(pixels)
        else:
            different = pixels != before
            box = extent(different)
            change = np.where(different[box], pixels[box], np.uint32(0))
            yield box[0].start or 0, box[1].start or 0, change
        before = pixels


APNG = Format(
    name="an APNG",
    write=apng,
    exact=True,
    plays=2**31 - 1,
    fps=LARGEST,
    seconds=LARGEST,
)
