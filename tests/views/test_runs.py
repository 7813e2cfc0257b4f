"""Runs of one picture: what they are called, and which share a ground."""

import pytest

import gdviz
from gdviz.views.runs import labels_of, runs_of

from ..conftest import X, Y, held


def test_runs_are_called_by_their_labels():
    a, b = held(epochs=3), held(epochs=4)
    assert runs_of({"slow": a, 2: b}) == {"slow": a, "2": b}
    assert runs_of(a) == {"": a}
    assert runs_of([a]) == {"": a}


def test_an_estimator_stands_for_its_history():
    model = gdviz.GradientDescentRegressor(fixed_intercept="ols", tol=None, max_iter=3).fit(X, Y)
    assert runs_of({"model": model})["model"] is model.history_


@pytest.mark.parametrize(
    ("others", "labels"),
    [
        ([{"learning_rate": 0.002}], ["rate 0.001", "rate 0.002"]),
        ([{"optimizer": "momentum"}], ["plain", "momentum"]),
        (
            [{"optimizer": "adam", "learning_rate": 0.5}],
            ["plain, rate 0.001", "adam, rate 0.5"],
        ),
        ([{"batch_size": 2}], ["all rows", "batches of 2"]),
        ([{"theta0": [0, 1, 2.5]}], ["from (0, 0)", "from (1, 2.5)"]),
        ([{"loss": "huber"}], ["mean squared error", "Huber"]),
        ([{}, {"learning_rate": 0.002}], ["1 rate 0.001", "2 rate 0.001", "3 rate 0.002"]),
        ([{}], ["1", "2"]),
    ],
)
def test_those_of_a_sequence_are_called_by_what_they_differ_in(others, labels):
    histories = [held(epochs=3), *(held(epochs=3, **options) for options in others)]
    if labels[0] == "mean squared error":
        histories[1] = held(epochs=3, loss="huber", fixed_intercept=histories[0].theta[0, 0])
    assert labels_of(histories) == labels


def test_those_on_scaled_features_are_called_so():
    table = gdviz.Dataset.of(X, Y)
    options = {"learning_rate": 0.001, "epochs": 3, "fixed_intercept": "ols"}
    histories = [gdviz.fit(one, **options) for one in (table, table.scaled("standard"))]
    assert labels_of(histories) == ["unscaled", "scaled"]
