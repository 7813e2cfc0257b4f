"""The table of several runs: who arrived when, and what was equal."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gdviz
from gdviz.views.caption import caption_of
from gdviz.views.standings import standings_of

from ..conftest import X, Y, descent, held, separable

RATES = {"slow": 0.001, "quick": 0.02, "wild": 0.05}


@pytest.fixture(scope="module")
def runs():
    return {name: held(learning_rate=rate, epochs=200) for name, rate in RATES.items()}


def phrases(*histories):
    """What is said under the panels of runs a, b, …"""
    return standings_of(dict(zip("abcdefgh", histories, strict=False))).footer.phrases


def test_a_run_says_when_it_arrived_from_then_on_and_where_it_stopped(runs):
    slow, quick, wild = standings_of(runs).runs
    at = runs["quick"].arrival
    assert quick.ending_at(at - 1) == ""
    for record in (at, len(quick.epoch) - 1):
        assert quick.ending_at(record) == f"arrived at {quick.epoch[at]}"
    assert not runs["slow"].converged
    assert (slow.ending_at(199), slow.ending_at(200)) == ("", "stopped at 200")
    last = len(wild.epoch) - 1
    assert (wild.ending_at(last - 1), wild.ending_at(last)) == ("", "diverged")


def test_the_epoch_is_the_last_of_all_that_a_frame_shows():
    view = standings_of({"short": held(epochs=3), "long": held(epochs=9)})
    assert [view.epoch_text(epoch) for epoch in (0, 2.5, 7, 99)] == [
        *("epoch 0", "epoch 2", "epoch 7", "epoch 9")
    ]


def test_costs_have_four_digits_of_the_least_and_the_same_decimals(runs):
    view = standings_of(runs)
    least = runs["quick"].best.cost
    assert float(view.write(least)) == pytest.approx(least, rel=5e-4)
    assert view.least == f"cost · least squares {view.write(least)}"
    written = [view.write(cost) for run in view.runs for cost in run.cost]
    assert {len(one.partition(".")[2]) for one in written if "e" not in one} == {2}


def test_one_that_diverges_does_not_change_how_the_others_are_written():
    calm, wild = held(y=1e3 * Y), held(y=1e3 * Y, learning_rate=0.05, epochs=200)
    assert wild.cost.max() > 1e10
    view = standings_of({"calm": calm, "wild": wild})
    assert view.write(calm.cost[-1]) == standings_of({"calm": calm}).write(calm.cost[-1])


def test_several_minima_have_no_one_least_cost():
    fits = [gdviz.fit("function:rastrigin", theta0=theta, epochs=50) for theta in ((1, 1), (2, 2))]
    assert not np.isclose(*(history.best.cost for history in fits))
    assert standings_of(dict(zip("ab", fits, strict=True))).least == "cost"


def test_a_least_cost_is_told_only_where_it_is_one(runs):
    assert standings_of({"six": held(epochs=3), "five": held(X[:5], Y[:5], epochs=3)}).least == ""
    assert standings_of({"a": separable(), "b": separable()}).least == "no optimum"


def test_a_minimum_that_is_not_known_is_not_said_to_be_none():
    bowl = gdviz.Function(lambda *theta: sum(x**4 for x in theta), names=[*"abcdefghijkl"])
    runs = [gdviz.fit(bowl, theta0=np.ones(12), epochs=n, learning_rate=0.01) for n in (3, 5)]
    assert not any(run.best.exists for run in runs)
    assert standings_of(dict(zip("ab", runs, strict=True))).least == "minimum not known"


def test_what_was_equal_is_said():
    table = replace(gdviz.Dataset.of(X, Y), source="a.csv")
    pair = [gdviz.fit(table, learning_rate=rate, epochs=9) for rate in (0.001, 0.002)]
    assert phrases(*pair) == [
        *("y in a.csv, 6 rows", "mean squared error", "gradient descent"),
        *("same start", "9 epochs each"),
    ]
    start = phrases(held(epochs=9), held(epochs=9, theta0=[0, 1, 1], optimizer="adam"))
    assert start[-3:] == ["learning rate 0.001", "different starts", "9 epochs each"]
    assert "gradient descent" not in " ".join(start)


def test_of_batches_at_one_rate_the_rate_is_said():
    said = phrases(descent(epochs=5), descent(epochs=5, batch_size=4))
    assert "gradient descent, learning rate 0.001" in said


def test_rates_that_differ_in_their_fourth_digit_are_not_said_to_be_equal():
    said = phrases(held(epochs=5), held(epochs=5, learning_rate=0.0010001))
    assert "gradient descent" in said


def test_of_other_tables_only_what_is_equal_is_said():
    assert phrases(held(epochs=9), held(X[:5], Y[:5], epochs=9)) == [
        *("mean squared error", "gradient descent, learning rate 0.001", "9 epochs each")
    ]
    other = descent(target="z", epochs=9)
    assert phrases(descent(epochs=9), other)[0] == "6 rows"


def test_where_nothing_is_equal_nothing_is_said():
    function = gdviz.fit("function:himmelblau", optimizer="adam", epochs=30)
    assert phrases(held(epochs=9), function) == []


def test_gradient_evaluations_are_told_where_they_differ():
    whole, batches = descent(epochs=5), descent(batch_size=4, epochs=5)
    steps = descent(batch_size=4, epochs=5, record="step")
    assert phrases(whole, batches)[-1] == "gradient evaluations: a 5, b 10"
    assert "10 steps each" in phrases(steps, steps)
    longer = descent(batch_size=4, epochs=7, record="step")
    assert not any("evaluations" in part for part in phrases(steps, longer))
    # Where each epoch is one gradient, the table says it.
    assert not any("evaluations" in part for part in phrases(whole, descent(epochs=7)))


POOL = [
    lambda: held(epochs=9),
    lambda: held(X[:5], Y[:5], epochs=9),
    lambda: held(epochs=9, optimizer="adam", learning_rate=0.1),
    lambda: held(epochs=4, learning_rate=0.002),
    lambda: held(epochs=4, batch_size=2, loss="huber:delta=2"),
    lambda: descent(target="z", epochs=9, batch_size=2, theta0=[0, 1, 1]),
    lambda: gdviz.fit("function:himmelblau", epochs=9),
    lambda: gdviz.fit("function:beale", optimizer="adam", epochs=9),
]


@pytest.fixture(scope="module")
def pool():
    return [make() for make in POOL]


@given(chosen=st.lists(st.integers(0, len(POOL) - 1), min_size=2, max_size=5))
def test_what_is_said_of_all_is_said_of_each(pool, chosen):
    footer = standings_of({str(i): pool[k] for i, k in enumerate(chosen)}).footer
    told = {"same start", "different starts", "4 epochs each", "9 epochs each"}
    for history in (pool[k] for k in chosen):
        alone = caption_of(history).footer
        assert footer.target in ("", alone.target)
        if footer.target:
            assert footer.parts[0] == alone.parts[0]
        for part in footer.parts:
            assert part in told or part in alone.parts or part in alone.parts[-1]


def test_what_a_film_of_several_shows_in_a_sentence(runs):
    sentence = standings_of(runs).said
    assert sentence.startswith("a comparison of 3 descents; y in 6 rows; mean squared error;")
    assert f"quick: cost {runs['quick'].cost[-1]:,.2f}, arrived at" in sentence
    assert sentence.endswith(f"wild: cost {runs['wild'].cost[-1]:,.2f}, diverged")
