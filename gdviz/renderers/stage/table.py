"""The words around panels of several runs: over them a table of the runs, under them what is equal.

The first line says the epoch and the least cost of all. Below it each run has a place of its own:
how it is drawn, what it is called, its cost, and, once it is known, how it ended. That is the only
legend that the runs have. Decimals are chosen once for the whole film, numbers stand on their right
edge and words on their left, so that nothing moves but what changes.
"""

from collections.abc import Callable, Sequence
from math import ceil
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.figure import SubFigure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D

from gdviz.core.history.record import History
from gdviz.core.objective import same_objective
from gdviz.core.schedules import rate_words
from gdviz.core.wording import counted
from gdviz.renderers.stage.caption import MARGIN, SMALL, blank, lines
from gdviz.renderers.stage.row import Row, Word
from gdviz.renderers.style.runs import Style
from gdviz.renderers.style.theme import GREY, INK, LATIN, fitting, points, width_of, written
from gdviz.views.numbers import Write, steady
from gdviz.views.words import method, spoken

__all__ = [
    "Entry",
    "cost_writer",
    "ending",
    "evaluations",
    "footer_lines",
    "height_of",
    "said",
    "table",
]

TITLE, LINE, FOOT = 2.2, 1.35, 0.3  # sizes of text that the title, a line and the end are high
SWATCH, GAP, BETWEEN = 2.6, 0.8, 2.0  # of small text: a sample, a gap, what is between two places
SHORTEST, LONGEST = 6.0, 18.0  # of small text: what a name has at least, and at most
MOST_LINES = 5


class Entry(NamedTuple):
    """A run as it stands in the table: what it is called, its history, how it is drawn."""

    label: str
    history: History
    style: Style


class Table(NamedTuple):
    """How the entries are arranged: how many side by side, and how wide each part is (points)."""

    columns: int
    name: float
    cost: float
    word: float

    @property
    def place(self) -> float:
        """Points that an entry takes, and the gap behind it."""
        em = SMALL * mpl.rcParams["font.size"]
        return float(self.name + self.cost + self.word + (SWATCH + 3 * GAP + BETWEEN) * em)

    def lines(self, count: int) -> int:
        """In how many lines so many entries stand."""
        return ceil(count / self.columns)


def height_of(entries: Sequence[Entry], width: float) -> float:
    """Sizes of text that the words over the panels are high, where these are `width` points."""
    return TITLE + LINE * SMALL * arranged(entries, width).lines(len(entries)) + FOOT


def arranged(entries: Sequence[Entry], width: float) -> Table:
    """Return how entries stand in a width (points): side by side as far as their names fit."""
    em = SMALL * mpl.rcParams["font.size"]
    write = cost_writer([entry.history for entry in entries])
    costs = {write(float(cost)) for entry in entries for cost in _some(entry.history.cost)}
    words = {ending(entry.history, len(entry.history.epoch) - 1) for entry in entries}
    cost, word = (SMALL * max(map(width_of, texts)) for texts in (costs, words))
    longest = min(max(SMALL * width_of(written(entry.label)) for entry in entries), LONGEST * em)
    room = (1 - 2 * MARGIN) * width + BETWEEN * em
    for columns in range(min(len(entries), 3), 0, -1):
        table = Table(columns, longest, cost, word)
        left = room / columns - (table.place - longest)
        if left >= longest:
            return table
        crowded = ceil(len(entries) / max(columns - 1, 1)) > MOST_LINES
        if columns == 1 or (crowded and left >= SHORTEST * em):
            return table._replace(name=max(left, SHORTEST * em))
    raise AssertionError("one column always stands")


def _some(values: Any) -> Any:
    """Return a few of many values, the extremes among them."""
    at = np.linspace(0, len(values) - 1, 100).astype(int)
    return values[[*at, values.argmin(), values.argmax()]]


def cost_writer(histories: Sequence[History]) -> Write:
    """Return how all costs of several runs are written: with four digits of the least of them."""
    costs = np.concatenate([h.cost for h in histories if not h.diverged] or [histories[0].cost])
    best = np.array([history.best.cost for history in histories])
    size = float(max(np.abs(costs).max(), np.abs(best).max()))
    small = 1e-4 * max(abs(float(history.cost[0])) for history in histories) or 1e-4 * size
    least = np.abs(best[np.abs(best) > small])
    return steady(size, float(least.min()) if len(least) else max(np.abs(costs).min(), small))


def ending(history: History, record: int) -> str:
    """Say how a run ended, from the record on at which it did; empty before.

    A run that diverged is said to have done so from its last record on.
    """
    if history.arrival is not None and record >= history.arrival:
        return f"arrived at {history.epoch[history.arrival]:,}"
    if record < len(history.epoch) - 1:
        return ""
    return history.verdict if history.diverged else f"stopped at {history.epoch[-1]:,}"


def table(subfigure: SubFigure, entries: Sequence[Entry]) -> Callable[[float], object]:
    """Write what stays of the table over the panels; return what writes the rest of an epoch."""
    axes = blank(subfigure)
    width, height = (72 * side / subfigure.dpi for side in subfigure.bbox.size)
    font, em = mpl.rcParams["font.size"], SMALL * mpl.rcParams["font.size"]
    shown = arranged(entries, width)
    scale = min(1.0, ((1 - 2 * MARGIN) * width + BETWEEN * em) / (shown.columns * shown.place))
    bold = FontProperties(family=LATIN, weight="bold", size=font)
    small = FontProperties(size=scale * em)
    histories = [entry.history for entry in entries]
    write = cost_writer(histories)
    first = 1 - 1.45 * font / height
    axes.text(1 - MARGIN, first, _least(histories, write), ha="right", font=small, color=GREY)
    # Runs that each have a panel of their own look alike, and are named there.
    told_apart = len({entry.style for entry in entries}) > 1
    spots = []
    for i, entry in enumerate(entries):
        column, line = divmod(i, shown.lines(len(entries)))
        x = MARGIN * width + column * scale * shown.place
        y = height * first - (TITLE - 0.85 + line * LINE * SMALL) * font
        name = x + told_apart * scale * (SWATCH + GAP) * em
        cost = name + scale * (shown.name + GAP * em + shown.cost)
        if told_apart:
            sample = x / width, (name - scale * GAP * em) / width
            _sample(axes, entry.style, sample, y, height)
        text = fitting(written(entry.label), shown.name / SMALL + 1)
        axes.text(name / width, y / height, text, font=small)
        spots.append((cost / width, (cost + scale * GAP * em) / width, y / height))
    unit = histories[0].unit

    def draw(epoch: float) -> None:
        last = max(int(history.epoch[history.record_at(epoch)]) for history in histories)
        words = [Word(f"{unit} {last:,}", MARGIN, first, bold, INK)]
        for history, (cost, word, y) in zip(histories, spots, strict=True):
            record = history.record_at(epoch)
            words.append(Word(write(float(history.cost[record])), cost, y, small, INK, right=True))
            if said := ending(history, record):
                words.append(Word(said, word, y, small, GREY))
        subfigure.add_artist(Row(words))

    return draw


def _sample(axes: Any, style: Style, ends: tuple[float, float], y: float, height: float) -> None:
    """Draw a piece of a run's line with its mark, in the middle of a line of text."""
    up = (y + 0.3 * mpl.rcParams["font.size"]) / height
    look: dict[str, Any] = {"color": style.color, "linestyle": style.line, "linewidth": points(2)}
    axes.add_artist(Line2D(ends, [up, up], **look))
    mark: dict[str, Any] = {"marker": style.marker, "ms": points(0.9 * style.size)}
    mark |= {"mec": style.rim, "mew": points(0.8)}
    middle = sum(ends) / 2
    axes.add_artist(Line2D([middle], [up], color=style.color, **mark))


def _least(histories: Sequence[History], write: Write) -> str:
    """Say the least cost of all, where it is one."""
    best = [history.best for history in histories]
    first = histories[0].objective
    if not all(same_objective(first, history.objective) for history in histories):
        return ""
    if not all(one.exists for one in best):
        return "no optimum"
    goals = {write(one.cost) for one in best}
    return f"cost · {best[0].name} {goals.pop()}" if len(goals) == 1 else "cost"


def footer_parts(entries: Sequence[Entry]) -> list[str]:
    """Say what is equal in all runs, and gradient evaluations where they differ."""
    histories = [entry.history for entry in entries]
    first = histories[0]
    told = [[*map(written, method(history))] for history in histories]
    parts = [one[0] for one in zip(*(each[:-1] for each in told), strict=False) if len({*one}) == 1]
    if parts and first.has_table:
        parts[0] = f"{written(first.dataset.target_name)} in {parts[0]}"
    if len({each[-1] for each in told}) == 1:
        parts.append(told[0][-1])
    elif len({history.optimizer for history in histories}) == 1:
        parts.append(spoken(first.optimizer))
    else:
        rates = {rate_words(history.learning_rate, digits=3) for history in histories}
        parts += [*rates] if len(rates) == 1 else []
    if all(same_objective(first.objective, history.objective) for history in histories):
        alike = all(np.array_equal(history.theta[0], first.theta[0]) for history in histories)
        parts.append("same start" if alike else "different starts")
    count = [evaluations(history) for history in histories]
    last = {int(history.epoch[-1]) for history in histories}
    if len({*count}) == 1 and len(last) == 1:
        return [*parts, f"{counted(last.pop(), first.unit)} each"]
    if all(n == history.epoch[-1] for n, history in zip(count, histories, strict=True)):
        return parts  # one an epoch: the table says after how many a run ended
    listed = ", ".join(
        f"{fitting(written(entry.label), points(90))} {n:,}"
        for entry, n in zip(entries, count, strict=True)
    )
    return [*parts, f"gradient evaluations: {listed}"]


def evaluations(history: History) -> int:
    """How many gradients a run has computed by the end of its record, one each step."""
    size = history.batch_size
    if history.unit == "step" or size is None:
        return int(history.epoch[-1])
    return int(history.epoch[-1]) * ceil(history.objective.n_samples / size)


def footer_lines(entries: Sequence[Entry], width: float) -> list[str]:
    """Return the lines under the panels of a picture so many points wide."""
    room = 0.96 * (1 - 2 * MARGIN) * width / SMALL
    return [fitting(line, room) for line in lines(footer_parts(entries), room, width_of)]


def said(entries: Sequence[Entry]) -> str:
    """Say in a sentence what a film of several runs shows, for who cannot see it."""
    write = cost_writer([entry.history for entry in entries])
    runs = [
        f"{label}: cost {write(float(h.cost[-1]))}, {ending(h, len(h.epoch) - 1)}"
        for label, h, _ in entries
    ]
    return "; ".join([f"a comparison of {len(entries)} descents", *footer_parts(entries), *runs])
