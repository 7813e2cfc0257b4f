"""Numbers that must come out: the articles' own, and an independent loop's and scikit-learn's."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import gdviz
from gdviz.core.fit import DivergenceWarning
from gdviz.core.least_squares import least_squares

RTOL = 1e-9


def _hessian(dataset, fixed=()):
    A = np.column_stack([np.ones(dataset.n_samples), dataset.X])
    A = np.delete(A, list(fixed), axis=1)
    return 2 / dataset.n_samples * A.T @ A


@pytest.fixture(scope="module")
def multiple(tables):
    return gdviz.fit(
        tables["article_multiple"], learning_rate=0.001, epochs=100_000, theta0=[-1, 3, 3]
    )


@pytest.mark.parametrize(
    ("epoch", "intercept", "w0", "w1", "cost"),
    [
        (0, -1, 3, 3, 2501.5),
        (1, -1.075, 2.5613333333333332, 2.7656666666666667, 2255.2079610740743),
        (100, -2.024594094194964, -4.936385924580647, -2.246843533114992, 91.67736242049902),
        (1000, 0.2816893769536027, -5.201688488900293, -2.67068737516465, 83.44926954511526),
        (19500, 7.209904544826772, -6.753784163198132, -2.0728519786367015, 75.63528143158139),
        (100000, 7.2342083675126325, -6.7592288761275725, -2.0707547169813023, 75.63518594476352),
    ],
)
def test_article_multiple(multiple, epoch, intercept, w0, w1, cost):
    assert multiple.epoch[epoch] == epoch
    assert_allclose(multiple.theta[epoch], [intercept, w0, w1], rtol=RTOL)
    assert_allclose(multiple.cost[epoch], cost, rtol=RTOL)


def test_article_multiple_least_squares(multiple):
    best = multiple.best
    expected = [7.234208367514359, -6.759228876127974, -2.0707547169811327]
    assert_allclose(best.theta, expected, rtol=RTOL)
    assert_allclose(multiple.optimum, expected, rtol=RTOL)
    assert_allclose(multiple.dataset.r2(best.cost), 0.8211934138421667, rtol=RTOL)
    assert best.unique


def test_article_multiple_hessian(tables):
    dataset = tables["article_multiple"]
    eigenvalues = np.linalg.eigvalsh(_hessian(dataset))
    assert_allclose(eigenvalues, [0.305695, 11.178171, 52.849467], atol=5e-7)
    assert_allclose(eigenvalues[-1] / eigenvalues[0], 172.883, atol=5e-4)
    limit = 0.0378433335
    assert_allclose(gdviz.fit(dataset, epochs=1).learning_rate, limit / 2, rtol=RTOL)
    with pytest.warns(DivergenceWarning, match=r"0\.038 exceeds 2/λmax = 0\.0378433:"):
        assert gdviz.fit(dataset, epochs=10, learning_rate=0.038).diverged
    assert not gdviz.fit(dataset, epochs=10, learning_rate=limit * (1 - 1e-8)).diverged


@pytest.mark.parametrize(
    ("epoch", "w0", "w1", "cost"),
    [
        (0, 3, 3, 3186.867815003063),
        (100, -6.750192606458488, -1.9621069411524534, 75.76285088955011),
        (375, -6.761266370941622, -2.066577288675712, 75.63530327465674),
    ],
)
def test_article_multiple_with_the_intercept_held(tables, epoch, w0, w1, cost):
    history = gdviz.fit(
        tables["article_multiple"],
        learning_rate=0.001,
        epochs=400,
        theta0=[-1, 3, 3],
        fixed_intercept=7.2342083675,
    )
    assert_allclose(history.theta[epoch], [7.2342083675, w0, w1], rtol=RTOL)
    assert_allclose(history.cost[epoch], cost, rtol=RTOL)


def test_article_simple(tables):
    history = gdviz.fit(
        tables["article_simple"], learning_rate=0.001, epochs=60_000, theta0=[-1, 3]
    )
    assert_allclose(history.theta[100], [-1.6651263544911865, -1.2511450249054392], rtol=RTOL)
    assert_allclose(history.cost[100], 45.47152937976617, rtol=RTOL)
    assert_allclose(history.theta[-1], [2, -2], rtol=RTOL)
    assert_allclose(history.cost[-1], 42.6667, atol=5e-5)


@pytest.mark.parametrize(
    ("name", "theta", "cost", "r2", "condition"),
    [
        (
            "rent",
            [50300.79618451819, 1154.3386202847946, -1045.7759592701218],
            4277864.896687066,
            0.9843668144398221,
            172_593,
        ),
        (
            "twenty_points",
            [-0.9495378313625551, 1.0329669989952859],
            1.3492599922714281,
            0.9623791809121972,
            4_402,
        ),
        (
            "ten_points",
            [35.45060483870968, 92.64112903225805],
            2.7488407258064482,
            0.9028334844182945,
            343,
        ),
    ],
)
def test_least_squares(tables, name, theta, cost, r2, condition):
    best = least_squares(tables[name])
    assert_allclose(best.theta, theta, rtol=RTOL)
    assert_allclose(best.cost, cost, rtol=RTOL)
    assert_allclose(tables[name].r2(best.cost), r2, rtol=RTOL)
    assert best.unique
    assert_allclose(np.linalg.cond(_hessian(tables[name])), condition, atol=0.5)


def test_housing_is_not_unique(tables):
    dataset = tables["housing"]
    best = least_squares(dataset)
    assert (dataset.n_samples, dataset.n_features) == (4, 4)
    assert best.null_space.shape == (5, 1)
    assert 0 <= best.cost <= best.noise < 1e-20
    assert np.linalg.matrix_rank(_hessian(dataset)) == 4
    assert "not unique (4 rows, 5 parameters" in best.remark(dataset)
