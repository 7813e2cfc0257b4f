"""How far from its optimum each of several descents is, epoch by epoch, and when it arrived.

What is compared is the distance from the optimum, each parameter in units of the size that it can
be expected to have (see design.md, *way left*), as a share of what it was at the start. On a
logarithmic axis plain descent becomes a straight line whose slope is its speed. Where there is no
optimum, the cost above its infimum takes the place of the distance; where not even that is known,
as of a network, the cost itself: above its own end every run would seem to arrive there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from gdviz.core.history.record import History
from gdviz.core.moments import Array
from gdviz.views.clock import Indices, visible
from gdviz.views.epoch_axis import EpochAxis, epoch_axis
from gdviz.views.records import Epochs, record_at

__all__ = ["Measure", "ProgressView", "Trace", "progress_of", "share_text"]

Measure = Literal["distance", "cost"]

LOWEST, HIGHEST = 1e-4, 30.0  # share of the start's: what is below or above is not looked at
ROUNDING = 1e-6  # of the sizes: a way that is shorter is none
SPREAD = 25  # times the shortest run the longest is, above which the epoch's axis is logarithmic
SHORT = 20  # epochs for which it never is
TITLES = {
    "distance": "distance to go",
    "cost": "cost to go",
    "whole": "cost",
    "seen": "cost above the least seen",
}
UNDER, OVER = 4.0, 1.3  # times: room under the lowest share and over the highest


class Trace(NamedTuple):
    """What is left for one run: epoch and share of the start's (n_records,), and how it ended.

    arrived is an index into them; None where it did not arrive.
    """

    label: str
    epoch: Epochs
    left: Array
    arrived: int | None
    diverged: bool

    def at(self, epoch: float) -> int:
        """Index of the record of an epoch: the last at or before it."""
        return record_at(self.epoch, epoch)


@dataclass(frozen=True, eq=False)
class ProgressView:
    """What is left for each run against the epoch.

    Attributes
    ----------
    traces : tuple of Trace
        In the order of the runs.
    measure : "distance", "cost", "whole" or "seen"
        A key of `TITLES`: of what the shares are.
    axis : EpochAxis
    range : (float, float)
        The shares that are seen.
    """

    traces: tuple[Trace, ...]
    measure: str
    axis: EpochAxis
    range: tuple[float, float]

    @property
    def title(self) -> tuple[str, str]:
        """What is drawn, in two parts."""
        return TITLES[self.measure], "share of the start's (log)"

    @property
    def ticks(self) -> list[float]:
        """Shares at which there are ticks: powers of ten."""
        low, high = np.log10(self.range)
        return [float(10.0**power) for power in np.arange(np.ceil(low), high)]

    def curve(self, trace: Trace) -> Array:
        """Return what is drawn of a run, (n_records,): 0 has no place on a logarithmic axis."""
        return np.maximum(trace.left, self.range[0] / 2)

    def drawn(self, trace: Trace) -> Indices:
        """Return the records of a run that a pixel can tell apart."""
        seen = np.column_stack([np.log1p(trace.epoch), np.log(self.curve(trace))])
        return visible(seen, np.maximum(np.ptp(seen, axis=0), 1e-9))

    def leaves(self, trace: Trace) -> int | None:
        """Return the first record of a run that is above the picture; None where none is."""
        above = np.flatnonzero(trace.left > self.range[1])
        return int(above[0]) if len(above) else None


def share_text(share: float) -> str:
    """Write a share at its tick.

    >>> share_text(1e-4), share_text(10)
    ('0.01 %', '1,000 %')
    """
    return f"{100 * share:,.4g} %"


def progress_of(runs: Mapping[str, History], *, measure: Measure = "distance") -> ProgressView:
    """Return what is left for each run; the cost, if one of them has no optimum."""
    histories = [*runs.values()]
    shown, left = _measured(histories, measure)
    traces = tuple(_trace(*run, shown) for run in zip(runs, histories, left, strict=True))
    ends = [trace.epoch[_end(trace)] for trace in traces]
    last = int(max(history.epoch[-1] for history in histories))
    log = last > SHORT and last > SPREAD * min(ends)
    axis = epoch_axis(histories[0].unit, last, log=log, room=0.4 if log else 0.04)
    return ProgressView(traces, shown, axis, _range(traces))


def _measured(histories: Sequence[History], measure: Measure) -> tuple[str, list[Array]]:
    """Return what can be measured of all runs, a key of `TITLES`, and it, each (n_records,)."""
    if not all(map(_known, histories)):
        least = min(0.0, *(float(history.cost.min()) for history in histories))
        return "seen" if least < 0 else "whole", [history.cost - least for history in histories]
    if measure == "cost" or not all(history.best.exists for history in histories):
        return "cost", [history.gap for history in histories]
    return "distance", [_distance(history) for history in histories]


def _known(history: History) -> bool:
    """Whether it is known how far down the cost goes."""
    falls = history.best.falls
    return falls is None or bool(falls.any())


def _trace(label: str, history: History, left: Array, measure: str) -> Trace:
    least = ROUNDING * (1.0 if measure == "distance" else float(left.max()))
    share = left / (left[0] if left[0] > least else max(float(left.max()), least, 1e-300))
    return Trace(label, history.epoch, share, history.arrival, history.diverged)


def _distance(history: History) -> Array:
    """Distance from the optimum in units of the parameters' sizes, (n_records,)."""
    distance, size = history.goal.distance(history.theta), history.goal.size
    each = np.divide(distance, size, out=np.zeros_like(distance), where=size > 0)
    return np.asarray(np.linalg.norm(each, axis=1))


def _end(trace: Trace) -> int:
    """Index of the record at which a run arrived, or else ended."""
    return len(trace.epoch) - 1 if trace.arrived is None else trace.arrived


def _range(traces: tuple[Trace, ...]) -> tuple[float, float]:
    """Shares that are seen: from the lowest end to the highest of all that do not diverge.

    A swing that passes the optimum by chance is cut off below.
    """
    stay = [trace for trace in traces if not trace.diverged]
    low = min((float(trace.left[-1]) for trace in stay), default=1.0)
    high = max((float(trace.left.max()) for trace in stay), default=1.0)
    return max(low, LOWEST) / UNDER, min(max(high, 1.0), HIGHEST) * OVER
