"""Polygons that are cut off."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.views.polygons import part_above

SQUARE = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])
slopes = st.floats(-2, 2).map(lambda number: round(number, 3))


@given(slopes, slopes, slopes)
def test_what_is_kept_and_what_is_left_make_the_whole(level, across, up):
    height = level + SQUARE @ [across, up]
    parts = [part_above(SQUARE, sign * height) for sign in (1, -1)]
    for part, sign in zip(parts, (1, -1), strict=True):
        assert (sign * (level + part @ [across, up]) >= -1e-9).all()
    if height.any():
        assert sum(map(area, parts)) == pytest.approx(1)


def area(polygon):
    x, y = polygon.T
    return abs(x @ np.roll(y, 1) - y @ np.roll(x, 1)) / 2


def test_a_corner_alone_is_no_part():
    assert not len(part_above(SQUARE, np.array([0.0, -1, -2, -1])))


def test_a_polygon_in_space_is_cut_alike():
    cube_side = np.column_stack([SQUARE, [0.0, 0, 1, 1]])
    part = part_above(cube_side, 0.5 - cube_side[:, 2])
    np.testing.assert_allclose(part, [[0, 0, 0], [1, 0, 0], [1, 0.5, 0.5], [0, 0.5, 0.5]])
