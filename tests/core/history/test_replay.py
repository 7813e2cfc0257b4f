"""What anything else recorded becomes a history like any other."""

import copy
import math
import pickle
import warnings

import numpy as np
import pytest
from matplotlib.text import Text
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.exceptions import ConvergenceWarning

import gdviz
from gdviz import Dataset, History
from gdviz.renderers import RENDERERS

X = np.array([[1.0, -2], [2, 1], [4, 1], [5, -3], [6, 4], [7, 5]])
Y = np.array([14.0, -12, -31, -21, -51, -37])
TABLE = Dataset.of(X, Y, feature_names=["area", "age"], target_name="rent")
HELD = gdviz.fit(TABLE, fixed_intercept="ols", learning_rate=0.01, epochs=60)


def texts(figure):
    return [text.get_text() for text in figure.findobj(Text)]


# Arrays -------------------------------------------------------------------------------------------


def test_a_replay_is_the_descent_that_it_was_recorded_from():
    replay = History.from_arrays(HELD.theta, dataset=TABLE)
    for name in ("theta", "cost", "epoch", "gap", "r2", "optimum"):
        assert_allclose(getattr(replay, name), getattr(HELD, name), rtol=1e-12, atol=1e-12)
    assert replay.fixed == HELD.fixed == (0,)
    assert replay.converged == HELD.converged
    assert math.isnan(replay.learning_rate)


def test_the_cost_may_be_given_and_records_may_be_few():
    replay = History.from_arrays([[0, 0, 0], [1, 2, 3]], [7, 5], dataset=TABLE, epoch=[10, 200])
    assert replay.cost.tolist() == [7, 5]
    assert replay.epoch.tolist() == [10, 200]
    assert replay.theta.dtype == replay.cost.dtype == np.float64


def test_the_arrays_stay_those_of_the_recorder():
    theta = np.ones((2, 3))
    replay = History.from_arrays(theta, dataset=TABLE)
    theta[:] = 5
    assert (replay.theta == 1).all()
    with pytest.raises(ValueError, match="read-only"):
        replay.theta[0] = 0


@pytest.mark.parametrize(("path", "fixed"), [([[1, 2, 3]], ()), ([[1, 2, 3], [1, 2, 4]], (0, 1))])
def test_what_never_moves_counts_as_fixed(path, fixed):
    assert History.from_arrays(path, dataset=TABLE).fixed == fixed


@pytest.mark.parametrize("loss", ["ridge:alpha=2", "huber:delta=3"])
def test_the_cost_is_that_of_the_loss(loss):
    replay = History.from_arrays(HELD.theta, dataset=TABLE, loss=loss)
    assert_array_equal(replay.cost, replay.objective.cost(HELD.theta))
    assert (replay.gap >= 0).all()


@pytest.mark.parametrize(
    ("theta", "options", "message"),
    [
        ([1, 2, 3], {}, r"theta has shape \(3,\); it needs a row for each record and 3 columns"),
        ([[1, 2]], {}, r"shape \(1, 2\); .* 3 columns: intercept, area, age"),
        (np.empty((0, 3)), {}, r"shape \(0, 3\)"),
        ([[1, 2, 3], [1, np.nan, 3]], {}, "theta is not a finite number in record 1; leave out"),
        (np.ones((2, 3)), {"cost": [1]}, r"cost has shape \(1,\); theta has 2 records"),
        (np.ones((2, 3)), {"cost": [1, np.inf]}, "cost is not a finite number in record 1"),
        (np.ones((2, 3)), {"epoch": [1]}, r"epoch has shape \(1,\); theta has 2 records"),
        (np.ones((2, 3)), {"epoch": [1, 1]}, "whole numbers that increase"),
        (np.ones((2, 3)), {"epoch": [-1, 1]}, "the first of them 0 or later"),
        (np.ones((2, 3)), {"epoch": [0.5, 1]}, "whole numbers"),
        (np.ones((2, 3)), {"loss": "mae"}, "no loss 'mae'; choose from mse"),
    ],
)
def test_what_cannot_be_a_history_is_refused(theta, options, message):
    with pytest.raises(ValueError, match=message):
        History.from_arrays(theta, dataset=TABLE, **options)


# On any function ----------------------------------------------------------------------------------

WEIGHTS = np.random.default_rng(0).normal(size=(20, 6)).cumsum(axis=0)


def loss(theta):
    assert theta.shape == (6,)  # as a network's, one θ at a time
    return float((np.arange(6) * theta) @ theta)


def loss_of_many(theta):
    return (np.arange(6) * theta * theta).sum(axis=-1)


@pytest.mark.parametrize(
    "objective",
    [
        loss,
        loss_of_many,
        lambda theta, batch=None, *, penalty=0.0: loss_of_many(theta),
        lambda u, v, w, x, y, z: loss_of_many(np.stack([u, v, w, x, y, z], axis=-1)),
    ],
)
def test_a_cost_takes_theta_as_one_array_or_as_numbers(objective):
    history = History.from_arrays(WEIGHTS, objective=objective)
    assert_allclose(history.cost, [loss(theta) for theta in WEIGHTS])
    assert_allclose(history.objective.cost(WEIGHTS.reshape(4, 5, 6)).ravel(), history.cost)


def test_one_parameter_is_a_number():
    history = History.from_arrays([[2.0], [1.0]], objective=lambda theta: theta**2)
    assert history.cost.tolist() == [4, 1]
    assert history.objective.names == ("theta",)


@pytest.mark.parametrize(
    ("theta", "objective", "message"),
    [
        (WEIGHTS[0], loss, r"theta has shape \(6,\); it needs a row for each record"),
        (WEIGHTS[:0], loss, r"theta has shape \(0, 6\)"),
        (3.0, loss, r"theta has shape \(\)"),
        ([[1, 2], [1]], loss, "a row of numbers for each record, all of one length"),
        ([[np.ones((2, 3)), np.ones(2)]], loss, r"one row by np.concatenate"),
        ([[1, 2], [1, np.nan]], loss, "not a finite number in record 1"),
        (WEIGHTS, lambda u, v: u + v, r"shape \(20, 6\); .* 2 columns: u, v"),
        (WEIGHTS, lambda theta: theta[:3], r"gives an array \(3,\) of 6 numbers"),
        (WEIGHTS, None, "in its place an objective: the cost as a function of theta"),
    ],
)
def test_what_is_no_cost_of_theta_is_refused(theta, objective, message):
    with pytest.raises(ValueError, match=message):
        History.from_arrays(theta, objective=objective)


def test_an_error_of_the_cost_is_its_own():
    def mistaken(theta):
        raise TypeError("linear(): argument 'input' must be Tensor, not numpy.ndarray")

    with pytest.raises(TypeError, match="must be Tensor"):
        History.from_arrays(WEIGHTS, objective=mistaken)


# Without a learning rate --------------------------------------------------------------------------


def test_no_learning_rate_is_printed():
    heading = str(History.from_arrays(HELD.theta, dataset=TABLE)).split("\n\n")[0]
    assert heading == (
        "recorded descent: rent from area, age\n"
        "6 rows, 60 epochs, arrived at epoch 34, as far as its record goes"
    )


@pytest.mark.parametrize("kind", RENDERERS)
def test_every_kind_draws_a_replay_and_no_learning_rate(kind):
    figure = RENDERERS[kind](History.from_arrays(HELD.theta, dataset=TABLE)).still()
    assert "epoch 60" in texts(figure)
    assert not [text for text in texts(figure) if "learning rate" in text or "nan" in text]


def test_a_rate_that_is_known_is_drawn():
    assert any("learning rate 0.01" in text for text in texts(RENDERERS["plane"](HELD).still()))


def test_a_replay_comes_back_from_its_file(tmp_path):
    replay = History.from_arrays(HELD.theta, dataset=TABLE, epoch=range(5, 66))
    replay.save(tmp_path / "replay.npz")
    loaded = History.load(tmp_path / "replay.npz")
    assert math.isnan(loaded.learning_rate)
    assert str(loaded) == str(replay)
    assert_array_equal(loaded.theta, replay.theta)


def test_a_replay_may_end_above_its_start():
    best = HELD.optimum
    for start in (best, best + 0.1):
        replay = History.from_arrays([start, best + 1], dataset=TABLE)
        assert "stopped (100 % of the way of" in str(replay)


# Copies -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("again", [copy.deepcopy, lambda h: pickle.loads(pickle.dumps(h))])
@pytest.mark.parametrize("loss", ["mse", "cross-entropy"])
def test_a_history_can_be_copied_and_pickled(again, loss):
    history = gdviz.fit(X, [0.0, 1, 0, 1, 0, 1], loss=loss, epochs=5)
    str(history)  # computes what is cached
    twin = again(history)
    assert str(twin) == str(history)
    assert_array_equal(twin.theta, history.theta)
    for array in (twin.theta, twin.cost, twin.dataset.X, twin.dataset.y):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


# An end where it has arrived ----------------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, {"optimizer": "momentum"}, {"loss": "huber"}])
def test_tol_auto_ends_where_auto_epochs_do(options):
    auto = gdviz.fit(TABLE, **options)
    most = gdviz.fit(TABLE, tol="auto", epochs=10_000, **options)
    assert_array_equal(most.theta, auto.theta)
    assert most.ended == auto.ended == "arrived"


@pytest.mark.parametrize("options", [{}, {"optimizer": "momentum"}, {"loss": "huber"}])
def test_tol_auto_ends_after_the_epochs_and_warns(options):
    with pytest.warns(ConvergenceWarning, match=r"not arrived \(\d.*\) after 3 epochs; allow more"):
        history = gdviz.fit(TABLE, tol="auto", epochs=3, **options)
    assert history.epoch[-1] == 3
    assert history.ended == "epochs"


def test_epochs_alone_do_not_warn():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gdviz.fit(TABLE, epochs=3)


@pytest.mark.parametrize("tol", ["soon", -1, math.nan])
def test_a_tol_out_of_range(tol):
    with pytest.raises(ValueError, match="tol must be"):
        gdviz.fit(TABLE, tol=tol)


def test_a_generator_of_orders_goes_on():
    options = {"loss": "huber", "batch_size": 2, "learning_rate": 0.005}
    whole = gdviz.fit(TABLE, epochs=4, seed=3, **options)
    rng = np.random.default_rng(3)
    half = gdviz.fit(TABLE, epochs=2, seed=rng, **options)
    rest = gdviz.fit(TABLE, epochs=2, seed=rng, theta0=half.theta[-1], **options)
    assert_allclose(np.vstack([half.theta, rest.theta[1:]]), whole.theta, rtol=1e-12)
