"""Things that have a name and options, written as text: ``momentum:decay=0.95``.

The command line and saved histories say so which loss and which optimizer they mean.
"""

import inspect
import math
from collections.abc import Callable, Mapping
from typing import TypeVar

__all__ = ["named", "unmade", "within"]

T = TypeVar("T")


def named(registry: Mapping[str, Callable[..., T]], text: str, kind: str) -> Callable[..., T]:
    """Look a factory up and bind the options that the text gives it.

    Parameters
    ----------
    registry : mapping from a name to a factory
    text : str
        ``name`` or ``name:option=number,option=number``.
    kind : str
        What the registry holds, for messages.

    Raises
    ------
    ValueError
        For a name that is not registered, an option that it does not have, or no number.

    >>> from gdviz.core.optimizers import OPTIMIZERS
    >>> named(OPTIMIZERS, "momentum:decay=0.5", "optimizer").keywords
    {'decay': 0.5}
    """
    from functools import partial

    name, _, given = text.partition(":")
    if name not in registry:
        raise ValueError(f"no {kind} {name!r}; choose from {', '.join(registry)}")
    known = [key for key in inspect.signature(registry[name]).parameters if key != "learning_rate"]
    options = {}
    for option in filter(None, given.split(",")):
        key, _, value = option.partition("=")
        if key.strip() not in known:
            has = f"its options are {', '.join(known)}" if known else "it has none"
            raise ValueError(f"the {kind} {name} has no option {key.strip()!r}; {has}")
        options[key.strip()] = _number(value, key, name)
    return partial(registry[name], **options)


def _number(text: str, key: str, name: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{name}: {key}={text!r} is not a number")
    return number


def unmade(kind: str, given: object) -> TypeError:
    """Return the error for what is no `kind`, such as a factory that was not called.

    >>> from gdviz.core.optimizers import adam
    >>> print(unmade("optimizer", adam))
    optimizer is the factory adam, not what it makes: call it, adam(...), or give a name
    """
    if callable(given):
        name = getattr(given, "__name__", repr(given))
        return TypeError(
            f"{kind} is the factory {name}, not what it makes: call it, {name}(...), or give a name"
        )
    return TypeError(f"{kind} must be a name, or what a factory made, not {given!r}")


def within(name: str, value: float, low: float, high: float = math.inf) -> float:
    """Return an option that is above low and below high; a ValueError names it.

    >>> within("delta", -1.0, 0)
    Traceback (most recent call last):
    ...
    ValueError: delta must be above 0, not -1
    """
    if not low < value < high:
        bounds = f"above {low:g}" + (f" and below {high:g}" if math.isfinite(high) else "")
        raise ValueError(f"{name} must be {bounds}, not {value:g}")
    return value
