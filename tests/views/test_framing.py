"""What part of the ground is seen, and where a path leaves it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from gdviz.views.framing import (
    beside,
    check_ranges,
    coarse,
    comparable,
    exits,
    ranges_of,
    share_within,
    turns,
    widened,
)

LOW, HIGH = np.array([-1.0, -2.0]), np.array([3.0, 2.0])
numbers = st.floats(-10, 10).map(lambda x: round(x, 3))
points = st.tuples(numbers, numbers).map(np.array)


def spans(ranges):
    return np.ptp(ranges, axis=1)


@given(a=points, b=points)
def test_the_share_of_a_line_within_a_box_is_where_its_points_are_within(a, b):
    (first,), (last,) = share_within(a[None], b[None], LOW, HIGH)
    t = np.linspace(0, 1, 101)
    along = a + t[:, None] * (b - a)
    inside = ((along >= LOW - 1e-9) & (along <= HIGH + 1e-9)).all(axis=1)
    clear = np.minimum(np.abs(t - first), np.abs(t - last)) > 1e-6
    expected = (t >= first) & (t <= last)
    assert_array_equal(inside[clear], expected[clear])
    if first <= last:
        assert 0 <= first <= last <= 1
        ends = a + np.array([[first], [last]]) * (b - a)
        assert (ends >= LOW - 1e-6).all()
        assert (ends <= HIGH + 1e-6).all()


def test_a_path_leaves_at_the_edge_and_is_pointed_at_until_it_is_back():
    path = np.array([[0, 0], [4, 0], [4, 5], [-4, 0], [0, 1], [0, 5]], dtype=float)
    left = exits(path, ((-1, 3), (-2, 2)))
    assert np.isnan(left[[0, 4]]).all()
    assert_allclose(left[1], [[3, 0], [4, 0]])
    assert_allclose(left[2], [[3, 0], [4, 0]])  # nothing of this step was seen
    assert_allclose(left[3], [[-1, 1.875], [-4, 0]])
    assert_allclose(left[5], [[0, 2], [0, 5]])


def test_a_step_across_the_picture_leaves_on_the_other_side():
    left = exits(np.array([[0, 0], [9, 0], [-9, 0]], dtype=float), ((-1, 3), (-2, 2)))
    assert_allclose(left[2], [[-1, 0], [-9, 0]])


def test_a_point_on_the_edge_is_seen():
    path = np.array([[-1, -2], [3, 2], [-1, 2], [3, -2]], dtype=float)
    assert np.isnan(exits(path, ((-1, 3), (-2, 2)))).all()


def test_a_path_that_is_never_seen_is_pointed_at_nowhere():
    left = exits(np.array([[9, 9], [9, 10], [10, 10]], dtype=float), ((0, 1), (0, 1)))
    assert np.isnan(left).all()


@given(tall=st.floats(0.1, 10), low=points, size=st.tuples(*[st.floats(0.01, 100)] * 2))
def test_widened_ranges_have_the_proportions_of_their_panel_and_hold_the_old_ones(tall, low, size):
    old = [(low[0], low[0] + size[0]), (low[1], low[1] + size[1])]
    new = widened(tuple(old), tall)
    across, up = spans(new)
    assert up / across == pytest.approx(tall)
    for (start, end), (first, last) in zip(old, new, strict=True):
        assert first <= start + 1e-9
        assert last >= end - 1e-9
        assert first + last == pytest.approx(start + end, abs=1e-6)
    assert min(np.abs(spans(new) - spans(old))) == pytest.approx(0, abs=1e-9 * max(spans(new)))


@pytest.mark.parametrize(
    ("start", "unit", "scaled", "equal"),
    [
        ((-3.9, -1), (1, 100), False, True),  # the path is as long along both
        ((-4.1, -1), (1, 100), False, False),
        ((-4.1, -1), (1, 1), False, True),  # the valley is as wide along both
        ((-500, -1), (1, 100), False, False),
        ((-500, -1), (1, 100), True, True),
        ((-5, 0), (1, 1), False, True),
        ((0, 0), (1, 1000), False, False),
    ],
)
def test_both_axes_have_one_scale_where_their_ranges_are_alike(start, unit, scaled, equal):
    path = np.array([start, (0, 0)], dtype=float)
    ranges, found = ranges_of(path, np.zeros(2), np.array(unit, dtype=float), scaled=scaled)
    assert found == equal
    for (low, high), at in zip(ranges, start, strict=True):
        assert low < min(at, 0)
        assert max(at, 0) < high
    if not equal:
        across, up = spans(ranges) / unit
        assert 0.2 < across / up < 60  # neither axis is a sliver of the valley


def test_ranges_hold_the_path_with_a_margin_and_go_on_beyond_the_optimum():
    (u, v), _ = ranges_of(np.array([[10.0, 4.0], [2.0, 1.0]]), np.zeros(2), np.ones(2))
    assert_allclose(u, [-6, 11.5])
    assert_allclose(v, [-2.4, 4.6])
    (u, _), _ = ranges_of(np.array([[10.0, 4.0]]), np.zeros(2), np.ones(2), around=0.15)
    assert_allclose(u, [-1.5, 11.5])


@given(path=st.lists(points, min_size=1, max_size=6), goal=points, diverged=st.booleans())
def test_the_mirror_image_of_a_path_has_the_mirror_image_of_its_ranges(path, goal, diverged):
    path, unit = np.array(path), np.array([1.0, 3.0])
    ranges, equal = ranges_of(path, goal, unit, diverged=diverged)
    mirrored = ranges_of(-path, -goal, unit, diverged=diverged)
    assert mirrored == (tuple((-high, -low) for low, high in ranges), equal)


def test_a_path_that_diverges_is_followed_to_about_three_times_its_starts_distance():
    far = (-2.0) ** np.arange(40)
    path = np.column_stack([10 + 5 * far, -4 * far])
    ranges, equal = ranges_of(path, np.array([10.0, 0.0]), np.ones(2), diverged=True)
    assert equal
    assert_allclose(ranges[0], [10 - 1.15 * 15, 10 + 1.15 * 15])
    assert_allclose(ranges[1], [-1.15 * 12, 1.15 * 12])


def test_a_path_that_diverges_from_the_optimum_itself_has_a_picture():
    path = np.array([[1, 2], [1, 2.5], [1e9, -1e9], [-1e15, 1e15]])
    ranges, _ = ranges_of(path, np.array([1.0, 2.0]), np.ones(2), diverged=True)
    assert (spans(ranges) > 0.5).all()
    assert (spans(ranges) < 50).all()


def test_what_is_only_rounding_is_no_reach():
    path = np.array([[1.0, 1.0], [1.0 + 1e-15, 1.0]])
    ranges, _ = ranges_of(path, np.ones(2), np.ones(2))
    assert (spans(ranges) > 0.5).all()


@pytest.mark.parametrize("size", [0.0, 1.0, 1e3])
def test_a_path_that_stays_is_seen_as_large_as_its_distance_from_0(size):
    goal = np.array([3.0, 2.0])
    ranges, _ = ranges_of(goal[None], goal, np.ones(2), size=np.full(2, size))
    assert_allclose(spans(ranges), 2 * 0.6 * 0.5 * 3)


@given(
    noise=points.map(lambda p: 1e-8 * p),
    goal=points.map(lambda p: 1e-8 * p),
    size=st.tuples(*[st.floats(1, 1e3)] * 2).map(np.array),
    scaled=st.booleans(),
)
def test_where_all_is_rounding_of_0_the_view_is_of_the_size_that_is_expected(
    noise, goal, size, scaled
):
    path, unit = np.array([np.zeros(2), noise]), size / np.array([1.0, 2.0])
    ranges, _ = ranges_of(path, goal, unit, size=size, scaled=scaled)
    assert (spans(ranges) > 0.2 * size).all()
    assert (spans(ranges) < 3 * size).all()


@pytest.mark.parametrize("start", [(3.0, -2.0), (1e-3, 0.0)])
def test_a_path_that_is_more_than_rounding_is_seen_at_its_own_size(start):
    path = np.array([start, (0.0, 0.0)])
    expected = ranges_of(path, np.zeros(2), np.ones(2))
    assert ranges_of(path, np.zeros(2), np.ones(2), size=np.ones(2)) == expected


@pytest.mark.parametrize(("sides", "alike"), [((1, 3.99), True), ((4, 1), False), ((0, 0), False)])
def test_ranges_up_to_fourfold_are_alike(sides, alike):
    assert comparable(*sides) == alike


def test_turns_count_swings_and_circles_alike():
    circle = np.linspace(0, 6 * np.pi, 301)
    assert turns(np.column_stack([np.cos(circle), np.sin(circle)])) == pytest.approx(3, abs=0.02)
    assert turns((-1.0) ** np.arange(12)[:, None] * [3, 1]) == pytest.approx(5)
    assert turns(np.column_stack([np.arange(9), np.arange(9)])) == 0


def test_a_text_stands_beside_its_arrow_on_the_inner_side_and_within_the_box():
    low, high, size = np.array([0.0, 0.0]), np.array([100.0, 80.0]), np.array([30.0, 10.0])
    right = beside(np.array([100.0, 20.0]), np.array([1.0, 0.0]), size, low, high)
    assert_allclose(right, [85, 25])
    up = beside(np.array([70.0, 80.0]), np.array([0.0, 1.0]), size, low, high)
    assert_allclose(up, [55, 75])
    middle = beside(np.array([50.0, 80.0]), np.array([0.0, 1.0]), size, low, high)
    assert_allclose(middle, [35, 75])


@given(edge=st.floats(0, 4), heading=st.floats(-1.5, 1.5), gap=st.floats(0, 8), flat=st.booleans())
def test_a_text_never_covers_its_arrow(edge, heading, gap, flat):
    low, high, size = np.array([0.0, 0.0]), np.array([100.0, 80.0]), np.array([30.0, 10.0])
    side, along = int(edge % 4), edge % 1
    corners = np.array([[100, 0], [100, 80], [0, 80], [0, 0], [100, 0]], dtype=float)
    point = corners[side] + along * (corners[side + 1] - corners[side])
    angle = side * np.pi / 2 + (0 if flat else heading)  # outwards
    way = np.array([np.cos(angle), np.sin(angle)])
    middle = beside(point, way, size, low, high, gap)
    assert (middle >= low + size / 2).all()
    assert (middle <= high - size / 2).all()
    across = np.array([-way[1], way[0]])
    clear = abs((middle - point) @ across) - np.abs(across) @ size / 2
    assert clear >= gap - 1e-3 * (gap + 20)


def test_a_text_without_room_on_the_inner_side_stands_on_the_other():
    low, high, size = np.array([0.0, 0.0]), np.array([100.0, 22.0]), np.array([30.0, 10.0])
    found = beside(
        np.array([100.0, 9.0]), np.array([1.0, 0.1]) / np.hypot(1, 0.1), size, low, high, 4
    )
    assert_allclose(found[1], 17, atol=2)


def test_jitter_is_no_turn_and_a_slow_spiral_has_all_of_its_own():
    jitter = np.random.default_rng(0).normal([0.8, 0.5], 0.004, (400, 2))
    arriving = np.vstack([np.linspace([0, 0], [0.8, 0.5], 50), jitter])
    assert turns(arriving) > 50
    assert turns(coarse(arriving, 0.03)) < 0.5
    circle = np.linspace(0, 10 * np.pi, 20_001)
    slow = 0.5 * np.column_stack([np.cos(circle), np.sin(circle)])
    assert turns(coarse(slow, 0.03)) == pytest.approx(5, abs=0.05)
    assert len(coarse(slow[:1], 0.03)) == 1


@pytest.mark.parametrize("rounding", [-1e-12, 0, 1e-12])
def test_which_side_of_an_arrow_from_the_middle_a_text_is_on_is_not_chosen_by_rounding(rounding):
    low, high, size = np.array([0.0, 0.0]), np.array([100.0, 80.0]), np.array([30.0, 10.0])
    point = np.array([50.0 + rounding, 80.0])
    assert_allclose(beside(point, np.array([0.0, 1.0]), size, low, high), [35, 75])


@pytest.mark.parametrize(
    "given", ["x", 3, ((0, 1),), ((1, 0), (0, 1)), ((0, np.inf), (0, 1)), [[], 1]]
)
def test_ranges_that_are_none_are_told_as_they_were_given(given):
    with pytest.raises(ValueError, match="are not two pairs of finite numbers that increase"):
        check_ranges(given)
