"""What contour and surface show of a slice: its ground, its levels, what is seen, and its words."""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from gdviz import Dataset, Function, fit
from gdviz.core.least_squares import least_squares
from gdviz.views.cost_slice import slice_of
from gdviz.views.cutting_plane import plane_through

from ..conftest import X, descent, held

GIVEN = {"ranges": ((-15, 5), (-15, 5)), "levels": [80, 150, 300, 600, 2000]}
WAYS = ("pca", "hessian", ((1, 0, 0), (0, 1, 0)))


def of(*histories, size=40, **options):
    runs = {str(i): history for i, history in enumerate(histories)}
    return slice_of(runs, "contour", size=size, **options)


def wild(**options):
    return held(**({"learning_rate": 0.05, "epochs": 200} | options))


# What is seen -------------------------------------------------------------------------------------


def test_path_and_optimum_are_inside_with_a_margin(awkward):
    view = of(awkward)
    (track,) = view.tracks
    path = track.path[:1] if awkward.diverged else track.path
    for grid, along in zip((view.ground.u, view.ground.v), range(2), strict=True):
        inside = np.append(path[:, along], view.marks.optima[:, along])
        margin = 0.05 * np.ptp(inside)
        assert grid[0] < grid[-1]
        assert grid[0] < inside.min() - margin
        assert grid[-1] > inside.max() + margin


def test_ranges_hold_all_paths_and_one_that_diverges_does_not_stretch_them():
    swing = held(learning_rate=0.036, epochs=200, theta0=[0, 0, 0])
    calm = held(theta0=[0, 0, 0])
    u, v = of(calm, swing).ranges
    for history in (calm, swing):
        low, high = history.weights.min(axis=0), history.weights.max(axis=0)
        assert u[0] < low[0]
        assert high[0] < u[1]
        assert v[0] < low[1]
        assert high[1] < v[1]
    alone, beside = of(calm).ranges, of(calm, wild(theta0=[0, 0, 0])).ranges
    assert (np.ptp(beside, axis=1) <= 1.01 * np.ptp(alone, axis=1)).all()
    assert wild().diverged
    assert (np.ptp(of(wild(), wild()).ranges, axis=1) > 0).all()


@pytest.mark.parametrize("tall", [0.4, 1.0, 2.5])
def test_a_view_of_equal_scales_fills_its_panel_unless_ranges_are_given(article, tall):
    across, up = np.ptp(of(article).filling(tall).ranges, axis=1)
    assert up / across == pytest.approx(tall)
    given = of(article, **GIVEN)
    assert given.filling(tall) is given


def test_ranges_that_are_given_have_one_scale_where_they_are_alike_or_units_are(article):
    long = ((-15, 5), (-6000, 2000))
    assert of(article, ranges=((-15, 5), (-30, 10))).equal
    assert not of(article, ranges=long).equal
    scaled = Dataset.of(X, article.dataset.y).scaled("standard")
    assert of(fit(scaled, fixed_intercept="ols", epochs=5), ranges=long).equal


def test_several_runs_need_one_ground(article):
    with pytest.raises(ValueError, match="go down different objectives"):
        of(article, held(X[:5], article.dataset.y[:5]))


def without_signal(loss, **options):
    """A descent whose target says nothing of the features: it starts at the optimum, 0."""
    rows = np.random.default_rng(0).normal(size=(30, 2)) * [3, 0.2] + [2, 9]
    y = np.repeat([0.0, 1.0], 30)
    return descent(np.vstack([rows, rows]), y, loss=loss, fixed_intercept="ols", **options)


@pytest.mark.parametrize("loss", ["mse", "ridge", "huber", "cross-entropy"])
@pytest.mark.parametrize("through", [None, "hessian"])
def test_a_start_that_is_the_optimum_up_to_rounding_has_a_view_of_a_size_that_says_something(
    loss, through
):
    history = without_signal(loss, epochs=3, learning_rate="auto")
    assert np.abs(history.theta[:, 1:] - history.optimum[1:]).max() < 1e-8
    view = of(history, through=through)
    span = np.ptp(view.ranges, axis=1)
    sizes = history.objective.sizes[1:]
    assert (span > 0.1 * sizes.min()).all()
    assert (span < 10 * sizes.max()).all()
    assert len(view.levels) >= 3
    assert np.ptp(view.ground.cost) > 1e-3 * view.lowest


# The ground ---------------------------------------------------------------------------------------


def test_the_size_is_that_of_the_grid(article):
    ground = of(article, size=30).ground
    assert ground.cost.shape == (30, 30)
    u, v = ground.u[7], ground.v[21]
    fitted = article.intercept[0] + X @ [u, v]
    assert ground.cost[21, 7] == pytest.approx(np.mean((article.dataset.y - fitted) ** 2))


def test_without_a_plane_a_slice_is_that_of_its_entries(article):
    view = of(article)
    assert view.plane.entries == (1, 2)
    assert_array_equal(view.tracks[0].path, article.theta[:, 1:])


@pytest.mark.parametrize("through", WAYS)
def test_the_grid_is_the_exact_cost_on_the_plane(moving, through):
    view = of(moving, through=through, size=15)
    plane = plane_through(moving, through)
    u, v = view.ground.u[3], view.ground.v[11]
    theta = moving.theta[-1] + u * plane.axes[0] + v * plane.axes[1]
    assert view.ground.cost[11, 3] == pytest.approx(moving.objective.cost(theta))
    assert view.height(np.zeros(2)) == moving.objective.cost(moving.theta[-1])


def test_levels_increase_between_the_least_and_the_largest_cost(awkward):
    view = of(awkward)
    assert np.isfinite(view.ground.cost).all()
    assert len(view.levels) >= 3
    assert (np.diff(view.levels) > 0).all()
    assert view.ground.cost.min() < view.levels[0]
    assert view.levels[-1] < view.ground.cost.max()
    assert len(set(view.level_texts)) == len(view.levels)


def test_the_start_is_separated_from_the_valley_by_lines(article):
    view = of(article)
    between = (view.levels > view.lowest) & (view.levels < article.cost[0])
    assert between.sum() >= 4


def test_lines_are_those_of_the_highest_start(article):
    near = held(theta0=[0, *(article.optimum[1:] + 0.1)])
    alone, both, low = (
        of(*runs, ranges=GIVEN["ranges"]).levels.tolist()
        for runs in ([article], [article, near], [near])
    )
    assert alone == both
    assert len(low) > len(alone)


@pytest.mark.parametrize(
    "levels", [[600, 80, 80, 300], np.array([80.0, 300, 600]), [1, 80, 300, 600, 1e9]]
)
def test_levels_may_come_in_any_order_and_those_outside_are_left_out(article, levels):
    view = of(article, ranges=GIVEN["ranges"], levels=levels)
    assert view.levels.tolist() == [80, 300, 600]
    assert view.level_texts == ["80", "300", "600"]


def test_a_cost_has_the_same_band_wherever_it_is_seen(article):
    whole = of(article, **GIVEN)
    high = whole.ground.cost.max()
    corner = of(article, ranges=((-15, 0), (-15, 0)), levels=[1, *GIVEN["levels"], 2 * high])
    assert whole.bands == (0, 6)
    assert corner.bands == (1, 8)
    assert len(corner.levels) == 5
    least = float(whole.ground.cost.min())
    assert of(article, ranges=GIVEN["ranges"], levels=[least, 300]).bands == (1, 3)


def test_the_lowest_is_the_least_squares_cost_at_the_fixed_intercept():
    history = held(fixed_intercept=3.0)
    view = of(history)
    expected = least_squares(history.dataset, {0: 3.0})
    assert view.lowest == expected.cost
    assert_allclose(view.marks.optima[0], expected.theta[1:])


def test_the_lowest_of_a_function_may_be_known_or_seen_beside_what_the_run_found():
    local = of(fit("function:rastrigin"))
    assert local.history.best.cost > 1
    assert local.lowest == 0
    cubic = Function(lambda u, v: u**3 - 3 * u + v**2, start=(1.5, 0), view=((-4, 3), (-2, 2)))
    view = of(fit(cubic, epochs=20, learning_rate=0.01))
    assert view.history.best.cost == pytest.approx(-2)
    assert view.lowest == view.ground.cost.min() < -50


def test_the_floor_is_under_the_ground(awkward):
    view = of(awkward)
    low, high = view.heights
    assert view.floor < low < high
    assert low <= view.ground.cost.min()
    assert high == view.ground.cost.max()


def around(point, half):
    return tuple((float(x) - half, float(x) + half) for x in point)


def test_flat_ground_has_no_lines_and_yet_some_height(article):
    view = of(article, ranges=around(article.optimum[1:], 2e-7))
    assert 0 < np.ptp(view.ground.cost) < 1e-12 * view.lowest  # rounding, and little else
    assert not len(view.levels)
    low, high = view.heights
    assert high - low == pytest.approx(1e-3 * low)


def test_a_flat_piece_far_above_the_optimum_is_as_high_as_it_is(article):
    start = article.weights[0]
    view = of(article, ranges=around(start, 1e-13), levels=[np.nextafter(article.cost[0], 2e3)])
    assert not len(view.levels)
    assert view.heights == (view.lowest, view.ground.cost.max())


# Words --------------------------------------------------------------------------------------------


def test_phrases_say_what_marks_are_what_is_held_and_what_the_plane_is(article, moving):
    assert of(article).phrases == ["☆ least squares", "○ start", "intercept held at 7.23421"]
    assert of(article, held(theta0=[0, 3, 3])).phrases[1] == "○ starts"
    *marks, plane, beside = of(moving, through="pca").phrases
    assert marks == ["☆ least squares", "○ start"]
    assert plane.startswith("plane through the end, along its two main directions; ")
    assert beside == "the path lies beside it; path and marks are projected"


def test_axes_are_called_by_what_varies_and_only_a_name_may_be_cut():
    assert of(held(names=["area\n", "age"])).axis_names == (
        ("weight of ", "area\n"),
        ("weight of ", "age"),
    )
    assert of(descent(X[:, :1])).axis_names == (("", "intercept"), ("weight of ", "x0"))


def test_scales_that_differ_are_told_with_their_ratio_in_the_panel(article):
    view = of(article, ranges=((-15, 5), (-6000, 2000)))
    assert view.scales(1.0) == ["scales of the axes 1 : 400"]
    assert view.scales(4.0) == ["scales of the axes 1 : 100"]
    wide = of(article, ranges=((-6000, 2000), (-15, 5)))
    assert wide.scales(1.0) == ["scales of the axes 1 : 400"]
    assert of(article).scales(1.0) == []


def test_what_is_seen_can_be_put_into_a_page(awkward):
    view = of(awkward, size=5)
    seen = [*view.ranges, view.levels.tolist(), view.level_texts, view.bands, view.heights]
    seen += [view.phrases, view.axis_names, view.marks.starts.tolist(), view.ground.cost.tolist()]
    assert json.loads(json.dumps(seen, allow_nan=False))
