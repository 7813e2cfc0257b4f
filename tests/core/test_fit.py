"""The closed form is the plain loop, epoch for epoch; and what is said of a descent is true."""

import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.linear_model import LinearRegression

import gdviz
from gdviz.core.fit import DIVERGED, MOST_EPOCHS, DivergenceWarning
from gdviz.core.losses import huber
from gdviz.core.optimizers import Optimizer, adam

X = np.array([[1.0, 2], [3, 1], [2, 5], [4, 4]])
Y = np.array([1.0, 3, 2, 5])


def fit_any(*args, **options):
    """Fit, and let it diverge without a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DivergenceWarning)
        return gdviz.fit(*args, **options)


def auto_rate(dataset, **options):
    return gdviz.fit(dataset, epochs=1, learning_rate="auto", **options).learning_rate


# The plain loop -----------------------------------------------------------------------------------


@pytest.mark.parametrize("fixed", [None, 5.0, "ols"])
@pytest.mark.parametrize("factor", [1e-6, 0.1, 1, 1.7, 1.999, 2.01, 4])
def test_every_epoch_is_that_of_the_plain_loop(table, plain_loop, assert_same_path, factor, fixed):
    rate = factor * auto_rate(table, fixed_intercept=fixed)
    history = fit_any(table, learning_rate=rate, epochs=1500, fixed_intercept=fixed)
    assert history.diverged == (factor > 2)
    oracle = plain_loop(
        table, history.theta[0], rate, len(history.theta) - 1, hold_intercept=fixed is not None
    )
    assert_same_path(history.theta, oracle)
    assert history.epoch.tolist() == list(range(len(oracle)))


@pytest.mark.parametrize("factor", [0.3, 1.9])
def test_long_descents_are_those_of_the_plain_loop(table, plain_loop, assert_same_path, factor):
    rate = factor * auto_rate(table)
    history = gdviz.fit(table, learning_rate=rate, epochs=50_000)
    oracle = plain_loop(table, history.theta[0], rate, 50_000, dtype=np.float64)
    assert_same_path(history.theta, oracle)


@given(
    seed=st.integers(0, 10**6),
    n_samples=st.integers(2, 15),
    n_features=st.integers(1, 8),
    exponents=st.lists(st.integers(-5, 5), min_size=8, max_size=8),
    offset=st.sampled_from([0.0, 3.0, 1e3, 1e8]),
    noise=st.sampled_from([0.0, 1.0]),
    y_scale=st.sampled_from([1e-6, 1.0, 1e6]),
    twins=st.sampled_from(["none", "none", "copy", "sum", "constant"]),
    factor=st.sampled_from([1e-8, 0.01, 0.5, 1.0, 1.5, 1.999, 2.001, 3.0]),
    fixed=st.sampled_from([None, None, 2.5]),
    start=st.sampled_from(["default", "zeros", "random"]),
)
@settings(max_examples=300, derandomize=True, deadline=None)
def test_any_table_descends_as_the_plain_loop_does(
    random_table,
    plain_loop,
    assert_same_path,
    seed,
    n_samples,
    n_features,
    exponents,
    offset,
    noise,
    y_scale,
    twins,
    factor,
    fixed,
    start,
):
    scale = 10.0 ** np.array(exponents[:n_features])
    # From zero, a parameter far less steep than the others is all but zero for ever.
    assume(start != "zeros" or (offset < 1e8 and np.ptp(np.log10(scale)) <= 4))
    dataset = random_table(
        seed, n_samples, n_features, scale=scale, offset=offset, noise=noise, y_scale=y_scale
    )
    columns = dataset.X.copy()
    twin = {
        "copy": columns[:, 0],
        "sum": columns.sum(axis=1),
        "constant": np.full(n_samples, 0.1),
    }.get(twins, columns[:, -1])
    columns[:, -1] = twin
    theta0 = {
        "default": np.array([-1.0] + [3.0] * n_features),
        "zeros": np.zeros(n_features + 1),
        "random": np.random.default_rng(seed).normal(size=n_features + 1),
    }[start]
    options = {"theta0": theta0, "fixed_intercept": fixed}
    dataset = gdviz.Dataset.of(columns, dataset.y)

    rate = factor * auto_rate(dataset, **options)
    history = fit_any(dataset, learning_rate=rate, epochs=300, **options)
    assert history.diverged == (factor > 2)
    assert np.isfinite(history.cost).all()
    assert (history.cost >= 0).all()
    oracle = plain_loop(
        dataset, history.theta[0], rate, len(history.theta) - 1, hold_intercept=fixed is not None
    )
    assert_same_path(history.theta, oracle, near_zero=1e-9)


# The cost that is recorded ------------------------------------------------------------------------


def _row_by_row(history):
    """Root of the mean squared residuals, and what rounding a prediction does to it."""
    data = history.dataset
    residuals = history.theta @ np.vstack([np.ones(data.n_samples), data.X.T]) - data.y
    size = np.abs(history.theta) @ np.vstack([np.ones(data.n_samples), np.abs(data.X.T)])
    rounding = np.finfo(float).eps * (size + np.abs(data.y)).max(axis=1)
    return np.sqrt(np.mean(residuals**2, axis=1)), 4 * (data.n_features + 1) * rounding


@pytest.mark.parametrize("rate", ["auto", 1e-7])
def test_recorded_cost_is_that_of_the_rows(table, rate):
    history = gdviz.fit(table, learning_rate=rate, epochs=20_000)
    root, rounding = _row_by_row(history)
    assert (history.cost >= 0).all()
    assert_allclose(
        history.cost[root > 1e9 * rounding], root[root > 1e9 * rounding] ** 2, rtol=1e-9
    )
    assert (np.abs(np.sqrt(history.cost) - root) <= 0.5e-9 * root + rounding).all()


@pytest.mark.parametrize("n_samples", [3, 4, 10])
@pytest.mark.parametrize("offset", [0.0, 100.0])
def test_recorded_cost_of_a_perfect_fit(random_table, n_samples, offset):
    dataset = random_table(1, n_samples, 2, noise=0, offset=offset)
    history = gdviz.fit(dataset, epochs=3000)
    root, rounding = _row_by_row(history)
    assert (history.cost >= 0).all()
    assert (np.abs(np.sqrt(history.cost) - root) <= 0.5e-9 * root + rounding).all()


# What "auto" means --------------------------------------------------------------------------------


def _largest_eigenvalue(dataset, free=slice(None)):
    A = np.column_stack([np.ones(dataset.n_samples), dataset.X])[:, free]
    return np.linalg.eigvalsh(2 / dataset.n_samples * A.T @ A)[-1]


def test_auto_learning_rate_is_one_over_the_largest_eigenvalue(table):
    assert_allclose(auto_rate(table), 1 / _largest_eigenvalue(table), rtol=1e-12)
    held = auto_rate(table, fixed_intercept=1)
    assert_allclose(held, 1 / _largest_eigenvalue(table, slice(1, None)), rtol=1e-12)


def test_auto_epochs_stop_at_a_hundred_thousand(tables):
    history = gdviz.fit(tables["rent"])
    assert history.epoch[-1] == 100_000
    assert not history.converged


# Divergence ---------------------------------------------------------------------------------------


def test_divergence_is_said_marked_and_cut_off(tables, plain_loop, assert_same_path):
    table = tables["article_multiple"]
    message = (
        r"learning rate 0\.1 exceeds 2/λmax = 0\.0378433: the descent diverges, "
        r"its record ends at epoch 3; try 0\.0189 \(1/λmax\)"
    )
    with pytest.warns(DivergenceWarning, match=message) as caught:
        history = gdviz.fit(table, learning_rate=0.1, epochs=1000)
    assert caught[0].filename == __file__
    assert history.diverged
    assert not history.converged
    last = int(history.epoch[-1])
    bound = DIVERGED * history.cost[0]
    assert np.isfinite(history.theta).all()
    assert (history.cost <= bound * (1 + 1e-12)).all()

    oracle = plain_loop(table, history.theta[0], 0.1, last + 1)
    assert_same_path(history.theta, oracle[:-1])
    A = np.column_stack([np.ones(table.n_samples), table.X])
    assert np.mean((A @ oracle[-1] - table.y) ** 2) > bound


def test_a_diverging_record_may_end_before_it_is_cut_off():
    history = fit_any(X, Y, learning_rate=1.05 * 2 * auto_rate(gdviz.Dataset.of(X, Y)), epochs=5)
    assert history.diverged
    assert history.epoch[-1] == 5


@pytest.mark.parametrize("epochs", ["auto", 1, 100])
@pytest.mark.parametrize("rate", [1.0, 1e10, 1e300, 1.7e308])
@pytest.mark.parametrize("scale", [1.0, 1e100, 1e149 / 5])
def test_any_learning_rate_leaves_numbers(rate, scale, epochs):
    history = fit_any(X * scale, Y * scale, learning_rate=rate, epochs=epochs)
    assert history.diverged
    assert np.isfinite(history.theta).all()
    assert np.isfinite(history.cost).all()
    assert "diverged" in str(history)


# Two rows at ±1: both eigenvalues of the Hessian are exactly 2, so the limit is exactly 1.
SQUARE = gdviz.Dataset.of([[1.0], [-1.0]], [3.0, 1.0])


@pytest.mark.parametrize("rate", [1.0, 1 - 1e-12])
def test_at_the_limit_it_swings_for_ever(rate):
    history = gdviz.fit(SQUARE, learning_rate=rate, epochs=1000, theta0=[0, 0])
    assert not history.diverged
    assert not history.converged
    assert_allclose(history.theta[::2], 0, atol=1e-8)
    assert_allclose(history.theta[1::2] - [4, 2], 0, atol=1e-8)


def test_at_the_limit_auto_epochs_give_up():
    assert gdviz.fit(SQUARE, learning_rate=1.0).epoch[-1] == MOST_EPOCHS


def test_slightly_under_the_limit_it_converges():
    history = gdviz.fit(SQUARE, learning_rate=0.999)
    assert history.converged
    assert not history.diverged


def test_slightly_over_the_limit_it_diverges():
    with pytest.warns(DivergenceWarning, match=r"1\.001 exceeds 2/λmax = 1:"):
        history = gdviz.fit(SQUARE, learning_rate=1.001, epochs=2000, theta0=[0, 0])
    assert_allclose(history.cost[-1] / history.cost[0], 1.002**4000, rtol=0.05)


def test_a_rate_just_over_the_limit_is_told_apart_from_it():
    rate = np.nextafter(1, 2)
    message = r"1\.0000000000000002 exceeds 2/λmax = 1:"
    with pytest.warns(DivergenceWarning, match=message):
        gdviz.fit(SQUARE, learning_rate=rate, epochs=2)


# Start --------------------------------------------------------------------------------------------


def test_it_starts_at_zero(table):
    assert gdviz.fit(table, epochs=1).theta[0].tolist() == [0] * (table.n_features + 1)
    zero, default = (gdviz.fit(table, epochs=9, **o) for o in ({"theta0": "zero"}, {}))
    assert_array_equal(zero.theta, default.theta)


def test_a_random_start_is_as_wide_as_weights_can_be_expected_to_be(tables):
    table = tables["rent"]
    size = np.append(table.y.std(), table.y.std() / np.sqrt(np.mean(table.X**2, axis=0)))
    starts = [gdviz.fit(table, theta0="random", seed=s, epochs=1).theta[0] for s in range(2000)]
    assert_allclose(np.mean(starts, axis=0) / size, 0, atol=0.08)
    assert_allclose(np.std(starts, axis=0) / size, 1, rtol=0.06)
    again = gdviz.fit(table, theta0="random", seed=7, epochs=1)
    assert_array_equal(again.theta[0], starts[7])


def test_theta0_is_the_start_and_stays_as_it_was():
    theta0 = np.array([1.0, 2.0, 3.0])
    history = gdviz.fit(X, Y, theta0=theta0, fixed_intercept=7, epochs=5)
    assert history.theta[0].tolist() == [7, 2, 3]
    assert theta0.tolist() == [1, 2, 3]


@pytest.mark.parametrize("rate", ["auto", 1e-3, 1.0])
@pytest.mark.parametrize(
    ("weights", "intercept", "exact"),
    [([1.0, 2.0], 3.0, True), ([0.1, 0.2], 0.3, True), (None, None, False)],
)
def test_a_start_at_the_optimum_stays_there(weights, intercept, exact, rate):
    target = X @ weights + intercept if exact else Y
    theta0 = gdviz.fit(X, target, epochs=1).optimum if not exact else [intercept, *weights]
    history = fit_any(X, target, theta0=theta0, learning_rate=rate)
    if not history.diverged:
        assert history.epoch[-1] == 1
        assert history.converged
        assert "it started at the optimum" in str(history)
        assert_allclose(history.theta, np.broadcast_to(theta0, history.theta.shape), rtol=1e-12)
    assert np.isfinite(history.theta).all()


def test_a_start_at_the_optimum_stays_there_whatever_the_rate():
    # What rounding makes of the start grows too, and is cut off like everything else.
    history = fit_any(SQUARE, theta0=[2.0, 1.0], learning_rate=50.0, epochs=5000)
    assert_allclose(history.theta, np.broadcast_to([2, 1], history.theta.shape), rtol=1e-7)


def test_what_does_not_move_does_not_overflow():
    nothing = np.zeros(2)
    history = fit_any(SQUARE.X, nothing, theta0=nothing, learning_rate=50.0, epochs=5000)
    assert history.theta.shape == (5001, 2)
    assert (history.theta == 0).all()
    assert (history.cost == 0).all()


# A fixed intercept --------------------------------------------------------------------------------


def test_a_fixed_intercept_stays(table):
    history = gdviz.fit(table, fixed_intercept=5)
    assert (history.intercept == 5).all()
    assert history.fixed == (0,)
    optimum = np.linalg.pinv(table.X) @ (table.y - 5)
    assert_allclose(history.optimum[1:], optimum, rtol=1e-9)


def test_an_intercept_at_its_least_squares_value(table):
    history = gdviz.fit(table, fixed_intercept="ols")
    free = gdviz.fit(table, epochs=1)
    assert (history.intercept == free.optimum[0]).all()
    assert_allclose(history.best.cost, free.best.cost, rtol=1e-9, atol=1e-20)


def test_the_least_squares_intercept_is_the_one_that_is_shown():
    both = FAHRENHEIT  # Celsius and Fahrenheit: any intercept will do
    shown = gdviz.fit(both, Y, theta0=[20, 1, -1], epochs=1).optimum[0]
    held = gdviz.fit(both, Y, theta0=[20, 1, -1], epochs=1, fixed_intercept="ols").intercept[0]
    assert_allclose(held, shown, rtol=1e-12)


# Where it arrives ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "epochs"),
    [
        ("article_multiple", 5_000),
        ("article_simple", 5_000),
        ("ten_points", 20_000),
        ("twenty_points", 100_000),
        ("rent", 2_000_000),
    ],
)
def test_a_long_descent_arrives_where_scikit_learn_does(tables, name, epochs):
    table = tables[name]
    history = gdviz.fit(table, learning_rate=1.9 * auto_rate(table), epochs=epochs)
    model = LinearRegression().fit(table.X, table.y)
    assert history.converged
    assert_allclose(history.intercept[-1], model.intercept_, rtol=1e-8)
    assert_allclose(history.weights[-1], model.coef_, rtol=1e-8)
    assert_allclose(history.r2[-1], model.score(table.X, table.y), rtol=1e-9)
    assert_allclose(history.predict(table.X), model.predict(table.X), rtol=1e-8, atol=1e-12)


PAIR = X[:, [0, 0]]
FAHRENHEIT = np.column_stack([X[:, 0], 1.8 * X[:, 0] + 32])
SINGULAR = {
    "copied": (PAIR, Y, "linearly dependent: x0, x1"),
    "multiple": (PAIR * [1, 1e3], Y, "linearly dependent: x0, x1"),
    "affine": (FAHRENHEIT, Y, "linearly dependent: x0, x1"),
    "summed": (np.column_stack([X, X.sum(axis=1)]), Y, "linearly dependent: x0, x1, x2"),
    "constant": (np.column_stack([X[:, 0], np.full(4, 0.1)]), Y, "(constant: x1)"),
    "zero": (np.column_stack([X[:, 0], np.zeros(4)]), Y, "(constant: x1)"),
    "both": (np.column_stack([PAIR, np.ones(4)]), Y, "constant: x2; linearly dependent: x0, x1"),
    "few rows": (X[:2], Y[:2], "2 rows, 3 parameters; linearly dependent: x0, x1"),
    "all constant": (np.ones((3, 2)), Y[:3], "(constant: x0, x1)"),
}


@pytest.mark.parametrize(("columns", "target", "remark"), SINGULAR.values(), ids=SINGULAR)
def test_a_singular_table_descends_to_the_nearest_solution(
    columns, target, remark, plain_loop, assert_same_path
):
    theta0 = np.arange(1.0, columns.shape[1] + 2)
    history = gdviz.fit(columns, target, theta0=theta0, epochs=3000)
    oracle = plain_loop(history.dataset, theta0, history.learning_rate, 3000)
    assert_same_path(history.theta, oracle)
    assert not history.best.unique
    assert remark in str(history)

    A = np.column_stack([np.ones(len(target)), columns])
    nearest = theta0 + np.linalg.pinv(A) @ (target - A @ theta0)
    assert_allclose(history.optimum, nearest, rtol=1e-9, atol=1e-9)
    auto = gdviz.fit(columns, target, theta0=theta0)
    assert auto.converged or auto.epoch[-1] == MOST_EPOCHS


def test_a_singular_table_arrives():
    history = gdviz.fit(X[:, [0, 0]], Y, epochs=3000)
    assert_allclose(history.theta[-1], history.optimum, rtol=1e-9)
    model = LinearRegression().fit(X[:, :1], Y)
    assert_allclose(history.weights[-1].sum(), model.coef_[0], rtol=1e-9)


def test_a_constant_target_is_fitted_by_its_intercept():
    history = gdviz.fit(X, np.full(4, 0.1), epochs=20_000)
    assert_allclose(history.theta[-1], [0.1, 0, 0], atol=1e-9)
    assert np.isnan(history.r2).all()


def test_many_features(random_table):
    dataset = random_table(0, 400, 300)
    history = gdviz.fit(dataset)
    assert history.converged
    model = LinearRegression().fit(dataset.X, dataset.y)
    assert_allclose(history.optimum[1:], model.coef_, rtol=1e-9, atol=1e-12)


# Arguments ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"learning_rate": 0}, "a positive number, not 0"),
        ({"learning_rate": -1.0}, "not -1.0"),
        ({"learning_rate": np.nan}, "a positive number, not nan"),
        ({"learning_rate": np.inf}, "not inf"),
        (
            {"learning_rate": "fast"},
            'learning_rate must be "auto", "gentle", a schedule such as "cosine:from=0.1" or a '
            "positive number, not 'fast'",
        ),
        ({"learning_rate": "0.1"}, "or a positive number, not '0.1'"),
        ({"epochs": 0}, r'epochs must be "auto" or a whole number from 1 to 100,000,000, not 0'),
        ({"epochs": -5}, "not -5"),
        ({"epochs": 10**30}, r"from 1 to 100,000,000, not 10{30}"),
        ({"epochs": 2.5}, "not 2.5"),
        ({"epochs": True}, "not True"),
        ({"batch_size": True}, "not True"),
        ({"learning_rate": True}, "not True"),
        ({"fixed": {"x0": True}}, "not True"),
        ({"epochs": "many"}, "not 'many'"),
        (
            {"theta0": [1, 2]},
            "the start needs 3 finite numbers: intercept, x0, x1; got",
        ),
        ({"theta0": [1, 2, np.nan]}, "the start needs 3 finite numbers"),
        ({"theta0": "zeros"}, "the start needs 3 finite numbers"),
        ({"theta0": 1.0}, "the start needs 3 finite numbers"),
        (
            {"theta0": [[1, 2], [3]]},
            r"3 finite numbers: .*; got \[\[1, 2\], \[3\]\] \(\"zero\" and",
        ),
        ({"record": "batch"}, "no value of record 'batch'; choose from epoch, step"),
        ({"record": 3}, "no value of record '3'; choose from epoch, step"),
        ({"fixed": {"X0": 1}}, r"no parameter 'X0' to hold fixed; .* \(did you mean x0\?\)"),
        ({"theta0": [1e200] * 3}, "the cost at the start is inf, too large to draw"),
        ({"fixed_intercept": "OLS"}, r"fixed_intercept must be \"ols\" or a finite number"),
        ({"fixed_intercept": np.inf}, r"fixed_intercept must be \"ols\" or a finite number"),
    ],
)
def test_arguments_out_of_range(options, message):
    with pytest.raises(ValueError, match=message):
        gdviz.fit(X, Y, **options)


@pytest.mark.parametrize("option", ["loss", "optimizer"])
def test_a_factory_has_to_be_called(option):
    factory = {"loss": huber, "optimizer": adam}[option]
    call = f"{option} is the factory {factory.__name__}, .* call it, {factory.__name__}"
    with pytest.raises(TypeError, match=call):
        gdviz.fit(X, Y, **{option: factory})
    with pytest.raises(TypeError, match=f"{option} must be a name, or what a factory made, not 7"):
        gdviz.fit(X, Y, **{option: 7})


def test_an_update_of_two_arguments_is_told_what_to_change():
    # As optimizers were before there was weight decay.
    old = Optimizer(lambda theta: (), lambda gradient, state: (-0.01 * gradient, state))
    message = (
        r"update must take theta, too: it is update\(gradient, state\), and has to be update\("
    )
    with pytest.raises(TypeError, match=message + r"gradient, state, theta\)"):
        gdviz.fit(X, Y, optimizer=old)
    new = Optimizer(old.init, lambda gradient, state, theta: old.update(gradient, state))
    assert_allclose(
        gdviz.fit(X, Y, optimizer=new, epochs=50).theta,
        gdviz.fit(X, Y, learning_rate=0.01, epochs=50).theta,
        rtol=1e-12,
    )


def test_a_target_is_given_once():
    with pytest.raises(ValueError, match="y is missing"):
        gdviz.fit(X)
    with pytest.raises(ValueError, match="already part of the Dataset"):
        gdviz.fit(gdviz.Dataset.of(X, Y), Y)


def test_nothing_to_learn():
    with pytest.raises(ValueError, match="every feature is 0 in every row"):
        gdviz.fit(np.zeros((3, 2)), [1, 2, 3], fixed_intercept=0)


@pytest.mark.parametrize("number", [np.float32(0.01), np.int64(1) * 0.01, 0.01])
def test_numpy_numbers_are_numbers(number):
    history = gdviz.fit(X, Y, learning_rate=number, epochs=np.int64(3))
    assert type(history.learning_rate) is float
    assert history.epoch.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("fixed", [None, "ols"])
def test_gentle_rate_leaves_something_to_watch(table, fixed):
    gentle = gdviz.fit(table, learning_rate="gentle", fixed_intercept=fixed)
    auto = gdviz.fit(table, learning_rate="auto", fixed_intercept=fixed)
    default = gdviz.fit(table, fixed_intercept=fixed)
    assert default.learning_rate == gentle.learning_rate
    assert gentle.epoch[-1] >= 100
    if auto.epoch[-1] >= 100:
        assert gentle.learning_rate == auto.learning_rate
    else:
        assert gentle.learning_rate < auto.learning_rate
        assert gentle.epoch[-1] <= 110
