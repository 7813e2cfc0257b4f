"""Kinds of picture by name: those beside each other joined by +, those under each other by /."""

from collections.abc import Mapping, Sequence
from functools import reduce
from inspect import signature
from operator import or_, truediv
from typing import Any

import numpy as np

from gdviz.core.history.record import History
from gdviz.core.objective import Objective
from gdviz.core.registry import chosen
from gdviz.renderers import KINDS, RENDERERS
from gdviz.renderers.stage.scene import Scene
from gdviz.renderers.style.runs import run_styles
from gdviz.views.cost_slice import slice_of
from gdviz.views.framing import widened
from gdviz.views.runs import check_one_ground

__all__ = [
    "Kinds",
    "check_kinds",
    "check_several",
    "honouring",
    "kinds_of",
    "picture",
    "picture_of_runs",
    "usual_kinds",
]

Kinds = tuple[tuple[str, ...], ...]  # row by row

COARSE = 60  # grid points along each weight, where only levels are looked for


def kinds_of(text: str) -> Kinds:
    """Read kinds of picture that are joined by + and /.

    >>> kinds_of("plane + Contour / parameters")
    (('plane', 'contour'), ('parameters',))
    """
    return tuple(
        tuple(chosen(RENDERERS, name.strip(), "kind") for name in row.split("+"))
        for row in text.split("/")
    )


def check_kinds(
    kinds: Kinds, objective: Objective, moved: Sequence[int], through: str | None = None
) -> None:
    """Refuse, before a descent, kinds of picture that could not be drawn of it.

    Parameters
    ----------
    moved : sequence of int
        The entries of θ that are to move.
    through : str or None
        The plane that a contour or surface of more than two is projected onto.

    Raises
    ------
    ValueError
        In the words in which the renderer would refuse it.
    """
    for name in (name for row in kinds for name in row):
        if through is None or len(moved) < 2 or name not in honouring("through"):
            KINDS[name].check(objective, moved)


def honouring(option: str) -> list[str]:
    """Return the names of the kinds that have an option.

    >>> honouring("through")
    ['contour', 'surface']
    """
    return [name for name, draw in RENDERERS.items() if option in signature(draw).parameters]


def picture(history: History, kinds: Kinds, **options: Any) -> Scene:
    """Draw kinds of picture; each takes those of the options that it has.

    Raises
    ------
    TypeError
        If none of them has an option.
    """
    has = {name: signature(RENDERERS[name]).parameters for row in kinds for name in row}
    for option in options:
        if not any(option in known for known in has.values()):
            raise TypeError(f"{' and '.join(has)} {'have' if len(has) > 1 else 'has'} no {option}")

    def draw(name: str) -> Scene:
        return RENDERERS[name](history, **{k: v for k, v in options.items() if k in has[name]})

    rows = [reduce(or_, map(draw, row)) for row in kinds]
    return reduce(truediv, rows)


def usual_kinds(history: History) -> Kinds:
    """Return what is drawn of a history where nothing else is asked for.

    Two parameters of several features, or of a function: their contour, and beside it the plane, if
    both are weights of the table's own columns. Two classes of two features whose line is free: the
    line beside the parameters. Everything else: the parameters.
    """
    moved = history.moving
    if not history.has_table:
        return (("contour",),) if len(moved) == 2 else (("parameters",),)
    data = history.dataset
    if history.regression.function.labels and data.n_features == 2 and len(moved) == 3:
        return (("plane", "parameters"),)
    if len(moved) != 2 or data.n_features == 1:
        return (("parameters",),)
    flat = data.n_features <= len(data.columns) and 0 in history.fixed
    return (("plane", "contour"),) if flat else (("contour",),)


# Several runs -------------------------------------------------------------------------------------


def check_several(kinds: Kinds) -> None:
    """Raise a ValueError for a kind of which a panel shows one descent only."""
    several = [name for name, kind in KINDS.items() if kind.several]
    for name in (name for row in kinds for name in row):
        if name not in several:
            raise ValueError(f"{name} draws one descent; several are drawn by {', '.join(several)}")


def picture_of_runs(runs: Mapping[str, History], kinds: Kinds | None = None) -> Scene:
    """Draw kinds of picture of runs that are compared.

    Those on one objective share a panel; others stand side by side.
    """
    groups = _grounds(runs)
    chosen_kinds = kinds or _usual_kinds(groups)
    check_several(chosen_kinds)

    def draw(name: str) -> Scene:
        if KINDS[name].across or len(groups) == 1:
            return RENDERERS[name](runs)
        return reduce(or_, _beside(name, groups, [*runs]))

    return reduce(truediv, [reduce(or_, map(draw, row)) for row in chosen_kinds])


def _beside(name: str, groups: Sequence[Mapping[str, History]], labels: list[str]) -> list[Scene]:
    """Draw runs on several grounds by one kind, each ground with the styles that its runs have."""
    if "styles" not in signature(RENDERERS[name]).parameters:
        return [RENDERERS[name](group) for group in groups]
    styles, alike = run_styles(len(labels)), _alike(name, groups)
    return [
        RENDERERS[name](group, styles=[styles[labels.index(label)] for label in group], **alike)
        for group in groups
    ]


def _alike(name: str, groups: Sequence[Mapping[str, History]]) -> dict[str, Any]:
    """Options that make slices side by side alike, as far as their axes and costs are the same."""
    parts = [slice_of(group, name, size=COARSE) for group in groups]
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


def _usual_kinds(groups: Sequence[Mapping[str, History]]) -> Kinds:
    """Return what is drawn of runs on one ground or several, where nothing else is asked for.

    Their contours, or the parameters where no contour can be drawn, and beside them what is left
    for each; that alone, where several sets of parameters would have to stand side by side.
    """
    if all(len(history.moving) == 2 for group in groups for history in group.values()):
        return (("contour", "progress"),)
    return (("parameters", "progress"),) if len(groups) == 1 else (("progress",),)


def _grounds(runs: Mapping[str, History]) -> list[dict[str, History]]:
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
