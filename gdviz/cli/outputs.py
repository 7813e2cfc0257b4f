"""Where a result is to be written: what is wrong with a place is told before any work is done.

A place is kept as text, because a path drops the slash by which a folder of frames is known.
"""

import os
from pathlib import Path

import click

from gdviz.files import is_special, real_path

__all__ = ["check_file", "check_film", "size_of"]


def check_file(place: str, overwrite: bool) -> None:
    """Refuse a place where no file can be written, or where one would be lost."""
    if os.path.isdir(place):
        raise click.UsageError(f"{place} is a folder; name a file in it")
    if is_special(place):
        raise click.UsageError(f"{place} is a pipe or device, not a file; name a file")
    _check_old(place, os.path.exists(place), overwrite)
    _check_parent(place)


def check_film(place: str, *, overwrite: bool, fps: float | None, loop: int) -> None:
    """Refuse a place where no film can be written, or not one at this pace.

    Raises
    ------
    click.UsageError
        If the command line is wrong.
    OSError
        If the format needs a program or a library that is not there.
    """
    from gdviz.film.encoding.folders import is_folder
    from gdviz.film.encoding.formats import format_of

    try:
        format_of(place).check([] if fps is None else [1 / fps, 1 / fps], loop)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if is_folder(place):
        _check_folder(place, overwrite)
    else:
        check_file(place, overwrite)


def _check_folder(place: str, overwrite: bool) -> None:
    from gdviz.film.encoding.folders import check_folder

    try:
        check_folder(place)
    except FileExistsError as error:
        raise click.UsageError(str(error)) from None
    _check_old(place, os.path.isdir(place) and bool(os.listdir(place)), overwrite)
    _check_parent(place)


def _check_old(place: str, there: bool, overwrite: bool) -> None:
    if there and not overwrite:
        raise click.UsageError(f"{place} exists; --overwrite (-y) replaces it")


def _check_parent(place: str) -> None:
    """Refuse a place in a folder that is not there or cannot be written to."""
    path = real_path(place) if os.path.islink(place) else Path(place)
    if not path.parent.is_dir():
        raise click.UsageError(f"no folder {path.parent} to write {path.name} into; make it first")
    if not os.access(path.parent, os.W_OK):
        raise click.UsageError(f"the folder {path.parent} cannot be written to")


def size_of(place: str) -> int:
    """Bytes of a file, or of the files in a folder."""
    path = Path(place)
    return sum(file.stat().st_size for file in (path.iterdir() if path.is_dir() else [path]))
