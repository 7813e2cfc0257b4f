"""Runs that one panel can show, and what makes panels side by side comparable.

One panel has one ground: an objective, with the same values held. Runs on several stand side by
side, with the same ranges and levels as far as their axes and costs are the same.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gdviz.core.history.record import History
from gdviz.views.cost_slice import slice_of
from gdviz.views.framing import widened
from gdviz.views.runs import check_one_ground

__all__ = ["alike", "grounds_of"]

COARSE = 60  # grid points along each parameter, where only levels are looked for


def grounds_of(runs: Mapping[str, History]) -> list[dict[str, History]]:
    """Put runs on one objective with the same values held together, in order."""
    groups: list[dict[str, History]] = []
    for label, history in runs.items():
        for group in groups:
            if _one_ground(next(iter(group.values())), history):
                group[label] = history
                break
        else:
            groups.append({label: history})
    return groups


def _one_ground(a: History, b: History) -> bool:
    """Whether one panel can show both."""
    try:
        check_one_ground({"a": a, "b": b}, "contour")
    except ValueError:
        return False
    return True


def alike(groups: Sequence[Mapping[str, History]], kind: str) -> dict[str, Any]:
    """Options that make slices side by side alike, as far as their axes and costs are the same."""
    parts = [slice_of(group, kind, size=COARSE) for group in groups]
    objectives = [part.history.objective for part in parts]
    found: dict[str, Any] = {}
    if len({one.labels for one in objectives}) == 1:
        bounds = np.array([part.ranges for part in parts])
        low, high = bounds[..., 0].min(axis=0), bounds[..., 1].max(axis=0)
        shared = (low[0], high[0]), (low[1], high[1])
        found["ranges"] = widened(shared, 1.0) if parts[0].equal else shared
    if len({getattr(one, "loss", one) for one in objectives}) == 1:
        found["levels"] = np.unique(np.concatenate([part.levels for part in parts]))
    return found
