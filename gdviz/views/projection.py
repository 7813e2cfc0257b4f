"""Two features of many: what a plane, or a line between two classes, is drawn over.

A picture has room for two. The others are held at their means, and that is said in it: what is
drawn then is the model where they are average, and a point may be better off than it looks.
"""

from collections.abc import Sequence

import numpy as np

from gdviz.core.dataset import Dataset
from gdviz.core.history.record import History
from gdviz.core.moments import Array
from gdviz.core.wording import closest, listing
from gdviz.views.choice import remedy

__all__ = ["AT_MEANS", "at_means", "pair_of"]

AT_MEANS = "other features at their means"


def pair_of(
    dataset: Dataset, moved: Sequence[int], vary: tuple[str, str] | None, kind: str
) -> list[int]:
    """Indices of the two features that are drawn: those that are chosen, or all that move.

    Parameters
    ----------
    moved : sequence of int
        The entries of θ that move.

    Raises
    ------
    ValueError
        If there are others than two and two are not chosen; it says what to type.
    """
    names = dataset.feature_names
    weights = tuple(names[j - 1] for j in moved if j)
    usual = weights if len(weights) == 2 else names
    chosen = usual if vary is None else tuple(vary)
    if len(set(chosen)) != 2 or len(chosen) != 2:
        told = f"{kind} draws two features; there {'are' if names[1:] else 'is'} {len(names)}"
        raise ValueError(f"{told}: {remedy(names)}")
    unknown = [name for name in chosen if name not in names]
    if unknown:
        near = closest(unknown[0], names)
        raise ValueError(f"no feature {unknown[0]!r}; the features are {listing(names)}{near}")
    return [names.index(name) for name in chosen]


def at_means(history: History, pair: list[int]) -> Array:
    """Intercept and two weights (n_records, 3) of the model where the other features are mean."""
    others = [j for j in range(history.dataset.n_features) if j not in pair]
    means = history.dataset.X[:, others].mean(axis=0)
    intercept = history.intercept + history.weights[:, others] @ means
    return np.column_stack([intercept, history.weights[:, pair]])
