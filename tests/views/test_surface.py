"""A slice as a surface that is looked at: what of the paths and marks it hides from an eye."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from gdviz.views.cost_slice import slice_of
from gdviz.views.surface import SurfaceView

from ..conftest import held, separable

ABOVE, LOW = np.array([0.5, 0.5, 30.0]), np.array([0.9, 8.0, 1.2])  # in shares of the box


def seen_from(place, *histories, **options):
    view = slice_of({str(i): h for i, h in enumerate(histories)}, "surface", size=50, **options)
    (left, right), (bottom, top), (low, high) = (*view.ranges, view.heights)
    corner, size = np.array([left, bottom, low]), np.array([right - left, top - bottom, high - low])
    return SurfaceView(view, corner + place * size)


def drawn(points):
    return points[:, np.isfinite(points).all(axis=0)]


@pytest.mark.parametrize("epoch", [0, 1, 50, 400])
def test_the_path_lies_on_the_cost_from_the_start_to_the_epoch(article, epoch):
    (way,) = seen_from(ABOVE, article).ways
    assert_array_equal(way.tip(epoch), [*article.weights[epoch], article.cost[epoch]])
    line = drawn(way.latest(epoch)).T
    theta = np.column_stack([np.full(len(line), article.intercept[0]), line[:, :2]])
    assert_allclose(line[:, 2], article.objective.cost(theta))
    if epoch:
        assert_array_equal(line[0, :2], article.weights[0])


@pytest.mark.parametrize("place", [ABOVE, LOW])
def test_every_piece_of_a_path_is_either_seen_or_hidden(article, place):
    (way,) = seen_from(place, article).ways
    seen, hidden, whole = (
        {*map(tuple, drawn(c.points.T).T)}
        for c in (way.courses.seen, way.courses.hidden, way.courses.whole)
    )
    assert seen | hidden == whole
    assert bool(hidden) == (place is LOW)
    assert len(seen & hidden) < 0.2 * len(whole)  # where one turns into the other


def test_records_that_are_hidden_have_no_peak(article):
    high, low = (seen_from(place, article).ways[0] for place in (ABOVE, LOW))
    assert_array_equal(high.peaks.T, np.column_stack([article.weights, article.cost]))
    gone = np.isnan(low.peaks[0])
    assert 0 < gone.sum() < len(gone)
    assert low.surface.hides(high.peaks.T[gone]).all()


def test_the_very_tip_is_on_the_course_that_it_belongs_to(article):
    for place in (ABOVE, LOW):
        (way,) = seen_from(place, article).ways
        tip = way.tip(2.5)
        assert tip[2] == pytest.approx(way.surface.part.height(tip[:2]))
        behind = way.surface.hides(tip[None])[0]
        assert_array_equal(way.whole(2.5)[:, -1], tip)
        assert_array_equal((way.trodden if behind else way.latest)(2.5)[:, -1], tip)
        other = (way.latest if behind else way.trodden)(2.5)
        assert not other.size or (other[:, -1] != tip).any()


def test_what_swung_long_ago_is_trodden_whether_hidden_or_not():
    (way,) = seen_from(ABOVE, held(learning_rate=0.0375, epochs=300)).ways
    assert_array_equal(way.trodden(60), way.whole(60))
    assert way.latest(60).shape[1] < way.whole(60).shape[1] / 5


def test_marks_lie_on_the_surface_and_those_beyond_are_left_out(article):
    surface = seen_from(LOW, article)
    places = np.vstack([article.weights[:1], article.optimum[None, 1:], [[1e9, 0]]])
    points, hidden = surface.marked(places)
    assert_allclose(points[:, 2], [article.cost[0], article.best.cost])
    assert_array_equal(points[:, :2], places[:2])
    assert hidden.shape == (2,)
    assert not seen_from(ABOVE, article).marked(places)[1].any()


def test_the_way_down_goes_down_to_the_edge():
    surface = seen_from(ABOVE, separable())
    points, last = surface.way_down
    line = drawn(points.T).T
    assert (np.diff(line[:, 2]) < 0).all()
    assert_allclose(line[-1], last[1])
    low, high = np.transpose(surface.part.ranges)
    edge = last[1, :2]
    assert np.min(np.minimum(np.abs(edge - low), np.abs(high - edge)) / (high - low)) < 1e-9


def test_where_a_path_left_the_short_way_out_lies_on_the_surface():
    (way,) = seen_from(ABOVE, held(learning_rate=0.05, theta0=[0, 0, 0], epochs=200)).ways
    assert way.leaving(0, 0.02) is None
    out = way.leaving(9, 0.02)
    assert_array_equal(out[:, :2], way.track.leaving(9, 0.02))
    assert_allclose(out[:, 2], way.surface.part.height(out[:, :2]))
