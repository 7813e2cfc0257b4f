"""A text such as ``momentum:decay=0.95`` -> the registered factory, its options bound.

The command line and saved histories say so which loss and which optimizer they mean.
"""

import inspect
import math
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from gdviz.core.wording import closest

__all__ = ["canonical", "chosen", "display_name", "named", "unmade"]

GIVEN = ("learning_rate", "horizon")  # what the fit knows is no option

NAMES = {  # a name -> how it is said, where that is not how it is typed
    "mse": "mean squared error",
    "huber": "Huber",
    "gd": "gradient descent",
    "replay": "recorded elsewhere",
}

T = TypeVar("T")


def named(registry: Mapping[str, Callable[..., T]], text: str, kind: str) -> Callable[..., T]:
    """Look a factory up and bind the options that the text gives it.

    Parameters
    ----------
    registry : mapping from a name to a factory
    text : str
        ``name`` or ``name:option=number,option=number``, in any case.
    kind : str
        What the registry holds, for messages.

    Raises
    ------
    ValueError
        For a name that is not registered, an option that it does not have or cannot do without, or
        no number.

    >>> from gdviz.core.optimizers import OPTIMIZERS
    >>> named(OPTIMIZERS, "momentum:decay=0.5", "optimizer").keywords
    {'decay': 0.5}
    """
    from functools import partial

    name, _, given = text.partition(":")
    name = chosen(registry, name, kind)
    known = _options(registry[name])
    options = {}
    for option in filter(None, given.split(",")):
        written, _, value = option.partition("=")
        key = written.strip().lower()
        if key not in known:
            has = f"its options are {', '.join(known)}" if known else "it has none"
            raise ValueError(f"the {kind} {name} has no option {key!r}; {has}{closest(key, known)}")
        options[known[key].name] = _number(value, key, name)
    for key, parameter in known.items():
        if parameter.default is parameter.empty and parameter.name not in options:
            raise ValueError(f"the {kind} {name} needs {key}, as in {name}:{key}=0.1")
    return partial(registry[name], **options)


def _options(factory: Callable[..., object]) -> dict[str, inspect.Parameter]:
    """Options of a factory, as they are written; one that is a word of Python's ends in _ there."""
    parameters = inspect.signature(factory).parameters
    return {key.rstrip("_"): p for key, p in parameters.items() if key not in GIVEN}


def canonical(registry: Mapping[str, Callable[..., object]], given: T, kind: str) -> T | str:
    """Return the name of a registered thing in lower case, checked; anything else as it is given.

    >>> from gdviz.core.optimizers import OPTIMIZERS
    >>> canonical(OPTIMIZERS, "Momentum:Decay=0.5", "optimizer")
    'momentum:decay=0.5'
    """
    if not isinstance(given, str):
        return given
    named(registry, given, kind)
    return given.strip().lower()


def chosen(choices: Iterable[str], text: str, kind: str) -> str:
    """Return the name among the choices that a text means, in any case.

    >>> chosen(["gd", "adam"], "Adam", "optimizer")
    'adam'
    >>> chosen(["gd", "adam"], "adm", "optimizer")
    Traceback (most recent call last):
    ...
    ValueError: no optimizer 'adm'; choose from gd, adam (did you mean adam?)
    """
    names = [*choices]
    for name in names:
        if name.lower() == text.strip().lower():
            return name
    raise ValueError(f"no {kind} {text!r}; choose from {', '.join(names)}{closest(text, names)}")


def display_name(text: str) -> str:
    """Say the name of a loss or optimizer, without its options.

    >>> display_name("huber:delta=2"), display_name("adam")
    ('Huber', 'adam')
    """
    name = text.partition(":")[0].strip()
    return NAMES.get(name, name)


def _number(text: str, key: str, name: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{name}: {key}={text!r} is not a number")
    return number


def unmade(kind: str, given: object) -> TypeError:
    """Return the TypeError for a loss or optimizer that is none, such as a factory not called.

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
