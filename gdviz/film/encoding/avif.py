"""AVIF: an animation of pictures that are coded as video (AV1). Colours are about as they were.

At the full resolution of colour (4:4:4) and a high quality the mean error is below one step of 255,
at a sharp edge it may be seventy. Films of gdviz become a little smaller than as WebP, which keeps
every colour; photographs much smaller. Of the codec's ten speeds the two below take six times and
more as long for twice the accuracy, and then files are larger than those of WebP.

libavif writes a file that plays for ever, with the time of writing in it. Both stand in the boxes
of the film's head and its track, where they are changed here, so that the film plays as often as it
should and the same frames give the same bytes. The boxes: ISO/IEC 14496-12; that a duration without
end, and an edit list that is repeated, mean "for ever": https://aomediacodec.github.io/av1-avif/
"""

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from struct import pack_into, unpack_from

from PIL import Image

from gdviz.film.encoding.format import Format
from gdviz.film.encoding.pillow import Animation, milliseconds
from gdviz.film.pixels import Frame

__all__ = ["AVIF"]

SETTINGS = {"quality": 90, "subsampling": "4:4:4", "speed": 8}
# Boxes that hold others, and where in a box of 64-bit numbers its times and its duration begin.
HOLDERS = {b"moov", b"trak", b"edts", b"mdia"}
TIMES = 12
DURATIONS = {b"mvhd": 32, b"tkhd": 36}
FOR_EVER = 2**64 - 1
FLAGS = 8  # of an edit list; the lowest bit: it is repeated


def avif(path: Path, frames: Iterable[Frame], *, durations: Sequence[float], loop: int) -> None:
    """Write `frames` as an animated AVIF; a single one as a still."""
    times = milliseconds(durations)
    animation = Animation(frames, len(times))
    memory = BytesIO()
    animation.save(memory, format="AVIF", save_all=True, duration=times, **SETTINGS)
    animation.ends()
    path.write_bytes(_playing(bytearray(memory.getvalue()), sum(times), loop))


def _playing(data: bytearray, milliseconds: int, loop: int) -> bytearray:
    """File of libavif's -> one that plays `loop` times, 0 for ever, and not when it was made."""
    whole = loop * milliseconds or FOR_EVER
    for name, begin in _boxes(data, 0, len(data)):
        if name in {b"mvhd", b"tkhd", b"mdhd"}:
            pack_into(">QQ", data, begin + TIMES, 0, 0)
        if name in DURATIONS:
            pack_into(">Q", data, begin + DURATIONS[name], whole)
        if name == b"elst":
            (version_and_flags,) = unpack_from(">I", data, begin + FLAGS)
            pack_into(">I", data, begin + FLAGS, version_and_flags & ~1 | (loop != 1))
    return data


def _boxes(data: bytearray, begin: int, end: int) -> Iterator[tuple[bytes, int]]:
    """Yield each box between `begin` and `end`: its name, where it begins; then what it holds."""
    while begin < end:
        size, name = unpack_from(">I4s", data, begin)
        yield name, begin
        if name in HOLDERS:
            yield from _boxes(data, begin + 8, begin + size)
        begin += size


def _needs_avif() -> None:
    Image.init()
    if "AVIF" not in Image.SAVE_ALL:
        raise OSError("this Pillow cannot write AVIF; pip install 'pillow>=11.3', or write a .webp")


AVIF = Format(
    name="an AVIF",
    write=avif,
    exact=False,
    plays=2**31 - 1,
    fps=1000,
    seconds=4_294_967,  # 2³² milliseconds
    needs=_needs_avif,
)
