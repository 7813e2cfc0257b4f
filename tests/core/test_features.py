"""Scaling and powers: scikit-learn's numbers, and the way back."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.preprocessing import MinMaxScaler, PolynomialFeatures, StandardScaler


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


def test_powers_are_scikit_learns(table):
    theirs = PolynomialFeatures(3, include_bias=False).fit(table.X)
    made = table.powers(3)
    assert_allclose(made.X, theirs.transform(table.X))
    assert made.feature_names == tuple(theirs.get_feature_names_out(table.feature_names))


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


def test_powers_are_taken_once(tables):
    with pytest.raises(ValueError, match="powers were taken already"):
        tables["rent"].powers(2).powers(2)
