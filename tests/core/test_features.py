"""Scaling and powers: scikit-learn's numbers, and the way back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import MinMaxScaler, PolynomialFeatures, StandardScaler

import gdviz
from gdviz.core.features import SCALERS


@pytest.mark.parametrize(
    ("kind", "theirs"), [("standard", StandardScaler), ("minmax", MinMaxScaler)]
)
def test_scaled_columns_are_scikit_learns(table, kind, theirs):
    assert_allclose(table.scaled(kind).X, theirs().fit_transform(table.X), rtol=1e-12, atol=1e-15)


def test_mean_normalisation(table):
    X = table.scaled("mean").X
    assert_allclose(X.mean(axis=0), 0, atol=1e-12)
    span = np.ptp(X, axis=0)
    assert_allclose(span, np.ptp(table.X, axis=0) > 0)


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


def test_powers_are_scikit_learns(table):
    theirs = PolynomialFeatures(3, include_bias=False).fit(table.X)
    made = table.powers(3)
    assert_allclose(made.X, theirs.transform(table.X))
    assert made.feature_names == tuple(theirs.get_feature_names_out(table.feature_names))


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


@pytest.mark.parametrize("degree", [0, 21, 1.5, True])
def test_a_degree_out_of_range_is_refused(table, degree):
    with pytest.raises(ValueError, match="degree must be a whole number from 1 to 20"):
        table.powers(degree)


def test_an_unknown_scaling_names_the_choices(table):
    with pytest.raises(ValueError, match="no scaling 'stand'; choose from standard, mean, minmax"):
        table.scaled("stand")


def test_powers_come_before_scaling(table):
    with pytest.raises(ValueError, match="take powers first"):
        table.scaled("standard").powers(2)


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


def test_powers_are_taken_once(tables):
    with pytest.raises(ValueError, match="powers were taken already"):
        tables["rent"].powers(2).powers(2)
