"""The descent of another library's estimator, recorded while it fits: scikit-learn's callbacks.

From its version 1.9 on scikit-learn tells callbacks of each iteration of an estimator that supports
them (of its own, LogisticRegression with the solver lbfgs), and hands them an estimator as it would
be if the fit had ended there. Its coefficients are a row of θ.
"""

from importlib.util import find_spec
from typing import Any

import numpy as np
import sklearn

from gdviz.core.dataset import Dataset
from gdviz.core.history.record import History
from gdviz.core.losses import Loss, loss_of
from gdviz.core.moments import Array

__all__ = ["RecordDescent"]


class RecordDescent:
    """Record the coefficients and the cost of an estimator, iteration by iteration, as a History.

    Parameters
    ----------
    loss : str or Loss, optional
        What the estimator makes small. Default: of LogisticRegression its own, the cross-entropy
        with its penalty; for others it is to be given.

    Attributes
    ----------
    history_ : History
        Of the last fit that this callback was set on. A renderer takes the callback in its place.

    Raises
    ------
    ImportError
        If scikit-learn is older than 1.9 and has no callbacks.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression  # doctest: +SKIP
    >>> record = RecordDescent()  # doctest: +SKIP
    >>> LogisticRegression().set_callbacks(record).fit(X, y)  # doctest: +SKIP
    >>> gdviz.renderers.contour(record, through="pca").save("fit.gif")  # doctest: +SKIP
    """

    def __init__(self, *, loss: str | Loss | None = None) -> None:
        if find_spec("sklearn.callback") is None:
            raise ImportError(
                "RecordDescent needs the callbacks of scikit-learn 1.9 or later; this is "
                f"{sklearn.__version__}. History.from_arrays makes a history of what you record"
            )
        if loss is not None:
            loss_of(loss)
        self.loss = loss

    def setup(self, estimator: Any, context: Any) -> None:
        """Begin a new record."""
        vars(self).pop("history_", None)
        self._theta: list[Array] = []
        self._dataset: Dataset | None = None
        self._loss: str | Loss = _loss_of(estimator) if self.loss is None else self.loss

    def on_fit_task_begin(
        self,
        estimator: Any,
        context: Any,
        *,
        X: Any = None,
        y: Any = None,
        metadata: Any = None,
        fitted_estimator: Any = None,
    ) -> None:
        """Take the table of the fit, and the start of its first iteration."""
        if self._dataset is None:
            _refuse_weights(estimator, metadata)
            self._dataset = _dataset(estimator, X, y, labels=loss_of(self._loss).labels)
        if not self._theta and fitted_estimator is not None:
            self._record(fitted_estimator)

    def on_fit_task_end(
        self, estimator: Any, context: Any, *, fitted_estimator: Any = None
    ) -> None:
        """Record where an iteration ended; what consists of iterations ends where its last did."""
        if fitted_estimator is not None and context.max_subtasks == 0:
            self._record(fitted_estimator)

    def teardown(self, estimator: Any, context: Any) -> None:
        """Make the history, of a fit that failed as far as it came."""
        if self._theta:
            self.history_ = History.from_arrays(self._theta, dataset=self._dataset, loss=self._loss)

    def _record(self, fitted: Any) -> None:
        coef = np.atleast_2d(np.asarray(fitted.coef_, dtype=np.float64))
        if len(coef) > 1:
            raise ValueError(
                f"RecordDescent records one weight for each feature; this fit has {len(coef)}"
            )
        intercept = np.ravel(np.asarray(fitted.intercept_, dtype=np.float64))
        self._theta.append(np.concatenate([intercept, coef[0]]))


def _loss_of(estimator: Any) -> str:
    """Name the loss of an estimator: (1/n)(Σ cross-entropy + α|w|²) with α = 1/(2C)."""
    from sklearn.linear_model import LogisticRegression

    name = type(estimator).__name__
    if not isinstance(estimator, LogisticRegression):
        raise ValueError(
            f'it is not known what {name} makes small; say it, RecordDescent(loss="mse")'
        )
    if estimator.l1_ratio:
        raise ValueError(f"a penalty of |w| (l1_ratio={estimator.l1_ratio}) is none of gdviz's")
    free = estimator.penalty is None or np.isinf(estimator.C)
    return "cross-entropy" if free else f"cross-entropy:alpha={0.5 / float(estimator.C)!r}"


def _refuse_weights(estimator: Any, metadata: Any) -> None:
    """Raise ValueError where rows count differently: the cost would be another one."""
    weights = (metadata or {}).get("sample_weight")
    if weights is not None or getattr(estimator, "class_weight", None) is not None:
        raise ValueError("RecordDescent counts all rows alike; leave sample or class weights out")


def _dataset(estimator: Any, X: Any, y: Any, *, labels: bool) -> Dataset:
    """Return the table of a fit; of labels y is 0 or 1."""
    if X is None or y is None:
        raise ValueError(f"{type(estimator).__name__} shows its callbacks no table to fit to")
    X, names = getattr(X, "toarray", lambda: X)(), getattr(estimator, "feature_names_in_", None)
    y = np.asarray(y)
    if labels:
        classes = np.unique(y)
        if len(classes) != 2:
            raise ValueError(f"RecordDescent records fits of two classes; these are {len(classes)}")
        y = (y == classes[1]).astype(np.float64)
    return Dataset.of(X, y, feature_names=names)
