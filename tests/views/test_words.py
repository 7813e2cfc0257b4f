"""A descent in words: its table, its loss, its steps, and what was held."""

import numpy as np
import pytest

import gdviz
from gdviz.views.words import held_words, method, spoken, stepping

from ..conftest import X, Y, descent

FIVE = np.random.default_rng(0).normal(size=(40, 5))
Y_OF_FIVE = FIVE @ [1.0, 2, 3, 4, 5] + np.random.default_rng(1).normal(size=40)


def test_batches_are_said():
    history = descent(batch_size=2, epochs=3, learning_rate=0.01)
    assert method(history)[-1] == "gradient descent, learning rate 0.01, batches of 2"


def test_a_replay_is_said_to_be_one():
    table = gdviz.Dataset.of(X, Y)
    history = gdviz.History.from_arrays([[0, 0, 0], [1, 1, 1]], dataset=table)
    assert method(history) == ["6 rows", "mean squared error", "recorded elsewhere"]


def test_options_are_words():
    assert spoken("rmsprop:decay=0.9") == "rmsprop, decay 0.9"
    assert spoken("huber:delta=2000,alpha=0.5") == "Huber, delta 2,000, alpha 0.5"


@pytest.mark.parametrize(
    ("fixed", "expected"),
    [
        ({}, []),
        ({"intercept": 7.25}, ["intercept held at 7.25"]),
        ({"x1": -2}, ["weight of x1 held at −2"]),
        ({"x3": 1.5, "intercept": 0}, ["intercept held at 0", "weight of x3 held at 1.5"]),
        ({"x0": 1, "x1": 2, "x2": 3}, ["3 weights held"]),
        ({"x2": "ols", "x3": "ols", "x4": "ols"}, ["3 weights held at the optimum"]),
        ({"intercept": "ols", "x2": "ols", "x3": 9}, ["intercept and 2 weights held"]),
        (
            {"intercept": "ols", "x2": "ols", "x3": "ols"},
            ["intercept and 2 weights held at the optimum"],
        ),
    ],
)
@pytest.mark.parametrize("loss", ["mse", "huber"])
def test_what_is_held_is_said_with_its_value_or_how_many(fixed, expected, loss):
    history = descent(FIVE, Y_OF_FIVE, fixed=fixed, loss=loss, epochs=3, learning_rate=0.01)
    assert held_words(history) == expected


def test_in_copies_of_a_column_held_is_still_at_the_optimum():
    twins = FIVE[:, [0, 0, 1, 1, 2]]
    fixed = dict.fromkeys(("x0", "x2", "x4"), "ols")
    assert held_words(descent(twins, Y_OF_FIVE, fixed=fixed, epochs=3, learning_rate=0.01)) == [
        "3 weights held at the optimum"
    ]


def test_of_steps_only_what_is_given_is_said():
    assert stepping("momentum", None, 8) == "momentum, batches of 8"
    assert stepping(None, "cosine:from=0.1", None) == "learning rate cosine from 0.1"
    assert stepping(None, None, None) == ""
