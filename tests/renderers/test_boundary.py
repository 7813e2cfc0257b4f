"""The line between two classes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

import gdviz
from gdviz.renderers import boundary, contour, plane
from gdviz.renderers.boundary import way_to_line
from gdviz.renderers.tints import TINTS, Tints, zone, zones
from gdviz.views.projection import at_means

rng = np.random.default_rng(0)
X = rng.normal(size=(60, 2)) * [3, 10] + [5, 40]
LABELS = np.where((X - [5, 40]) @ [0.6, -0.25] + rng.logistic(size=60) > 0, 7.0, 2.0)


def test_what_is_held_is_said():
    table = gdviz.Dataset.of(X, LABELS).scaled("standard")
    history = gdviz.fit(table, loss="cross-entropy", epochs=3, fixed_intercept=0.25)
    title = boundary(history).still().axes[1].get_title("right")
    assert title.replace("\n", "    ").endswith("P(●) = 0.1, 0.9    intercept held at 0.25")


def test_its_axes_are_as_high_as_those_of_the_contour_beside_it():
    table = gdviz.Dataset.of(X, LABELS).scaled("standard")
    history = gdviz.fit(table, loss="cross-entropy", epochs=3, fixed_intercept="ols")
    _, left, right = (contour(history) | boundary(history)).still().axes
    assert right.get_title("right").count("\n") <= left.get_title("right").count("\n")


@pytest.fixture(scope="module")
def history():
    table = gdviz.Dataset.of(X, LABELS, feature_names=["hours", "age"], target_name="passed")
    return gdviz.fit(table.scaled("standard"), loss="cross-entropy", epochs=30)


def test_every_point_is_drawn_in_the_colour_of_its_label(history):
    larger, smaller = boundary(history).still().axes[1].get_lines()[:2]
    assert len(larger.get_xdata()) == (LABELS == 7).sum()
    assert len(smaller.get_xdata()) == (LABELS == 2).sum()
    assert larger.get_color() != smaller.get_color()
    assert larger.get_marker() != smaller.get_marker()


@pytest.mark.parametrize("epoch", [1, 5, 30])
def test_the_line_is_where_both_labels_are_as_likely(history, epoch):
    line = halfway(boundary(history).still(epoch).axes[1])
    theta = history.theta[epoch]
    np.testing.assert_allclose(theta[0] + np.transpose(line.get_data()) @ theta[1:], 0, atol=1e-9)


@pytest.mark.parametrize("epoch", [1, 5, 30])
def test_misclassified_points_are_ringed(history, epoch):
    rings = boundary(history).still(epoch).axes[1].get_lines()[-1]
    predicted = np.where(history.predict(X, epoch) > 0, 7.0, 2.0)
    assert len(rings.get_xdata()) == (predicted != LABELS).sum()


def test_plane_of_two_classes_is_the_boundary(history):
    titles = [axes.get_title("right") for axes in plane(history).still().axes]
    assert any(
        title.startswith("● passed 7    ▲ 2    ○ misclassified    ┄ P(●) = 0.1, 0.9")
        for title in titles
    )


def halfway(axes):
    """The line on which both labels are as likely."""
    (line,) = (line for line in axes.get_lines()[2:] if line.get_linestyle() == "-")
    return line


@pytest.mark.parametrize("epoch", [1, 30])
def test_lines_run_where_the_larger_label_is_likely_by_a_tenth_and_by_nine(history, epoch):
    axes = boundary(history).still(epoch).axes[1]
    theta = history.theta[epoch]
    (line,) = (line for line in axes.get_lines() if line.get_linestyle() == "--")
    z = theta[0] + np.transpose(line.get_data()) @ theta[1:]
    np.testing.assert_allclose(1 / (1 + np.exp(-z)), [0.1, 0.1, np.nan, 0.9, 0.9])


@pytest.mark.parametrize("epoch", [1, 30])
def test_shades_tell_how_likely_each_label_is(history, epoch):
    axes = boundary(history).still(epoch).axes[1]
    shown = tinted(axes)
    theta = history.theta[epoch]
    for corners, low in zip(shown, [0, 0.1, 0.5, 0.9], strict=True):
        if len(corners):
            p = 1 / (1 + np.exp(-theta[0] - corners.mean(axis=0) @ theta[1:]))
            assert low <= p <= low + (0.4 if 0 < low < 0.9 else 0.1)
    assert sum(map(area, shown)) == pytest.approx(np.ptp(axes.get_xlim()) * np.ptp(axes.get_ylim()))


def tinted(axes):
    """The polygons of each tint."""
    (tints,) = (artist for artist in axes.get_children() if isinstance(artist, Tints))
    return tints.areas


def area(corners):
    if not len(corners):
        return 0.0
    x, y = corners.T
    return abs(x @ np.roll(y, 1) - y @ np.roll(x, 1)) / 2


@given(theta=st.tuples(*[st.floats(-5, 5)] * 3).map(np.array))
def test_tints_are_drawn_as_matplotlib_fills_polygons(theta):
    figure = Figure((2, 1.7))
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.1, 0.13, 0.83, 0.77), xlim=(-1, 4), ylim=(2, 5))
    axes.set_axis_off()
    shown = zones(theta, np.array([[-1.0, 2.0], [4.0, 5.0]]))
    tints = axes.add_artist(Tints(shown))
    figure.canvas.draw()
    ours = np.array(figure.canvas.buffer_rgba())
    tints.remove()
    kept = [(corners, tint) for corners, tint in zip(shown, TINTS, strict=True) if len(corners)]
    areas, colors = zip(*kept, strict=True) if kept else ((), ())
    axes.add_collection(PolyCollection(areas, facecolors=colors, linewidths=0), autolim=False)
    figure.canvas.draw()
    np.testing.assert_array_equal(ours, np.asarray(figure.canvas.buffer_rgba()))


@given(
    theta=st.tuples(*[st.floats(-5, 5)] * 3).map(np.array),
    low=st.floats(-3, 3),
    more=st.floats(0.01, 3),
)
def test_a_zone_holds_what_is_between_and_nothing_else(theta, low, more):
    corners = np.array([[-1.0, 2.0], [4.0, 5.0]])
    found = zone(theta, corners, low, low + more)
    u, v = np.meshgrid(np.linspace(-1, 4, 400), np.linspace(2, 5, 400))
    z = theta[0] + theta[1] * u + theta[2] * v
    share = ((z > low) & (z < low + more)).mean()
    size = area(found) / 15
    assert size == pytest.approx(share, abs=0.02)
    if len(found):
        z = theta[0] + found @ theta[1:]
        assert z.min() >= low - 1e-9
        assert z.max() <= low + more + 1e-9


def test_at_zero_nothing_is_likelier_and_no_point_is_on_the_wrong_side():
    table = gdviz.Dataset.of(X, LABELS).scaled("standard")
    start = gdviz.fit(table, loss="cross-entropy", epochs=3, theta0=[0, 0, 0])
    axes = boundary(start).still(0).axes[1]
    assert not any(map(len, tinted(axes)))
    assert not len(axes.get_lines()[-1].get_xdata())
    assert not axes.texts
    assert any(map(len, tinted(boundary(start).still(1).axes[1])))


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
    corners = np.array([[-1.0, 2.0], [4.0, 5.0]])
    start, end = way_to_line(np.array(theta, dtype=float), corners)
    np.testing.assert_allclose(start, [1.5, 3.5])
    np.testing.assert_allclose(end, edge)
    z = [theta[0] + point @ np.array(theta[1:]) for point in (start, end)]
    assert abs(z[1]) < abs(z[0])


@pytest.mark.parametrize("theta", [[-4, 1, 0.5], [0, 1, 0], [5, 0, 0], [0, 0, 0]])
def test_a_line_that_is_inside_or_nowhere_is_not_pointed_at(theta):
    corners = np.array([[-1.0, 2.0], [4.0, 5.0]])
    assert way_to_line(np.array(theta, dtype=float), corners) is None


@pytest.mark.parametrize("start", [-50, 50])
def test_boundary_this_way_is_said_where_it_is_outside(start):
    table = gdviz.Dataset.of(X, LABELS).scaled("standard")
    history = gdviz.fit(table, loss="cross-entropy", epochs=200, theta0=[start, 1, 1])
    axes = boundary(history).still(0).axes[1]
    assert [text.get_text() for text in axes.texts] == ["boundary this way"]
    box = axes.texts[0].get_window_extent()
    assert axes.bbox.x0 < box.x0
    assert box.x1 < axes.bbox.x1
    at = np.array([box.x0 + box.x1, box.y0 + box.y1]) / 2
    assert (np.sign(at - np.mean(axes.bbox, axis=0)) == -np.sign(start)).all()
    plain = gdviz.fit(table, loss="cross-entropy", epochs=5)
    assert not boundary(plain).still().axes[1].texts


def test_labels_have_their_names():
    table = gdviz.Dataset.of(X, LABELS, target_name="species").scaled("standard")
    table = replace(table, label_names=("setosa", "versi\ncolor"))
    history = gdviz.fit(table, loss="cross-entropy", epochs=3)
    title = boundary(history).still().axes[1].get_title("right")
    assert title.startswith("● versi color    ▲ setosa    ○ misclassified")


def test_of_many_points_a_thousand_are_drawn_by_lot_and_that_is_said():
    many = np.tile(X, (50, 1)) + rng.normal(size=(3000, 2))
    table = gdviz.Dataset.of(many, np.tile(LABELS, 50)).scaled("standard")
    axes = boundary(gdviz.fit(table, loss="cross-entropy", epochs=3)).still().axes[1]
    shown = [line.get_xdata() for line in axes.get_lines()[:2]]
    assert sum(map(len, shown)) == 1000
    assert "1,000 of 3,000 points drawn" in axes.get_title("right")
    every_third = np.sort(np.concatenate(shown))
    assert not np.isin(every_third, table.X[::3, 0]).all()


X3 = np.column_stack([X, np.random.default_rng(1).normal(7, 2, 60)])


@pytest.mark.parametrize(("rows", "size"), [(60, 7), (150, 7), (294, 5), (3000, 4)])
def test_many_points_and_their_rings_are_small(rows, size):
    table = gdviz.Dataset.of(np.resize(X, (rows, 2)), np.resize(LABELS, rows)).scaled("standard")
    axes = boundary(gdviz.fit(table, loss="cross-entropy", epochs=3)).still().axes[1]
    dots, _, *_, rings = axes.get_lines()
    scale = axes.xaxis.label.get_fontsize() / 10
    assert dots.get_markersize() == pytest.approx(size * scale)
    assert rings.get_markersize() == pytest.approx((size + 3.5) * scale)
    assert rings.get_markeredgewidth() < rings.get_markersize() / 8


@pytest.fixture(scope="module")
def of_three():
    table = gdviz.Dataset.of(X3, LABELS, feature_names=["hours", "age", "height"])
    return gdviz.fit(table.scaled("minmax"), loss="cross-entropy", epochs=30)


@pytest.mark.parametrize("draw", [boundary, plane])
def test_over_two_of_many_features_the_others_are_at_their_means_and_that_is_said(of_three, draw):
    axes = draw(of_three, vary=("height", "hours")).still().axes[1]
    assert axes.get_title("right").endswith("other features at their means")
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("height (scaled)", "hours (scaled)")
    height, hours = halfway(axes).get_data()
    rows = np.column_stack([hours, np.full(2, of_three.dataset.X[:, 1].mean()), height])
    theta = of_three.theta[-1]
    np.testing.assert_allclose(theta[0] + rows @ theta[1:], 0, atol=1e-9)
    shown = np.concatenate([line.get_xdata() for line in axes.get_lines()[:2]])
    np.testing.assert_array_equal(np.sort(shown), np.sort(of_three.dataset.X[:, 2]))


@pytest.mark.parametrize("epoch", [10, 30])
def test_of_many_features_those_are_ringed_that_the_whole_model_misclassifies(of_three, epoch):
    axes = boundary(of_three, vary=("height", "age")).still(epoch).axes[1]
    predicted = np.where(of_three.predict(X3, epoch) > 0, 7.0, 2.0)
    height_and_age = of_three.dataset.X[:, [2, 1]]
    (rings,) = (line for line in axes.get_lines() if line.get_markerfacecolor() == "none")
    np.testing.assert_array_equal(rings.get_xydata(), height_and_age[predicted != LABELS])
    # The line, at the mean of the other feature, would tell otherwise of some points.
    intercept, height, age = at_means(of_three, [2, 1])[epoch]
    above = intercept + height_and_age @ [height, age] > 0
    assert (above != (predicted == 7)).any()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, r'there are 3: choose two, vary=\("hours", "age"\)'),
        ({"vary": ("age", "age")}, "boundary draws two features"),
        ({"vary": ("age", "size")}, "no feature 'size'; the features are hours, age, height"),
        ({"ranges": ((0, 1), (0, 1))}, "ranges are of a plane"),
    ],
)
def test_what_cannot_be_drawn_is_refused(of_three, options, message):
    with pytest.raises(ValueError, match=message):
        plane(of_three, **options)


def test_powers_of_one_feature_are_two_and_of_two_are_too_many():
    one, two = (
        gdviz.fit(gdviz.Dataset.of(x, LABELS).powers(2).scaled("standard"), loss="cross-entropy")
        for x in (X[:, :1], X)
    )
    assert boundary(one).still().axes[1].get_xlabel() == "x0 (scaled)"
    with pytest.raises(ValueError, match=r"which is curved: draw parameters\(history\)"):
        plane(two, vary=("x0", "x1"))


def test_a_loss_without_labels_is_refused():
    with pytest.raises(ValueError, match=r'loss="cross-entropy"\), or draw plane\(history\)'):
        boundary(gdviz.fit(X, LABELS, epochs=1))
