"""The front door: what may be given, that it means the same, and how misuse is answered."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from numpy.testing import assert_array_equal

import gdviz
from gdviz.core.dataset import Dataset
from gdviz.core.fit import DivergenceWarning
from gdviz.core.fit import fit as record
from gdviz.core.objective import Regression

RENT = "gallery/data/rent.csv"
FRAME = pd.read_csv(RENT)
TABLE = gdviz.read_table(RENT)
QUICK = {"epochs": 3, "learning_rate": "auto"}
SPECIES = ["setosa", "versicolor", "setosa", "versicolor", "setosa"]
X = [[1.0, 2.0], [2.0, 1.0], [3.0, 5.0], [4.0, 4.0], [1.5, 2.5]]


def same(a, b):
    assert a.dataset.parameter_names == b.dataset.parameter_names
    assert a.dataset.target_name == b.dataset.target_name
    assert_array_equal(a.theta, b.theta)
    assert_array_equal(a.cost, b.cost)


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        ((RENT,), {}),
        ((RENT,), {"target": "rent", "features": ["area", "age"]}),
        ((FRAME,), {"target": "rent"}),
        ((pl.from_pandas(FRAME),), {"target": "rent"}),
        ((FRAME[["age", "rent", "area"]],), {"target": "rent", "features": ["area", "age"]}),
        ((FRAME, FRAME["rent"]), {"features": ["area", "age"]}),
        ((pl.from_pandas(FRAME), FRAME["rent"]), {"features": ["area", "age"]}),
        ((FRAME[["area", "age"]], FRAME["rent"]), {}),
    ],
)
def test_a_table_may_be_given_in_any_form(arguments, options):
    same(gdviz.fit(*arguments, **options, **QUICK), record(Regression(TABLE), **QUICK))


def test_a_path_may_be_a_path(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n2,3\n4,7\n")
    same(gdviz.fit(path, **QUICK), record(Regression(gdviz.read_table(path)), **QUICK))


@pytest.mark.parametrize(
    ("given", "options"), [(RENT, {}), (FRAME, {"target": "rent"}), (FRAME[["age"]], {})]
)
def test_one_feature_may_be_its_name(given, options):
    y = {} if options or given is RENT else {"y": FRAME["rent"]}
    history = gdviz.fit(given, features="age", **y, **options, **QUICK)
    same(history, record(Regression(gdviz.read_table(RENT, features="age")), **QUICK))
    assert history.dataset.feature_names == ("age",)


@pytest.mark.parametrize(
    "take",
    [
        gdviz.learning_rates,
        gdviz.least_squares,
        gdviz.fit(TABLE, **QUICK).over,
        lambda given: gdviz.History.from_arrays([[0, 0, 0]], dataset=given),
    ],
)
def test_what_is_below_the_front_door_says_what_makes_a_dataset(take):
    for given, told in (
        (FRAME, r"not a DataFrame: make one, gdviz\.Dataset\.of\(X, y\)"),
        ([[1.0, 2.0]], r"not a list: make one, gdviz\.Dataset"),
        (RENT, rf'not a str: make one, gdviz\.read_table\("{RENT}"\)'),
    ):
        with pytest.raises(TypeError, match=rf"takes a Dataset, {told}"):
            take(given)


@pytest.mark.parametrize(
    "labels",
    [
        SPECIES,
        np.array(SPECIES),
        pd.Series(SPECIES),
        pd.Series(SPECIES, dtype="category"),
        pl.Series(SPECIES),
    ],
)
def test_two_labels_may_be_text(labels):
    history = gdviz.fit(X, labels, loss="cross-entropy", **QUICK)
    same(history, record(Regression(Dataset.of(X, [0, 1, 0, 1, 0]), "cross-entropy"), **QUICK))
    assert history.dataset.label_names == ("setosa", "versicolor")


def test_labels_keep_the_name_of_their_column():
    frame = pd.DataFrame(X, columns=["length", "width"]).assign(species=SPECIES)
    history = gdviz.fit(frame, target="species", loss="cross-entropy", **QUICK)
    assert history.dataset.target_name == "species"
    assert history.dataset.label_names == ("setosa", "versicolor")


@pytest.mark.parametrize(
    ("name", "meant"),
    [("optimizer", "Adam"), ("optimizer", " MOMENTUM:Decay=0.5"), ("loss", "Huber:DELTA=2E3")],
)
def test_names_may_be_written_in_any_case(name, meant):
    lower = gdviz.fit(TABLE, **{name: meant.lower()}, epochs=3)
    history = gdviz.fit(TABLE, **{name: meant}, epochs=3)
    same(history, lower)
    assert getattr(history, name) == getattr(lower, name) == meant.lower().strip()


def test_plain_descent_in_capitals_is_written_down_in_closed_form_too():
    same(gdviz.fit(TABLE, optimizer="GD", loss="MSE", **QUICK), record(Regression(TABLE), **QUICK))


@pytest.mark.parametrize(
    ("options", "held"),
    [
        ({"vary": ("area", "age")}, {"fixed": {"intercept": "ols"}}),
        ({"vary": "area"}, {"fixed": {"intercept": "ols", "age": "ols"}}),
        ({"vary": ["intercept", "area", "age"]}, {}),
        ({"vary": ("area",), "fixed_intercept": 7.0}, {"fixed": {"intercept": 7.0, "age": "ols"}}),
        ({"vary": ("area",), "fixed": {"age": 2.0}}, {"fixed": {"intercept": "ols", "age": 2.0}}),
    ],
)
def test_what_does_not_vary_is_held_at_its_optimum(options, held):
    history = gdviz.fit(TABLE, **options, **QUICK)
    same(history, record(Regression(TABLE), **held, **QUICK))
    assert history.fixed == record(Regression(TABLE), **held, **QUICK).fixed


WRONG = [
    (((FRAME,), {}), ValueError, 'y is missing: .* such as target="rent"'),
    (((X,), {}), ValueError, "y is missing: the target, one number for each row of X$"),
    (((FRAME, "rent"), {}), ValueError, """y is the text 'rent'; .* give target="rent\""""),
    (
        ((RENT, [1, 2]), {}),
        ValueError,
        'y is a column of gallery/data/rent.csv: name it, target="…"',
    ),
    (((FRAME,), {"target": "Rnt"}), ValueError, r'no column "Rnt"; .* \(did you mean rent\?\)'),
    (((FRAME,), {"target": "rent", "features": ["rent"]}), ValueError, "rent is the target and"),
    (((FRAME, [1]), {"target": "rent"}), ValueError, "y and target are both given"),
    (((X,), {"target": "rent"}), ValueError, "columns of an array have no names"),
    (((TABLE,), {"target": "rent"}), ValueError, "already part of the Dataset; leave y, target"),
    (
        ((FRAME.set_axis(["a", "b", "b"], axis=1),), {"target": "b"}),
        ValueError,
        "2 columns are called b; give each its own name",
    ),
    ((({"a": [1]}, [1]), {}), TypeError, "X is a dict; give an array, a DataFrame, a Dataset or"),
    (((gdviz.fit(TABLE, **QUICK),), {}), TypeError, "X is a History; give an array"),
    (([[1.0, 2.0], [3.0]], [1, 2]), ValueError, "the rows of X differ in length"),
    ((X, SPECIES), ValueError, 'y holds "setosa" in row 1, .* needs loss="cross-entropy"'),
    (
        ((X, ["a", "b", "c", "a", "b"]), {"loss": "cross-entropy"}),
        ValueError,
        "y has 3 labels, a, b, c: keep the rows of two, a, b$",
    ),
    (((X, ["a"] * 5), {"loss": "cross-entropy"}), ValueError, "y has 1 labels?, a: two are needed"),
    (
        ((X, ["a", None, "b", "a", "b"]), {"loss": "cross-entropy"}),
        ValueError,
        "y has no label in row 2; drop the row",
    ),
    (
        ((FRAME.assign(city=["x"] * len(FRAME)),), {"target": "rent"}),
        ValueError,
        'column city holds "x" in row 1, which is no number; code it .* or leave the column out',
    ),
    (([["1", "a"], ["2", "b"]], [1, 2]), ValueError, 'column x1 holds "a" in row 1'),
    (
        ((FRAME.assign(day=pd.Timestamp("2026-01-01")),), {"target": "rent"}),
        ValueError,
        "column day holds .2026-01-01",
    ),
    (
        ((FRAME.assign(age=[np.nan, *FRAME["age"][1:]]),), {"target": "rent"}),
        ValueError,
        "column age holds nan in row 1; drop the row or fill in a number",
    ),
    (((TABLE,), {"vary": ["aera"]}), ValueError, r"no parameter 'aera' to vary; .*mean area\?\)"),
    (((TABLE,), {"vary": []}), ValueError, "no parameter to vary; the parameters are intercept"),
    (((TABLE,), {"vary": ["age"], "fixed": {"age": 1}}), ValueError, "age cannot be held and vary"),
    (
        ((TABLE,), {"vary": ["intercept"], "fixed_intercept": 1}),
        ValueError,
        "intercept cannot be held and vary",
    ),
    (((TABLE,), {"lr": 0.1}), TypeError, r"fit\(\) has no argument lr \(did you mean learning_r"),
    (((TABLE,), {"start": [0]}), TypeError, r"no argument start \(did you mean theta0\?\)"),
    (((TABLE,), {"Epoch": 3}), TypeError, r"no argument Epoch \(did you mean epochs\?\)"),
    (((TABLE,), {"max_iter": 3}), TypeError, r"no argument max_iter \(did you mean epochs\?\)"),
    (((TABLE,), {"zzz": 3}), TypeError, "no argument zzz; its arguments are X, y, target, feat"),
    (((TABLE,), {"optimizer": "Adm"}), ValueError, r"no optimizer 'Adm'; .*mean adam\?\)"),
    (((TABLE,), {"loss": "hubr"}), ValueError, r"no loss 'hubr'; .*mean huber\?\)"),
    *(
        (
            ((TABLE,), {"seed": seed}),
            ValueError,
            f"seed must be a whole number of at least 0, or a numpy Generator, not {seed!r}",
        )
        for seed in (-1, 1.5, "x")
    ),
    (((TABLE,), {"fixed": "area"}), TypeError, "fixed gives names values, as .*, not 'area'"),
    (((RENT,), {"features": "aera"}), ValueError, r'no column "aera" .* \(did you mean area\?\)'),
    (((FRAME,), {"target": "rent", "features": "aera"}), ValueError, 'no column "aera"'),
    (
        ((TABLE,), {"optimizer": "adam:beta=1"}),
        ValueError,
        r"no option 'beta'; .*mean beta[12]\?\)",
    ),
]


@pytest.mark.parametrize(("given", "error", "message"), WRONG)
def test_misuse_is_answered_plainly(given, error, message):
    arguments, options = given if isinstance(given[1], dict) else (given, {})
    with pytest.raises(error, match=message):
        gdviz.fit(*arguments, **options)


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([1, None, 3, 4, 5], dtype="Int64"),
        pl.Series([1, None, 3, 4, 5]),
        [1.0, None, 3.0, 4.0, 5.0],
    ],
)
def test_what_is_missing_is_named_whatever_it_is_written_as(column):
    with pytest.raises(ValueError, match=r"column x?y? ?.*holds nan in row 2; drop the row"):
        gdviz.fit(X, column)


def test_a_warning_points_at_the_line_that_called_fit():
    with pytest.warns(DivergenceWarning) as caught:
        gdviz.fit(TABLE, learning_rate=1.0)
    assert caught[0].filename == __file__


def test_the_signature_stays_that_of_the_function():
    import inspect

    assert [*inspect.signature(gdviz.fit).parameters][:2] == ["X", "y"]
    with pytest.raises(TypeError, match=r"fit\(\) missing 1 required positional argument: 'X'"):
        gdviz.fit()


def test_errors_of_a_table_have_a_public_name(tmp_path):
    with pytest.raises(gdviz.TableError, match="no such file"):
        gdviz.fit(tmp_path / "none.csv")
