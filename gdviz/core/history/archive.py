"""A history in a file, `.npz` without pickle: written whole, and read only if all of it is right.

A file may have been made by anybody. What is not of the type that :func:`write` gives it is refused
before it is used, and what a line of output is made of cannot steer a terminal.
"""

import json
import os
from dataclasses import replace
from functools import reduce
from math import comb
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import numpy as np

from gdviz.core.arrival import Ahead
from gdviz.core.dataset import Dataset
from gdviz.core.functions import Function, function_of
from gdviz.core.history.units import steps_of, table_of, with_step
from gdviz.core.losses import loss_of
from gdviz.core.moments import Array
from gdviz.core.objective import Objective, Regression
from gdviz.core.wording import spell
from gdviz.files import is_special, whole_file

if TYPE_CHECKING:
    from gdviz.core.history.record import History

__all__ = ["checked_about", "checked_arrays", "checked_steps", "read", "write"]

FORMAT = "gdviz history 2"
# Of version 1 "converged" meant something else: what it says of its end is judged on its record.
FORMATS = (FORMAT, "gdviz history 1")
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


def write(history: "History", path: str | os.PathLike[str]) -> None:
    """Write a history; an old file stays until the new one is whole.

    Raises
    ------
    ValueError
        If the loss or the function was given as an object.
    """
    of_what, table = _as_saved(history.objective)
    about = of_what | {
        "format": FORMAT,
        "learning_rate": history.learning_rate,
        "fixed": history.fixed,
        "optimizer": history.optimizer,
        "ended": history.ended,
        "unit": history.unit,
        "batch_size": history.batch_size,
        "seed": history.seed,
    }
    arrays = table | {
        "about": np.array(json.dumps(about)),
        "theta": history.theta,
        "cost": history.cost,
        "epoch": history.epoch,
        "ahead": np.empty(0) if history.ahead is None else history.ahead.as_array(),
    }
    # Not np.savez: before numpy 2.2 it leaves a file open when the disk is full.
    with whole_file(path) as beside, ZipFile(beside, "w") as file:
        for name, array in arrays.items():
            with file.open(f"{name}.npy", "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, array, allow_pickle=False)


def read(path: str | os.PathLike[str], make: "type[History]") -> "History":
    """Return the history that :func:`write` wrote into a file.

    Raises
    ------
    ValueError
        If the file is something else, or its numbers are no history.
    """
    if is_special(path):
        raise ValueError(f"{path} is a pipe or device, not a file")
    raw = open(path, "rb")  # noqa: SIM115 (what goes wrong from here on is not the system's)
    try:
        with raw, np.load(raw, allow_pickle=False) as file:
            about = json.loads(str(file["about"]))
            if about["format"] not in FORMATS:
                raise ValueError(about["format"])
            names = ["theta", "cost", "epoch"]
            names += [] if "function" in about else ["X", "y"]
            names += ["ahead"] if about["format"] == FORMAT else []
            arrays = {name: file[name] for name in names}
    except Exception as error:
        raise ValueError(f"{path} is not a history that gdviz saved") from error
    try:
        return make(**_assembled(checked_about(about), **checked_arrays(arrays)))
    except (KeyError, IndexError, TypeError, ValueError, OverflowError) as error:
        told = spell(error, 200)
        raise ValueError(f"{path} is not a history that gdviz saved ({told})") from error


def _as_saved(objective: Objective) -> tuple[dict[str, Any], dict[str, Array]]:
    """Return what a file says of an objective, and the arrays of its table."""
    if isinstance(objective, Function):
        if objective.registered is None:
            raise ValueError(f"{objective} has no name in the registry, and cannot be saved")
        return {"function": objective.registered}, {}
    assert isinstance(objective, Regression)
    data, loss = objective.dataset, objective.loss
    if not isinstance(loss, str):
        raise ValueError("a loss object cannot be saved; give it by name, as huber:delta=2")
    table = table_of(data)
    about = {
        "feature_names": data.columns,
        "target_name": data.target_name,
        "label_names": data.label_names,
        "source": data.source,
        "notes": data.notes,
        "loss": loss,
        "steps": steps_of(data),
    }
    return about, {"X": table.X, "y": table.y}


def _assembled(about: dict[str, Any], ahead: Array | None = None, **arrays: Any) -> dict[str, Any]:
    """Return the attributes of a history from what its file holds."""
    if about["format"] != FORMAT:
        about = about | _as_version_2(about)
    table = {name: arrays.pop(name) for name in ("X", "y") if name in arrays}
    if "function" in about:
        objective: Objective = function_of(about["function"])
    else:
        objective = _regression(about, most=arrays["theta"].size, **table)
    keys = ("learning_rate", "optimizer", "ended", "unit", "batch_size", "seed")
    return {
        "objective": objective,
        "fixed": tuple(about["fixed"]),
        "ahead": None if ahead is None else Ahead.of_array(ahead),
        **arrays,
        **{key: about[key] for key in keys},
    }


def _regression(about: dict[str, Any], X: Array, y: Array, most: int) -> Regression:
    """Return the regression that a file tells of; its features are at most so many."""
    names, notes = tuple(about["feature_names"]), tuple(about["notes"])
    table = Dataset(X, y, names, about["target_name"], about["source"], notes)
    labels = about.get("label_names")
    table = replace(table, label_names=tuple(labels) if labels else None)
    steps = checked_steps(about["steps"], len(names), most=most)
    loss_of(about["loss"])  # refused now, not when something is drawn
    return Regression(reduce(with_step, steps, table), about["loss"])


def _as_version_2(about: dict[str, Any]) -> dict[str, Any]:
    """Return the entries of a version 1 file that version 2 writes otherwise."""
    ended = "tol" if about["ended"] == "tol" else "epochs"
    if about["optimizer"] == "replay":
        ended = "replay"
    if about["diverged"]:
        ended = "diverged"
    return {"ended": ended, "batch_size": None, "seed": None}


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
