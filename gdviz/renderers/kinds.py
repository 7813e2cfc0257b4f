"""Kinds of picture by name: those beside each other joined by +, those under each other by /."""

from collections.abc import Mapping, Sequence
from functools import reduce
from inspect import signature
from operator import or_, truediv
from typing import Any

from gdviz.core.history.record import History
from gdviz.core.objective import Objective
from gdviz.core.registry import chosen
from gdviz.renderers import KINDS, RENDERERS
from gdviz.renderers.stage.scene import Scene
from gdviz.renderers.style.runs import run_styles
from gdviz.views.grounds import alike, grounds_of
from gdviz.views.kinds import Kinds, usual_kinds_of_runs

__all__ = [
    "check_kinds",
    "check_several",
    "honouring",
    "kinds_of",
    "picture",
    "picture_of_runs",
]


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
    groups = grounds_of(runs)
    chosen_kinds = kinds or usual_kinds_of_runs(groups)
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
    styles, options = run_styles(len(labels)), alike(groups, name)
    return [
        RENDERERS[name](group, styles=[styles[labels.index(label)] for label in group], **options)
        for group in groups
    ]
