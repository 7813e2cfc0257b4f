"""Of many optima the nearest is found, and they are the same wherever they are seen from."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import linprog, minimize

import gdviz
from gdviz.core.losses import Loss
from gdviz.core.optimum import Others, _separating, called, optimum
from gdviz.core.registry import NAMES
from gdviz.views.words import spoken


def some(seed, d=2, m=4, p=4):
    """Optima within m bounds in d directions of p parameters."""
    rng = np.random.default_rng(seed)
    directions = np.linalg.qr(rng.normal(size=(p, d)))[0]
    return Others(directions, rng.normal(size=(m, d)), -rng.uniform(0, 1, m)), rng


@pytest.mark.parametrize("seed", range(12))
def test_the_nearest_within_bounds_is_that_of_a_quadratic_programme(seed):
    others, rng = some(seed, d=1 + seed % 3)
    away = 3 * rng.normal(size=(5, 4))
    for one, found in zip(away, others.along(away), strict=True):
        expected = minimize(
            lambda u, goal=one @ others.directions: np.sum((u - goal) ** 2),
            np.zeros(others.directions.shape[1]),
            method="SLSQP",
            constraints={"type": "ineq", "fun": lambda u: others.normals @ u - others.bounds},
            options={"ftol": 1e-14, "maxiter": 500},
        )
        assert_allclose(found, others.directions @ expected.x, atol=1e-5)


@pytest.mark.parametrize("seed", range(4))
def test_they_are_the_same_seen_from_another_of_them(seed):
    others, rng = some(seed)
    away = 3 * rng.normal(size=(6, 4))
    moved = others.along(away)[0]
    there = others.seen_from(moved)
    assert (there.bounds <= 1e-12).all()
    assert_allclose(moved + there.along(away - moved), others.along(away), atol=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_they_are_the_same_in_other_coordinates(seed):
    others, rng = some(seed)
    matrix = rng.normal(size=(4, 4))
    through = others.through(matrix)
    assert_allclose(through.directions.T @ through.directions, np.eye(2), atol=1e-12)
    inside = others.along(0.5 * rng.normal(size=(20, 4)))
    assert_allclose(through.along(inside @ matrix.T), inside @ matrix.T, atol=1e-9)
    beyond = others.along(9 * rng.normal(size=(20, 4))) * 1.01  # a little beyond a bound
    moved = np.abs(through.along(beyond @ matrix.T) - beyond @ matrix.T).max(axis=1)
    outside = (beyond @ others.directions @ others.normals.T < others.bounds - 1e-9).any(axis=1)
    assert outside.any()
    assert ((moved > 1e-9) == outside).all()


def test_many_points_are_moved_as_each_of_them_is():
    others, rng = some(5)
    away = 2 * rng.normal(size=(2100, 4))
    at_once = others.along(away)
    for k in (0, 999, 1000, 1001, 2099):
        assert_allclose(at_once[k], others.along(away[k : k + 1])[0], atol=1e-12)


@pytest.mark.parametrize(
    ("loss", "name"),
    [
        ("mse", "least squares"),
        ("mse:", "least squares"),
        ("huber:delta=2", "Huber optimum"),
        ("cross-entropy", "cross-entropy optimum"),
        (None, "optimum"),
    ],
)
def test_an_optimum_is_called_by_its_loss(loss, name):
    assert called(loss) == name


def test_an_optimum_is_called_by_the_name_that_its_loss_has_everywhere(monkeypatch):
    monkeypatch.setitem(NAMES, "log-cosh", "log cosh")
    assert called("log-cosh:delta=2") == "log cosh optimum"
    assert spoken("log-cosh:delta=2") == "log cosh, delta 2"


@pytest.mark.parametrize("seed", range(40))
def test_a_separating_direction_leaves_no_row_behind_and_brings_on_as_many_as_can_be(seed):
    rng = np.random.default_rng(seed)
    n, m = rng.integers(2, 9), rng.integers(1, 5)
    # Some rows pull one way only, some against each other, some both in one direction.
    margins = rng.integers(-1, 2, size=(n, m)) * np.logspace(0, -3, m) @ rng.normal(size=(m, m))
    direction, beyond = _separating(margins)
    ahead = margins @ direction
    assert ahead.min() > -1e-9
    assert (ahead[beyond] > 1e-12).all()
    for row in margins[~beyond]:
        found = linprog(-row, A_ub=-margins, b_ub=np.zeros(n), bounds=(-1, 1))
        assert -found.fun < 1e-6  # no direction that leaves none behind brings it on


def log_cosh():
    """A loss of one's own that bends everywhere; to doubles not a bit, far out."""

    def value(z, t):
        size = np.abs(z - t)
        return 2 * (size + np.log1p(np.exp(-2 * size)) - np.log(2))

    return Loss(
        value=value,
        slope=lambda z, t: 2 * np.tanh(z - t),
        bend=lambda z, t: 2 * (1 - np.tanh(z - t) ** 2),
        curvature=2.0,
    )


def test_a_loss_of_ones_own_is_not_taken_to_be_straight_where_its_bend_underflows():
    # Each row is about 50 off at the optimum, where tanh is 1 in doubles and the bend 0.
    dataset = gdviz.Dataset.of([1.0, 2.0, 1.0, 2.0], [0.0, 0.0, 100.0, 100.0])
    loss = log_cosh()
    assert loss.bend(np.array([50.0]), np.zeros(1)) == 0
    best = optimum(dataset, loss, {}, np.array([99.0, 0.0]))
    assert best.unique
    assert_allclose(best.cost, loss.cost(best.theta, dataset), rtol=1e-12)


@pytest.mark.parametrize("seed", [3, 12, 24, 32])
def test_the_gradient_of_a_smooth_loss_is_rounding_at_its_optimum(seed):
    # Of these tables a search that goes by the cost alone ends at 5e-9 and more.
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(60, 3))
    dataset = gdviz.Dataset.of(X, X @ [1.0, 2.0, 3.0] + 3 * rng.normal(size=60))
    best = optimum(dataset, log_cosh(), {}, np.array([-1.0, 3.0, 3.0, 3.0]))
    assert np.abs(log_cosh().gradient(best.theta, dataset)).max() < 1e-14
