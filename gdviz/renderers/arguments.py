"""What a renderer is given: a history, a fitted estimator that has one, or several of them."""

from collections.abc import Callable, Mapping
from functools import wraps
from inspect import signature
from typing import Any, TypeVar, cast

from gdviz.core.arguments import plain_keywords
from gdviz.core.history.record import History
from gdviz.core.objective import Objective, Regression
from gdviz.messages import option, refit
from gdviz.views.runs import Runs, history_of, runs_of

__all__ = ["regression_of", "renderer", "takes_several"]

Function = TypeVar("Function", bound=Callable[..., Any])


def renderer(draw: Function) -> Function:
    """Let a renderer take what has a history in its place, and say plainly what it cannot take.

    One whose first parameter is declared as `Runs` takes several, and makes them out itself.
    """
    checked, parameters = plain_keywords()(draw), signature(draw).parameters
    several = takes_several(draw)

    @wraps(draw)
    def call(*given: Any, **options: Any) -> Any:
        if given and not several:
            given = (_one(given[0], draw.__name__), *given[1:])
        if "vary" in options and "vary" not in parameters:
            wanted = refit(vary=options["vary"])
            raise TypeError(
                f"{draw.__name__} draws what moved in the fit; choose it there, {wanted}"
            )
        return checked(*given, **options)

    return cast(Function, call)


def takes_several(draw: Callable[..., Any]) -> bool:
    """Whether a renderer takes several runs: its first parameter is declared as `Runs`."""
    return bool(next(iter(signature(draw).parameters.values())).annotation == Runs)


def _one(given: Any, name: str) -> History:
    """Return the one history that a renderer draws."""
    if isinstance(given, (list, tuple, Mapping)):
        runs = runs_of(given, name)
        if len(runs) > 1:
            raise TypeError(f"{name} draws one history, not {len(runs)}: {name}(a) | {name}(b)")
        given = next(iter(runs.values()))
    return history_of(given, name)


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
