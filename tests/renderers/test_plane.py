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

import gdviz
from gdviz.renderers import plane
from gdviz.renderers.plane import FAINT
from gdviz.renderers.style.theme import INK, VERMILION

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


def test_the_cost_is_the_mean_square_of_the_residuals(article):
    ends = residuals(plane(article).still())
    assert np.mean((ends[:, 0, 2] - ends[:, 1, 2]) ** 2) == pytest.approx(article.cost[-1])


def test_a_residual_stands_on_the_side_of_its_point(article):
    figure = plane(article).still(0)
    for (ends, line), (cloud, zorder) in zip(sticks(figure), clouds(figure), strict=True):
        assert line.zorder == zorder
        np.testing.assert_array_equal(ends[:, 0], cloud)


@pytest.mark.parametrize("epoch", [0, 3, 400])
def test_the_plane_is_that_of_its_epoch(article, epoch):
    corners, _ = sheet(plane(article).still(epoch))
    np.testing.assert_allclose(corners[:, 2], article.predict(corners[:, :2], epoch))


def test_limits_hold_every_plane_and_every_point(awkward):
    figure = plane(awkward).still()
    low, high = np.array(limits(figure)[1]).reshape(3, 2).T
    data = np.column_stack([awkward.dataset.X, awkward.dataset.y])
    slack = 1e-9 * (high - low)
    assert (data >= low - slack).all()
    assert (data <= high + slack).all()
    lowest, highest = data[:, :2].min(axis=0), data[:, :2].max(axis=0)
    ends = np.array(list(product(*zip(lowest, highest, strict=True))))
    heights = awkward.theta @ np.column_stack([np.ones(4), ends]).T
    near = np.append(awkward.dataset.y, heights[0 if awkward.diverged else -1])
    far = 3 * np.ptp(near)
    assert low[2] - slack[2] <= max(heights.min(), near.min() - far)
    assert high[2] + slack[2] >= min(heights.max(), near.max() + far)


def test_given_ranges_are_those_of_the_plane(article):
    corners, _ = sheet(plane(article, ranges=((-3, 8), (-4, 6))).still())
    assert (corners[:, 0].min(), corners[:, 0].max()) == (-3, 8)
    assert (corners[:, 1].min(), corners[:, 1].max()) == (-4, 6)
    assert limits(plane(article, ranges=((-3, 8), (-4, 6))).still())[1][:4] == (-3, 8, -4, 6)


def test_axes_carry_the_names_of_the_table():
    axes = plane(held(names=["area", "age"], target="rent")).still().axes[1]
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_zlabel()) == ("area", "age", "rent")


def test_a_huge_table_is_sampled_and_says_so():
    rng = np.random.default_rng(0)
    many = rng.normal(size=(100_000, 2))
    figure = plane(descent(many, many @ [1, 2], learning_rate=0.1, epochs=3)).still()
    assert sum(len(cloud) for cloud, _ in clouds(figure)) == 1000
    assert "1,000 of 100,000 points drawn\n40 of 1,000 residuals drawn" in texts(figure)


def test_a_sample_of_a_table_with_a_period_shows_all_of_it():
    # A row an hour: every 24th would be one time of the day, and the cloud one line.
    n = 999 * 24 + 1
    hour = np.arange(n) % 24.0
    table = np.column_stack([hour, np.arange(n) / 24])
    figure = plane(descent(table, hour, learning_rate=1e-9, epochs=3)).still()
    drawn = np.concatenate([cloud for cloud, _ in clouds(figure)])
    assert len(drawn) == 1000
    assert set(drawn[:, 0].round(6)) == set(range(24))


def test_many_markers_are_small_and_few_are_large(article):
    rng = np.random.default_rng(0)
    table = rng.normal(size=(1000, 2))
    many = plane(descent(table, table @ [1, 2], learning_rate=0.1, epochs=3)).still()
    sizes = [
        lines(figure, marker="o")[0][0].get_markersize()
        for figure in (many, plane(article).still())
    ]
    assert 2 * sizes[0] < sizes[1]


def test_limits_of_a_sampled_table_hold_the_points_that_are_drawn():
    rng = np.random.default_rng(0)
    many = rng.normal(size=(5000, 2))
    figure = plane(descent(many, many @ [1, 2], learning_rate=0.1, epochs=3)).still()
    low, high = np.array(limits(figure)[1]).reshape(3, 2).T
    for cloud, _ in clouds(figure):
        assert ((cloud >= low) & (cloud <= high)).all()


def test_all_points_drawn_is_not_worth_a_word(article):
    assert not any("drawn" in text for text in texts(plane(article).still()))


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (1, r"plane draws two features; there is 1: draw parameters\(history\)"),
        (3, r'there are 3: choose two, vary=\("x0", "x1"\)'),
    ],
)
def test_other_than_two_features_are_refused(columns, message):
    table = np.column_stack([X, X**2])[:, :columns]
    with pytest.raises(ValueError, match=message):
        plane(descent(table, learning_rate="auto"))


@pytest.mark.parametrize("ranges", [((5, -5), (1, 1)), ((0, np.inf), (0, 1)), ((0, 1),)])
def test_ranges_that_cannot_be_drawn_are_refused_by_name(article, ranges):
    with pytest.raises(ValueError, match=r"ranges \(\(.*increase"):
        plane(article, ranges=ranges)


def cloud_of(rows, seed=0):
    """A descent on so many rows, two of which are far from all others."""
    rng = np.random.default_rng(seed)
    table = rng.normal(size=(rows, 2))
    table[:2] = [[30, -30], [-30, 30]]
    return descent(
        table, 100 + table @ [1, 2] + rng.normal(size=rows), learning_rate="auto", epochs=30
    )


@pytest.mark.parametrize(("rows", "sticks_drawn"), [(150, 150), (151, 40), (1500, 40)])
def test_above_150_points_forty_residuals_are_drawn_and_fainter_dots(rows, sticks_drawn):
    history = cloud_of(rows)
    figure = plane(history).still()
    ends = residuals(figure)
    ends = ends[np.isfinite(ends).all(axis=(1, 2))]
    assert len(ends) == sticks_drawn
    fitted = np.clip(history.predict(ends[:, 0, :2]), *limits(figure)[1][4:])
    np.testing.assert_allclose(fitted, ends[:, 1, 2])
    assert sum(len(cloud) for cloud, _ in clouds(figure)) == min(rows, 1000)
    faint = [line.get_markerfacecolor() == FAINT_INK for line, _ in lines(figure, marker="o")]
    assert set(faint) == {rows > 150}
    said = f"40 of {min(rows, 1000):,} residuals drawn"
    assert any(said in text for text in texts(figure)) == (rows > 150)
    again = residuals(plane(history).still())
    np.testing.assert_array_equal(again[np.isfinite(again).all(axis=(1, 2))], ends)


def test_of_many_points_the_plane_spans_most_and_heights_are_those_of_data_and_last_plane():
    history = cloud_of(500)
    figure = plane(history).still(0)
    X, y = history.dataset.X, history.dataset.y
    corners, _ = sheet(plane(history).still())
    inside = (corners[:, :2].min(axis=0) <= X) & (corners[:, :2].max(axis=0) >= X)
    assert 0.97 < inside.mean() < 1
    assert np.abs(corners[:, :2]).max() < 5
    low, high = limits(figure)[1][4:]
    assert low > 0  # where the plane starts
    near = np.append(y, corners[:, 2])
    assert (low, high) == pytest.approx((near.min(), near.max()), abs=0.04 * np.ptp(near))
    assert "↓ plane is below" in texts(figure)
    assert np.nanmin(residuals(figure)[:, 1, 2]) == low


def test_over_two_of_many_features_sticks_are_not_called_residuals():
    rng = np.random.default_rng(0)
    table = rng.normal(size=(442, 3))
    figure = plane(descent(table, table @ [1, 2, 3]), vary=("x0", "x1")).still()
    said = "40 of 442 sticks drawn\nsticks to this plane,\nother features at their means"
    assert said in texts(figure)
    assert not any("residual" in text for text in texts(figure))


@pytest.mark.parametrize("epoch", [0, 2, 4, 6, 9])
def test_a_plane_that_leaves_the_picture_is_said_to_go_on(epoch):
    history = descent(learning_rate=0.05, epochs=9, theta0=[0.0, 0, 0])
    figure = plane(history).still(epoch)
    low, high = limits(figure)[1][4:]
    corners, _ = sheet(plane(history).still(0))
    heights = history.predict(corners[:, :2], epoch)
    leaves = bool(heights.min() < low), bool(heights.max() > high)
    arrow = {(True, True): "↕", (True, False): "↓", (False, True): "↑"}.get(leaves, "")
    said = [text for text in texts(figure) if "plane" in text]
    assert said == [f"{arrow} plane goes on"] * bool(arrow)
    assert bool(arrow) == (epoch > 2)


def test_a_table_that_repeats_itself_is_sampled_all_the_same():
    n = 20_000  # every 20th row would be the same one
    table = np.column_stack([np.arange(n) % 20, (np.arange(n) // 20) % 7]).astype(float)
    figure = plane(descent(table, table @ [1, 2], learning_rate=1e-3, epochs=3)).still()
    drawn = np.vstack([cloud for cloud, _ in clouds(figure)])
    assert len(drawn) == 1000
    assert len(np.unique(drawn[:, 0])) == 20


@pytest.mark.parametrize("scale", [1e-6, 1, 1e12])
@pytest.mark.parametrize("offset", [0, 3])
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


def test_over_two_of_many_features_the_others_are_at_their_means_and_that_is_said():
    X3 = np.column_stack([X, X[:, 0] ** 2])
    history = descent(X3, learning_rate="auto", epochs=20)
    figure = plane(history, vary=("x1", "x2")).still()
    assert "sticks to this plane,\nother features at their means" in texts(figure)
    x1, x2, height = sheet(figure)[0].T
    others = np.column_stack([np.full(4, X3[:, 0].mean()), x1, x2])
    np.testing.assert_allclose(history.predict(others), height)


def test_a_plane_over_powers_is_refused():
    table = gdviz.Dataset.of(X, Y).powers(2)
    with pytest.raises(ValueError, match=r"which is curved: draw parameters\(history\)"):
        plane(gdviz.fit(table, epochs=5), vary=("x0", "x1"))


def test_a_plane_says_what_is_held():
    (notes,) = (text for text in texts(plane(held()).still()) if "held" in text)
    assert notes == "intercept held at 7.23421"
    table = np.random.default_rng(0).normal(size=(30, 5))
    fixed = dict.fromkeys(("intercept", "x2", "x3", "x4"), "ols")
    history = descent(table, table @ [1.0, 2, 3, 4, 5], fixed=fixed, epochs=3, learning_rate=0.01)
    (notes,) = (text for text in texts(plane(history).still()) if "held" in text)
    assert notes.splitlines()[0] == "intercept and 3 weights held at the optimum"
