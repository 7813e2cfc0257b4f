"""The command line: flags to calls, and no logic of its own.

Only click is imported here; numpy, matplotlib and the rest are imported by the command that needs
them, so that ``gdviz --help`` answers at once.

Exit status: 0; 1, the work failed; 2, the command line is wrong; 130, interrupted. An error is a
line or two on standard error. Standard output is for results: the table that ``gdviz fit`` prints.
"""

import io
import os
import signal
import sys
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gdviz import __version__
from gdviz.cli.options import (
    batch_sizes,
    columns,
    count,
    frames,
    kinds,
    labels,
    learning_rate,
    learning_rates,
    number,
    path_text,
    rates,
    registered,
    scales,
    several,
    size,
    start,
    starts,
)
from gdviz.cli.outputs import check_file, check_film, size_of
from gdviz.cli.signals import CAME, heed
from gdviz.files import full_disk_named
from gdviz.messages import reading, refit

if TYPE_CHECKING:
    from gdviz.core.comparison import Comparison
    from gdviz.core.dataset import Dataset
    from gdviz.core.history.record import History
    from gdviz.core.objective import Objective, Regression
    from gdviz.views.kinds import Kinds

__all__ = ["main"]

LET_MOVE = "--fixed-intercept none lets it move"
MOST_PIXELS = 1e8  # of a frame; film and palette hold a few bytes for each


class Program(click.Group):
    """The command line as a whole."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; click, left alone, would print an empty line for an interrupt."""
        try:
            with reading("table"):
                return super().invoke(ctx)
        except KeyboardInterrupt:
            raise click.Abort from None


class Descend(click.Command):
    """A command whose help lists what there is to choose from, by itself."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from gdviz.core.functions import FUNCTIONS
        from gdviz.core.losses import LOSSES
        from gdviz.core.optimizers import OPTIMIZERS
        from gdviz.core.schedules import SCHEDULES

        registries: dict[str, Mapping[str, Callable[..., Any]]] = {
            "Losses": LOSSES,
            "Optimizers": OPTIMIZERS,
            "Schedules of the learning rate": SCHEDULES,
            "Functions": FUNCTIONS,
        }
        for heading, registry in registries.items():
            _list(formatter, f"{heading}, with options as in name:option=number", registry)
        super().format_epilog(ctx, formatter)


class Animate(Descend):
    """A command whose help lists the kinds of picture and the formats as well."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from gdviz.film.encoding.formats import FORMATS
        from gdviz.renderers import RENDERERS

        _list(formatter, "Kinds, beside each other with +, under each other with /", RENDERERS)
        with formatter.section("Formats, by the end of OUT; / is a folder of frames"):
            formatter.write_text(", ".join(FORMATS))
        super().format_epilog(ctx, formatter)


def _list(
    formatter: click.HelpFormatter, heading: str, registry: Mapping[str, Callable[..., Any]]
) -> None:
    with formatter.section(heading):
        formatter.write_dl([(name, _first_line(make)) for name, make in registry.items()])


def _first_line(function: Callable[..., Any]) -> str:
    return (function.__doc__ or "").strip().splitlines()[0]


def _options(*options: Callable[..., Any]) -> Callable[..., Any]:
    return lambda command: reduce(lambda inner, option: option(inner), reversed(options), command)


TABLE = _options(
    click.option("--target", metavar="NAME", help="Column to predict. [default: the last]"),
    click.option(
        "--features",
        metavar="NAMES",
        multiple=True,
        callback=columns,
        help="Columns to predict from, such as area,age. [default: all other numbers]",
    ),
    click.option("--encoding", metavar="CODEC", help="Of a text file, such as gbk or utf-16."),
    click.option(
        "--decimal",
        type=click.Choice([".", ","]),
        help="Sign before the decimals of a text file. [default: found by looking]",
    ),
    click.option(
        "--sheet",
        metavar="NAME_OR_NUMBER",
        help="Of a workbook. [default: the first]",
    ),
    click.option(
        "--labels",
        metavar="A,B",
        multiple=True,
        callback=labels,
        help="Keep the rows of two labels of the target, such as setosa,versicolor.",
    ),
    click.option("--drop-missing", is_flag=True, help="Leave out rows with missing values."),
    click.option(
        "--degree",
        type=click.IntRange(1, 20),
        default=1,
        show_default=True,
        help="Add all products of the features up to this degree.",
    ),
    click.option(
        "--scale",
        type=click.Choice(["standard", "mean", "minmax", "none"], case_sensitive=False),
        default="none",
        show_default=True,
        help="Bring the features to a common scale.",
    ),
)


DESCENT = _options(
    click.option(
        "--vary",
        metavar="NAMES",
        multiple=True,
        callback=columns,
        help="The parameters that move, such as area,age or intercept,area; all others are "
        "held at their optimum. [default: all but what --fixed-intercept holds]",
    ),
    click.option(
        "--fixed-intercept",
        metavar="NUMBER",
        callback=number("ols", "none"),
        help="Hold the intercept at a number or at its optimum (ols), or let it move (none). "
        "[default: ols for two features where there is an optimum, else none]",
    ),
    click.option(
        "--learning-rate",
        metavar="NUMBER",
        callback=learning_rate,
        default="gentle",
        show_default=True,
        help="Length of the steps; auto is 1/λmax, gentle takes 100 epochs or more to arrive; or a "
        "schedule such as cosine:from=0.1, see below.",
    ),
    click.option(
        "--epochs",
        metavar="NUMBER",
        callback=count("auto", most=10_000_000),
        default="auto",
        show_default=True,
        help="Number of epochs; auto goes on until it has arrived.",
    ),
    click.option(
        "--start",
        metavar="NUMBERS",
        callback=start,
        help="Intercept and weights, such as --start=-1,3,3; or zero, or random. [default: zero; a "
        "function brings its own]",
    ),
    click.option(
        "--loss",
        default="mse",
        show_default=True,
        callback=registered("loss"),
        help="What to make small, see below.",
    ),
    click.option(
        "--optimizer",
        default="gd",
        show_default=True,
        callback=registered("optimizer"),
        help="How to step, such as adam or momentum:decay=0.95; see below.",
    ),
    click.option("--batch-size", type=click.IntRange(1), help="Rows a step. [default: all]"),
    click.option(
        "--record",
        type=click.Choice(["epoch", "step"], case_sensitive=False),
        default="epoch",
        show_default=True,
        help="What is recorded of batches.",
    ),
    click.option(
        "--seed",
        type=click.IntRange(0),
        default=0,
        show_default=True,
        help="Of the order of batches, and of a random start.",
    ),
    click.option(
        "--tol",
        metavar="NUMBER",
        callback=number(least=0),
        help="End when the cost changes by less than this share of itself.",
    ),
)

FILM = _options(
    click.option(
        "--frames",
        metavar="FRAMES",
        callback=frames,
        help="A count, or slices of the epochs such as 0:50,50:100:5. [default: 100]",
    ),
    click.option(
        "--fps",
        metavar="NUMBER",
        callback=number(least=0.1, most=1000),
        help="Frames a second. [default: 20, the start and few frames longer]",
    ),
    click.option(
        "--size", metavar="WxH", callback=size, help="Width and height in inches, such as 10x8."
    ),
    click.option(
        "--dpi",
        metavar="NUMBER",
        callback=number(least=20, most=600),
        default="100",
        show_default=True,
        help="Pixels an inch.",
    ),
    click.option(
        "--hold",
        metavar="NUMBER",
        callback=number(least=0, most=600),
        default="2",
        show_default=True,
        help="Seconds that the last frame stays.",
    ),
    click.option(
        "--loop",
        type=click.IntRange(0, 65535),
        default=0,
        show_default=True,
        help="How often it plays; 0 is for ever. Of a video, its player decides.",
    ),
)

# What is compared -> the flag of one value, which it takes the place of.
VARIED = {
    "optimizers": "optimizer",
    "learning_rates": "learning_rate",
    "starts": "start",
    "scales": "scale",
    "losses": "loss",
    "batch_sizes": "batch_size",
}
COMPARED = _options(
    click.option(
        "--optimizers",
        metavar="NAMES",
        callback=several("optimizer"),
        help='Such as gd,momentum,adam; or "momentum:decay=0.95;adam:beta1=0.8".',
    ),
    click.option(
        "--learning-rates",
        metavar="NUMBERS",
        callback=learning_rates,
        help="Such as 0.001,0.01; or in units of 1/λmax, as 0.1/L,1/L,1.9/L.",
    ),
    click.option(
        "--starts",
        metavar="STARTS",
        callback=starts,
        help='All parameters of each, such as "0,0,0;50000,3,3".',
    ),
    click.option("--scales", metavar="NAMES", callback=scales, help="Such as none,standard."),
    click.option(
        "--losses",
        metavar="NAMES",
        callback=several("loss"),
        help='Such as mse,huber; or "mse;huber:delta=2".',
    ),
    click.option("--batch-sizes", metavar="NUMBERS", callback=batch_sizes, help="Such as all,8,1."),
)

# What a saved history has settled already.
SETTLED = {
    *("target", "features", "encoding", "decimal", "drop_missing", "sheet", "labels"),
    *("learning_rate", "epochs", "start", "fixed_intercept", "degree", "scale"),
    *("loss", "optimizer", "batch_size", "record", "seed", "tol"),
}
# What functions, which have no table, do not know.
OF_TABLES = {
    *("target", "features", "encoding", "decimal", "drop_missing", "sheet", "labels", "degree"),
    *("scale", "loss", "batch_size", "record", "fixed_intercept"),
    *("scales", "losses", "batch_sizes"),
}
# What judging learning rates does not look at.
UNASKED = {
    *("learning_rate", "epochs", "start", "loss", "optimizer", "batch_size", "seed", "tol"),
    *("record", "vary", "save"),
}


@click.group(
    cls=Program,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="gdviz")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Turn a table of numbers into an animation of gradient descent finding its regression.

    \b
    gdviz animate data.csv out.gif
    gdviz fit data.csv
    """  # noqa: D301 (click's mark for lines that it is not to wrap)
    if ctx.invoked_subcommand is None:
        _say(ctx.get_help())
        ctx.exit(2)


@cli.command(cls=Descend)
@click.argument("data", callback=path_text)
@TABLE
@DESCENT
@click.option("--save", metavar="FILE", callback=path_text, help="Write the history, as .npz.")
@click.option(
    "--learning-rates",
    metavar="NUMBERS",
    callback=rates,
    help="Say instead what each of these rates would do, such as 0.001,0.01 or auto.",
)
@click.option("-y", "--overwrite", is_flag=True, help="Replace the saved history if it is there.")
@click.pass_context
def fit(
    ctx: click.Context,
    /,
    data: str,
    save: str | None,
    learning_rates: Any,
    overwrite: bool,
    **options: Any,
) -> None:
    """Fit DATA, a table file, and print start, end and optimum of the descent.

    DATA may also be a history that --save wrote, or a function such as function:rosenbrock.

    \b
    gdviz fit gallery/data/rent.csv --features area,age --save rent.npz
    """  # noqa: D301
    if save is not None:
        check_file(save, overwrite)
        if not save.lower().endswith(".npz"):
            raise click.BadParameter(f"{save} must end in .npz", param_hint="--save")
    if learning_rates is not None:
        if _is_function(data):
            raise click.UsageError(
                "--learning-rates of fit judges a table; of a function: gdviz compare "
                f"{data} OUT --learning-rates …"
            )
        _refuse(
            ctx, UNASKED, "cannot be followed: this judges plain descent from its default start"
        )
        _print(_rates(Path(data), learning_rates, options))
        return
    if _is_history(data):
        history = _loaded(ctx, data, {*SETTLED, "vary"})
    else:
        _check_vary(options["vary"], options["fixed_intercept"])
        history = _fitted(ctx, data, options)
    _print(history)
    if save is not None:
        history.save(save)
        _say(f"saved {save}")


@cli.command(cls=Animate)
@click.argument("data", callback=path_text)
@click.argument("out", callback=path_text)
@click.option(
    "--kind",
    metavar="KIND",
    callback=kinds,
    help="What to draw, such as plane+contour/parameters; see below. [default: plane+contour for "
    "two features, else parameters]",
)
@click.option(
    "--through",
    type=click.Choice(["pca", "hessian"], case_sensitive=False),
    help="Draw contour or surface on a plane through the end of the path where more than two "
    "parameters move: along its two main directions, or the steepest and the flattest.",
)
@TABLE
@DESCENT
@FILM
@click.option("-y", "--overwrite", is_flag=True, help="Replace OUT if it is there.")
@click.pass_context
def animate(
    ctx: click.Context,
    /,
    data: str,
    out: str,
    kind: "Kinds | None",
    through: str | None,
    overwrite: bool,
    **options: Any,
) -> None:
    """Draw the descent on DATA into OUT, such as out.gif.

    DATA is a table file, a saved history, or a function such as function:rosenbrock.

    The suffix of OUT says the format; a slash at its end, that it is a folder of frames.

    \b
    gdviz animate gallery/data/rent.csv rent.gif
    """  # noqa: D301
    film = {name: options.pop(name) for name in ("frames", "fps", "size", "dpi", "hold", "loop")}
    check_film(out, overwrite=overwrite, fps=film["fps"], loop=film["loop"])
    _check_pixels(film["size"], film["dpi"])
    from gdviz.film.progress import Bar
    from gdviz.renderers.kinds import picture
    from gdviz.views.kinds import usual_kinds

    if through is not None:
        kind = _check_through(kind)
    _check_vary(options["vary"], options["fixed_intercept"], kind, through)
    if _is_history(data):
        history = _loaded(ctx, data, SETTLED)
        chosen = _chosen_in(history, options["vary"], kind)
    else:
        history, chosen = _fitted(ctx, data, options, kind or (), through), {}
    if through is not None:
        chosen = {**chosen, "through": through}
    for line in (history.outcome, *history.remarks):
        _say(line)
    scene = picture(history, kind or usual_kinds(history), **chosen)
    with Bar() as bar:
        scene.save(out, progress=bar, **film)
    _say_saved(out, bar.total)


@cli.command(cls=Animate)
@click.argument("data", callback=path_text)
@click.argument("out", callback=path_text)
@COMPARED
@click.option(
    "--kind",
    metavar="KIND",
    callback=kinds,
    help="What to draw, see below. [default: contour+progress where two parameters move, else "
    "parameters+progress]",
)
@TABLE
@DESCENT
@FILM
@click.option("-y", "--overwrite", is_flag=True, help="Replace OUT if it is there.")
@click.pass_context
def compare(
    ctx: click.Context,
    /,
    data: str,
    out: str,
    kind: "Kinds | None",
    overwrite: bool,
    **options: Any,
) -> None:
    """Draw descents on DATA that differ in one thing into OUT, and print who arrived when.

    DATA is a table file, or a function such as function:himmelblau. One of the first six flags
    says what differs; two to eight values of it are compared, and all else is equal.

    \b
    gdviz compare gallery/data/rent.csv out.gif --optimizers gd,momentum,adam
    gdviz compare gallery/data/rent.csv out.gif --learning-rates 0.1/L,1/L,1.9/L,2.1/L
    """  # noqa: D301
    film = {name: options.pop(name) for name in ("frames", "fps", "size", "dpi", "hold", "loop")}
    varied = _varied(ctx, options)
    check_film(out, overwrite=overwrite, fps=film["fps"], loop=film["loop"])
    _check_pixels(film["size"], film["dpi"])
    from gdviz.film.progress import Bar
    from gdviz.renderers.kinds import picture_of_runs

    _check_several(kind or ())
    _check_vary(options["vary"], options["fixed_intercept"], kind)
    runs = _compared(ctx, data, varied, options, kind or ())
    _print(runs)
    scene = picture_of_runs(runs, kind)
    with Bar() as bar:
        scene.save(out, progress=bar, **film)
    _say_saved(out, bar.total)


# Of a race each has to do its best: nothing is slowed down to be watched.
next(param for param in compare.params if param.name == "learning_rate").default = "auto"


def _say_saved(out: str, total: int) -> None:
    frames = f"{total} frame{'s' * (total != 1)}, " if total else ""
    _say(f"{out}: {frames}{size_of(out) / 1000:,.0f} kB")


def _check_several(kinds: "Kinds") -> None:
    """Refuse a kind of picture that draws one descent only."""
    from gdviz.renderers.kinds import check_several

    try:
        check_several(kinds)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _varied(ctx: click.Context, options: dict[str, Any]) -> dict[str, Any]:
    """Return what is compared, by its name; refuse none, two, and what is to be equal as well."""
    given = {name: options.pop(name) for name in VARIED}
    varied = {name: values for name, values in given.items() if values is not None}
    flags = ["--" + name.replace("_", "-") for name in varied or VARIED]
    if not varied:
        raise click.UsageError(f"nothing to compare: give one of {', '.join(flags)}")
    if len(varied) > 1:
        raise click.UsageError(
            f"{' and '.join(flags)} cannot vary at once: what differs would not tell which did it"
        )
    (name,) = varied
    _refuse(ctx, {VARIED[name]}, f"is what {flags[0]} varies")
    return varied


def _compared(
    ctx: click.Context,
    data: str,
    varied: dict[str, Any],
    options: dict[str, Any],
    kinds: "Kinds",
) -> "Comparison":
    """Read a table, or find a function, and make the descents that are compared."""
    from gdviz.api import compare

    if _is_history(data):
        raise click.UsageError(
            f"{data} is one descent that is made already; name the table it was made of"
        )
    if "losses" in varied:
        options = options | {"loss": varied["losses"][0]}
    for rate in varied.get("learning_rates", [options["learning_rate"]]):
        _check_schedule(rate, options["epochs"])
    _check_units(varied.get("learning_rates", []), options["optimizer"])
    for one in varied.get("starts", []):
        _check_start(one, options["features"])
    objective = _objective(ctx, data, options)
    intercept = _intercept(objective, options)
    if kinds:
        _check_kinds(kinds, objective, intercept, options)
    equal = {name: options[name] for name in options if name not in map(VARIED.get, varied)}
    table = getattr(objective, "dataset", objective)
    runs = compare(table, **varied, fixed_intercept=intercept, **_arguments(data, equal))
    _say_held(runs, unasked=intercept is not None and options["fixed_intercept"] is None)
    return runs


def _check_units(rates: list[Any], optimizer: str) -> None:
    """Refuse, before the table is read, shares of 1/λmax where they are no rates."""
    from gdviz.core.comparison import check_units

    try:
        check_units(rates, optimizer)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _arguments(data: str, options: dict[str, Any]) -> dict[str, Any]:
    """Return those of the options that are arguments of a fit, but for what it holds."""
    names = ["learning_rate", "epochs", "start", "vary", "optimizer", "seed", "tol"]
    if not _is_function(data):
        names += ["loss", "batch_size", "record"]
    called = {"start": "theta0"}
    return {called.get(name, name): options[name] for name in names if name in options}


def _say_held(runs: "Comparison", *, unasked: bool) -> None:
    """Say what is held; its value, if it is that of all."""
    from gdviz.core.wording import listing

    first, *others = runs.values()
    if not first.fixed:
        return
    names = listing(first.objective.names[j] for j in first.fixed)
    alike = all(other.held == first.held for other in others)
    said = _held_in(first) if alike else f"held: {names}, of each at its own optimum"
    _say(said + f" ({LET_MOVE})" * unasked)


def _print(result: object) -> None:
    with full_disk_named("standard output"):
        click.echo(str(result))


def _rates(data: Path, rates: Any, options: dict[str, Any]) -> object:
    from gdviz.core.objective import Regression
    from gdviz.core.rates import learning_rates

    dataset = _dataset(data, options)
    intercept = _intercept(Regression(dataset), options)
    if intercept is not None and options["fixed_intercept"] is None:
        _say(f"held: intercept at least squares ({LET_MOVE})")
    return learning_rates(dataset, rates, fixed_intercept=intercept)


def _is_history(data: str) -> bool:
    return data.lower().endswith(".npz")


def _loaded(ctx: click.Context, data: str, settled: set[str]) -> "History":
    """Load a saved history; refuse flags that it could not follow, and advise what it can."""
    from gdviz.core.history.record import History

    _refuse(ctx, settled, f"is settled in the saved history {data}")
    history = History.load(data)
    function = getattr(history.objective, "registered", None)
    ctx.with_resource(reading("saved", of=f"function:{function}" if function else "TABLE"))
    return history


def _fitted(
    ctx: click.Context,
    data: str,
    options: dict[str, Any],
    kinds: "Kinds" = (),
    through: str | None = None,
) -> "History":
    """Read a table, or find a function, and descend on it; say what was chosen and what is held."""
    from gdviz.api import fit

    _check_schedule(options["learning_rate"], options["epochs"])
    objective = _objective(ctx, data, options)
    intercept = _intercept(objective, options, free=through is not None)
    if kinds:
        _check_kinds(kinds, objective, intercept, options, through)
    table = getattr(objective, "dataset", objective)
    history = fit(table, fixed_intercept=intercept, **_arguments(data, options))
    unasked = intercept is not None and options["fixed_intercept"] is None
    if history.fixed:
        _say(_held_in(history) + f" ({LET_MOVE})" * unasked)
    return history


def _is_function(data: str) -> bool:
    return data.lower().startswith("function:")


def _objective(ctx: click.Context, data: str, options: dict[str, Any]) -> "Objective":
    """Return the objective: a loss over the table of a file, or a function by its name."""
    from gdviz.core.functions import function_of
    from gdviz.core.objective import Regression

    if _is_function(data):
        _refuse(ctx, OF_TABLES, f"is of tables, and {data} has none")
        try:
            return function_of(data.partition(":")[2])
        except ValueError as error:
            raise click.UsageError(str(error)) from None
    return Regression(_dataset(Path(data), options), options["loss"])


def _intercept(objective: "Objective", options: dict[str, Any], *, free: bool = False) -> Any:
    """Return what the intercept is held at, None where it moves.

    Of two features it is held unless something else is asked for, so that the descent is one that
    can be drawn as a path on the cost over two weights; not where it is to be free for the path to
    be projected.
    """
    from gdviz.core.objective import Regression

    asked = options["fixed_intercept"]
    if asked is None and not free and not options["vary"] and isinstance(objective, Regression):
        two = objective.dataset.n_features == 2
        return "ols" if two and _has_optimum(objective) else None
    return None if asked == "none" else asked


def _has_optimum(regression: "Regression") -> bool:
    """Whether there is an optimum to hold a parameter at: not where classes can be told apart."""
    return not regression.function.labels or regression.lowest({}, regression.start).exists


def _check_kinds(
    kinds: "Kinds",
    objective: "Objective",
    intercept: Any,
    options: dict[str, Any],
    through: str | None = None,
) -> None:
    """Refuse, before the descent, what could not be drawn of it."""
    from gdviz.core.arguments import held_besides
    from gdviz.renderers.kinds import check_kinds

    names = objective.names
    intercept, fixed = held_besides(options["vary"], names, intercept, None)
    held = {*(fixed or {}), *(["intercept"] if intercept is not None else [])}
    moved = [j for j, name in enumerate(names) if name not in held]
    check_kinds(kinds, objective, moved, through)


def _held_in(history: "History") -> str:
    from gdviz.core.text import plain
    from gdviz.core.wording import listing

    names = history.objective.names
    return f"held: {listing(f'{names[j]} {plain(history.theta[0, j])}' for j in history.fixed)}"


def _dataset(data: Path, options: dict[str, Any]) -> "Dataset":
    """Read a table, say what was chosen, and make its features."""
    from gdviz.core.losses import loss_of
    from gdviz.tables.table import read_table

    if options["degree"] == 1:
        _check_start(options["start"], options["features"])
    names = ("target", "features", "encoding", "decimal", "drop_missing", "sheet", "labels")
    given = {name: options[name] for name in names if options[name] is not None}
    if loss_of(options["loss"]).labels:
        given["classes"] = True
    dataset = read_table(data, **given)
    for note in dataset.notes:
        _say(note)
    if options["degree"] > 1:
        dataset = dataset.powers(options["degree"])
    return dataset if options["scale"] == "none" else dataset.scaled(options["scale"])


def _check_through(kinds: "Kinds | None") -> "Kinds":
    """Return what is drawn where a plane is named: contour, if nothing else is asked for."""
    from gdviz.renderers.kinds import honouring

    names, planes = {name for row in kinds or () for name in row}, honouring("through")
    if kinds and not names & {*planes}:
        raise click.UsageError(f"--through is of {' and '.join(planes)}; {min(names)} has no plane")
    return kinds or (("contour",),)


def _check_vary(
    vary: list[str] | None,
    intercept: float | str | None,
    kinds: "Kinds | None" = None,
    through: str | None = None,
) -> None:
    """Refuse, before the table is read, parameters that cannot vary or cannot be drawn."""
    if not vary:
        return
    names = {name for row in kinds or () for name in row}
    if len(set(vary)) < len(vary):
        raise click.UsageError("--vary names a parameter twice")
    flat = names - {"parameters"} - ({"contour", "surface"} if through else set())
    if len(vary) != 2 and flat:
        drawn = min(flat)
        raise click.UsageError(f"{drawn} is drawn over two parameters; --vary names {len(vary)}")
    if "plane" in names and "intercept" in vary:
        raise click.UsageError("plane is drawn over two features; --vary names the intercept")
    if intercept is not None and ("intercept" in vary) == (intercept != "none"):
        raise click.UsageError("--vary and --fixed-intercept contradict each other")


def _check_schedule(rate: float | str, epochs: int | str) -> None:
    """Refuse, before the table is read, a schedule whose end is not known."""
    from gdviz.core.schedules import checked_schedule, named_like_schedule

    if isinstance(rate, str) and named_like_schedule(rate):
        try:
            checked_schedule(rate, epochs=epochs)
        except ValueError as error:
            raise click.UsageError(str(error)) from None


def _chosen_in(history: "History", vary: list[str] | None, kinds: "Kinds | None") -> dict[str, Any]:
    """The two of the features of a saved history that are drawn, where more of them moved."""
    names = history.objective.names
    if not vary or set(vary) == {names[j] for j in history.moving}:
        return {}
    if kinds and all(name == "plane" for row in kinds for name in row):
        return {"vary": tuple(vary)}
    raise click.UsageError(
        f"--vary cannot hold what moved in a saved history: {refit(vary=tuple(vary))}"
    )


def _refuse(ctx: click.Context, flags: set[str], why: str) -> None:
    """Refuse flags that would be ignored."""
    given = click.core.ParameterSource.COMMANDLINE
    for param in ctx.command.params:
        if param.name in flags and ctx.get_parameter_source(param.name) == given:
            raise click.UsageError(f"{param.opts[-1]} {why}; leave it out")


def _check_start(start: list[float] | str | None, features: list[str] | None) -> None:
    """Refuse, where it can be known before the table is read, a start of another length."""
    from gdviz.core.wording import counted

    if isinstance(start, list) and features and len(start) != len(features) + 1:
        raise click.UsageError(
            f"--start has {counted(len(start), 'number')}; for {', '.join(features)} it needs "
            f"{len(features) + 1}: the intercept, and a weight for each"
        )


def _check_pixels(size: tuple[float, float] | None, dpi: float) -> None:
    width, height = size or (0, 0)
    if width * height * dpi**2 > MOST_PIXELS:
        raise click.UsageError(
            f"{width:g}x{height:g} inches at {dpi:g} dpi are {width * dpi:,.0f} x "
            f"{height * dpi:,.0f} pixels; make --size or --dpi smaller"
        )


# -- What is said -----------------------------------------------------------------------------


def _say(text: str) -> None:
    # That nobody hears it is no reason to fail.
    with suppress(OSError):
        click.echo(text, err=True)


def main() -> None:
    """Run the command line and exit with its status; never show a traceback."""
    _prepare()
    try:
        sys.exit(_status())
    finally:
        _let_go(sys.stdout)
        _let_go(sys.stderr)


def _prepare() -> None:
    """Set the process up: its streams, its signals, its warnings."""
    _open_streams()
    # No window is opened, and a backend that is not installed would be an error.
    os.environ["MPLBACKEND"] = "agg"
    heed(main.__code__)
    warnings.simplefilter("ignore")
    warnings.simplefilter("once", UserWarning)
    warnings.showwarning = lambda message, *_, **__: _say(f"Warning: {_line(message)}")


def _open_streams() -> None:
    """Open what was closed, or a file of ours would take its number."""
    for name, mode in {"stdin": "r", "stdout": "w", "stderr": "w"}.items():
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
    # What a terminal cannot show is no reason to fail.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def _let_go(stream: Any) -> None:
    """Flush a stream and drop what it does not take, of which Python would complain at exit."""
    try:
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _status() -> int:
    """Run the command line: 0, 1 the work failed, 2 it is wrong itself, 130 interrupted."""
    try:
        status = int(cli.main(prog_name="gdviz", standalone_mode=False) or 0)
        return _stopped() if CAME else status
    except click.ClickException as error:
        return _refused(error)
    except BrokenPipeError:
        return 1  # whoever read the output has gone
    except Exception as error:
        # A library on the way may have made another error of what a signal raised, or dropped it.
        if isinstance(error, click.Abort) or CAME:
            return _stopped()
        if os.environ.get("GDVIZ_DEBUG"):
            raise
        _say(f"Error: {_explained(error)}")
        return 1


def _stopped() -> int:
    """Exit status of what was stopped from outside; who pressed Ctrl-C is told."""
    signum = CAME[0] if CAME else signal.SIGINT
    if signum == signal.SIGINT:
        _say("Interrupted.")
    return 128 + signum


def _refused(error: click.ClickException) -> int:
    _say(f"Error: {_line(error.format_message())}")
    if isinstance(error, click.UsageError) and error.ctx is not None:
        _say(f"Try '{error.ctx.command_path} --help'.")
    return error.exit_code


def _explained(error: Exception) -> str:
    """One line for what went wrong; what nobody foresaw is marked as such."""
    if isinstance(error, OSError) and error.filename and error.strerror:
        return _line(f"{error.filename}: {error.strerror}")
    if isinstance(error, (ValueError, OSError)):
        return _line(error)
    if isinstance(error, MemoryError):
        return "not enough memory; fewer epochs, or a smaller --size or --dpi, need less"
    kind = type(error).__name__
    return _line(f"{kind}: {error} (unexpected, please report it; GDVIZ_DEBUG=1 shows where)")


def _line(text: object) -> str:
    return " ".join(str(text).split())
