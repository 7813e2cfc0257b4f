"""The plane among the points: what is behind it is drawn before it, and nothing is lost."""

from itertools import product

import numpy as np
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib.colors import to_rgba
from mpl_toolkits.mplot3d.art3d import Line3D, Poly3DCollection
from mpl_toolkits.mplot3d.proj3d import proj_transform

from gdviz.renderers import plane
from gdviz.renderers.plane import FAINT
from gdviz.renderers.style.theme import INK, VERMILION
from gdviz.views.plane import plane_of

from ..conftest import X, Y, descent, held, limits, texts

FAINT_INK = to_rgba(INK, FAINT)

numbers = st.floats(-50, 50, allow_nan=False)


def lines(figure, **looks):
    """Lines in space that look so, and their vertices (n, 3)."""
    found = [line for line in figure.axes[1].lines if isinstance(line, Line3D)]
    return [
        (line, np.column_stack(line.get_data_3d()))
        for line in found
        if all(getattr(line, f"get_{name}")() == value for name, value in looks.items())
    ]


def sheet(figure):
    """Corners of the plane, (4, 3), and its place in the order of drawing."""
    (polygon,) = (c for c in figure.axes[1].collections if isinstance(c, Poly3DCollection))
    return corners_of(polygon), polygon.zorder


def corners_of(polygon):
    """Vertices in space."""
    if hasattr(polygon, "_vec"):  # until matplotlib 3.10
        return polygon._vec[:3, :4].T
    return np.array(polygon._faces[0])[:4]


def clouds(figure):
    """Points (n, 3) of each cloud and its place in the order of drawing."""
    marked = [
        (line, vertices)
        for line, vertices in lines(figure, marker="o")
        if line.get_markerfacecolor() in (INK, FAINT_INK)
    ]
    return [(vertices[:: line.get_markevery()], line.zorder) for line, vertices in marked]


def sticks(figure):
    """Both ends of the residuals (n, 2, 3) on each side of the plane, and their line."""
    found = []
    for line, vertices in lines(figure, linestyle="--"):
        residuals = vertices.reshape(-1, 3, 3)
        assert np.isnan(residuals[:, 2]).all()
        found.append((residuals[:, :2], line))
    return found


def residuals(figure):
    """Both ends of every residual, (n, 2, 3)."""
    return np.concatenate([ends for ends, _ in sticks(figure)])


def nearer_than_the_plane(point, theta, axes):
    """By how much a point is nearer to the viewer than the plane at the same pixel.

    In the projection's own coordinates a line of sight is a straight line along the depth, on
    which the equation of the plane is linear. None where the viewer does not see the plane there.
    """
    M = axes.get_proj()
    x, y, depth = proj_transform(*point, M)
    back = np.linalg.inv(M)
    here, along = back @ [x, y, depth, 1], back @ [0, 0, 1, 0]
    equation = np.array([theta[1], theta[2], -1, theta[0]])
    slope = equation @ along
    if abs(slope) < 1e-9 * np.abs(equation * along).sum() + 1e-300:
        return None
    deeper = -(equation @ here) / slope
    before_the_eye = (here + deeper * along)[3] > 1e-9
    return deeper if before_the_eye else None


@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    points=arrays(float, (5, 3), elements=numbers),
    start=arrays(float, 3, elements=st.floats(-5, 5)),
    elev=st.floats(-80, 80),
    azim=st.floats(-180, 180),
)
def test_a_point_is_drawn_before_or_after_the_plane_as_it_lies_behind_or_before_it(
    points, start, elev, azim
):
    assume((np.ptp(points, axis=0) > 1).all())
    history = descent(points[:, :2], points[:, 2], theta0=start, learning_rate="auto", epochs=3)
    scene = plane(history, elev=elev, azim=azim)
    for record in (0, 3):
        figure = scene.still(record)
        axes, theta = figure.axes[1], history.theta[record]
        _, middle = sheet(figure)
        assert sum(len(cloud) for cloud, _ in clouds(figure)) == 5
        for cloud, zorder in clouds(figure):
            for point in cloud:
                nearer = nearer_than_the_plane(point, theta, axes)
                # On the plane, or looked at along it, either order looks the same.
                if nearer is not None and abs(nearer) > 1e-6:
                    assert (zorder > middle) == (nearer > 0)


@pytest.mark.parametrize("epoch", [0, 1, 200, 400])
def test_every_residual_is_there_once_and_dashed(article, epoch):
    figure = plane(article).still(epoch)
    ends = residuals(figure)
    order = np.lexsort(ends[:, 0].T)
    expected = np.lexsort(np.column_stack([X, Y]).T)
    np.testing.assert_allclose(ends[order, 0], np.column_stack([X, Y])[expected])
    fitted = article.predict(X, epoch)
    np.testing.assert_allclose(ends[order, 1], np.column_stack([X, fitted])[expected])
    assert {line.get_color() for _, line in sticks(figure)} == {VERMILION}


def test_a_residual_stands_on_the_side_of_its_point(article):
    figure = plane(article).still(0)
    for (ends, line), (cloud, zorder) in zip(sticks(figure), clouds(figure), strict=True):
        assert line.zorder == zorder
        np.testing.assert_array_equal(ends[:, 0], cloud)


@pytest.mark.parametrize("epoch", [0, 3, 400])
def test_the_plane_is_that_of_its_epoch(article, epoch):
    corners, _ = sheet(plane(article).still(epoch))
    np.testing.assert_allclose(corners[:, 2], article.predict(corners[:, :2], epoch))


def test_axes_carry_the_names_of_the_table():
    axes = plane(held(names=["area", "age"], target="rent")).still().axes[1]
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_zlabel()) == ("area", "age", "rent")


def test_what_is_drawn_is_what_the_view_has(awkward):
    scene, view = plane(awkward), plane_of(awkward)
    figure = scene.still()
    cloud = np.concatenate([cloud for cloud, _ in clouds(figure)])
    expected = np.column_stack([view.X, view.y])
    order = np.lexsort(cloud.T), np.lexsort(expected.T)
    np.testing.assert_array_equal(cloud[order[0]], expected[order[1]])
    shown = np.reshape(limits(figure)[1], (3, 2))
    assert shown == pytest.approx(np.array(view.limits), rel=1e-9)


@pytest.mark.parametrize(("rows", "sticks_drawn"), [(150, 150), (151, 40), (1500, 40)])
def test_many_points_are_small_and_faint_and_few_of_their_residuals_drawn(rows, sticks_drawn):
    table = np.random.default_rng(0).normal(size=(rows, 2))
    history = descent(table, table @ [1, 2], learning_rate=0.1, epochs=3)
    figure, view = plane(history).still(), plane_of(history)
    ends = residuals(figure)
    assert np.isfinite(ends).all(axis=(1, 2)).sum() == sticks_drawn
    dots = [line for line, _ in lines(figure, marker="o")]
    assert {line.get_markerfacecolor() == FAINT_INK for line in dots} == {rows > 150}
    ratio = (
        dots[0].get_markersize() / lines(plane(held()).still(), marker="o")[0][0].get_markersize()
    )
    assert ratio == pytest.approx(view.size / plane_of(held()).size, rel=1e-6)
    assert ratio < 1
    assert "\n".join(view.notes) in (*texts(figure), "")


def test_where_the_plane_is_beyond_the_picture_it_is_said_and_not_drawn():
    table = np.random.default_rng(0).normal(size=(500, 2))
    history = descent(table, 100 + table @ [1, 2], learning_rate="auto", epochs=30)
    figure = plane(history).still(0)
    assert "↓ plane is below" in texts(figure)
    assert not [c for c in figure.axes[1].collections if isinstance(c, Poly3DCollection)]
    assert not any("plane" in text for text in texts(plane(history).still()))


@pytest.mark.parametrize(("offset", "scale"), [(0, 1), (3, 1e-6), (3, 1), (3, 1e12)])
@pytest.mark.parametrize("slopes", [(1, -1), (1, 0), (0, 1), (1, 1), (-1, -2), (3, -0.1)])
def test_in_no_frame_the_plane_is_seen_edge_on(slopes, offset, scale):
    rng = np.random.default_rng(1)
    table = rng.uniform(size=(40, 2))
    y = scale * (offset + table @ slopes + 0.05 * rng.normal(size=40))
    history = descent(table, y, theta0=[0.0, 0, 0], learning_rate="auto", epochs=300)
    covered = [sheet_area(plane(history).still(epoch)) for epoch in (0, 1, 5, 20, 300)]
    assert min(covered) > 0.06


def sheet_area(figure):
    """Share of its axes' box that the plane covers."""
    axes = figure.axes[1]
    corners, _ = sheet(figure)
    x, y, _ = proj_transform(*corners.T, axes.get_proj())
    box = proj_transform(*np.array(list(product(*limits_of(axes)))).T, axes.get_proj())
    return 0.5 * abs(x @ np.roll(y, 1) - y @ np.roll(x, 1)) / (np.ptp(box[0]) * np.ptp(box[1]))


def limits_of(axes):
    return axes.get_xlim(), axes.get_ylim(), axes.get_zlim()


@pytest.mark.parametrize("slopes", [(1, -1), (-1, -1), (1, 1), (-1, 1), (0.4, -0.2)])
@pytest.mark.parametrize("beside", [1, 2])
def test_the_last_plane_is_not_seen_edge_on(slopes, beside):
    history = descent(X, X @ np.array(slopes), learning_rate=0.01, epochs=400)
    scene = plane(history)
    for _ in range(beside - 1):
        scene = scene | plane(history)
    figure = scene.still()
    axes = figure.axes[1]
    corners, _ = sheet(figure)
    x, y, _ = proj_transform(*corners.T, axes.get_proj())
    x, y = axes.transData.transform(np.column_stack([x, y])).T
    area = 0.5 * abs(x @ np.roll(y, 1) - y @ np.roll(x, 1))
    box = np.ptp(x) * axes.get_figure(root=False).bbox.height
    assert area > 0.1 * box
