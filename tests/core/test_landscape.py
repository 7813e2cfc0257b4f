"""A landscape is the cost of every point of its grid, the other parameters held at the start."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import gdviz
from gdviz.core.landscape import landscape
from gdviz.core.losses import LOSSES


@pytest.mark.parametrize("varying", [(1, 2), (2, 1), (0, 1), (0, 4)])
def test_every_point_is_the_cost_there(random_table, varying):
    dataset = random_table(0, 12, 4)
    history = gdviz.fit(dataset, epochs=5, theta0=[1, 2, 3, 4, 5])
    grid = landscape(history, varying=varying, u_range=(-2, 3), v_range=(10, -1), size=7)
    assert grid.u[[0, -1]].tolist() == [-2, 3]
    assert grid.v[[0, -1]].tolist() == [10, -1]
    assert grid.cost.shape == (7, 7)
    for i, v in enumerate(grid.v):
        for j, u in enumerate(grid.u):
            theta = history.theta[0].copy()
            theta[varying[0]], theta[varying[1]] = u, v
            residuals = dataset.y - theta[0] - dataset.X @ theta[1:]
            assert_allclose(grid.cost[i, j], np.mean(residuals**2), rtol=1e-12)


def test_a_descent_with_the_intercept_held_lies_on_it(tables):
    history = gdviz.fit(tables["article_multiple"], fixed_intercept="ols", epochs=40)
    for k in (0, 1, 7, -1):
        w0, w1 = history.weights[k]
        grid = landscape(history, varying=(1, 2), u_range=(w0, 5), v_range=(w1, 5), size=2)
        assert_allclose(grid.cost[0, 0], history.cost[k], rtol=1e-12)


def test_its_lowest_point_is_the_optimum(tables):
    history = gdviz.fit(tables["article_multiple"], fixed_intercept="ols")
    w0, w1 = history.optimum[1:]
    grid = landscape(
        history, varying=(1, 2), u_range=(w0 - 5, w0 + 5), v_range=(w1 - 5, w1 + 5), size=101
    )
    assert np.unravel_index(grid.cost.argmin(), grid.cost.shape) == (50, 50)
    assert_allclose(grid.cost.min(), history.best.cost, rtol=1e-12)
    assert_allclose(grid.cost.min(), LOSSES["mse"]().cost(history.optimum, history.dataset))


def test_the_history_is_left_as_it_was(tables):
    history = gdviz.fit(tables["rent"], epochs=3)
    before = history.theta.copy()
    landscape(history, varying=(1, 2), u_range=(0, 1), v_range=(0, 1), size=3)
    assert (history.theta == before).all()


def test_its_arrays_are_read_only(tables):
    history = gdviz.fit(tables["rent"], epochs=3)
    grid = landscape(history, varying=(1, 2), u_range=(0, 1), v_range=(0, 1), size=3)
    for array in (grid.u, grid.v, grid.cost):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0
