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
from gdviz.renderers import contour, parameters
from gdviz.renderers.parameters import _value_axis
from gdviz.views.parameters import Curve, parameters_of
from gdviz.views.value_axis import value_range

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


def test_the_legend_is_written_under_the_curves(article):
    figure = parameters(article).still()
    said = "\n".join(texts(figure))
    for phrase in parameters_of({"": article}).legend:
        assert phrase in said


def test_the_present_value_stands_over_each_curve_but_the_costs(moving):
    *weights, cost = panels(parameters(moving).still(100))
    *curves, _ = parameters_of({"": moving}).curves
    for axes, curve in zip(weights, curves, strict=True):
        assert axes.texts[-1].get_text() == curve.write(float(curve.values[0][100]))
    assert len(cost.texts) == 1  # its goal


@pytest.mark.parametrize("epoch", [0, 1, 50, 20_000])
def test_curves_run_from_the_start_to_the_frames_epoch(moving, epoch):
    figure = parameters(moving).still(epoch)
    for axes, values in zip(panels(figure), [*moving.theta.T, moving.cost], strict=True):
        _, curve = axes.lines
        x, y = curve.get_data()
        assert (x[0], x[-1]) == (0, epoch)
        np.testing.assert_array_equal(y, values[np.searchsorted(moving.epoch, x)])
        assert (y[-1], curve.get_marker(), curve.get_markevery()) == (values[epoch], "o", [-1])


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


@pytest.mark.parametrize(
    ("highest", "lowest", "ticks"),
    [
        (29_000, 2900, [5000, 10_000, 20_000]),
        (70, 4.5, [5, 10, 20, 50]),
        (2000, 8, [10, 100, 1000]),
    ],
)
def test_a_log_axis_tells_its_scale(highest, lowest, ticks):
    axes = Figure().subplots()
    limits = value_range(np.geomspace(highest, lowest, 5), lowest, log=True)
    _value_axis(axes, Curve("cost (log)", (), (), lowest, limits, str, log=True))
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


def test_axes_are_as_the_view_has_them(awkward):
    figure, view = parameters(awkward).still(), parameters_of({"": awkward})
    figure.draw_without_rendering()
    for axes, curve in zip(panels(figure), view.curves, strict=True):
        assert axes.get_ylim() == curve.limits
        assert axes.get_yscale() == ("log" if curve.log else "linear")
        goals = [line.get_ydata()[0] for line in axes.lines if line.is_dashed()]
        np.testing.assert_array_equal(goals, [curve.goal])
        assert {curve.goal_text, f"{curve.goal_text} ↓"} & {text.get_text() for text in axes.texts}
        assert axes.get_xlim() == (0, view.axis.end)


def test_a_goal_below_the_axis_is_pointed_at():
    history = held(y=1 + X @ [2.0, -3.0], epochs=100, learning_rate="auto")
    axes = panels(parameters(history).still())[-1]
    assert axes.get_yscale() == "log"
    assert "0 ↓" in [text.get_text() for text in axes.texts]


def test_in_many_columns_too_a_goal_of_0_on_a_logarithmic_axis_is_said():
    figure = parameters(many(6, epochs=20)).still()
    cost = panels(figure)[-1]
    assert cost.get_yscale() == "log"
    assert titles(figure)[-1] == "cost (log)"
    (goal,) = (text for text in cost.texts)
    assert goal.get_text().startswith("goal ")
    assert goal.get_text().endswith(" ↓")


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
    for axes, curve in zip(panels(figure), parameters_of({"": history}).curves, strict=True):
        np.testing.assert_array_equal(axes.lines[1].get_xdata(), history.epoch[curve.drawn(0)])


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
