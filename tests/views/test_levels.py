"""At which costs lines run."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.views.levels import round_levels, roundest


def bowl(lowest=0.0, height=1000.0, condition=1.0, size=201):
    """A quadratic cost over a square, its optimum in the middle."""
    u, v = np.meshgrid(*[np.linspace(-1, 1, size)] * 2)
    return lowest + height * (u**2 + v**2 / condition) / (1 + 1 / condition)


def test_over_nothing_they_are_1_2_5_10():
    levels = round_levels(bowl(), 0.0, 1000.0)
    assert levels == [50.0, 100.0, 200.0, 500.0]


def test_over_a_floor_they_are_as_round_as_can_be_and_closer_the_lower():
    levels = np.array(round_levels(bowl(2859.7, 3000), 2859.7, 5900.0))
    assert levels.tolist() == [2950.0, 3100.0, 3400.0, 4000.0, 5000.0]
    gaps = levels - 2859.7
    assert (gaps[1:] / gaps[:-1] > 1.38).all()
    assert (gaps[1:] / gaps[:-1] < 3.2).all()


@given(
    lowest=st.one_of(st.just(0.0), st.floats(1e-6, 1e9)),
    height=st.floats(1e-3, 1e9),
    condition=st.floats(1, 1e6),
    start=st.floats(1e-3, 1),
)
def test_from_the_lowest_to_the_edge_no_long_stretch_is_without_a_line(
    lowest, height, condition, start
):
    cost = bowl(lowest, max(height, 1e-6 * lowest), condition)
    levels = np.array(round_levels(cost, lowest, lowest + start * np.ptp(cost)))
    assert 3 <= len(levels) <= 15
    assert (np.diff(levels) > 0).all()
    assert cost.min() < levels[0]
    assert levels[-1] < cost.max()
    # From the middle to the edge: the lines' distances, across the valley.
    away = np.sqrt((levels - lowest) / (cost[100, -1] - lowest))
    assert np.diff([*away[away < 1], 1.0]).max() < 0.5
    along = np.sqrt((levels[0] - lowest) / (cost[-1, 100] - lowest))
    # Small, or a hair: the next line, a factor of 2.5 lower, is the first that is not needed.
    assert along < 0.54 or away[0] < 0.12


def test_a_small_start_has_its_own_lines():
    levels = round_levels(bowl(), 0.0, 50.0)
    assert levels == [2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0]


@pytest.mark.parametrize(("start", "first"), [(860, 20), (864, 50)])
def test_no_line_is_needed_around_a_fortieth_of_the_start(start, first):
    assert round_levels(bowl(), 0.0, start)[0] == first


def test_where_all_is_flat_no_line_runs():
    assert round_levels(np.full((9, 9), 3.0), 3.0, 3.0) == []


@given(low=st.floats(1e-12, 1e12), ratio=st.floats(1.0001, 1.5))
def test_the_roundest_number_is_between(low, ratio):
    assert low * (1 - 1e-12) <= roundest(low, low * ratio) <= low * ratio * (1 + 1e-12)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(170, 260, 200), (0.39, 0.56, 0.5), (83, 120, 100), (3105, 3190, 3150), (7.5, 7.5, 7.5)],
)
def test_the_roundest_number_has_the_fewest_digits(low, high, expected):
    assert roundest(low, high) == expected
