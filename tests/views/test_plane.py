"""The plane among the points: which points, how much of the plane, and what is said of them."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import gdviz
from gdviz.views.plane import plane_of

from ..conftest import X, Y, descent, held

ABOVE = np.array([3.0, 1, 1e9])  # a viewer who looks down
numbers = st.floats(-50, 50).map(lambda number: round(number, 3))


def drawn(view):
    """The points that are drawn, (n, 3)."""
    return np.column_stack([view.X, view.y])


def corners_at(view, epoch):
    """The plane of an epoch, (4, 3), however much of it is seen."""
    theta = view.planes[epoch]
    return np.column_stack([view.corners, theta[0] + view.corners @ theta[1:]])


@pytest.mark.parametrize("epoch", [0, 1, 200, 400])
def test_residuals_end_at_the_predictions_of_their_epoch(article, epoch):
    view = plane_of(article)
    np.testing.assert_array_equal(drawn(view), np.column_stack([X, Y]))
    assert view.stuck.all()
    np.testing.assert_allclose(view.at(epoch, ABOVE).fitted, article.predict(X, epoch))


def test_the_cost_is_the_mean_square_of_the_residuals(article):
    view = plane_of(article)
    gaps = view.y - view.at(400, ABOVE).fitted
    assert np.mean(gaps**2) == pytest.approx(article.cost[-1])


def test_between_two_records_the_plane_is_on_its_way():
    view = plane_of(held(epochs=2))
    first, second, between = (view.at(epoch, ABOVE).polygon for epoch in (0, 1, 0.25))
    np.testing.assert_allclose(between, 0.75 * first + 0.25 * second)


@settings(deadline=None)  # the first fit takes longer
@given(arrays(float, (6, 3), elements=numbers), arrays(float, 3, elements=numbers))
def test_a_point_is_before_the_plane_unless_it_stands_between_point_and_viewer(table, eye):
    table[:3, :2] = [[0, 0], [1, 0], [0, 1]]  # these are two features
    history = descent(table[:, :2], table[:, 2], theta0=[1.0, 2, 3], learning_rate=1e-6, epochs=1)
    before = plane_of(history).at(0, eye).before
    for point, seen in zip(table, before, strict=True):
        here, there = (z - 1 - x @ [2, 3] for x, z in ((p[:2], p[2]) for p in (point, eye)))
        if min(abs(here), abs(there)) > 1e-9:
            assert seen == (here * there > 0)


def test_limits_hold_every_plane_and_every_point(awkward):
    view = plane_of(awkward)
    low, high = np.transpose(view.limits)
    data = np.column_stack([awkward.dataset.X, awkward.dataset.y])
    slack = 1e-9 * (high - low)
    assert (data >= low - slack).all()
    assert (data <= high + slack).all()
    lowest, highest = data[:, :2].min(axis=0), data[:, :2].max(axis=0)
    ends = np.array(list(product(*zip(lowest, highest, strict=True))))
    heights = awkward.theta @ np.column_stack([np.ones(4), ends]).T
    near = np.append(awkward.dataset.y, heights[0 if awkward.diverged else -1])
    far = 3 * np.ptp(near)
    assert low[2] - slack[2] <= max(heights.min(), near.min() - far)
    assert high[2] + slack[2] >= min(heights.max(), near.max() + far)


def test_whatever_the_descent_did_the_plane_is_in_its_box(awkward):
    view = plane_of(awkward)
    assert ((view.sheets >= -1e-9) & (view.sheets <= 1 + 1e-9)).all()
    for epoch in awkward.epoch[[0, len(awkward.epoch) // 2, -1]]:
        polygon, _, _, fitted = view.at(epoch, ABOVE)
        low, high = np.transpose(view.limits)
        slack = 1e-9 * (high - low)
        assert ((polygon >= low - slack) & (polygon <= high + slack)).all()
        assert ((fitted >= low[2]) & (fitted <= high[2])).all()


def test_given_ranges_are_those_of_the_plane(article):
    view = plane_of(article, ranges=((-3, 8), (-4, 6)))
    assert {*map(tuple, view.corners)} == {(-3, -4), (-3, 6), (8, -4), (8, 6)}
    assert view.limits[:2] == ((-3, 8), (-4, 6))


@pytest.mark.parametrize("ranges", [((5, -5), (1, 1)), ((0, np.inf), (0, 1)), ((0, 1),)])
def test_ranges_that_cannot_be_drawn_are_refused_by_name(article, ranges):
    with pytest.raises(ValueError, match=r"ranges \(\(.*increase"):
        plane_of(article, ranges=ranges)


def test_names_are_those_of_the_table():
    view = plane_of(held(names=["a\nrea", "age"], target="rent"))
    assert view.names == ("a\nrea", "age", "rent")


def test_a_huge_table_is_sampled_and_says_so():
    rng = np.random.default_rng(0)
    many = rng.normal(size=(100_000, 2))
    view = plane_of(descent(many, many @ [1, 2], learning_rate=0.1, epochs=3))
    assert len(view.y) == 1000
    assert view.notes == ("1,000 of 100,000 points drawn", "40 of 1,000 residuals drawn")
    low, high = np.transpose(view.limits)
    assert ((drawn(view) >= low) & (drawn(view) <= high)).all()


def test_a_sample_of_a_table_with_a_period_shows_all_of_it():
    # A row an hour: every 24th would be one time of the day, and the cloud one line.
    n = 999 * 24 + 1
    hour = np.arange(n) % 24.0
    table = np.column_stack([hour, np.arange(n) / 24])
    view = plane_of(descent(table, hour, learning_rate=1e-9, epochs=3))
    assert len(view.X) == 1000
    assert set(view.X[:, 0].round(6)) == set(range(24))


def test_a_table_that_repeats_itself_is_sampled_all_the_same():
    n = 20_000  # every 20th row would be the same one
    table = np.column_stack([np.arange(n) % 20, (np.arange(n) // 20) % 7]).astype(float)
    view = plane_of(descent(table, table @ [1, 2], learning_rate=1e-3, epochs=3))
    assert len(view.X) == 1000
    assert len(np.unique(view.X[:, 0])) == 20


def test_all_points_drawn_is_not_worth_a_word():
    assert plane_of(descent()).notes == ()


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (1, r"plane draws two features; there is 1: draw parameters\(history\)"),
        (3, r'there are 3: choose two, vary=\("x0", "x1"\)'),
    ],
)
def test_other_than_two_features_are_refused(columns, message):
    table = np.column_stack([X, X**2])[:, :columns]
    with pytest.raises(ValueError, match=message):
        plane_of(descent(table, learning_rate="auto"))


def test_a_plane_over_powers_is_refused():
    table = gdviz.Dataset.of(X, Y).powers(2)
    with pytest.raises(ValueError, match=r"which is curved: draw parameters\(history\)"):
        plane_of(gdviz.fit(table, epochs=5), vary=("x0", "x1"))


def cloud_of(rows, seed=0):
    """A descent on so many rows, two of which are far from all others."""
    rng = np.random.default_rng(seed)
    table = rng.normal(size=(rows, 2))
    table[:2] = [[30, -30], [-30, 30]]
    return descent(
        table, 100 + table @ [1, 2] + rng.normal(size=rows), learning_rate="auto", epochs=30
    )


@pytest.mark.parametrize(("rows", "sticks"), [(150, 150), (151, 40), (1500, 40)])
def test_above_150_points_forty_residuals_are_drawn(rows, sticks):
    history = cloud_of(rows)
    view = plane_of(history)
    assert (len(view.y), view.stuck.sum(), view.many) == (min(rows, 1000), sticks, rows > 150)
    fitted = view.at(30, ABOVE).fitted
    np.testing.assert_array_equal(np.isfinite(fitted), view.stuck)
    ends = np.clip(history.predict(view.X[view.stuck]), *view.limits[2])
    np.testing.assert_allclose(fitted[view.stuck], ends)
    said = f"40 of {min(rows, 1000):,} residuals drawn"
    assert (said in view.notes) == (rows > 150)
    np.testing.assert_array_equal(plane_of(history).stuck, view.stuck)


def test_many_points_are_small_and_few_are_large():
    sizes = [plane_of(cloud_of(rows)).size for rows in (1000, 240, 60, 6)]
    assert sizes == pytest.approx([2.5, 3, 6, 6])


def test_of_many_points_the_plane_spans_most_and_heights_are_those_of_data_and_last_plane():
    history = cloud_of(500)
    view = plane_of(history)
    X, y = history.dataset.X, history.dataset.y
    corners = corners_at(view, -1)
    inside = (corners[:, :2].min(axis=0) <= X) & (corners[:, :2].max(axis=0) >= X)
    assert 0.97 < inside.mean() < 1
    assert np.abs(corners[:, :2]).max() < 5
    low, high = view.limits[2]
    assert low > 0  # where the plane starts
    near = np.append(y, corners[:, 2])
    assert (low, high) == pytest.approx((near.min(), near.max()), abs=0.04 * np.ptp(near))
    start = view.at(0, ABOVE)
    assert start.beyond == "↓ plane is below"
    assert not len(start.polygon)
    assert np.nanmin(start.fitted) == low


@pytest.mark.parametrize("epoch", [0, 2, 4, 6, 9])
def test_a_plane_that_leaves_the_picture_is_said_to_go_on(epoch):
    history = descent(learning_rate=0.05, epochs=9, theta0=[0.0, 0, 0])
    view = plane_of(history)
    low, high = view.limits[2]
    heights = history.predict(view.corners, epoch)
    leaves = bool(heights.min() < low), bool(heights.max() > high)
    arrow = {(True, True): "↕", (True, False): "↓", (False, True): "↑"}.get(leaves, "")
    assert view.at(epoch, ABOVE).beyond == f"{arrow} plane goes on" * bool(arrow)
    assert bool(arrow) == (epoch > 2)


def test_over_two_of_many_features_the_others_are_at_their_means_and_that_is_said():
    X3 = np.column_stack([X, X[:, 0] ** 2])
    history = descent(X3, learning_rate="auto", epochs=20)
    view = plane_of(history, vary=("x1", "x2"))
    assert view.notes == ("sticks to this plane,", "other features at their means")
    x1, x2, height = corners_at(view, -1).T
    others = np.column_stack([np.full(4, X3[:, 0].mean()), x1, x2])
    np.testing.assert_allclose(history.predict(others), height)


def test_over_two_of_many_features_sticks_are_not_called_residuals():
    rng = np.random.default_rng(0)
    table = rng.normal(size=(442, 3))
    view = plane_of(descent(table, table @ [1, 2, 3]), vary=("x0", "x1"))
    first, *others = view.notes
    assert first == "40 of 442 sticks drawn"
    assert others == ["sticks to this plane,", "other features at their means"]


def test_a_plane_says_what_is_held():
    assert plane_of(held()).notes == ("intercept held at 7.23421",)
    table = np.random.default_rng(0).normal(size=(30, 5))
    fixed = dict.fromkeys(("intercept", "x2", "x3", "x4"), "ols")
    history = descent(table, table @ [1.0, 2, 3, 4, 5], fixed=fixed, epochs=3, learning_rate=0.01)
    assert plane_of(history).notes[0] == "intercept and 3 weights held at the optimum"
