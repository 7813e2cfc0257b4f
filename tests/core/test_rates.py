"""What is said of a learning rate is what a descent with it does."""

import warnings

import numpy as np
import pytest
from numpy.testing import assert_allclose

import gdviz


def trials(table, rates, **options):
    return {trial.rate: trial for trial in gdviz.learning_rates(table, rates, **options).trials}


def test_a_trial_is_what_the_descent_does(table):
    auto = gdviz.fit(table, epochs=1, learning_rate="auto").learning_rate
    rates = [0.05 * auto, 0.9 * auto, auto, 1.5 * auto]
    for rate, trial in trials(table, rates).items():
        if trial.landmark == "2/λmax" or trial.diverges is not None:
            continue
        history = gdviz.fit(table, learning_rate=rate)
        assert trial.epochs == (history.epoch[-1] if history.converged else None)


def test_a_rate_above_the_limit_diverges_where_the_descent_does(table):
    rate = 4 * gdviz.fit(table, epochs=1, learning_rate="auto").learning_rate
    with warnings.catch_warnings(action="ignore"):
        history = gdviz.fit(table, learning_rate=rate)
    assert trials(table, [rate])[rate].diverges == history.epoch[-1]


def test_landmarks_are_those_of_the_hessian(tables):
    table = tables["article_multiple"]
    found = {trial.landmark: trial.rate for trial in gdviz.learning_rates(table).trials}
    assert_allclose(found["1/λmax"], 1 / 52.849467, rtol=1e-7)
    assert_allclose(found["2/(λmin+λmax)"], 2 / (0.305695 + 52.849467), rtol=1e-7)
    assert_allclose(found["2/λmax"], 0.0378433335, rtol=1e-9)


def test_no_solution_that_is_unique_has_an_infinite_condition_number(tables):
    assert gdviz.learning_rates(tables["housing"]).condition == np.inf


def test_a_fixed_intercept_leaves_other_landmarks(tables):
    table = tables["article_multiple"]
    held = gdviz.fit(table, fixed_intercept=7.0, learning_rate="auto")
    found = gdviz.learning_rates(table, [0.001], fixed_intercept=7.0)
    assert any(trial.rate == pytest.approx(held.learning_rate) for trial in found.trials)


@pytest.mark.parametrize("unit", [1.0, 1.7, 3.0, 1e5])
def test_powers_of_ten_around_the_landmarks_are_tried(unit, tables):
    table = tables["article_multiple"]
    found = gdviz.learning_rates(gdviz.Dataset.of(unit * table.X, table.y)).trials
    auto = next(trial.rate for trial in found if trial.landmark == "1/λmax")
    powers = 10.0 ** np.arange(-20, 3)
    expected = powers[(powers > auto / 1000) & (powers <= auto * 100)]
    assert_allclose([trial.rate for trial in found if not trial.landmark], expected)


def test_what_is_no_rate_is_refused(tables):
    for wrong in (0.1, "gentle", "all"):
        with pytest.raises(ValueError, match='rates must be a list of numbers, or "auto", not '):
            gdviz.learning_rates(tables["rent"], wrong)
    with pytest.raises(ValueError, match="each of the rates must be a positive number, not 'auto'"):
        gdviz.learning_rates(tables["rent"], [0.1, "auto"])


def test_a_rate_of_zero_is_refused(tables):
    with pytest.raises(ValueError, match="each of the rates must be a positive number, not 0"):
        gdviz.learning_rates(tables["rent"], [0.1, 0])


def test_a_rate_just_beyond_the_limit_diverges_slowly():
    table = gdviz.Dataset.of([[0.001], [0.002], [0.004]], [1.0, 2.0, 4.5])
    text = str(gdviz.learning_rates(table, [1.0]))
    assert "1              diverges slowly" in text
    with pytest.warns(gdviz.core.fit.DivergenceWarning):
        history = gdviz.fit(table, learning_rate=1.0)
    assert history.epoch[-1] == 100_000  # and can be drawn to there


def test_what_arrives_is_said_by_the_epoch(tables):
    table = tables["article_multiple"]
    found = trials(table, [0.01])[0.01]
    assert found.verdict == f"arrives in {found.epochs:,} epochs"
    assert gdviz.fit(table, learning_rate=0.01).arrival == found.epochs
