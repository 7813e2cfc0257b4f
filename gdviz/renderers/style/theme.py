"""The look: the style, the colours, and sizes that grow with the picture.

A picture is read on a projector, in a browser and on a phone, so text is a fixed share of the
picture, not a fixed number of points.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import as_file, files
from threading import RLock
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import style
from matplotlib.ticker import Formatter

from gdviz.checks import is_positive
from gdviz.renderers.style.fonts import families_for
from gdviz.views.numbers import compact, tick_texts

__all__ = [
    "BLUE",
    "GREY",
    "INK",
    "SMALL",
    "VERMILION",
    "Compact",
    "inches",
    "look",
    "points",
]

# Two of Okabe & Ito's colours, and two greys.
BLUE, VERMILION = "#0072b2", "#d55e00"
INK, GREY = "#30363d", "#646c74"  # grey can be read: 5 to 1 on white

# Width of small text beside that of the style; its letters are rounded to pixels, so it is a little
# more than its size is.
SMALL = 0.85

# matplotlib has one set of settings for all threads.
SETTINGS = RLock()


@contextmanager
def look(size: float, names: Sequence[str] = ()) -> Iterator[None]:
    """Set the style for a picture of this size of text (points) and these names.

    Another thread that wants to set it waits until the block ends.
    """
    families = families_for(names)
    sheet = as_file(files("gdviz.renderers.style") / "gdviz.mplstyle")
    with SETTINGS, sheet as path, style.context(["default", path]):
        mpl.rcParams["font.family"] = families
        mpl.rcParams["font.size"] = size
        mpl.rcParams["lines.linewidth"] = points(2)
        yield


def inches(size: Any) -> tuple[float, float]:
    """Return the width and height of a picture, two positive numbers.

    >>> inches((10, 8))
    (10.0, 8.0)
    """
    if np.shape(size) != (2,) or not all(map(is_positive, size)):
        raise ValueError(f"size must be width and height in inches, as (10, 8), not {size!r}")
    return float(size[0]), float(size[1])


def points(size: float) -> float:
    """Points of a line or marker that has this size beside text of 10 points: all grow alike."""
    return float(size * mpl.rcParams["font.size"] / 10)


class Compact(Formatter):
    """Ticks in few characters, yet in as many as tell each from the next."""

    def __call__(self, value: float, pos: int | None = None) -> str:
        """Return one tick's label."""
        return compact(value)

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """Return the labels of all ticks."""
        return tick_texts(values)
