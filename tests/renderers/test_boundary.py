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
from gdviz.renderers.tints import TINTS, Tints
from gdviz.views.boundary import boundary_of
from gdviz.views.zones import zones

rng = np.random.default_rng(0)
X = rng.normal(size=(60, 2)) * [3, 10] + [5, 40]
LABELS = np.where((X - [5, 40]) @ [0.6, -0.25] + rng.logistic(size=60) > 0, 7.0, 2.0)


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
def test_lines_shades_and_rings_are_those_of_the_view(history, epoch):
    axes, view = boundary(history).still(epoch).axes[1], boundary_of(history)
    frame = view.at(epoch)
    np.testing.assert_array_equal(halfway(axes).get_data(), frame.line)
    (outer,) = (line for line in axes.get_lines() if line.get_linestyle() == "--")
    first, second = np.split(np.transpose(outer.get_data()), [3])
    np.testing.assert_array_equal([first[:2].T, second.T], frame.outer)
    assert np.isnan(first[2]).all()  # the pen is lifted
    for shown, expected in zip(tinted(axes), frame.zones, strict=True):
        np.testing.assert_array_equal(shown, expected)
    (rings,) = (line for line in axes.get_lines() if line.get_markerfacecolor() == "none")
    np.testing.assert_array_equal(rings.get_xydata(), view.X[frame.wrong])
    assert (*axes.get_xlim(), *axes.get_ylim()) == tuple(view.corners.T.ravel())


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


def tinted(axes):
    """The polygons of each tint."""
    (tints,) = (artist for artist in axes.get_children() if isinstance(artist, Tints))
    return tints.areas


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


def test_at_zero_nothing_is_likelier_and_no_point_is_on_the_wrong_side():
    table = gdviz.Dataset.of(X, LABELS).scaled("standard")
    start = gdviz.fit(table, loss="cross-entropy", epochs=3, theta0=[0, 0, 0])
    axes = boundary(start).still(0).axes[1]
    assert not any(map(len, tinted(axes)))
    assert not len(axes.get_lines()[-1].get_xdata())
    assert not axes.texts
    assert any(map(len, tinted(boundary(start).still(1).axes[1])))


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
def test_over_two_of_many_features_their_names_are_at_the_axes(of_three, draw):
    axes = draw(of_three, vary=("height", "hours")).still().axes[1]
    assert axes.get_title("right").endswith("other features at their means")
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("height (scaled)", "hours (scaled)")
    shown = np.concatenate([line.get_xdata() for line in axes.get_lines()[:2]])
    np.testing.assert_array_equal(np.sort(shown), np.sort(of_three.dataset.X[:, 2]))


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


def test_a_loss_without_labels_is_refused():
    with pytest.raises(ValueError, match=r'loss="cross-entropy"\), or draw plane\(history\)'):
        boundary(gdviz.fit(X, LABELS, epochs=1))
