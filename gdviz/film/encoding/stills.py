"""Stills: the last frame as a picture, or every frame as a picture in a folder."""

from collections import deque
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image

from gdviz.film.encoding.format import Format
from gdviz.film.pixels import Frame

__all__ = ["FOLDER", "PNG"]


def png(path: Path, frames: Iterable[Frame], *, durations: Sequence[float], loop: int) -> None:
    """Write the last frame as a still; ``.apng`` is the animated kind."""
    # A sequence draws its frames when asked: only one of them is needed.
    last = frames[-1] if isinstance(frames, Sequence) else deque(frames, maxlen=1).pop()
    path.write_bytes(_png(last))


def folder(path: Path, frames: Iterable[Frame], *, durations: Sequence[float], loop: int) -> None:
    """Write each frame into the folder `path`, as ``frame_0001.png`` and so on.

    How long the frames are shown, and how often, is not kept. The folder is made if need be.
    """
    path.mkdir(exist_ok=True)
    digits = max(4, len(str(len(durations))))
    for (i, _), frame in zip(enumerate(durations, start=1), frames, strict=True):
        (path / f"frame_{i:0{digits}}.png").write_bytes(_png(frame))


def _png(frame: Frame) -> bytes:
    # Not straight into the file: when the disk is full, Pillow says something else.
    memory = BytesIO()
    Image.fromarray(frame).convert("RGB").save(memory, format="PNG")
    return memory.getvalue()


PNG = Format(name="a PNG", write=png, exact=True, plays=1, seconds=0, last_only=True)
FOLDER = Format(name="a folder of frames", write=folder, exact=True, plays=1, seconds=0)
