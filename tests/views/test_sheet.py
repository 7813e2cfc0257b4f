"""A plane in its box: seen as matplotlib shows it, cut to it, and from its best side."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib.figure import Figure
from mpl_toolkits.mplot3d.proj3d import proj_transform

from gdviz.views.sheet import AZIMUTHS, areas, best_azimuth, cut, projected, shown_heights

BOX = (1.0, 1.0, 0.8)
SQUARE = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])


@pytest.mark.parametrize("box", [BOX, (2.0, 1.0, 0.6), (1.0, 3.0, 1.0)])
@pytest.mark.parametrize(("elev", "azim"), [(30, -60), (30, 120), (0, 0), (80, 10), (-20, -150)])
def test_points_are_seen_where_matplotlib_draws_them(box, elev, azim):
    points = np.random.default_rng(0).uniform(size=(9, 3))
    axes = Figure().add_subplot(projection="3d", elev=elev, azim=azim)
    axes.set(xlim=(0, 1), ylim=(0, 1), zlim=(0, 1))
    axes.set_box_aspect(box)
    theirs = np.column_stack(proj_transform(*points.T, axes.get_proj())[:2])
    ours = projected(points, box, elev, azim)
    # matplotlib's screen has another unit.
    unit = np.ptp(theirs, axis=0) / np.ptp(ours, axis=0)
    assert unit[0] == pytest.approx(unit[1])
    np.testing.assert_allclose(ours * unit, theirs - (theirs - ours * unit).mean(axis=0), atol=1e-9)


def test_the_area_of_a_sheet_is_its_share_of_the_picture_of_the_box():
    floor = np.column_stack([SQUARE, np.zeros(4)])
    middle = np.column_stack([SQUARE, np.full(4, 0.5)])
    # From right above only the floor's perspective makes it smaller than the top.
    from_above = areas(np.array([floor, middle]), BOX, 90, -90)
    assert 0.7 < from_above[0] < from_above[1] < 1
    along = areas(np.array([middle]), BOX, 0, -60)
    assert along == pytest.approx(0, abs=1e-12)


@given(arrays(float, (5, 2), elements=st.floats(-1, 1)), st.floats(0.3, 0.7))
def test_no_side_has_a_larger_smallest_area(slopes, middle):
    heights = np.clip(middle + (SQUARE - 0.5) @ slopes.T, 0, 1).T
    sheets = np.array([np.column_stack([SQUARE, one]) for one in heights])
    smallest = {azim: areas(sheets, BOX, 30, azim).min() for azim in AZIMUTHS}
    best = best_azimuth(sheets, lambda azim: BOX, 30)
    assert len(smallest) == 8
    assert smallest[best] == max(smallest.values())


def test_the_sides_are_eight_and_all_around():
    assert len({azim % 360 for azim in AZIMUTHS}) == 8
    assert np.max(np.diff(np.sort(np.append(np.mod(AZIMUTHS, 360), [390.0])))) <= 60


heights = arrays(float, 4, elements=st.floats(-10, 10))


@given(heights, st.floats(-5, 0), st.floats(0.1, 5))
def test_what_is_cut_off_is_what_is_outside(z, low, high):
    z[3] = z[0] + z[2] - z[1]  # flat
    whole = np.column_stack([SQUARE, z])
    part = cut(whole, low, high)
    if len(part):
        assert part[:, 2].min() >= low - 1e-9
        assert part[:, 2].max() <= high + 1e-9
        np.testing.assert_allclose(_on(whole, part[:, :2]), part[:, 2], atol=1e-9)
    grid = np.array(list(product(np.linspace(0, 1, 60), repeat=2)))
    inside = (_on(whole, grid) >= low) & (_on(whole, grid) <= high)
    x, y = part[:, :2].T if len(part) else np.zeros((2, 1))
    area = 0.5 * abs(x @ np.roll(y, 1) - y @ np.roll(x, 1))
    assert area == pytest.approx(inside.mean(), abs=0.06)


def _on(whole, xy):
    """Height of a plane, given by its corners over the unit square, at points (n, 2)."""
    z = whole[:, 2]
    return z[0] + xy @ [z[1] - z[0], z[3] - z[0]]


def test_what_is_inside_stays_as_it_is():
    whole = np.column_stack([SQUARE, [0.0, 1, 2, 1]])
    assert cut(whole, 0, 2) is whole


def test_points_and_last_plane_are_shown_and_others_if_they_are_near():
    y, last = np.array([10.0, 12]), np.full(4, 11.0)
    for start, expected in ((9.0, (9, 12)), (0.0, (4, 12)), (20.0, (10, 18)), (11.0, (10, 12))):
        planes = np.array([np.full(4, start), last])
        assert shown_heights(y, planes) == expected
        assert shown_heights(y, planes, reach=0.0) == (10, 12)
    assert shown_heights(np.full(2, 5.0), np.array([np.zeros(4), np.full(4, 5.0)])) == (0, 5)
