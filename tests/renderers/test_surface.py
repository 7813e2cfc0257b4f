"""The cost in space: the path lies on it, is never hidden by it, and casts a shadow."""

import numpy as np
import pytest
from mpl_toolkits.mplot3d.art3d import Line3D, Poly3DCollection

from gdviz.renderers import surface
from gdviz.renderers.slice import slice_of

from .conftest import limits


def lines(figure):
    """Lines in space as (line, (n, 3) array): the stars, and shadow, halo, path and its end."""
    found = [line for line in figure.axes[1].lines if isinstance(line, Line3D)]
    seen = [(line, np.array(line.get_data_3d()).T) for line in found]
    stars = [one for one in seen if one[0].get_marker() == "*"]
    return stars, [one for one in seen if one[0].get_marker() != "*"]


def ground(figure):
    (found,) = (c for c in figure.axes[1].collections if isinstance(c, Poly3DCollection))
    return found


@pytest.mark.parametrize("epoch", [0, 1, 50, 400])
def test_the_path_has_the_weights_and_the_cost_of_its_records(article, epoch):
    _, (_, (halo, _), (path, points), _) = lines(surface(article).still(epoch))
    np.testing.assert_array_equal(points[-1], [*article.weights[epoch], article.cost[epoch]])
    np.testing.assert_array_equal(points[0], [*article.weights[0], article.cost[0]])
    known = {tuple(row) for row in np.column_stack([article.weights, article.cost])}
    assert {tuple(point) for point in points} <= known
    assert halo.get_linewidth() > path.get_linewidth()


def test_the_shadow_is_the_path_on_the_floor(awkward):
    figure = surface(awkward).still()
    _, ((shadow, below), _, (path, points), _) = lines(figure)
    np.testing.assert_array_equal(below[:, :2], points[:, :2])
    assert set(below[:, 2]) == {figure.axes[1].get_zlim()[0]}
    assert shadow.zorder < path.zorder
    assert shadow.get_alpha() < 0.5


def test_nothing_that_moves_lies_under_the_surface(article):
    # Else all of it would have to be drawn again for every frame.
    film = surface(article).film(frames=[3])
    moving = [a for a in film._framedata[0] if isinstance(a, Line3D)]
    assert min(line.zorder for line in moving) > ground(film._fig).zorder


def test_path_point_and_optimum_are_drawn_over_the_surface(article):
    figure = surface(article).still()
    assert not figure.axes[1].computed_zorder
    (*_, (star, _)), (_, (halo, _), (path, _), (point, _)) = lines(figure)
    assert min(line.zorder for line in (halo, path, point, star)) > ground(figure).zorder


def test_the_optimum_is_marked_on_the_surface_and_on_the_floor(article):
    figure = surface(article).still()
    ((_, floor), (_, there)), _ = lines(figure)
    np.testing.assert_allclose(there[0], [*article.optimum[1:], article.best.cost])
    np.testing.assert_allclose(floor[0], [*article.optimum[1:], figure.axes[1].get_zlim()[0]])


def test_the_surface_is_the_landscape_and_its_limits_hold_all(awkward):
    figure = surface(awkward, size=20).still()
    part = slice_of(awkward, "surface", size=20)
    u0, u1, v0, v1, low, high = limits(figure)[1]
    assert (u0, u1) == (part.ground.u[0], part.ground.u[-1])
    assert (v0, v1) == (part.ground.v[0], part.ground.v[-1])
    assert low < part.ground.cost.min()
    assert high == part.ground.cost.max()
    assert awkward.cost.max() <= high


def test_it_is_seen_from_where_one_asks(article):
    axes = surface(article, elev=20, azim=145).still().axes[1]
    assert (axes.elev, axes.azim) == (20, 145)
    axes = surface(article).still().axes[1]
    assert (axes.elev, axes.azim) == (37, -100)


def test_given_ranges_and_levels_are_used(article):
    figure = surface(
        article, ranges=((-15, 5), (-15, 5)), levels=[80, 150, 300, 600, 2000], size=20
    ).still()
    assert limits(figure)[1][:4] == (-15, 5, -15, 5)
    floor = [c for c in figure.axes[1].collections if hasattr(c, "levels")]
    assert floor[0].levels.tolist() == [80, 150, 300, 600, 2000]


def test_axes_say_what_they_carry(article):
    axes = surface(article).still().axes[1]
    labels = (axes.get_xlabel(), axes.get_ylabel(), axes.get_zlabel())
    assert labels == ("weight of x0", "weight of x1", "cost")
