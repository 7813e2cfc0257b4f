"""A path over a surface, in pieces, and which of them the surface hides."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from gdviz.views.course import pieces_of
from gdviz.views.hiding import hidden
from gdviz.views.landscape import Landscape

RANGES = ((-1.0, 1.0), (-1.0, 1.0))


def valley(points):
    return points[..., 0] ** 2


def of(path, record=None):
    path = np.array(path, dtype=float)
    record = np.arange(len(path)) if record is None else np.array(record)
    return pieces_of(path, record, RANGES, valley)


def everything(pieces):
    return np.ones(len(pieces.record), dtype=bool)


def test_pieces_are_short_and_lie_on_the_surface():
    pieces = of([[-1, 0], [1, 0], [1, 0.5]], [0, 4, 9])
    assert np.abs(np.diff(pieces.ends[..., :2], axis=1)).max() <= 2 / 60 + 1e-12
    assert_allclose(pieces.ends[..., 2], valley(pieces.ends[..., :2]))
    assert_array_equal(np.unique(np.ceil(pieces.record), return_counts=True), [[4, 9], [60, 15]])
    assert_array_equal(pieces.joined, [False] + 74 * [True])


def test_a_line_of_all_pieces_leads_through_all_records():
    path = np.array([[-1, 0], [0.5, 0.1], [0.4, 0.9], [-0.3, 0.2]])
    pieces = of(path)
    x, y, z = pieces.course(everything(pieces)).up_to(3)
    assert np.isnan(x[0])
    assert np.isfinite([x[1:], y[1:], z[1:]]).all()
    for u, v in path:
        assert np.min(np.hypot(x[1:] - u, y[1:] - v)) < 1e-12
    assert_allclose(z[1:], x[1:] ** 2)


@pytest.mark.parametrize(("record", "end"), [(0, None), (1, [0.5, 0.1]), (2, [0.4, 0.9])])
def test_a_line_leads_up_to_a_record(record, end):
    pieces = of([[-1, 0], [0.5, 0.1], [0.4, 0.9], [-0.3, 0.2]])
    line = pieces.course(everything(pieces)).up_to(record)
    assert line.shape[0] == 3
    assert_allclose(line[:2, -1], end) if end else None
    assert bool(line.size) == (end is not None)


def test_a_line_since_a_record_begins_there():
    pieces = of([[-1, 0], [0.5, 0.1], [0.4, 0.9], [-0.3, 0.2]])
    line = pieces.course(everything(pieces)).up_to(3, since=1)
    assert_allclose(line[:2, 0], [0.5, 0.1])
    assert_allclose(line[:2, -1], [-0.3, 0.2])


def test_the_pen_is_lifted_between_pieces_that_are_apart():
    pieces = of([[-0.1, 0], [0, 0]])
    points = pieces.course(np.array([True, False, True])).points
    u = np.array([np.nan, -0.1, -0.1 + 0.1 / 3, np.nan, -0.1 / 3, 0])
    assert_allclose(points[:, 0], u, atol=1e-12)


def test_what_is_beyond_the_edge_is_cut_off_and_the_pen_lifted():
    pieces = of([[0, 0], [4, 0], [4, 3], [-0.5, 0], [0, 0]])
    x, y, _ = pieces.course(everything(pieces)).up_to(4)
    assert np.nanmax(x) == 1
    assert np.nanmax(y) == pytest.approx(1)
    assert np.isnan(x).sum() == 2
    assert_array_equal(np.unique(np.ceil(pieces.record)), [1, 3, 4])


def test_a_step_across_the_picture_is_seen_from_edge_to_edge():
    for path, ends in (([[-4, 0], [0.5, 0.9]], [-1, 0.5]), ([[-5, -0.2], [9, 0.1]], [-1, 1])):
        pieces = of(path)
        u = pieces.ends[..., 0]
        assert_allclose([u[0, 0], u[-1, 1]], ends)
        assert_allclose(u[1:, 0], u[:-1, 1])
        assert_array_equal(pieces.joined, np.arange(len(u)) > 0)


def test_a_long_path_has_no_more_pieces_than_are_needed():
    path = (-1.0) ** np.arange(3000)[:, None] * [1, 0.5]
    assert len(of(path).record) < 8000


def test_a_path_that_is_not_seen_has_no_pieces():
    pieces = of([[5, 5], [6, 6]])
    assert not len(pieces.record)
    assert pieces.course(everything(pieces)).up_to(1).shape == (3, 0)


def ridge(size=41):
    """A wall across the middle, as high as 1 and flat elsewhere."""
    axis = np.linspace(-1, 1, size)
    u, _ = np.meshgrid(axis, axis)
    return Landscape(axis, axis, np.exp(-((u / 0.15) ** 2)))


@pytest.mark.parametrize(
    ("u", "height", "expected"),
    [
        (-0.7, 0.5, True),  # behind the wall, seen from low
        (-0.7, 20.0, False),  # and from high
        (0.7, 0.5, False),  # before it
        (0.0, 0.5, False),  # on it
        (-0.2, 0.5, True),  # on its far side
        (0.2, 0.5, False),
    ],
)
@pytest.mark.parametrize("v", [-0.5, 0.0, 0.4])
def test_what_is_behind_a_wall_is_hidden(u, v, height, expected):
    point = np.array([[u, v, np.exp(-((u / 0.15) ** 2))]])
    assert hidden(point, np.array([6.0, v, height]), ridge()) == [expected]


def test_hiding_agrees_with_a_ray_traced_in_small_steps():
    rng = np.random.default_rng(1)
    axis = np.linspace(-1, 1, 50)
    u, v = np.meshgrid(axis, axis)

    def cost(u, v):
        return u**2 + 5 * v**2 + 2 * u * v

    ground = Landscape(axis, axis, cost(u, v))
    at = rng.uniform(-0.9, 0.9, (300, 2))
    points = np.column_stack([at, cost(*at.T)])
    for viewer in np.array([[2.0, -7.0, 9.0], [-6.0, 5.0, 6.0], [0.5, 8.0, 30.0]]):
        t = np.linspace(0.0075, 1, 4001)[:, None, None]
        x, y, z = np.moveaxis(points + t * (viewer - points), -1, 0)
        clear = (z - cost(x, y)) / np.ptp(ground.cost)
        clear[(np.abs(x) > 1) | (np.abs(y) > 1)] = np.inf
        lowest = clear.min(axis=0)
        sure = np.abs(lowest + 0.004) > 0.006
        assert sure.mean() > 0.7
        assert_array_equal(hidden(points, viewer, ground)[sure], (lowest < -0.004)[sure])


def test_seen_from_below_the_underside_hides():
    ground = ridge()
    ground = Landscape(ground.u, ground.v, -ground.cost)  # a trench
    behind = np.array([[-0.7, 0.0, 0.0]])
    assert hidden(behind, np.array([6.0, 0.0, -0.9]), ground) == [True]
    assert hidden(behind, np.array([6.0, 0.0, -40.0]), ground) == [False]


def test_units_of_the_axes_do_not_matter():
    ground, point = ridge(), np.array([[-0.7, 0.1, 0.0], [0.7, 0.1, 0.0]])
    unit = np.array([1e9, 1e-6, 1e4])
    large = Landscape(ground.u * unit[0], ground.v * unit[1], ground.cost * unit[2])
    viewer = np.array([6.0, 0.0, 0.5])
    assert_array_equal(hidden(point * unit, viewer * unit, large), [True, False])


def test_half_a_step_is_half_its_pieces_and_begins_at_the_record_before():
    pieces = of([[-1, 0], [1, 0], [1, 0.5]], [0, 4, 9])
    course = pieces.course(everything(pieces))
    assert course.up_to(0).size == course.up_to(3).size == 0
    for record, x in ((3.5, 0), (4, 1), (8, 1)):
        assert course.up_to(record)[0, -1] == pytest.approx(x, abs=1 / 30)
    assert course.up_to(8.5)[1, -1] == pytest.approx(0.25, abs=1 / 30)
