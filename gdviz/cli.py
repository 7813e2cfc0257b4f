"""The command line: flags to calls, and no logic of its own.

Only click is imported here; numpy, matplotlib and the rest are imported by the command that needs
them, so that ``gdviz --help`` answers at once.

Exit status: 0; 1, the work failed; 2, the command line is wrong; 130, interrupted. An error is a
line or two on standard error. Standard output is for results: the table that ``gdviz fit`` prints.
"""

import csv
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import reduce
from operator import or_
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gdviz import __version__

if TYPE_CHECKING:
    from gdviz.core.history import History

__all__ = ["main"]

SLICED = {"contour", "surface"}  # kinds that want the intercept held fixed


class Kinds(click.ParamType[Any]):
    """Kinds of picture joined by +, such as plane+contour."""

    name = "kind"

    def convert(self, value: Any, param: Any, ctx: Any) -> list[str]:
        from gdviz.renderers import RENDERERS

        kinds = [kind.strip() for kind in value.split("+")]
        for kind in kinds:
            if kind not in RENDERERS:
                choices = ", ".join(RENDERERS)
                self.fail(f"no kind {kind!r}; choose from {choices}, or join some with +")
        return kinds


class Number(click.ParamType[Any]):
    """A number, or one of some words."""

    name = "number"

    def __init__(self, *words: str, kind: type = float, least: float | None = None) -> None:
        self.words, self.kind, self.least = words, kind, least

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        if value in self.words:
            return value
        try:
            number = self.kind(value)
            if abs(number) == float("inf") or number != number:
                raise ValueError
        except ValueError:
            what = "a whole number" if self.kind is int else "a number"
            self.fail(f"{value!r} is not {' or '.join([what, *self.words])}")
        if self.least is not None and (number < self.least or number == 0 == self.least):
            self.fail(f"{value} is too small: it must be {self._bound()}")
        return number

    def _bound(self) -> str:
        return "above 0" if self.least == 0 else f"at least {self.least:g}"


class Size(click.ParamType[Any]):
    """Width x height in inches, such as 10x8."""

    name = "size"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[float, float]:
        try:
            width, height = (float(side) for side in value.lower().split("x"))
        except ValueError:
            self.fail(f"{value!r} is not a size in inches such as 10x8")
        if not (1 <= width <= 100 and 1 <= height <= 100):
            self.fail(f"{value} inches: each side must be from 1 to 100")
        return width, height


class Animate(click.Command):
    """A command whose help lists the kinds of picture that there are."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from gdviz.renderers import RENDERERS

        with formatter.section("Kinds, alone or joined with +"):
            rows = [(kind, _first_line(make)) for kind, make in RENDERERS.items()]
            formatter.write_dl(rows)
        super().format_epilog(ctx, formatter)


def _first_line(function: Callable[..., Any]) -> str:
    return (function.__doc__ or "").strip().splitlines()[0]


def _columns(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> Any:
    """Names as in a line of CSV, so that a name may hold a comma: 'area,"rooms, bath"'."""
    names = [name.strip() for row in csv.reader(values, skipinitialspace=True) for name in row]
    return names or None


def _numbers(ctx: click.Context, param: click.Parameter, value: str | None) -> Any:
    try:
        return None if value is None else [float(number) for number in value.split(",")]
    except ValueError:
        raise click.BadParameter(f"{value!r} is not numbers such as -1,3,3") from None


def _frames(ctx: click.Context, param: click.Parameter, value: str) -> str:
    from gdviz.renderers.schedule import SLICE

    parts = value.split(",")
    if not value.isdigit() and not all(SLICE.fullmatch(part.strip()) for part in parts):
        raise click.BadParameter(f"{value!r} is neither a count nor slices such as 0:50,50:100:5")
    return value


def _options(*options: Callable[..., Any]) -> Callable[..., Any]:
    return lambda command: reduce(lambda inner, option: option(inner), reversed(options), command)


TABLE = _options(
    click.option("--target", metavar="NAME", help="Column to predict. [default: the last]"),
    click.option(
        "--features",
        metavar="NAMES",
        multiple=True,
        callback=_columns,
        help="Columns to predict from, such as area,age. [default: all other numbers]",
    ),
    click.option("--encoding", metavar="CODEC", help="Of a text file, such as gbk or utf-16."),
    click.option("--drop-missing", is_flag=True, help="Leave out rows with missing values."),
)


def _learning_rate(default: str) -> Callable[..., Any]:
    return click.option(
        "--learning-rate",
        type=Number("auto", "gentle", least=0),
        default=default,
        show_default=True,
        help="Length of the steps; auto is 1/λmax, gentle takes 100 epochs or more to arrive.",
    )


DESCENT = _options(
    click.option(
        "--epochs",
        type=Number("auto", kind=int, least=1),
        default="auto",
        show_default=True,
        help="Number of steps; auto goes on until 0.1 % of the cost gap is left.",
    ),
    click.option(
        "--start",
        metavar="NUMBERS",
        callback=_numbers,
        help="Intercept and weights, such as --start=-1,3,3. [default: -1, then 3 for each]",
    ),
    click.option(
        "--fixed-intercept",
        type=Number("ols", "none"),
        help="Hold the intercept at a number, or at its least-squares value (ols).",
    ),
)
# What a saved history has settled already.
SETTLED = {
    *("target", "features", "encoding", "drop_missing"),
    *("learning_rate", "epochs", "start", "fixed_intercept"),
}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="gdviz")
def cli() -> None:
    r"""Turn a table of numbers into an animation of gradient descent finding its regression.

    \b
    gdviz animate --kind contour data.csv out.gif
    gdviz fit data.csv
    """


@cli.command()
@click.argument("data", type=click.Path(path_type=Path))
@TABLE
@_learning_rate("auto")
@DESCENT
@click.option("--save", type=click.Path(path_type=Path), help="Write the history, as .npz.")
@click.pass_context
def fit(ctx: click.Context, /, data: Path, save: Path | None, **options: Any) -> None:
    r"""Fit DATA, a table file, and print its start, end and least squares.

    \b
    gdviz fit gallery/data/rent.csv --features area,age --save rent.npz
    """
    if save is not None:
        _check_place(save, overwrite=True)
        if save.suffix != ".npz":
            raise click.BadParameter(f"{save} must end in .npz", param_hint="--save")
    history = _history(ctx, data, options)
    click.echo(str(history))
    if save is not None:
        history.save(save)
        _say(f"saved {save}")


@cli.command(cls=Animate)
@click.argument("data", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--kind", "kinds", type=Kinds(), required=True, help="What to draw, see below.")
@TABLE
@_learning_rate("gentle")
@DESCENT
@click.option(
    "--frames",
    default="100",
    show_default=True,
    callback=_frames,
    help="A count, or slices of the epochs such as 0:50,50:100:5.",
)
@click.option("--fps", type=Number(least=0), default=20, show_default=True, help="Frames a second.")
@click.option("--size", type=Size(), metavar="WxH", help="In inches, such as 10x8.")
@click.option("--dpi", type=Number(least=0), default=100, show_default=True, help="Pixels an inch.")
@click.option(
    "--hold",
    type=click.FloatRange(0, 600),
    default=2,
    show_default=True,
    help="Seconds that the last frame stays.",
)
@click.option(
    "--loop",
    type=click.IntRange(0, 65535),
    default=0,
    show_default=True,
    help="How often it plays; 0 is for ever.",
)
@click.option("-y", "--overwrite", is_flag=True, help="Replace OUT if it is there.")
@click.pass_context
def animate(
    ctx: click.Context,
    /,
    data: Path,
    out: Path,
    kinds: list[str],
    overwrite: bool,
    **options: Any,
) -> None:
    r"""Draw the descent on DATA, a table file or a saved history, into OUT, such as out.gif.

    \b
    gdviz animate --kind plane+contour gallery/data/rent.csv rent.gif
    """
    _check_place(out, overwrite)
    _check_suffix(out)
    film = {name: options.pop(name) for name in ("frames", "fps", "size", "dpi", "hold", "loop")}
    if SLICED.intersection(kinds) and options["fixed_intercept"] is None and not _is_saved(data):
        options["fixed_intercept"] = "ols"
        _say("the intercept is held at its least-squares value (--fixed-intercept to change)")
    history = _history(ctx, data, options)
    from gdviz.renderers import RENDERERS

    scene = reduce(or_, [RENDERERS[kind](history) for kind in kinds])
    with _progress() as progress:
        scene.save(out, progress=progress, **film)
    _say(f"{out}: {out.stat().st_size / 1000:,.0f} kB")


def _history(ctx: click.Context, data: Path, options: dict[str, Any]) -> "History":
    """Load a saved history, or read a table and descend on it and say what was chosen."""
    if _is_saved(data):
        return _loaded(ctx, data)
    from gdviz.core.descent import fit
    from gdviz.core.table import read_table

    names = ("target", "features", "encoding", "drop_missing")
    dataset = read_table(data, **{name: options[name] for name in names})
    for note in dataset.notes:
        _say(note)
    intercept = options["fixed_intercept"]
    return fit(
        dataset,
        learning_rate=options["learning_rate"],
        epochs=options["epochs"],
        theta0=options["start"],
        fixed_intercept=None if intercept == "none" else intercept,
    )


def _is_saved(data: Path) -> bool:
    return data.suffix.lower() == ".npz"


def _loaded(ctx: click.Context, data: Path) -> "History":
    """Load a saved history; refuse flags that it could not follow."""
    from gdviz.core.history import History

    given = click.core.ParameterSource.COMMANDLINE
    for param in ctx.command.params:
        if param.name in SETTLED and ctx.get_parameter_source(param.name) == given:
            raise click.UsageError(
                f"{param.opts[-1]} is settled in the saved history {data}; leave it out, "
                "or give the table"
            )
    return History.load(data)


def _check_place(out: Path, overwrite: bool) -> None:
    """Refuse, before any work, a place where nothing can be written or something would be lost."""
    if out.is_dir():
        raise click.UsageError(f"{out} is a folder; name a file in it, such as {out / 'out.gif'}")
    if out.exists() and not overwrite:
        raise click.UsageError(f"{out} exists; --overwrite (-y) replaces it")
    if not out.parent.is_dir():
        raise click.UsageError(f"no folder {out.parent} to write {out.name} into; make it first")
    if not os.access(out.parent, os.W_OK):
        raise click.UsageError(f"the folder {out.parent} cannot be written to")


def _check_suffix(out: Path) -> None:
    from gdviz.film.encoders import encoder_for

    try:
        encoder_for(out)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _say(text: str) -> None:
    click.echo(text, err=True)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], object] | None]:
    """Give a callback that moves a bar; none where standard error is not a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with tqdm(unit=" frames", leave=False) as bar:

        def advance(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield advance


def main() -> None:
    """Run the command line; never show a traceback."""
    warnings.simplefilter("ignore")
    warnings.simplefilter("always", UserWarning)
    warnings.showwarning = lambda message, *_, **__: _say(f"Warning: {message}")
    try:
        cli.main(prog_name="gdviz", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        _say(f"Error: {error.format_message()}")
        if isinstance(error, click.UsageError) and error.ctx is not None:
            _say(f"Try '{error.ctx.command_path} --help'.")
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _say("Interrupted.")
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read the output has gone; Python would complain when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        if os.environ.get("GDVIZ_DEBUG"):
            raise
        _say(f"Error: {_explained(error)}")
        sys.exit(1)


def _explained(error: Exception) -> str:
    """One line for what went wrong; what nobody foresaw is marked as such."""
    text = " ".join(str(error).split())
    if isinstance(error, (ValueError, OSError)):
        return text
    return f"{type(error).__name__}: {text} (unexpected; GDVIZ_DEBUG=1 shows where)"
