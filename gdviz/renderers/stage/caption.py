"""The words around the panels: over them what a frame shows, under them what was done.

Over the panels of one run stands a small table. Its first row is the frame's: epoch, cost, score,
and, once it is known, how the descent ended. Below each number stands, in grey, what it is at the
optimum. The numbers stand on their right edge, so that nothing moves but what changes.
"""

from collections.abc import Callable, Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure
from matplotlib.font_manager import FontProperties

from gdviz.core.moments import Array
from gdviz.renderers.stage.row import Row, Word
from gdviz.renderers.style.fonts import LATIN, fitting, width_of, written
from gdviz.renderers.style.theme import GREY, INK, VERMILION, points
from gdviz.views.caption import CaptionView, Column, Footer

__all__ = ["MARGIN", "SMALL", "blank", "caption", "footer", "footer_lines", "lines"]

BOLD, SMALL = 1.13, 0.833  # widths of letters that are so, compared with others
FIGURES = 0.73  # height of a figure, in sizes of text
MARGIN = 0.015  # of the picture's width
GAP = 2.0  # sizes of text between two columns


def caption(subfigure: SubFigure, *, view: CaptionView) -> Callable[[float], object]:
    """Write what stays of the words over the panels; return what writes the rest of an epoch."""
    axes = blank(subfigure)
    width, height = (72 * side / subfigure.dpi for side in subfigure.bbox.size)
    scale, places = _places(view, width)
    size = scale * mpl.rcParams["font.size"]
    # Few Chinese fonts come in bold, and matplotlib would tell of it.
    bold = FontProperties(family=LATIN, weight="bold", size=size)
    small = FontProperties(size=SMALL * size)
    up, down = (
        middle - FIGURES / 2 * font.get_size_in_points() / height
        for middle, font in ((0.66, bold), (0.25, small))
    )
    start, edges = places[0, 0], places[1:]
    axes.text(start, down, view.goal, font=small, color=GREY)
    for column, (left, right) in zip(view.columns, edges, strict=True):
        axes.text(left, up, column.name, font=bold)
        axes.text(right, down, column.goal, ha="right", font=small, color=GREY)
    color = VERMILION if view.diverged else INK

    def draw(epoch: float) -> None:
        record = view.record_at(epoch)
        words = [Word(view.epoch_text(record), start, up, bold, INK)]
        for column, (_, x) in zip(view.columns, edges, strict=True):
            words.append(Word(column.text(record), x, up, bold, INK, right=True))
        word, more = view.verdict_at(record)
        words.append(Word(word, 1 - MARGIN, up, bold, color, right=True))
        words.append(Word(written(more), 1 - MARGIN, down, small, GREY, right=True))
        subfigure.add_artist(Row([word for word in words if word.text]))

    return draw


def _places(view: CaptionView, width: float) -> tuple[float, Array]:
    """Return by how much the text is made smaller, if at all, and where the columns stand.

    width: of the picture, in points. The columns' left and right edges (n_columns + 1, 2) are
    shares of it; the first column is the epoch's.
    """
    gap = GAP * mpl.rcParams["font.size"]
    epoch = BOLD * width_of(view.epoch_text(-1))
    widths = [max(epoch, SMALL * width_of(view.goal)), *map(_width, view.columns)]
    needed = sum(widths) + gap * len(widths) + _end_width(view)
    scale = min(1.0, (1 - 2 * MARGIN) * width / needed)
    right = np.cumsum(widths) + gap * np.arange(len(widths))
    return scale, MARGIN + scale * np.column_stack([right - widths, right]) / width


def _width(column: Column) -> float:
    """Points that a column takes: its name and its widest number."""
    some = np.linspace(0, len(column.values) - 1, 200).astype(int)
    ends = (column.values.argmin(), column.values.argmax())
    longest = max(map(width_of, {column.text(i) for i in (*some, *ends)}))
    now = BOLD * (width_of(column.name) + longest) + 0.6 * mpl.rcParams["font.size"]
    return float(max(now, SMALL * width_of(column.goal)))


def _end_width(view: CaptionView) -> float:
    """Points that the verdict takes."""
    word, more = view.verdict
    return float(max(BOLD * width_of(word), SMALL * width_of(written(more))))


def footer(subfigure: SubFigure, *, view: Footer) -> Callable[[float], object]:
    """Write the lines under the panels; return what draws an epoch, which is nothing."""
    text = "\n".join(footer_lines(view, 72 * subfigure.bbox.width / subfigure.dpi))
    subfigure.text(MARGIN, 0.62, text, va="center", fontsize="small", color=GREY)
    return lambda epoch: None


def footer_lines(view: Footer, width: float) -> list[str]:
    """Return the lines under the panels of a picture so many points wide."""
    # Small letters are rounded to pixels, which makes a line up to 3 % wider than it measures.
    room = 0.96 * (1 - 2 * MARGIN) * width / SMALL
    parts = [*map(written, view.parts)]
    if view.target:
        target = fitting(written(view.target), 0.3 * room)
        table = fitting(parts[0], 0.6 * room - width_of(f"{target} in "))
        parts[0] = f"{target} in {table}"
    parts += view.counts(lambda label: fitting(written(label), points(90)))
    return [fitting(line, room) for line in lines(parts, room, width_of)]


def lines(parts: Sequence[str], room: float, width: Callable[[str], float]) -> list[str]:
    """Join parts into as few lines as fit a room; a part that is too wide has a line of its own.

    >>> lines(["aaa", "bb", "c"], 9, len)
    ['aaa  ·  bb', 'c']
    """
    found = [*parts[:1]]
    for part in parts[1:]:
        longer = f"{found[-1]}  ·  {part}"
        if width(longer) <= room + 1:
            found[-1] = longer
        else:
            found.append(part)
    return found


def blank(subfigure: SubFigure) -> Axes:
    """Return axes for words: as large as a subfigure, from 0 to 1, and without a frame."""
    axes = subfigure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(0, 1))
    return axes
