"""Planes through the space of θ: directions, shares and costs against scikit-learn's PCA."""

import re

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.decomposition import PCA

from gdviz.core.functions import Function
from gdviz.core.history.record import History
from gdviz.views.cutting_plane import CuttingPlane, main_directions, plane_through, share_along

from ..conftest import descent

WEIGHTS = np.linspace(0.5, 8, 20)
# What a minimum is looked for in would need a Hessian of 20 × 20 at every step.
BOWL = Function(
    lambda *theta: sum(w * t**2 for w, t in zip(WEIGHTS, theta, strict=True)) / 2,
    names=tuple(f"w{j}" for j in range(20)),
    partials=lambda *theta: [w * t for w, t in zip(WEIGHTS, theta, strict=True)],
    name="bowl",
)


def replay(n=60, seed=3):
    start = np.random.default_rng(seed).normal(size=20)
    return History.from_arrays(start * (1 - 0.1 * WEIGHTS) ** np.arange(n)[:, None], objective=BOWL)


def paths():
    rng = np.random.default_rng(5)
    return [
        pytest.param(rng.normal(size=(50, 3)).cumsum(axis=0), id="more records than parameters"),
        pytest.param(rng.normal(size=(50, 400)).cumsum(axis=0), id="fewer records"),
        pytest.param(1e6 + rng.normal(size=(30, 30)).cumsum(axis=0), id="far away"),
        pytest.param(replay().theta, id="a descent"),
    ]


@pytest.mark.parametrize("columns", [7, 8_192])
@pytest.mark.parametrize("path", paths())
def test_directions_and_shares_are_those_of_scikit_learn(path, columns, monkeypatch):
    monkeypatch.setattr("gdviz.views.cutting_plane.COLUMNS", columns)
    pca = PCA(2, svd_solver="full").fit(path)
    axes = main_directions(path)
    assert_allclose(np.abs(np.sum(axes * pca.components_, axis=1)), 1, rtol=1e-9)
    assert_allclose(share_along(path, axes), pca.explained_variance_ratio_, rtol=1e-8)


def test_records_that_are_left_out_change_the_directions_little():
    rng = np.random.default_rng(1)
    path = rng.normal(size=(1_500, 1_200)).cumsum(axis=0)
    pca = PCA(2, svd_solver="arpack", random_state=0).fit(path)
    assert_allclose(np.abs(np.sum(main_directions(path) * pca.components_, axis=1)), 1, rtol=1e-4)


@pytest.mark.parametrize("through", ["pca", "hessian"])
def test_signs_do_not_hang_on_the_order_of_the_records_or_on_rounding(through):
    history = replay()
    axes = plane_through(history, through).axes
    noise = 1e-13 * np.random.default_rng(0).normal(size=history.theta.shape)
    again = History.from_arrays(history.theta + noise, objective=BOWL)
    assert_allclose(plane_through(again, through).axes, axes, atol=1e-6)
    backwards = main_directions(history.theta[::-1])
    assert_allclose(backwards, main_directions(history.theta), atol=1e-9)
    largest = np.abs(axes).argmax(axis=1)
    assert (axes[[0, 1], largest] > 0).all()


@pytest.mark.parametrize("through", ["pca", "hessian", (np.ones(20), np.arange(20.0))])
def test_axes_are_of_length_1_at_right_angles_and_the_end_is_their_origin(through):
    history = replay()
    plane = plane_through(history, through)
    assert_allclose(plane.axes @ plane.axes.T, np.eye(2), atol=1e-12)
    assert_array_equal(plane.project(history.theta[-1]), [0, 0])
    assert plane.cost(BOWL, np.zeros((1, 2)))[0] == history.cost[-1]


def test_the_cost_is_that_of_the_objective_at_theta_in_blocks_too(monkeypatch):
    plane = plane_through(replay(), "pca")
    points = np.random.default_rng(2).normal(size=(7, 5, 2))
    expected = BOWL.cost(plane.origin + points @ plane.axes)
    assert_allclose(plane.cost(BOWL, points), expected, rtol=1e-13)
    monkeypatch.setattr("gdviz.views.cutting_plane.NUMBERS", 60)  # three points at a time
    assert_allclose(plane.cost(BOWL, points), expected, rtol=1e-13)


def test_a_projection_is_the_nearest_point():
    history = replay()
    plane = plane_through(history, "pca")
    for theta, point in zip(history.theta[::20], plane.project(history.theta[::20]), strict=True):
        found = np.linalg.lstsq(plane.axes.T, theta - plane.origin, rcond=None)[0]
        assert_allclose(point, found, atol=1e-12)


def test_the_axes_of_two_entries_give_back_their_numbers():
    theta = np.array([0.1, 1 / 3, -7e-9, 1e12])
    plane = CuttingPlane.of_entries(theta, (1, 2))
    assert_array_equal(plane.project(theta), theta[[1, 2]])
    assert_array_equal(plane.theta(np.array([0.3, 0.7])), [0.1, 0.3, 0.7, 1e12])
    assert plane.about == ""


def test_hessian_is_the_steepest_and_the_flattest_direction():
    plane = plane_through(replay(), "hessian")
    assert_allclose(np.abs(plane.axes), np.eye(20)[[19, 0]], atol=1e-6)
    assert plane.names == ("steepest: curvature 8", "flattest: curvature 0.5")


def test_what_is_held_does_not_move_in_the_plane():
    x = np.random.default_rng(0).normal(size=(30, 3))
    history = descent(x, x @ [1.0, 2.0, 3.0] + 1, fixed_intercept=2.0, epochs=50)
    for through in ("pca", "hessian"):
        assert_array_equal(plane_through(history, through).axes[:, 0], [0, 0])


def test_it_says_how_much_of_the_movement_lies_in_it():
    history = replay()
    share = PCA(2).fit(history.theta).explained_variance_ratio_.sum()
    about = plane_through(history, "pca").about
    told = float(re.search(r"([\d.]+) % of the movement", about)[1])
    assert told == pytest.approx(100 * share, abs=0.1)
    assert 50 < told < 100
    assert "the path lies beside it" in about


def test_a_path_of_two_parameters_lies_in_the_plane_and_that_is_said():
    path = np.zeros((30, 20))
    path[:, [3, 8]] = np.random.default_rng(0).normal(size=(30, 2)).cumsum(axis=0)
    about = plane_through(History.from_arrays(path, objective=BOWL), "pca").about
    assert "all of the movement lies in it" in about
    assert "beside" not in about


@pytest.mark.parametrize(
    ("through", "message"),
    [
        ("pcb", r"no plane to cut 'pcb'; choose from pca, hessian \(did you mean pca\?\)"),
        ((np.ones(3), np.ones(3)), "two directions of 20 finite numbers each, or one of pca"),
        (3, "two directions of 20 finite numbers each"),
        ((np.ones(20), np.ones(20)), "two directions that differ"),
        ((np.ones(20), np.zeros(20)), "two directions that differ"),
        ((np.ones(20), np.full(20, np.nan)), "finite"),
    ],
)
def test_what_is_no_plane_is_refused(through, message):
    with pytest.raises(ValueError, match=message):
        plane_through(replay(), through)


@pytest.mark.parametrize("steps", [np.zeros(8), np.arange(8.0)])
def test_a_straight_path_has_no_second_direction(steps):
    path = 1 + steps[:, None] * np.linspace(1, 2, 20)
    with pytest.raises(ValueError, match=r"the path is straight.*hessian"):
        plane_through(History.from_arrays(path, objective=BOWL), "pca")


def test_a_hessian_of_one_parameter_or_of_too_many_is_refused(monkeypatch):
    path = np.zeros((8, 20))
    path[:, 3] = np.arange(8)
    with pytest.raises(ValueError, match=r"one makes no plane: draw parameters\(history\)"):
        plane_through(History.from_arrays(path, objective=BOWL), "hessian")
    monkeypatch.setattr("gdviz.views.cutting_plane.MOST_CURVED", 19)
    with pytest.raises(ValueError, match=r'20 parameters move.* of 19 at most: draw through="pca"'):
        plane_through(replay(), "hessian")
