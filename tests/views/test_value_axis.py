"""Limits that hold all values and their goal, and ticks that tell the scale."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gdviz.views.value_axis import log_ticks, value_range

numbers = st.floats(-1e9, 1e9).map(lambda number: round(number, 6))
sizes = st.floats(1e-9, 1e9)


@given(st.lists(numbers, min_size=1, max_size=9).map(np.array), numbers)
def test_limits_hold_all_values_and_the_goal(values, goal):
    low, high = value_range(values, goal)
    assert low < min(values.min(), goal)
    assert max(values.max(), goal) < high


@given(st.lists(sizes, min_size=2, max_size=9, unique=True).map(np.array), sizes)
def test_logarithmic_limits_hold_all_values_and_a_goal_that_is_not_far_below(values, goal):
    assume(values.max() > 10 * values.min())  # or the axis would not be logarithmic
    low, high = value_range(values, goal, log=True)
    assert 0 < low < values.min()
    assert max(values.max(), goal) < high
    assert low < goal or goal <= values.min() / 10
    assert low > values.min() / 10 / (high / low) ** 0.08  # or the curve would be flat


def test_without_a_goal_limits_are_those_of_the_values():
    values = np.array([1.0, 3.0])
    assert value_range(values, np.nan) == value_range(values, 2.0) == pytest.approx((0.84, 3.16))


def test_what_differs_by_rounding_only_is_drawn_as_the_constant_that_it_is():
    low, high = value_range(np.array([5.0, 5 + 1e-14]), 5.0)
    assert (low, high) == pytest.approx((4.6, 5.4))
    assert value_range(np.zeros(3), 0.0) == pytest.approx((-0.08, 0.08))


@pytest.mark.parametrize(
    ("lowest", "highest", "ticks"),
    [(2900, 29_000, (5000, 10_000, 20_000)), (4.5, 70, (5, 10, 20, 50)), (8, 2000, ())],
)
def test_a_log_axis_of_few_powers_has_ticks_between_them(lowest, highest, ticks):
    limits = value_range(np.geomspace(highest, lowest, 5), lowest, log=True)
    assert log_ticks(limits) == ticks


@given(sizes, st.floats(2.6, 1e6))
def test_every_log_axis_has_ticks_or_two_powers(low, ratio):
    high = low * ratio
    ticks = log_ticks((low, high))
    powers = [power for power in 10.0 ** np.arange(-10, 17) if low <= power <= high]
    assert len(ticks or powers) >= 1
    assert all(low <= tick <= high for tick in ticks)
    assert bool(ticks) == (len(powers) < 2)
