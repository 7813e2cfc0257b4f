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


@pytest.mark.parametrize("epoch", [0, 5, 30])
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


def test_a_loss_without_labels_is_refused():
    with pytest.raises(ValueError, match="--loss cross-entropy"):
        boundary(gdviz.fit(X, LABELS, epochs=1))
