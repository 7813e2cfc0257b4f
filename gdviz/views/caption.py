"""What is said around the panels of one run: over them of every frame, under them of all.

Over the panels stand epoch, cost and score, and, once it is known, how the descent ended; below
each number, what it is at the optimum. Decimals are chosen once for the whole film. Under the
panels stand the table, the loss and the optimizer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdviz.core.arrival import ALIKE, NEAR
from gdviz.core.history.record import History
from gdviz.core.losses import mean_squared_error
from gdviz.core.moments import Array
from gdviz.core.optimum import goal_name
from gdviz.core.text import plain
from gdviz.core.wording import listing, percent, spell
from gdviz.views.numbers import Write, steady
from gdviz.views.records import record_at
from gdviz.views.words import method

__all__ = ["CaptionView", "Column", "Footer", "caption_of", "cost_of", "target_of"]

LONGEST_NAME = 20  # characters of a name in a verdict


class Column(NamedTuple):
    """A number of the caption: its name, what it is at every record, how it is written, its goal.

    values (n_records,); goal is empty where there is none.
    """

    name: str
    values: Array
    write: Write
    goal: str

    def text(self, record: int) -> str:
        """Return the number of a record as it is written."""
        return self.write(self.values[record])


class Footer(NamedTuple):
    """What stands under the panels: the target, parts, and the gradient evaluations of each run.

    The first part is the table, if there is a target; evaluations are by the runs' labels, and
    empty where they need not be told.
    """

    target: str
    parts: tuple[str, ...]
    evaluations: Mapping[str, int]

    @property
    def phrases(self) -> list[str]:
        """All of it, in whole names."""
        first = [f"{self.target} in {part}" for part in self.parts[:1]] if self.target else []
        return [*first, *self.parts[len(first) :], *self.counts(str)]

    def counts(self, name: Callable[[str], str]) -> list[str]:
        """Say the gradient evaluations, if they are told; name: how a label is written."""
        each = ", ".join(f"{name(label)} {n:,}" for label, n in self.evaluations.items())
        return [f"gradient evaluations: {each}"] if each else []


@dataclass(frozen=True, eq=False)
class CaptionView:
    """What is said around the panels of one run.

    Attributes
    ----------
    unit : str
        What is counted, epochs or steps.
    epoch : (n_records,) array of int
    columns : tuple of Column
    goal : str
        What the lowest point is called, or that there is none.
    verdict : (str, str)
        How the run ended in a word, and more of it.
    since : int
        The record from which on the verdict is known.
    diverged : bool
    subject : str
        What is predicted, and from what.
    footer : Footer
    """

    unit: str
    epoch: NDArray[np.int64]
    columns: tuple[Column, ...]
    goal: str
    verdict: tuple[str, str]
    since: int
    diverged: bool
    subject: str
    footer: Footer

    def record_at(self, epoch: float) -> int:
        """Return the record that a frame of an epoch shows."""
        return record_at(self.epoch, epoch)

    def epoch_text(self, record: int) -> str:
        """Return the epoch of a record as it is written."""
        return f"{self.unit} {self.epoch[record]:,}"

    def verdict_at(self, record: int) -> tuple[str, str]:
        """Return the verdict, or nothing at a record at which it is not known yet."""
        return self.verdict if record >= self.since else ("", "")

    @property
    def said(self) -> str:
        """All of it in one sentence, as the film ends, for who cannot see it."""
        numbers = [f"{column.name} {column.text(-1)}" for column in self.columns]
        now = ", ".join([self.epoch_text(-1), *numbers])
        ended = " ".join(filter(None, self.verdict))
        return "; ".join([self.subject, *self.footer.parts, now, ended])


def caption_of(history: History) -> CaptionView:
    """Return what is said around the panels of a history."""
    last = len(history.epoch) - 1
    return CaptionView(
        unit=history.unit,
        epoch=history.epoch,
        columns=_columns(history),
        goal=goal_name(history.best),
        verdict=_verdict(history),
        since=last if history.arrival is None else history.arrival,
        diverged=history.diverged,
        subject=_subject(history),
        footer=Footer(target_of(history), tuple(method(history)), {}),
    )


def _columns(history: History) -> tuple[Column, ...]:
    """Cost and score of a history, each with its goal; no score where it is undefined."""
    found = [cost_of(history), *([_score(history)] if history.has_table else [])]
    return tuple(column for column in found if np.isfinite(column.values[-1]))


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


def _verdict(history: History) -> tuple[str, str]:
    """Say in a word how a descent ended, and below it more."""
    if history.arrival is not None:
        return "arrived", f"at {history.unit} {history.epoch[history.arrival]:,}{_staying(history)}"
    return history.verdict, "" if history.diverged else _what_is_left(history)


def _staying(history: History) -> str:
    """For how many steps it is known to stay, where that is not for ever."""
    ahead = history.ahead
    return f", and {ahead.steps:,.0f} steps on" if ahead and np.isfinite(ahead.steps) else ""


def _what_is_left(history: History) -> str:
    """Say which of the conditions of having arrived does not hold, in a few words."""
    if not history.best.exists:
        first, last = history.cost[[0, -1]].tolist()
        if first > 0 and last >= 0:
            return f"at {percent(last / first)} of the starting cost"
        return f"cost from {plain(float(f'{first:.3g}'))} to {plain(float(f'{last:.3g}'))}"
    left = history.way_left[-1]
    worst = int(left.argmax())
    if left[worst] > NEAR:
        name = _short(history.objective.names[worst])
        return f"{percent(float(left[worst]))} of the way of {name} left"
    if history.gap[-1] > ALIKE * history.goal.constant:
        return f"cost {plain(float(f'{history.gap[-1]:.2g}'))} above the optimum's"
    return "near the optimum, does not stay"


def _short(name: str) -> str:
    """Cut a name to twenty characters: its ends, which tell it from others."""
    name = " ".join(name.split())  # a line break is drawn as a space
    kept = LONGEST_NAME // 2
    return name if len(name) <= LONGEST_NAME else f"{name[:kept]}…{name[1 - kept :]}"


def _subject(history: History) -> str:
    """Say what is predicted, and from what."""
    if not history.has_table:
        return "a descent on a function"
    return f"{spell(history.dataset.target_name)} from {listing(history.dataset.feature_names, 5)}"


def target_of(history: History) -> str:
    """Return the name of what a history predicts; nothing where it has no table."""
    return history.dataset.target_name if history.has_table else ""
