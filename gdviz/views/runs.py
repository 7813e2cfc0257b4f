"""Runs of one picture: what each is called, and whether they share a clock and a ground.

A clock counts epochs or steps; a ground is an objective with the same parameters held.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from gdviz.core.comparison import MOST_RUNS, one_objective
from gdviz.core.dataset import Dataset
from gdviz.core.history.record import History
from gdviz.core.objective import same_objective
from gdviz.core.schedules import rate_words
from gdviz.core.text import plain
from gdviz.core.wording import spell
from gdviz.views.words import spoken

__all__ = [
    "Runs",
    "check_one_clock",
    "check_one_ground",
    "history_of",
    "labels_of",
    "runs_of",
]

Runs = History | Sequence[History] | Mapping[str, History]


def runs_of(given: Any, kind: str = "a picture") -> dict[str, History]:
    """Return runs by their labels, from a history, a sequence of them, or a mapping to them.

    In place of a history a fitted estimator may stand. Those of a sequence are called by what they
    differ in; one that is alone has no label.

    Raises
    ------
    TypeError
        If something else is given.
    ValueError
        If there are none, more than a picture tells apart, or some count epochs and some steps.
    """
    if isinstance(given, Mapping):
        runs = {str(label): history_of(one, kind) for label, one in given.items()}
    elif isinstance(given, (list, tuple)):
        histories = [history_of(one, kind) for one in given]
        runs = dict(zip(labels_of(histories), histories, strict=True))
    else:
        return {"": history_of(given, kind)}
    if not 1 <= len(runs) <= MOST_RUNS:
        raise ValueError(
            f"{kind} draws 1 to {MOST_RUNS} runs, which colours and marks tell apart, "
            f"not {len(runs)}: leave some out, or draw several pictures"
        )
    check_one_clock([*runs.values()])
    return runs


def check_one_clock(histories: Sequence[History]) -> None:
    """Raise a ValueError where some histories count epochs and others steps."""
    if len({history.unit for history in histories}) > 1:
        raise ValueError(
            "some of these histories count epochs, others the steps within them: no clock fits "
            "both; record all of them by epoch"
        )


def check_one_ground(runs: Mapping[str, History], kind: str) -> None:
    """Raise a ValueError unless all runs are on one objective, with the same values held."""
    (name, first), *others = runs.items()
    for label, other in others:
        pair = f"{spell(name)} and {spell(label)}"
        beside = f"draw them side by side, {kind}(a) | {kind}(b)"
        if not same_objective(first.objective, other.objective):
            raise ValueError(
                f"{pair} go down different objectives, and one {kind} has one ground: {beside}"
            )
        held, held_there = first.held, other.held
        if held.keys() != held_there.keys() or not np.allclose(
            [*held.values()], [held_there[j] for j in held], rtol=1e-9, atol=0
        ):
            raise ValueError(
                f"{pair} hold different values ({_held(first)}; {_held(other)}), and one {kind} "
                f"has one ground: {beside}"
            )


def _held(history: History) -> str:
    names = history.objective.names
    held = [f"{spell(names[j])} at {plain(value)}" for j, value in history.held.items()]
    return ", ".join(held) or "none held"


def history_of(given: Any, name: str) -> History:
    """Return the history that is given or that a fitted estimator has."""
    if isinstance(given, History):
        return given
    history = getattr(given, "history_", None)
    if isinstance(history, History):
        return history
    kind = type(given).__name__
    if isinstance(given, Dataset):
        raise TypeError(f"{name} draws a history, not a table: {name}(gdviz.fit(table))")
    if hasattr(given, "fit"):
        raise TypeError(
            f"this {kind} has no history_: fit it first; a pipeline or a search is drawn by "
            "DescentDisplay.from_estimator"
        )
    raise TypeError(f"{name} draws a history, not a {kind}: {name}(gdviz.fit(X, y))")


def labels_of(histories: Sequence[History]) -> list[str]:
    """Call each of several histories by what they differ in, or by its number.

    One that is alone has no label.
    """
    if len(histories) < 2:
        return [""] * len(histories)
    alike = one_objective(histories)
    told = [_told(history) + [_start(history)] * alike for history in histories]
    differ = [len({one[i] for one in told}) > 1 for i in range(len(told[0]))]
    labels = [
        ", ".join(text for text, differs in zip(one, differ, strict=True) if differs and text)
        for one in told
    ]
    if any(a == b for a, b in combinations(labels, 2)):
        return [f"{i} {label}".rstrip() for i, label in enumerate(labels, start=1)]
    return labels


def _told(history: History) -> list[str]:
    """What a history may be called by, each part as a few words or empty."""
    what, scaled = str(history.objective), ""
    if history.has_table:
        what = spoken(history.loss) if isinstance(history.loss, str) else "custom loss"
        scaled = "unscaled" if history.dataset.scaling is None else "scaled"
    return [
        what,
        scaled,
        "plain" if history.optimizer == "gd" else spoken(history.optimizer),
        rate_words(history.learning_rate, digits=3).replace("learning rate", "rate"),
        f"batches of {history.batch_size:,}" if history.batch_size is not None else "all rows",
    ]


def _start(history: History) -> str:
    """Where a history starts, in what moves; of many parameters the first few."""
    moves = history.theta[0, history.moving].tolist()
    told = [plain(float(f"{value:.3g}")) for value in moves[:3]]
    return f"from ({', '.join(told)}{', …' * (len(moves) > 3)})"
