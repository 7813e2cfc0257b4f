"""Writing a file so that it is there whole or not at all."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["replacing"]


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a file beside `path` to write to; it takes the place of `path` when all went well.

    After an exception, an interrupt too, it is gone and `path` is as it was.

    Raises
    ------
    OSError
        Before anything is written: the folder is missing or cannot be written to, or `path` is
        something else than a file.

    >>> with replacing("example.txt") as unfinished:
    ...     _ = unfinished.write_text("whole")
    >>> Path("example.txt").read_text()
    'whole'
    >>> Path("example.txt").unlink()
    """
    # A link stays a link: what it points to is replaced.
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        raise FileExistsError(f"{path} is not a file that can be replaced; choose another name")
    unfinished = _new_file(target)
    try:
        yield unfinished
        os.replace(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)


def _new_file(target: Path) -> Path:
    """Create an empty file beside `target`, of the same suffix, with a new file's permissions."""
    path = target.with_name(f".{secrets.token_hex(8)}{target.suffix}")
    # tempfile would make it private, and it would stay private under its final name.
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    return path
