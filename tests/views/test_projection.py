"""Two features of many: which are drawn, and the model where the others are average."""

import numpy as np
import pytest

from gdviz.views.projection import at_means, pair_of

from ..conftest import descent

X4 = np.random.default_rng(0).normal(5, 2, size=(30, 4))
NAMES = ["area", "age", "rooms", "floor"]


@pytest.fixture(scope="module")
def four():
    return descent(X4, X4 @ [1.0, -2, 3, 0.5], NAMES, learning_rate="auto", epochs=30)


@pytest.mark.parametrize("pair", [[0, 1], [3, 1], [2, 0]])
@pytest.mark.parametrize("epoch", [0, 7, 30])
def test_it_predicts_what_the_model_does_for_a_row_whose_others_are_average(four, pair, epoch):
    rows = np.tile(X4.mean(axis=0), (5, 1))
    rows[:, pair] = np.random.default_rng(1).normal(size=(5, 2))
    intercept, *weights = at_means(four, pair)[epoch]
    np.testing.assert_allclose(intercept + rows[:, pair] @ weights, four.predict(rows, epoch))


@pytest.mark.parametrize(
    ("moved", "vary", "pair"),
    [
        ((0, 1, 2, 3, 4), ("age", "floor"), [1, 3]),
        ((0, 1, 2, 3, 4), ("floor", "age"), [3, 1]),
        ((0, 2, 4), None, [1, 3]),  # those whose weights move
        ((2, 4), None, [1, 3]),
    ],
)
def test_those_are_drawn_that_are_chosen_or_that_move(four, moved, vary, pair):
    assert pair_of(four.dataset, moved, vary, "plane") == pair


@pytest.mark.parametrize(
    ("vary", "message"),
    [
        (None, r'plane draws two features; there are 4: choose two, vary=\("area", "age"\)'),
        (("area",), "plane draws two features; there are 4"),
        (("area", "aeg"), "no feature 'aeg'; the features are area, age, rooms, floor"),
    ],
)
def test_others_than_two_are_refused(four, vary, message):
    with pytest.raises(ValueError, match=message):
        pair_of(four.dataset, (0, 1, 2, 3, 4), vary, "plane")
