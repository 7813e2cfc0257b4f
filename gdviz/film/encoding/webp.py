"""WebP: every colour of every frame as it was, in the smallest of the files.

Lossless WebP beats lossy WebP at its own game here: flat colours and sharp lines pack better than
they blur. libwebp finds what changed from frame to frame and merges frames that are alike; the
time that they are shown, in whole milliseconds, adds up. Rounding errors are carried on.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from gdviz.film.encoding.format import Format
from gdviz.film.encoding.pillow import Animation, milliseconds
from gdviz.film.pixels import Frame

__all__ = ["WEBP"]

# Measured on films of gdviz: less effort is no faster, more is no smaller. Key frames would only
# help to jump into the middle, and make the file half as large again.
SETTINGS = {"lossless": True, "method": 1, "quality": 50, "kmin": 0, "kmax": 0}


def webp(path: Path, frames: Iterable[Frame], *, durations: Sequence[float], loop: int) -> None:
    """Write `frames` as an animated WebP."""
    times = milliseconds(durations)
    animation = Animation(frames, len(times))
    with path.open("wb") as file:
        animation.save(file, format="WEBP", save_all=True, duration=times, loop=loop, **SETTINGS)
    animation.ends()


WEBP = Format(
    name="a WebP",
    write=webp,
    exact=True,
    plays=65_535,
    fps=1000,
    seconds=16_777,  # 2²⁴ milliseconds
)
