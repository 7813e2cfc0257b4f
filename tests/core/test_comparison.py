"""Descents that differ in one thing: all else is equal, and who arrived when is told in order."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from gdviz import Function, compare, fit, read_table
from gdviz.core.comparison import LONGER, MOST_RUNS, in_units, ranked, standing, what_is_equal

RENT = Path(__file__).parents[2] / "gallery" / "data" / "rent.csv"
HELD = {"fixed_intercept": "ols"}


@pytest.fixture(scope="module")
def rent():
    return read_table(RENT)


@pytest.fixture(scope="module")
def rates(rent):
    return compare(rent, learning_rates=["0.1/L", "1/λ", "1.9/λmax", "2.1/L", 2e-4], **HELD)


def hessian(dataset):
    """λ of the two weights, from scipy's point of view: X'X of the columns as they are."""
    return np.linalg.eigvalsh(2 * dataset.X.T @ dataset.X / dataset.n_samples)


def test_rates_in_units_are_shares_of_the_reciprocal_of_the_largest_curvature(rent, rates):
    expected = [factor / hessian(rent).max() for factor in (0.1, 1, 1.9, 2.1)]
    found = [history.learning_rate for history in rates.values()]
    assert found == pytest.approx([*expected, 2e-4], rel=1e-12)
    assert [*rates] == ["0.1/λmax", "1/λmax", "1.9/λmax", "2.1/λmax", "rate 0.0002"]


def test_each_run_is_what_a_fit_of_its_own_records(rent, rates):
    alone = fit(rent, learning_rate=rates["1.9/λmax"].learning_rate, **HELD)
    assert_array_equal(rates["1.9/λmax"].theta, alone.theta)
    assert rates["1.9/λmax"].arrival == alone.arrival


def test_only_what_is_above_two_diverges_and_it_is_no_warning(rates):
    assert [label for label, run in rates.items() if run.diverged] == ["2.1/λmax"]


def test_all_but_what_varies_is_equal(rates):
    starts, held = zip(*((run.theta[0], run.held) for run in rates.values()), strict=True)
    assert all(np.array_equal(start, starts[0]) for start in starts)
    assert all(one == held[0] for one in held)
    assert len({id(run.objective) for run in rates.values()}) == 1


def test_each_optimizer_gets_the_rate_of_auto_and_its_label_names_it(rent):
    runs = compare(rent, optimizers=["gd", "Momentum:decay=0.5", "adam"], **HELD)
    for text, history in zip(["gd", "momentum:decay=0.5", "adam"], runs.values(), strict=True):
        auto = fit(rent, optimizer=text, learning_rate="auto", **HELD)
        assert history.learning_rate == auto.learning_rate
        assert_array_equal(history.theta, auto.theta)
    plain, momentum, adam = runs
    assert plain == f"plain, rate {runs[plain].learning_rate:.2g}"
    assert momentum.startswith("momentum, decay 0.5, rate ")
    assert adam == f"adam, rate {runs[adam].learning_rate:g}"


def test_a_rate_that_is_given_is_that_of_all_and_in_no_label(rent):
    runs = compare(rent, optimizers=["gd", "nesterov"], learning_rate=1e-4, **HELD)
    assert [*runs] == ["plain", "nesterov"]
    assert {run.learning_rate for run in runs.values()} == {1e-4}


def test_starts_have_one_rate(rent):
    runs = compare(rent, starts=[[0, 0, 0], [5e4, 3, 3]], optimizer="adam", **HELD)
    own = [
        fit(rent, theta0=start, optimizer="adam", learning_rate="auto", **HELD).learning_rate
        for start in ([0, 0, 0], [5e4, 3, 3])
    ]
    assert {run.learning_rate for run in runs.values()} == {min(own)}
    assert [*runs] == ["from (0, 0)", "from (3, 3)"]
    assert_array_equal(runs["from (3, 3)"].theta[0, 1:], [3, 3])


def test_starts_that_differ_only_in_what_is_held_are_refused(rent):
    with pytest.raises(ValueError, match=r"\(0, 1, 1\) and from \(5, 1, 1\) differ in nothing"):
        compare(rent, starts=[[0, 1, 1], [5, 1, 1]], **HELD)
    assert len(compare(rent, starts=[[0, 1, 1], [5, 1, 1]], epochs=5)) == 2


def test_a_start_has_a_number_for_every_parameter(rent):
    with pytest.raises(ValueError, match="the start needs 3 finite numbers: intercept, area, age"):
        compare(rent, starts=[[0, 1, 1], [1, 1]], **HELD)


def test_scales_start_where_they_predict_the_same(rent):
    runs = compare(rent, scales=["none", "standard", "minmax"], theta0=[100, 20, -3], epochs=20)
    expected = 100 + rent.X @ [20, -3]
    for history in runs.values():
        assert history.predict(rent.X, epoch=0) == pytest.approx(expected, rel=1e-12)
        assert history.cost[0] == pytest.approx(np.mean((expected - rent.y) ** 2), rel=1e-12)
    assert [label.rpartition(",")[0] for label in runs] == [
        "unscaled",
        "scaled: standard",
        "scaled: minmax",
    ]


def test_scales_of_a_random_start_begin_alike(rent):
    runs = compare(rent, scales=["none", "mean"], theta0="random", seed=3, epochs=20)
    first, second = (history.predict(rent.X, epoch=0) for history in runs.values())
    assert second == pytest.approx(first, rel=1e-12)


def test_losses_each_go_down_their_own_cost(rent):
    runs = compare(rent, losses=["mse", "huber:delta=2000"], **HELD)
    for text, history in zip(["mse", "huber:delta=2000"], runs.values(), strict=True):
        alone = fit(rent, loss=text, learning_rate="auto", epochs=30, **HELD)
        assert history.loss == text
        assert_array_equal(history.theta[:30], alone.theta[:30])


def test_batches_see_the_rows_at_one_rate_and_in_one_order(rent):
    runs = compare(rent, batch_sizes=["all", 8, 1], seed=4, **HELD)
    assert [*runs] == ["all 10 rows", "8 rows", "1 row"]
    rate = runs["1 row"].learning_rate
    assert {run.learning_rate for run in runs.values()} == {rate}
    assert rate == pytest.approx(1 / (2 * np.max((rent.X**2).sum(axis=1))), rel=1e-9)
    alone = fit(rent, batch_size=8, learning_rate=rate, seed=4, epochs=20, **HELD)
    assert_array_equal(runs["8 rows"].theta[:20], alone.theta[:20])


def test_a_generator_gives_each_run_the_same_numbers(rent):
    rng = np.random.default_rng(5)
    options = {"optimizers": ["gd", "momentum"], "batch_size": 2, "learning_rate": 1e-5, **HELD}
    runs = compare(rent, seed=rng, epochs=3, **options)
    again = compare(rent, seed=np.random.default_rng(5), epochs=3, **options)
    for one, other in zip(runs.values(), again.values(), strict=True):
        assert_array_equal(one.theta, other.theta)


def test_what_does_not_arrive_is_followed_twice_as_long_as_the_slowest_that_does():
    flat = Function(lambda u, v: (u**2 + 1e-6 * v**2) / 2, start=(1.0, 1.0))
    runs = compare(flat, optimizers=["gd", "adam"])
    plain, adam = runs.values()
    assert adam.converged
    assert not plain.converged
    assert plain.epoch[-1] == max(LONGER * adam.epoch[adam.arrival], 100)
    assert plain.ended == "epochs"
    longer = fit(flat, learning_rate=plain.learning_rate, epochs=int(plain.epoch[-1]))
    assert_array_equal(plain.theta, longer.theta)
    assert plain.ahead.steps == 100_000 - plain.epoch[-1]


def test_a_number_of_epochs_is_that_of_all(rent):
    runs = compare(rent, optimizers=["gd", "momentum", "adam"], epochs=17, **HELD)
    assert [int(run.epoch[-1]) for run in runs.values()] == [17, 17, 17]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "varies one of optimizers, learning_rates, .*; none is given"),
        ({"optimizers": ["gd"], "losses": ["mse"]}, "optimizers and losses are given"),
        ({"optimizers": ["gd"]}, "two values or more"),
        ({"optimizers": ["gd", "GD"]}, "plain is given more than once"),
        ({"learning_rates": [0.1 * k for k in range(1, MOST_RUNS + 2)]}, "9 runs are more than"),
        ({"optimizers": ["gd", "adm"]}, "no optimizer 'adm'.*did you mean adam"),
        ({"losses": ["mse", "hubert"]}, "no loss 'hubert'.*did you mean huber"),
        ({"scales": ["none", "standrd"]}, "no scaling 'standrd'.*did you mean standard"),
        ({"learning_rates": ["0.1/L", "-1/L"]}, "'-1/L' is no learning rate"),
        ({"learning_rates": [0.1, "fast"]}, "fast"),
        ({"batch_sizes": ["all", 0]}, "batch_size must be a whole number"),
        (
            {"learning_rates": ["1/L", "2/L"], "optimizer": "Adam"},
            "adam .*, so 1/λmax is no unit of",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(rent, given, why):
    with pytest.raises(ValueError, match=why):
        compare(rent, **given)


def test_schedules_without_a_name_of_their_own_are_numbered(rent):
    def decaying(k):
        return 1e-4 / (k + 1)

    nameless = [lambda k: 1e-4, lambda k: 2e-4]
    runs = compare(
        rent,
        learning_rates=[*nameless, decaying, partial(pow, 1e-2), 1e-4],
        epochs=3,
        **HELD,
    )
    assert [*runs] == ["schedule 1", "schedule 2", "decaying", "schedule 3", "rate 0.0001"]
    assert_allclose(runs["schedule 1"].theta, runs["rate 0.0001"].theta, rtol=1e-12)
    assert (runs["schedule 2"].theta[1, 1:] == 2 * runs["schedule 1"].theta[1, 1:]).all()
    two = compare(rent, learning_rates=[nameless[0], decaying], epochs=1)
    assert [*two] == ["schedule", "decaying"]
    with pytest.raises(ValueError, match="is given more than once"):
        compare(rent, learning_rates=[nameless[0], nameless[0]])


def test_a_rate_that_means_nothing_is_refused_before_the_table_is_read():
    with pytest.raises(ValueError, match="1/λmax is no unit of it: give plain numbers, not 2/L"):
        compare("no such table.csv", learning_rates=[0.1, "2/L"], optimizer="lion")


def test_a_text_is_no_list(rent):
    with pytest.raises(TypeError, match="optimizers is a list of what is compared"):
        compare(rent, optimizers="gd,adam")


@pytest.mark.parametrize("varied", ["scales", "losses", "batch_sizes"])
def test_a_function_has_no_table_to_vary(varied):
    values = {"scales": ["none", "mean"], "losses": ["mse", "huber"], "batch_sizes": [1, 2]}
    with pytest.raises(ValueError, match=r"no features|no rows|leave .* out"):
        compare("function:himmelblau", **{varied: values[varied]})


def test_starts_of_a_function_go_to_their_own_minima():
    runs = compare("function:himmelblau", starts=[[3, 3], [-3, 3], [-3, -3], [3, -3]])
    ends = np.array([run.theta[-1] for run in runs.values()])
    assert ends == pytest.approx(
        np.array([(3, 2), (-2.8, 3.1), (-3.8, -3.3), (3.6, -1.8)]), abs=0.1
    )


def test_who_arrived_is_told_in_order(rates):
    assert ranked(rates) == ["1.9/λmax", "1/λmax", "rate 0.0002", "0.1/λmax", "2.1/λmax"]
    lines = str(rates).splitlines()
    assert lines[0] == "equal: the start at 0"
    told = [" ".join(line.split()) for line in lines[3:]]
    first, history = rates["1.9/λmax"], rates["2.1/λmax"]
    assert told[0].startswith(f"1.9/λmax arrived at epoch {first.epoch[first.arrival]} ")
    assert told[-1].startswith(f"2.1/λmax diverged, beyond drawing after epoch {history.epoch[-1]}")


def test_what_a_share_of_the_rate_comes_to_is_told(rent):
    runs = compare(rent, learning_rates=["1/L", "1.9/L"], **HELD)
    last = [line.split()[-1] for line in str(runs).splitlines()[2:]]
    assert last == ["rate", *(f"{run.learning_rate:.3g}" for run in reversed(runs.values()))]


def test_what_has_not_arrived_is_told_with_what_is_left(rent):
    runs = compare(rent, learning_rates=["0.001/L", "0.5/L"], epochs=100, **HELD)
    slow = runs["0.001/λmax"]
    said = standing(slow)
    assert said[0] == "not arrived by epoch 100"
    assert said[1] == f"{100 * slow.way_left[-1].max():.2g} %"
    assert ranked(runs) == ["0.5/λmax", "0.001/λmax"]


def test_classes_that_can_be_told_apart_are_no_arrival():
    X, y = [[-2.0], [-1.0], [1.0], [2.0]], ["no", "no", "yes", "yes"]
    runs = compare(X, y, optimizers=["gd", "momentum"], loss="cross-entropy")
    for history in runs.values():
        said = [f"at 1 % of the starting cost at epoch {history.epoch[-1]:,}", "no optimum"]
        assert standing(history)[:2] == said
    first, then = (runs[label].epoch[-1] for label in ranked(runs))
    assert first < then


def test_more_steps_an_epoch_are_told(rent):
    runs = compare(rent, batch_sizes=["all", 8, 1], epochs=10, **HELD)
    said = what_is_equal([*runs.values()])
    rate = f"the learning rate {runs['1 row'].learning_rate:.3g}"
    assert said[:3] == ["the start at 0", rate, "up to 10 epochs each"]
    assert said[-1] == "but 1, 2, 10 steps an epoch"


def test_scales_share_what_the_start_predicts_and_losses_the_table(rent):
    scales = compare(rent, scales=["none", "standard"], theta0=[100, 20, -3], epochs=9)
    assert what_is_equal([*scales.values()])[0] == "the start's predictions"
    one = fit(rent, epochs=9, theta0=[100, 20, -3])
    other = fit(rent, epochs=9, loss="huber:delta=2", theta0=[99, 20, -3])
    assert what_is_equal([one, other])[0] == "the table"


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("1/L", 1.0),
        (" 1.9 / λ", 1.9),
        ("2e-1/lambda", 0.2),
        ("0.1", None),
        (0.1, None),
        ("L", None),
    ],
)
def test_units_of_a_rate(text, factor):
    assert in_units(text) == factor


def test_runs_are_said_to_be_followed_equally_long_only_where_they_are(rent):
    runs = compare(rent, batch_sizes=["all", 8], seed=0, **HELD)
    arrived, settled = runs.values()
    assert arrived.converged
    assert settled.ended == "settled"
    assert not any("up to" in said for said in what_is_equal([*runs.values()]))
