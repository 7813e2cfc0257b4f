"""Contour and surface on a plane beside the path: what is drawn where, and what is said."""

import re

import numpy as np
import pytest
from matplotlib.text import Text
from numpy.testing import assert_allclose, assert_array_equal

from gdviz.core.functions import Function
from gdviz.core.history.record import History
from gdviz.renderers import contour, surface
from gdviz.renderers.stage.scene import LEGEND
from gdviz.views.cutting_plane import plane_through

from ..conftest import descent, separable, texts

KINDS = pytest.mark.parametrize("kind", [contour, surface])
WAYS = ("pca", "hessian", ((1, 0, 0), (0, 1, 0)))
THROUGH = pytest.mark.parametrize("through", WAYS)


def net():
    """A network of 19 parameters that learns a sine, and its loss."""
    x = np.linspace(-2, 2, 30)

    def loss(theta):
        t = theta[..., None, :]
        hidden = np.tanh(t[..., :6] * x[:, None] + t[..., 6:12])
        fitted = (hidden * t[..., 12:18]).sum(axis=-1) + t[..., 18]
        return np.mean((fitted - np.sin(2 * x)) ** 2, axis=-1)

    return Function(loss, start=np.zeros(19), whole=True, name="net")


@pytest.fixture(scope="module")
def learned():
    """The record of a network's training by a loop of somebody's own."""
    function = net()
    theta = [np.random.default_rng(0).normal(size=19)]
    for _ in range(80):
        theta.append(theta[-1] - 0.05 * function.gradient(theta[-1]))
    return History.from_arrays(theta, objective=function)


def legend_of(figure):
    (found,) = [t.get_text() for t in figure.findobj(Text) if t.get_label() == LEGEND]
    return found


@KINDS
@THROUGH
def test_a_free_intercept_is_drawn_and_it_is_said_that_the_path_lies_beside(moving, kind, through):
    figure = kind(moving, through=through, size=30).still()
    said = legend_of(figure)
    assert "plane through the end" in said
    assert re.search(r"[\d.]+ % of the movement lies in it\n", said)
    assert "the path lies beside it; path and marks are projected" in said


@KINDS
def test_beside_another_panel_the_share_is_still_said_in_full(moving, kind):
    figure = (
        contour(moving, through="hessian", size=9) | kind(moving, through="pca", size=9)
    ).still()
    for said in (t.get_text() for t in figure.findobj(Text) if t.get_label() == LEGEND):
        assert "…" not in said
        assert re.search(r"[\d.]+ % of the movement lies in it the path", " ".join(said.split()))


@KINDS
def test_a_replay_of_many_parameters_is_drawn(learned, kind):
    figure = kind(learned, through="pca", size=20).still()
    assert "net of 19 parameters" in " ".join(texts(figure))
    assert "minimum not known" in legend_of(figure)  # in 19 dimensions none is looked for
    assert not learned.converged
    list(kind(learned, through="pca", size=20).film(frames=2).frames(40))


def test_the_path_is_projected_and_its_end_is_the_origin(learned):
    axes = contour(learned, through="pca", size=20).still().axes[1]
    *_, path, point = axes.lines
    assert_array_equal(point.get_xydata(), [[0, 0]])
    assert_allclose(path.get_xydata()[0], plane_through(learned, "pca").project(learned.theta[0]))
    low, high = np.transpose([axes.get_xlim(), axes.get_ylim()])
    assert ((path.get_xydata() > low) & (path.get_xydata() < high)).all()


def test_on_a_surface_the_path_lies_on_the_plane_not_at_its_own_cost(learned):
    axes = surface(learned, through="pca", size=20).still(0).axes[1]
    u, v, height = axes.lines[-1].get_data_3d()
    plane = plane_through(learned, "pca")
    assert_allclose(height, plane.cost(learned.objective, np.column_stack([u, v])))
    assert abs(height[0] - learned.cost[0]) > 0.05 * learned.cost[0]


def test_an_optimum_that_is_not_seen_has_no_star_in_the_legend(moving):
    figure = contour(moving, through="pca", size=15, ranges=((-1e-9, 1e-9),) * 2).still()
    assert "☆" not in legend_of(figure)


@pytest.mark.parametrize(
    "history",
    [
        pytest.param(lambda: descent(epochs=200, learning_rate=0.1), id="diverged"),
        pytest.param(lambda: descent(epochs=2), id="three records"),
        pytest.param(separable, id="two that move"),
    ],
)
@KINDS
def test_awkward_descents_are_drawn(history, kind):
    list(kind(history(), through="pca", size=20).film(frames=3).frames(40))


@KINDS
def test_more_than_two_that_move_are_told_of_the_plane(moving, kind):
    with pytest.raises(ValueError, match=r'or of one descent draw a plane, through="pca"'):
        kind(moving)


@KINDS
def test_several_histories_are_refused(moving, kind):
    with pytest.raises(ValueError, match=r"the path of one history, not of 2: draw them side by"):
        kind([moving, descent(epochs=300)], through="pca")


@KINDS
def test_of_a_function_parameters_are_held_and_the_ground_may_be_flat(kind):
    path = np.zeros((9, 19))  # what the hidden units say does not count while its weights are 0
    path[:, :4] = np.random.default_rng(0).normal(size=(9, 4)).cumsum(axis=0)
    figure = kind(History.from_arrays(path, objective=net()), through="pca", size=15).still()
    assert "15 parameters held" in legend_of(figure)
