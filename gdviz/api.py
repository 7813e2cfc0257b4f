"""The front door: from a table in any form to the history of a descent on it."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from gdviz.core import fit as core
from gdviz.core.arguments import held_besides, plain_keywords
from gdviz.core.functions import Function, function_of
from gdviz.core.history.record import History
from gdviz.core.losses import LOSSES, Loss, loss_of
from gdviz.core.objective import Objective, Regression
from gdviz.core.optimizers import OPTIMIZERS, Optimizer
from gdviz.core.registry import canonical
from gdviz.core.schedules import Schedule
from gdviz.tables.given import dataset_of

__all__ = ["fit"]


@plain_keywords(
    **dict.fromkeys(("lr", "alpha", "eta", "rate", "step_size"), "learning_rate"),
    **dict.fromkeys(("start", "init", "theta", "x0", "w0"), "theta0"),
    **dict.fromkeys(("iterations", "n_iter", "max_iter", "steps", "n_epochs"), "epochs"),
    **{
        "random_state": "seed",
        "intercept": "fixed_intercept",
        "hold": "fixed",
        "batch": "batch_size",
    },
)
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
    objective = _function(X, y, target, features, loss)
    if objective is None:
        classes = loss_of(loss).labels
        dataset = dataset_of(X, y, target=target, features=features, classes=classes)
        objective = Regression(dataset, canonical(LOSSES, loss, "loss"))
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
