"""The text after a flag -> its value.

Each function is a click callback: it takes the text and returns a value, or raises BadParameter
with what was written and what may be written instead. A wrong command line is told before any
work is done.
"""

import csv
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from gdviz.files import real_path

if TYPE_CHECKING:
    from gdviz.views.kinds import Kinds

__all__ = [
    "batch_sizes",
    "columns",
    "count",
    "frames",
    "kinds",
    "labels",
    "learning_rate",
    "learning_rates",
    "number",
    "path_text",
    "rates",
    "registered",
    "scales",
    "several",
    "size",
    "start",
    "starts",
]

Callback = Callable[[click.Context, click.Parameter, Any], Any]

SMALLEST, LARGEST = 2, 50  # inches: less holds no axes, more no screen or sheet of paper


def kinds(ctx: click.Context, param: click.Parameter, value: str | None) -> "Kinds | None":
    """Accept kinds of picture joined by + and /, such as plane+contour/parameters."""
    if value is None:
        return None
    from gdviz.renderers.kinds import kinds_of

    try:
        return kinds_of(value)
    except ValueError as error:
        raise click.BadParameter(f"{error}, or join some by + or /") from None


def number(
    *words: str, above: float = -math.inf, least: float = -math.inf, most: float = math.inf
) -> Callback:
    """Accept a finite number within bounds, or one of some words."""
    bounds = {"above": above, "at least": least, "at most": most}
    told = [f"{word} {bound:g}" for word, bound in bounds.items() if math.isfinite(bound)]

    def parse(ctx: click.Context, param: click.Parameter, value: str | None) -> float | str | None:
        if value is None or value.lower() in words:
            return value and value.lower()
        found = _finite(value, "a number", words)
        if found <= above or not least <= found <= most:
            raise click.BadParameter(f"{value} is out of range: it must be {' and '.join(told)}")
        return found

    return parse


def count(*words: str, most: int) -> Callback:
    """Accept a whole number from 1 up to a bound, or one of some words."""

    def parse(ctx: click.Context, param: click.Parameter, value: str) -> int | str:
        if value.lower() in words:
            return value.lower()
        found = _finite(value, "a whole number", words)
        if found != int(found) or not 1 <= found <= most:
            raise click.BadParameter(f"{value} is not a whole number from 1 to {most:,}")
        return int(found)

    return parse


def _finite(value: str, what: str, words: Sequence[str] = ()) -> float:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise click.BadParameter(f"{value!r} is not {' or '.join([what, *words])}")
    return number


def start(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> str | list[float] | None:
    """Accept numbers with commas between, such as -1,3,3; or zero, or random."""
    if value is None:
        return None
    word = value.strip().lower()
    if word in ("zero", "random"):
        return word
    return [_finite(n.strip(), "zero or random or numbers, as -1,3,3") for n in value.split(",")]


def labels(
    ctx: click.Context, param: click.Parameter, values: tuple[str, ...]
) -> tuple[str, str] | None:
    """Accept two labels, as names of columns are given."""
    named = columns(ctx, param, values)
    if named is None:
        return None
    if len(set(named)) != 2 or len(named) != 2:
        raise click.BadParameter("two labels are needed, such as setosa,versicolor")
    return named[0], named[1]


def size(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> tuple[float, float] | None:
    """Accept width x height in inches, such as 10x8."""
    if value is None:
        return None
    sides = [_finite(side, "a size in inches, as 10x8") for side in value.lower().split("x")]
    if len(sides) != 2 or not all(SMALLEST <= side <= LARGEST for side in sides):
        raise click.BadParameter(
            f"{value!r} is not two sides of {SMALLEST} to {LARGEST} inches, as 10x8"
        )
    return sides[0], sides[1]


def path_text(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Accept the name of a file or folder, which is not empty and leads somewhere."""
    if value == "":
        raise click.BadParameter("an empty name; name a file")
    if value is not None:
        real_path(value)
    return value


def columns(
    ctx: click.Context, param: click.Parameter, values: tuple[str, ...]
) -> list[str] | None:
    """Accept names as in a line of CSV, so that a name may hold a comma: 'area,"rooms, bath"'."""
    names = [name.strip() for row in csv.reader(values, skipinitialspace=True) for name in row]
    if values and not all(names or [""]):
        raise click.BadParameter("an empty name; write names such as area,age")
    return names or None


def frames(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Accept a count, or slices of the epochs such as 0:50,50:100:5."""
    if value is None:
        return None
    from gdviz.views.clock import SLICE

    parts = value.split(",")
    sliced = all(SLICE.fullmatch(part.strip()) for part in parts)
    if not sliced and not (value.isdecimal() and int(value) > 0):
        raise click.BadParameter(f"{value!r} is neither a count nor slices such as 0:50,50:100:5")
    return value


def registered(kind: str) -> Callback:
    """Accept a registered loss or optimizer, with options as in momentum:decay=0.95."""

    def callback(ctx: click.Context, param: click.Parameter, value: str) -> str:
        from gdviz.core.losses import LOSSES
        from gdviz.core.optimizers import OPTIMIZERS
        from gdviz.core.registry import named

        registries: dict[str, Any] = {"loss": LOSSES, "optimizer": OPTIMIZERS}
        try:
            make = named(registries[kind], value, kind)
            make() if kind == "loss" else make(0.1)
        except ValueError as error:
            raise click.BadParameter(str(error)) from None
        return value.strip().lower()

    return callback


def learning_rate(ctx: click.Context, param: click.Parameter, value: str) -> float | str | None:
    """Accept a number above 0, auto, gentle, or a schedule as in cosine:from=0.1."""
    from gdviz.core.schedules import checked_schedule, named_like_schedule

    if not named_like_schedule(value):
        words = ("auto", "gentle", "a schedule as in cosine:from=0.1")
        found: float | str | None = number(*words, above=0)(ctx, param, value)
        return found
    try:
        return str(checked_schedule(value))
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def rates(ctx: click.Context, param: click.Parameter, value: str | None) -> Any:
    """Accept learning rates such as 0.001,0.01, or auto."""
    if value is None or value.strip().lower() == "auto":
        return value and "auto"
    what = "a number; give numbers such as 0.001,0.01, or auto alone"
    found = [_finite(rate.strip(), what) for rate in value.split(",")]
    if min(found) <= 0:
        raise click.BadParameter(f"{value!r}: learning rates are above 0")
    return found


# What is compared: several values, of which there are two at least, and no more than can be seen.


def several(kind: str) -> Callback:
    """Accept losses or optimizers: plain names with commas, names with options with semicolons."""

    def callback(ctx: click.Context, param: click.Parameter, value: str | None) -> list[str] | None:
        if value is None:
            return None
        parts = value.split(";" if ":" in value or ";" in value else ",")
        try:
            return _counted([registered(kind)(ctx, param, part.strip()) for part in parts])
        except click.BadParameter as error:
            mixed = "," in value and (":" in value or ";" in value)
            hint = "; names with options stand between semicolons, as momentum:decay=0.95;adam"
            raise click.BadParameter(f"{error.message}{hint * mixed}") from None

    return callback


def learning_rates(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> list[Any] | None:
    """Accept learning rates such as 0.001,0.01, also in units of 1/λmax, such as 0.1/L,1.9/L."""
    if value is None:
        return None
    parts = value.split(";" if ":" in value or ";" in value else ",")
    return _counted([_one_rate(ctx, param, part.strip()) for part in parts])


def _one_rate(ctx: click.Context, param: click.Parameter, text: str) -> float | str | None:
    from gdviz.core.comparison import in_units

    try:
        return learning_rate(ctx, param, text) if in_units(text) is None else text
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    except click.BadParameter as error:
        raise click.BadParameter(f"{error.message}, or a share of 1/λmax, as 1.9/L") from None


def starts(ctx: click.Context, param: click.Parameter, value: str | None) -> list[Any] | None:
    """Accept starts with semicolons between, such as 0,0,0;50000,3,3."""
    if value is None:
        return None
    found = [start(ctx, param, part) for part in value.split(";")]
    if len(found) < 2:
        raise click.BadParameter(
            f"{value!r} is one start; write two or more with semicolons between, as 0,0,0;50,3,3"
        )
    return _counted(found)


def scales(ctx: click.Context, param: click.Parameter, value: str | None) -> list[str] | None:
    """Accept scales with commas between, such as none,standard."""
    if value is None:
        return None
    from gdviz.core.features import SCALERS
    from gdviz.core.registry import chosen

    try:
        known = ["none", *SCALERS]
        return _counted([chosen(known, part.strip(), "scaling") for part in value.split(",")])
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def batch_sizes(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> list[int | str] | None:
    """Accept numbers of rows with commas between, or all, such as all,8,1."""
    if value is None:
        return None
    whole = count("all", most=10_000_000)
    return _counted([whole(ctx, param, part.strip()) for part in value.split(",")])


def _counted(values: list[Any]) -> list[Any]:
    """Refuse one value, more than can be told apart, and one that is there twice."""
    from gdviz.core.comparison import check_count

    try:
        check_count([str(value) for value in values])
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    return values
