"""Every loss: its gradient is the slope of its cost, and its cost broadcasts."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from gdviz.core.losses import LOSSES, mean_squared_error


@pytest.fixture(params=LOSSES)
def loss(request):
    return LOSSES[request.param]()


@pytest.fixture
def suited_table(request, random_table):
    """Return tables as everywhere, but of two labels for a loss that wants them."""

    def table(*args, **options):
        dataset = random_table(*args, **options)
        if "cross-entropy" not in request.node.name:
            return dataset
        return dataclasses.replace(dataset, y=np.where(dataset.y > np.median(dataset.y), 7.0, 2.0))

    return table


@pytest.mark.parametrize("seed", range(5))
def test_gradient_equals_finite_differences(loss, seed, suited_table):
    dataset = suited_table(seed, 20, 3, scale=[1.0, 30.0, 0.1], offset=1.0)
    theta = np.random.default_rng(seed).normal(size=4)
    h = 1e-5
    slope = [
        (loss.cost(theta + h * e, dataset) - loss.cost(theta - h * e, dataset)) / (2 * h)
        for e in np.eye(4)
    ]
    gradient = loss.gradient(theta, dataset)
    assert gradient.shape == (4,)
    assert_allclose(gradient, slope, rtol=1e-6, atol=1e-6 * np.abs(slope).max())


@pytest.mark.parametrize("shape", [(), (1,), (7,), (4, 5), (2, 3, 4)])
def test_cost_broadcasts(loss, shape, suited_table):
    dataset = suited_table(0, 10, 2)
    theta = np.random.default_rng(1).normal(size=(*shape, 3))
    cost = loss.cost(theta, dataset)
    assert cost.shape == shape
    one_by_one = [loss.cost(t, dataset) for t in theta.reshape(-1, 3)]
    assert_allclose(cost.ravel(), one_by_one, rtol=1e-13)


def test_arguments_are_left_as_they_were(loss, suited_table):
    dataset = suited_table(0, 10, 2)
    theta = np.array([1.0, 2.0, 3.0])
    loss.cost(theta, dataset)
    loss.gradient(theta, dataset)
    assert theta.tolist() == [1, 2, 3]


def test_the_gradient_vanishes_at_the_optimum(table):
    A = np.column_stack([np.ones(table.n_samples), table.X])
    optimum = np.linalg.lstsq(A, table.y, rcond=None)[0]
    gradient = mean_squared_error().gradient(optimum, table)
    # against the sizes of what cancels in it
    size = np.abs(A).T @ (np.abs(A) @ np.abs(optimum) + np.abs(table.y))
    assert (np.abs(gradient) <= 1e-13 * size).all()


@given(
    seed=st.integers(0, 10**6),
    n=st.integers(2, 40),
    p=st.integers(1, 6),
    noise=st.sampled_from([0.0, 1e-9, 1e-3, 1.0]),
    offset=st.sampled_from([0.0, 10.0, 1e4]),
    scale=st.sampled_from([1e-140, 1e-6, 1.0, 1e6, 1e140]),
    away=st.sampled_from([0.0, 1e-9, 1e-3, 1.0, 1e6]),
)
@settings(max_examples=200, derandomize=True, deadline=None)
def test_cost_is_that_of_the_residuals_row_by_row(
    random_table, seed, n, p, noise, offset, scale, away
):
    dataset = random_table(seed, n, p, noise=noise, offset=offset, scale=scale, y_scale=scale)
    theta = np.linalg.lstsq(np.column_stack([np.full(n, scale), dataset.X]), dataset.y, rcond=None)[
        0
    ]
    theta[0] *= scale
    theta = theta + away * np.random.default_rng(seed).normal(size=p + 1) * [scale, *[1] * p]
    cost = float(mean_squared_error().cost(theta, dataset))

    residuals = dataset.X.astype(np.longdouble) @ theta[1:] + theta[0] - dataset.y
    exact = np.sqrt(np.mean((residuals / scale) ** 2)) * scale
    # What rounding a row's prediction, or y itself, to a double already does.
    rounding = np.finfo(float).eps * np.max(
        np.abs(dataset.X) @ np.abs(theta[1:]) + abs(theta[0]) + np.abs(dataset.y)
    )
    assert cost >= 0
    assert abs(np.sqrt(cost) - exact) <= 0.5e-9 * exact + 4 * (p + 1) * rounding
