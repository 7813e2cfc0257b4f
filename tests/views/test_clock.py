"""Which epochs become frames."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gdviz
from gdviz.renderers import contour, parameters
from gdviz.views.clock import (
    _leaves,
    _movement,
    _shared_out,
    clock,
    durations,
    gliding,
    schedule,
    visible,
)

from ..conftest import X, descent, held

movements = st.lists(st.floats(0, 1e6), min_size=1, max_size=300).map(
    lambda steps: np.concatenate([[0.0], np.cumsum(steps)]) / (sum(steps) or 1)
)


@given(movements, st.integers(1, 120))
def test_frames_increase_from_the_first_record_to_the_last_and_are_as_many_as_asked(moved, count):
    picked = _shared_out(moved, count)
    assert len(picked) == min(count, len(moved))
    assert (np.diff(picked) > 0).all()
    assert picked[-1] == len(moved) - 1
    assert picked[0] == 0 or count == 1


@given(movements, st.integers(2, 120))
def test_a_step_carries_no_more_than_its_share_but_for_its_last_record(moved, count):
    picked = _shared_out(moved, count)
    for start, stop in pairwise(picked):
        if stop > start + 1:
            assert moved[stop - 1] - moved[start] <= (1 + 1e-9) / (len(picked) - 1)


def test_a_hundred_frames_by_default_dense_at_first_and_sparse_at_the_end(moving):
    picked = schedule([moving])
    assert len(picked) == 100
    assert list(picked[:5]) == [0, 1, 2, 3, 4]
    assert picked[-1] == 20_000
    assert picked[-1] - picked[-2] > 100


def test_each_frame_brings_a_like_share_of_the_movement(moving):
    for axis in (True, False):
        moved = _movement([moving], axis)
        picked = schedule([moving], epoch_axis=axis)
        shares = np.diff(moved[picked])
        many = np.diff(picked) > 1
        assert shares[many].max() < 2 / 99


def test_movement_grows_from_nothing_to_all(awkward):
    moved = _movement([awkward], True)
    assert moved[0] == 0
    assert moved[-1] == pytest.approx(1)
    assert (np.diff(moved) >= 0).all()


@pytest.mark.parametrize(
    ("slices", "epochs", "frames"),
    [
        ("0:50,50:100:5,100:400:25", 400, 72),
        ("0:50,50:100:5,100:1000:50,1000:20000:500", 20_000, 116),
        ("0:50,50:100:5,100:12000:200", 12_000, 120),
    ],
)
def test_the_articles_slices(slices, epochs, frames):
    picked = schedule([descent(epochs=epochs)], slices)
    assert len(picked) == frames
    assert list(picked[48:53]) == [48, 49, 50, 55, 60]


def test_slices_are_what_python_makes_of_them(article):
    assert list(schedule([article], "5")) == list(schedule([article], 5))
    assert list(schedule([article], "395:")) == [395, 396, 397, 398, 399, 400]
    assert list(schedule([article], ":3, 9:5000:200")) == [0, 1, 2, 9, 209]


def test_epochs_themselves(article):
    assert list(schedule([article], [0, 7, 400])) == [0, 7, 400]
    assert list(schedule([article], [-1])) == [400]
    assert list(schedule([article], np.array([3, 4]))) == [3, 4]


def test_slices_pick_the_epochs_that_were_recorded(article):
    rows = slice(0, None, 10)
    thin = replace(
        article, theta=article.theta[rows], cost=article.cost[rows], epoch=article.epoch[rows]
    )
    assert list(schedule([thin], "0:50")) == [0, 10, 20, 30, 40]
    assert list(schedule([thin], [20])) == [20]


@pytest.mark.parametrize("rows", [1, 2])
def test_a_record_or_two(article, rows):
    short = replace(article, **{k: getattr(article, k)[:rows] for k in ("theta", "cost", "epoch")})
    assert list(schedule([short])) == list(range(rows))
    assert list(schedule([short], 1)) == [rows - 1]


def test_a_descent_that_does_not_move_has_its_first_and_last_epoch():
    still = held(theta0=held().optimum)
    picked = schedule([still], 10)
    assert (picked[0], picked[-1], len(picked)) == (0, 400, 10)


@pytest.mark.parametrize(
    ("frames", "message"),
    [
        (0, "frames must be at least 1, not 0"),
        (-3, "frames must be at least 1, not -3"),
        ("0", "frames must be at least 1, not 0"),
        ("fast", 'frames "fast" are neither a count nor slices such as 0:50,50:100:5'),
        ("0:50:0", "neither a count nor slices"),
        ("0:50,,", "neither a count nor slices"),
        ("²", "neither a count nor slices"),
        ("500:600", 'frames "500:600" pick no epoch; the last one recorded is 400'),
        ([], "no frames: the list of epochs is empty"),
        ([401], "epoch 401 was not recorded; the last is 400"),
    ],
)
def test_what_is_not_frames_is_refused(article, frames, message):
    with pytest.raises(ValueError, match=message):
        schedule([article], frames)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50))
def test_a_thinned_path_keeps_its_ends_and_strays_by_no_pixel(values):
    points = np.array(values)[:, None]
    span = np.array([np.ptp(points) or 1])
    kept = visible(points, span, pixels=10)
    assert kept[0] == 0
    assert kept[-1] == len(points) - 1
    nearest = kept[np.searchsorted(kept, np.arange(len(points)), side="right") - 1]
    assert (np.abs(points - points[nearest]) <= span / 10 * 1.001).all()


def test_no_frame_is_spent_on_epochs_that_only_an_epoch_axis_shows():
    X, y = np.array([[1.0, -2], [2, 1], [4, 1], [5, -3]]), np.array([14.0, -12, -31, -21])
    history = gdviz.fit(X, y, fixed_intercept="ols", epochs=20_000, learning_rate=0.001)
    span = np.ptp(history.weights, axis=0)
    for scene, most in ((contour(history), 5), (parameters(history), 60)):
        picked = schedule([history], epoch_axis=scene.epoch_axis)
        steps = np.abs(np.diff(history.weights[picked], axis=0) / span).max(axis=1)
        assert (steps < 1e-3).sum() <= most


@pytest.mark.parametrize("frames", [1.5, None, True, 5.0])
def test_frames_of_another_kind_are_refused(moving, frames):
    with pytest.raises(ValueError, match=f"whole number, slices .* or epochs .*, not {frames}"):
        schedule([moving], frames)


@pytest.mark.parametrize("epoch", [1.5, np.nan, np.inf, "a", None])
def test_epochs_are_whole_numbers(moving, epoch):
    with pytest.raises(ValueError, match=f"frames: {epoch!r} is no epoch"):
        schedule([moving], [0, epoch])
    assert list(schedule([moving], np.array([0.0, 1.0, 5.0]))) == [0, 1, 5]


@given(movements.filter(lambda moved: len(moved) > 1))
def test_the_start_stays_a_while_and_no_film_moves_for_less_than_four_seconds(moved):
    first, *others = seconds = durations(moved)
    assert len(seconds) == len(moved)
    assert first == 0.8
    assert sum(others) >= 4 - 1e-9
    assert min(others) >= 0.05
    np.testing.assert_allclose(seconds, np.round(seconds, 2), atol=1e-12)


@given(movements.filter(lambda moved: 1 < len(moved) <= 100))
def test_what_moves_farther_stays_longer_up_to_eight_times(moved):
    seconds, steps = durations(moved)[1:], np.diff(moved)
    shortest = min(seconds)
    shares = np.clip(np.round(steps * len(steps)), 1, 8)
    times = np.round(np.array(seconds) / shortest, 6)
    np.testing.assert_array_equal(times, shares / shares.min())


def test_a_hundred_even_frames_take_five_seconds_as_ever():
    assert durations(np.linspace(0, 1, 101))[1:] == [0.05] * 100


def test_a_single_frame_has_its_second():
    assert durations(np.zeros(1)) == [0.8]


def test_the_first_step_of_the_articles_plane_is_shown_as_long_as_it_is_far():
    history = descent(theta0=[-1, 3, 3], learning_rate="auto", epochs=1000)
    records, _, seconds = clock([history], None, None, epoch_axis=False)
    jump = _movement([history], False)[int(records[1])]
    assert jump > 0.2
    assert seconds[:2] == [0.8, 0.4]


@pytest.mark.parametrize("given", [{"frames": 100}, {"fps": 20}, {"frames": "0:9", "fps": 5}])
def test_who_gives_frames_or_fps_has_the_same_pace_throughout(moving, given):
    frames, fps = given.get("frames"), given.get("fps")
    records, rate, seconds = clock([moving], frames, fps, epoch_axis=False)
    assert seconds is None
    assert rate == (fps or 20)
    wanted = schedule([moving], frames or 100, epoch_axis=False)
    np.testing.assert_array_equal(records, wanted)


@pytest.mark.parametrize("epochs", [1, 2, 10, 60])
def test_each_step_of_a_short_path_has_its_frame(epochs):
    history = held(epochs=epochs)
    frames = clock([history], None, None, epoch_axis=False).epochs.tolist()
    assert {*range(epochs + 1)} <= {*frames}


@given(
    st.lists(st.integers(1, 50), min_size=1, max_size=59),
    st.lists(st.floats(0.05, 2), min_size=59, max_size=59),
)
def test_a_film_that_glides_has_6_to_12_frames_from_each_epoch_to_the_next(steps, long):
    epochs = np.cumsum([0, *steps])
    frames, fps, seconds = gliding(epochs, [0.8, *long[: len(steps)]])
    assert (frames[0], seconds[0]) == (0, 0.8)
    assert len(frames) == len(seconds)
    places = np.searchsorted(frames, epochs)
    np.testing.assert_array_equal(frames[places], epochs)
    assert set(np.diff(places)) <= {*range(6, 13)}
    assert (np.diff(frames) > 0).all()
    for start, stop, second in zip(places, places[1:], long, strict=False):
        np.testing.assert_allclose(np.diff(frames[start : stop + 1], 2), 0, atol=1e-12)
        assert sum(seconds[start + 1 : stop + 1]) >= second - 1e-9
    assert min(seconds) >= 0.04
    assert fps == pytest.approx(1 / min(seconds))


@pytest.mark.parametrize(("epochs", "glides"), [(59, True), (60, False)])
def test_films_of_up_to_60_records_glide_if_nobody_asks_for_frames(epochs, glides):
    history = held(epochs=epochs)
    frames = clock([history], None, None, epoch_axis=False).epochs
    assert (len(frames) > len(history.epoch)) == glides
    for wanted in ({"frames": 100, "fps": None}, {"frames": None, "fps": 20}):
        asked = clock([history], **wanted, epoch_axis=False).epochs
        assert asked.tolist() == [*range(epochs + 1)]


def test_a_descent_that_diverges_shows_how_it_leaves_the_picture():
    history = held(learning_rate=2.004 / np.linalg.eigvalsh(2 * X.T @ X / 6)[-1], epochs=200_000)
    assert history.diverged
    reach = 3 * np.abs(history.theta[0] - history.optimum)[1:]
    inside = (np.abs(history.weights - history.optimum[1:]) <= reach).all(axis=1)
    left = int(np.argmin(inside))
    assert 100 < left < 1500
    records = clock([history], None, None, epoch_axis=False).epochs
    assert (records <= left).sum() >= len(records) - 5


@pytest.mark.parametrize(
    ("distances", "record"),
    [
        ([[1, 5], [3, 15], [3, 16], [0, 0]], 2),  # three times as far is still seen
        ([[2, 0], [-1, 99], [0, 0]], 2),  # what starts at its optimum has no such bound
        ([[1, 1], [2, 2], [3, 3]], 2),
    ],
)
def test_a_path_has_left_at_more_than_three_times_its_starts_distance(distances, record):
    assert _leaves(np.array(distances, dtype=float)) == record


# Several descents ------------------------------------------------------------------------------


def run(steps, every=1):
    """A descent that moves by such steps of both weights, recorded every so many epochs."""
    path = np.cumsum([[0, 0, 0], *([0, step, step] for step in steps)], axis=0)
    data = gdviz.Dataset.of(X, X @ [3.0, -2])
    epoch = every * np.arange(len(path))
    return gdviz.History.from_arrays(path, dataset=data, epoch=epoch)


walks = st.lists(st.floats(-10, 10), min_size=1, max_size=40)
several = st.lists(st.builds(run, walks, st.integers(1, 7)), min_size=2, max_size=5)


@given(several)
def test_several_move_from_nothing_to_all_at_the_epochs_of_all(histories):
    moved = _movement(histories, epoch_axis=False)
    assert len(moved) == len(set(np.concatenate([h.epoch for h in histories]).tolist()))
    assert moved[0] == 0
    assert (np.diff(moved) >= 0).all()
    still = all(np.ptp(h.theta) == 0 for h in histories)
    assert moved[-1] == pytest.approx(0 if still else 1)


@given(several, st.integers(2, 60))
def test_frames_of_several_are_recorded_epochs_from_the_first_to_the_last(histories, count):
    recorded = sorted({int(epoch) for h in histories for epoch in h.epoch})
    picked = schedule(histories, count).tolist()
    assert picked == sorted(set(picked))
    assert set(picked) <= set(recorded)
    assert (picked[0], picked[-1]) == (0, recorded[-1])
    assert len(picked) == min(count, len(recorded))


@given(several)
def test_one_clock_does_not_depend_on_the_order_of_the_descents(histories):
    forth, back = (
        clock(runs, None, None, epoch_axis=True) for runs in (histories, histories[::-1])
    )
    np.testing.assert_array_equal(forth.epochs, back.epochs)
    assert forth.seconds == back.seconds


@given(st.builds(run, walks, st.integers(1, 7)))
def test_the_same_descent_twice_has_the_clock_of_one(history):
    for axis in (True, False):
        once, twice = (_movement(runs, axis) for runs in ([history], [history, history]))
        np.testing.assert_array_equal(once, twice)


def test_the_largest_movement_of_any_is_shared_out():
    # The first moves in its first half, the second in its second: each has half of the frames.
    first, second = run([1] * 50 + [0] * 50), run([0] * 50 + [1] * 50)
    picked = schedule([first, second], 21, epoch_axis=False)
    assert (picked <= 50).sum() == pytest.approx(11, abs=1)
    alone = schedule([first], 21, epoch_axis=False)
    assert (alone <= 50).sum() >= 19


def test_what_moves_little_beside_another_gets_few_frames():
    slow, fast = run([0.01] * 100), run([10] * 10)
    beside = schedule([slow, fast], 21, epoch_axis=False)
    assert (beside <= 10).sum() >= 10
    assert (schedule([slow], 21, epoch_axis=False) <= 10).sum() <= 3


def test_descents_on_other_objectives_are_each_seen_on_axes_of_their_own():
    far = gdviz.History.from_arrays(
        1e6 * run([1] * 9).theta, dataset=gdviz.Dataset.of(X, X @ [3.0, 2])
    )
    near = run([0] * 9 + [1] * 90)
    picked = schedule([far, near], 51, epoch_axis=False)
    assert (picked > 9).sum() >= 40


def test_epochs_that_any_recorded_can_be_picked(article):
    long = descent(epochs=900)
    assert schedule([article, long], "399:402").tolist() == [399, 400, 401]
    assert schedule([article, long], [-1]).tolist() == [900]
    with pytest.raises(ValueError, match="epoch 901 was not recorded; the last is 900"):
        schedule([article, long], [901])
