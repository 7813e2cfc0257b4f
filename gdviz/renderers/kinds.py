"""Kinds of picture by name: those beside each other joined by +, those under each other by /."""

from collections.abc import Sequence
from functools import reduce
from inspect import signature
from operator import or_, truediv
from typing import Any

from gdviz.core.history.record import History
from gdviz.core.objective import Objective
from gdviz.core.registry import chosen
from gdviz.renderers import RENDERERS, SLICES
from gdviz.renderers.arguments import regression_of
from gdviz.renderers.boundary import pair_on_line
from gdviz.renderers.cost_slice import moving, two_moving
from gdviz.renderers.plane import pair_under_plane
from gdviz.renderers.stage.scene import Scene

__all__ = ["Kinds", "check_kinds", "kinds_of", "picture", "usual_kinds"]

Kinds = tuple[tuple[str, ...], ...]  # row by row


def kinds_of(text: str) -> Kinds:
    """Read kinds of picture that are joined by + and /.

    >>> kinds_of("plane + Contour / parameters")
    (('plane', 'contour'), ('parameters',))
    """
    return tuple(
        tuple(chosen(RENDERERS, name.strip(), "kind") for name in row.split("+"))
        for row in text.split("/")
    )


def check_kinds(kinds: Kinds, objective: Objective, moved: Sequence[int]) -> None:
    """Refuse, before a descent, kinds of picture that could not be drawn of it.

    Parameters
    ----------
    moved : sequence of int
        The entries of θ that are to move.

    Raises
    ------
    ValueError
        In the words in which the renderer would refuse it.
    """
    for name in (name for row in kinds for name in row):
        if name in SLICES:
            two_moving(objective, moved, name)
        elif name == "plane":
            regression = regression_of(objective, name)
            pair = pair_on_line if regression.function.labels else pair_under_plane
            pair(regression.dataset, moved)


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
    moved = moving(history)
    if not history.has_table:
        return (("contour",),) if len(moved) == 2 else (("parameters",),)
    data = history.dataset
    if history.regression.function.labels and data.n_features == 2 and len(moved) == 3:
        return (("plane", "parameters"),)
    if len(moved) != 2 or data.n_features == 1:
        return (("parameters",),)
    flat = data.n_features <= len(data.columns) and 0 in history.fixed
    return (("plane", "contour"),) if flat else (("contour",),)
