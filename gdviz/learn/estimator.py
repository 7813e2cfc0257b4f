"""The same descent as a scikit-learn estimator.

An estimator is a description of work to come: its constructor keeps what it is given, ``fit`` does
the work and leaves the results in attributes that end in an underscore. That is all it takes to be
cloned, put at the end of a pipeline and searched over a grid. Here the work is :func:`gdviz.fit`,
and one of the results is ``history_``: the whole descent, ready to be drawn.

Two defaults differ from those of :func:`gdviz.fit`, which are chosen to be watched. The start is
the best constant prediction, from which less is left to go than from 0; and the learning rate is
the quickest that is safe, where ``fit`` takes a gentle one.

``partial_fit`` goes one epoch further: from the same θ, with the optimizer's velocity and averages
and the order of the rows as they were left. So k calls are the k epochs of one fit.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, validate_data

from gdviz.core.arguments import plain_keywords
from gdviz.core.dataset import Dataset
from gdviz.core.fit import fit
from gdviz.core.history.record import History
from gdviz.core.losses import LOSSES, Loss, loss_of
from gdviz.core.moments import Array
from gdviz.core.objective import Regression
from gdviz.core.optimizers import OPTIMIZERS, Optimizer, needs_steepness, scheduled
from gdviz.core.registry import named
from gdviz.core.schedules import (
    CUSTOM,
    Schedule,
    checked_schedule,
    named_like_schedule,
    schedule_of,
)
from gdviz.learn.ongoing import Ongoing

__all__ = ["GradientDescentClassifier", "GradientDescentRegressor"]

Held = float | Literal["ols"]

# What scikit-learn calls otherwise than gdviz.fit, and other libraries than either.
MADE = plain_keywords(
    **dict.fromkeys(("lr", "alpha", "eta0", "eta", "rate", "step_size"), "learning_rate"),
    **dict.fromkeys(("start", "init", "theta", "coef_init", "x0", "w0"), "theta0"),
    **dict.fromkeys(("epochs", "iterations", "n_iter", "steps"), "max_iter"),
    **{"seed": "random_state", "batch": "batch_size", "intercept": "fixed_intercept"},
)


class _GradientDescent(ABC, BaseEstimator):  # type: ignore[misc]
    """Base of the regressor and the classifier by gradient descent."""

    _of_labels: ClassVar[bool]

    @MADE
    def __init__(
        self,
        *,
        loss: str | Loss = "mse",
        optimizer: str | Optimizer = "gd",
        learning_rate: float | str | Schedule = "auto",
        max_iter: int = 100_000,
        tol: float | Literal["auto"] | None = "auto",
        theta0: Any = None,
        fixed_intercept: Held | None = None,
        fixed: Mapping[str, Held] | None = None,
        batch_size: int | None = None,
        random_state: Any = None,
    ) -> None:
        self.loss = loss
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.max_iter = max_iter
        self.tol = tol
        self.theta0 = theta0
        self.fixed_intercept = fixed_intercept
        self.fixed = fixed
        self.batch_size = batch_size
        self.random_state = random_state

    @abstractmethod
    def _dataset(self, X: Any, y: Any, *, reset: bool, classes: Any = None) -> Dataset:
        """Return rows that scikit-learn's validation lets pass; y as numbers."""

    @abstractmethod
    def _constant(self, y: Array) -> float:
        """Return the intercept that predicts y (n,) best on its own."""

    @abstractmethod
    def _publish(self, theta: Array) -> None:
        """Set ``coef_`` and ``intercept_`` from θ (p + 1,)."""

    def fit(self, X: Any, y: Any) -> Self:
        """Fit by a descent from the start.

        Parameters
        ----------
        X : (n_samples, n_features) array-like or DataFrame
        y : (n_samples,) array-like or Series

        Raises
        ------
        ValueError
            For rows that cannot be fitted, or a hyper-parameter out of range.

        Warns
        -----
        ConvergenceWarning if max_iter epochs were not enough, DivergenceWarning if the learning
        rate is too large.
        """
        dataset = self._begin(X, y)
        history = self._descend(
            dataset,
            optimizer=self.optimizer,
            learning_rate=self.learning_rate,
            epochs=self.max_iter,
            tol=self.tol,
            theta0=self._start(dataset),
            seed=self._seed,
            **self._held(),
        )
        self._ongoing: Ongoing | None = None
        self._path: list[Array] = []
        self._keep(history, history.theta)
        self.history_ = history
        return self

    @cached_property
    def history_(self) -> History:
        """The descent so far, its costs over the rows that it was last given."""
        if not hasattr(self, "_path"):
            raise AttributeError(f"this {type(self).__name__} is not fitted: it has no history_")
        last, theta = self._last, np.concatenate(self._path)
        cost = Regression(last.dataset, self._coded(last.regression.function)).cost(theta)
        return replace(last, theta=theta, cost=cost, epoch=np.arange(len(theta)))

    # One epoch further ----------------------------------------------------------------------------

    def _next_epoch(self, X: Any, y: Any, classes: Any = None) -> Self:
        """Descend one epoch on these rows, from the end of the last epoch or from the start."""
        if not hasattr(self, "_path"):
            dataset = self._begin(X, y, classes)
            theta, held, earlier = self._start(dataset), self._held(), None
        else:
            dataset = self._dataset(X, y, reset=False, classes=classes)
            theta, held = self._path[-1][-1], self._held_since()
            earlier = self._ongoing or self._ongoing_of_fit()
        start = self._path[0][0] if earlier else theta  # from where one fit would ask for a rate
        ongoing = self._ongoing_on(dataset, earlier, theta0=start, **held)
        stepping = ongoing.keeping(self._optimizer(ongoing.rate, dataset))
        went = self._descend(
            dataset,
            optimizer=stepping,
            epochs=1,
            theta0=theta,
            seed=ongoing.orders,
            look_ahead=False,
            **held,
        )
        self._ongoing = ongoing
        self._path = self._path if earlier else [went.theta[:1]]
        name = self.optimizer if isinstance(self.optimizer, str) else went.optimizer
        self._keep(replace(went, learning_rate=ongoing.rate, optimizer=name), went.theta[1:])
        return self

    def _ongoing_on(self, dataset: Dataset, earlier: Ongoing | None, **options: Any) -> Ongoing:
        """Return the descent that the next epoch is of; "auto" is the smallest rate so far.

        Rows that are steeper than those before would make the earlier rate overshoot. That of an
        optimizer that divides by the gradient's size has nothing to do with how steep they are.
        """
        if earlier and (self._is_scheduled or not self._asks_for_rates):
            return earlier
        if self._is_scheduled:
            return Ongoing(self._schedule_words, np.random.default_rng(self._seed))
        rate = self._descend(
            dataset,
            optimizer=self.optimizer,
            learning_rate=self.learning_rate,
            epochs=1,
            look_ahead=False,
            **options,
        ).learning_rate
        if earlier:
            return replace(earlier, rate=min(earlier.rate, rate, key=float))
        return Ongoing(rate, np.random.default_rng(self._seed))

    def _ongoing_of_fit(self) -> Ongoing:
        """Return the descent as the fit ended it; one with a state makes its steps again."""
        history = self.history_
        ongoing = Ongoing(history.learning_rate, np.random.default_rng(self._seed))
        stepping = ongoing.keeping(self._optimizer(ongoing.rate, history.dataset))
        if self.n_iter_ and (stepping.init(history.theta[0]) or self.batch_size is not None):
            self._descend(
                history.dataset,
                optimizer=stepping,
                epochs=self.n_iter_,
                theta0=history.theta[0],
                seed=ongoing.orders,
                look_ahead=False,
                **self._held_since(),
            )
        return ongoing

    @property
    def _asks_for_rates(self) -> bool:
        """Whether the learning rate is a word, and what it stands for depends on the rows."""
        follows = isinstance(self.optimizer, str) and needs_steepness(self.optimizer)
        return isinstance(self.learning_rate, str) and follows

    @property
    def _is_scheduled(self) -> bool:
        return isinstance(self.optimizer, str) and named_like_schedule(self.learning_rate)

    @property
    def _schedule_words(self) -> str:
        given: Any = self.learning_rate
        checked = checked_schedule(given)
        return checked if isinstance(checked, str) else CUSTOM

    def _optimizer(self, rate: float | str, dataset: Dataset) -> Optimizer:
        if not isinstance(self.optimizer, str):
            return self.optimizer
        factory = named(OPTIMIZERS, self.optimizer, "optimizer")
        if not self._is_scheduled:
            return factory(rate)
        given: Any = self.learning_rate
        batch = self.batch_size or dataset.n_samples
        return scheduled(
            factory, schedule_of(given, self.max_iter * -(-dataset.n_samples // batch))
        )

    # What both begin and end with -----------------------------------------------------------------

    def _begin(self, X: Any, y: Any, classes: Any = None) -> Dataset:
        """Check everything, draw the seed, and return the rows."""
        _check_loss(self.loss, type(self).__name__, of_labels=self._of_labels)
        dataset = self._dataset(X, y, reset=True, classes=classes)
        given = self.random_state
        whole = isinstance(given, (int, np.integer))
        self._seed = int(given if whole else check_random_state(given).randint(2**31 - 1))
        return dataset

    def _start(self, dataset: Dataset) -> Any:
        if self.theta0 is not None:
            return self.theta0
        return np.append(self._constant(dataset.y), np.zeros(dataset.n_features))

    def _held(self) -> dict[str, Any]:
        return {"fixed_intercept": self.fixed_intercept, "fixed": self.fixed}

    def _held_since(self) -> dict[str, Any]:
        """What is held fixed, at the values that it has had from the start."""
        theta, names = self._path[0][0], self._last.dataset.parameter_names
        return {"fixed": {names[j]: float(theta[j]) for j in self._last.fixed}}

    def _descend(self, dataset: Dataset, **options: Any) -> History:
        loss = self._coded(loss_of(self.loss))
        went = fit(Regression(dataset, loss), batch_size=self.batch_size, **options)
        return replace(went, objective=Regression(dataset, self.loss))

    def _coded(self, loss: Loss) -> Loss:
        """Return the loss for targets as :meth:`_dataset` codes them."""
        return loss

    def _keep(self, last: History, records: Array) -> None:
        """Add records (k, p + 1) to the path and publish where it ends."""
        self._last = last
        if len(records):  # none, if the first step left all that can be drawn
            self._path.append(records)
        self.__dict__.pop("history_", None)
        self.n_iter_ = sum(map(len, self._path)) - 1
        self._publish(self._path[-1][-1])

    def _table(self, X: Array, y: Array, named_as: Any) -> Dataset:
        """Return rows under the names that X had when it was validated, and that of a Series."""
        name = getattr(named_as, "name", None)
        names = getattr(self, "feature_names_in_", None)
        return Dataset.of(
            X, y, feature_names=names, target_name=None if name is None else str(name)
        )

    def _linear(self, X: Any) -> Array:
        """Return θ₀ + Xw. X (n, p) -> (n,)."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, dtype=np.float64)
        return np.asarray(X @ np.ravel(self.coef_) + np.ravel(self.intercept_)[0])


class GradientDescentRegressor(RegressorMixin, _GradientDescent):  # type: ignore[misc]
    """Linear regression by gradient descent, which can be watched.

    Parameters
    ----------
    loss : str or Loss
        "mse", "ridge", "huber", with options as in "ridge:alpha=2".
    optimizer : str or Optimizer
        A name in ``gdviz.core.optimizers.OPTIMIZERS``, with options as in "momentum:decay=0.95".
    learning_rate : float, "auto", "gentle", or a schedule
        As in :func:`gdviz.fit`; a schedule that ends with the epochs ends after max_iter.
    max_iter : int
        Epochs, at most.
    tol : float, "auto" or None
        "auto" ends the descent when it has arrived (:attr:`History.converged`); a float when the
        cost changes by less than this share of itself in an epoch; None after max_iter epochs.
    theta0 : (n_features + 1,) array-like
        Start, the intercept first. Default: the mean of y, and weights 0.
    fixed_intercept : float, "ols" or None
        Hold the intercept at this value, or at its optimum. 0 fits without an intercept.
    fixed : mapping from a name ("intercept" or a feature) to a float or "ols"
        Hold these parameters.
    batch_size : int
        Rows a step; default: all.
    random_state : int, RandomState or None
        Of the order of the rows in batches; an int is the seed of :func:`gdviz.fit`.

    Attributes
    ----------
    coef_ : (n_features,) array
    intercept_ : float
    n_iter_ : int
        Epochs gone.
    n_features_in_ : int
    feature_names_in_ : (n_features,) array of str
        Only where X had names.
    history_ : History

    Examples
    --------
    >>> model = GradientDescentRegressor(tol=None, max_iter=1000)
    >>> model.fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0]).predict([[3.0]]).round(6)
    array([7.])
    >>> model.history_.theta.shape
    (1001, 2)
    """

    _of_labels = False

    def partial_fit(self, X: Any, y: Any) -> Self:
        """Descend one epoch further on these rows.

        The rows may be others than before: then ``history_`` shows the path so far over these.

        Parameters
        ----------
        X : (n_samples, n_features) array-like or DataFrame, of 2 rows or more
        y : (n_samples,) array-like or Series
        """
        return self._next_epoch(X, y)

    def predict(self, X: Any) -> Array:
        """Predict. X (n, p) -> (n,), in units of the target."""
        return self._linear(X)

    def _dataset(self, X: Any, y: Any, *, reset: bool, classes: Any = None) -> Dataset:
        checked, target = validate_data(
            self, X, y, reset=reset, dtype=np.float64, y_numeric=True, ensure_min_samples=2
        )
        return self._table(checked, target, y)

    def _constant(self, y: Array) -> float:
        return float(y.mean())

    def _publish(self, theta: Array) -> None:
        self.intercept_, self.coef_ = float(theta[0]), theta[1:].copy()


class GradientDescentClassifier(ClassifierMixin, _GradientDescent):  # type: ignore[misc]
    """Logistic regression of two classes by gradient descent, which can be watched.

    For more classes wrap it: scikit-learn's ``OneVsRestClassifier(GradientDescentClassifier())``
    keeps one estimator, and so one history, for each.

    Parameters
    ----------
    loss : str or Loss
        "cross-entropy".
    optimizer, learning_rate, max_iter, tol, fixed_intercept, fixed, batch_size, random_state
        As in :class:`GradientDescentRegressor`.
    theta0 : (n_features + 1,) array-like
        Start, the intercept first. Default: the log-odds of the second class (0, if partial_fit
        begins with rows of one class), and weights 0.

    Attributes
    ----------
    classes_ : (2,) array
        The labels, in order; θ gives the log-odds of the second.
    coef_ : (1, n_features) array
    intercept_ : (1,) array
    n_iter_ : int
        Epochs gone.
    n_features_in_ : int
    feature_names_in_ : (n_features,) array of str
        Only where X had names.
    history_ : History
        Its target is 0 for the first class and 1 for the second.

    Examples
    --------
    >>> model = GradientDescentClassifier().fit([[0.0], [1], [2], [3]], ["a", "b", "a", "b"])
    >>> model.predict([[0.0], [3.0]])
    array(['a', 'b'], dtype='<U1')
    """

    _of_labels = True

    @MADE
    def __init__(
        self,
        *,
        loss: str | Loss = "cross-entropy",
        optimizer: str | Optimizer = "gd",
        learning_rate: float | str | Schedule = "auto",
        max_iter: int = 100_000,
        tol: float | Literal["auto"] | None = "auto",
        theta0: Any = None,
        fixed_intercept: Held | None = None,
        fixed: Mapping[str, Held] | None = None,
        batch_size: int | None = None,
        random_state: Any = None,
    ) -> None:
        super().__init__(
            loss=loss,
            optimizer=optimizer,
            learning_rate=learning_rate,
            max_iter=max_iter,
            tol=tol,
            theta0=theta0,
            fixed_intercept=fixed_intercept,
            fixed=fixed,
            batch_size=batch_size,
            random_state=random_state,
        )

    def partial_fit(self, X: Any, y: Any, classes: Any = None) -> Self:
        """Descend one epoch further on these rows.

        The rows may be others than before: then ``history_`` shows the path so far over these; it
        can be drawn and printed where both labels are among them.

        Parameters
        ----------
        X : (n_samples, n_features) array-like or DataFrame, of 2 rows or more
        y : (n_samples,) array-like or Series
        classes : (2,) array-like
            All labels; may be left out where both are in the y of the first call, and later.
        """
        return self._next_epoch(X, y, classes)

    def decision_function(self, X: Any) -> Array:
        """Log-odds of the second class. X (n, p) -> (n,)."""
        return self._linear(X)

    def predict_proba(self, X: Any) -> Array:
        """Probability of each class. X (n, p) -> (n, 2)."""
        z = self._linear(X)
        return np.column_stack([expit(-z), expit(z)])

    def predict(self, X: Any) -> NDArray[Any]:
        """Predict labels. X (n, p) -> (n,)."""
        second = self._linear(X) > 0
        return np.asarray(self.classes_[second.astype(int)])

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags

    def _dataset(self, X: Any, y: Any, *, reset: bool, classes: Any = None) -> Dataset:
        checked, labels = validate_data(
            self, X, y, reset=reset, dtype=np.float64, ensure_min_samples=2
        )
        check_classification_targets(labels)
        if reset:
            self.classes_ = _two_classes(labels if classes is None else np.asarray(classes))
        for name, given in (("y", labels), ("classes", classes)):
            _check_labels(name, given, self.classes_)
        return self._table(checked, (labels == self.classes_[1]).astype(np.float64), y)

    def _coded(self, loss: Loss) -> Loss:
        # As 0 and 1 already; and of the two, a batch may hold but one.
        return replace(loss, target=np.asarray)

    def _constant(self, y: Array) -> float:
        return float(logit(y.mean())) if np.ptp(y) else 0.0

    def _publish(self, theta: Array) -> None:
        self.intercept_, self.coef_ = theta[:1].copy(), theta[None, 1:].copy()


def _two_classes(labels: NDArray[Any]) -> NDArray[Any]:
    """Return the two labels (2,) among labels (n,), in order."""
    kind = type_of_target(labels, input_name="y", raise_unknown=True)
    if kind != "binary":
        raise ValueError(
            f"Only binary classification is supported. The type of the target is {kind}. For more "
            "classes: sklearn.multiclass.OneVsRestClassifier(GradientDescentClassifier())"
        )
    classes = np.unique(labels)
    if len(classes) != 2:
        raise ValueError(
            f"y has one class, {classes.tolist()[0]!r}; a classifier needs two "
            "(partial_fit may be told of both by classes=)"
        )
    return classes


def _check_labels(name: str, given: Any, known: NDArray[Any]) -> None:
    """Refuse labels (n,) that are not among the known (2,)."""
    # As a set: numpy would make text of numbers to compare them with text.
    labels = set() if given is None else set(np.unique(given).tolist())
    if not labels <= set(known.tolist()):
        raise ValueError(
            f"{name} holds the labels {np.unique(given).tolist()}; this classifier began with "
            f"{known.tolist()}"
        )


def _check_loss(loss: str | Loss, estimator: str, *, of_labels: bool) -> None:
    """Refuse a loss of labels for numbers, and one of numbers for labels."""
    if loss_of(loss).labels != of_labels:
        choices = [name for name, make in LOSSES.items() if make().labels == of_labels]
        raise ValueError(
            f"{estimator} does not take the loss {loss!r}; choose from {', '.join(choices)}"
        )
