"""What a Dataset takes: finite numbers whose squares fit a double, and nobody else's arrays."""

import numpy as np
import pytest

from gdviz import Dataset

X = np.array([[1.0, 2], [3, 4], [5, 6]])
Y = np.array([1.0, 2, 3])


def make(X, y):
    """Straight, past scikit-learn's validation."""
    return Dataset(X, y, ("面积", "$age"), "rent")


def with_value(value, column):
    changed = np.column_stack([X, Y])
    changed[1, column] = value
    return changed[:, :2], changed[:, 2]


@pytest.mark.parametrize(("column", "name"), [(0, "面积"), (1, r"\$age"), (2, "rent")])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_numbers_are_finite(value, column, name):
    message = rf"column {name} holds {value} in row 2; drop the row or fill in a number"
    with pytest.raises(ValueError, match=message):
        make(*with_value(value, column))


@pytest.mark.parametrize(("column", "name"), [(0, "面积"), (1, r"\$age"), (2, "rent")])
@pytest.mark.parametrize("value", [1e150, -1e150, 1e308])
def test_large_numbers_are_refused(value, column, name):
    with pytest.raises(
        ValueError, match=rf"column {name} has values around 1e\+\d+, whose squares"
    ):
        make(*with_value(value, column))


@pytest.mark.parametrize("value", [3e-151, 1e-300, 5e-324])
def test_small_numbers_are_refused(value):
    with pytest.raises(ValueError, match=r"column rent .* express it in another unit"):
        make(X, Y * value)


@pytest.mark.parametrize("value", [0.0, 1e-320, 9.9e149])
def test_numbers_within_the_range_are_taken(value):
    assert make(*with_value(value, 0)).n_samples == 3


def test_a_column_of_zeros_is_taken():
    assert make(X * [1, 0], Y * 0).n_features == 2


@pytest.mark.parametrize(
    ("shape_X", "shape_y"), [((3,), (3,)), ((3, 2), (4,)), ((3, 2), (3, 1)), ((3, 0), (3,))]
)
def test_shapes_must_agree(shape_X, shape_y):
    with pytest.raises(ValueError, match=r"X has shape .* and y .*; they must be"):
        make(np.ones(shape_X), np.ones(shape_y))


@pytest.mark.parametrize(("n", "said"), [(0, "0 rows"), (1, "1 row")])
def test_there_are_two_rows(n, said):
    with pytest.raises(ValueError, match=f"{said}: a regression needs at least 2"):
        make(X[:n], Y[:n])


def test_there_is_a_name_for_each_column():
    with pytest.raises(ValueError, match="1 feature names for 2 columns"):
        Dataset(X, Y, ("x",), "y")


def test_the_arrays_of_the_caller_stay_the_callers():
    mine, target = X.copy(), Y.copy()
    dataset = Dataset.of(mine, target)
    mine[0, 0] = target[0] = 99
    assert dataset.X[0, 0] == dataset.y[0] == 1


@pytest.mark.parametrize(("x", "y"), [(1e-100, 1e100), (1e-20, 1e140), (1e-149, 1e10)])
def test_weights_that_could_not_be_squared_are_refused(x, y):
    message = (
        r"column 面积 has values around \S+ and rent around \S+: .* one of them in another unit"
    )
    with pytest.raises(ValueError, match=message):
        make(X * [x, 1], Y * y)


@pytest.mark.parametrize(("x", "y"), [(1e-100, 1), (1e100, 1e-100), (1e-10, 1e139), (0, 1e149)])
def test_scales_may_differ_widely(x, y):
    assert make(X * [x, 1], Y * y).n_features == 2
