"""When a descent ends, why, and what is held fixed in it."""

import warnings

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LinearRegression

import gdviz
from gdviz.core.closed_form import MOST_EPOCHS
from gdviz.core.fit import DivergenceWarning
from gdviz.core.losses import LOSSES
from gdviz.core.optimizers import OPTIMIZERS, gradient_descent

KINDS = {
    "closed form": {},
    "walk": {"optimizer": "momentum"},
    "huber": {"loss": "huber:delta=3"},
}


@pytest.fixture(params=KINDS)
def kind(request):
    """Options of a descent, of each kind that there is."""
    return KINDS[request.param]


@pytest.fixture
def table(random_table):
    return random_table(20, 25, 2, offset=0.5)


# tol ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("epochs", ["auto", 50_000])
@pytest.mark.parametrize("tol", [1e-2, 1e-4, 1e-8])
def test_it_ends_at_the_first_small_change(kind, tol, epochs, table):
    history = gdviz.fit(table, **kind, learning_rate=0.01, tol=tol, epochs=epochs)
    change = np.abs(np.diff(history.cost)) / history.cost[:-1]
    assert history.ended == "tol"
    assert change[-1] <= tol
    assert (change[:-1] > tol).all()
    assert not history.diverged


def test_until_then_it_is_the_same_descent(kind, table):
    ended = gdviz.fit(table, **kind, learning_rate=0.01, tol=1e-4)
    epochs = int(ended.epoch[-1])
    whole = gdviz.fit(table, **kind, learning_rate=0.01, epochs=epochs + 100)
    assert_array_equal(ended.theta, whole.theta[: epochs + 1])
    assert_array_equal(ended.epoch, np.arange(epochs + 1))
    assert whole.ended == "epochs"


def test_a_tolerance_that_is_not_reached_warns_as_scikit_learn_does(kind, table):
    with pytest.warns(ConvergenceWarning, match=r"more than tol = 1e-10 .* after 7 epochs") as seen:
        history = gdviz.fit(table, **kind, learning_rate=0.01, tol=1e-10, epochs=7)
    assert seen[0].filename == __file__
    assert history.ended == "epochs"
    assert history.epoch[-1] == 7


def test_no_tolerance_no_warning(kind, table):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gdviz.fit(table, **kind, learning_rate=1e-4, epochs=3)


def test_a_tolerance_of_nothing_ends_when_nothing_changes(table):
    history = gdviz.fit(table, tol=0.0)
    assert history.ended == "tol"
    assert history.cost[-1] == history.cost[-2]
    assert_allclose(history.theta[-1], history.optimum, rtol=1e-7)


@pytest.mark.parametrize("tol", [-1.0, np.nan, np.inf, "small", True, False])
def test_a_tolerance_is_a_number_of_at_least_0(tol, table):
    with pytest.raises(ValueError, match='tol must be "auto", None, 0 or a positive number, not'):
        gdviz.fit(table, tol=tol)


# Why it ended -------------------------------------------------------------------------------------


def test_auto_epochs_end_when_they_have_converged(kind, table):
    history = gdviz.fit(table, **kind)
    assert history.ended == "arrived"
    assert history.converged
    assert history.arrival == history.epoch[-1]


def test_auto_epochs_that_are_too_few_say_nothing_of_it(table):
    history = gdviz.fit(table, learning_rate=1e-9)
    assert history.epoch[-1] == MOST_EPOCHS
    assert history.ended == "epochs"
    assert not history.converged


@pytest.mark.parametrize("tol", [None, 1e-3])
@pytest.mark.parametrize("options", [{}, {"optimizer": "momentum"}, {"batch_size": 5}])
def test_divergence_is_the_reason_whatever_else_was_asked(options, tol, table):
    with pytest.warns(DivergenceWarning) as seen:
        history = gdviz.fit(table, **options, learning_rate=50.0, tol=tol, epochs=1000)
    assert len(seen) == 1
    assert history.ended == "diverged"
    assert history.diverged
    assert np.isfinite(history.theta).all()


def test_an_optimizer_of_ones_own_that_diverges_is_spoken_of(table):
    with pytest.warns(DivergenceWarning, match="^the optimizer diverges, its record ends at epoch"):
        gdviz.fit(table, optimizer=gradient_descent(50.0), epochs=1000)


def test_the_reason_is_saved(tmp_path, table):
    gdviz.fit(table, tol=1e-3, batch_size=25).save(tmp_path / "history.npz")
    assert gdviz.History.load(tmp_path / "history.npz").ended == "tol"


# What is held fixed -------------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("loss", [name for name in LOSSES if name != "cross-entropy"])
def test_a_held_weight_is_a_descent_without_its_column(loss, optimizer, table):
    options = {"optimizer": optimizer, "learning_rate": 0.01, "epochs": 60}
    held = gdviz.fit(table, loss=loss, fixed={"x1": -2.0}, **options)
    rest = gdviz.Dataset.of(table.X[:, :1], table.y + 2 * table.X[:, 1])
    without = gdviz.fit(rest, loss=loss, **options)
    assert (held.theta[:, 2] == -2).all()
    assert held.fixed == (2,)
    assert_allclose(held.theta[:, :2], without.theta, rtol=1e-10)
    assert_allclose(held.optimum[:2], without.optimum, rtol=1e-8)


def test_a_fixed_intercept_is_a_special_case(table):
    for value in (5.0, "ols"):
        special = gdviz.fit(table, fixed_intercept=value, epochs=50)
        general = gdviz.fit(table, fixed={"intercept": value}, epochs=50)
        assert_array_equal(special.theta, general.theta)
        assert special.fixed == general.fixed == (0,)


def test_held_at_their_optima(table):
    model = LinearRegression().fit(table.X, table.y)
    history = gdviz.fit(table, fixed={"x0": "ols", "x1": "ols"}, epochs=5)
    assert_allclose(history.theta[:, 1:], np.broadcast_to(model.coef_, (6, 2)), rtol=1e-10)


def test_the_optimum_is_that_of_what_is_left_to_choose(table):
    # x1 is held at a number, so x0's best is no longer that of ordinary least squares.
    history = gdviz.fit(table, fixed={"x1": -2.0, "x0": "ols"}, epochs=5)
    model = LinearRegression().fit(table.X[:, :1], table.y + 2 * table.X[:, 1])
    assert_allclose(history.theta[0, 1:], [model.coef_[0], -2], rtol=1e-10)


@pytest.mark.parametrize("loss", ["huber", "cross-entropy"])
def test_an_intercept_at_the_optimum_of_its_own_loss(loss, table):
    y = np.where(table.y > np.median(table.y), 1.0, 0.0) if loss == "cross-entropy" else table.y
    free = gdviz.fit(table.X, y, loss=loss, epochs=1)
    held = gdviz.fit(table.X, y, loss=loss, epochs=1, fixed_intercept="ols")
    assert_allclose(held.intercept, free.optimum[0], rtol=1e-9)
    assert_allclose(held.best.cost, free.best.cost, rtol=1e-9)


@pytest.mark.parametrize(
    ("fixed", "message"),
    [
        ({"x7": 1.0}, "no parameter 'x7' to hold fixed; the parameters are intercept, x0, x1"),
        ({"x0": "best"}, "must be \"ols\" or a finite number, not 'best'"),
        ({"x0": np.nan}, 'must be "ols" or a finite number, not nan'),
        ({"intercept": 0, "x0": 1, "x1": 2}, "nothing is left to descend"),
    ],
)
def test_what_cannot_be_held_is_refused(fixed, message, table):
    with pytest.raises(ValueError, match=message):
        gdviz.fit(table, fixed=fixed, epochs=1)


def test_an_intercept_is_held_in_one_way(table):
    with pytest.raises(ValueError, match=r"fixed_intercept and fixed=.* are both given: give one"):
        gdviz.fit(table, fixed_intercept=1.0, fixed={"intercept": 2.0}, epochs=1)


def test_an_end_by_tol_is_said(tables):
    history = gdviz.fit(tables["rent"].scaled("standard"), tol=0.01, learning_rate=0.001)
    assert history.outcome.endswith(
        "epoch, stopped by tol (99.8 % of the way of intercept is left)"
    )


def test_steps_are_called_steps(tables):
    history = gdviz.fit(tables["rent"].scaled("standard"), batch_size=3, record="step", epochs=4)
    assert "16 steps" in history.outcome
