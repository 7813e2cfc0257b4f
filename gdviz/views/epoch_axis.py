"""The axis of the epochs: linear, or logarithmic and yet with epoch 0 on it.

A descent does most of its way in its first epochs: on a linear axis every curve is a hair at the
left edge.
"""

from typing import NamedTuple

import numpy as np

__all__ = ["EpochAxis", "epoch_axis"]

MANY = 4  # powers of ten, of which a narrow axis names every second


class EpochAxis(NamedTuple):
    """What is counted, whether the axis is logarithmic, where it ends, and its ticks if it is."""

    unit: str
    log: bool
    end: float
    ticks: tuple[float, ...]

    @property
    def label(self) -> str:
        """What the axis is called."""
        return f"{self.unit} (log)" if self.log else self.unit


def epoch_axis(unit: str, last: int, *, log: bool, room: float, narrow: bool = False) -> EpochAxis:
    """Return the axis of epochs up to the last, with a share of room behind it.

    >>> epoch_axis("epoch", 20_000, log=True, room=0.5, narrow=True)
    EpochAxis(unit='epoch', log=True, end=30000.0, ticks=(0.0, 1.0, 100.0, 10000.0))
    """
    last = max(last, 1)
    decades = (10.0 ** np.arange(np.floor(np.log10(last)) + 1)).tolist()
    step = 2 if narrow and len(decades) > MANY else 1  # or 10k would run into 100k
    return EpochAxis(unit, log, last * (1 + room), (0.0, *decades[::step]) if log else ())
