"""What callbacks of scikit-learn record, against the fitted estimator and its own loss."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import BaseEstimator, clone
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

import gdviz
from gdviz.learn.record import RecordDescent
from gdviz.renderers import contour, parameters

new = pytest.importorskip("sklearn.callback", reason="scikit-learn 1.9 and later")

RNG = np.random.default_rng(0)
X = RNG.normal(size=(80, 3))
Y = np.where(X @ [1.0, -2.0, 0.5] + RNG.normal(size=80) > 0, "yes", "no")


def recorded(X=X, y=Y, **options):
    record = RecordDescent()
    model = LogisticRegression(**options).set_callbacks(record).fit(X, y)
    return record.history_, model


@pytest.mark.parametrize(
    "options",
    [{}, {"C": 0.05}, {"C": np.inf}, {"fit_intercept": False}, {"max_iter": 200, "tol": 1e-9}],
    ids=str,
)
def test_the_record_begins_at_the_start_and_ends_at_the_fit(options):
    history, model = recorded(**options)
    alone = LogisticRegression(**options).fit(X, Y)
    assert_array_equal(model.coef_, alone.coef_)  # a callback looks on
    assert len(history.theta) == model.n_iter_[0] + 1
    assert_array_equal(history.theta[0], np.zeros(4))
    assert_array_equal(history.theta[-1], np.append(model.intercept_, model.coef_))
    penalty = np.sum(model.coef_**2) / (2 * model.C * len(X))
    cost = log_loss(Y, model.predict_proba(X)) + penalty
    assert_allclose(history.cost[-1], cost, rtol=1e-12)
    assert_allclose(history.cost[0], np.log(2))
    assert history.fixed == (() if model.fit_intercept else (0,))


def test_the_optimum_is_where_a_fit_to_the_end_goes():
    history, _ = recorded(tol=1e-10, max_iter=500)
    assert_allclose(history.optimum, history.theta[-1], rtol=1e-4)
    assert history.converged


def test_a_frame_gives_its_names_and_a_renderer_takes_the_callback():
    pandas = pytest.importorskip("pandas")
    record = RecordDescent()
    model = LogisticRegression().set_callbacks(record)
    model.fit(pandas.DataFrame(X, columns=["area", "age", "floor"]), Y)
    assert record.history_.objective.names == ("intercept", "area", "age", "floor")
    contour(record, through="pca", size=20).still()
    parameters(record).still()


def test_each_fit_is_a_record_of_its_own_and_a_warm_start_begins_where_the_last_ended():
    record = RecordDescent()
    model = LogisticRegression(warm_start=True, max_iter=100, C=0.1).set_callbacks(record)
    end = model.fit(X, Y).coef_[0]
    first = record.history_
    model.set_params(C=1.0).fit(X, Y)
    assert record.history_ is not first
    assert_array_equal(record.history_.theta[0, 1:], end)
    clone(model).fit(X[:50], Y[:50])  # a clone keeps the callback
    assert record.history_.dataset.n_samples == 50


def test_it_is_public():
    assert gdviz.RecordDescent is RecordDescent


class Slope(new.CallbackSupportMixin, BaseEstimator):
    """A regression that anybody might have written."""

    @new.with_callbacks
    def fit(self, X, y):
        self.coef_, self.intercept_ = np.zeros(X.shape[1]), 0.0
        context = self._init_callback_context(max_subtasks=20)
        context.call_on_fit_task_begin(estimator=self, X=X, y=y)
        for _ in range(20):
            step = context.subcontext(task_name="step")
            step.call_on_fit_task_begin(estimator=self, X=X, y=y, reconstruction_attributes={})
            error = X @ self.coef_ + self.intercept_ - y
            self.coef_ = self.coef_ - 0.1 * X.T @ error / len(y)
            self.intercept_ -= 0.1 * error.mean()
            step.call_on_fit_task_end(estimator=self, X=X, y=y, reconstruction_attributes={})
        context.call_on_fit_task_end(estimator=self, X=X, y=y, reconstruction_attributes={})
        return self


def test_an_estimator_of_somebody_elses_is_recorded_with_the_loss_that_is_named():
    record, y = RecordDescent(loss="mse"), X @ [1.0, 2.0, 3.0] + 1
    Slope().set_callbacks(record).fit(X, y)
    # The same steps by gdviz: its gradient is of the mean of squares, twice as long.
    like = gdviz.fit(gdviz.Dataset.of(X, y), learning_rate=0.05, epochs=20)
    assert_allclose(record.history_.theta, like.theta, rtol=1e-9, atol=1e-12)
    assert_allclose(record.history_.cost, like.cost)


@pytest.mark.parametrize(
    ("estimator", "y", "message"),
    [
        (Slope(), X[:, 0], r'not known what Slope makes small; say it, RecordDescent\(loss="mse"'),
        (LogisticRegression(class_weight="balanced"), Y, "counts all rows alike"),
        (LogisticRegression(), np.arange(80) % 3, "fits of two classes; these are 3"),
    ],
)
def test_what_it_cannot_record_is_refused_before_the_fit(estimator, y, message):
    with pytest.raises(ValueError, match=message):
        estimator.set_callbacks(RecordDescent()).fit(X, y)
    assert not hasattr(estimator, "coef_") or isinstance(estimator, Slope)


def test_weights_of_rows_are_refused():
    model = LogisticRegression().set_callbacks(RecordDescent())
    with pytest.raises(ValueError, match="counts all rows alike"):
        model.fit(X, Y, sample_weight=np.arange(80.0))


def test_an_older_scikit_learn_is_told_plainly(monkeypatch):
    monkeypatch.setattr("gdviz.learn.record.find_spec", lambda name: None)
    with pytest.raises(ImportError, match=r"callbacks of scikit-learn 1\.9 or later; this is \d"):
        RecordDescent()


def test_a_loss_that_there_is_not_is_refused_at_once():
    with pytest.raises(ValueError, match="no loss 'msee'"):
        RecordDescent(loss="msee")
