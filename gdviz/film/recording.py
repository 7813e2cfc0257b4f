"""Recordings: what an artist asked of the renderer, ready to be asked again.

To draw an artist means two things: Python finds out what to draw (transforms, text layout, glyphs)
and the renderer puts it on the canvas. For something that does not change only the second has to
be done again. A recording notes the calls that reach matplotlib's C++ renderer, with copies of
what an artist may change afterwards, and repeats them: the same pixels at a fraction of the time.
"""

from collections.abc import Callable
from copy import copy
from functools import partial
from typing import Any

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.ft2font import FT2Font
from matplotlib.transforms import Transform

__all__ = ["Recording"]


class Recording:
    """A way to draw that works out once what to draw and repeats it from then on."""

    def __init__(self, draw: Callable[[Any], object]) -> None:
        self._draw = draw
        self._calls: list[Callable[[], object]] | None = None

    def __call__(self, renderer: Any) -> None:
        """Draw on `renderer`; it must be the same every time."""
        if self._calls is None:
            self._calls = _calls(self._draw, renderer)
        else:
            for call in self._calls:
                call()


class _Recorder:
    """Stands in for the C++ renderer: passes each call on and notes it."""

    def __init__(self, real: Any) -> None:
        self._real = real
        self.calls: list[Callable[[], object]] = []

    def __getattr__(self, name: str) -> Callable[..., object]:
        method = getattr(self._real, name)

        def noted(*args: Any, **kwargs: Any) -> object:
            call = partial(method, *map(_kept, args), **kwargs)
            self.calls.append(call)
            return call()

        return noted


def _calls(draw: Callable[[Any], object], renderer: Any) -> list[Callable[[], object]]:
    """Draw once; return what was asked of the C++ renderer."""
    real = renderer._renderer
    renderer._renderer = recorder = _Recorder(real)
    renderer._update_methods()
    try:
        draw(renderer)
    finally:
        renderer._renderer = real
        renderer._update_methods()
    return recorder.calls


def _kept(argument: Any) -> Any:
    """Return `argument` as it is now; some of them are changed and used again."""
    if isinstance(argument, GraphicsContextBase):
        kept = copy(argument)
        if kept._cliprect is not None:  # type: ignore[attr-defined]
            kept._cliprect = kept._cliprect.frozen()  # type: ignore[attr-defined]
        return kept
    if isinstance(argument, Transform):
        return argument.frozen()
    return np.array(argument) if isinstance(argument, FT2Font) else argument
