"""Curves of every parameter against the epoch: which, how far, and what is said of them."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

import gdviz
from gdviz.core.dataset import Dataset
from gdviz.views.parameters import most_moving, parameters_of

from ..conftest import X, Y, descent, held


def of(history, **options):
    return parameters_of({"": history}, **options)


def names(view):
    return [curve.name for curve in view.curves]


def many(count, rows=60, **options):
    """A descent on `count` features, the weights of which grow from the last to the first."""
    table = np.random.default_rng(0).normal(size=(rows, count))
    return descent(table, table @ np.arange(count, 0, -1.0), learning_rate="auto", **options)


def test_one_curve_a_parameter_and_one_for_the_cost(moving):
    view = of(moving)
    assert names(view) == ["intercept", "x0", "x1", "cost (log)"]
    assert [curve.is_weight for curve in view.curves] == [False, True, True, False]
    assert [curve.is_cost for curve in view.curves] == [False, False, False, True]
    for curve, values in zip(view.curves, [*moving.theta.T, moving.cost], strict=True):
        np.testing.assert_array_equal(curve.values, [values])
        np.testing.assert_array_equal(curve.epochs, [moving.epoch])


def test_parameters_of_a_function_are_no_weights():
    view = of(gdviz.fit("function:beale", epochs=20))
    assert not any(curve.is_weight for curve in view.curves)
    assert len(view.curves) == 3


def test_what_is_held_is_said_and_not_drawn(article):
    view = of(article)
    assert names(view) == ["x0", "x1", "cost (log)"]
    assert "intercept held at 7.23421" in view.legend
    fixed = dict.fromkeys(("x0", "x2", "x4", "x5"), "ols")
    view = of(many(6, fixed=fixed, epochs=20))
    assert names(view) == ["intercept", "x1", "x3", "cost (log)"]
    assert "4 weights held at the optimum" in view.legend


def written(history, record):
    """The number over each curve; the cost's stands over the panels."""
    told = [curve for curve in of(history).curves if curve.told]
    return [curve.write(float(curve.values[0][record])) for curve in told]


def test_each_parameter_is_written_with_four_digits_of_its_goal():
    moving = descent(theta0=[-1, 3, 3], epochs=20_000)
    assert written(moving, 0) == ["−1.000", "3.000", "3.000"]
    assert written(moving, 19_500) == ["7.210", "−6.754", "−2.073"]
    large = descent(X, 1e4 * Y, theta0=[0.0, 0, 0], learning_rate="auto")
    assert all("," in number and "." not in number for number in written(large, 400))


def test_a_goal_of_almost_0_does_not_make_numbers_long():
    history = descent(y=1 + X @ [2.0, 1e-13], theta0=[5.0, 5, 5], learning_rate=0.02, epochs=9)
    weight = of(history).curves[2]
    assert abs(weight.goal) < 1e-9
    assert weight.write(5.0).startswith("5.0")
    assert len(weight.write(5.0)) <= 8


def test_costs_are_written_with_the_digits_of_the_run_that_comes_lowest():
    perfect = {"y": 1 + X @ [2.0, -3.0], "learning_rate": 0.02}
    brief, long = held(**perfect, epochs=2), held(**perfect, epochs=200)
    assert long.cost.min() < 1e-3 * brief.cost.min()
    few, many = (of(run).curves[-1].write(1.0) for run in (brief, long))
    assert few != many
    for runs in ({"a": brief, "b": long}, {"b": long, "a": brief}):
        assert parameters_of(runs).curves[-1].write(1.0) == many


def test_of_several_runs_no_value_is_told():
    runs = {"a": held(epochs=3), "b": held(epochs=5)}
    assert not any(curve.told for curve in parameters_of(runs).curves)


@pytest.mark.parametrize(("epochs", "few"), [(1, True), (59, True), (60, False)])
def test_each_of_up_to_sixty_records_has_its_dot(epochs, few):
    for curve in of(held(epochs=epochs)).curves:
        assert curve.dotted(0) == few
        assert len(curve.drawn(0)) == epochs + 1 or not few


def test_a_million_epochs_are_thinned_to_what_can_be_seen():
    for curve in of(descent(epochs=1_000_000)).curves:
        drawn = curve.drawn(0)
        assert len(drawn) < 20_000
        assert (drawn[0], drawn[-1]) == (0, 1_000_000)


def test_the_goal_is_the_least_squares_value(moving):
    view, model = of(moving), LinearRegression().fit(X, Y)
    cost = np.mean((Y - model.predict(X)) ** 2)
    goals = [curve.goal for curve in view.curves]
    np.testing.assert_allclose(goals, [model.intercept_, *model.coef_, cost])
    assert [curve.goal_text for curve in view.curves] == ["7.234", "−6.759", "−2.071", "75.64"]
    assert "╌ least squares" in view.legend


def test_goals_are_written_as_the_values_before_them():
    large = descent(X, 1234 * Y, learning_rate=0.03, epochs=20_000)
    *weights, cost = of(large).curves
    for curve in weights:
        assert curve.goal_text == curve.write(float(curve.values[0][-1]))
        assert "," in curve.goal_text
    assert cost.goal_text.count(",") == 2
    assert not any("k" in curve.goal_text for curve in [*weights, cost])


def test_where_there_is_no_optimum_there_is_no_goal():
    x = np.array([[-2.0], [-1], [1], [2]])
    table = Dataset.of(x, np.array([0.0, 0, 1, 1]))
    view = of(gdviz.fit(table, loss="cross-entropy", epochs=5, learning_rate=0.1))
    assert all(np.isnan(curve.goal) for curve in view.curves)
    assert all(np.isfinite(curve.limits).all() for curve in view.curves)
    assert not any("╌" in phrase for phrase in view.legend)


def test_runs_into_different_basins_have_no_goal_in_common():
    f = gdviz.Function(lambda u: (u**2 - 1) ** 2, start=(2.0,))
    runs = {str(s): gdviz.fit(f, theta0=[s], learning_rate=0.02, epochs=300) for s in (-2.0, 2.0)}
    parameter, cost = parameters_of(runs).curves
    assert np.isnan(parameter.goal)
    assert cost.goal == pytest.approx(0, abs=1e-12)


def test_where_one_of_several_runs_has_no_optimum_there_is_no_goal():
    f = gdviz.Function(lambda u: u**3 - 3 * u, start=(0.5,))
    falls = gdviz.fit(f, theta0=[-3.0], learning_rate=1e-3, epochs=20)
    stays = gdviz.fit(f, theta0=[0.5], learning_rate=1e-3, epochs=20)
    assert not falls.best.exists
    assert of(stays).curves[0].goal == pytest.approx(1)
    for runs in ({"a": falls, "b": stays}, {"b": stays, "a": falls}):
        assert all(np.isnan(curve.goal) for curve in parameters_of(runs).curves)


def test_limits_hold_every_record_and_the_goal(awkward):
    view = of(awkward)
    values = np.column_stack([awkward.weights, awkward.cost])  # the intercept is held
    goals = [*awkward.optimum[1:], awkward.best.cost]
    for curve, column, goal in zip(view.curves, values.T, goals, strict=True):
        low, high = curve.limits
        assert low < column.min()
        assert column.max() < high
        assert low < goal < high or (curve.log and goal < column.min() / 10)
        assert curve.leaves(0) == len(column)


def test_a_run_that_diverges_leaves_the_axes_of_the_others():
    tame, wild = held(epochs=50), held(learning_rate=0.05, epochs=50)
    curves = parameters_of({"tame": tame, "wild": wild}).curves
    start = np.array([wild.weights[0, 0], wild.weights[0, 1], wild.cost[0]])
    for curve, first, alone in zip(curves, start, of(tame).curves, strict=True):
        assert curve.leaves(0) == len(tame.epoch)
        k = curve.leaves(1)
        low, high = curve.limits
        inside = (curve.values[1] >= low) & (curve.values[1] <= high)
        assert inside[:k].all()
        assert not inside[k]
        assert low <= first <= high
        assert curve.limits == alone.limits  # both start at the same point
    both = parameters_of({"a": wild, "b": held(learning_rate=0.06, epochs=50)}).curves
    assert all(curve.leaves(run) == len(curve.values[run]) for curve in both for run in (0, 1))


def test_the_cost_of_a_perfect_fit_does_not_flatten_its_curve():
    history = held(y=1 + X @ [2.0, -3.0], epochs=100, learning_rate="auto")
    cost = of(history).curves[-1]
    assert cost.log
    assert cost.limits[0] > history.cost.min() / 1000
    assert cost.goal_text == "0"
    assert cost.goal < cost.limits[0]


def test_a_cost_that_falls_little_has_a_linear_axis_without_ticks_of_its_own():
    cost = of(held(theta0=[0.0, -6, -2], epochs=3)).curves[-1]
    assert (cost.name, cost.log, cost.ticks) == ("cost", False, ())


def test_logarithmic_axes_say_so(moving):
    assert of(moving).legend == ("epoch (log)", "╌ least squares")
    assert of(moving, log=False).legend == ("epoch", "╌ least squares")
    assert of(descent(epochs=3)).legend == ("epoch", "╌ least squares")


@pytest.mark.parametrize(("epochs", "log"), [(1, False), (10, False), (11, True)])
def test_a_few_epochs_stand_on_a_linear_axis(epochs, log):
    axis = of(held(epochs=epochs)).axis
    assert axis.log == log
    assert epochs < axis.end


def test_the_axis_of_the_epochs_holds_the_longest_run():
    runs = {str(n): held(epochs=n) for n in (5, 70)}
    assert 70 < parameters_of(runs).axis.end < 100


def test_scaled_features_are_said_once():
    table = Dataset.of(X, Y).scaled("standard")
    assert of(gdviz.fit(table, epochs=3)).legend.count("features scaled") == 1


@pytest.mark.parametrize(("features", "columns"), [(1, 1), (2, 1), (3, 2), (8, 2), (9, 3), (14, 3)])
def test_many_curves_stand_in_several_columns(features, columns):
    assert of(many(features, epochs=20)).columns == columns


def test_in_three_columns_every_second_power_of_ten_is_named():
    assert of(many(8, epochs=10**5)).axis.ticks == (0, 1, 10, 100, 1000, 1e4, 1e5)
    assert of(many(9, epochs=10**5)).axis.ticks == (0, 1, 100, 1e4)


def test_beyond_twelve_those_that_move_are_drawn_and_that_is_said():
    for count in (13, 14):
        view = of(many(count))
        assert len(view.curves) == 12 + 2
        assert f"the 12 of {count} weights that move most" in view.legend
    assert not any("move" in phrase for phrase in of(many(12)).legend)


@pytest.mark.parametrize(
    ("d", "told"), [(13, ()), (14, ("the 13 of 14 parameters that move most",))]
)
def test_of_a_function_it_is_said_how_many_are_drawn(d, told):
    path = np.outer([3, 2, 1], np.arange(1.0, d + 1))
    view = of(gdviz.History.from_arrays(path, objective=lambda theta: theta @ theta))
    assert names(view)[:-1] == [f"w{j}" for j in range(d - 13, d)]
    assert view.legend[1:] == told


def test_weights_that_do_not_move_are_left_out_however_large_they_are():
    rng = np.random.default_rng(0)
    table = rng.normal(size=(60, 20)) * 10.0 ** rng.integers(-3, 3, 20)
    dataset = Dataset.of(table, table @ np.linspace(1, 2, 20))
    still = {f"x{j}": 1e6 for j in (0, 3, 5, 9, 12, 15, 19)}
    view = of(gdviz.fit(dataset, fixed=still, epochs=20))
    assert len(view.curves) == 12 + 2
    assert not {*names(view)} & {*still}


def test_a_weight_that_moves_the_predictions_more_comes_first_whatever_its_unit():
    rng = np.random.default_rng(1)
    table = rng.normal(size=(200, 14))
    y = table @ [*np.full(12, 3.0), 0.1, 0.1]
    units = np.array([1e-6, 1e6] * 7)
    scaled = descent(table * units, y, learning_rate="auto", epochs=3)
    # In these units only the large columns move.
    assert set(np.flatnonzero(units > 1)) <= set(most_moving([scaled]))
    tiny = Dataset.of(table * [1e-9, 1e-9, *np.ones(12)], y)
    path = np.zeros((2, 15))
    path[1] = [0, 1e3, 1e3, *np.ones(12)]
    moved = gdviz.History.from_arrays(path, dataset=tiny)
    np.testing.assert_array_equal(most_moving([moved]), np.arange(2, 14))


def test_of_a_function_the_thirteen_parameters_that_move_most_are_drawn():
    bowl = gdviz.Function(lambda t: (t**2).sum(axis=-1), start=np.zeros(19), whole=True)
    path = np.linspace(1, 0, 5)[:, None] * np.arange(19)
    view = of(gdviz.History.from_arrays(path, objective=bowl))
    assert len(view.curves) == 13 + 1
    spans = [np.ptp(curve.values[0]) for curve in view.curves[:-1]]
    assert spans == pytest.approx(np.arange(6, 19))


def test_runs_on_different_grounds_are_refused():
    with pytest.raises(ValueError, match="one parameters has one ground: draw them side by side"):
        parameters_of({"a": held(epochs=3), "b": held(y=2 * Y, epochs=3)})
