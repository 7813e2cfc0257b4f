"""A row of texts as one artist: what is written anew for every frame, and quickly.

A matplotlib text can turn, wrap and be a formula; to find out that it does not takes longer than to
draw it. The texts of a row are single lines on a baseline, so only their widths are asked for.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from matplotlib.artist import Artist
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text
from matplotlib.transforms import Bbox

__all__ = ["Row", "Word"]


class Word(NamedTuple):
    """A text, where its baseline begins or, if it is on the right, ends, and how it looks."""

    text: str
    x: float
    y: float
    font: FontProperties
    color: str
    right: bool = False


class Row(Artist):
    """Words drawn as one artist, each as :class:`matplotlib.text.Text` would draw it."""

    zorder = 3  # that of a text

    def __init__(self, words: Sequence[Word]) -> None:
        super().__init__()
        self._words = words

    def draw(self, renderer: Any) -> None:
        """Draw all words."""
        gc = renderer.new_gc()
        places = self.get_transform().transform([(word.x, word.y) for word in self._words])
        for word, (x, y) in zip(self._words, places, strict=True):
            width, _, _ = renderer.get_text_width_height_descent(word.text, word.font, False)
            gc.set_foreground(word.color)
            down = renderer.get_canvas_width_height()[1] - y if renderer.flipy() else y
            renderer.draw_text(gc, x - word.right * width, down, word.text, word.font, 0.0)
        gc.restore()

    def get_children(self) -> list[Artist]:
        """Return the words as texts, for those who look for texts."""
        return [self._text(word) for word in self._words]

    def get_window_extent(self, renderer: Any = None) -> Bbox:
        """Box around all words, in pixels."""
        return Bbox.union([text.get_window_extent(renderer) for text in self.get_children()])

    def _text(self, word: Word) -> Text:
        side: Any = "right" if word.right else "left"
        look: dict[str, Any] = {"fontproperties": word.font, "color": word.color}
        text = Text(word.x, word.y, word.text, ha=side, parse_math=False, **look)
        text.set_transform(self.get_transform())
        figure = self.get_figure(root=False)
        if figure is not None:
            text.set_figure(figure)
        return text
