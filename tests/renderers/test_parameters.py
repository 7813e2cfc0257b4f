"""Curves of every parameter against the epoch, and the values to arrive at."""

from time import perf_counter

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from gdviz.core.text import plain
from gdviz.renderers import parameters
from gdviz.renderers.style import compact

from .conftest import X, Y, descent, held, texts


def many(count, rows=60, **options):
    """A descent on `count` features, the weights of which grow from the last to the first."""
    rng = np.random.default_rng(0)
    table = rng.normal(size=(rows, count))
    return descent(table, table @ np.arange(count, 0, -1.0), learning_rate="auto", **options)


def panels(figure):
    """The axes, without the caption's."""
    return figure.axes[1:]


def titles(figure):
    return [axes.get_title(loc="left") for axes in panels(figure)]


def test_one_panel_a_parameter_and_one_for_the_cost(moving):
    figure = parameters(moving).still()
    assert titles(figure) == ["intercept", "weight of x0", "weight of x1", "cost"]


def test_a_fixed_intercept_is_said(article):
    assert titles(parameters(article).still())[0] == "intercept (fixed)"


@pytest.mark.parametrize("epoch", [0, 1, 50, 20_000])
def test_curves_run_from_the_start_to_the_frames_epoch(moving, epoch):
    figure = parameters(moving).still(epoch)
    for axes, values in zip(panels(figure), [*moving.theta.T, moving.cost], strict=True):
        _, curve = axes.lines
        x, y = curve.get_data()
        assert (x[0], x[-1]) == (0, epoch)
        np.testing.assert_array_equal(y, values[np.searchsorted(moving.epoch, x)])
        assert (y[-1], curve.get_marker(), curve.get_markevery()) == (values[epoch], "o", [-1])
        assert axes.texts[-1].get_text() == plain(values[epoch])


def test_the_dashed_line_is_the_least_squares_value(moving):
    figure = parameters(moving).still()
    model = LinearRegression().fit(X, Y)
    goals = [axes.lines[0].get_ydata()[0] for axes in panels(figure)]
    cost = np.mean((Y - model.predict(X)) ** 2)
    np.testing.assert_allclose(goals, [model.intercept_, *model.coef_, cost])
    assert all(axes.lines[0].is_dashed() for axes in panels(figure))
    assert {compact(goal) for goal in goals} <= set(texts(figure))
    assert any("least squares" in text for text in texts(figure))


def test_epoch_0_shows_on_the_logarithmic_axis(moving):
    axes = panels(parameters(moving).still())[-1]
    assert axes.get_xscale() == "symlog"
    assert axes.get_xlim()[0] == 0
    pixel = axes.transData.transform([(x, 1000) for x in (0, 1, 10, 100)])[:, 0]
    gaps = np.diff(pixel)
    assert gaps.min() > 0.05 * axes.bbox.width
    assert [label.get_text() for label in axes.get_xticklabels()][:3] == ["0", "1", "10"]


def test_the_epoch_axis_is_shared_and_can_be_linear(moving):
    figure = parameters(moving, log=False).still()
    assert {axes.get_xscale() for axes in panels(figure)} == {"linear"}
    assert len({axes.get_xlim() for axes in panels(figure)}) == 1
    assert panels(figure)[0].get_xlim()[1] >= 20_000


def test_a_few_epochs_stand_on_a_linear_axis():
    axes = panels(parameters(held(epochs=1)).still())[0]
    assert axes.get_xscale() == "linear"
    assert axes.get_xlim()[0] == 0


def test_limits_hold_every_record_and_the_goal(awkward):
    figure = parameters(awkward).still()
    values = np.column_stack([awkward.theta, awkward.cost])
    goals = [*awkward.optimum, awkward.best.cost]
    for axes, column, goal in zip(panels(figure), values.T, goals, strict=True):
        low, high = axes.get_ylim()
        assert low < column.min()
        assert column.max() < high
        assert low < goal < high or (axes.get_yscale() == "log" and goal < column.min() / 10)


def test_the_cost_of_a_perfect_fit_does_not_flatten_its_curve():
    history = held(y=1 + X @ [2.0, -3.0], epochs=100, learning_rate="auto")
    axes = panels(parameters(history).still())[-1]
    assert axes.get_yscale() == "log"
    assert axes.get_ylim()[0] > history.cost.min() / 100
    assert any(text.get_text().endswith("↓") for text in axes.texts)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 12])
def test_up_to_twelve_features_all_are_there_and_nothing_overlaps(count):
    figure = parameters(many(count)).still()
    figure.draw_without_rendering()
    assert len(panels(figure)) == count + 2
    boxes = [axes.get_tightbbox() for axes in panels(figure)]
    for i, box in enumerate(boxes):
        assert box.x0 >= -2
        assert box.x1 <= figure.bbox.width + 2
        assert not any(_overlap(box, other) for other in boxes[:i])
    for axes in panels(figure):
        title, value = axes._left_title.get_window_extent(), axes.texts[-1].get_window_extent()
        assert title.x1 < value.x0
        assert axes.bbox.height > 20


def _overlap(a, b):
    return min(a.x1, b.x1) - max(a.x0, b.x0) > 2 and min(a.y1, b.y1) - max(a.y0, b.y0) > 2


def test_the_panels_fill_the_picture():
    for count in (1, 5, 8, 12):
        figure = parameters(many(count)).still()
        boxes = [axes.bbox for axes in panels(figure)]
        right = max(box.x1 for box in boxes)
        assert boxes[-1].x1 == pytest.approx(right, abs=2)
        assert boxes[-1].y0 == pytest.approx(min(box.y0 for box in boxes))


def test_beyond_twelve_the_largest_are_drawn_and_that_is_said():
    figure = parameters(many(14)).still()
    assert [title.split()[-1] for title in titles(figure)[1:-1]] == [f"x{j}" for j in range(12)]
    assert any("12 largest of 14 weights" in text for text in texts(figure))
    assert not any("largest" in text for text in texts(parameters(many(12)).still()))


NAMES = ["fuel consumption (litres)", "distance travelled (metres)"]


@pytest.mark.parametrize("panels_beside", [0, 1, 2, 3])
@pytest.mark.parametrize("names", [NAMES, ["x0", "x1"]])
def test_only_a_name_is_cut_and_no_title_touches_its_value(panels_beside, names):
    scene = parameters(held(names=names))
    for _ in range(panels_beside):
        scene = scene | parameters(scene.history)
    figure = scene.still(1)
    figure.draw_without_rendering()
    for axes in panels(figure):
        title, value = axes._left_title, axes.texts[-1]
        assert title.get_text().startswith(("intercept (fixed)", "weight of ", "w ", "cost"))
        assert title.get_window_extent().x1 < value.get_window_extent().x0


def test_a_million_epochs_are_thinned_to_what_can_be_seen():
    history = descent(epochs=1_000_000)
    started = perf_counter()
    figure = parameters(history).still()
    assert perf_counter() - started < 20
    for axes in panels(figure):
        x = axes.lines[1].get_xdata()
        assert len(x) < 20_000
        assert (x[0], x[-1]) == (0, 1_000_000)
