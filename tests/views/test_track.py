"""The path of a run over a slice: what is drawn of it at an epoch, and where it left."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from gdviz.views.cost_slice import slice_of
from gdviz.views.numbers import compact

from ..conftest import X, Y, held


def track_of(*histories, **options):
    runs = {str(i): history for i, history in enumerate(histories)}
    return slice_of(runs, "contour", size=5, **options).tracks[-1]


def wild():
    return held(learning_rate=0.05, theta0=[0, 0, 0], epochs=200)


@pytest.mark.parametrize("epoch", [0, 1, 50, 400])
def test_what_is_drawn_leads_from_the_start_to_the_record_through_records(article, epoch):
    track = track_of(article)
    line = track.latest(epoch)
    assert_array_equal(line, track.whole(epoch))
    assert_array_equal(line[[0, -1]], article.weights[[0, epoch]])
    assert {tuple(point) for point in line} <= {tuple(point) for point in article.weights}


def test_between_two_records_it_is_on_the_straight_line(article):
    track = track_of(article)
    assert_allclose(track.tip(3.25), 0.75 * article.weights[3] + 0.25 * article.weights[4])
    assert_array_equal(track.latest(3.25)[-1], track.tip(3.25))
    assert_array_equal(track.whole(3.25)[-1], article.weights[3])


def test_of_sixty_oscillations_the_last_records_are_drawn_as_they_are():
    history = held(learning_rate=0.0375, epochs=300)
    track = track_of(history)
    assert track.swings
    assert track.since(60) == 57
    assert_array_equal(track.latest(60), history.weights[57:61])
    assert len(track.whole(60)) > 50


def test_a_path_of_batches_that_jitters_at_its_end_is_drawn_as_any_other():
    y = Y + np.random.default_rng(0).normal(0, 0.3, 6)
    history = held(y=1 + X @ [2.0, -3.0] + 0.05 * y, batch_size=2, learning_rate=0.005)
    assert not track_of(history).swings
    noisy = np.random.default_rng(0).normal(size=(400, 2))
    y = noisy @ [3.0, 2.0] + np.random.default_rng(1).normal(0, 3, 400)
    history = held(noisy, y, batch_size=32, learning_rate=0.05, epochs=60)
    assert not track_of(history).swings


def test_beside_a_plane_its_height_is_the_cost_on_the_plane(moving):
    track = track_of(moving, through=((1, 0, 0), (0, 1, 0)))
    theta = track.plane.theta(track.path)
    assert_allclose(track.height, moving.objective.cost(theta))
    assert np.abs(track.height[0] - moving.cost[0]) > 0.01 * moving.cost[0]
    assert_array_equal(track_of(held()).height, held().cost)


@pytest.mark.parametrize(("epochs", "few"), [(59, True), (60, False)])
def test_few_steps_can_be_seen_one_by_one(epochs, few):
    assert track_of(held(epochs=epochs)).few == few


def test_where_it_left_there_is_a_short_way_out_to_the_edge_and_its_cost():
    history = wild()
    track = track_of(history)
    assert track.leaving(0, 0.01) is None
    near, edge = track.leaving(9, 0.01)
    low, high = np.transpose(track.ranges)
    assert np.min(np.minimum(np.abs(edge - low), np.abs(high - edge)) / (high - low)) < 1e-12
    assert ((near > low) & (near < high)).all()
    assert np.max(np.abs(edge - near) / (high - low)) == pytest.approx(0.01)
    way, out = edge - near, history.weights[9] - history.weights[8]
    assert way @ out == pytest.approx(np.hypot(*way) * np.hypot(*out))
    assert track.cost_words(9) == f"cost {compact(float(history.cost[9]))}"


def test_beside_others_it_ends_where_it_leaves_and_its_cost_is_not_told():
    track = track_of(held(theta0=[0, 0, 0]), wild())
    last = len(track.path) - 1
    gone = track.record_at(last)
    low, high = np.transpose(track.ranges)
    seen = ((track.path >= low) & (track.path <= high)).all(axis=1)
    assert 0 < gone < last
    assert seen[gone - 1]
    assert not seen[gone:].any()
    assert track.share_at(gone + 0.5) == 0
    assert track.cost_words(last) == ""
    assert track_of(wild()).record_at(last) == last
