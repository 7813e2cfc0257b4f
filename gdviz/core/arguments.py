"""What a fit is given besides its table: keywords, a start, and the parameters that are held.

A keyword of another library, or a parameter that there is not, is refused before anything is
computed, in words that say what was given and what to give instead.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from inspect import signature
from typing import Any, Literal, TypeVar, cast

import numpy as np

from gdviz.core.dataset import Dataset
from gdviz.core.moments import Array
from gdviz.core.wording import closest, counted, listing, spell

__all__ = ["Held", "check_dataset", "checked_start", "held_besides", "index_of", "plain_keywords"]

Function = TypeVar("Function", bound=Callable[..., Any])
Held = Mapping[str, float | Literal["ols"]]


def plain_keywords(**meant: str) -> Callable[[Function], Function]:
    """Make a function refuse a keyword that it does not have with the one that was meant.

    >>> @plain_keywords(lr="learning_rate")
    ... def fit(*, learning_rate): ...
    >>> fit(lr=0.1)
    Traceback (most recent call last):
    ...
    TypeError: fit() has no argument lr (did you mean learning_rate?)
    """

    def decorate(function: Function) -> Function:
        known = [name for name in signature(function).parameters if name != "self"]

        @wraps(function)
        def call(*args: Any, **given: Any) -> Any:
            for name in given:
                if name not in known:
                    near = meant.get(name.lower())
                    guess = f" (did you mean {near}?)" if near else closest(name, known)
                    guess = guess or f"; its arguments are {', '.join(known)}"
                    made = function.__name__ == "__init__"
                    called = type(args[0]).__name__ if made else function.__name__
                    raise TypeError(f"{called}() has no argument {name}{guess}")
            return function(*args, **given)

        return cast(Function, call)

    return decorate


def check_dataset(given: Any, taker: str) -> None:
    """Refuse what is no Dataset, with what makes one of it.

    >>> check_dataset("rent.csv", "learning_rates")
    Traceback (most recent call last):
    ...
    TypeError: learning_rates takes a Dataset, not a str: make one, gdviz.read_table("rent.csv")
    """
    if isinstance(given, Dataset):
        return
    making = "gdviz.Dataset.of(X, y)"
    if isinstance(given, (str, os.PathLike)):
        making = f'gdviz.read_table("{spell(given)}")'
    kind = type(given).__name__
    raise TypeError(f"{taker} takes a Dataset, not a {kind}: make one, {making}")


def checked_start(given: Any, names: Sequence[str], hint: str = "") -> Array:
    """Return a start, a finite number for each of d names, as a new array (d,).

    >>> checked_start([1.0, 2.0], ["x"])
    Traceback (most recent call last):
    ...
    ValueError: the start needs 1 finite number: x; got [1.0, 2.0]
    """
    try:
        start = np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        start = np.empty(0)
    if start.shape != (len(names),) or not np.isfinite(start).all():
        needed = counted(len(names), "finite number")
        told = f"{listing(names)}; got {spell(given, 200)}{hint}"
        raise ValueError(f"the start needs {needed}: {told}")
    return start


def index_of(name: str, names: Sequence[str], to: str) -> int:
    """Return which of the parameters has a name; `to` says what was to be done with it.

    >>> index_of("Area", ["intercept", "area"], "hold fixed")
    Traceback (most recent call last):
    ...
    ValueError: no parameter 'Area' to hold fixed; the parameters are intercept, area (did you ...
    """
    if name not in names:
        told = f"the parameters are {listing(names)}{closest(str(name), names)}"
        raise ValueError(f"no parameter {spell(name)!r} to {to}; {told}")
    return names.index(name)


def held_besides(
    vary: Sequence[str] | None,
    names: Sequence[str],
    fixed_intercept: float | Literal["ols"] | None,
    fixed: Held | None,
) -> tuple[float | Literal["ols"] | None, Held | None]:
    """Return what to hold so that only some parameters move; the others at their optimum.

    Raises
    ------
    ValueError
        If there is no such parameter, or one of them is to be held as well.
    """
    if vary is None:
        return fixed_intercept, fixed
    vary = [vary] if isinstance(vary, str) else [*vary]
    if not vary:
        raise ValueError(f"no parameter to vary; the parameters are {listing(names)}")
    for name in vary:
        index_of(name, names, "vary")
    held = {"intercept": fixed_intercept} if fixed_intercept is not None else {}
    both = [name for name in {**(fixed or {}), **held} if name in vary]
    if both:
        raise ValueError(f"{spell(both[0])} cannot be held and vary")
    others: dict[str, Any] = {name: "ols" for name in names if name not in vary}
    return None, {**others, **(fixed or {}), **held}
