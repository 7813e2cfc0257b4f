"""What is marked on a slice, where, and what it is called."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from gdviz.api import fit
from gdviz.core.functions import Function
from gdviz.core.history.record import History
from gdviz.views.cost_slice import slice_of

from ..conftest import descent, held, separable


def marks_of(*histories, **options):
    runs = {str(i): history for i, history in enumerate(histories)}
    return slice_of(runs, "contour", size=5, **options).marks


def test_starts_and_optima_are_marked_once_where_a_pixel_cannot_tell_them_apart(article):
    marks = marks_of(article, held(learning_rate=0.02), held(theta0=[0, 3, 3]))
    assert_array_equal(marks.starts, [[0, 0], [3, 3]])
    across = np.ptp(marks.ranges, axis=1)[0]
    for gap, count in ((0.003, 2), (0.001, 1)):  # a pixel is a 500th
        assert len(marks_of(article, held(theta0=[0, gap * across, 0])).starts) == count
    assert_allclose(marks.optima, [article.optimum[1:]])


def test_the_optimum_of_a_regression_is_projected_if_it_is_seen(moving):
    marks = marks_of(moving, through="pca")
    assert_allclose(marks.optima, [marks.plane.project(moving.optimum)])
    far = marks_of(moving, through="pca", ranges=((-1e-9, 1e-9),) * 2)
    assert not len(far.optima)
    assert far.words == ["○ start"]


@pytest.fixture(scope="module")
def hill():
    return fit("function:himmelblau", epochs=300)


def test_of_a_function_all_that_is_known_and_seen_is_marked_once(hill):
    marks = marks_of(hill)
    assert_allclose(marks.optima, [hill.optimum])
    assert (len(marks.minima), len(marks.saddles), len(marks.maxima)) == (3, 4, 1)
    every = np.vstack([marks.optima, marks.minima])
    assert_allclose(sorted(every.tolist()), sorted(hill.objective.minima))
    near = marks_of(hill, ranges=((-1, 6), (-4, 3)))
    assert len(near.minima) == 2
    assert near.sees(near.minima).all()


def test_several_minima_are_called_so_and_one_by_its_name(hill):
    assert marks_of(hill).words[0] == "☆ minima"
    local = fit("function:rastrigin")
    assert local.best.name == "local minimum"
    assert marks_of(local).words[0] == "☆ minima"
    at = local.optimum
    alone = tuple((x - 0.4, x + 0.4) for x in at)
    assert marks_of(local, ranges=alone).words[0] == "☆ local minimum"
    assert marks_of(fit("function:booth", epochs=50)).words[0] == "☆ minimum"
    both = [fit("function:saddle", theta0=start) for start in ((1, 0.5), (1, -0.5))]
    assert marks_of(*both).words[0] == "☆ minima"


def test_a_known_minimum_is_told_beside_the_way_down_that_a_run_takes_instead():
    view = ((-4, 3), (-2, 2))
    cubic = Function(lambda u, v: u**3 - 3 * u + v**2, start=(-1.5, 0), view=view, minima=((1, 0),))
    falls = fit(cubic, epochs=20, learning_rate=0.01)
    marks = marks_of(falls)
    assert marks.words == ["☆ minimum", "← the cost falls for ever this way", "○ start"]
    finds = fit(cubic, theta0=(0.5, 0.5), epochs=20, learning_rate=0.01)
    assert marks_of(falls, finds).words == ["☆ minimum", "○ starts"]


def test_saddles_and_maxima_are_marked_unless_they_are_a_crowd(hill):
    assert marks_of(hill).stationary == ["✕ saddles", "△ maximum"]
    assert marks_of(fit("function:saddle", epochs=9)).stationary == ["✕ saddle"]
    box = fit("function:rastrigin")
    crowd = marks_of(box)
    assert not len(crowd.saddles)
    assert not len(crowd.maxima)
    low, high = np.transpose(crowd.ranges)
    seen = {
        kind: int(((np.array(at) >= low) & (np.array(at) <= high)).all(axis=1).sum())
        for kind, at in (("saddles", box.objective.saddles), ("maxima", box.objective.maxima))
    }
    told = f"{seen['saddles']} saddles and {seen['maxima']} maxima not marked"
    assert crowd.stationary == [told]
    few = marks_of(box, ranges=((0.2, 1.8), (-1.8, -0.2)))
    assert (len(few.saddles), len(few.maxima)) == (4, 4)


def bowls_at(*minima, **known):
    """A function of three numbers that is 0 at some points and above it elsewhere."""

    def formula(u, v, w):
        return np.prod([(u - a) ** 2 + (v - b) ** 2 + (w - c) ** 2 for a, b, c in minima], axis=0)

    return Function(formula, minima=minima, **known)


def test_what_lies_beside_the_plane_is_not_marked():
    bowls = bowls_at((0.0, 0.0, 0.0), (0.3, 0.0, 0.0), (0.2, 0.1, 1.0))
    path = History.from_arrays([[0.5, 0.4, 0.3], [0.2, 0.3, 0.1], [0.1, 0, 0]], objective=bowls)
    marks = marks_of(path, through=((1, 0, 0), (0, 1, 0)))
    found = np.vstack([marks.optima, marks.minima])
    assert_allclose(sorted(found.tolist()), [[-0.1, 0], [0.2, 0]], atol=1e-9)


def test_where_some_is_held_minima_and_maxima_are_those_of_the_slice_and_saddles_need_not_be():
    minima = (0.0, 0.0, 0.0), (1.0, 1.0, 0.0), (0.5, 0.0, 1.0)
    bowls = bowls_at(*minima, saddles=((0.5, 0.5, 0.0),), start=(0.2, 0.6, 0.0))
    marks = marks_of(fit(bowls, fixed={"w": 0.0}, epochs=50))
    every = np.vstack([marks.optima, marks.minima])
    assert_allclose(sorted(every.tolist()), [[0, 0], [1, 1]], atol=1e-6)
    assert not len(marks.saddles)


def test_a_regression_has_no_stationary_points_but_its_optima():
    marks = marks_of(held())
    for places in (marks.minima, marks.saddles, marks.maxima):
        assert places.shape == (0, 2)


@pytest.mark.parametrize("turn", range(8))
def test_the_arrow_in_the_words_points_where_the_cost_falls(turn):
    angle = turn * np.pi / 4
    x = np.array([[-2, 0.1], [-1, -0.1], [1, -0.1], [2, 0.1]]) @ [
        [np.cos(angle), np.sin(angle)],
        [-np.sin(angle), np.cos(angle)],
    ]
    options = {"loss": "cross-entropy", "fixed_intercept": 0.0, "learning_rate": 1.0}
    history = descent(x, np.array([0.0, 0, 1, 1]), epochs=50, theta0=[0, 0, 0], **options)
    marks = marks_of(history)
    assert_allclose(marks.falls, history.best.falls[1:])
    (way,) = np.diff(marks.way_down, axis=0)
    assert_allclose(way / np.hypot(*way), marks.falls)
    assert marks.words[0].endswith(" the cost falls for ever this way")
    across, up = way / np.ptp(marks.ranges, axis=1)
    pointed = np.pi / 4 * "→↗↑↖←↙↓↘".index(marks.words[0][0])
    assert np.cos(np.arctan2(up, across) - pointed) >= np.cos(np.pi / 8)


def test_where_there_is_an_optimum_no_way_down_is_told():
    assert marks_of(held()).falls is None
    assert marks_of(separable()).falls is not None
