"""The cost from above: its lines, its path, and what it refuses. Surface shares the slice."""

import numpy as np
import pytest
from matplotlib.contour import QuadContourSet

from gdviz.core.least_squares import least_squares
from gdviz.renderers import contour, surface
from gdviz.renderers.slice import slice_of
from gdviz.renderers.style import compact

from .conftest import X, descent, held, limits, texts

ARTICLE = {"ranges": ((-15, 5), (-15, 5)), "levels": [80, 150, 300, 600, 2000]}


def of(history, **options):
    return slice_of(history, "contour", size=40, **options)


def sets(figure):
    """The filled contours and the lines."""
    return [c for c in figure.axes[1].collections if isinstance(c, QuadContourSet)]


def test_path_and_optimum_are_inside_with_a_margin(awkward):
    part = of(awkward)
    for grid, along in zip((part.ground.u, part.ground.v), range(2), strict=True):
        inside = np.append(part.path[:, along], part.optimum[along])
        margin = 0.05 * np.ptp(inside)
        assert grid[0] < grid[-1]
        assert grid[0] < inside.min() - margin
        assert grid[-1] > inside.max() + margin


def test_levels_increase_between_the_least_and_the_largest_cost(awkward):
    part = of(awkward)
    assert np.isfinite(part.ground.cost).all()
    assert len(part.levels) >= 3
    assert (np.diff(part.levels) > 0).all()
    assert part.ground.cost.min() < part.levels[0]
    assert part.levels[-1] < part.ground.cost.max()


def test_the_start_is_separated_from_the_valley_by_lines(article):
    part = of(article)
    between = (part.levels > part.lowest) & (part.levels < article.cost[0])
    assert between.sum() >= 4


def test_the_lowest_is_the_least_squares_cost_at_the_fixed_intercept():
    history = held(fixed_intercept=3.0)
    part = of(history)
    expected = least_squares(history.dataset, {0: 3.0})
    assert part.lowest == expected.cost
    np.testing.assert_allclose(part.optimum, expected.theta[1:])


def test_given_ranges_and_levels_are_used(article):
    figure = contour(article, **ARTICLE).still()
    filled, lines = sets(figure)
    assert limits(figure)[1] == (-15, 5, -15, 5)
    assert lines.levels.tolist() == ARTICLE["levels"]
    assert {"300", "600", "2k"} <= set(texts(figure))
    assert filled.levels[1:-1].tolist() == ARTICLE["levels"]


@pytest.mark.parametrize("kind", [contour, surface])
@pytest.mark.parametrize(
    "levels", [[600, 80, 80, 300], np.array([80.0, 300, 600]), [1, 80, 300, 600, 1e9]]
)
def test_levels_may_come_in_any_order_and_those_outside_are_left_out(article, kind, levels):
    part = of(article, ranges=ARTICLE["ranges"], levels=levels)
    assert part.levels.tolist() == [80, 300, 600]
    list(kind(article, ranges=ARTICLE["ranges"], levels=levels).film(frames=2).frames(40))


@pytest.mark.parametrize("kind", [contour, surface])
@pytest.mark.parametrize("levels", [[], [1.0], [1e9]])
def test_no_level_inside_is_no_line_and_no_error(article, kind, levels):
    list(kind(article, levels=levels).film(frames=2).frames(40))


def test_the_size_is_that_of_the_grid(article):
    part = slice_of(article, "contour", size=30)
    assert part.ground.cost.shape == (30, 30)
    u, v = part.ground.u[7], part.ground.v[21]
    fitted = article.intercept[0] + X @ [u, v]
    expected = np.mean((article.dataset.y - fitted) ** 2)
    assert part.ground.cost[21, 7] == pytest.approx(expected)


@pytest.mark.parametrize("epoch", [0, 1, 50, 400])
def test_the_path_runs_from_the_start_to_the_frames_theta(article, epoch):
    axes = contour(article).still(epoch).axes[1]
    *_, halo, path, point = axes.lines
    np.testing.assert_array_equal(path.get_xydata()[0], article.weights[0])
    np.testing.assert_array_equal(path.get_xydata()[-1], article.weights[epoch])
    np.testing.assert_array_equal(path.get_xydata(), halo.get_xydata())
    np.testing.assert_array_equal(point.get_xydata(), article.weights[[epoch]])


def test_every_point_of_the_path_is_a_record(moving, article):
    path = contour(article).still().axes[1].lines[-2].get_xydata()
    assert {tuple(point) for point in path} <= {tuple(point) for point in article.weights}


def test_start_and_optimum_are_marked_and_named(article):
    figure = contour(article).still()
    marks = {line.get_marker(): line.get_xydata()[0] for line in figure.axes[1].lines[:2]}
    np.testing.assert_array_equal(marks["o"], article.weights[0])
    np.testing.assert_allclose(marks["*"], article.optimum[1:])
    assert any("least squares" in text and "start" in text for text in texts(figure))


def test_lines_are_labelled_with_their_cost_and_labels_stay_inside(article):
    figure = contour(article).still()
    _, lines = sets(figure)
    labels = lines.labelTexts
    drawn = [label for label in labels if label in figure.axes[1].texts]
    assert len(drawn) >= 3
    assert {label.get_text() for label in drawn} <= {compact(level) for level in lines.levels}


def test_given_levels_are_labelled_away_from_the_path(article):
    figure = contour(article, **ARTICLE).still()
    axes, (_, lines) = figure.axes[1], sets(figure)
    assert {label.get_text() for label in lines.labelTexts} >= {"150", "300", "600", "2k"}
    path = axes.transData.transform(article.weights)
    for label in lines.labelTexts:
        at = axes.transData.transform(label.get_position())
        assert np.hypot(*(path - at).T).min() > 12


def test_the_optimum_is_seen_over_the_end_of_the_path(article):
    axes = contour(article).still().axes[1]
    ring = [line for line in axes.lines if line.get_marker() == "*"][-1]
    path, point = axes.lines[-2:]
    assert path.zorder < ring.zorder < point.zorder
    assert ring.get_markerfacecolor() == "none"
    assert ring.get_markersize() > 2.5 * point.get_markersize()


@pytest.mark.parametrize("kind", [contour, surface])
@pytest.mark.parametrize(("epochs", "dotted"), [(50, True), (400, False)])
def test_the_steps_of_a_short_descent_are_dots(kind, epochs, dotted):
    axes = kind(held(learning_rate=0.03, epochs=epochs)).still(20).axes[1]
    lines = [line for line in axes.lines if line.get_marker() == "o"]
    dots = [len(getattr(line, "get_data_3d", line.get_data)()[0]) for line in lines]
    assert (max(dots) > 15) == dotted  # those in the same pixel are one dot


def test_axes_say_which_weight_they_carry():
    axes = contour(held(names=["area", "age"])).still().axes[1]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("weight of area", "weight of age")


@pytest.mark.parametrize("kind", [contour, surface])
@pytest.mark.parametrize(
    ("history", "message"),
    [
        (
            lambda: descent(),
            r"draws the cost over two parameters; in this history 3 move \(intercept, x0, x1\): "
            r'hold the intercept, fixed_intercept="ols", or choose two, vary=\("x0", "x1"\)',
        ),
        (
            lambda: held(X[:, :1]),
            r"in this history 1 move \(x0\): draw parameters\(history\), or fit with two that move",
        ),
        (
            lambda: held(np.column_stack([X, X[:, 0] ** 2])),
            r'3 move \(x0, x1, x2\): choose two, vary=\("x0", "x1"\)',
        ),
    ],
)
def test_what_does_not_lie_on_a_slice_is_refused_with_what_to_type(kind, history, message):
    with pytest.raises(ValueError, match=f"{kind.__name__} .*{message}|{message}"):
        kind(history())


@pytest.mark.parametrize("kind", [contour, surface])
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ranges": ((5, -5), (1, 1))}, r"ranges \(\(5, -5\), \(1, 1\)\) .* increase"),
        ({"ranges": ((0, np.nan), (0, 1))}, r"ranges \(\(0, nan\)"),
        ({"ranges": ((100, 101), (0, 1))}, r"hold neither the path nor the optimum.*\(0, 0\)"),
        ({"size": 1}, "size 1 "),
        ({"size": 20.5}, r"size 20\.5 "),
        ({"levels": [80, np.inf]}, r"levels \[80, inf\]"),
    ],
)
def test_options_that_cannot_be_drawn_are_refused_by_name(article, kind, options, message):
    with pytest.raises(ValueError, match=message):
        kind(article, **options)


def test_any_two_parameters_may_vary():
    X3 = np.column_stack([X, X[:, 0] ** 2])
    for fixed, labels in (
        ({"x1": "ols", "x2": 0.5}, ("intercept", "weight of x0")),
        ({"intercept": "ols", "x0": -3.0}, ("weight of x1", "weight of x2")),
    ):
        history = descent(X3, fixed=fixed, learning_rate="auto", epochs=50)
        axes = contour(history).still().axes[-1]
        assert (axes.get_xlabel(), axes.get_ylabel()) == labels


def test_the_intercept_and_the_weight_of_one_feature_are_two_parameters():
    axes = contour(descent(X[:, :1])).still().axes[-1]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("intercept", "weight of x0")
