"""The front door: from a table in any form to the history of a descent on it, or of several."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Literal

import numpy as np

from gdviz.core import fit as core
from gdviz.core.arguments import held_besides, plain_keywords
from gdviz.core.comparison import (
    Comparison,
    Run,
    check_count,
    check_units,
    compared,
    label_of,
    runs_over,
)
from gdviz.core.features import SCALERS
from gdviz.core.functions import Function, function_of
from gdviz.core.history.record import History
from gdviz.core.losses import LOSSES, Loss, loss_of
from gdviz.core.objective import Objective, Regression
from gdviz.core.optimizers import OPTIMIZERS, Optimizer
from gdviz.core.registry import canonical, chosen
from gdviz.core.schedules import Schedule
from gdviz.tables.given import dataset_of

__all__ = ["compare", "fit"]

# What other libraries call an argument -> what it is called here.
MEANT = {
    **dict.fromkeys(("lr", "alpha", "eta", "rate", "step_size"), "learning_rate"),
    **dict.fromkeys(("start", "init", "theta", "x0", "w0"), "theta0"),
    **dict.fromkeys(("iterations", "n_iter", "max_iter", "steps", "n_epochs"), "epochs"),
    "random_state": "seed",
    "intercept": "fixed_intercept",
    "hold": "fixed",
    "batch": "batch_size",
}


@plain_keywords(**MEANT)
def fit(
    X: Any,
    y: Any = None,
    *,
    target: Any = None,
    features: str | Sequence[Any] | None = None,
    loss: str | Loss = "mse",
    optimizer: str | Optimizer = "gd",
    learning_rate: float | str | Schedule = "gentle",
    epochs: int | Literal["auto"] = "auto",
    theta0: Any = None,
    vary: Sequence[str] | None = None,
    fixed_intercept: float | Literal["ols"] | None = None,
    fixed: Mapping[str, float | Literal["ols"]] | None = None,
    batch_size: int | None = None,
    seed: int | np.random.Generator = 0,
    record: Literal["epoch", "step"] = "epoch",
    tol: float | Literal["auto"] | None = None,
) -> History:
    """Record a descent on a loss, by default the mean squared error (1/n) Σ (y − ŷ)².

    Parameters
    ----------
    X : (n_samples, n_features) array or DataFrame, Dataset, or the path of a table
        Or a function in place of a table: a :class:`Function`, or the name of a classical one, such
        as "function:rosenbrock".
    y : (n_samples,) array or Series
        Two labels may be text. Left out with a Dataset, a path, or `target`.
    target, features : names of columns
        Of a DataFrame or a file: what to predict, and from what. Default of `features`: all others.
    loss : str or Loss
        A name in ``LOSSES``, with options as in "huber:delta=2".
    optimizer : str or Optimizer
        A name in ``OPTIMIZERS``, with options as in "momentum:decay=0.95". One with a weight decay
        λ goes to the lowest cost that has every |θⱼ| ≤ 1/λ, and has arrived only where that is the
        optimum.
    learning_rate : float, "auto", "gentle", or a schedule
        "auto" is 1/λmax of the Hessian over the parameters that move (of its bound, where it is
        not constant); of Adam, RMSprop, AdaGrad and Lion, which step by the rate itself, the one
        that arrives soonest of some that are tried (:mod:`gdviz.core.good_rate`). "gentle" is the
        same, or where that arrives within 100 epochs a smaller one, so that there are 100 to watch.
        A schedule is a function of the step 0, 1, …, or one in ``SCHEDULES`` with its options, as
        in "cosine:from=0.1"; some end with the epochs, and need their number.
    epochs : int or "auto"
        "auto" goes on until it has arrived for good (see :attr:`History.converged`), at most
        100,000 steps; batches until the cost has settled, separable classes until 1 % of the
        starting cost.
    theta0 : (n_features + 1,) array, "zero" or "random"
        Start, the intercept first. Default: "zero"; of a function, the start that it brings.
        "random" draws each parameter from a normal distribution as wide as weights can be expected
        to be, sd(y)/rms(x), by the seed.
    vary : sequence of names ("intercept" or a feature)
        The parameters that move; all others are held at their optimum. Default: all.
    fixed_intercept : float, "ols" or None
        Hold the intercept at this value, or at its optimum; None lets it move.
    fixed : mapping from a name ("intercept" or a feature) to a float or "ols"
        Hold these parameters at their values, or at their optima.
    batch_size : int
        Rows a step; default: all. Each epoch sees every row once, in an order drawn anew.
    seed : int or Generator
        Of that order, and of a random start; a generator goes on from where it is.
    record : "epoch" or "step"
        How often θ is recorded, where an epoch has several steps.
    tol : float, "auto" or None
        End when the cost changes by less than this share of itself from one record to the next.
        "auto" ends where "auto" epochs do, or after the given number of epochs.

    Returns
    -------
    History
        Row 0 is the start. A descent that diverges ends at the last epoch that still draws (a cost
        of 10,000 times the start's), is marked ``diverged``, and warns.

    Raises
    ------
    ValueError
        For a table that cannot be fitted or an argument out of range.
    TypeError
        For a loss or an optimizer that is not made yet (a factory has to be called), an X that is
        no table, or an argument that there is not.

    Warns
    -----
    DivergenceWarning, and sklearn.exceptions.ConvergenceWarning if `tol` was not reached.

    Examples
    --------
    >>> history = fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0], epochs=1000)
    >>> history.theta[-1].round(6)
    array([1., 2.])
    >>> fit("gallery/data/rent.csv", features=["area"]).dataset.feature_names
    ('area',)
    """
    objective = _objective(X, y, target, features, loss)
    fixed_intercept, fixed = held_besides(vary, objective.names, fixed_intercept, fixed)
    return core.fit(
        objective,
        optimizer=canonical(OPTIMIZERS, optimizer, "optimizer"),
        learning_rate=learning_rate,
        epochs=epochs,
        theta0=theta0,
        fixed_intercept=fixed_intercept,
        fixed=fixed,
        batch_size=batch_size,
        seed=seed,
        record=record,
        tol=tol,
    )


@plain_keywords(**MEANT)
def compare(
    X: Any,
    y: Any = None,
    *,
    optimizers: Sequence[str | Optimizer] | None = None,
    learning_rates: Sequence[float | str | Schedule] | None = None,
    starts: Sequence[Any] | None = None,
    scales: Sequence[str] | None = None,
    losses: Sequence[str] | None = None,
    batch_sizes: Sequence[int | Literal["all"]] | None = None,
    target: Any = None,
    features: str | Sequence[Any] | None = None,
    loss: str | Loss = "mse",
    optimizer: str | Optimizer = "gd",
    learning_rate: float | str | Schedule = "auto",
    epochs: int | Literal["auto"] = "auto",
    theta0: Any = None,
    vary: Sequence[str] | None = None,
    fixed_intercept: float | Literal["ols"] | None = None,
    fixed: Mapping[str, float | Literal["ols"]] | None = None,
    batch_size: int | None = None,
    seed: int | np.random.Generator = 0,
    record: Literal["epoch", "step"] = "epoch",
    tol: float | Literal["auto"] | None = None,
) -> Comparison:
    """Record descents that differ in one thing: a dict, label -> history.

    Parameters
    ----------
    X, y, target, features
        As in :func:`fit`: a table in any form, or a function.
    optimizers, learning_rates, starts, scales, losses, batch_sizes : sequence
        Exactly one of them, of two to eight values. Learning rates are those of :func:`fit`, or
        shares of 1/λmax such as "0.1/L" or "1.9/λ"; scales "none", "standard", "mean" or
        "minmax"; batch sizes numbers of rows, or "all".
    learning_rate : float, "auto", "gentle", or a schedule
        "auto" is the own good rate of each optimizer, scale or loss, which the labels then name; of
        starts and batch sizes one for all, the smallest of those that are good for each.
    epochs : int or "auto"
        "auto" goes on until each has arrived; those that do not, for twice as long as the slowest.
    loss, optimizer, theta0, vary, fixed_intercept, fixed, batch_size, seed, record, tol
        As in :func:`fit`, but for the one that varies. Of scales, a start is that of the unscaled
        table, and is given to each as the θ that predicts the same.

    Returns
    -------
    Comparison
        Prints who arrived when.

    Raises
    ------
    ValueError, TypeError
        As :func:`fit`; and if not exactly one thing varies, or its values are too few or too many.

    Examples
    --------
    >>> rent = "gallery/data/rent.csv"
    >>> runs = compare(rent, optimizers=["gd", "momentum"], fixed_intercept="ols")
    >>> [(label, history.converged) for label, history in runs.items()]
    [('plain', True), ('momentum', True)]
    """
    given: dict[str, Any] = {
        "optimizers": optimizers,
        "learning_rates": learning_rates,
        "starts": starts,
        "scales": scales,
        "losses": losses,
        "batch_sizes": batch_sizes,
    }
    varied, values = _what_varies(given)
    optimizer = canonical(OPTIMIZERS, optimizer, "optimizer")
    if varied == "learning_rates":
        check_units(values, optimizer)
    common = {
        "optimizer": optimizer,
        "learning_rate": learning_rate,
        "epochs": epochs,
        "theta0": theta0,
        "batch_size": batch_size,
        "seed": seed,
        "record": record,
        "tol": tol,
    }
    made = partial(_objective, X, y, target, features)
    if varied == "losses":
        named = [_named_loss(value) for value in values]
        runs = [Run(label_of(one), made(one), {}) for one in named]
    elif varied == "scales":
        runs = _over_scales(made(loss), values, common)
    else:
        runs = [Run("", made(loss), {})]
    intercept, held = held_besides(vary, runs[0].objective.names, fixed_intercept, fixed)
    common |= {"fixed_intercept": intercept, "fixed": held}
    if varied not in ("losses", "scales"):
        runs = runs_over(runs[0].objective, varied, values, common)
    return compared(runs, one_rate=varied in ("starts", "batch_sizes"), **common)


def _what_varies(given: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """Return the one thing that is given, and its values."""
    named = [name for name, values in given.items() if values is not None]
    if len(named) != 1:
        got = f"{' and '.join(named)} are given" if named else "none is given"
        raise ValueError(
            f"a comparison varies one of {', '.join(given)}, and leaves all else equal; {got}"
        )
    values = given[named[0]]
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise TypeError(f"{named[0]} is a list of what is compared, not {values!r}")
    check_count([str(value) for value in values])
    return named[0], [*values]


def _named_loss(given: Any) -> str:
    if not isinstance(given, str):
        raise TypeError(f"losses are compared by name, as in huber:delta=2, not {given!r}")
    return str(canonical(LOSSES, given, "loss"))


def _over_scales(
    objective: Objective, kinds: Sequence[Any], common: Mapping[str, Any]
) -> list[Run]:
    """Runs over differently scaled features, from a start that predicts the same."""
    if not isinstance(objective, Regression):
        raise ValueError(f"{objective} has no features to scale")
    table = objective.dataset
    if table.scaling is not None:
        raise ValueError("the features are scaled already; compare scales of the unscaled table")
    start = core.starting_point(objective, common["theta0"], common["seed"])
    runs = []
    for kind in (chosen(["none", *SCALERS], str(kind), "scaling") for kind in kinds):
        scaled = table if kind == "none" else table.scaled(kind)
        theta0 = start if scaled.scaling is None else scaled.scaling.matrix @ start
        label = "unscaled" if kind == "none" else f"scaled: {kind}"
        runs.append(Run(label, Regression(scaled, objective.loss), {"theta0": theta0}))
    return runs


def _objective(X: Any, y: Any, target: Any, features: Any, loss: str | Loss) -> Objective:
    """Return the objective: a function, or a loss on a table in any form."""
    function = _function(X, y, target, features, loss)
    if function is not None:
        return function
    classes = loss_of(loss).labels
    dataset = dataset_of(X, y, target=target, features=features, classes=classes)
    return Regression(dataset, canonical(LOSSES, loss, "loss"))


def _function(X: Any, *of_tables: Any) -> Objective | None:
    """Return the function that is given in place of a table, if one is."""
    prefix = "function:"
    text = isinstance(X, str) and X.lower().startswith(prefix)
    if not text and not isinstance(X, Function):
        return None
    y, target, features, loss = of_tables
    if not (y is None and target is None and features is None and loss == "mse"):
        raise ValueError("a function has no table: leave y, target, features and loss out")
    return function_of(X[len(prefix) :] if text else X)
