"""Formats: the kinds of files that a film can be saved as, by suffix.

To add one, write an encoder and a :class:`~gdviz.film.encoding.format.Format`, which says what its
files can hold, in a module of its own, and name its suffix in :data:`FORMATS`; the command line
and the tests then know it.

``.png`` is the last frame as a still and ``.apng`` the animated kind; a path that ends with a
slash is a folder of frames. Those take the name ``/`` here.
"""

import os
from pathlib import Path

from gdviz.film.encoding.apng import APNG
from gdviz.film.encoding.avif import AVIF
from gdviz.film.encoding.folders import is_folder
from gdviz.film.encoding.format import Format
from gdviz.film.encoding.gif import GIF
from gdviz.film.encoding.stills import FOLDER, PNG
from gdviz.film.encoding.video import MP4, WEBM
from gdviz.film.encoding.webp import WEBP

__all__ = ["FORMATS", "format_of"]

FORMATS: dict[str, Format] = {
    ".gif": GIF,
    ".webp": WEBP,
    ".avif": AVIF,
    ".png": PNG,
    ".apng": APNG,
    ".mp4": MP4,
    ".webm": WEBM,
    "/": FOLDER,
}


def format_of(path: str | os.PathLike[str]) -> Format:
    """Path of a film -> the format that its suffix names; for a folder, the one of frames.

    A folder is what ends with a slash; a folder that exists may be named without, if it has no
    suffix.

    Raises
    ------
    ValueError
        If no format has that suffix.

    >>> format_of("descent.mov")
    Traceback (most recent call last):
    ...
    ValueError: cannot write descent.mov: its suffix '.mov' is none of .gif, .webp, ...
    (or end the name with / for a folder of frames)
    """
    suffix = "/" if is_folder(path) else Path(path).suffix.lower()
    if suffix not in FORMATS:
        choices = ", ".join(name for name in FORMATS if name != "/")
        raise ValueError(
            f"cannot write {os.fspath(path)}: its suffix {suffix!r} is none of {choices}"
            " (or end the name with / for a folder of frames)"
        )
    return FORMATS[suffix]
