"""The rate that is chosen is the one that it is said to be, as whole descents show."""

import warnings

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import gdviz
from gdviz.core.arrival import Goal, first_arrived
from gdviz.core.good_rate import (
    Course,
    _ended,
    _trial_rates,
    gentle_rate_of,
    rate_that_arrives,
    soonest_rate,
)
from gdviz.core.losses import LOSSES, loss_of
from gdviz.core.objective import Regression
from gdviz.core.optimizers import OPTIMIZERS
from gdviz.core.registry import named


def course_of(table, loss="mse", start=None, fixed=None):
    start = np.zeros(table.n_features + 1) if start is None else np.array(start, dtype=float)
    objective, held = Regression(table, loss), fixed or {}
    goal = Goal.of(objective, objective.lowest(held, start), held)
    return Course(objective, start, held, goal)


def exact(*weights):
    """A table without noise: the intercept first."""
    X = np.random.default_rng(1).normal(size=(12, len(weights) - 1))
    return gdviz.Dataset.of(X, weights[0] + X @ weights[1:])


def arrival(table, optimizer, rate, within, beyond=1000):
    """Epoch, at most `within`, from which on a descent is near for so many more; else infinity."""
    with warnings.catch_warnings(action="ignore"):
        history = gdviz.fit(table, optimizer=optimizer, learning_rate=rate, epochs=within + beyond)
    first = first_arrived(history.goal.near(*history._way, history.gap))
    return np.inf if first is None or history.diverged or first > within else first


@pytest.mark.parametrize(
    "loss", ["mse", "ridge:alpha=2", "huber:delta=0.7,alpha=3", "cross-entropy:alpha=3"]
)
def test_many_gradients_at_once_are_those_one_by_one(loss, random_table):
    table = random_table(2, 20, 3, offset=1.0)
    if loss.startswith("cross"):
        table = gdviz.Dataset.of(table.X, table.y > table.y.mean())
    theta = np.random.default_rng(3).normal(size=(5, 4))
    found = course_of(table, loss).gradients()(theta)
    expected = [loss_of(loss).gradient(one, table) for one in theta]
    assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("weights", "longest", "shortest"),
    [((50, 0.2), 50, 0.2), ((3, -3), 3, 3), ((4, 0), 4, 4)],
)
def test_rates_from_the_longest_way_to_a_thousandth_of_the_shortest_are_tried(
    weights, longest, shortest
):
    rates = _trial_rates(course_of(exact(*weights)))
    if 0 in weights:  # what is at its optimum but for rounding has no way
        rates = _trial_rates(course_of(exact(*weights), start=[0, 0], fixed={1: 0.0}))
    assert_allclose(rates[0], longest, rtol=0.02)
    assert shortest / 1750 < rates[-1] <= shortest / 1000 * 1.02
    assert_allclose(rates[:-1] / rates[1:], 10**0.25, rtol=0.06)  # of two digits


def test_no_more_than_sixteen_decades_of_rates_are_tried():
    table = exact(1, 3, -2)
    rates = _trial_rates(course_of(gdviz.Dataset.of(table.X * [1e9, 1e-9], table.y)))
    assert_allclose([rates[0], rates[-1]], [2e9, 2e-7])


def test_where_nothing_has_to_move_small_rates_are_tried():
    rates = _trial_rates(course_of(exact(0, 0), fixed={0: 0.0}))
    assert_allclose([rates[0], rates[-1]], [1, 0.001])


@pytest.mark.parametrize("optimizer", ["adam", "rmsprop"])
@pytest.mark.parametrize("least", [0, 100, 900])
def test_no_rate_that_is_tried_arrives_sooner(optimizer, least):
    table = exact(4, 1, -2)
    course, factory = course_of(table), OPTIMIZERS[optimizer]
    arrived = {rate: arrival(table, optimizer, rate, 1000) for rate in _trial_rates(course)}
    at_all = [at for at in arrived.values() if at <= 1000]
    expected = min((at for at in at_all if at >= least), default=max(at_all))
    assert len(at_all) > 1
    assert arrived[soonest_rate(course, factory, least=least)] == expected


@pytest.mark.parametrize("optimizer", ["momentum", "nesterov:decay=0.5"])
def test_a_gentle_rate_is_the_largest_that_takes_a_hundred_epochs(optimizer, random_table):
    table = random_table(13, 30, 2, offset=0.2)
    factory = named(OPTIMIZERS, optimizer, "optimizer")
    quick = 0.1
    assert arrival(table, optimizer, quick, 99, 301) < 100
    gentle = gentle_rate_of(course_of(table), factory, quick)
    assert 100 <= arrival(table, optimizer, gentle, 200, 200) <= 200
    tried = [float(f"{rate:.2g}") for rate in quick * np.geomspace(1, 0.01, 100)]
    larger = [rate for rate in tried if rate > gentle]
    assert len(larger) > 3
    for rate in larger:  # too soon, or not within 200
        assert not 100 <= arrival(table, optimizer, rate, 200, 200) <= 200
    assert gentle_rate_of(course_of(table), factory, gentle / 1.1) == gentle / 1.1


def test_a_descent_that_starts_at_its_optimum_keeps_its_rate():
    table = exact(4, 1)
    course = course_of(table, start=[4, 1])
    assert gentle_rate_of(course, OPTIMIZERS["momentum"], 0.01) == 0.01


@pytest.mark.parametrize("optimizer", ["momentum", "adam"])
def test_a_rate_that_arrives_in_time_does_when_it_is_said_to(optimizer, random_table):
    table = random_table(6, 30, 2, offset=0.5)
    steep = optimizer == "momentum"
    course, factory = course_of(table), OPTIMIZERS[optimizer]
    rate, epoch = rate_that_arrives(course, factory, 300, by_steepness=steep)
    assert arrival(table, optimizer, rate, 300) == epoch
    # A rate is a quarter of a decade from the next, or a fifth.
    scan = rate * np.geomspace(0.1, 5, 60)
    scan = [arrival(table, optimizer, one, 300) for one in scan if one < 2 / table_steep(table)]
    assert epoch <= 1.35 * min(scan)
    assert rate_that_arrives(course, factory, 3, by_steepness=steep) == (0, np.inf)


def table_steep(table):
    """λmax of the Hessian of a mean squared error."""
    A = np.column_stack([np.ones(table.n_samples), table.X])
    return np.linalg.norm(A, 2) ** 2 * 2 / table.n_samples


def test_a_trial_on_many_rows_looks_at_a_sample_of_both_labels(random_table):
    table = random_table(7, 700, 2)
    labels = gdviz.Dataset.of(table.X, table.y > 0)
    few = course_of(labels, "cross-entropy").of_few_rows()
    assert few.objective.dataset.n_samples == 500
    assert {*map(tuple, few.objective.dataset.X)} < {*map(tuple, table.X)}
    expected = course_of(few.objective.dataset, "cross-entropy").goal
    assert_allclose(few.goal.best.theta, expected.best.theta, rtol=1e-6)
    for rare in range(0, 700, 50):
        y = (np.arange(700) == rare).astype(float)
        y[1] = y[rare]
        course = course_of(gdviz.Dataset.of(table.X, y), "cross-entropy:alpha=1")
        assert len(np.unique(course.of_few_rows().objective.dataset.y)) == 2
    for loss, n in (("mse", 700), ("cross-entropy", 500)):
        whole = course_of(gdviz.Dataset.of(labels.X[:n], labels.y[:n]), loss)
        assert whole.of_few_rows() is whole


def test_a_trial_ends_with_the_largest_gap_of_its_last_quarter(random_table):
    table = random_table(8, 20, 1)
    goal = course_of(table).goal
    theta = goal.best.theta + np.array([[8.0], [4], [2], [9], [0], [0], [3], [1]]) * [0, 1]
    near, left = _ended(goal, theta)
    assert_allclose(left, goal.best.gap(theta)[6])
    assert_array_equal(near, np.arange(8) // 2 == 2)


def test_where_no_weights_are_best_1_percent_of_the_fall_is_near():
    x = np.array([1.0, 2, 3, 6, 7, 8])
    goal = course_of(gdviz.Dataset.of(x, x > 4), "cross-entropy").goal
    theta = np.outer(np.linspace(0, 8, 81), [-4.5, 1])
    cost = LOSSES["cross-entropy"]().cost(theta, gdviz.Dataset.of(x, x > 4))
    near, left = _ended(goal, theta)
    assert_array_equal(near, cost <= 0.01 * cost[0])
    assert 0 < near.sum() < 81
    assert_allclose(left, cost[61])


def test_where_all_rates_diverge_the_smallest_is_chosen(random_table):
    table = random_table(9, 20, 2, scale=1e4)
    course = course_of(table)
    rates = _trial_rates(course)
    assert soonest_rate(course, OPTIMIZERS["gd"]) == rates[-1] < rates[-2]
