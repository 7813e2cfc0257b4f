"""Where each of two labels is likely: lines of one probability, and the areas between them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.views.zones import PROBABILITIES, line_at, way_to_line, zone, zones

CORNERS = np.array([[-1.0, 2.0], [4.0, 5.0]])
numbers = st.floats(-5, 5).map(lambda number: round(number, 3))
thetas = st.tuples(numbers, numbers, numbers).map(np.array)


def area(corners):
    if not len(corners):
        return 0.0
    x, y = corners.T
    return abs(x @ np.roll(y, 1) - y @ np.roll(x, 1)) / 2


@given(theta=thetas, low=st.floats(-3, 3), more=st.floats(0.01, 3))
def test_a_zone_holds_what_is_between_and_nothing_else(theta, low, more):
    found = zone(theta, CORNERS, low, low + more)
    u, v = np.meshgrid(np.linspace(-1, 4, 400), np.linspace(2, 5, 400))
    z = theta[0] + theta[1] * u + theta[2] * v
    share = ((z > low) & (z < low + more)).mean()
    assert area(found) / 15 == pytest.approx(share, abs=0.02)
    if len(found):
        z = theta[0] + found @ theta[1:]
        assert z.min() >= low - 1e-9
        assert z.max() <= low + more + 1e-9


@given(thetas)
def test_together_zones_fill_the_picture(theta):
    found = zones(theta, CORNERS)
    assert len(found) == len(PROBABILITIES) + 1
    if theta[1:].any():
        assert sum(map(area, found)) == pytest.approx(15)


@given(thetas, st.sampled_from(PROBABILITIES))
def test_on_a_line_the_larger_label_has_its_probability(theta, p):
    if theta[1:].any():
        ends = line_at(theta, CORNERS, p).T
        z = theta[0] + ends @ theta[1:]
        np.testing.assert_allclose(1 / (1 + np.exp(-z)), p, atol=1e-9)
        # From edge to edge, so that no part of it is missing.
        assert any(set(ends[:, j]) == set(CORNERS[:, j]) for j in (0, 1))


@pytest.mark.parametrize(
    ("theta", "edge"),
    [
        ([-99, 1, 0], [4.0, 3.5]),
        ([99, 1, 0], [-1.0, 3.5]),
        ([-99, 0, 1], [1.5, 5.0]),
        ([99, 0, -1], [1.5, 5.0]),
        ([-99, 3, 5], [4.0, 5.0]),
    ],
)
def test_a_line_that_is_outside_is_pointed_at(theta, edge):
    start, end = way_to_line(np.array(theta, dtype=float), CORNERS)
    np.testing.assert_allclose(start, [1.5, 3.5])
    np.testing.assert_allclose(end, edge)
    z = [theta[0] + point @ np.array(theta[1:]) for point in (start, end)]
    assert abs(z[1]) < abs(z[0])


@pytest.mark.parametrize("theta", [[-4, 1, 0.5], [0, 1, 0], [5, 0, 0], [0, 0, 0]])
def test_a_line_that_is_inside_or_nowhere_is_not_pointed_at(theta):
    assert way_to_line(np.array(theta, dtype=float), CORNERS) is None


@given(thetas)
def test_a_line_is_either_seen_or_pointed_at(theta):
    u, v = np.meshgrid(*CORNERS.T)
    z = theta[0] + theta[1] * u + theta[2] * v
    if theta[1:].any() and np.abs(z).min() > 1e-9:
        assert (way_to_line(theta, CORNERS) is None) == (z.min() < 0 < z.max())
