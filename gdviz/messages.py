"""Advice that works where it is read: as arguments in Python, as flags on the command line.

A message says ``option(vary=("area", "age"))`` where it means an option; what is written is
``vary=("area", "age")``, or ``--vary area,age`` while the command line is speaking. So a message
is composed once, by who knows what is wrong, and needs not know who reads it. What only a new fit
can change is named by :func:`refit`: as the call of gdviz.fit, the flag of the command that is
running or, of a saved history, the command that fits.
"""

import csv
import io
import json
import shlex
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Literal

__all__ = ["option", "reading", "refit", "warn"]

Reader = Literal["python", "table", "saved"]

# Who reads, and what the command that fits is given.
_READER: ContextVar[tuple[Reader, str]] = ContextVar("reader", default=("python", "TABLE"))

# Arguments that are no keyword of a call.
WRITTEN = {"kind": "{}(history)", "scale": "dataset.scaled({})", "degree": "dataset.powers({})"}
# Flags that have another name than the argument.
FLAGS = {"theta0": "start"}


@contextmanager
def reading(reader: Reader, of: str = "TABLE") -> Iterator[None]:
    """Compose messages for who typed a command over a table, or over a saved history of one.

    `of` is what the history was saved of: another fit is given the same.
    """
    token = _READER.set((reader, of))
    try:
        yield
    finally:
        _READER.reset(token)


def option(**given: Any) -> str:
    """Write options as they are typed here.

    >>> option(drop_missing=True), option(kind="parameters")
    ('drop_missing=True', 'parameters(history)')
    >>> with reading("table"):
    ...     option(vary=("area", "living room")), option(theta0="zero", fps=50)
    ("--vary 'area,living room'", '--start zero --fps 50')
    """
    if _READER.get()[0] == "python":
        return ", ".join(_argument(name, value) for name, value in given.items())
    return " ".join(_flag(name, value) for name, value in given.items())


def refit(**given: Any) -> str:
    """Write options of the fit as they are typed here, with the call or command that has them.

    >>> refit(fixed_intercept="ols"), refit(scale="standard")
    ('gdviz.fit(…, fixed_intercept="ols")', 'dataset.scaled("standard")')
    >>> with reading("saved"):
    ...     refit(fixed_intercept="ols")
    'gdviz fit TABLE --fixed-intercept ols'
    >>> with reading("saved", of="function:beale"):
    ...     refit(optimizer="adam")
    'gdviz fit function:beale --optimizer adam'
    """
    said, (reader, of) = option(**given), _READER.get()
    if reader == "python":  # where scale and kind are no arguments of the fit
        return said if WRITTEN.keys() & given else f"gdviz.fit(…, {said})"
    return f"gdviz fit {_word(of)} {said}" if reader == "saved" else said


def warn(message: str, category: type[Warning]) -> None:
    """Warn in the name of the first caller outside gdviz, whose line is then shown."""
    level, frame = 1, sys._getframe()
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] == "gdviz":
        level, frame = level + 1, frame.f_back
    warnings.warn(message, category, stacklevel=level)


def _argument(name: str, value: Any) -> str:
    """Write an argument of Python's: fixed_intercept="ols"."""
    if name == "kind":
        return WRITTEN[name].format(value)
    return WRITTEN.get(name, f"{name}={{}}").format(_literal(value))


def _literal(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)  # in the quotes that messages are written with
    if isinstance(value, tuple):
        return f"({', '.join(map(_literal, value))})"
    return repr(value)


def _flag(name: str, value: Any) -> str:
    """Write a flag: --fixed-intercept ols."""
    flag = f"--{FLAGS.get(name, name).replace('_', '-')}"
    if value is True:
        return flag
    return f"{flag} {_word(_line(value) if isinstance(value, tuple) else str(value))}"


def _line(names: tuple[str, ...]) -> str:
    """Names as a line of CSV, which is how flags take them."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(names)
    return line.getvalue()


def _word(text: str) -> str:
    r"""One word of the shell; $'…' writes what cannot be seen, and spaces that would be lost.

    >>> _word("two words"), _word("two\nlines")
    ("'two words'", "$'two\\u000alines'")
    """
    if text.isprintable() and " ".join(text.split()) == text:
        return shlex.quote(text)
    return f"$'{''.join(map(_shown, text))}'".replace("  ", r" \u0020")


def _shown(c: str) -> str:
    if c.isprintable():
        return "\\" + c if c in "\\'" else c
    return f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}"
