"""The cost from above: its lines, its path, and what it refuses. Surface shares the slice."""

import re
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.contour import QuadContourSet
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

from gdviz.api import fit
from gdviz.core.dataset import Dataset
from gdviz.renderers import contour, surface
from gdviz.renderers.style.contrast import luminance
from gdviz.renderers.style.theme import Compact
from gdviz.tables.table import read_table
from gdviz.views.numbers import compact

from ..conftest import X, descent, held, limits, separable, texts

ARTICLE = {"ranges": ((-15, 5), (-15, 5)), "levels": [80, 150, 300, 600, 2000]}


def sets(figure):
    """The filled contours and the lines."""
    return [c for c in figure.axes[1].collections if isinstance(c, QuadContourSet)]


def test_given_ranges_and_levels_are_used(article):
    figure = contour(article, **ARTICLE).still()
    filled, lines = sets(figure)
    assert limits(figure)[1] == (-15, 5, -15, 5)
    assert lines.levels.tolist() == ARTICLE["levels"]
    assert {"300", "600", "2k"} <= {text.strip() for text in texts(figure)}
    assert filled.levels[1:-1].tolist() == ARTICLE["levels"]


@pytest.mark.parametrize("kind", [contour, surface])
@pytest.mark.parametrize(
    "levels", [[600, 80, 80, 300], np.array([80.0, 300, 600]), [1, 80, 300, 600, 1e9]]
)
def test_levels_in_any_order_and_outside_of_what_is_seen_are_drawn(article, kind, levels):
    list(kind(article, ranges=ARTICLE["ranges"], levels=levels).film(frames=2).frames(40))


@pytest.mark.parametrize("kind", [contour, surface])
@pytest.mark.parametrize("through", [None, "hessian"])
def test_without_a_signal_the_optimum_is_the_start_and_there_is_a_picture(kind, through):
    corners = 5.0 + np.array([[1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [-1, -1]] * 2)
    classes = np.repeat([0.0, 1.0], 6)
    history = held(corners, classes, loss="cross-entropy", learning_rate="auto")
    figure = kind(history, through=through, size=30).still()
    (u0, u1, v0, v1, *_) = limits(figure)[1]
    assert min(u1 - u0, v1 - v0) > 1e-3


@pytest.mark.parametrize("kind", [contour, surface])
def test_flat_ground_is_drawn_without_lines(article, kind):
    around = tuple((float(x) - 2e-7, float(x) + 2e-7) for x in article.optimum[1:])
    figure = kind(article, ranges=around, size=20).still()
    assert not [c for c in figure.axes[1].collections if len(getattr(c, "levels", ())) > 2]


@pytest.mark.parametrize("kind", [contour, surface])
@pytest.mark.parametrize("levels", [[], [1.0], [1e9]])
def test_no_level_inside_is_no_line_and_no_error(article, kind, levels):
    list(kind(article, levels=levels).film(frames=2).frames(40))


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
    title = figure.axes[1].get_title("right")
    assert title == "☆ least squares    ○ start    intercept held at 7.23421"


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


def test_no_label_stands_on_a_mark():
    figure = contour(fit("function:rastrigin", epochs=5)).still()
    axes, (_, lines) = figure.axes[1], sets(figure)
    marks = np.vstack([line.get_xydata() for line in axes.lines if line.get_marker() == "*"])
    assert len(marks) > 20
    assert lines.labelTexts
    for label in lines.labelTexts:
        away = axes.transData.transform(marks) - axes.transData.transform(label.get_position())
        assert np.hypot(*away.T).min() > 13 * figure.dpi / 72  # the width of a star


def test_the_optimum_is_seen_over_the_end_of_the_path(article):
    axes = contour(article).still().axes[1]
    ring = [line for line in axes.lines if line.get_marker() == "*"][-1]
    path, point = axes.lines[-2:]
    assert path.zorder < ring.zorder < point.zorder
    assert ring.get_markerfacecolor() == "none"
    assert ring.get_markersize() > 2.5 * point.get_markersize()
    assert ring.get_markersize() < 0.04 * 72 * axes.get_figure(root=True).get_figwidth()


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
            r"draws the cost over two parameters; here 3 move \(intercept, x0, x1\): "
            r'hold the intercept, gdviz.fit\(…, fixed_intercept="ols"\), or choose two, '
            r'gdviz.fit\(…, vary=\("x0", "x1"\)\)',
        ),
        (
            lambda: held(X[:, :1]),
            r"here 1 moves \(x0\): draw parameters\(history\), or fit with two that move",
        ),
        (
            lambda: held(np.column_stack([X, X[:, 0] ** 2])),
            r'3 move \(x0, x1, x2\): choose two, gdviz.fit\(…, vary=\("x0", "x1"\)\)',
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


def angle_of_the_first_step(history, **size):
    """Degrees between the first step and the line that it starts on, in pixels."""
    scene = contour(history, levels=[history.cost[0]], size=900)
    figure = scene.still(1, **size)
    axes = figure.axes[1]
    figure.canvas.draw()
    to_pixels = axes.transData.transform
    start, end = to_pixels(history.theta[:2][:, [j for j in range(3) if j not in history.fixed]])
    (line,) = sets(figure)[1].get_paths()
    line = to_pixels(line.vertices)
    middles, along = (line[1:] + line[:-1]) / 2, np.diff(line, axis=0)
    # The line is made of short chords: one alone may be a pixel askew.
    near = np.argsort(np.hypot(*(middles - start).T))[:7]
    tangent = np.linalg.svd(along[near] / np.hypot(*along[near].T)[:, None])[2][0]
    step = (end - start) / np.hypot(*(end - start))
    return np.degrees(np.arccos(abs(tangent @ step)))


TABLES = "gallery/data/"
STARTS = {
    "article": lambda: held(),
    "article_from_zero": lambda: held(theta0=[0, 0, 0]),
    "rent": lambda: slope_of("rent.csv", theta0=[0, 0, 0]),
    "rent_scaled": lambda: slope_of("rent.csv", scaled=True, theta0=[0, 0, 0]),
    "ridge": lambda: held(loss="ridge", theta0=[0, 0, 0]),
    "huber": lambda: held(loss="huber", theta0=[0, 0, 0], learning_rate=0.1),
    "momentum": lambda: held(optimizer="momentum", theta0=[0, 0, 0]),
    "diverging": lambda: held(learning_rate=0.05, theta0=[0, 0, 0]),
}


def slope_of(name, scaled=False, **options):
    table = read_table(TABLES + name)
    table = table.scaled("standard") if scaled else table
    return fit(table, learning_rate="gentle", fixed_intercept="ols", epochs=50, **options)


@pytest.mark.parametrize(
    ("history", "size"),
    [(history, {}) for history in STARTS]
    + [(history, {"size": size}) for history in ("rent", "momentum") for size in ((4, 6), (9, 3))],
)
def test_the_first_step_is_at_right_angles_to_the_line_it_starts_on(history, size):
    assert angle_of_the_first_step(STARTS[history](), **size) == pytest.approx(90, abs=1)


@pytest.mark.parametrize("size", [{}, {"size": (4, 6)}, {"size": (9, 3)}])
def test_a_map_of_equal_scales_fills_its_panel(article, size):
    figure = contour(article).still(**size)
    figure.canvas.draw()
    axes = figure.axes[1]
    panel, filled = axes.get_figure(root=False).bbox, axes.get_tightbbox()
    assert axes.get_aspect() == 1
    text = axes.title.get_fontsize() * figure.dpi / 72
    assert panel.width - filled.width < 1.8 * text
    assert panel.height - filled.height < 1.8 * text


def test_scales_that_differ_are_said_with_their_ratio():
    history = held(X * [1e6, 1], learning_rate="auto", theta0=[0, 0, 0])
    figure = contour(history).still()
    axes = figure.axes[1]
    assert axes.get_aspect() == "auto"
    across, up = axes.bbox.size / np.array([np.ptp(axes.get_xlim()), np.ptp(axes.get_ylim())])
    (said,) = re.findall(r"scales of the axes 1 : (\S+)", axes.get_title("right"))
    number = float(said.rstrip("kMG")) * {"k": 1e3, "M": 1e6, "G": 1e9}[said[-1]]
    assert number == pytest.approx(across / up, rel=0.4)
    assert "scales" not in contour(held()).still().axes[1].get_title("right")


def test_scales_that_differ_some_hundredfold_are_said_without_a_power_of_ten():
    ranges = ((-15, 5), (-6000, 2000))
    axes = contour(held(), ranges=ranges).still().axes[1]
    (said,) = re.findall(r"scales of the axes 1 : (\d+)$", axes.get_title("right"))
    assert int(said) == pytest.approx(400 * axes.bbox.width / axes.bbox.height, rel=0.2)


@pytest.mark.parametrize(("factor", "equal"), [(1.3, True), (1e3, False)])
def test_ranges_that_are_given_have_equal_scales_where_they_are_alike(article, factor, equal):
    figure = contour(article, ranges=((-15, 5), (-15 * factor, 5 * factor))).still()
    assert limits(figure)[1] == (-15, 5, -15 * factor, 5 * factor)
    assert (figure.axes[1].get_aspect() == 1) == equal


def test_scaled_features_always_have_equal_scales():
    X_long = np.column_stack([X[:, 0], 1e-3 * np.arange(6.0) ** 2])
    table = Dataset.of(X_long, 1e4 * X[:, 0] + np.arange(6.0) % 2).scaled("standard")
    history = fit(table, fixed_intercept="ols", theta0=[0, 0, 0], learning_rate="gentle")
    assert np.divide(*np.abs(history.optimum[1:])) > 1000
    assert contour(history).still().axes[1].get_aspect() == 1


def test_a_path_that_leaves_has_an_arrow_and_its_cost_at_the_edge():
    history = held(learning_rate=0.05, theta0=[0, 0, 0], epochs=200)
    assert history.diverged
    scene = contour(history)
    figure = scene.still(0)
    assert not [text for text in figure.axes[1].texts if text.get_text().startswith("cost ")]
    axes = scene.still(9).axes[1]
    (plate,) = (text for text in axes.texts if text.get_text().startswith("cost "))
    assert plate.get_text() == f"cost {compact(float(history.cost[9]))}"
    tip = axes.lines[-1]
    x, y = tip.get_xydata()[0]
    assert min(abs(x), abs(1 - x), abs(y), abs(1 - y)) < 1e-6
    span = np.ptp(axes.get_xlim())
    assert span < 9 * np.abs(history.theta[0] - history.optimum)[1]
    # The arrow points to where the record is, beyond the edge.
    ahead = axes.transData.transform(history.weights[9]) - axes.transData.transform(
        history.weights[8]
    )
    marker = tip._marker.get_transform()
    head = np.diff(marker.transform([[-1, 0], [0, 0]]), axis=0)[0]
    assert head @ ahead == pytest.approx(np.hypot(*head) * np.hypot(*ahead))


def test_sixty_oscillations_are_not_a_blob():
    history = held(learning_rate=0.0375, epochs=300)
    axes = contour(history).still(60).axes[1]
    faint, halo, path, _ = axes.lines[-4:]
    np.testing.assert_array_equal(faint.get_xydata()[0], history.weights[0])
    assert faint.get_alpha() < 0.7
    assert faint.get_linewidth() < path.get_linewidth()
    np.testing.assert_array_equal(path.get_xydata(), history.weights[57:61])
    np.testing.assert_array_equal(halo.get_xydata(), path.get_xydata())


def test_a_plate_does_not_cover_the_arrow_it_belongs_to():
    history = held(learning_rate=0.05, theta0=[0, 0, 0], epochs=200)
    for epoch in (9, 10):
        figure = contour(history).still(epoch)
        figure.canvas.draw()
        axes = figure.axes[1]
        (plate,) = (text for text in axes.texts if text.get_text().startswith("cost "))
        tip = axes.lines[-1]
        head = tip._marker.get_path().transformed(tip._marker.get_transform()).vertices
        head = head * tip.get_markersize() * figure.dpi / 72 + axes.transAxes.transform(
            tip.get_xydata()[0]
        )
        box = plate.get_bbox_patch().get_window_extent()
        assert not box.overlaps(Bbox([head.min(axis=0), head.max(axis=0)]))


@pytest.mark.parametrize("kind", [contour, surface])
def test_the_dots_of_small_steps_do_not_paint_each_other_out(kind):
    axes = kind(held(learning_rate=0.03, epochs=50)).still(50).axes[1]
    steps = [line for line in axes.lines if line.get_marker() == "o"]
    longest = max(steps, key=lambda line: len(getattr(line, "get_data_3d", line.get_data)()[0]))
    assert longest.get_markeredgewidth() == 0


def test_where_there_is_no_optimum_no_star_is_drawn_but_an_arrow_the_way_the_cost_falls():
    history = separable()
    assert not history.best.exists
    axes = contour(history).still().axes[1]
    assert "*" not in [line.get_marker() for line in axes.lines]
    (arrow,) = (text for text in axes.texts if isinstance(text, Annotation))
    way = np.subtract(arrow.xy, arrow.xyann)
    falls = history.best.falls[1:]
    assert way @ falls == pytest.approx(np.hypot(*way) * np.hypot(*falls))
    assert "the cost falls for ever this way    ○ start" in axes.get_title("right")
    assert "☆" not in axes.get_title("right")


def test_what_is_held_is_said_with_its_value_or_how_many():
    X4 = np.column_stack([X, X[:, 0] ** 2, X[:, 1] ** 3])
    for fixed, said in (
        ({"x1": 5012.25, "x2": 0, "x3": 0}, "3 weights held"),
        ({"intercept": 5012.25, "x2": 0, "x3": 0}, "intercept and 2 weights held"),
    ):
        history = descent(X4, fixed=fixed, learning_rate="auto", epochs=5)
        assert contour(history).still().axes[1].get_title("right").endswith(said)
    history = descent(X4[:, :2], fixed={"x0": 5012.25}, learning_rate="auto", epochs=5)
    title = contour(history).still().axes[1].get_title("right")
    assert "weight of x0 held at 5,012.25" in title.replace("\n", "    ")


@pytest.mark.parametrize("kind", [contour, surface])
@pytest.mark.parametrize("size", [(3, 5), (4, 4), (9, 4)])
def test_the_legend_stays_in_its_panel(kind, size):
    X4 = np.column_stack([X, X[:, 0] ** 2, X[:, 1] ** 3])
    fixed = {"intercept": -123456.7, "x2": 0, "x3": 0}
    figure = kind(descent(X4, fixed=fixed, learning_rate="auto", epochs=5)).still(size=size)
    figure.canvas.draw()
    (legend,) = (t for t in figure.findobj(Text) if "○ start" in t.get_text())
    box = legend.get_window_extent()
    assert box.x0 >= -1
    assert box.x1 <= figure.bbox.width + 1


@pytest.mark.parametrize("history", [lambda: held(), lambda: held(y=1e5 + 10 * X[:, 0] ** 2)])
def test_labels_stand_out_from_the_ground_they_are_on(history):
    filled, lines = sets(contour(history()).still())
    fills = filled.get_facecolor()
    below = dict(zip(lines.levels, pairwise(fills), strict=True))
    level_of = dict(zip(Compact().format_ticks(lines.levels), lines.levels, strict=True))
    for label in lines.labelTexts:
        level = level_of[label.get_text().strip()]
        light = luminance(np.array([*below[level], to_rgba(label.get_color())]))
        pairs = (np.maximum(light[:2], light[2]) + 0.05) / (np.minimum(light[:2], light[2]) + 0.05)
        assert pairs.min() > 3  # a label stands on its line, between two grounds
        assert pairs.max() > 4.5


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


@pytest.mark.parametrize("panels", [(contour, surface), (surface, contour)])
def test_beside_a_surface_the_legend_is_written_once(panels):
    history = held()
    first, second = (draw(history) for draw in panels)
    written = texts((first | second).still())
    assert sum("○ start" in text for text in written) == 1
    assert sum("intercept held" in text for text in written) == 1
    assert sum("○ start" in text for text in texts((first / second).still())) == 1
