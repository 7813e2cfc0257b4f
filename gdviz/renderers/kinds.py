"""Kinds of picture by name: those beside each other joined by +, those under each other by /."""

from functools import reduce
from inspect import signature
from operator import or_, truediv
from typing import Any

from gdviz.core.history.record import History
from gdviz.core.registry import chosen
from gdviz.renderers import RENDERERS
from gdviz.renderers.stage.scene import Scene

__all__ = ["Kinds", "kinds_of", "moving", "picture", "usual_kinds"]

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

    Two parameters of several features: their contour, and beside it the plane, if both are weights
    of the table's own columns. Everything else: the parameters.
    """
    data, moved = history.dataset, moving(history)
    if len(moved) != 2 or data.n_features == 1:
        return (("parameters",),)
    flat = data.n_features <= len(data.columns) and 0 in history.fixed
    return (("plane", "contour"),) if flat else (("contour",),)


def moving(history: History) -> list[str]:
    """Names of the parameters that are not held."""
    names = history.dataset.parameter_names
    return [name for j, name in enumerate(names) if j not in history.fixed]
