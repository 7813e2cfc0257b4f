"""The look, and how names and numbers are written into a picture.

A picture is read on a projector, in a browser and on a phone, so text is a fixed share of the
picture, not a fixed number of points. A name from a table is data: it is written exactly
as it stands there, in a font that has its characters.
"""

import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.resources import as_file, files
from threading import RLock
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager, style
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from matplotlib.ticker import Formatter

from gdviz.checks import is_positive
from gdviz.core.wording import spell
from gdviz.views.numbers import compact, tick_texts

__all__ = [
    "BLUE",
    "GREY",
    "INK",
    "LATIN",
    "SMALL",
    "VERMILION",
    "Compact",
    "fitting",
    "inches",
    "look",
    "points",
    "weight_of",
    "width_of",
    "written",
]

# Two of Okabe & Ito's colours, and two greys.
BLUE, VERMILION = "#0072b2", "#d55e00"
INK, GREY = "#30363d", "#646c74"  # grey can be read: 5 to 1 on white

# Width of small text beside that of the style; its letters are rounded to pixels, so it is a little
# more than its size is.
SMALL = 0.85

# matplotlib has one set of settings for all threads.
SETTINGS = RLock()

LATIN = "DejaVu Sans"  # comes with matplotlib
# In order: a picture is the same, to the byte, wherever the first of them is installed. That one is
# small and has one face a name; of Noto's collections it depends on matplotlib which face is read.
CJK = (
    "WenQuanYi Micro Hei",
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans CJK KR",
    "Noto Sans CJK TC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Zen Hei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Hiragino Sans",
    "Apple SD Gothic Neo",
    "Microsoft YaHei",
    "SimHei",
    "Yu Gothic",
    "Meiryo",
    "Malgun Gothic",
    "IPAexGothic",
    "NanumGothic",
    "Droid Sans Fallback",
    "Arial Unicode MS",
)


CJK_PACKAGES = (
    "install a font that has them, such as the package fonts-wqy-microhei (Debian, Ubuntu), "
    "wqy-microhei-fonts (Fedora) or wqy-microhei (Arch)"
)


class MissingFontWarning(UserWarning):
    """No installed font has the characters of a name."""


@contextmanager
def look(size: float, names: Sequence[str] = ()) -> Iterator[None]:
    """Set the style for a picture of this size of text (points) and these names.

    Another thread that wants to set it waits until the block ends.
    """
    needs_cjk = any(not _has(LATIN, char) for name in names for char in name)
    _say_what_is_missing("".join(" ".join(name.split()) for name in names))
    sheet = as_file(files("gdviz.renderers.style") / "gdviz.mplstyle")
    with SETTINGS, sheet as path, style.context(["default", path]):
        mpl.rcParams["font.family"] = [LATIN, *(installed_cjk() if needs_cjk else ())]
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


@cache
def installed_cjk() -> tuple[str, ...]:
    """Families here that have Chinese, Japanese or Korean characters, in the order of CJK."""
    known = set(font_manager.get_font_names())
    if CJK[0] not in known:
        # matplotlib's list of fonts may be older than a font that was installed since.
        listed = {entry.fname for entry in font_manager.fontManager.ttflist}
        for path in set(font_manager.findSystemFonts()) - listed:
            with warnings.catch_warnings(action="ignore"):
                _add_font(path)
        known = set(font_manager.get_font_names())
    return tuple(family for family in CJK if family in known)


def _add_font(path: str) -> None:
    try:
        font_manager.fontManager.addfont(path)
    except (OSError, RuntimeError):
        return  # not a font that matplotlib reads


@cache
def _has(family: str, char: str) -> bool:
    font = font_manager.get_font(font_manager.findfont(family))
    return bool(font.get_char_index(ord(char)))


@cache
def written(name: str) -> str:
    """Return a name as it is drawn: as it stands, line breaks as spaces.

    A character that no installed font has becomes □; :func:`look` says so.
    """
    return "".join(char if _drawable(char) else "□" for char in " ".join(name.split()))


def _drawable(char: str) -> bool:
    families = (LATIN, *installed_cjk()) if not _has(LATIN, char) else (LATIN,)
    return any(_has(family, char) for family in families)


@cache
def _say_what_is_missing(text: str) -> None:
    """Warn, once for each text, of characters that no installed font has."""
    missing = [char for char in dict.fromkeys(text) if not _drawable(char)]
    if not missing:
        return
    remedy = CJK_PACKAGES if any(map(_is_cjk, missing)) else "install a font that has them"
    warnings.warn(
        f"no installed font has {spell(''.join(missing))}, so □ stands for them; {remedy}",
        MissingFontWarning,
        stacklevel=2,
    )


def _is_cjk(char: str) -> bool:
    """Whether a character is Chinese, Japanese or Korean.

    >>> [_is_cjk(char) for char in "面ヨ면🙂ש"]
    [True, True, True, False, False]
    """
    return unicodedata.name(char, "").split(" ")[0] in ("CJK", "HIRAGANA", "KATAKANA", "HANGUL")


def fitting(text: str, room: float) -> str:
    """Return a text cut to a width (points), … in place of its middle if it is longer.

    The middle, because names that begin alike are told apart by their ends.
    """
    for kept in range(min(len(text), 200), 1, -1):
        drawn = text if kept == len(text) else f"{text[: (kept + 1) // 2]}…{text[-(kept // 2) :]}"
        if width_of(drawn) <= room:
            return drawn
    return text if len(text) < 2 else "…"


def weight_of(name: str, room: float) -> str:
    """Return what a weight is called in a room (points): only the name is ever cut.

    Where the room is so small that nothing would be left of it, the name stands alone.
    """
    left = room - width_of("weight of ")
    roomy = width_of(name) <= left or left > 6 * mpl.rcParams["font.size"]
    return f"weight of {fitting(name, left)}" if roomy else fitting(name, room)


def width_of(text: str) -> float:
    """Width of a text in points, in the font and size of the style."""
    font = FontProperties(size=mpl.rcParams["font.size"])
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])


class Compact(Formatter):
    """Ticks in few characters, yet in as many as tell each from the next."""

    def __call__(self, value: float, pos: int | None = None) -> str:
        """Return one tick's label."""
        return compact(value)

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """Return the labels of all ticks."""
        return tick_texts(values)
