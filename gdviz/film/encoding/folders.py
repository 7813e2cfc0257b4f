"""A folder of frames, as the place that a film is saved to.

A folder is named by a slash at the end, because nothing else tells it from a file that is still to
be written. It appears whole, as files do, and takes the place of nothing but older frames.
"""

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gdviz.files import named_for, real_path

__all__ = ["check_folder", "is_folder", "whole_folder"]

FRAME = re.compile(r"frame_\d{4,}\.png")


def is_folder(path: str | os.PathLike[str]) -> bool:
    """Whether `path` names a folder: it ends with a slash, or exists and has no suffix.

    >>> is_folder("frames/"), is_folder("film.gif")
    (True, False)
    """
    name = os.fspath(path)
    return name.endswith(("/", os.sep)) or (not Path(name).suffix and os.path.isdir(name))


def check_folder(path: str | os.PathLike[str]) -> None:
    """Raise a FileExistsError if what is at `path` is anything but a folder of frames."""
    target = real_path(path)
    if not target.exists():
        return
    if not target.is_dir():
        raise FileExistsError(f"{path} is a file, not a folder; choose another name")
    if os.path.ismount(target) or target == Path.cwd():
        raise FileExistsError(f"{path} cannot be replaced; name a folder in it")
    others = sorted(name for name in os.listdir(target) if not FRAME.fullmatch(name))
    if others:
        raise FileExistsError(f"{path} holds other things than frames: {others[0]}; choose another")


@contextmanager
def whole_folder(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a folder beside `path`; move it there at the end, remove it on any failure.

    Raises
    ------
    OSError
        Before anything is written: see :func:`check_folder`, or there is nothing to make it in.
    """
    check_folder(path)
    target = real_path(path)  # a link stays a link: what it points to is replaced
    unfinished = _beside(target)
    unfinished.mkdir()
    try:
        with named_for(path, unfinished):
            yield unfinished
        _move(unfinished, target)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _beside(target: Path) -> Path:
    """Return a hidden name in the same folder that nobody has."""
    return target.with_name(f".{secrets.token_hex(8)}")


def _move(new: Path, target: Path) -> None:
    """Let `new` take the place of `target`, which is put aside until it has."""
    if not target.exists():
        os.rename(new, target)
        return
    old = _beside(target)
    os.rename(target, old)
    try:
        os.rename(new, target)
    except BaseException:
        os.rename(old, target)
        raise
    shutil.rmtree(old)
