"""Where a result is to be written: what is wrong with a path is told before any work is done.

It stays text, because pathlib drops the slash by which a folder of frames is known.
"""

import os
from pathlib import Path

import click

from gdviz.files import is_special, real_path

__all__ = ["check_file", "check_film", "size_of"]


def check_file(path: str, overwrite: bool) -> None:
    """Refuse a path where no file can be written, or where one would be lost."""
    if os.path.isdir(path):
        raise click.UsageError(f"{path} is a folder; name a file in it")
    if is_special(path):
        raise click.UsageError(f"{path} is a pipe or device, not a file; name a file")
    _check_old(path, os.path.exists(path), overwrite)
    _check_parent(path)


def check_film(path: str, *, overwrite: bool, fps: float | None, loop: int) -> None:
    """Refuse a path where no film can be written, or not one at this pace.

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
        format_of(path).check([] if fps is None else [1 / fps, 1 / fps], loop)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if is_folder(path):
        _check_folder(path, overwrite)
    else:
        check_file(path, overwrite)


def _check_folder(path: str, overwrite: bool) -> None:
    from gdviz.film.encoding.folders import check_folder

    try:
        check_folder(path)
    except FileExistsError as error:
        raise click.UsageError(str(error)) from None
    _check_old(path, os.path.isdir(path) and bool(os.listdir(path)), overwrite)
    _check_parent(path)


def _check_old(path: str, there: bool, overwrite: bool) -> None:
    if there and not overwrite:
        raise click.UsageError(f"{path} exists; --overwrite (-y) replaces it")


def _check_parent(path: str) -> None:
    """Refuse a path in a folder that is not there or cannot be written to."""
    target = real_path(path) if os.path.islink(path) else Path(path)
    if not target.parent.is_dir():
        raise click.UsageError(
            f"no folder {target.parent} to write {target.name} into; make it first"
        )
    if not os.access(target.parent, os.W_OK):
        raise click.UsageError(f"the folder {target.parent} cannot be written to")


def size_of(path: str) -> int:
    """Bytes of a file, or of the files in a folder."""
    file = Path(path)
    return sum(part.stat().st_size for part in (file.iterdir() if file.is_dir() else [file]))
