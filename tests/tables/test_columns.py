"""Which columns are fitted when nobody says so: ids, targets, and targets of two labels."""

import gzip
import json

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_iris, load_wine

from gdviz.tables.table import TableError, read_table


@pytest.fixture
def read(tmp_path):
    """Read a table from its text."""

    def read(text, name="t.csv", **options):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return read_table(tmp_path / name, **options)

    return read


@pytest.fixture
def refusal(read):
    def refusal(text, **options):
        with pytest.raises(TableError) as caught:
            read(text, **options)
        return str(caught.value)

    return refusal


# -- Columns that number the rows -------------------------------------------------------------

IDS = ["id", "ID", " Id ", "index", "row", "no", "No.", "序号", "编号", "Unnamed: 0", "", '""']


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize("at", [0, 1, 2], ids=["first", "between", "last"])
def test_a_column_that_numbers_the_rows_is_left_out(read, name, at):
    lines = [["x", "y"], ["5", "1"], ["6", "2"], ["8", "5"]]
    for line, cell in zip(lines, [name, "3", "1", "2"], strict=True):
        line.insert(at, cell)
    table = read("\n".join(map(",".join, lines)))
    assert (table.feature_names, table.target_name) == (("x",), "y")
    shown = name.strip(' "') or f"column{at}"
    assert f"left out, only numbers the rows: {shown}" in table.notes


@pytest.mark.parametrize("cells", ["1 1 2", "1 2.5 3", "1 2 x"], ids=["twice", "parts", "text"])
def test_another_column_of_such_a_name_is_a_feature(read, cells):
    a, b, c = cells.split()
    text = f"id,x,y\n{a},5,1\n{b},6,2\n{c},8,5\n"
    if c == "x":
        with pytest.raises(TableError, match='column "id": "x" is not a number'):
            read(text)
    else:
        assert read(text).feature_names == ("id", "x")


@pytest.mark.parametrize("name", ["idle", "rows", "age", "nobody", "index of prices"])
def test_another_name_is_a_feature(read, name):
    assert read(f"{name},y\n1,5\n2,6\n3,8\n").feature_names == (name,)


def test_it_stays_if_somebody_asks_for_it_or_there_is_no_other(read):
    text = "id,x,y\n1,5,1\n2,6,2\n3,8,5\n"
    assert read(text, features=["id", "x"]).feature_names == ("id", "x")
    assert read(text, target="id").target_name == "id"
    assert read(text, target="id").feature_names == ("x", "y")
    assert read(text, features=["x"]).notes == ("target y, the last numeric column",)
    only = read("id,y\n1,5\n2,6\n3,8\n")
    assert (only.feature_names, only.target_name) == (("id",), "y")
    assert not [note for note in only.notes if "left out" in note]
    assert read("id,no\n1,5\n2,6\n3,8\n").target_name == "no"


def test_without_a_header_no_column_is_without_a_name(read):
    assert read("1,5\n2,6\n3,8\n").feature_names == ("column0",)
    assert read("1,5,1\n2,6,2\n3,8,5\n").feature_names == ("column0", "column1")


def test_the_index_that_pandas_wrote(read, tmp_path):
    frame = pd.DataFrame({"x": [5, 6, 8], "y": [1, 2, 5]})
    frame.to_csv(tmp_path / "t.csv")
    frame.set_index(np.array([7, 9, 12])).to_parquet(tmp_path / "t.parquet")
    frame.reset_index().to_json(tmp_path / "t.json", orient="records")
    for name in ("t.csv", "t.parquet", "t.json"):
        table = read_table(tmp_path / name)
        assert (table.feature_names, table.target_name) == (("x",), "y")
        assert any("only numbers the rows" in note for note in table.notes)


# -- Targets of two labels -----------------------------------------------------------------------


def iris(tmp_path):
    data = load_iris(as_frame=True)
    frame = data.data.assign(species=data.target_names[data.target])
    frame.to_csv(tmp_path / "iris.csv", index=False)
    return frame


def test_three_labels_are_refused_with_a_pair_to_choose(tmp_path):
    frame = iris(tmp_path)
    for options in (
        {"classes": True},
        {"target": "species"},
        {"target": "species", "classes": True},
    ):
        with pytest.raises(TableError) as caught:
            read_table(tmp_path / "iris.csv", **options)
        assert str(caught.value) == (
            'column "species" of iris.csv has 3 labels, setosa, versicolor, virginica; choose two '
            'of them, labels=("setosa", "versicolor")'
        )
    table = read_table(tmp_path / "iris.csv", labels=("setosa", "versicolor"))
    kept = frame[frame.species != "virginica"]
    np.testing.assert_array_equal(table.X, kept.iloc[:, :4])
    np.testing.assert_array_equal(table.y, kept.species == "versicolor")
    assert table.label_names == ("setosa", "versicolor")
    assert table.notes[0] == "target species, the last column with the labels setosa, versicolor"
    assert table.notes[-2:] == (
        "species: setosa is 0, versicolor is 1",
        "left out, of other labels: 50 rows",
    )


def test_the_labels_are_coded_in_the_order_that_they_are_asked_for(tmp_path):
    iris(tmp_path)
    table = read_table(tmp_path / "iris.csv", labels=("virginica", "setosa"), target="species")
    assert table.label_names == ("virginica", "setosa")
    assert table.y.tolist() == [1] * 50 + [0] * 50
    scaled = table.powers(2).scaled("standard")
    assert scaled.label_names == table.label_names


def test_labels_that_are_numbers_stay_what_they_are(tmp_path):
    data = load_wine(as_frame=True).frame
    data.to_csv(tmp_path / "wine.csv", index=False)
    with pytest.raises(TableError, match=r'"target" of wine\.csv has 3 labels, 0, 1, 2; choose'):
        read_table(tmp_path / "wine.csv", classes=True)
    table = read_table(tmp_path / "wine.csv", labels=("0", "2.0"), classes=True)
    np.testing.assert_array_equal(table.y, data.target[data.target != 1])
    assert table.label_names is None


CLASSES = {
    "text": ("x,who,z\n1,a,1\n2,b,2\n3,a,7\n", "who", [0, 1, 0], ("a", "b")),
    "truth": ("x,who,z\n1,true,1\n2,false,2\n3,true,7\n", "who", [1, 0, 1], ("false", "true")),
    "numbers": ("x,who,z\n1,2,1\n2,5,2\n3,5,7\n", "who", [2, 5, 5], None),
    "the last of several": ("x,p,q,z\n1,a,1,1\n2,b,0,2\n3,a,1,7\n", "q", [1, 0, 1], None),
    "beside an id": ("x,who,id\n1,a,1\n2,b,2\n", "who", [0, 1], ("a", "b")),
}


@pytest.mark.parametrize(("text", "target", "y", "names"), CLASSES.values(), ids=CLASSES)
def test_the_target_of_classes_is_the_last_column_of_two_labels(read, text, target, y, names):
    table = read(text, classes=True)
    assert (table.target_name, table.y.tolist(), table.label_names) == (target, y, names)
    assert table.notes[0] == f"target {target}, the last column of two labels"
    assert target not in table.feature_names


def test_a_feature_is_no_target_of_classes(read):
    text = "x,p,q\n1,0,5\n2,1,5\n3,1,6\n"
    assert read(text, classes=True, features=["x", "q"]).target_name == "p"


def test_no_column_of_labels(refusal):
    text = "x,y\n1,5\n2,6\n3,8\n4,9\n"
    assert refusal(text, classes=True) == (
        "t.csv has no column with two labels for a target; its columns are x, y"
    )
    assert refusal(text, labels=("a", "b")) == (
        "t.csv has no column with the labels a, b for a target; its columns are x, y"
    )
    named = 'column "y" of t.csv has 4 labels, 5, 6, 8, 9; choose two of them, labels=("5", "6")'
    assert refusal(text, classes=True, target="y") == named
    assert refusal(text, labels=("5", "b"), target="y") == (
        'column "y" of t.csv does not have both labels 5, b; it has 5, 6, 8, 9'
    )


@pytest.mark.parametrize("labels", [("a", "a"), ("a",), ("a", "b", "c")])
def test_labels_are_two(refusal, labels):
    told = refusal("x,y\n1,a\n2,b\n", labels=labels)
    assert told == f"a target has two different labels, not {', '.join(labels)}"


def test_one_label_and_many(refusal):
    assert refusal("x,y\n1,a\n2,a\n", target="y") == (
        'column "y" of t.csv is not numeric ("a"); the numeric columns are x'
    )
    many = "x,y\n" + "".join(f"{k},n{k}\n" for k in range(21))
    assert refusal(many, target="y") == (
        'column "y" of t.csv is not numeric ("n0"); the numeric columns are x'
    )
    numbers = "x,y\n" + "".join(f"{k},{k}\n" for k in range(21))
    assert "more than 20 labels, 0, 1, 2, 3, 4, 5, 6, 7, …; choose two of them" in refusal(
        numbers, target="y", classes=True
    )
    twenty = "x,y\n" + "".join(f"{k},n{k}\n" for k in range(20))
    assert "has 20 labels, n0, n1, n10," in refusal(twenty, target="y")


def test_a_label_may_be_anything(read):
    strange = ("'; DROP TABLE cells; --", 'a "b"')
    text = 'x,y\n1,\'; DROP TABLE cells; --\n2,"a ""b"""\n3,c\n'
    assert read(text, labels=strange).label_names == strange
    assert read(text, labels=("c", strange[1])).y.tolist() == [1, 0]


def test_rows_of_other_labels_need_no_values(read):
    text = "x,y\n1,a\n,c\n2,b\n5,c\n"
    table = read(text, labels=("a", "b"))
    assert table.X[:, 0].tolist() == [1, 2]
    with pytest.raises(TableError, match="line 3: no value in x"):
        read(text, labels=("a", "c"))
    assert read(text, labels=("a", "c"), drop_missing=True).y.tolist() == [0, 1]


# -- Names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("lines", [False, True])
@pytest.mark.parametrize(
    "keys", ["aAb", "Aab", ["a", "A_1", "A"], ["x_1", "X_1", "x", "X"], ["é", "É", "y"]]
)
def test_keys_that_differ_in_case_keep_their_names(tmp_path, packed, lines, keys):
    records = [{key: 10 * row + k for k, key in enumerate(keys)} for row in range(4)]
    text = "\n".join(map(json.dumps, records)) if lines else json.dumps(records)
    path = tmp_path / ("t.json.gz" if packed else "t.json")
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    table = read_table(path)
    assert (*table.feature_names, table.target_name) == tuple(keys)
    assert np.column_stack([table.X, table.y]).tolist() == [
        [*record.values()] for record in records
    ]


def test_keys_in_another_order_in_every_record(tmp_path):
    path = tmp_path / "t.json"
    path.write_text('[{"b": 1, "B": 2}, {"B": 3, "b": 4, "a": 5}, {"a": 6, "B": 7, "b": 8}]')
    table = read_table(path, features=["b", "a"], target="B", drop_missing=True)
    assert np.column_stack([table.X, table.y]).tolist() == [[4, 5, 3], [8, 6, 7]]
