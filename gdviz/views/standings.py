"""What is said around the panels of several runs: over them who is who and how each ended.

The first line says the epoch and the least cost of all. Below it stands each run: what it is
called, its cost, and, once it is known, how it ended. Decimals are chosen once for all runs. Under
the panels stands what was equal, and, where they differ, how many gradients each has computed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdviz.core.comparison import in_common, one_objective, same_start, steps_an_epoch
from gdviz.core.history.record import History
from gdviz.core.moments import Array
from gdviz.core.optimum import goal_name
from gdviz.core.wording import counted
from gdviz.views.caption import Footer, target_of
from gdviz.views.numbers import Write, steady
from gdviz.views.records import record_at
from gdviz.views.words import method, stepping

__all__ = ["Standing", "StandingsView", "standings_of"]


class Standing(NamedTuple):
    """A run: what it is called, its epochs and costs (n_records,), and how it ended.

    since is the record from which on it is known how it ended.
    """

    label: str
    epoch: NDArray[np.int64]
    cost: Array
    ending: str
    since: int

    def record_at(self, epoch: float) -> int:
        """Return the record that a frame of an epoch shows."""
        return record_at(self.epoch, epoch)

    def ending_at(self, record: int) -> str:
        """Return how the run ended, or nothing at a record at which it is not known yet."""
        return self.ending if record >= self.since else ""


@dataclass(frozen=True, eq=False)
class StandingsView:
    """What is said around the panels of several runs.

    Attributes
    ----------
    unit : str
        What is counted, epochs or steps.
    runs : tuple of Standing
    write : function of a cost -> str
    least : str
        The least cost of all, where it is one.
    footer : Footer
    """

    unit: str
    runs: tuple[Standing, ...]
    write: Write
    least: str
    footer: Footer

    def epoch_text(self, epoch: float) -> str:
        """Return the last epoch that a frame shows, as it is written."""
        return f"{self.unit} {max(run.epoch[run.record_at(epoch)] for run in self.runs):,}"

    @property
    def said(self) -> str:
        """All of it in one sentence, as the film ends, for who cannot see it."""
        ends = [f"{run.label}: cost {self.write(run.cost[-1])}, {run.ending}" for run in self.runs]
        what = f"a comparison of {len(self.runs)} descents"
        return "; ".join([what, *self.footer.phrases, *ends])


def standings_of(runs: Mapping[str, History]) -> StandingsView:
    """Return what is said around the panels of runs, by their labels."""
    histories = [*runs.values()]
    write = _writer(histories)
    return StandingsView(
        unit=histories[0].unit,
        runs=tuple(_standing(label, history) for label, history in runs.items()),
        write=write,
        least=_least(histories, write),
        footer=_footer(runs),
    )


def _standing(label: str, history: History) -> Standing:
    at, last = history.arrival, len(history.epoch) - 1
    if at is not None:
        ending = f"arrived at {history.epoch[at]:,}"
    else:
        ending = "diverged" if history.diverged else f"stopped at {history.epoch[-1]:,}"
    return Standing(label, history.epoch, history.cost, ending, last if at is None else at)


def _writer(histories: Sequence[History]) -> Write:
    """Return how all costs of several runs are written: with four digits of the least of them."""
    costs = np.concatenate([h.cost for h in histories if not h.diverged] or [histories[0].cost])
    best = np.array([history.best.cost for history in histories])
    size = float(max(np.abs(costs).max(), np.abs(best).max()))
    small = 1e-4 * max(abs(float(history.cost[0])) for history in histories) or 1e-4 * size
    least = np.abs(best[np.abs(best) > small])
    return steady(size, float(least.min()) if len(least) else max(np.abs(costs).min(), small))


def _least(histories: Sequence[History], write: Write) -> str:
    """Say the least cost of all, where it is one."""
    best = [history.best for history in histories]
    if not one_objective(histories):
        return ""
    if not all(one.exists for one in best):
        return in_common(map(goal_name, best)) or ""
    goal = in_common(f"{goal_name(one)} {write(one.cost)}" for one in best)
    return f"cost · {goal}" if goal else "cost"


def _footer(runs: Mapping[str, History]) -> Footer:
    """Return what is equal in all runs, and gradient evaluations where they differ."""
    histories = [*runs.values()]
    told = [(target_of(history), *method(history)[:-1]) for history in histories]
    alike = [in_common(each) for each in zip(*told, strict=False)]  # a function has no loss
    target, ground, *_ = alike
    parts = [part for part in alike[1:] if part is not None]
    how = stepping(
        in_common(history.optimizer for history in histories),
        in_common(history.learning_rate for history in histories),
        in_common(history.batch_size for history in histories),
    )
    parts += [how] if how else []
    if one_objective(histories):
        parts.append("same start" if same_start(histories) else "different starts")
    last = [int(history.epoch[-1]) for history in histories]
    count = [n * steps_an_epoch(history) for n, history in zip(last, histories, strict=True)]
    as_long = in_common(zip(last, count, strict=True)) is not None
    if as_long:
        parts.append(f"{counted(last[0], histories[0].unit)} each")
    # Where an epoch is one gradient, the table says how many a run has computed.
    evaluations = {} if as_long or count == last else dict(zip(runs, count, strict=True))
    return Footer(target if target and ground else "", tuple(parts), evaluations)
