"""Whether two descents go down the same objective."""

from dataclasses import replace

import numpy as np
import pytest

from gdviz.core.dataset import Dataset
from gdviz.core.functions import Function, function_of
from gdviz.core.objective import Regression, same_objective

X = np.arange(12.0).reshape(6, 2) ** 2
TABLE = Dataset.of(X, X[:, 0])


def test_tables_of_the_same_numbers_and_names_are_one():
    again = Dataset.of(X.copy(), X[:, 0].copy())
    assert same_objective(Regression(TABLE), Regression(again))
    assert same_objective(Regression(TABLE, "huber:delta=2"), Regression(again, "huber:delta=2"))


@pytest.mark.parametrize(
    "other",
    [
        Regression(TABLE, "huber:delta=2"),
        Regression(TABLE.scaled("standard")),
        Regression(Dataset.of(X, X[:, 1])),
        Regression(Dataset.of(X[:5], X[:5, 0])),
        Regression(Dataset.of(X, X[:, 0], feature_names=["a", "b"])),
        Regression(replace(TABLE, target_name="other")),
        function_of("rosenbrock"),
    ],
)
def test_anything_else_is_another(other):
    assert not same_objective(Regression(TABLE), other)
    assert not same_objective(other, Regression(TABLE))


def test_functions_are_one_by_name_or_as_an_object():
    bowl, other = (Function(lambda u, v: u * u + v * v) for _ in range(2))
    assert same_objective(bowl, bowl)
    assert not same_objective(bowl, other)
    assert same_objective(function_of("rosenbrock"), function_of("rosenbrock"))
    assert not same_objective(function_of("rosenbrock"), function_of("himmelblau"))
