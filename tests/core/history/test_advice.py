"""What would help a descent is said where it helps, and nowhere else."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import gdviz
from gdviz.core.history.advice import conditions
from gdviz.core.losses import LOSSES, huber

N = 60


def basis(p):
    """Columns (N, p) of mean 0 and deviation 1, at right angles to each other."""
    Z = np.random.default_rng(0).normal(size=(N, p))
    return np.sqrt(N) * np.linalg.qr(Z - Z.mean(axis=0))[0]


def pair(condition, unit=1.0):
    """Return a table of two columns, of this condition number once they are scaled."""
    a, b = basis(2).T
    # Two columns of correlation r have the eigenvalues 1 ± r.
    r, rest = (condition - 1) / (condition + 1), 2 * np.sqrt(condition) / (condition + 1)
    return gdviz.Dataset.of(np.column_stack([unit * a, r * a + rest * b]), a + b)


def unit_that_worsens(times):
    """Unit of one of two collinear columns that makes their condition number so much larger."""
    return np.exp(np.arccosh(np.sqrt(times)))  # it does by ((u + 1/u) / 2)²


def said(table):
    """Return whether scaling is advised, and whether columns are named."""
    remarks = " ".join(gdviz.fit(table, epochs=1).remarks)
    return "dataset.scaled" in remarks, "linearly dependent: x0, x1." in remarks


@pytest.mark.parametrize("unit", [1.0, 1e3, 1e-5])
@pytest.mark.parametrize("condition", [1.0, 50.0, 1e4, 1e8])
def test_the_condition_of_scaled_columns_does_not_depend_on_their_units(condition, unit):
    assert_allclose(conditions(pair(condition, unit)).scaled, condition, rtol=1e-6)


@pytest.mark.parametrize("fixed", [(), (0,), (2,)])
def test_the_condition_is_that_of_the_columns_that_move(fixed, random_table):
    table = random_table(1, 40, 3, scale=[1, 10, 0.1], offset=[0, 2, 5])
    A = np.column_stack([np.ones(40), table.X])
    Z = np.column_stack([np.ones(40), (table.X - table.X.mean(axis=0)) / table.X.std(axis=0)])
    found = conditions(table, fixed)
    assert_allclose(found.as_it_is, np.linalg.cond(np.delete(A, fixed, axis=1)) ** 2, rtol=1e-9)
    assert_allclose(found.scaled, np.linalg.cond(np.delete(Z, fixed, axis=1)) ** 2, rtol=1e-9)


@pytest.mark.parametrize(("condition", "long"), [(800, False), (1200, True)])
def test_a_valley_is_long_from_a_thousand_on(condition, long):
    assert said(pair(condition)) == (False, long)  # scaling does not make it shorter
    assert said(pair(1, np.sqrt(condition))) == (long, False)  # and here it does


@pytest.mark.parametrize(("times", "worth"), [(8, False), (12, True)])
def test_scaling_is_worth_it_where_it_takes_off_nine_tenths(times, worth):
    assert said(pair(5000, unit_that_worsens(times))) == (worth, not worth)


@pytest.mark.parametrize(("condition", "lost"), [(0.8e8, False), (1.2e8, True)])
def test_weights_that_lose_half_of_their_digits_are_named_though_scaling_helps(condition, lost):
    assert said(pair(condition, 1e3)) == (True, lost)


@pytest.mark.parametrize(("part", "named"), [(0.04, "x0, x3"), (0.06, "x0, x1, x3")])
def test_columns_with_a_twentieth_part_in_a_dependence_are_named(part, named):
    a, b, c, d = basis(4).T
    table = gdviz.Dataset.of(np.column_stack([a, b, c, a + part * b + 1e-4 * d]), a + d)
    remarks = gdviz.fit(table, epochs=1).remarks
    assert any(f"linearly dependent: {named}. Their" in remark for remark in remarks)


@pytest.mark.parametrize("alpha", [False, True])
def test_a_penalty_is_advised_where_the_loss_has_one(alpha, monkeypatch):
    monkeypatch.setitem(LOSSES, "mine", huber if alpha else lambda: huber())
    history = gdviz.fit(pair(1e6), loss="mine", epochs=1)
    (remark,) = [remark for remark in history.remarks if "linearly dependent" in remark]
    assert ("mine:alpha=1" in remark) == ("penalty" in remark) == alpha


RATES = np.geomspace(0.3, 2, 80)  # times 1/λmax


@pytest.mark.parametrize("unit", [1.0, 1.3, 1.7, 2.2, 2.9, 3.7, 4.9, 6.1, 7.7])
def test_in_a_long_valley_no_rate_arrives_much_sooner_than_the_one_that_is_named(unit):
    table = pair(2000.0)
    table = gdviz.Dataset.of(table.X * unit, table.y)
    history = gdviz.fit(table, learning_rate=1e-4, epochs=5)
    remark = next(remark for remark in history.remarks if "learning rate" in remark)
    epoch = int(remark.split()[-1].rstrip(".").replace(",", ""))
    auto = gdviz.fit(table, epochs=1, learning_rate="auto").learning_rate
    trials = gdviz.learning_rates(table, auto * RATES).trials
    assert epoch <= 1.06 * min(trial.epochs for trial in trials if trial.epochs)


def test_where_one_direction_is_left_to_go_its_own_rate_is_named():
    a, b = basis(2).T
    table = gdviz.Dataset.of(np.column_stack([a, 0.1 * b]), a)
    history = gdviz.fit(table, learning_rate=1e-4, epochs=5)
    assert "A learning rate of 0.5 arrives at epoch 1." in history.remarks  # it is 1/λmax


def test_where_all_directions_have_as_far_to_go_no_rate_arrives_sooner():
    a, b = basis(2).T
    table = gdviz.Dataset.of(np.column_stack([a, b / np.sqrt(5)]), a + b / np.sqrt(5))
    assert (
        "A learning rate of 0.833 arrives at epoch 12."
        in gdviz.fit(table, learning_rate=1e-4, epochs=5).remarks
    )
    trials = gdviz.learning_rates(table, 0.5 * RATES).trials
    assert min(trial.epochs for trial in trials if trial.epochs) == 12


def test_a_column_and_its_copy_leave_the_condition_of_the_rest():
    a = basis(1)
    twice = gdviz.Dataset.of(np.hstack([a, 7 * a]), a[:, 0])
    assert_allclose(conditions(twice).scaled, 2)  # of the intercept 1, of both together 2
    assert_allclose(conditions(twice, [0]).scaled, 1)


def rate_said(table, **options):
    remarks = gdviz.fit(table, **options).remarks
    found = [remark for remark in remarks if remark.startswith("A learning rate of")]
    return float(found[0].split()[4]) if found else None


@pytest.mark.parametrize(("loss", "n"), [("cross-entropy", 500), ("huber:delta=1", 60)])
def test_of_other_losses_a_rate_is_named_as_long_as_all_rows_can_be_tried(loss, n, random_table):
    table = random_table(3, n + 450, 1, noise=2.0)
    table = gdviz.Dataset.of(table.X, table.y > 0) if loss == "cross-entropy" else table
    few = gdviz.Dataset.of(table.X[:n], table.y[:n])
    slow = {"learning_rate": 1e-4, "epochs": 300}
    rate = rate_said(few, loss=loss, **slow)
    assert gdviz.fit(few, loss=loss, learning_rate=rate, epochs=300).converged
    more = gdviz.Dataset.of(table.X[:501], table.y[:501])
    assert rate_said(more, loss=loss, **slow) is None
    assert rate_said(table, optimizer="adam", **slow)  # squares need no rows


def test_of_a_long_descent_no_other_rates_are_tried(random_table):
    table = random_table(4, 10, 1)
    slow = {"optimizer": "adam", "learning_rate": 1e-7}
    assert rate_said(table, **slow, epochs=10_000)
    assert rate_said(table, **slow, epochs=10_001) is None
