"""The ground of a slice is the cost of every point of its grid, the other parameters held."""

from contextlib import contextmanager
from functools import partial

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from gdviz.core.dataset import Dataset
from gdviz.core.losses import LOSSES
from gdviz.core.objective import Regression
from gdviz.views.cutting_plane import CuttingPlane
from gdviz.views.landscape import over_grid, watched

from ..conftest import held


def ground(objective, theta, varying, u_range, v_range, size):
    plane = CuttingPlane.of_entries(np.array(theta, dtype=float), varying)
    return over_grid(partial(plane.cost, objective), u_range, v_range, size=size)


@pytest.mark.parametrize("varying", [(1, 2), (2, 1), (0, 1), (0, 4)])
def test_every_point_is_the_cost_there(varying):
    rng = np.random.default_rng(0)
    X, y, held_at = rng.normal(size=(12, 4)), rng.normal(size=12), [1.0, 2.0, 3.0, 4.0, 5.0]
    objective = Regression(Dataset.of(X, y), LOSSES["mse"]())
    grid = ground(objective, held_at, varying, (-2, 3), (10, -1), 7)
    assert grid.u[[0, -1]].tolist() == [-2, 3]
    assert grid.v[[0, -1]].tolist() == [10, -1]
    assert grid.cost.shape == (7, 7)
    for i, v in enumerate(grid.v):
        for j, u in enumerate(grid.u):
            theta = np.array(held_at)
            theta[[*varying]] = u, v
            residuals = y - theta[0] - X @ theta[1:]
            assert_allclose(grid.cost[i, j], np.mean(residuals**2), rtol=1e-12)


def test_a_descent_with_the_intercept_held_lies_on_it(article):
    for k in (0, 1, 7, -1):
        u, v = article.weights[k]
        grid = ground(article.objective, article.theta[0], (1, 2), (u, 5), (v, 5), 2)
        assert_allclose(grid.cost[0, 0], article.cost[k], rtol=1e-12)


def test_its_lowest_point_is_the_optimum(article):
    u, v = article.optimum[1:]
    span = (u - 5, u + 5), (v - 5, v + 5)
    grid = ground(article.objective, article.theta[0], (1, 2), *span, 101)
    assert np.unravel_index(grid.cost.argmin(), grid.cost.shape) == (50, 50)
    assert_allclose(grid.cost.min(), article.best.cost, rtol=1e-12)
    assert_allclose(grid.cost.min(), LOSSES["mse"]().cost(article.optimum, article.dataset))


def test_the_history_is_left_as_it_was():
    history = held(epochs=3)
    before = history.theta.copy()
    ground(history.objective, history.theta[0], (1, 2), (0, 1), (0, 1), 3)
    assert (history.theta == before).all()


def test_its_arrays_are_read_only():
    grid = over_grid(lambda at: at[..., 0], (0, 1), (0, 1), size=3)
    for array in (grid.u, grid.v, grid.cost):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0


def product(points):
    return points[..., 0] * (10 + points[..., 1])


def test_a_grid_is_evaluated_row_by_row():
    asked = []

    def cost(points):
        asked.append(points)
        return product(points)

    grid = over_grid(cost, (0, 1), (5, 9), size=6)
    assert [points.shape for points in asked] == [(6, 2)] * 6
    assert_array_equal(grid.cost, product(np.stack(np.meshgrid(grid.u, grid.v), axis=-1)))


def test_each_grid_is_watched_from_its_beginning_to_its_end():
    seen = []

    @contextmanager
    def watch():
        seen.append("begin")
        yield lambda done, total: seen.append((done, total))
        seen.append("end")

    with watched(watch):
        for size in (2, 3):
            over_grid(product, (0, 1), (0, 1), size=size)
    over_grid(product, (0, 1), (0, 1), size=4)  # nobody watches any more
    first, second = [(2, 4), (4, 4)], [(3, 9), (6, 9), (9, 9)]
    assert seen == ["begin", *first, "end", "begin", *second, "end"]


def test_nobody_watches_after_an_error():
    def broken(points):
        raise KeyboardInterrupt

    seen = []
    with pytest.raises(KeyboardInterrupt), watched(contextmanager(lambda: (yield seen.append))):
        over_grid(broken, (0, 1), (0, 1), size=2)
    over_grid(product, (0, 1), (0, 1), size=2)
    assert seen == []
