"""The texts, numbers and arrays of a saved history -> the same, each of its type, or refused.

A file may have been made by anybody. What is not of the type that :meth:`History.save` writes is
refused before it is used, and what a line of output is made of cannot steer a terminal.
"""

from math import comb
from typing import Any

import numpy as np

from gdviz.core.wording import spell

__all__ = ["checked_about", "checked_arrays", "checked_steps"]

LONGEST = 10_000  # characters of a note: enough for what gdviz writes

WORDS = ("loss", "function", "optimizer", "ended", "unit")
KINDS: dict[str, type | tuple[type, ...]] = {
    "target_name": str,
    "source": str,
    "feature_names": list,
    "notes": list,
    "label_names": (list, type(None)),
    "learning_rate": (int, float, str),
    "fixed": list,
    "diverged": bool,  # in version 1
    "batch_size": (int, type(None)),
    "seed": (int, type(None)),
    "steps": list,
    **dict.fromkeys(WORDS, str),
}
ELEMENTS: dict[str, type] = {"feature_names": str, "notes": str, "label_names": str, "fixed": int}


def checked_about(about: dict[str, Any]) -> dict[str, Any]:
    r"""Return what a file says about its history, each entry of its type, notes on one line.

    >>> checked_about({"notes": ["red \x1b[31m"]})["notes"]
    ['red \\x1b[31m']
    >>> checked_about({"diverged": "no"})
    Traceback (most recent call last):
    ...
    ValueError: diverged is not of type bool

    Raises
    ------
    ValueError
        If an entry is of another type, or a word of gdviz's own has characters of no word.
    OverflowError
        If the learning rate is no double.
    """
    for name in KINDS.keys() & about.keys():
        _check_kind(name, about[name])
    told: dict[str, Any] = {}
    if "source" in about:
        told["source"] = spell(about["source"], LONGEST)
    if "notes" in about:
        told["notes"] = [spell(note, LONGEST) for note in about["notes"]]
    if "learning_rate" in about and not isinstance(about["learning_rate"], str):
        told["learning_rate"] = float(about["learning_rate"])
    return about | told


def _check_kind(name: str, value: Any) -> None:
    """Raise ValueError where the entry of a name is not of its type."""
    kind = KINDS[name]
    # True is an int for Python, but no number that anybody wrote.
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise ValueError(f"{name} is not of type {getattr(kind, '__name__', 'number')}")
    if name in (*WORDS, "learning_rate") and not str(value).isprintable():
        raise ValueError(f"{name} is no word")
    if isinstance(value, list) and name in ELEMENTS:
        element = ELEMENTS[name]
        if any(type(item) is not element for item in value):
            raise ValueError(f"{name} holds other things than {element.__name__}")
    if name == "label_names" and isinstance(value, list) and len(value) != 2:
        raise ValueError(f"label_names are {len(value)}, not 2")


def checked_arrays(arrays: dict[str, Any]) -> dict[str, Any]:
    """Return the arrays of a file in double precision, the epochs as whole numbers.

    Raises
    ------
    ValueError
        If one holds something else than numbers.
    """
    checked: dict[str, Any] = {}
    for name, array in arrays.items():
        if array.dtype.kind not in ("iu" if name == "epoch" else "fiu"):
            raise ValueError(f"{name} holds numbers of type {array.dtype}")
        checked[name] = array.astype(np.int64 if name == "epoch" else np.float64)
    return checked


def checked_steps(steps: list[Any], n_columns: int, *, most: int) -> list[Any]:
    """Return the steps from a table's columns to its features: degrees, or [shift, scale].

    Raises
    ------
    ValueError
        If a step is something else, or makes more than `most` features.
    """
    width = n_columns
    for step in steps:
        if type(step) is int and 1 <= step <= 20:
            width = comb(width + step, step) - 1
        elif not _is_scaling(step, width):
            raise ValueError(f"a step is neither a degree nor the scaling of {width} columns")
        # Counted before they are made: a degree that somebody wrote could fill the memory.
        if width > most:
            raise ValueError(f"its steps make {width} features")
    return steps


def _is_scaling(step: Any, width: int) -> bool:
    """Whether a step is [shift, scale], finite and the scale above 0."""
    if not isinstance(step, list) or len(step) != 2:
        return False
    both = np.array(step, dtype=np.float64)
    return both.shape == (2, width) and bool(np.isfinite(both).all() and (both[1] > 0).all())
