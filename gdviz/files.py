"""Writing a file so that it is whole or not there: beside its place, then moved into it."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["full_disk_named", "is_special", "named_for", "real_path", "whole_file"]

NO_SPACE = {
    errno.ENOSPC: "make room there, or write elsewhere",
    errno.EDQUOT: "make room there, or write elsewhere",
    errno.EFBIG: "write less, or elsewhere",
}


def is_special(path: str | os.PathLike[str]) -> bool:
    """Whether `path`, links followed, is a pipe or a device: neither a file nor a folder.

    >>> is_special(os.devnull), is_special("."), is_special("not there")
    (True, False, False)
    """
    return os.path.exists(path) and not (os.path.isfile(path) or os.path.isdir(path))


def real_path(path: str | os.PathLike[str]) -> Path:
    """Return the place that `path` leads to, links followed.

    Raises
    ------
    FileNotFoundError
        If it leads there from a working directory that was deleted.
    """
    try:
        return Path(os.path.realpath(path))
    except FileNotFoundError:
        told = "the working directory was deleted; change to another, or give a full path"
        raise FileNotFoundError(errno.ENOENT, told, os.fspath(path)) from None


@contextmanager
def whole_file(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a temporary path beside ``path``; move it there at the end, remove it on any failure.

    >>> with whole_file("numbers.txt") as beside:  # doctest: +SKIP
    ...     beside.write_text("1 2 3")
    """
    target = real_path(path)  # a link stays a link: what it points to is replaced
    if not target.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no such folder", str(target.parent))
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, "this is a folder, not a file", str(target))
    if is_special(target):
        raise FileExistsError(errno.EEXIST, "this is a pipe or device, not a file", str(target))
    # Without the stem: a name may be so long already that nothing fits in beside it.
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=target.suffix)
    os.close(handle)
    beside = Path(name)
    try:
        with named_for(path, beside):
            yield beside
        beside.chmod(0o666 & ~_umask())  # mkstemp's 0600 would keep others from reading it
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def named_for(path: str | os.PathLike[str], unfinished: Path) -> Iterator[None]:
    """Let errors name `path`, which somebody asked for, and not what is written in its place.

    >>> with named_for("film.gif", Path(".x1y2.gif")):
    ...     raise OSError("cannot write .x1y2.gif")
    Traceback (most recent call last):
    ...
    OSError: cannot write film.gif
    """
    hidden, name = str(unfinished), os.fspath(path)
    with full_disk_named(path):
        try:
            yield
        except OSError as error:
            if str(error.filename) == hidden:
                error.filename = name
            told = (x.replace(hidden, name) if isinstance(x, str) else x for x in error.args)
            error.args = tuple(told)
            raise


@contextmanager
def full_disk_named(path: str | os.PathLike[str]) -> Iterator[None]:
    """Let the error of a full disk say what was to be written, and what to do."""
    try:
        yield
    except OSError as error:
        if error.errno not in NO_SPACE:
            raise
        told = f"{os.strerror(error.errno)}; {NO_SPACE[error.errno]}"
        raise OSError(error.errno, told, os.fspath(path)) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
