"""Video: MP4 with H.264, and WebM with VP9, by ffmpeg.

Both store a frame as brightness and, at half the resolution, colour (4:2:0), because that is what
browsers and phones play. Thin coloured lines lose a little of their colour by it; with the quality
chosen here the rest of the coding adds about a tenth to that error. The sides must be even: an odd
one repeats its last row or column of pixels.

Players want frames at a steady rate, so a frame that stays longer is repeated; that costs next to
nothing in the file. How often a video plays is up to the player: the files cannot say.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import chain
from pathlib import Path

import numpy as np

from gdviz.film.encoding.ffmpeg import FILE, feed, ffmpeg_with
from gdviz.film.encoding.format import Format
from gdviz.film.pixels import Frame

__all__ = ["MP4", "WEBM"]


H264, VP9 = "libx264", "libvpx-vp9"

# The settings are the measured best of speed, size and error on films of gdviz. For VP9 the mode
# that is meant for live broadcasts takes a tenth of the time of the others, at a like size.
H264_SETTINGS = (
    *("-c:v", H264, "-profile:v", "high", "-preset", "medium", "-crf", "16"),
    *("-movflags", "+faststart", "-f", "mp4"),  # faststart: plays while it is still loading
)
VP9_SETTINGS = (
    *("-c:v", VP9, "-crf", "18", "-b:v", "0"),
    *("-deadline", "realtime", "-cpu-used", "6", "-row-mt", "1", "-f", "webm"),
)
# Without "xerror", ffmpeg 5 says that the disk is full, and then that all went well.
QUIET = ("-hide_banner", "-loglevel", "error", "-xerror", "-y")
# Said in the file, because a player that is not told guesses by the size of the picture.
COLOURS = (
    *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"),
    *("-color_range", "tv"),
)
CONVERSION = (
    "scale=out_color_matrix=bt709:out_range=tv"
    ":flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp,format=yuv420p"
)


def mp4(path: Path, frames: Iterable[Frame], *, durations: Sequence[float], loop: int) -> None:
    """Write `frames` as an MP4 with H.264.

    Raises
    ------
    OSError
        If there is no ffmpeg, or if it fails.
    """
    _film(path, frames, durations, H264, H264_SETTINGS)


def webm(path: Path, frames: Iterable[Frame], *, durations: Sequence[float], loop: int) -> None:
    """Write `frames` as a WebM with VP9; raises what :func:`mp4` does."""
    _film(path, frames, durations, VP9, VP9_SETTINGS)


def _film(
    path: Path,
    frames: Iterable[Frame],
    durations: Sequence[float],
    codec: str,
    settings: Sequence[str],
) -> None:
    program = ffmpeg_with(codec)
    rate, counts = steady(durations)
    rest = iter(frames)
    first = even(next(rest))
    height, width = first.shape[:2]
    command = (program, *_input(width, height, rate), *COLOURS, *settings, *_output(path))
    feed(command, _repeated(chain([first], map(even, rest)), counts))
    if not path.stat().st_size:
        raise OSError(f"{program} wrote nothing and said nothing")


def _input(width: int, height: int, rate: Fraction) -> tuple[str, ...]:
    """Tell ffmpeg what is written to it: red, green, blue and a byte that says nothing."""
    raw = ("-f", "rawvideo", "-pixel_format", "rgb0", "-video_size", f"{width}x{height}")
    return (*QUIET, *raw, "-framerate", str(rate), "-i", "pipe:0", "-vf", CONVERSION)


def _output(path: Path) -> tuple[str, ...]:
    # The same frames give the same bytes: "bitexact" leaves out a random name.
    # Without FILE, a colon in the path would end the name of a protocol.
    return ("-fflags", "+bitexact", f"{FILE}{path}")


def steady(durations: Sequence[float]) -> tuple[Fraction, list[int]]:
    """Return a rate (frames a second) and how often each frame is shown at that rate.

    The shortest of `durations` (seconds) is one frame.

    >>> steady([0.08, 0.08, 2.08])
    (Fraction(25, 2), [1, 1, 26])
    """
    rate = Fraction(1 / min(durations)).limit_denominator(1001)  # 30000/1001 is a usual one
    ends = np.round(np.cumsum(durations) * float(rate)).astype(int)
    return rate, [max(1, int(count)) for count in np.diff(ends, prepend=0)]


def even(frame: Frame) -> Frame:
    """Repeat the last row and column of `frame` (height, width, 4) where their number is odd.

    >>> even(np.zeros((3, 4, 4), np.uint8)).shape
    (4, 4, 4)
    """
    height, width = frame.shape[:2]
    if height % 2 == width % 2 == 0:
        return frame
    return np.pad(frame, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")


def _repeated(frames: Iterable[Frame], counts: Sequence[int]) -> Iterator[Frame]:
    for frame, count in zip(frames, counts, strict=True):
        for _ in range(count):
            yield frame


MP4 = Format(
    name="an MP4",
    write=mp4,
    exact=False,
    plays=1,
    steady=True,
    needs=lambda: ffmpeg_with(H264),
)
WEBM = Format(
    name="a WebM",
    write=webm,
    exact=False,
    plays=1,
    steady=True,
    needs=lambda: ffmpeg_with(VP9),
)
