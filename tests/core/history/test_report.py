"""What a history says of its end is what its numbers are."""

import numpy as np
import pytest

import gdviz
from gdviz import Dataset, History
from gdviz.core.text import plain

LINE = Dataset.of([[-1.0], [0.0], [1.0]], [1.5, 2.0, 5.5])  # y = 3 + 2x is nearest
APART = Dataset.of([1.0, 2, 3, 6, 7, 8], [0, 0, 0, 1, 1, 1])


def replay(*theta, **options):
    return History.from_arrays(theta, dataset=options.pop("dataset", LINE), **options)


def test_the_table_says_how_much_of_each_way_is_left_at_the_end():
    rows = [line.split() for line in str(replay([0, 0], [3.6, 1], [2.7, 1.5])).splitlines()]
    assert ["intercept", "0", "2.7", "3", "10", "%"] in rows
    assert ["x0", "0", "1.5", "2", "25", "%"] in rows


def test_what_arrived_says_for_how_long_it_is_known_to():
    assert (
        replay([0, 0], [3, 2]).outcome == "1 epoch, arrived at epoch 1, as far as its record goes"
    )
    plain_descent = gdviz.fit(LINE, learning_rate=0.2)
    last = plain_descent.epoch[-1]
    assert plain_descent.outcome == f"learning rate 0.2, {last} epochs, arrived at epoch {last}"
    momentum = gdviz.fit(LINE, optimizer="momentum", learning_rate=0.05).outcome
    assert momentum.endswith(" (and stays for 1,000 more steps)")
    there = gdviz.fit(LINE, theta0=[3, 2], learning_rate=0.2, epochs=4)
    assert there.outcome.endswith("arrived (it started at the optimum)")


def test_a_record_that_starts_late_says_its_own_epochs():
    history = replay([0, 0], [1, 1], [3, 2], [3, 2], epoch=[5, 700, 1500, 2000])
    assert history.outcome == "2,000 epochs, arrived at epoch 1,500, as far as its record goes"


def test_the_parameter_that_has_the_longest_way_to_go_is_named():
    assert replay([0, 0], [2, 1.9]).what_is_left == "33 % of the way of intercept is left"
    assert replay([0, 0], [2.9, 1]).what_is_left == "50 % of the way of x0 is left"


def test_what_has_come_a_little_way_never_has_all_of_it_left():
    history = replay([0, 0], [0.006, 1.9])
    assert history.what_is_left == "99.8 % of the way of intercept is left"
    assert ["intercept", "0", "0.006", "3", "99.8", "%"] in [
        line.split() for line in str(history).splitlines()
    ]


def test_where_all_are_near_but_the_score_is_not_the_costs_are_told():
    # From so far away 1 % of the way is much.
    history = replay([1e5, 0], [3.3, 2])
    best = history.best.cost
    assert history.what_is_left == f"the cost is {plain(best + 0.09)}, at the optimum {plain(best)}"
    nearer = replay([1e5, 0], [3.02, 2])  # a cost of 0.0004 more, of 3.17 in all
    assert nearer.converged


@pytest.mark.parametrize(
    ("weights", "left"),
    [([[0, 0], [-4.5, 1]], None), ([[0, 0], [0.1, -1]], "100 %"), ([[0, 0], [0, 0]], "100 %")],
)
def test_where_no_weights_are_best_the_share_of_the_cost_is_told(weights, left):
    history = replay(*weights, dataset=APART, loss="cross-entropy")
    left = left or f"{100 * history.cost[1] / np.log(2):.2g} %"
    assert history.what_is_left == f"{left} of the cost that can go is left"
    far = replay([-9.0, 2], [-2.25, 0.5], dataset=APART, loss="cross-entropy")
    assert far.what_is_left.startswith("100 %")
    near = replay([45.0, -10], [20, -4], [-4.5, 1], dataset=APART, loss="cross-entropy")
    share = f"{100 * near.cost[-1] / near.cost[0]:.2g} %"
    assert near.what_is_left.startswith(share)


def test_where_nothing_of_the_cost_was_left_at_the_start_nothing_is():
    history = replay([-4.5e5, 1e5], [-4.5e5 - 9, 1e5 + 2], dataset=APART, loss="cross-entropy")
    assert history.gap[0] == 0
    assert history.what_is_left == "0 % of the cost that can go is left"


def test_where_no_minimum_is_known_the_table_tells_of_none():
    history = History.from_arrays([[2] * 12, [1] * 12], objective=lambda theta: theta @ theta)
    *_, names, first = str(history).splitlines()[:5]
    assert names.split() == ["start", "end"]
    assert first.split() == ["w0", "2", "1"]
    assert "cost     48   12" in str(history).splitlines()


def test_of_many_weights_those_are_told_that_moved_most():
    path = np.outer([0, 1], np.arange(50))
    said = str(History.from_arrays(path, objective=lambda theta: theta @ theta)).splitlines()
    rows = [line.split()[0] for line in said if line.startswith("w")]
    assert rows == [f"w{j}" for j in range(38, 50)]
    assert said[16] == "and 38 parameters that moved less"
    assert said[17].split()[0] == "cost"
    wide = Dataset.of(np.random.default_rng(0).normal(size=(60, 40)), np.arange(60.0))
    assert "x39" in str(gdviz.fit(wide, epochs=2))  # of a table all are told
