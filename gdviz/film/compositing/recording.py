"""Recordings: what an artist asked of the renderer, ready to be asked again.

To draw an artist means two things: Python finds out what to draw (transforms, text layout, glyphs)
and the renderer puts it on the canvas. For something that does not change only the second has to
be done again. A recording notes the calls that reach matplotlib's C++ renderer, with copies of
what an artist may change afterwards, and repeats them: the same pixels at a fraction of the time.
"""

from collections.abc import Callable
from copy import copy
from functools import partial
from operator import is_not
from typing import Any

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.ft2font import FT2Font
from matplotlib.transforms import Transform

from gdviz.film.compositing import mpl

__all__ = ["Recording"]

Call = partial[object]


class Recording:
    """A way to draw that works out once what to draw and repeats it from then on.

    Parameters
    ----------
    draw : callable
        Draws on a renderer.
    most_bytes : int, optional
        If the recording would be larger it is not kept, and every time is as the first.
    """

    def __init__(self, draw: Callable[[Any], object], most_bytes: int | None = None) -> None:
        self._draw = draw
        self._most_bytes = most_bytes
        self._calls: list[Call] | None = None

    def __call__(self, renderer: Any) -> None:
        """Draw on `renderer`; it must be the same every time."""
        if self._calls is None:
            self._keep(_calls(self._draw, renderer))
        else:
            for call in self._calls:
                call()

    def _keep(self, calls: list[Call]) -> None:
        if self._most_bytes is None or sum(map(_bytes, calls)) <= self._most_bytes:
            self._calls = calls


class _Recorder:
    """Stands in for the C++ renderer: passes each call on and notes it."""

    def __init__(self, real: Any) -> None:
        self._real = real
        self._context: Any = None
        self._looks: list[object] = []
        self.calls: list[Call] = []

    def __getattr__(self, name: str) -> Callable[..., object]:
        method = getattr(self._real, name)

        def noted(*args: Any, **kwargs: Any) -> object:
            call = partial(method, *map(self._kept, args), **kwargs)
            self.calls.append(call)
            return call()

        return noted

    def _kept(self, argument: Any) -> Any:
        """Return `argument` as it is now; some are changed and used again."""
        if isinstance(argument, GraphicsContextBase):
            return self._kept_context(argument)
        if isinstance(argument, Transform):
            return argument.frozen()
        return np.array(argument) if isinstance(argument, FT2Font) else argument

    def _kept_context(self, context: Any) -> Any:
        """Copy a graphics context, but one that a text uses for all its glyphs only once."""
        looks = list(vars(context).values())
        if len(looks) != len(self._looks) or any(map(is_not, looks, self._looks)):
            self._looks = looks
            self._context = copy(context)
            if (rectangle := context.get_clip_rectangle()) is not None:
                self._context.set_clip_rectangle(rectangle.frozen())
        return self._context


def _calls(draw: Callable[[Any], object], renderer: Any) -> list[Call]:
    """Draw once; return what was asked of the C++ renderer."""
    real = mpl.drawer(renderer)
    recorder = _Recorder(real)
    try:
        mpl.set_drawer(renderer, recorder)
        draw(renderer)
    finally:
        mpl.set_drawer(renderer, real)
    return recorder.calls


def _bytes(call: Call) -> int:
    """Size of the arrays that a call holds on to."""
    return sum(_array_bytes(argument) for argument in call.args)


def _array_bytes(argument: Any) -> int:
    if isinstance(argument, list):
        return sum(map(_array_bytes, argument))
    array = getattr(argument, "vertices", argument)
    return int(getattr(array, "nbytes", 0))
