"""A canvas: matplotlib's Agg renderer, which finds out only once what a digit looks like.

What changes from frame to frame in the texts of a film are mostly numbers: "epoch 1,250", "75.64".
Where the glyphs of a text go, and what each looks like between two pixels, matplotlib asks the
font anew for every text, and that takes longer than to draw all lines of a frame. But numbers are
made of a few signs that return all the time. So a text is taken apart into its signs; what a sign
looks like, and how far it is from one to the next, are matplotlib's answers, asked for once. Where
a font has other glyphs for two signs than for each of them, the text is taken as a whole, as are
words, which often return too. Not looked for is a rule of a font for three signs or more.

All this leans on how matplotlib draws a text since 3.11, glyph by glyph. Where it does otherwise,
which one text tells that both draw, :func:`canvas` is matplotlib's own renderer.
"""

import re
from collections.abc import Sequence
from functools import cache
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import numpy as np
from matplotlib import rcParams
from matplotlib.backends.backend_agg import RendererAgg, get_hinting_flag
from matplotlib.figure import Figure
from numpy.typing import NDArray

from gdviz.film.compositing import mpl

__all__ = ["Canvas", "canvas"]

# Words, a space and a number: what is often written, and seldom more than the sum of its signs.
_NUMBER = re.compile(r"((?:[A-Za-z]+ )*)([0-9.,−]+)")

_UNITS = 64  # of FreeType, a pixel
_MOST = 2000  # pictures, and sizes, that are kept of each font

Metrics = tuple[float, float, float]
Picture = tuple[NDArray[np.uint8], int, int]  # coverage; its first column, and the row under it


class _Known(NamedTuple):
    """Sizes of signs and of pairs of them, their glyphs, and pictures of signs, in one font."""

    sizes: dict[str, Metrics]
    glyphs: dict[str, list[int]]
    pictures: dict[tuple[str, float, float, bool], list[Picture]]


class Canvas(RendererAgg):
    """Draws what :class:`~matplotlib.backends.backend_agg.RendererAgg` does, to the last bit."""

    def __init__(self, width: float, height: float, dpi: float) -> None:
        super().__init__(width, height, dpi)  # type: ignore[no-untyped-call]
        self._known: dict[tuple[Any, ...], _Known] = {}

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> Metrics:
        """Width, height and descent of a text, in pixels."""
        if ismath:
            return self._measured(s, prop, ismath)
        known = self._known_of(prop)
        signs = self._signs(s, prop, known) or (s,)
        sizes = [self._size(sign, prop, known) for sign in signs]
        descent = max(descent for _, _, descent in sizes)
        ascent = max(height - descent for _, height, descent in sizes)
        return self._offsets(signs, prop, known)[-1] + sizes[-1][0], ascent + descent, descent

    def draw_text(
        self,
        gc: Any,
        x: float,
        y: float,
        s: str,
        prop: Any,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        """Draw a text; x and y are where its baseline begins, in pixels, y from the top."""
        styled = mtext is not None and (mtext.get_fontfeatures() or mtext.get_language())
        known = self._known_of(prop)
        if angle or ismath or styled:
            self._typeset(gc, x, y, s, prop, angle, ismath, mtext)
            return
        signs = self._signs(s, prop, known)
        if not signs:
            # Kept for this position: at halves of units glyphs are rounded one way or the other.
            for picture in self._drawn(s, x, y, prop, known, gc):
                mpl.drawer(self).draw_text_image(*picture, 0, gc)
            return
        row, up = divmod(round(_UNITS * (self.height - y)), _UNITS)
        for sign, offset in zip(signs, self._offsets(signs, prop, known), strict=True):
            column, right = divmod(round(_UNITS * (x + offset)), _UNITS)
            begin = right / _UNITS, self.height - up / _UNITS
            for coverage, left, top in self._drawn(sign, *begin, prop, known, gc):
                mpl.drawer(self).draw_text_image(coverage, left + column, top - row, 0, gc)

    def _known_of(self, prop: Any) -> "_Known":
        """What is known of the signs of a font."""
        families = mpl.font_files(prop)
        # The second goes away with matplotlib 3.13.
        settings = (
            rcParams["text.hinting"],
            rcParams.get("text.kerning_factor"),
        )
        # Not the font itself: a forked process has to open its fonts anew.
        font = *families, prop.get_size_in_points(), *settings
        return self._known.setdefault(font, _Known({}, {}, {}))

    def _signs(self, text: str, prop: Any, known: "_Known") -> tuple[str, ...]:
        """Signs of a text; none where it is no number, or more than the sum of its signs."""
        signs = _signs(text)
        for left, right in pairwise(signs):
            apart = self._glyphs(left, prop, known) + self._glyphs(right, prop, known)
            if self._glyphs(left + right, prop, known) != apart:
                return ()
        return signs

    def _glyphs(self, text: str, prop: Any, known: "_Known") -> list[int]:
        """Numbers of the glyphs that a font has for one or two signs."""
        if text not in known.glyphs:
            flags = get_hinting_flag()  # type: ignore[no-untyped-call]
            known.glyphs[text] = mpl.glyph_numbers(self, prop, text, flags)
        return known.glyphs[text]

    def _offsets(self, signs: Sequence[str], prop: Any, known: "_Known") -> list[float]:
        """How far from the first each of `signs` begins, in pixels."""
        steps = [
            self._size(left + right, prop, known)[0] - self._size(right, prop, known)[0]
            for left, right in pairwise(signs)
        ]
        return list(accumulate(steps, initial=0.0))

    def _size(self, text: str, prop: Any, known: "_Known") -> Metrics:
        """Width, height and descent of a sign, of two, or of words, in pixels."""
        if text not in known.sizes:
            if len(known.sizes) >= _MOST:
                known.sizes.clear()
            known.sizes[text] = self._measured(text, prop, False)
        return known.sizes[text]

    def _drawn(
        self, text: str, x: float, y: float, prop: Any, known: "_Known", gc: Any
    ) -> list[Picture]:
        """What is put on the canvas for a sign, or for words, whose baseline begins at x and y."""
        key = text, x, y, gc.get_antialiased()
        if key not in known.pictures:
            if len(known.pictures) >= _MOST:  # texts that never return
                known.pictures.clear()
            real, noted = mpl.drawer(self), _Noted()
            mpl.set_text_drawer(self, noted)
            try:
                self._typeset(gc, x, y, text, prop, 0.0, False, None)
                known.pictures[key] = _joined(noted.pictures)
            finally:
                mpl.set_text_drawer(self, real)
        return known.pictures[key]

    def _measured(self, *args: Any) -> Metrics:
        return super().get_text_width_height_descent(*args)  # type: ignore[no-untyped-call, no-any-return]

    def _typeset(self, *args: Any) -> None:
        super().draw_text(*args)  # type: ignore[no-untyped-call]


def canvas(width: float, height: float, dpi: float) -> RendererAgg:
    """Return a canvas of so many pixels; matplotlib's own where ours would not draw the same."""
    kind = Canvas if _is_exact() else RendererAgg
    return kind(width, height, dpi)


@cache
def _is_exact() -> bool:
    """Whether a text on a :class:`Canvas` is the same as one on what it takes the place of."""
    ours, theirs = Canvas(80, 20, 72), RendererAgg(80, 20, 72)  # type: ignore[no-untyped-call]
    try:
        return bool((_sample(ours) == _sample(theirs)).all())
    except Exception:  # a private name is gone, takes something else, or is something else
        return False


def _sample(renderer: Any) -> NDArray[np.uint8]:
    """Pixels (height, width, 4) of words and a number."""
    Figure(dpi=72).text(0.011, 0.013, "epoch 1,250", size=10, usetex=False).draw(renderer)
    return np.asarray(renderer.buffer_rgba())


class _Noted:
    """Stands in for the C++ renderer, to note the pictures that a text is made of."""

    def __init__(self) -> None:
        self.pictures: list[Picture] = []

    def draw_text_image(self, coverage: Any, x: float, y: float, angle: float, gc: Any) -> None:
        self.pictures.append((np.array(coverage), int(x), int(y)))


def _joined(pictures: Sequence[Picture]) -> list[Picture]:
    """Put pictures into one until one covers a pixel of it, and so on: few are drawn faster.

    In their order, on which it depends how a pixel that two of them cover is rounded.
    """
    if len(pictures) < 2:
        return list(pictures)
    left, top = (min(corner) for corner in zip(*map(_corner, pictures), strict=True))
    right = max(x + coverage.shape[1] for coverage, x, _ in pictures)
    bottom = max(y for _, _, y in pictures)
    sheet = np.zeros((bottom - top, right - left), np.uint8)
    for done, (coverage, x, y) in enumerate(pictures):
        height, width = coverage.shape
        part = sheet[y - height - top : y - top, x - left : x - left + width]
        if np.minimum(part, coverage).any():
            return [(sheet, left, bottom), *_joined(pictures[done:])]
        part += coverage
    return [(sheet, left, bottom)]


def _corner(picture: Picture) -> tuple[int, int]:
    """Column and row of the upper left pixel."""
    coverage, left, bottom = picture
    return left, bottom - coverage.shape[0]


def _signs(text: str) -> tuple[str, ...]:
    """Take a number, and the words before it, apart; empty if that is not all there is.

    >>> _signs("epoch 1,250")
    ('epoch ', '1', ',', '2', '5', '0')
    >>> _signs("x0")
    ()
    """
    found = _NUMBER.fullmatch(text)
    if not found:
        return ()
    words, number = found.groups()
    return (words, *number) if words else tuple(number)
