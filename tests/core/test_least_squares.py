"""The least-squares solution is scikit-learn's; where there are many, the flat of them is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score

import gdviz
from gdviz.core.least_squares import least_squares
from gdviz.core.losses import mean_squared_error


def test_it_is_that_of_scikit_learn(tables):
    for name in set(tables) - {"housing"}:
        table = tables[name]
        best = least_squares(table)
        model = LinearRegression().fit(table.X, table.y)
        assert_allclose(best.theta, [model.intercept_, *model.coef_], rtol=1e-10)
        assert best.unique
        assert best.remark(table) == ""
        r2 = r2_score(table.y, model.predict(table.X))
        assert_allclose(table.r2(best.cost), r2, rtol=1e-12)


def test_the_normal_equation_agrees(tables):
    table = tables["article_multiple"]
    A = np.column_stack([np.ones(table.n_samples), table.X])
    assert_allclose(least_squares(table).theta, np.linalg.solve(A.T @ A, A.T @ table.y), rtol=1e-12)


def test_a_held_intercept_is_scikit_learn_without_one(table):
    best = least_squares(table, {0: 5.0})
    model = LinearRegression(fit_intercept=False).fit(table.X, table.y - 5)
    assert_allclose(best.theta, [5, *model.coef_], rtol=1e-9)
    assert best.n_free == table.n_features
    assert (best.factor[:, 0] == 0).all()


def test_a_held_weight_is_scikit_learn_without_its_column(tables):
    table = tables["rent"]
    best = least_squares(table, {1: 1000.0})
    model = LinearRegression().fit(table.X[:, 1:], table.y - 1000 * table.X[:, 0])
    assert_allclose(best.theta, [model.intercept_, 1000, *model.coef_], rtol=1e-10)
    assert (best.factor[:, 1] == 0).all()


@given(
    seed=st.integers(0, 10**6),
    n_samples=st.integers(2, 30),
    n_features=st.integers(1, 6),
    exponents=st.lists(st.integers(-6, 6), min_size=6, max_size=6),
    offset=st.sampled_from([0.0, 5.0, 1e3]),
    fixed=st.sampled_from([None, -3.0]),
    y_scale=st.sampled_from([1e-6, 1.0, 1e6]),
)
@settings(max_examples=200, derandomize=True, deadline=None)
def test_any_table_fits_as_well_as_scikit_learn(
    random_table, seed, n_samples, n_features, exponents, offset, fixed, y_scale
):
    scale = 10.0 ** np.array(exponents[:n_features])
    dataset = random_table(seed, n_samples, n_features, scale=scale, offset=offset, y_scale=y_scale)
    best = least_squares(dataset, {} if fixed is None else {0: fixed})
    # In columns of unit size, where scikit-learn's own solver keeps its digits.
    Z = dataset.X / scale / max(offset, 1)
    model = LinearRegression(fit_intercept=fixed is None).fit(Z, dataset.y - (fixed or 0))
    residuals = dataset.y - (fixed or 0) - model.predict(Z)
    root, claimed = np.sqrt(np.mean(residuals**2)), np.sqrt(best.cost)
    reached = np.sqrt(mean_squared_error().cost(best.theta, dataset))
    y_size = np.abs(dataset.y).max() + abs(fixed or 0)
    rounding = 100 * np.finfo(float).eps * max(1, offset) * y_size + 10 * np.sqrt(best.noise)
    assert abs(claimed - root) <= 1e-9 * root + rounding
    assert abs(reached - root) <= 1e-9 * root + rounding


@pytest.mark.parametrize("fixed", [{}, {0: 2.0}, {2: -1.0}])
def test_cost_is_the_least_cost_plus_the_gap(random_table, fixed):
    dataset = random_table(0, 12, 3, offset=2.0)
    best = least_squares(dataset, fixed)
    theta = np.random.default_rng(1).normal(size=(5, 4))
    for j, value in fixed.items():
        theta[:, j] = value
    assert_allclose(
        best.cost + best.gap(theta), mean_squared_error().cost(theta, dataset), rtol=1e-12
    )
    assert best.gap(best.theta) == 0


@pytest.mark.parametrize("n_samples", [2, 3, 4])
def test_fewer_rows_than_parameters(random_table, n_samples):
    dataset = random_table(3, n_samples, 4)
    best = least_squares(dataset)
    assert best.null_space.shape == (5, 5 - n_samples)
    assert_allclose(best.null_space.T @ best.null_space, np.eye(5 - n_samples), atol=1e-14)
    assert best.cost <= best.noise
    A = np.column_stack([np.ones(n_samples), dataset.X])
    assert_allclose(A @ best.null_space, 0, atol=1e-13)
    start = np.arange(5.0)
    nearest = start + np.linalg.pinv(A) @ (dataset.y - A @ start)
    assert_allclose(best.nearest(start), nearest, rtol=1e-10, atol=1e-12)
    assert f"{n_samples} rows, 5 parameters" in best.remark(dataset)


def test_a_held_intercept_is_no_parameter():
    # 2 rows, and 2 weights to find: one solution
    dataset = gdviz.Dataset.of([[1.0, 2], [3, 1]], [1.0, 2])
    assert least_squares(dataset, {0: 1.0}).unique
    collinear = gdviz.Dataset.of([[1.0, 2], [2, 4]], [1.0, 2])
    remark = least_squares(collinear, {0: 1.0}).remark(collinear)
    assert "rows" not in remark
    assert "linearly dependent: x0, x1" in remark


def test_a_constant_column_is_no_constant_where_the_intercept_is_held():
    dataset = gdviz.Dataset.of([[1.0, 2], [2, 2], [4, 2]], [1.0, 2, 5])
    assert not least_squares(dataset).unique
    held = least_squares(dataset, {0: 1.0})
    assert held.unique
    model = LinearRegression(fit_intercept=False).fit(dataset.X, dataset.y - 1)
    assert_allclose(held.theta[1:], model.coef_, rtol=1e-12)


def test_only_the_columns_responsible_are_named():
    rng = np.random.default_rng(4)
    X = rng.normal(size=(20, 4))
    X[:, 2] = X[:, 0] - 2 * X[:, 3]
    dataset = gdviz.Dataset.of(X, rng.normal(size=20), feature_names=["面积", "b", "c", "d$"])
    best = least_squares(dataset)
    assert best.dependent == (1, 3, 4)
    assert best.remark(dataset) == (
        "The least-squares solution is not unique (linearly dependent: 面积, c, d$). "
        "The one shown is the nearest to the start."
    )


def test_a_constant_column_is_named_in_a_million_rows():
    rng = np.random.default_rng(5)
    X = np.column_stack([rng.normal(size=1_000_000), np.full(1_000_000, 0.1)])
    dataset = gdviz.Dataset.of(X, X[:, 0])
    assert "(constant: x1)" in least_squares(dataset).remark(dataset)


def test_nearly_collinear_is_not_collinear():
    rng = np.random.default_rng(6)
    x = rng.normal(size=30)
    X = np.column_stack([x, x + 1e-6 * rng.normal(size=30)])
    dataset = gdviz.Dataset.of(X, X @ [2.0, 3.0] + 1)
    best = least_squares(dataset)
    assert best.unique
    assert_allclose(best.theta, [1, 2, 3], rtol=1e-8)


@pytest.mark.parametrize("exponent", [-149, -100, 100, 149])
def test_values_at_the_ends_of_the_range(exponent):
    scale = 10.0**exponent / 5
    X = np.array([[1.0, 2], [3, 1], [2, 5], [4, 4]])
    y = np.array([1.0, 3, 2, 5])
    best = least_squares(gdviz.Dataset.of(X * scale, y * scale))
    model = LinearRegression().fit(X, y)
    assert_allclose(best.theta, [model.intercept_ * scale, *model.coef_], rtol=1e-12)


@pytest.mark.parametrize("fixed", [{}, {0: 2.0}, {2: -1.0}, {1: 0.0, 3: 0.0}])
def test_rank_and_condition_number_are_those_of_the_design(random_table, fixed):
    dataset = random_table(0, 12, 3, scale=[1.0, 1e3, 1e-4], offset=2.0)
    best = gdviz.least_squares(dataset, fixed)
    A = np.column_stack([np.ones(12), dataset.X])[:, [j for j in range(4) if j not in fixed]]
    assert best.rank == best.n_free == np.linalg.matrix_rank(A) == 4 - len(fixed)
    assert_allclose(best.condition, np.linalg.cond(A), rtol=1e-9)


def test_columns_that_depend_on_each_other_lower_the_rank():
    rng = np.random.default_rng(7)
    X = rng.normal(size=(20, 5))
    X[:, 4] = X[:, 0] + X[:, 1]
    X[:, 3] = 7.0
    best = gdviz.least_squares(gdviz.Dataset.of(X, rng.normal(size=20)))
    assert (best.rank, best.n_free) == (4, 6)
    assert best.dependent == (1, 2, 4, 5)
    assert best.condition == np.inf


def test_the_normal_equation_of_the_housing_table(tables):
    best = gdviz.least_squares(tables["housing"])
    assert (best.rank, best.n_free) == (4, 5)
    assert best.condition == np.inf


def test_its_arrays_are_read_only(tables):
    best = gdviz.least_squares(tables["housing"])
    for array in (best.theta, best.factor, best.null_space):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0
    best.nearest(np.zeros(5))[0] = 1.0  # a point of the caller's own
