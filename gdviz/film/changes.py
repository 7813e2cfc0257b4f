"""Changes: which artists of a figure somebody changed, and what they looked like before.

Whoever sets something on an artist makes it *stale*, and matplotlib tells those who ask of it. A
drawing does so too, to artists that work out anew what they look like (3-D, colour maps); that is
no change of theirs. In-place changes of arrays tell nobody; nor do those of what an artist is made
of: the cells of a table, the texts of a legend.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from types import FrameType
from typing import Any

import numpy as np
from matplotlib.artist import Artist

from gdviz.film.compositing.mpl import STALE

__all__ = ["Changes", "Look", "alike", "look_of", "put_back"]

Look = Mapping[str, Any]

# Modules that draw artists or show and hide them, and the one that calls what changes them.
_DRAWING = ("matplotlib.animation", "gdviz.film.compositing")
_CALLING = "gdviz.film.camera"


class Changes:
    """Notes the artists that are changed from now on, but for what drawings do to them."""

    def __init__(self) -> None:
        self._noted: dict[Artist, None] = {}

    def watch(self, artists: Iterable[Artist]) -> None:
        """Note changes of `artists`, too."""
        for artist in artists:
            any_artist: Any = artist
            any_artist.stale_callback = self._noting(any_artist.stale_callback)

    def taken(self) -> list[Artist]:
        """Return the artists that were changed since this was asked last."""
        noted = list(self._noted)
        self._noted.clear()
        return noted

    def _noting(self, inner: Callable[[Artist, bool], object] | None) -> Callable[..., object]:
        def note(artist: Artist, stale: bool) -> None:
            if not _is_drawing(inspect.currentframe()):
                self._noted[artist] = None
            if inner is not None:
                inner(artist, stale)

        return note


def _is_drawing(frame: FrameType | None) -> bool:
    """Whether what runs in `frame` was called by a drawing, not by somebody who changes artists."""
    while frame is not None:
        module = str(frame.f_globals.get("__name__"))
        if module == _CALLING:
            return False
        if module.startswith(_DRAWING) or _draws(frame):
            return True
        frame = frame.f_back
    return False


def _draws(frame: FrameType) -> bool:
    named = frame.f_code.co_name in {"draw", "do_3d_projection"}
    return named and isinstance(frame.f_locals.get("self"), Artist)


def look_of(artist: Artist) -> Look:
    """All that an artist is; what is set on it later does not change that."""
    return {
        name: value.copy() if isinstance(value, np.ndarray) else value
        for name, value in vars(artist).items()
    }


def put_back(artist: Artist, look: Look) -> None:
    """Let an artist be what it was."""
    vars(artist).clear()
    vars(artist).update(look)


def alike(one: Look, other: Look) -> bool:
    """Whether two looks of an artist are the same, but for whether it was drawn since."""
    return one.keys() == other.keys() and all(
        _same(value, other[name]) for name, value in one.items() if name != STALE
    )


def _same(one: Any, other: Any) -> bool:
    if one is other:
        return True
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return (
            one.dtype == other.dtype and one.shape == other.shape and _bytes(one) == _bytes(other)
        )
    try:
        return bool(one == other)
    except (TypeError, ValueError):  # a list of arrays, say
        return False


def _bytes(array: Any) -> tuple[bytes, ...]:
    parts = (array.data, array.mask) if isinstance(array, np.ma.MaskedArray) else (array,)
    return tuple(np.asarray(part).tobytes() for part in parts)
