"""Curves of every parameter against the epoch, and the values to arrive at."""

from itertools import pairwise
from time import perf_counter

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from sklearn.linear_model import LinearRegression

from gdviz.api import fit
from gdviz.core.dataset import Dataset
from gdviz.core.history.record import History
from gdviz.renderers import contour, parameters
from gdviz.renderers.parameters import Curve, _value_axis, most_moving

from ..conftest import X, Y, descent, held, texts


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
    assert titles(figure) == ["intercept", "weight of x0", "weight of x1", "cost (log)"]


def test_what_is_said_below_is_as_wide_as_its_panel(article):
    scene = parameters(article)
    figure = (contour(article) | scene).still()
    figure.draw_without_rendering()
    said = [text for text in figure.findobj(Text) if text.get_text().startswith("epoch (log)")]
    assert len(said) == 1
    box, panel = said[0].get_window_extent(), said[0].get_figure(root=False).bbox
    assert panel.x0 <= box.x0
    assert box.x1 <= panel.x1


def test_what_is_held_is_said_and_not_drawn(article):
    figure = parameters(article).still()
    assert titles(figure) == ["weight of x0", "weight of x1", "cost (log)"]
    assert any("intercept held at 7.23421" in text for text in texts(figure))
    fixed = dict.fromkeys(("x0", "x2", "x4", "x5"), "ols")
    figure = parameters(many(6, fixed=fixed, epochs=20)).still()
    assert titles(figure) == ["intercept", "weight of x1", "weight of x3", "cost (log)"]
    assert any("4 weights held at the optimum" in text for text in texts(figure))


@pytest.mark.parametrize("epoch", [0, 1, 50, 20_000])
def test_curves_run_from_the_start_to_the_frames_epoch(moving, epoch):
    figure = parameters(moving).still(epoch)
    for axes, values in zip(panels(figure), [*moving.theta.T, moving.cost], strict=True):
        _, curve = axes.lines
        x, y = curve.get_data()
        assert (x[0], x[-1]) == (0, epoch)
        np.testing.assert_array_equal(y, values[np.searchsorted(moving.epoch, x)])
        assert (y[-1], curve.get_marker(), curve.get_markevery()) == (values[epoch], "o", [-1])


def numbers(history, epoch):
    """The number over each curve; the cost's stands over the panels."""
    *weights, _ = panels(parameters(history).still(epoch))
    return [axes.texts[-1].get_text() for axes in weights]


def test_each_parameter_is_written_with_four_digits_of_its_goal():
    moving = descent(theta0=[-1, 3, 3], epochs=20_000)
    assert numbers(moving, 0) == ["−1.000", "3.000", "3.000"]
    assert numbers(moving, 19_500) == ["7.210", "−6.754", "−2.073"]
    large = descent(X, 1e4 * Y, theta0=[0.0, 0, 0], learning_rate="auto")
    assert all("," in number and "." not in number for number in numbers(large, 400))


def test_the_cost_is_written_once():
    figure = parameters(descent(theta0=[-1, 3, 3])).still(100)
    assert [text for text in texts(figure) if text.startswith("91.6")] == ["91.68"]


@pytest.mark.parametrize(("epochs", "few"), [(1, True), (59, True), (60, False)])
def test_each_of_up_to_sixty_records_has_its_dot(epochs, few):
    history = held(epochs=epochs)
    for axes in panels(parameters(history).still()):
        _, curve, *here = axes.lines
        assert (curve.get_markevery() is None) == few
        assert len(curve.get_xdata()) == epochs + 1 or not few
        assert len(here) == few
        if few:
            assert here[0].get_markersize() > curve.get_markersize()
            assert list(here[0].get_xdata()) == [epochs]


def test_the_dashed_line_is_the_least_squares_value(moving):
    figure = parameters(moving).still()
    model = LinearRegression().fit(X, Y)
    goals = [axes.lines[0].get_ydata()[0] for axes in panels(figure)]
    cost = np.mean((Y - model.predict(X)) ** 2)
    np.testing.assert_allclose(goals, [model.intercept_, *model.coef_, cost])
    assert all(axes.lines[0].is_dashed() for axes in panels(figure))
    assert {"7.234", "−6.759", "−2.071", "75.64"} <= set(texts(figure))
    assert any("least squares" in text for text in texts(figure))


def test_goals_are_written_as_the_values_before_them():
    large = descent(X, 1234 * Y, learning_rate=0.03, epochs=20_000)
    *weights, cost = panels(parameters(large).still())
    for axes in weights:
        goal, value = (text.get_text() for text in axes.texts)
        assert goal == value
        assert "," in goal
    assert cost.texts[0].get_text().count(",") == 2
    assert not any("k" in axes.texts[0].get_text() for axes in [*weights, cost])


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [(29_000, [5000, 10_000, 20_000]), (70, [5, 10, 20, 50]), (2000, [10, 100, 1000])],
)
def test_a_log_axis_tells_its_scale(highest, ticks):
    axes = Figure().subplots()
    values = np.geomspace(highest, {29_000: 2900, 70: 4.5, 2000: 8}[highest], 5)
    _value_axis(axes, Curve("cost", (values,), values, values[-1], (), str, log=True))
    low, high = axes.get_ylim()
    assert [tick for tick in axes.get_yticks() if low <= tick <= high] == ticks


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
    values = np.column_stack([awkward.weights, awkward.cost])  # the intercept is held
    goals = [*awkward.optimum[1:], awkward.best.cost]
    for axes, column, goal in zip(panels(figure), values.T, goals, strict=True):
        low, high = axes.get_ylim()
        assert low < column.min()
        assert column.max() < high
        assert low < goal < high or (axes.get_yscale() == "log" and goal < column.min() / 10)


def test_the_cost_of_a_perfect_fit_does_not_flatten_its_curve():
    history = held(y=1 + X @ [2.0, -3.0], epochs=100, learning_rate="auto")
    axes = panels(parameters(history).still())[-1]
    assert axes.get_yscale() == "log"
    assert axes.get_ylim()[0] > history.cost.min() / 1000
    assert "0 ↓" in [text.get_text() for text in axes.texts]


def test_in_many_columns_too_a_goal_of_0_on_a_logarithmic_axis_is_said():
    figure = parameters(many(6, epochs=20)).still()
    cost = panels(figure)[-1]
    assert cost.get_yscale() == "log"
    assert titles(figure)[-1] == "cost (log)"
    (goal,) = (text for text in cost.texts)
    assert goal.get_text().startswith("goal ")
    assert goal.get_text().endswith(" ↓")


def test_logarithmic_axes_say_so(moving):
    assert "epoch (log)  ·  ╌ least squares" in texts(parameters(moving).still())
    assert "epoch  ·  ╌ least squares" in texts(parameters(moving, log=False).still())
    assert "epoch  ·  ╌ least squares" in texts(parameters(descent(epochs=3)).still())
    flat = held(theta0=[0.0, -6, -2], epochs=3)
    assert titles(parameters(flat).still())[-1] == "cost"


def test_scaled_features_are_said_once():
    table = Dataset.of(X, Y).scaled("standard")
    said = texts(parameters(fit(table, epochs=3)).still())
    assert sum(text.count("scaled") for text in said) == 1


def test_where_there_is_no_optimum_no_line_is_drawn():
    x = np.array([[-2.0], [-1], [1], [2]])
    table = Dataset.of(x, np.array([0.0, 0, 1, 1]))
    figure = parameters(fit(table, loss="cross-entropy", epochs=5, learning_rate=0.1)).still()
    assert not any(line.is_dashed() for axes in panels(figure) for line in axes.lines)
    assert not any("╌" in text for text in texts(figure))
    assert all(np.isfinite(axes.get_ylim()).all() for axes in panels(figure))


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
        title = axes._left_title.get_window_extent()
        assert all(title.x1 < text.get_window_extent().x0 for text in axes.texts[-1:])
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


def test_beyond_twelve_those_that_move_are_drawn_and_that_is_said():
    figure = parameters(many(14)).still()
    assert len(titles(figure)) == 12 + 2
    assert any("the 12 of 14 weights that move most" in text for text in texts(figure))
    assert not any("move" in text for text in texts(parameters(many(12)).still()))


@pytest.mark.parametrize(("d", "told"), [(13, ""), (14, "the 13 of 14 parameters that move most")])
def test_of_a_function_it_is_said_how_many_are_drawn(d, told):
    path = np.outer([3, 2, 1], np.arange(1.0, d + 1))
    figure = parameters(History.from_arrays(path, objective=lambda theta: theta @ theta)).still()
    assert titles(figure)[:-1] == [f"w{j}" for j in range(d - 13, d)]
    (said,) = [text for text in texts(figure) if text.startswith("epoch") and text != "epoch 2"]
    assert said.partition("  ·  ")[2] == told


def test_weights_that_do_not_move_are_left_out_however_large_they_are():
    rng = np.random.default_rng(0)
    table = rng.normal(size=(60, 20)) * 10.0 ** rng.integers(-3, 3, 20)
    dataset = Dataset.of(table, table @ np.linspace(1, 2, 20))
    still = {f"x{j}": 1e6 for j in (0, 3, 5, 9, 12, 15, 19)}
    figure = parameters(fit(dataset, fixed=still, epochs=20)).still()
    assert len(titles(figure)) == 12 + 2
    assert not any("held" in title for title in titles(figure))


def test_a_weight_that_moves_the_predictions_more_comes_first_whatever_its_unit():
    rng = np.random.default_rng(1)
    table = rng.normal(size=(200, 14))
    y = table @ [*np.full(12, 3.0), 0.1, 0.1]
    units = np.array([1e-6, 1e6] * 7)
    scaled = descent(table * units, y, learning_rate="auto", epochs=3)
    # In these units only the large columns move.
    assert set(np.flatnonzero(units > 1)) <= set(most_moving([scaled]))


NAMES = ["fuel consumption (litres)", "distance travelled (metres)"]


@pytest.mark.parametrize("panels_beside", [0, 1, 2, 3])
@pytest.mark.parametrize("names", [NAMES, ["x0", "x1"]])
def test_only_a_name_is_cut_and_no_title_touches_its_value(panels_beside, names):
    scene = parameters(held(names=names))
    for _ in range(panels_beside):
        scene = scene | parameters(scene.histories[0])
    figure = scene.still(1)
    figure.draw_without_rendering()
    for axes in panels(figure):
        title, name = axes._left_title, axes._left_title.get_text()
        assert name.startswith(("inte", "weight of ", names[0][:2], names[1][:2], "cost (log)"))
        value = axes.texts[-1].get_window_extent()
        assert title.get_window_extent().x1 < value.x0 or name == "cost (log)"


def test_a_million_epochs_are_thinned_to_what_can_be_seen():
    history = descent(epochs=1_000_000)
    started = perf_counter()
    figure = parameters(history).still()
    assert perf_counter() - started < 20
    for axes in panels(figure):
        x = axes.lines[1].get_xdata()
        assert len(x) < 20_000
        assert (x[0], x[-1]) == (0, 1_000_000)


@pytest.mark.parametrize("count", [6, 12])
def test_no_title_runs_over_its_number_however_wide_the_ticks_are(count):
    rng = np.random.default_rng(0)
    table = rng.normal(size=(60, count))
    names = [f"mean fractal dimension number {j}" for j in range(count)]
    y = 100 + table @ np.linspace(-0.001234, -0.1234, count)
    history = descent(table, y, names, learning_rate="auto", epochs=100_000)
    figure = parameters(history).still()
    figure.draw_without_rendering()
    for axes in panels(figure)[:-1]:
        number = axes.texts[-1].get_window_extent()
        assert axes._left_title.get_window_extent().x1 < number.x0
    for axes in panels(figure):
        labels = [tick.label1 for tick in axes.xaxis.get_major_ticks() if tick.label1.get_visible()]
        boxes = [label.get_window_extent() for label in labels if label.get_text()]
        assert all(a.x1 < b.x0 for a, b in pairwise(boxes))


@pytest.mark.parametrize("count", [1, 3, 4, 5, 8, 9, 10, 11, 12])
def test_the_epochs_under_a_column_are_those_of_its_panels(count):
    figure = parameters(many(count, epochs=20)).still()
    figure.draw_without_rendering()
    labelled = [
        axes for axes in panels(figure) if axes.xaxis.get_major_ticks()[0].label1.get_visible()
    ]
    for axes in panels(figure):
        below = [other for other in labelled if other.bbox.y0 <= axes.bbox.y0 + 1]
        nearest = max(
            (o for o in below if o.bbox.x0 < axes.bbox.x1 and axes.bbox.x0 < o.bbox.x1),
            key=lambda other: other.bbox.y0,
        )
        assert nearest.bbox.x0 == pytest.approx(axes.bbox.x0, abs=1)
        assert nearest.bbox.x1 == pytest.approx(axes.bbox.x1, abs=1)
