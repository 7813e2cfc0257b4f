"""What is left for each run: shares of the start, and ranges that hold them."""

import numpy as np
import pytest

from gdviz import Function, History, compare, fit
from gdviz.views.progress import HIGHEST, LOWEST, progress_of

from ..conftest import X, Y, held, separable

RATES = {"slow": 0.001, "quick": 0.02, "wild": 0.05}


@pytest.fixture(scope="module")
def view():
    return progress_of({name: held(learning_rate=r, epochs=200) for name, r in RATES.items()})


def test_left_is_the_distance_over_the_starts_each_parameter_in_its_size(view):
    history = held(learning_rate=0.001, epochs=200)
    size = Y.std() / np.sqrt((X**2).mean(axis=0))
    away = (history.weights - history.optimum[1:]) / size
    expected = np.hypot(*away.T) / np.hypot(*away[0])
    assert view.traces[0].left == pytest.approx(expected, rel=1e-9)
    assert view.traces[0].left[0] == 1


def test_every_run_begins_at_the_whole_of_its_own_way():
    runs = compare("function:himmelblau", starts=[[0, 0], [-1, -1], [3, -1]])
    assert [trace.left[0] for trace in progress_of(runs).traces] == [1, 1, 1]


def test_the_cost_left_is_the_gap_over_the_starts():
    history = held(epochs=50)
    view = progress_of({"one": history}, measure="cost")
    assert view.traces[0].left == pytest.approx(history.gap / history.gap[0], rel=1e-12)
    assert view.title[0] == "cost to go"


def test_without_an_optimum_it_is_the_cost():
    view = progress_of({"one": separable()})
    assert view.measure == "cost"
    assert (np.diff(view.traces[0].left) < 0).all()


@pytest.mark.parametrize(
    ("lift", "title"), [(1.0, "cost"), (0.0, "cost"), (-1.0, "cost above the")]
)
def test_without_a_known_minimum_no_run_seems_to_arrive_at_its_own_end(lift, title):
    """Among more than ten parameters no minimum is looked for."""
    away = np.linspace(1, 0.2, 9)[:, None] * np.ones(12)
    ends = {"near": away, "far": away[:3]}
    runs = {
        label: History.from_arrays(path, objective=lambda theta: theta @ theta + lift)
        for label, path in ends.items()
    }
    view = progress_of(runs)
    least = min(0.0, runs["near"].cost[-1])
    assert view.title[0].startswith(title)
    for trace, history in zip(view.traces, runs.values(), strict=True):
        assert trace.left == pytest.approx((history.cost - least) / (history.cost[0] - least))
    assert view.traces[1].left[-1] > 0.5


def test_a_descent_that_starts_at_the_optimum_has_nothing_left():
    view = progress_of({"one": held(theta0=held().optimum, epochs=3)})
    assert np.isfinite(view.traces[0].left).all()
    assert view.traces[0].arrived == 0


def test_the_range_holds_what_does_not_diverge_and_is_not_stretched_by_what_does(view):
    low, high = view.range
    traces = {trace.label: trace for trace in view.traces}
    for name in ("slow", "quick"):
        left = traces[name].left
        assert high > left.max()
        assert low < max(left[-1], LOWEST)
    assert traces["wild"].left.max() > HIGHEST
    assert high < 2


def test_what_overshoots_is_seen_whole():
    bowl = Function(lambda u, v: u**2 + v**2, start=(1.0, 1.0))
    swing = fit(bowl, optimizer="adam", learning_rate=5.0, epochs=50)
    view = progress_of({"swing": swing})
    assert view.traces[0].left.max() > 1
    assert view.range[1] > view.traces[0].left.max() > 1.5


def test_a_swing_past_the_optimum_is_cut_off_below():
    bowl = Function(lambda u: u**2, start=(1.0,))
    path = [[1.0], [0.5], [1e-9], [-0.01]]
    view = progress_of({"swing": History.from_arrays(path, objective=bowl)})
    assert view.traces[0].left == pytest.approx([1, 0.5, 1e-9, 0.01], rel=1e-6)
    assert 1e-9 < view.range[0] < 0.01


def test_a_run_is_where_its_last_record_put_it(view):
    slow, _, wild = view.traces
    assert [slow.at(epoch) for epoch in (-1, 0, 7, 7.9, 1e6)] == [0, 0, 7, 7, 200]
    assert wild.at(1e6) == len(wild.epoch) - 1


def test_who_arrived_or_diverged_is_as_the_history_says(view):
    slow, quick, wild = view.traces
    history = held(learning_rate=RATES["quick"], epochs=200)
    assert (slow.arrived, quick.arrived, wild.arrived) == (None, history.arrival, None)
    assert [trace.diverged for trace in view.traces] == [False, False, True]


@pytest.mark.parametrize(("longest", "log"), [(200, False), (300, True)])
def test_the_epochs_are_on_a_logarithmic_axis_where_some_are_much_longer(longest, log):
    bowl = Function(lambda u, v: u**2 + v**2, start=(1.0, 0.5))
    runs = {str(n): fit(bowl, epochs=n, learning_rate=1e-3) for n in (10, longest)}
    view = progress_of(runs)
    assert view.axis.log == log
    assert view.axis.label == ("epoch (log)" if log else "epoch")
    assert longest < view.axis.end < 1.5 * longest


def test_what_is_drawn_has_a_place_on_a_logarithmic_axis():
    bowl = Function(lambda u: u**2, start=(1.0,))
    view = progress_of({"": History.from_arrays([[1.0], [0.0], [0.5]], objective=bowl)})
    (trace,) = view.traces
    assert trace.left[1] == 0
    low, high = view.range
    assert view.curve(trace).tolist() == [1, low / 2, 0.5]
    assert all(low <= tick <= high for tick in view.ticks)
    assert view.ticks


def test_a_run_leaves_where_it_is_first_above_the_picture(view):
    slow, quick, wild = view.traces
    assert (view.leaves(slow), view.leaves(quick)) == (None, None)
    k = view.leaves(wild)
    assert wild.left[k] > view.range[1] >= wild.left[:k].max()


def test_a_long_run_is_thinned_to_what_can_be_seen():
    view = progress_of({"": held(epochs=200_000)})
    drawn = view.drawn(view.traces[0])
    assert len(drawn) < 20_000
    assert (drawn[0], drawn[-1]) == (0, 200_000)
