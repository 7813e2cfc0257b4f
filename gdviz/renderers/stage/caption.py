"""The words around the panels: over them what a frame shows, under them what was done.

Over the panels stands a small table. Its first row is the frame's: epoch, cost, score, and, once it
is known, how the descent ended. Below each number stands, in grey, what it is at the optimum. The
decimals are chosen once for the whole film and the numbers stand on their right edge, so that
nothing moves but what changes. Under the panels one line says what was gone down, and how.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure
from matplotlib.font_manager import FontProperties

from gdviz.core.arrival import ALIKE, NEAR
from gdviz.core.history.record import History
from gdviz.core.losses import mean_squared_error
from gdviz.core.moments import Array
from gdviz.core.optimum import goal_name
from gdviz.core.text import plain
from gdviz.core.wording import listing, percent, spell
from gdviz.renderers.stage.row import Row, Word
from gdviz.renderers.style.theme import GREY, INK, LATIN, VERMILION, fitting, width_of, written
from gdviz.views.numbers import Write, steady
from gdviz.views.words import method

__all__ = [
    "MARGIN",
    "SMALL",
    "Column",
    "blank",
    "columns",
    "cost_of",
    "footer",
    "footer_lines",
    "header",
    "lines",
    "said",
    "verdict",
]

BOLD, SMALL = 1.13, 0.833  # widths of letters that are so, compared with others
FIGURES = 0.73  # height of a figure, in sizes of text
MARGIN = 0.015  # of the picture's width
GAP = 2.0  # sizes of text between two columns


class Column(NamedTuple):
    """A number of the caption: its name, what it is at every record, how it is written, its goal.

    values (n_records,); goal is empty where there is none.
    """

    name: str
    values: Array
    write: Write
    goal: str


def columns(history: History) -> list[Column]:
    """Cost and score of a history, each with its goal; no score where it is undefined."""
    found = [cost_of(history), *([_score(history)] if history.has_table else [])]
    return [column for column in found if np.isfinite(column.values[-1])]


def cost_of(history: History) -> Column:
    """The cost of a history, written alike wherever it is, and the least it can be."""
    best, cost = history.best.cost, history.cost
    size = float(np.abs(cost).max())
    small = 1e-4 * abs(float(cost[0])) or 1e-4 * size
    least = abs(best) if abs(best) > small else max(float(np.abs(cost).min()), small)
    write = steady(max(size, abs(best)), least)
    return Column("cost", cost, write, write(best) if history.best.exists else "")


def _score(history: History) -> Column:
    """R² of a number, McFadden's of labels."""
    if history.regression.function.labels:
        name, values, best = "McFadden R²", history.score, history.best_score
    else:
        squared = float(mean_squared_error().cost(history.optimum, history.dataset))
        name, values, best = "R²", history.r2, float(history.dataset.r2(squared))
    least = 1.0
    if best < 1 - 1e-9:
        least = np.clip(100 * (1 - best), 1e-3 * max(1.0, abs(values[0])), 1.0)
    write = steady(abs(values[0]), least)
    return Column(name, values, write, write(best) if history.best.exists else "")


def verdict(history: History, record: int) -> tuple[str, str]:
    """Say in a word how a descent ended, and below it more; from the record on at which it did.

    Before that record both are empty.
    """
    if history.arrival is not None and record >= history.arrival:
        return "arrived", f"at {history.unit} {history.epoch[history.arrival]:,}{_staying(history)}"
    if record < len(history.epoch) - 1:
        return "", ""
    return history.verdict, "" if history.diverged else _what_is_left(history)


def _staying(history: History) -> str:
    """For how many steps it is known to stay, where that is not for ever."""
    ahead = history.ahead
    return f", and {ahead.steps:,.0f} steps on" if ahead and np.isfinite(ahead.steps) else ""


def _what_is_left(history: History) -> str:
    """Say which of the conditions of having arrived does not hold, in a few words."""
    if not history.best.exists:
        return f"at {percent(float(history.cost[-1] / history.cost[0]))} of the starting cost"
    left = history.way_left[-1]
    worst = int(left.argmax())
    if left[worst] > NEAR:
        name = _short(written(history.objective.names[worst]))
        return f"{percent(float(left[worst]))} of the way of {name} left"
    if history.gap[-1] > ALIKE * history.goal.constant:
        return f"cost {plain(float(f'{history.gap[-1]:.2g}'))} above the optimum's"
    return "near the optimum, does not stay"


def _short(name: str) -> str:
    """Cut a name to twenty characters: its ends, which tell it from others."""
    return name if len(name) <= 20 else f"{name[:10]}…{name[-9:]}"


def said(history: History) -> str:
    """Say in a sentence what a film of a history shows, for who cannot see it."""
    last = len(history.epoch) - 1
    numbers = [f"{column.name} {column.write(column.values[last])}" for column in columns(history)]
    ended = " ".join(filter(None, verdict(history, last)))
    epoch = f"{history.unit} {history.epoch[last]:,}"
    what = "a descent on a function"
    if history.has_table:
        data = history.dataset
        what = f"{spell(data.target_name)} from {listing(data.feature_names, most=5)}"
    return "; ".join([what, *map(written, method(history)), ", ".join([epoch, *numbers]), ended])


def lines(parts: Sequence[str], room: float, width: Callable[[str], float]) -> list[str]:
    """Join parts into as few lines as fit a room; a part that is too wide has a line of its own.

    >>> lines(["aaa", "bb", "c"], 9, len)
    ['aaa  ·  bb', 'c']
    """
    found = [parts[0]]
    for part in parts[1:]:
        longer = f"{found[-1]}  ·  {part}"
        if width(longer) <= room + 1:
            found[-1] = longer
        else:
            found.append(part)
    return found


def header(subfigure: SubFigure, history: History) -> Callable[[float], object]:
    """Write the table over the panels; return what writes the first row of an epoch."""
    axes, shown = blank(subfigure), columns(history)
    width, height = (72 * side / subfigure.dpi for side in subfigure.bbox.size)
    scale, places = _places(history, shown, width)
    size = scale * mpl.rcParams["font.size"]
    # Few Chinese fonts come in bold, and matplotlib would tell of it.
    bold = FontProperties(family=LATIN, weight="bold", size=size)
    small = FontProperties(size=SMALL * size)
    up, down = (
        middle - FIGURES / 2 * font.get_size_in_points() / height
        for middle, font in ((0.66, bold), (0.25, small))
    )
    start, edges = places[0, 0], places[1:]
    axes.text(start, down, _goal(history), font=small, color=GREY)
    for column, (left, right) in zip(shown, edges, strict=True):
        axes.text(left, up, column.name, font=bold)
        axes.text(right, down, column.goal, ha="right", font=small, color=GREY)
    color = VERMILION if history.diverged else INK

    def draw(epoch: float) -> None:
        record = history.record_at(epoch)
        words = [Word(f"{history.unit} {history.epoch[record]:,}", start, up, bold, INK)]
        for column, (_, x) in zip(shown, edges, strict=True):
            number = column.write(column.values[record])
            words.append(Word(number, x, up, bold, INK, right=True))
        word, more = verdict(history, record)
        words.append(Word(word, 1 - MARGIN, up, bold, color, right=True))
        words.append(Word(more, 1 - MARGIN, down, small, GREY, right=True))
        subfigure.add_artist(Row([word for word in words if word.text]))

    return draw


def _places(history: History, shown: Sequence[Column], width: float) -> tuple[float, Array]:
    """Return by how much the text is made smaller, if at all, and where the columns stand.

    width: of the picture, in points. The columns' left and right edges (n_columns + 1, 2) are
    shares of it; the first column is the epoch's.
    """
    gap = GAP * mpl.rcParams["font.size"]
    epoch = BOLD * width_of(f"{history.unit} {history.epoch[-1]:,}")
    widths = [max(epoch, SMALL * width_of(_goal(history))), *map(_width, shown)]
    needed = sum(widths) + gap * len(widths) + _end_width(history)
    scale = min(1.0, (1 - 2 * MARGIN) * width / needed)
    right = np.cumsum(widths) + gap * np.arange(len(widths))
    return scale, MARGIN + scale * np.column_stack([right - widths, right]) / width


def _goal(history: History) -> str:
    return goal_name(history.best)


def _width(column: Column) -> float:
    """Points that a column takes: its name and its widest number."""
    some = np.linspace(0, len(column.values) - 1, 200).astype(int)
    ends = (column.values.argmin(), column.values.argmax())
    numbers = {column.write(column.values[i]) for i in (*some, *ends)}
    longest = max(map(width_of, numbers))
    now = BOLD * (width_of(column.name) + longest) + 0.6 * mpl.rcParams["font.size"]
    return float(max(now, SMALL * width_of(column.goal)))


def _end_width(history: History) -> float:
    """Points that the verdict takes."""
    word, more = verdict(history, len(history.epoch) - 1)
    return float(max(BOLD * width_of(word), SMALL * width_of(more)))


def footer(subfigure: SubFigure, text: Sequence[str]) -> None:
    """Write lines under the panels."""
    subfigure.text(MARGIN, 0.62, "\n".join(text), va="center", fontsize="small", color=GREY)


def footer_lines(history: History, width: float) -> list[str]:
    """Return the lines under the panels of a picture so many points wide."""
    # Small letters are rounded to pixels, which makes a line up to 3 % wider than it measures.
    room = 0.96 * (1 - 2 * MARGIN) * width / SMALL
    table, *others = map(written, method(history))
    if not history.has_table:
        return lines([table, *others], room, width_of)
    target = fitting(written(history.dataset.target_name), 0.3 * room)
    table = f"{target} in {fitting(table, 0.6 * room - width_of(f'{target} in '))}"
    found = lines([table, *others], room, width_of)
    return [fitting(line, room) for line in found]


def blank(subfigure: SubFigure) -> Axes:
    """Return axes for words: as large as a subfigure, from 0 to 1, and without a frame."""
    axes = subfigure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(0, 1))
    return axes
