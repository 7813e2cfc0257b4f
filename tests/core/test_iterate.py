"""A walk ends where a rule says, and does little work beyond."""

import dataclasses
import itertools

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import gdviz
from gdviz.core.iterate import BLOCK, IN_VAIN, collect
from gdviz.core.losses import cross_entropy


def ruler():
    """Yield θ = (1, −1), (2, −2), … and count them."""
    for k in itertools.count(1):
        ruler.walked = k
        yield np.array([k, -k], dtype=float)


def first_entry(theta):
    return theta[:, 0].copy()


def ends_at(record):
    return lambda theta, cost, before: cost == record


ENDS = [1, 2, 3, 4, 5, 8, 9, 40, 511, 512, 513, 2047, 2048, 2049, 5000]


@pytest.mark.parametrize("end", ENDS)
def test_little_is_walked_in_vain(end):
    rules = {"there": ends_at(end), "later": ends_at(end + 1)}
    theta, cost, reason, _ = collect(ruler(), np.zeros(2), first_entry, 100_000, rules)
    assert reason == "there"
    assert_array_equal(cost, np.arange(end + 1))
    assert_array_equal(theta, np.outer(np.arange(end + 1), [1, -1]))
    assert end <= ruler.walked <= end + min(end / IN_VAIN, BLOCK)


@pytest.mark.parametrize("most", ENDS)
def test_a_walk_without_an_end_is_recorded_to_its_last_step(most):
    theta, cost, reason, _ = collect(
        ruler(), np.zeros(2), first_entry, most, {"": ends_at(most + 1)}
    )
    assert reason == ""
    assert_array_equal(cost, np.arange(most + 1))
    assert theta.shape == (most + 1, 2)
    assert ruler.walked == most


def test_each_rule_sees_every_record_once_beside_the_one_before():
    seen, previous = [], []

    def rule(theta, cost, before):
        seen.extend(cost)
        previous.extend(before)
        return np.zeros(len(cost), dtype=bool)

    collect(ruler(), np.zeros(2), first_entry, 3000, {"never": rule})
    assert_array_equal(seen, np.arange(1, 3001))
    assert_array_equal(previous, np.arange(3000))


def test_costs_are_looked_at_in_few_large_blocks():
    looks = []

    def cost(theta):
        looks.append(len(theta))
        return theta[:, 0]

    collect(ruler(), np.zeros(2), cost, 20_000, {})
    assert sum(looks) == 20_001
    assert max(looks) == BLOCK
    assert len(looks) < 2 * 20_000 / BLOCK


def test_the_gradients_of_many_rows_are_not_computed_in_vain():
    # The fault that was reported: 512 gradients of 300,000 rows where 33 to 40 are recorded.
    rng = np.random.default_rng(30)
    X = rng.normal(size=(300_000, 2))
    y = (X @ [1.0, -2.0] + rng.logistic(size=300_000) > 0).astype(float)
    loss, calls = cross_entropy(), []

    def slope(z, t):
        calls.append(len(z))
        return loss.slope(z, t)

    counted = dataclasses.replace(loss, slope=slope)
    history = gdviz.fit(X, y, loss=counted, theta0=[0.0, 0, 0], tol=2e-5)
    steps = len(history.theta) - 1
    walked = calls.count(300_000)
    assert 10 < steps < 100
    assert walked <= 1.25 * steps + 60  # and the search for the optimum
