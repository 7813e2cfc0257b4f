"""What a frame shows of a record: a frame is an epoch, and few epochs may have been recorded."""

import numpy as np
from numpy.typing import NDArray

from gdviz.core.moments import Array

__all__ = ["Epochs", "between", "record_at", "share_at"]

Epochs = NDArray[np.int64]  # (n_records,), in order


def record_at(epochs: Epochs, epoch: float) -> int:
    """Index of the record that a frame shows: the last at or before its epoch, or the first.

    After its end a descent stays where it ended.
    """
    return max(int(np.searchsorted(epochs, epoch, side="right")) - 1, 0)


def share_at(epochs: Epochs, epoch: float) -> float:
    """How much of the way from :func:`record_at` to the record after it is gone, 0 to 1."""
    record = record_at(epochs, epoch)
    if record == len(epochs) - 1:
        return 0.0
    start, stop = epochs[record : record + 2].tolist()
    return float(max((epoch - start) / (stop - start), 0.0))


def between(epochs: Epochs, values: Array, epoch: float) -> Array:
    """Return what has a value for every record (n_records, …) at an epoch: on a straight line.

    Between two records nothing was recorded: this is for the eye, not a number to be told.
    """
    record, share = record_at(epochs, epoch), share_at(epochs, epoch)
    here = values[record]
    return np.asarray(here + share * (values[record + 1] - here) if share else here)
