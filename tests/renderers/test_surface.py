"""The cost in space: the path lies on it, faint where a wall hides it, and casts a shadow."""

import numpy as np
import pytest
from matplotlib.text import Text
from mpl_toolkits.mplot3d.art3d import Line3D, Poly3DCollection

from gdviz.api import fit
from gdviz.renderers import surface
from gdviz.renderers.style.axes3d import _corners, eye, ground_of
from gdviz.renderers.surface import FAINT, MARKS
from gdviz.views.cost_slice import slice_of
from gdviz.views.numbers import compact

from ..conftest import held, limits, separable, texts


def lines(figure):
    """Lines in space as (line, (n, 3) array): start and star; shadow, hidden, halo, path, end.

    Where nothing is hidden that line is left out, and an empty one is returned in its place.
    """
    found = [line for line in figure.axes[1].lines if isinstance(line, Line3D)]
    seen = [(line, np.array(line.get_data_3d()).T) for line in found]
    marks, path = seen[:2], seen[2:]
    if path[1][0].get_alpha() is None:
        path.insert(1, (Line3D([], [], []), np.zeros((0, 3))))
    return marks, path


def drawn(points):
    """Points (n, 3) of a line, without the gaps."""
    return points[np.isfinite(points).all(axis=1)]


def on_the_cost(history, points):
    theta = np.column_stack([np.full(len(points), history.intercept[0]), points[:, :2]])
    np.testing.assert_allclose(points[:, 2], history.objective.cost(theta))


def ground(figure):
    (found,) = (c for c in figure.axes[1].collections if isinstance(c, Poly3DCollection))
    return found


@pytest.mark.parametrize("epoch", [0, 1, 50, 400])
def test_the_path_lies_on_the_surface_from_the_start_to_the_epoch(article, epoch):
    _, (_, _, (halo, around), (path, points), (_, end)) = lines(surface(article).still(epoch))
    np.testing.assert_array_equal(end, [[*article.weights[epoch], article.cost[epoch]]])
    np.testing.assert_array_equal(around, points)
    assert halo.get_linewidth() > path.get_linewidth()
    on_the_cost(article, drawn(points))
    if epoch:
        span = np.ptp(article.weights, axis=0)
        np.testing.assert_array_equal(drawn(points)[0, :2], article.weights[0])
        assert (np.abs(drawn(points)[-1] - end[0])[:2] < span / 1000).all()


def test_the_shadow_is_the_path_on_the_floor(awkward):
    figure = surface(awkward).still()
    (shadow, below), (_, behind), _, (path, points), *_ = lines(figure)[1]
    assert {tuple(p) for p in drawn(below)[:, :2]} == {
        tuple(p) for p in np.vstack([drawn(points), drawn(behind)])[:, :2]
    }
    assert set(drawn(below)[:, 2]) <= {figure.axes[1].get_zlim()[0]}
    assert shadow.zorder < path.zorder
    assert shadow.get_alpha() < 0.5


def test_what_is_drawn_is_within_the_box(awkward):
    figure = surface(awkward).still()
    low, high = np.array(figure.axes[1].get_w_lims()).reshape(3, 2).T
    slack = 1e-9 * (high - low)
    marks, path = lines(figure)
    for _, points in [*marks, *path]:
        assert (drawn(points) >= low - slack).all()
        assert (drawn(points) <= high + slack).all()


BEHIND = {"azim": 80, "elev": 14}


def test_what_a_wall_hides_of_the_path_is_drawn_as_hidden(article):
    figure = surface(article, **BEHIND).still()
    ((start, _), _), (_, (veil, behind), _, (path, points), _) = lines(figure)
    on_the_cost(article, drawn(behind))
    assert len(drawn(behind)) > 15
    assert len(drawn(points)) > 3
    assert veil.get_alpha() < 0.7
    assert veil.get_linewidth() < path.get_linewidth()
    assert start.get_alpha() < 0.7
    # The wall is before it: the way to the viewer goes through the surface.
    part = slice_of({"": article}, "surface", size=50)
    toward = eye(figure.axes[1]) - drawn(behind)[1:-1]
    through = drawn(behind)[1:-1] + np.linspace(0.005, 0.2, 100)[:, None, None] * toward
    sees = part.filling(1).marks.sees(through[..., :2])
    under = (through[..., 2] < part.height(through[..., :2])) & sees
    assert under.any(axis=0).all()


def test_from_above_nothing_is_hidden(article):
    ((start, _), _), (_, (_, behind), *_) = lines(surface(article, elev=70).still())
    assert not len(drawn(behind))
    assert start.get_alpha() is None


def test_start_and_optimum_are_marked_once_and_named(article):
    figure = surface(article).still()
    ((start, at), (star, there)), others = lines(figure)
    assert (start.get_marker(), star.get_marker()) == ("o", "*")
    assert "*" not in [line.get_marker() for line, _ in others]
    np.testing.assert_array_equal(at, [[*article.weights[0], article.cost[0]]])
    np.testing.assert_allclose(there, [[*article.optimum[1:], article.best.cost]])
    assert "☆ least squares    ○ start    intercept held at 7.23421" in texts(figure)


def test_the_legend_is_above_the_surface():
    figure = surface(held(), elev=20, azim=145).still()
    figure.canvas.draw()
    (legend,) = (t for t in figure.findobj(Text) if "○ start" in t.get_text())
    assert legend.get_window_extent().y0 > _corners(figure.axes[1]).y1


def test_a_path_that_leaves_has_an_arrow_and_its_cost_at_the_edge():
    history = held(learning_rate=0.05, theta0=[0, 0, 0], epochs=200)
    axes = surface(history).still(9).axes[1]
    (plate,) = (text for text in axes.texts if text.get_text().startswith("cost "))
    assert plate.get_text() == f"cost {compact(float(history.cost[9]))}"
    high = axes.get_zlim()[1]
    assert high < 60 * history.cost[0]
    assert high < history.cost[9] / 10


def test_where_there_is_no_optimum_an_arrow_points_the_way_the_cost_falls():
    figure = surface(separable()).still()
    assert "*" not in [line.get_marker() for line in figure.axes[1].lines]
    assert any("the cost falls for ever this way" in text for text in texts(figure))
    (way,) = (line for line in figure.axes[1].lines if line.get_linestyle() == "--")
    points = drawn(np.array(way.get_data_3d()).T)
    assert (np.diff(points[:, 2]) < 0).all()


def test_sixty_oscillations_are_not_a_blob():
    history = held(learning_rate=0.0375, epochs=300)
    _, (veil, older), _, (path, points), _ = lines(surface(history).still(60))[1]
    assert veil.get_linewidth() < path.get_linewidth()
    assert len(drawn(older)) > 5 * len(drawn(points))
    np.testing.assert_allclose(drawn(points)[0, :2], history.weights[57])


def test_nothing_that_moves_lies_under_the_surface(article):
    # Else all of it would have to be drawn again for every frame.
    film = surface(article).film(frames=[3])
    moving = [a for a in film._framedata[0] if isinstance(a, Line3D)]
    assert min(line.zorder for line in moving) > ground(film._fig).zorder


def test_path_point_and_optimum_are_drawn_over_the_surface(article):
    figure = surface(article).still()
    assert not figure.axes[1].computed_zorder
    (_, (star, _)), (_, _, (halo, _), (path, _), (point, _)) = lines(figure)
    assert min(line.zorder for line in (halo, path, point, star)) > ground(figure).zorder
    assert path.zorder < star.zorder < point.zorder
    assert star.get_markerfacecolor() == "none"


def test_the_surface_is_the_landscape_and_its_limits_hold_all(awkward):
    figure = surface(awkward, size=20).still()
    u0, u1, v0, v1, low, high = limits(figure)[1]
    part = slice_of({"": awkward}, "surface", size=20)
    if part.equal:
        side = ground_of(figure.axes[1].get_figure(root=False), elev=37, azim=-100)
        assert (v1 - v0) / (u1 - u0) == pytest.approx(side, rel=0.01)
    else:
        assert part.ranges == ((u0, u1), (v0, v1))
    part = slice_of({"": awkward}, "surface", size=20, ranges=((u0, u1), (v0, v1)))
    assert low < part.ground.cost.min()
    assert high == part.ground.cost.max()
    assert awkward.diverged or awkward.cost.max() <= high


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


def test_the_shadow_of_a_path_that_swings_is_lighter_than_the_path():
    (shadow, _), (veil, behind), *_ = lines(surface(held(learning_rate=0.0375)).still(60))[1]
    assert len(behind)
    assert shadow.get_linewidth() < veil.get_linewidth()
    assert shadow.get_alpha() < veil.get_alpha() / 2


def test_what_is_known_of_a_function_is_marked_and_faint_where_it_is_hidden():
    history = fit("function:himmelblau", epochs=300)
    figure = surface(history, **BEHIND).still()
    marks = [line for line in figure.axes[1].lines if line.get_zorder() == MARKS]
    found = {"*": 0, "x": 0, "^": 0}
    for line in marks:
        points = np.array(line.get_data_3d()).T
        np.testing.assert_allclose(points[:, 2], history.objective.cost(points[:, :2]))
        if line.get_marker() in found:
            found[line.get_marker()] += len(points)
    assert found == {"*": 4, "x": 2 * 4, "^": 1}  # a cross has a rim
    assert {line.get_alpha() for line in marks} == {None, FAINT}


def test_lines_below_0_are_no_more_dashed_than_others():
    figure = surface(fit("function:saddle", epochs=5)).still()
    (floor,) = (c for c in figure.axes[1].collections if hasattr(c, "levels"))
    assert floor.levels[0] < 0
    assert {dashes for _, dashes in floor.get_linestyles()} == {None}
