"""What a renderer is given: a history, or a fitted estimator that has one."""

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any, TypeVar, cast

from gdviz.core.arguments import plain_keywords
from gdviz.core.dataset import Dataset
from gdviz.core.history.record import History
from gdviz.core.objective import Objective, Regression
from gdviz.messages import option, refit

__all__ = ["regression_of", "renderer"]

Function = TypeVar("Function", bound=Callable[..., Any])


def renderer(draw: Function) -> Function:
    """Let a renderer take a fitted estimator too, and say plainly what it cannot take."""
    checked, can_choose = plain_keywords()(draw), "vary" in signature(draw).parameters

    @wraps(draw)
    def call(*given: Any, **options: Any) -> Any:
        if given:
            given = (_history_of(given[0], draw.__name__), *given[1:])
        if "vary" in options and not can_choose:
            wanted = refit(vary=options["vary"])
            raise TypeError(
                f"{draw.__name__} draws what moved in the fit; choose it there, {wanted}"
            )
        return checked(*given, **options)

    return cast(Function, call)


def _history_of(given: Any, name: str) -> History:
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


def regression_of(objective: Objective, kind: str) -> Regression:
    """Return an objective that has a table, as a kind of picture needs it.

    Raises
    ------
    ValueError
        If it is a function.
    """
    if not isinstance(objective, Regression):
        contour, parameters = option(kind="contour"), option(kind="parameters")
        raise ValueError(
            f"{kind} draws a table, and {objective} has none: draw {contour} or {parameters}"
        )
    return objective
