"""A history is frozen, comes back from its file as it was, and prints a table that is true."""

import dataclasses
import json
import os
import re
import zipfile
from unicodedata import east_asian_width

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import mean_squared_error, r2_score

import gdviz
from gdviz import Dataset, History
from gdviz.core.fit import DivergenceWarning
from gdviz.core.objective import Regression

CHINESE = Dataset.of(
    [[1.0, -2], [2, 1], [4, 1], [5, 3]],
    [14.0, -12, -31, 2],
    feature_names=["面积（平方米）", "$age_^\\<"],
    target_name="租金",
)


@pytest.fixture(scope="module")
def history(tables) -> History:
    return gdviz.fit(tables["article_multiple"], epochs=50)


@pytest.fixture
def diverged(tables) -> History:
    with pytest.warns(DivergenceWarning):
        return gdviz.fit(tables["article_multiple"], learning_rate=1.0)


# Arrays -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["theta", "cost", "epoch", "intercept", "weights"])
def test_arrays_are_frozen(history, name):
    with pytest.raises(ValueError, match="read-only"):
        getattr(history, name)[0] = 0


NO_HISTORY = {
    "theta of other columns": ({"theta": np.ones((3, 2))}, r"theta has shape (3, 2), not (3, 3)"),
    "flat theta": ({"theta": np.ones(3)}, "theta has shape (3,), not (3, 3)"),
    "no theta": ({"theta": np.array(1.0)}, "theta has shape (), not (1, 3)"),
    "nothing": (
        {"theta": np.ones((0, 3)), "cost": np.ones(0), "epoch": np.arange(0)},
        "it has no records",
    ),
    "NaN": ({"theta": np.full((3, 3), np.nan)}, "theta holds nan"),
    "infinite cost": ({"cost": np.array([1, np.inf, 1])}, "cost holds inf"),
    "text": ({"cost": np.array(["a", "b", "c"])}, "cost holds numbers of type <U1"),
    "short cost": ({"cost": np.ones(2)}, "cost has shape (2,), not (3,)"),
    "long epoch": ({"epoch": np.arange(4)}, "epoch has shape (4,), not (3,)"),
    "parts of epochs": ({"epoch": np.array([0, 0.5, 1])}, "epoch holds numbers of type float64"),
    "epochs that fall": ({"epoch": np.array([0, 2, 1])}, "its epochs do not increase from 0 on"),
    "epochs twice": ({"epoch": np.array([0, 1, 1])}, "its epochs do not increase from 0 on"),
    "epochs before 0": ({"epoch": np.array([-1, 0, 1])}, "its epochs do not increase from 0 on"),
    "fixed": ({"fixed": (7,)}, "fixed names [7] of the entries 0 to 2 of theta"),
    "fixed, one too far": ({"fixed": (3,)}, "fixed names [3] of the entries 0 to 2 of theta"),
    "fixed, one before": ({"fixed": (-1,)}, "fixed names [-1] of the entries 0 to 2 of theta"),
    "fixed twice": ({"fixed": (1, 1)}, "fixed is [1, 1]: each entry once, and one must move"),
    "all fixed": ({"fixed": (0, 1, 2)}, "fixed is [0, 1, 2]: each entry once, and one must move"),
    "a rate of 0": ({"learning_rate": 0.0}, "its learning rate is 0.0"),
    "a rate without end": ({"learning_rate": np.inf}, "its learning rate is inf"),
    "batches of nothing": ({"batch_size": 0}, "its batches are of 0 rows"),
}


@pytest.mark.parametrize(("changes", "message"), NO_HISTORY.values(), ids=NO_HISTORY)
def test_arrays_that_are_no_history(tables, tmp_path, changes, message):
    arrays = {"theta": np.ones((3, 3)), "cost": np.ones(3), "epoch": np.arange(3)}
    history = History(Regression(tables["rent"]), **arrays, learning_rate=0.1)
    with pytest.raises(ValueError, match=re.escape(message)):
        dataclasses.replace(history, **changes)
    # The same, in a file that somebody has changed.
    for name, value in changes.items():
        object.__setattr__(history, name, value)
    history.save(tmp_path / "h.npz")
    said = re.escape(f"h.npz is not a history that gdviz saved ({message})")
    with pytest.raises(ValueError, match=said):
        History.load(tmp_path / "h.npz")


@pytest.mark.parametrize("name", ["X", "y"])
def test_the_table_is_frozen_too(history, name):
    with pytest.raises(ValueError, match="read-only"):
        getattr(history.dataset, name)[0] = 0


def test_fields_are_frozen(history):
    with pytest.raises(dataclasses.FrozenInstanceError):
        history.learning_rate = 1.0


def test_shapes(history):
    assert history.theta.shape == (51, 3)
    assert (
        history.cost.shape == history.epoch.shape == history.r2.shape == history.gap.shape == (51,)
    )
    assert_array_equal(history.intercept, history.theta[:, 0])
    assert_array_equal(history.weights, history.theta[:, 1:])


def test_at(history):
    assert [history.at(k) for k in (0, 1, 50, -1, -2, -51)] == [0, 1, 50, 50, 49, 0]


@pytest.mark.parametrize("epoch", [51, 1000, -52])
def test_an_epoch_that_is_not_there(history, epoch):
    with pytest.raises(ValueError, match=rf"epoch {epoch} was not recorded; the last is 50"):
        history.at(epoch)


def test_at_with_gaps(history):
    some = dataclasses.replace(
        history,
        theta=history.theta[::10],
        cost=history.cost[::10],
        epoch=history.epoch[::10],
    )
    assert [some.at(k) for k in (0, 10, 50, -1, -11)] == [0, 1, 5, 5, 4]
    with pytest.raises(ValueError, match="epoch 5 was not recorded"):
        some.at(5)


@pytest.mark.parametrize("epoch", [0, 7, -1])
def test_predict(history, epoch):
    data = history.dataset
    prediction = history.predict(data.X, epoch)
    assert prediction.shape == (data.n_samples,)
    k = history.at(epoch)
    assert_allclose(mean_squared_error(data.y, prediction), history.cost[k], rtol=1e-12)
    assert_allclose(r2_score(data.y, prediction), history.r2[k], rtol=1e-12)


@pytest.mark.parametrize("shape", [(3,), (3, 1), (3, 3), (2, 2, 2)])
def test_predict_wants_the_columns_of_the_table(history, shape):
    with pytest.raises(ValueError, match="it needs 2 columns: x0, x1"):
        history.predict(np.zeros(shape))


def test_one_column_is_called_one():
    line = gdviz.fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0], epochs=1)
    with pytest.raises(ValueError, match="it needs 1 column: x0"):
        line.predict(np.zeros((2, 2)))
    with pytest.raises(ValueError, match="this history has 1 feature, the dataset 2"):
        line.over(Dataset.of(np.eye(3)[:, :2], np.arange(3.0)))
    with pytest.raises(ValueError, match=r"cost has shape \(2,\); theta has 1 record$"):
        History.from_arrays([[0, 0]], [1, 2], dataset=line.dataset)


def test_predict_wants_no_masked_entries(history):
    with pytest.raises(ValueError, match=r"X is masked at \[0, 1\]"):
        history.predict(np.ma.array([[1.0, 2]], mask=[[0, 1]]))


def test_predict_wants_an_epoch_that_is_there(history):
    with pytest.raises(ValueError, match="was not recorded"):
        history.predict(history.dataset.X, 51)


def test_gap_never_goes_below_zero(table):
    history = gdviz.fit(table, epochs=5000)
    assert (history.gap >= 0).all()
    honest = history.cost - history.best.cost
    assert_allclose(history.gap, honest, rtol=1e-6, atol=1e-9 * history.cost[-1] + 1e-12)


# The file -----------------------------------------------------------------------------------------


def _assert_same(a, b):
    for field in dataclasses.fields(History):
        if field.name in ("objective", "ahead"):
            continue
        assert_array_equal(getattr(a, field.name), getattr(b, field.name))
    for name in ("X", "y"):
        assert_array_equal(getattr(a.dataset, name), getattr(b.dataset, name))
    for name in ("feature_names", "target_name", "source"):
        assert getattr(a.dataset, name) == getattr(b.dataset, name)
    assert (a.ahead is None) == (b.ahead is None)
    if a.ahead is not None:
        assert_array_equal(a.ahead.as_array(), b.ahead.as_array())
    assert str(a) == str(b)


@pytest.mark.parametrize("options", [{}, {"fixed_intercept": "ols"}, {"epochs": 1}])
def test_it_comes_back_as_it_was(tmp_path, options):
    history = gdviz.fit(dataclasses.replace(CHINESE, source="租金.csv"), **options)
    path = tmp_path / "历史 '; DROP.npz"
    history.save(path)
    back = History.load(path)
    _assert_same(history, back)
    assert back.fixed == history.fixed
    assert type(back.epoch[0]) is np.int64
    with pytest.raises(ValueError, match="read-only"):
        back.theta[0] = 0


def test_a_diverged_history_comes_back(tmp_path, diverged):
    diverged.save(tmp_path / "h.npz")
    _assert_same(diverged, History.load(tmp_path / "h.npz"))


def test_the_file_holds_no_pickle(tmp_path, history):
    history.save(tmp_path / "h.npz")
    with np.load(tmp_path / "h.npz", allow_pickle=False) as file:
        assert set(file) == {"about", "X", "y", "theta", "cost", "epoch", "ahead"}
        assert all(file[name].dtype != object for name in file)


def test_the_same_history_gives_the_same_bytes(tmp_path, history):
    history.save(tmp_path / "a.npz")
    history.save(tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_the_name_is_taken_as_it_is(tmp_path, history):
    history.save(str(tmp_path / "no suffix"))
    assert os.listdir(tmp_path) == ["no suffix"]
    _assert_same(history, History.load(str(tmp_path / "no suffix")))


def test_an_interrupted_save_leaves_the_old_file(tmp_path, history, monkeypatch):
    path = tmp_path / "h.npz"
    history.save(path)
    old = path.read_bytes()

    def interrupted(file, array, **options):
        file.write(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(np.lib.format, "write_array", interrupted)
    with pytest.raises(KeyboardInterrupt):
        history.save(path)
    assert path.read_bytes() == old
    assert os.listdir(tmp_path) == ["h.npz"]


def _write_other_format(path, history):
    history.save(path)
    with np.load(path) as file:
        arrays = dict(file)
    about = json.loads(str(arrays["about"])) | {"format": "gdviz history 99"}
    np.savez(path, **arrays | {"about": np.array(json.dumps(about))})


def _write_other_table(path, history):
    history.save(path)
    with np.load(path) as file:
        arrays = dict(file)
    np.savez(path, **arrays | {"X": np.array([["a"]])})


def _write_truncated(path, history):
    history.save(path)
    path.write_bytes(path.read_bytes()[:-200])


def _write_pickle(path, history):
    np.savez(path, about=np.array([{}], dtype=object), X=history.dataset.X)


def _write_one_array(path, history):
    with path.open("wb") as file:
        np.save(file, history.theta)


def _write_zip(path, history):
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("readme.txt", "hello")


WRONG = {
    "empty": lambda path, _: path.write_bytes(b""),
    "text": lambda path, _: path.write_text("x,y\n1,2\n"),
    "binary": lambda path, _: path.write_bytes(bytes(range(256)) * 4),
    "one array": _write_one_array,
    "other arrays": lambda path, _: np.savez(path, a=np.arange(3)),
    "other table": _write_other_table,
    "other format": _write_other_format,
    "truncated": _write_truncated,
    "pickle": _write_pickle,
    "zip": _write_zip,
}


@pytest.mark.parametrize("write", WRONG.values(), ids=WRONG)
def test_another_file_is_refused(tmp_path, history, write):
    path = tmp_path / "h.npz"
    write(path, history)
    with pytest.raises(ValueError, match=r"h\.npz is not a history that gdviz saved"):
        History.load(path)


@pytest.mark.skipif(os.name != "posix", reason="named pipes are POSIX's")
def test_a_pipe_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "h.npz")
    with pytest.raises(ValueError, match=r"h\.npz is a pipe or device"):
        History.load(tmp_path / "h.npz")


def test_no_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        History.load(tmp_path / "h.npz")


# The table ----------------------------------------------------------------------------------------


def _cells(text):
    """Name of a row -> its cells, read from the printed table."""
    table = text.split("\n\n")[1].splitlines()
    rows = [re.split(r"  +", line.strip()) for line in table[1:]]
    return re.split(r"  +", table[0].strip()), {name: cells for name, *cells in rows}


def _value(text):
    return float(text.replace(",", "").replace("−", "-"))


def test_the_table_says_what_happened(history):
    header, rows = _cells(str(history))
    assert header == ["start", "end", "least squares", "way left"]
    assert list(rows) == ["intercept", "x0", "x1", "cost", "R²"]
    best = history.best
    expected = {
        name: (values[0], values[-1], goal)
        for name, values, goal in zip(rows, history.theta.T, best.theta, strict=False)
    }
    expected["cost"] = (history.cost[0], history.cost[-1], best.cost)
    expected["R²"] = (history.r2[0], history.r2[-1], history.dataset.r2(best.cost))
    for name, cells in rows.items():
        assert_allclose([_value(cell) for cell in cells[:3]], expected[name], rtol=1e-5)
    left = [float(rows[name][3].removesuffix(" %")) / 100 for name in ("intercept", "x0", "x1")]
    assert_allclose(left, history.way_left[-1], rtol=0.05)


def test_the_heading_says_how_it_was_made(history):
    heading = str(history).split("\n\n")[0]
    assert heading == (
        "gradient descent: y from x0, x1\n"
        "6 rows, learning rate 0.0189217, 50 epochs, stopped (75 % of the way of intercept is left)"
    )


def test_the_heading_says_where_the_rows_came_from():
    history = gdviz.fit(dataclasses.replace(CHINESE, source="租金.csv"))
    first = "gradient descent on 租金.csv: 租金 from 面积（平方米）, $age_^\\<\n"
    assert str(history).startswith(first)


RAW = "a\x1b[31mred", "two\nlines", "\x07bell"


def test_names_do_not_reach_the_terminal_raw():
    table = Dataset.of(CHINESE.X[:, [0, 0]], CHINESE.y, feature_names=RAW[:2], target_name=RAW[2])
    history = gdviz.fit(dataclasses.replace(table, source="t\t.csv"))
    text = str(history)
    assert text.startswith(r"gradient descent on t\t.csv: \x07bell from a\x1b[31mred, two\nlines")
    assert text.count(r"a\x1b[31mred") == 3  # heading, table, and what depends on what
    assert text.replace("\n", "").isprintable()
    for refused in (lambda: history.predict([[1.0]]), lambda: gdviz.fit(table, theta0=[1])):
        with pytest.raises(ValueError, match=r"two\\nlines"):
            refused()


def test_repr_is_the_table(history):
    assert repr(history) == str(history)


@pytest.mark.parametrize(
    ("options", "outcome"),
    [
        ({}, "794 epochs, arrived at epoch 794"),
        ({"epochs": 1}, "1 epoch, stopped (100 % of the way of intercept is left)"),
        ({"epochs": 12_345}, "12,345 epochs, arrived at epoch 794"),
    ],
)
def test_the_outcome(tables, options, outcome):
    assert outcome in str(gdviz.fit(tables["article_multiple"], **options))


def test_a_diverged_outcome(diverged):
    text = str(diverged)
    assert text.splitlines()[1].endswith(", diverged")
    assert "nan" not in text
    assert "inf" not in text


def test_what_is_not_unique_is_said(tables):
    text = str(gdviz.fit(tables["housing"]))
    assert text.splitlines()[-3] == (
        "The least-squares solution is not unique (4 rows, 5 parameters; linearly dependent: "
        "area, bedrooms, floors, age). The one shown is the nearest to the start."
    )


@pytest.mark.parametrize("target", [[0.1, 0.1, 0.1], [0.1 + 0.2, 0.3, 0.3]])
def test_a_constant_target_has_no_r2(target):
    _, rows = _cells(str(gdviz.fit([[1.0], [2], [4]], target)))
    assert rows["R²"] == ["—"] * 3


@pytest.mark.parametrize("dataset", [CHINESE, None])
@pytest.mark.parametrize("fixed", [None, "ols"])
def test_columns_are_aligned(dataset, fixed, tables):
    history = gdviz.fit(dataset or tables["rent"], fixed_intercept=fixed)
    lines = str(history).split("\n\n")[1].splitlines()[:-2]  # nothing is left of cost and R²
    widths = {sum(2 if east_asian_width(c) in "WF" else 1 for c in line) for line in lines}
    assert len(widths) == 1


def test_nothing_is_missing_of_what_is_held(tables):
    _, rows = _cells(str(gdviz.fit(tables["rent"], fixed_intercept="ols")))
    assert rows["intercept"] == ["50,300.8", "50,300.8", "50,300.8", "held"]


def test_there_is_no_minus_before_a_zero():
    _, rows = _cells(str(gdviz.fit([[1.0], [-1]], [0.0, 0], theta0=[0, 0])))
    assert rows["cost"] == ["0", "0", "0"]


@pytest.mark.parametrize(("name", "advised"), [("rent", "172,593"), ("article_multiple", "")])
def test_an_ill_conditioned_table_gets_one_line_of_advice(tables, name, advised):
    printed = str(gdviz.fit(tables[name], epochs=10))
    advice = [line for line in printed.splitlines() if 'dataset.scaled("standard")' in line]
    assert len(advice) == bool(advised)
    assert all(advised in line for line in advice)
    assert "scaled" not in str(gdviz.fit(tables[name].scaled("standard"), epochs=10))


def test_one_parameter_that_moves_is_enough(history):
    assert dataclasses.replace(history, fixed=(0, 2)).fixed == (0, 2)
