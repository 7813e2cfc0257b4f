"""The estimators pass scikit-learn's own checks, and end where scikit-learn's models do."""

import os
import pickle
import subprocess
import sys
import warnings
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import polars as pl
import pytest
from matplotlib.figure import Figure
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.datasets import make_classification
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge, SGDClassifier
from sklearn.metrics import log_loss
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import gdviz
from gdviz import DescentDisplay, GradientDescentClassifier, GradientDescentRegressor
from gdviz.core.fit import DivergenceWarning
from gdviz.core.losses import cross_entropy
from gdviz.core.optimizers import OPTIMIZERS, momentum
from gdviz.renderers import RENDERERS

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 2)) * [1, 3] + [5, -2]
Y = 100 + X @ [2.0, -1.0] + RNG.normal(size=60)
LABELS = np.where(X @ [1, 0.4] - 4 + RNG.normal(size=60) > 0, "yes", "no")
TWO = [GradientDescentRegressor, GradientDescentClassifier]


def target(Estimator):
    return Y if Estimator is GradientDescentRegressor else LABELS


def exact(Estimator, **options):
    """An estimator that goes on until nothing moves."""
    return Estimator(**{"max_iter": 100_000, "tol": 1e-15} | options)


# scikit-learn's checks ----------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@parametrize_with_checks([make() for make in TWO])
def test_scikit_learn_checks(estimator, check):
    check(estimator)


def test_the_check_that_needs_a_switch_before_scipy_is_imported():
    code = """
import warnings; warnings.simplefilter("ignore")
from sklearn.utils.estimator_checks import check_estimator
from gdviz import GradientDescentClassifier, GradientDescentRegressor
for estimator in (GradientDescentRegressor(), GradientDescentClassifier(max_iter=1000)):
    print({result["status"] for result in check_estimator(estimator, on_skip=None)})
"""
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "SCIPY_ARRAY_API": "1"},
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout == "{'passed'}\n" * 2


# What is fitted -----------------------------------------------------------------------------------


def test_a_regressor_is_linear_regression():
    model, oracle = exact(GradientDescentRegressor).fit(X, Y), LinearRegression().fit(X, Y)
    assert_allclose(model.coef_, oracle.coef_, rtol=1e-5)
    assert_allclose(model.intercept_, oracle.intercept_, rtol=1e-5)
    assert_allclose(model.predict(X), oracle.predict(X), rtol=1e-5)
    assert_allclose(model.score(X, Y), oracle.score(X, Y), rtol=1e-9)
    assert model.coef_.shape == (2,)
    assert isinstance(model.intercept_, float)


def test_a_ridge_regressor_is_ridge():
    model = exact(GradientDescentRegressor, loss="ridge:alpha=3").fit(X, Y)
    oracle = Ridge(alpha=3, tol=1e-12).fit(X, Y)
    assert_allclose(model.coef_, oracle.coef_, rtol=1e-5)
    assert_allclose(model.intercept_, oracle.intercept_, rtol=1e-5)


def test_a_classifier_is_logistic_regression():
    model = exact(GradientDescentClassifier).fit(X, LABELS)
    oracle = LogisticRegression(C=np.inf, tol=1e-12, max_iter=10_000).fit(X, LABELS)
    assert_allclose(model.coef_, oracle.coef_, rtol=1e-4)
    assert_allclose(model.intercept_, oracle.intercept_, rtol=1e-4)
    assert_allclose(model.predict_proba(X), oracle.predict_proba(X), atol=1e-4)
    assert_allclose(model.decision_function(X), oracle.decision_function(X), atol=1e-3)
    assert_array_equal(model.predict(X), oracle.predict(X))
    assert model.score(X, LABELS) == oracle.score(X, LABELS)
    assert model.classes_.tolist() == ["no", "yes"]
    assert (model.coef_.shape, model.intercept_.shape) == ((1, 2), (1,))


def test_by_default_all_but_a_thousandth_is_explained():
    for shift, scale in ((0, 1), (1e6, 1), (0, 1e-9), (-3e4, 50)):
        target = Y * scale + shift
        model = GradientDescentRegressor().fit(X, target)
        best = LinearRegression().fit(X, target).score(X, target)
        assert 0.999 * best <= model.score(X, target) <= best + 1e-9
        assert model.history_.converged


def test_the_start_is_the_best_constant():
    start = GradientDescentRegressor().fit(X, Y).history_.theta[0]
    assert_allclose(start, [Y.mean(), 0, 0])
    start = GradientDescentClassifier().fit(X, LABELS).history_.theta[0]
    share = np.mean(LABELS == "yes")
    assert_allclose(start, [np.log(share / (1 - share)), 0, 0])


@pytest.mark.parametrize(
    "options",
    [
        {"learning_rate": 0.01},
        {"optimizer": "adam", "learning_rate": 0.1},
        {"fixed_intercept": "ols"},
        {"fixed": {"x1": -1.0}},
        {"loss": "huber:delta=2", "theta0": [1, 2, 3]},
        {"batch_size": 7, "random_state": 3, "learning_rate": 0.001},
    ],
)
def test_the_history_is_that_of_fit(options):
    model = GradientDescentRegressor(max_iter=20, tol=None, **options).fit(X, Y)
    if "random_state" in options:
        options = {**options, "seed": options["random_state"]}
        del options["random_state"]
    options = {"theta0": [Y.mean(), 0, 0], "learning_rate": "auto"} | options
    history = gdviz.fit(X, Y, epochs=20, **options)
    assert_array_equal(model.history_.theta, history.theta)
    assert_array_equal(model.history_.cost, history.cost)
    assert_array_equal([model.intercept_, *model.coef_], history.theta[-1])
    assert model.n_iter_ == 20


@pytest.mark.parametrize("make", TWO)
def test_too_few_epochs_are_said(make):
    with pytest.warns(ConvergenceWarning, match="after 2 epochs; allow more"):
        model = make(max_iter=2).fit(X, target(make))
    assert model.n_iter_ == 2


def test_a_rate_that_diverges_is_said():
    with pytest.warns(DivergenceWarning):
        model = GradientDescentRegressor(learning_rate=1.0).fit(X, Y)
    assert model.history_.diverged
    assert np.isfinite(model.predict(X)).all()


@pytest.mark.parametrize("make", TWO)
def test_before_the_fit_there_is_nothing(make):
    model = make()
    assert not hasattr(model, "history_")
    with pytest.raises(NotFittedError):
        model.predict(X)


@pytest.mark.parametrize("state", [5, np.random.RandomState(5), None])
def test_random_state(state):
    model = GradientDescentRegressor(batch_size=9, random_state=state, max_iter=3, tol=None)
    once, again = model.fit(X, Y).coef_, model.fit(X, Y).coef_
    assert (once == again).all() == (state == 5)


# Names --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame])
@pytest.mark.parametrize("make", TWO)
def test_names_of_a_table(frame, make):
    table = frame({"area": X[:, 0], "年龄": X[:, 1]})
    series = type(table["area"])
    y = series(target(make), name="rent") if frame is pd.DataFrame else series("rent", target(make))
    for model in (make().fit(table, y), make().partial_fit(table, y)):
        assert model.feature_names_in_.tolist() == ["area", "年龄"]
        assert model.n_features_in_ == 2
        assert model.history_.dataset.feature_names == ("area", "年龄")
        assert model.history_.dataset.target_name == "rent"
        with pytest.raises(ValueError, match="feature names should match"):
            model.predict(frame({"size": X[:, 0], "年龄": X[:, 1]}))


def test_without_names_there_are_none():
    model = GradientDescentRegressor().fit(X, Y)
    assert not hasattr(model, "feature_names_in_")
    assert model.history_.dataset.feature_names == ("x0", "x1")


# One epoch at a time ------------------------------------------------------------------------------


def _one_over(k):
    return 0.001 / (k + 1)


PACES = {
    **{name: {"optimizer": name} for name in OPTIMIZERS},
    "own": {"optimizer": momentum(0.001)},
    "batches": {"batch_size": 7, "learning_rate": 1e-4, "random_state": 4},
    "batches_adam": {"batch_size": 7, "optimizer": "adam", "random_state": 4},
    "schedule": {"learning_rate": "inverse:from=0.001,half=5", "optimizer": "adamw"},
    "schedule_of_batches": {
        "batch_size": 7,
        "learning_rate": "step:from=1e-4,every=20",
        "random_state": 4,
    },
    "own_schedule": {"learning_rate": _one_over},
    "held_intercept": {"fixed_intercept": "ols"},
    "held_weight": {"fixed": {"x0": 1.5}, "optimizer": "nesterov", "learning_rate": 0.005},
}


@pytest.mark.parametrize("make", TWO)
@pytest.mark.parametrize("options", PACES.values(), ids=PACES)
def test_epochs_one_by_one_are_one_fit(make, options):
    y, options = target(make), {"tol": None, **options}
    whole = make(max_iter=12, **options).fit(X, y)
    single = make(**options)
    for _ in range(12):
        single.partial_fit(X, y)
    halved = make(max_iter=7, **options).fit(X, y)
    halved = (
        pickle.loads(pickle.dumps(halved)) if options.get("optimizer") in OPTIMIZERS else halved
    )
    for _ in range(5):
        halved.partial_fit(X, y)
    for model in (single, halved):
        assert model.n_iter_ == 12
        assert_allclose(model.history_.theta, whole.history_.theta, rtol=1e-9, atol=1e-12)
        assert_allclose(model.history_.cost, whole.history_.cost, rtol=1e-9)
        assert_allclose(model.coef_, whole.coef_, rtol=1e-9)
        assert model.history_.optimizer == whole.history_.optimizer
        rates = [m.history_.learning_rate for m in (model, whole)]
        if isinstance(rates[1], str):
            assert rates[0] == rates[1]
        else:
            assert_allclose(*rates, rtol=1e-12)
        assert model.history_.fixed == whole.history_.fixed


@pytest.mark.parametrize("batch_size", [None, 7])
def test_a_schedule_that_ends_with_the_epochs_ends_after_max_iter(batch_size):
    options = {
        "learning_rate": "cosine:from=0.001",
        "max_iter": 12,
        "tol": None,
        "batch_size": batch_size,
        "random_state": 4,
    }
    whole = GradientDescentRegressor(**options).fit(X, Y)
    single = GradientDescentRegressor(**options)
    for _ in range(12):
        single.partial_fit(X, Y)
    assert_allclose(single.history_.theta, whole.history_.theta, rtol=1e-9, atol=1e-12)
    assert single.history_.learning_rate == whole.history_.learning_rate == "cosine:from=0.001"
    single.partial_fit(X, Y)  # after the end the rate is 0
    assert_array_equal(single.history_.theta[-1], single.history_.theta[-2])


def test_rows_may_change_and_the_path_is_shown_over_the_latest():
    model = GradientDescentRegressor().partial_fit(X[:30], Y[:30]).partial_fit(X[30:], Y[30:])
    history = model.history_
    assert history.dataset.n_samples == 30
    assert_array_equal(history.dataset.X, X[30:])
    assert_array_equal(history.cost, history.objective.cost(history.theta))
    assert len(history.theta) == 3
    rates = [GradientDescentRegressor(max_iter=1, tol=None) for _ in range(2)]
    rates = [
        m.fit(X[p], Y[p]).history_.learning_rate
        for m, p in zip(rates, (slice(30), slice(30, 60)), strict=True)
    ]
    assert history.learning_rate == min(rates)


def test_a_fit_forgets_what_was_before():
    model = GradientDescentRegressor().partial_fit(X, Y).fit(X, Y)
    assert_array_equal(model.history_.theta, GradientDescentRegressor().fit(X, Y).history_.theta)


def test_labels_stay_what_they_were():
    model = GradientDescentClassifier().partial_fit(X, LABELS, classes=["no", "yes"])
    with pytest.raises(ValueError, match=r"labels \[0, 1\]; this classifier began with \['no', "):
        model.partial_fit(X, (LABELS == "yes").astype(int))
    with pytest.raises(ValueError, match=r"classes holds the labels \['no', 'perhaps'\]; this "):
        model.partial_fit(X, LABELS, classes=["no", "perhaps"])
    with pytest.raises(ValueError, match=r"one class, 'no'; a classifier needs two .*classes="):
        GradientDescentClassifier().partial_fit(X[LABELS == "no"], LABELS[LABELS == "no"])
    with pytest.raises(ValueError, match="Only binary classification is supported"):
        GradientDescentClassifier().partial_fit(X, LABELS, classes=["no", "perhaps", "yes"])


def test_a_batch_may_hold_one_class_once_both_are_known():
    """Each batch is one row twice, so that the order within it makes no difference."""
    model = GradientDescentClassifier(learning_rate=0.01, batch_size=1, theta0=np.zeros(3))
    oracle = SGDClassifier(loss="log_loss", alpha=0, learning_rate="constant", eta0=0.01)
    for row, label in zip(X[:10], LABELS[:10], strict=True):
        for learner in (model, oracle):
            learner.partial_fit([row, row], [label, label], classes=["no", "yes"])
    assert_allclose(model.coef_, oracle.coef_, rtol=1e-9)
    assert_allclose(model.intercept_, oracle.intercept_, rtol=1e-9)
    assert model.history_.cost.shape == (11,)
    assert model.history_.loss == "cross-entropy"
    whole = DescentDisplay.from_estimator(model, X, LABELS, kind="parameters").history
    assert_allclose(whole.cost[-1], log_loss(LABELS, model.predict_proba(X)), rtol=1e-9)


@pytest.mark.parametrize("rate", ["auto", "gentle", 0.1])
def test_the_first_batch_may_hold_one_class(rate):
    model = GradientDescentClassifier(learning_rate=rate)
    model.partial_fit(X[LABELS == "no"], LABELS[LABELS == "no"], classes=["yes", "no"])
    assert_array_equal(model.classes_, ["no", "yes"])
    assert_array_equal(model.history_.theta[0], np.zeros(3))
    assert (model.predict(X[LABELS == "no"]) == "no").mean() > 0.5
    model.partial_fit(X, LABELS)
    assert np.isfinite(model.coef_).all()


# In scikit-learn's company ------------------------------------------------------------------------


@pytest.mark.parametrize("make", TWO)
def test_keywords_of_others_are_answered_with_those_that_there_are(make):
    name = make.__name__
    for given, meant in (
        ("lr", "learning_rate"),
        ("epochs", "max_iter"),
        ("seed", "random_state"),
        ("batchsize", "batch_size"),
    ):
        with pytest.raises(TypeError, match=rf"^{name}\(\) .* {given} \(did you mean {meant}\?\)$"):
            make(**{given: 1})
    with pytest.raises(TypeError, match="no argument zzz; its arguments are loss, optimizer, lear"):
        make(zzz=1)


@pytest.mark.parametrize("make", TWO)
def test_a_clone_is_not_fitted(make):
    options = {"optimizer": "momentum:decay=0.5", "theta0": np.zeros(3), "fixed": {"x1": 0.5}}
    model = make(learning_rate=0.001, max_iter=50, tol=None, **options)
    model.fit(X, target(make))
    twin = clone(model)
    assert not hasattr(twin, "history_")
    twin.fit(X, target(make))
    assert_array_equal(twin.history_.theta, model.history_.theta)


def test_in_a_pipeline_scaling_makes_it_quick():
    hard = X * [1, 1e4] + [0, 1e6]
    pipe = make_pipeline(StandardScaler(), GradientDescentRegressor())
    scores = cross_val_score(pipe, hard, Y, cv=3)
    assert_allclose(scores, cross_val_score(LinearRegression(), hard, Y, cv=3), atol=0.01)
    assert pipe.fit(hard, Y)[-1].n_iter_ < 20


def test_in_a_grid_search():
    grid = {"loss": ["mse", "ridge:alpha=1e4"], "learning_rate": [1e-9, "auto"]}
    search = GridSearchCV(GradientDescentRegressor(), grid, cv=3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        search.fit(X, Y)
    assert search.best_params_ == {"loss": "mse", "learning_rate": "auto"}
    assert search.best_estimator_.history_.converged


def test_more_classes_are_one_estimator_each():
    X, y = make_classification(
        n_classes=3, n_features=4, n_informative=3, n_redundant=0, flip_y=0.2, random_state=0
    )
    with pytest.raises(ValueError, match=r"is multiclass\. For more classes: .*OneVsRest"):
        GradientDescentClassifier().fit(X, y)
    model = OneVsRestClassifier(GradientDescentClassifier()).fit(X, y)
    assert [len(part.history_.fixed) for part in model.estimators_] == [0, 0, 0]
    oracle = OneVsRestClassifier(LogisticRegression(C=np.inf)).fit(X, y)
    assert_allclose(model.score(X, y), oracle.score(X, y), atol=0.03)


@pytest.mark.parametrize("make", TWO)
def test_a_pickle_predicts_and_goes_on(make):
    model = make().fit(X, target(make))
    str(model.history_)
    twin = pickle.loads(pickle.dumps(model))
    assert_array_equal(twin.predict(X), model.predict(X))
    assert str(twin.history_) == str(model.history_)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (GradientDescentRegressor(loss="cross-entropy"), "choose from mse, ridge, huber"),
        (GradientDescentRegressor(loss=cross_entropy()), "does not take the loss"),
        (GradientDescentClassifier(loss="mse"), "'mse'; choose from cross-entropy"),
        (GradientDescentRegressor(loss="mae"), "no loss 'mae'"),
        (GradientDescentRegressor(optimizer="lbfgs"), "no optimizer 'lbfgs'"),
        (GradientDescentRegressor(max_iter=0), "whole number from 1"),
        (GradientDescentRegressor(theta0=[1]), "the start needs 3 finite numbers"),
    ],
)
def test_hyper_parameters_out_of_range(model, message):
    for learn in (model.fit, model.partial_fit):
        if learn == model.partial_fit and model.max_iter == 0:
            continue
        with pytest.raises(ValueError, match=message):
            learn(X, target(type(model)))


# Displays -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def held():
    return GradientDescentRegressor(fixed_intercept="ols", learning_rate="gentle").fit(X, Y)


def caption(display):
    return [text.get_text() for text in display.figure_.findobj(mpl.text.Text) if text.get_text()]


@pytest.mark.parametrize("kind", [*RENDERERS, "plane+contour"])
def test_a_display_of_every_kind(held, kind):
    display = DescentDisplay.from_estimator(held, X, Y, kind=kind)
    assert isinstance(display.figure_, Figure)
    assert display.ax_ is display.axes_[0]
    still = display.scene.still()
    assert len(display.axes_) == len(still.axes) - 1
    assert f"epoch {held.n_iter_}" in caption(display)
    assert display.ax_.get_xlim() == still.axes[1].get_xlim()


@pytest.mark.parametrize("kind", [*RENDERERS, "plane+contour"])
@pytest.mark.parametrize("layout", [None, "constrained"])
def test_a_display_in_axes_that_one_has(held, kind, layout):
    figure = Figure(figsize=(11, 5), layout=layout)
    left, right = figure.subplots(1, 2)
    display = DescentDisplay.from_estimator(held, X, Y, kind=kind, ax=right, epoch=3)
    assert display.figure_ is figure
    assert not right.axison
    assert "epoch 3" in caption(display)
    figure.draw_without_rendering()
    for axes in display.axes_:
        box = axes.get_window_extent()  # the square of 3-D axes is larger than what shows of it
        assert (box.x0 + box.x1) / 2 > figure.bbox.width / 2
    said = [t for t in figure.findobj(mpl.text.Text) if t.get_text() in ("epoch 3", "cost")]
    boxes = sorted((t.get_window_extent() for t in said), key=lambda box: box.x0)
    assert boxes[0].x1 < boxes[1].x0
    assert left.axison


def test_a_display_can_be_drawn_again(held):
    display = DescentDisplay.from_estimator(held, X, Y)
    before = display.figure_
    assert display.plot(epoch=0) is display
    assert display.figure_ is not before
    assert "epoch 0" in caption(display)


def test_a_display_over_other_rows(held):
    display = DescentDisplay.from_estimator(held, X[:20], Y[:20])
    history = display.history
    assert_array_equal(history.theta, held.history_.theta)
    residuals = Y[:20] - held.predict(X[:20])
    assert_allclose(history.cost[-1], np.mean(residuals**2), rtol=1e-9)


def test_a_display_of_a_classifier():
    model = GradientDescentClassifier(fixed_intercept=0.0).fit(X, LABELS)
    display = DescentDisplay.from_estimator(model, X, LABELS)
    assert_allclose(display.history.cost, model.history_.cost)
    assert display.ax_.get_xlabel() == "weight of x0"


def test_a_display_of_a_pipeline_and_of_a_search():
    table = pd.DataFrame(X, columns=["area", "age"])
    pipe = make_pipeline(StandardScaler(), GradientDescentRegressor(fixed_intercept="ols"))
    search = GridSearchCV(pipe, {"gradientdescentregressor__learning_rate": ["auto"]}, cv=2)
    for model in (pipe.fit(table, Y), search.fit(table, Y)):
        display = DescentDisplay.from_estimator(model, table, Y)
        assert display.ax_.get_xlabel() == "weight of area"
        assert_allclose(display.history.cost, pipe[-1].history_.cost)


def test_a_display_of_a_history_saves_and_shows_itself(tmp_path):
    short = gdviz.fit(X, Y, epochs=4)
    display = DescentDisplay.from_history(short, kind="plane")
    display.save(tmp_path / "film.gif", frames=2, dpi=40)
    assert (tmp_path / "film.gif").stat().st_size > 0
    shown = display._repr_mimebundle_()
    assert "data:image/gif" in shown["text/html"]
    assert "image/png" in shown


def test_what_cannot_be_displayed_is_said(held):
    with pytest.raises(TypeError, match="LinearRegression has no history_"):
        DescentDisplay.from_estimator(LinearRegression().fit(X, Y), X, Y)
    with pytest.raises(TypeError, match="GradientDescentRegressor has no history_"):
        DescentDisplay.from_estimator(GradientDescentRegressor(), X, Y)
    with pytest.raises(ValueError, match="no kind 'pie'; choose from parameters, plane"):
        DescentDisplay.from_estimator(held, X, Y, kind="pie")
    with pytest.raises(ValueError, match="fixed_intercept"):
        DescentDisplay.from_estimator(GradientDescentRegressor().fit(X, Y), X, Y)
    with pytest.raises(ValueError, match="ax has no place in a grid"):
        DescentDisplay.from_estimator(held, X, Y, ax=Figure().add_axes((0, 0, 1, 1)))
