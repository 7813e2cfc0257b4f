"""The line between two classes."""

import numpy as np
import pytest

import gdviz
from gdviz.renderers import boundary, plane

rng = np.random.default_rng(0)
X = rng.normal(size=(60, 2)) * [3, 10] + [5, 40]
LABELS = np.where((X - [5, 40]) @ [0.6, -0.25] + rng.logistic(size=60) > 0, 7.0, 2.0)


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
    line = boundary(history).still(epoch).axes[1].get_lines()[2]
    theta = history.theta[epoch]
    np.testing.assert_allclose(theta[0] + np.transpose(line.get_data()) @ theta[1:], 0, atol=1e-9)


@pytest.mark.parametrize("epoch", [0, 5, 30])
def test_points_on_the_wrong_side_are_ringed(history, epoch):
    rings = boundary(history).still(epoch).axes[1].get_lines()[3]
    predicted = np.where(history.predict(X, epoch) > 0, 7.0, 2.0)
    assert len(rings.get_xdata()) == (predicted != LABELS).sum()


def test_plane_of_two_classes_is_the_boundary(history):
    titles = [axes.get_title("right") for axes in plane(history).still().axes]
    assert "● passed 7    ▲ 2    ○ on the wrong side" in titles


@pytest.fixture(scope="module")
def of_three():
    X3 = np.column_stack([X, rng.normal(7, 2, 60)])
    table = gdviz.Dataset.of(X3, LABELS, feature_names=["hours", "age", "height"])
    return gdviz.fit(table.scaled("minmax"), loss="cross-entropy", epochs=30)


@pytest.mark.parametrize("draw", [boundary, plane])
def test_over_two_of_many_features_the_others_are_at_their_means_and_that_is_said(of_three, draw):
    axes = draw(of_three, vary=("height", "hours")).still().axes[1]
    assert axes.get_title("right").endswith("\nother features at their means")
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("height (scaled)", "hours (scaled)")
    height, hours = axes.get_lines()[2].get_data()
    rows = np.column_stack([hours, np.full(2, of_three.dataset.X[:, 1].mean()), height])
    theta = of_three.theta[-1]
    np.testing.assert_allclose(theta[0] + rows @ theta[1:], 0, atol=1e-9)
    shown = np.concatenate([line.get_xdata() for line in axes.get_lines()[:2]])
    np.testing.assert_array_equal(np.sort(shown), np.sort(of_three.dataset.X[:, 2]))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, r'this history has 3: choose two, vary=\("hours", "age"\)'),
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
    with pytest.raises(ValueError, match=r'loss="cross-entropy", or draw plane\(history\)'):
        boundary(gdviz.fit(X, LABELS, epochs=1))
