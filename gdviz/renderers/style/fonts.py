"""Fonts: which character is drawn by which, how wide a text is, and what of it fits a room.

A name from a table is data: it is written exactly as it stands there, in a font that has its
characters.
"""

import unicodedata
import warnings
from collections.abc import Sequence
from functools import cache, lru_cache

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from gdviz.core.wording import spell

__all__ = [
    "LATIN",
    "MissingFontWarning",
    "families_for",
    "fitting",
    "installed_cjk",
    "side_by_side",
    "weight_of",
    "width_of",
    "written",
]

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


def families_for(names: Sequence[str]) -> list[str]:
    """Return the families, in order, in which names are drawn; warn of characters that none has."""
    needs_cjk = any(not _has(LATIN, char) for name in names for char in name)
    _say_what_is_missing("".join(" ".join(name.split()) for name in names))
    return [LATIN, *(installed_cjk() if needs_cjk else ())]


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
    return _width_of(text, mpl.rcParams["font.size"], tuple(mpl.rcParams["font.family"]))


@lru_cache(maxsize=10_000)  # to measure a caption's numbers took a fifth of setting up a picture
def _width_of(text: str, size: float, families: tuple[str, ...]) -> float:
    font = FontProperties(family=[*families], size=size)
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])


def side_by_side(said: Sequence[str], room: float) -> list[str]:
    """Put what is said side by side, in as few lines as a room (points) lets."""
    lines: list[str] = []
    for one in said:
        longer = f"{lines[-1]}    {one}" if lines else one
        if lines and width_of(longer) <= room:
            lines[-1] = longer
        else:
            lines += _broken(one, room)
    return lines


def _broken(text: str, room: float) -> list[str]:
    """Break a text at a space into two lines, if it needs them; what does not fit them is cut."""
    words = text.split(" ")
    fits = [n for n in range(1, len(words)) if width_of(" ".join(words[:n])) <= room]
    if width_of(text) <= room or not fits:
        return [fitting(text, room)]
    return [" ".join(words[: fits[-1]]), fitting(" ".join(words[fits[-1] :]), room)]
