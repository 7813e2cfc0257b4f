"""A history over scaled features and over the table's columns: the same predictions and costs."""

import dataclasses
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_squared_error

import gdviz
from gdviz import Dataset
from gdviz.core.features import SCALERS


@pytest.mark.parametrize("kind", SCALERS)
def test_original_units_agree_with_refitting(table, kind):
    if table.n_samples <= table.n_features:
        pytest.skip("no unique solution to agree on")
    history = gdviz.fit(table.scaled(kind), epochs=100_000, learning_rate="auto")
    original = history.in_original_units()
    refitted = LinearRegression().fit(table.X, table.y)
    assert original.dataset is table
    assert_allclose(original.theta[-1], [refitted.intercept_, *refitted.coef_], rtol=1e-9)


@pytest.mark.parametrize("kind", SCALERS)
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), exponent=st.integers(-6, 6), offset=st.integers(-50, 50))
def test_every_epoch_predicts_the_same_in_both_units(random_table, kind, seed, exponent, offset):
    table = random_table(seed, 12, 3, scale=10.0**exponent, offset=float(offset))
    history = gdviz.fit(table.scaled(kind), epochs=20)
    original = history.in_original_units()
    for epoch in (0, 7, 20):
        scaled, unscaled = history.predict(table.X, epoch), original.predict(table.X, epoch)
        assert_allclose(unscaled, scaled, rtol=1e-9, atol=1e-9 * np.abs(scaled).max())


def test_predictions_take_the_tables_own_columns(tables):
    table = tables["rent"]
    history = gdviz.fit(table.powers(2).scaled("standard"), epochs=10)
    X = history.dataset.X
    assert_allclose(history.predict(table.X), history.theta[-1, 0] + X @ history.theta[-1, 1:])
    with pytest.raises(ValueError, match="2 columns: area, age"):
        history.predict(X)


def test_what_was_made_is_saved(tables, tmp_path):
    history = gdviz.fit(tables["rent"].powers(2).scaled("standard"), epochs=10)
    history.save(tmp_path / "h.npz")
    loaded = gdviz.History.load(tmp_path / "h.npz")
    assert (loaded.dataset.X == history.dataset.X).all()
    assert (loaded.predict(tables["rent"].X) == history.predict(tables["rent"].X)).all()
    assert (loaded.in_original_units().theta == history.in_original_units().theta).all()


@pytest.mark.parametrize("options", [{}, {"fixed_intercept": "ols"}, {"loss": "huber:delta=3000"}])
def test_in_original_units_the_optimum_and_the_gap_are_the_same(tables, options):
    history = gdviz.fit(tables["rent"].scaled("standard"), epochs=60, **options)
    original = history.in_original_units()
    scaling = history.dataset.scaling
    assert_allclose(original.optimum, scaling.original(history.optimum), rtol=1e-8)
    assert_allclose(original.gap, history.gap, rtol=1e-6, atol=1e-6 * history.gap[0])
    assert original.converged == history.converged
    assert 0 not in original.fixed


def test_a_penalty_has_no_like_in_original_units(tables):
    history = gdviz.fit(tables["rent"].scaled("standard"), loss="ridge:alpha=5", epochs=5)
    with pytest.raises(ValueError, match="penalty is on the scaled weights"):
        history.in_original_units()


def test_over_unscaled_columns_the_cost_falls_for_ever_in_a_direction_of_length_1():
    x = np.array([1.0, 2, 3, 60, 70, 80])
    table = Dataset.of(x, x > 40)
    history = gdviz.fit(table.scaled("standard"), loss="cross-entropy", epochs=5)
    falls = history.in_original_units().best.falls
    assert_allclose(np.linalg.norm(falls), 1)
    assert (np.sign(falls[0] + falls[1] * x) == np.where(x > 40, 1, -1)).all()


def test_an_unscaled_history_says_the_same_of_its_end(tables):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        history = gdviz.fit(tables["rent"].scaled("standard"), epochs=3000)
        unscaled = history.in_original_units()
    assert history.converged
    assert unscaled.converged
    assert_allclose(unscaled.best.gap(unscaled.theta), history.gap, rtol=1e-6, atol=1e-3)


# Other rows ---------------------------------------------------------------------------------------

ROWS = Dataset.of(np.random.default_rng(3).normal(2, 3, (30, 2)), np.arange(30.0))


@pytest.mark.parametrize("made", [lambda d: d, lambda d: d.scaled("standard")])
@pytest.mark.parametrize("degree", [1, 2])
def test_other_rows_get_the_features_of_the_fit(made, degree):
    fitted, others = (dataclasses.replace(ROWS, X=ROWS.X[p], y=ROWS.y[p]) for p in np.s_[:20, 20:])
    table = made(fitted.powers(degree) if degree > 1 else fitted)
    history = gdviz.fit(table, epochs=3)
    over = history.over(others)
    assert_array_equal(over.theta, history.theta)
    expected = mean_squared_error(others.y, history.predict(others.X))
    assert_allclose(over.cost[-1], expected, rtol=1e-9)
    assert_array_equal(history.over(over.dataset).cost, over.cost)
    assert_array_equal(history.over(fitted).cost, history.cost)


def test_other_rows_that_do_not_go_with_the_history_are_refused():
    history = gdviz.fit(ROWS, epochs=1)
    for other in (ROWS.scaled("standard"), ROWS.powers(2)):
        with pytest.raises(ValueError, match="made in another way than the history's; give rows"):
            history.over(other)
    with pytest.raises(ValueError, match=r"this history has 2 features, the dataset 1$"):
        history.over(dataclasses.replace(ROWS, X=ROWS.X[:, :1], feature_names=("x0",)))


def test_labels_of_other_rows_are_those_of_the_history():
    labelled = dataclasses.replace(ROWS, y=np.arange(30) % 2 * 2.0 - 1)
    history = gdviz.fit(labelled, loss="cross-entropy", epochs=1)
    assert history.over(dataclasses.replace(labelled, y=-labelled.y)).cost.shape == (2,)
    with pytest.raises(ValueError, match="labels of these rows are 0, 1, those of the history −1"):
        history.over(dataclasses.replace(labelled, y=np.maximum(labelled.y, 0)))
