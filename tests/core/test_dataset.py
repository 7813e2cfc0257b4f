"""Datasets from whatever holds numbers: arrays, lists, pandas and polars."""

import dataclasses
import re

import numpy as np
import pandas as pd
import polars as pl
import pytest
from numpy.testing import assert_array_equal

import gdviz
from gdviz.core.dataset import Dataset

X = [[1, -2], [2, 1], [3, 5]]
Y = [14, -12, 7]

WITHOUT_NAMES = {
    "lists": (X, Y),
    "arrays": (np.array(X), np.array(Y)),
    "float32": (np.array(X, np.float32), np.array(Y, np.float32)),
    "Fortran order": (np.asfortranarray(X), np.array(Y)),
    "target as a column": (np.array(X), np.reshape(Y, (3, 1))),
    "numbered columns": (pd.DataFrame(X), pd.Series(Y)),
}

FRAMES = {
    "pandas": (pd.DataFrame(X, columns=["area", "age"]), pd.Series(Y, name="rent")),
    "pandas, target a frame": (
        pd.DataFrame(X, columns=["area", "age"]),
        pd.DataFrame({"rent": Y}),
    ),
    "polars": (
        pl.DataFrame(X, schema=["area", "age"], orient="row"),
        pl.Series("rent", Y),
    ),
    "polars, target a frame": (
        pl.DataFrame(X, schema=["area", "age"], orient="row"),
        pl.DataFrame({"rent": Y}),
    ),
}


def assert_numbers(dataset):
    assert_array_equal(dataset.X, np.array(X, float))
    assert_array_equal(dataset.y, np.array(Y, float))
    assert dataset.X.dtype == dataset.y.dtype == np.float64
    assert dataset.y.shape == (3,)


@pytest.mark.parametrize(("features", "target"), WITHOUT_NAMES.values(), ids=WITHOUT_NAMES)
def test_without_names(features, target):
    dataset = Dataset.of(features, target)
    assert_numbers(dataset)
    assert dataset.feature_names == ("x0", "x1")
    assert dataset.target_name == "y"


@pytest.mark.parametrize(("features", "target"), FRAMES.values(), ids=FRAMES)
def test_frames_keep_their_names(features, target):
    dataset = Dataset.of(features, target)
    assert_numbers(dataset)
    assert dataset.feature_names == ("area", "age")
    assert dataset.target_name == "rent"


def test_given_names_win():
    features, target = FRAMES["pandas"]
    dataset = Dataset.of(features, target, feature_names=["a", "b"], target_name="c")
    assert dataset.parameter_names == ("intercept", "a", "b")
    assert dataset.target_name == "c"


@pytest.mark.parametrize(
    ("feature", "name"),
    [
        ([1, 2, 3], "x0"),
        (np.array([1, 2, 3]), "x0"),
        (pd.Series([1, 2, 3], name="area"), "area"),
        (pl.Series("area", [1, 2, 3]), "area"),
    ],
)
def test_one_feature(feature, name):
    dataset = Dataset.of(feature, Y)
    assert_array_equal(dataset.X, [[1], [2], [3]])
    assert dataset.feature_names == (name,)


def test_names_are_kept_as_written():
    names = ["$y_1$", "面积", "<b>", "a^b\\c", ""]
    frame = pd.DataFrame(np.eye(5), columns=names)
    assert Dataset.of(frame, range(5)).feature_names == tuple(names)


@pytest.mark.parametrize("target", [np.array(Y), pd.Series(Y)])
def test_a_target_without_a_name_gets_one_that_is_free(target):
    frame = pd.DataFrame(np.eye(3), columns=["x", "y", "y_"])
    assert Dataset.of(frame, target).target_name == "y__"


FRAME = pd.DataFrame(X, columns=["area", "age"])


@pytest.mark.parametrize(
    ("features", "target", "names", "message"),
    [
        (
            pd.DataFrame(X, columns=["a", "a"]),
            Y,
            {},
            "more than one column of X is called a; give each a name of its own",
        ),
        (X, Y, {"feature_names": ["b\n", "b\n"]}, r"more than one column of X is called b\n;"),
        (FRAME, FRAME["age"], {}, "age is a feature and the target; leave it out of X, or call"),
        (X, Y, {"target_name": "x0"}, "x0 is a feature and the target"),
    ],
)
def test_every_column_has_a_name_of_its_own(features, target, names, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Dataset.of(features, target, **names)


def test_later_changes_of_an_array_do_not_reach_the_dataset():
    features, target = np.array(X, float), np.array(Y, float)
    dataset = Dataset.of(features, target)
    features[:] = target[:] = 0
    assert_numbers(dataset)


def test_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Dataset.of(X, Y).y = np.zeros(3)


@pytest.mark.parametrize(
    ("features", "target", "message"),
    [
        (X, [1, 2], "inconsistent numbers of samples"),
        ([[1, np.nan], [2, 3], [4, 5]], Y, "column x1 holds nan in row 1; drop the row or fill in"),
        ([[1, np.inf], [2, 3], [4, 5]], Y, "column x1 holds inf in row 1"),
        (X, [1, np.nan, 2], "column y holds nan in row 2; drop the row or fill in"),
        (X, [1, np.inf, 2], "column y holds inf in row 2"),
        ([["a", 1], ["b", 2], ["c", 3]], Y, "could not convert string to float"),
        (X, [[1, 2], [3, 4], [5, 6]], "y should be a 1d array"),
        (np.zeros((3, 2, 2)), Y, "dim 3"),
        (np.zeros((3, 0)), Y, "0 feature"),
        ([[1, 2]], [3], "1 row: a regression needs at least 2"),
    ],
)
def test_what_is_no_table_is_refused(features, target, message):
    with pytest.raises(ValueError, match=message):
        Dataset.of(features, target)


def test_wrong_number_of_names():
    with pytest.raises(ValueError, match="1 feature names for 2 columns of X"):
        Dataset.of(X, Y, feature_names=["area"])


def test_str():
    assert str(Dataset.of(X, Y)) == "3 rows, 2 features\nx0, x1 → y"


MASK = np.array([[0, 0], [0, 1], [1, 0]], bool)


@pytest.mark.parametrize(
    ("features", "target", "where"),
    [
        (np.ma.array(X, mask=MASK), Y, r"X is masked at \[1, 1\], \[2, 0\]; drop the rows"),
        (X, np.ma.array(Y, mask=[0, 1, 0]), r"y is masked at \[1\];"),
        (np.ma.array([1, 2, 3], mask=[0, 0, 1]), Y, r"X is masked at \[2\];"),
        (np.ma.array(np.ones((9, 2)), mask=True), np.ones(9), r"\[1, 1\] and 14 more;"),
    ],
)
def test_what_is_masked_is_not_taken_for_data(features, target, where):
    with pytest.raises(ValueError, match=where):
        Dataset.of(features, target)
    with pytest.raises(ValueError, match=where):
        gdviz.fit(features, target)


def test_a_mask_that_hides_nothing():
    assert_numbers(Dataset.of(np.ma.array(X), np.ma.array(Y, mask=False)))


def test_how_the_rows_lie_in_memory_changes_no_bit():
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(61, 3))
    labels = (rows @ [1, 2, 0] + rng.normal(size=61) > 0).astype(float)
    found = [
        gdviz.fit(Dataset.of(X, labels), loss="cross-entropy", epochs=20)
        for X in (rows, np.asfortranarray(rows), np.column_stack([rows, labels])[:, :3])
    ]
    for history in found[1:]:
        assert_array_equal(history.theta, found[0].theta)
        assert_array_equal(history.optimum, found[0].optimum)
