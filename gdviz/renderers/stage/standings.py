"""A table of several runs over the panels: how each is drawn, what it is called, how it ended.

The first line is the epoch's. Below it each run has a place of its own. That is the only legend
that the runs have. Numbers stand on their right edge and words on their left, so that nothing moves
but what changes.
"""

from collections.abc import Callable, Sequence
from math import ceil
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D

from gdviz.core.moments import Array
from gdviz.renderers.stage.caption import MARGIN, SMALL, blank
from gdviz.renderers.stage.row import Row, Word
from gdviz.renderers.style.fonts import LATIN, fitting, width_of, written
from gdviz.renderers.style.runs import Style
from gdviz.renderers.style.theme import GREY, INK, points
from gdviz.views.standings import StandingsView

__all__ = ["height_of", "standings"]

TITLE, LINE, FOOT = 2.2, 1.35, 0.3  # sizes of text that the title, a line and the end are high
SWATCH, GAP, BETWEEN = 2.6, 0.8, 2.0  # of small text: a sample, a gap, what is between two places
SHORTEST, LONGEST = 6.0, 18.0  # of small text: what a name has at least, and at most
MOST_LINES = 5


class Layout(NamedTuple):
    """How the runs are arranged: how many side by side, and how wide each part is (points)."""

    columns: int
    name: float
    cost: float
    word: float

    @property
    def place(self) -> float:
        """Points that a run takes, and the gap behind it."""
        em = SMALL * mpl.rcParams["font.size"]
        return float(self.name + self.cost + self.word + (SWATCH + 3 * GAP + BETWEEN) * em)

    def lines(self, count: int) -> int:
        """In how many lines so many runs stand."""
        return ceil(count / self.columns)


def height_of(view: StandingsView, width: float) -> float:
    """Sizes of text that the words over the panels are high, where these are `width` points."""
    return TITLE + LINE * SMALL * _layout(view, width).lines(len(view.runs)) + FOOT


def _layout(view: StandingsView, width: float) -> Layout:
    """Return how runs stand in a width (points): side by side as far as their names fit."""
    em = SMALL * mpl.rcParams["font.size"]
    costs = {view.write(float(cost)) for run in view.runs for cost in _some(run.cost)}
    words = {run.ending for run in view.runs}
    cost, word = (SMALL * max(map(width_of, texts)) for texts in (costs, words))
    longest = min(max(SMALL * width_of(written(run.label)) for run in view.runs), LONGEST * em)
    room = (1 - 2 * MARGIN) * width + BETWEEN * em
    for columns in range(min(len(view.runs), 3), 0, -1):
        layout = Layout(columns, longest, cost, word)
        left = room / columns - (layout.place - longest)
        if left >= longest:
            return layout
        crowded = ceil(len(view.runs) / max(columns - 1, 1)) > MOST_LINES
        if columns == 1 or (crowded and left >= SHORTEST * em):
            return layout._replace(name=max(left, SHORTEST * em))
    raise AssertionError("one column always stands")


def _some(values: Array) -> Array:
    """Return a few of many values, the extremes among them."""
    at = np.linspace(0, len(values) - 1, 100).astype(int)
    return values[[*at, values.argmin(), values.argmax()]]


def standings(
    subfigure: SubFigure, *, view: StandingsView, styles: Sequence[Style]
) -> Callable[[float], object]:
    """Write what stays of the table over the panels; return what writes the rest of an epoch."""
    axes = blank(subfigure)
    width, height = (72 * side / subfigure.dpi for side in subfigure.bbox.size)
    font, em = mpl.rcParams["font.size"], SMALL * mpl.rcParams["font.size"]
    shown = _layout(view, width)
    scale = min(1.0, ((1 - 2 * MARGIN) * width + BETWEEN * em) / (shown.columns * shown.place))
    bold = FontProperties(family=LATIN, weight="bold", size=font)
    small = FontProperties(size=scale * em)
    first = 1 - 1.45 * font / height
    axes.text(1 - MARGIN, first, view.least, ha="right", font=small, color=GREY)
    # Runs that each have a panel of their own look alike, and are named there.
    told_apart = len({*styles}) > 1
    spots = []
    for i, (run, style) in enumerate(zip(view.runs, styles, strict=True)):
        column, line = divmod(i, shown.lines(len(view.runs)))
        x = MARGIN * width + column * scale * shown.place
        y = height * first - (TITLE - 0.85 + line * LINE * SMALL) * font
        name = x + told_apart * scale * (SWATCH + GAP) * em
        cost = name + scale * (shown.name + GAP * em + shown.cost)
        if told_apart:
            sample = x / width, (name - scale * GAP * em) / width
            _sample(axes, style, sample, y, height)
        text = fitting(written(run.label), shown.name / SMALL + 1)
        axes.text(name / width, y / height, text, font=small)
        spots.append((cost / width, (cost + scale * GAP * em) / width, y / height))

    def draw(epoch: float) -> None:
        words = [Word(view.epoch_text(epoch), MARGIN, first, bold, INK)]
        for run, (cost, word, y) in zip(view.runs, spots, strict=True):
            record = run.record_at(epoch)
            words.append(Word(view.write(run.cost[record]), cost, y, small, INK, right=True))
            words.append(Word(run.ending_at(record), word, y, small, GREY))
        subfigure.add_artist(Row([word for word in words if word.text]))

    return draw


def _sample(axes: Axes, style: Style, ends: tuple[float, float], y: float, height: float) -> None:
    """Draw a piece of a run's line with its mark, in the middle of a line of text."""
    up = (y + 0.3 * mpl.rcParams["font.size"]) / height
    look: dict[str, Any] = {"color": style.color, "linestyle": style.line, "linewidth": points(2)}
    axes.add_artist(Line2D(ends, [up, up], **look))
    mark: dict[str, Any] = {"marker": style.marker, "ms": points(0.9 * style.size)}
    mark |= {"mec": style.rim, "mew": points(0.8)}
    middle = sum(ends) / 2
    axes.add_artist(Line2D([middle], [up], color=style.color, **mark))
