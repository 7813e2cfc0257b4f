"""Tables as people have them: those that are read, and those that are refused, and how."""

import csv
import errno
import gzip
import io
import os
from decimal import Decimal
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from gdviz.tables.table import TableError, read_table

GALLERY = Path(__file__).parents[2] / "gallery" / "data"


@pytest.fixture
def write(tmp_path):
    """Write a table file and return its path."""

    def write(content, name="rent.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def refusal(path, **options):
    with pytest.raises(TableError) as caught:
        read_table(path, **options)
    message = str(caught.value)
    assert len(message) < 400
    assert "\n" not in message
    return message


def rows(dataset):
    return np.column_stack([dataset.X, dataset.y]).tolist()


# -- What is read ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "features", "target", "n"),
    [
        ("article_multiple.csv", ("x0", "x1"), "y", 6),
        ("article_simple.csv", ("x",), "y", 6),
        ("rent.csv", ("area", "age"), "rent", 10),
        ("housing.csv", ("area", "bedrooms", "floors", "age"), "price", 4),
    ],
)
def test_gallery(name, features, target, n):
    dataset = read_table(GALLERY / name)
    assert (dataset.feature_names, dataset.target_name) == (features, target)
    assert (dataset.n_samples, dataset.source) == (n, name)
    expected = pd.read_csv(GALLERY / name)
    assert_array_equal(rows(dataset), expected.to_numpy(float))


PLAIN = [[1.5, 2.5], [2.5, 3.0]]

DIALECTS = {
    "commas": "a,b\n1.5,2.5\n2.5,3\n",
    "semicolons": "a;b\n1.5;2.5\n2.5;3\n",
    "tabs": "a\tb\n1.5\t2.5\n2.5\t3\n",
    "bars": "a|b\n1.5|2.5\n2.5|3\n",
    "spaces": "a b\n1.5 2.5\n2.5 3\n",
    "aligned": "   a   b\n 1.5 2.5\n 2.5   3\n",
    "spaces around": " a , b \n 1.5, 2.5\n2.5 ,3\n",
    "quoted": '"a","b"\n"1.5","2.5"\n"2.5","3"\n',
    "single quotes": "'a','b'\n'1.5','2.5'\n'2.5','3'\n",
    "windows": "a,b\r\n1.5,2.5\r\n2.5,3\r\n",
    "old mac": "a,b\r1.5,2.5\r2.5,3\r",
    "mixed line ends": "a,b\r\n1.5,2.5\n2.5,3\r\n",
    "no newline at the end": "a,b\n1.5,2.5\n2.5,3",
    "blank lines": "\n\na,b\n\n1.5,2.5\n\n\n2.5,3\n\n",
    "comments": "# made by hand, in 2020\na,b\n1.5,2.5\n# and on\n2.5,3\n",
    "comments below a title": "Made by hand\n# in 2020\na,b\n1.5,2.5\n# and on\n2.5,3\n",
    "byte-order mark": "\ufeffa,b\n1.5,2.5\n2.5,3\n",
    "decimal commas": "a;b\n1,5;2,5\n2,5;3\n",
    "decimal commas, tabs": "a\tb\n1,5\t2,5\n2,5\t3\n",
    "decimal commas, spaces": "a b\n1,5 2,5\n2,5 3\n",
    "decimal commas, spaces throughout": "a b\n1,5 2,5\n2,5 3,0\n",
    "padded": " a, b\n 1.5, 2.5\n 2.5, 3\n",
    "comment first": "# one, two\n#three\na,b\n1.5,2.5\n#2,2\n2.5,3\n",
}


@pytest.mark.parametrize("text", DIALECTS.values(), ids=DIALECTS)
@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".txt"])
def test_dialects(write, text, suffix):
    dataset = read_table(write(text, f"table{suffix}"))
    assert dataset.feature_names == ("a",)
    assert dataset.target_name == "b"
    assert rows(dataset) == PLAIN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a;b\n1.234,5;2,5\n-2,5;1.000.000\n", [[1234.5, 2.5], [-2.5, 1e6]]),
        ("1,5;2,5\n2,5;3,5\n", [[1.5, 2.5], [2.5, 3.5]]),
        ("size, m²;b\n1,5;2\n2,5;3e2\n", [[1.5, 2], [2.5, 300]]),
        ("name;a;b\nx;1,5;2,5\ny;2,5;3,5\n", [[1.5, 2.5], [2.5, 3.5]]),
    ],
)
def test_decimal_commas(write, text, expected):
    dataset = read_table(write(text))
    assert rows(dataset) == expected
    assert "decimal commas: 1,5 is read as 1.5" in dataset.notes


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1e3", 1000),
        ("+.5", 0.5),
        ("5.", 5),
        ("-0", 0),
        (" 7 ", 7),
        ("9007199254740993", 2.0**53),
        ("170141183460469231731687303715884105728", 2.0**127),
        ("0.1000000000000000055511151231257827", 0.1),
        ("123456789012345678901234567890.5", 123456789012345678901234567890.5),
        ("4.9e-324", 5e-324),
    ],
)
def test_numbers(write, cell, value):
    assert rows(read_table(write(f"a,b\n{cell},1\n2,3\n")))[0][0] == value


FRAME = pd.DataFrame({"area": [17.0, 18.5, 20.0], "city": ["x", "y", "z"], "rent": [350, 360, 410]})


def as_parquet(frame):
    return frame.to_parquet()


def as_json(frame):
    return frame.to_json(orient="records").encode()


def as_json_lines(frame):
    return frame.to_json(orient="records", lines=True).encode()


def as_csv(frame):
    return frame.to_csv(index=False).encode()


FORMATS = [
    (".csv", as_csv),
    (".CSV", as_csv),
    (".parquet", as_parquet),
    (".json", as_json),
    (".json", as_json_lines),
]


@pytest.mark.parametrize(("suffix", "encode"), FORMATS)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gz"])
def test_formats(write, suffix, encode, packed):
    content = encode(FRAME)
    name = f"table{suffix}"
    path = write(gzip.compress(content), f"{name}.gz") if packed else write(content, name)
    dataset = read_table(path)
    assert rows(dataset) == [[17, 350], [18.5, 360], [20, 410]]
    assert dataset.notes == (
        "target rent, the last numeric column",
        "features area, the other numeric columns",
        'left out, not numeric: city ("x")',
    )


def test_parquet_types(write):
    table = {
        "decimal": [Decimal("1.25"), Decimal("3.50")],
        "int8": pa.array([1, 2], pa.int8()),
        "uint64": pa.array([2**63, 2], pa.uint64()),
        "float32": pa.array([0.5, 2], pa.float32()),
        "flag": [True, False],
        "list": [[1], [2]],
        "when": pa.array([0, 1], pa.date32()),
        "Y": [1.0, 2.0],
        "y": [3.0, 4.0],
    }
    content = io.BytesIO()
    pa.parquet.write_table(pa.table(table), content)
    dataset = read_table(write(content.getvalue(), "types[1].parquet"))
    assert dataset.feature_names == ("decimal", "int8", "uint64", "float32", "Y")
    assert rows(dataset) == [[1.25, 1, 2.0**63, 0.5, 1, 3], [3.5, 2, 2, 2, 2, 4]]
    assert dataset.notes[-1] == (
        'left out, not numeric: flag ("true"), list ("[1]"), when ("1970-01-01")'
    )


# -- Which columns --------------------------------------------------------------------------

CITIES = "city,area,age,sold,on,rent\nx,17,31,true,2020-01-01,350\ny,18,34,false,2020-01-02,360\n"


@pytest.mark.parametrize(
    ("options", "features", "target", "notes"),
    [
        (
            {},
            ("area", "age"),
            "rent",
            (
                "target rent, the last numeric column",
                "features area, age, the other numeric columns",
                'left out, not numeric: city ("x"), sold ("true"), on ("2020-01-01")',
            ),
        ),
        ({"features": ["age", "area"], "target": "rent"}, ("age", "area"), "rent", ()),
        (
            {"features": ["rent", "age"]},
            ("rent", "age"),
            "area",
            ("target area, the last numeric column",),
        ),
        (
            {"target": "area"},
            ("age", "rent"),
            "area",
            (
                "features age, rent, the other numeric columns",
                'left out, not numeric: city ("x"), sold ("true"), on ("2020-01-01")',
            ),
        ),
        ({"features": "age", "target": "rent"}, ("age",), "rent", ()),
    ],
)
def test_choice(write, options, features, target, notes):
    dataset = read_table(write(CITIES), **options)
    assert (dataset.feature_names, dataset.target_name) == (features, target)
    assert dataset.notes == notes
    column = {"area": [17, 18], "age": [31, 34], "rent": [350, 360]}
    assert_array_equal(dataset.X, np.transpose([column[name] for name in features]))
    assert_array_equal(dataset.y, column[target])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"target": "rnt"},
            'no column "rnt" in rent.csv; its columns are city, area, age, sold, on, rent '
            "(did you mean rent?)",
        ),
        (
            {"features": ["area", "floor"]},
            'no column "floor" in rent.csv; its columns are city, area, age, sold, on, rent',
        ),
        (
            {"features": ["area", "rent"], "target": "rent"},
            "rent is the target and cannot be a feature too; leave it out of the features",
        ),
        (
            {"features": ["city"]},
            'column "city" of rent.csv is not numeric ("x"); '
            "the numeric columns are area, age, rent",
        ),
        (
            {"features": ["sold"]},
            'column "sold" of rent.csv is not numeric ("true"); '
            "the numeric columns are area, age, rent",
        ),
        ({"features": ["age", "age"]}, "chosen more than once as a feature: age"),
        ({"features": []}, "no feature was chosen; name at least one column"),
    ],
)
def test_choice_refused(write, options, message):
    assert refusal(write(CITIES), **options) == message


def test_wide_table_is_spoken_of_briefly(write):
    names = [f"x{j}" for j in range(500)]
    text = "\n".join([",".join(names), ",".join("1" * 500), ",".join("2" * 500)])
    dataset = read_table(write(text))
    assert dataset.X.shape == (2, 499)
    assert dataset.notes[1] == (
        "features x0, x1, x2, x3, x4, x5, x6, x7 and 491 more, the other numeric columns"
    )
    assert "and 492 more (did you mean x77?)" in refusal(write(text), target="x77x")


@pytest.mark.parametrize(
    "first",
    ["1.5,2", "1.000e+00,2.0", "1,", "NA,2", "1e3,2", "-.5,+2", "1,2.5", "inf,3", "+1,+2", " 1, 2"],
)
@pytest.mark.parametrize("label", ["", "x,"], ids=["numbers", "beside text"])
def test_first_row_of_a_table_without_header_is_not_lost(write, first, label):
    path = write(f"{label}{first}\n{label}3,4\n{label}5,7\n{label}8,9\n")
    if "inf" in first:
        assert refusal(path).startswith("rent.csv, line 1, ")
        return
    dataset = read_table(path, drop_missing=True)
    assert "no header line" in dataset.notes[0]
    assert rows(dataset)[-3:] == [[3, 4], [5, 7], [8, 9]]
    assert dataset.n_samples == (3 if first in ("1,", "NA,2") else 4)


@pytest.mark.parametrize(
    "text", ["+1,+2\n+3,+5\n+4,+9\n", " 1, 2\n 3, 5\n 4, 9\n", "1 2\n3 5\n4 9"]
)
def test_a_first_row_of_numbers_is_never_a_header(write, text):
    table = read_table(write(text))
    assert rows(table) == [[1, 2], [3, 5], [4, 9]]
    assert "no header line; the columns are called column0, column1" in table.notes
    decorated = read_table(write('"$1,000",5%\n"$3,000",7%\n"$4,000",9%\n'))
    assert rows(decorated) == [[1000, 0.05], [3000, 0.07], [4000, 0.09]]


@pytest.mark.parametrize("first", ["# made by hand", "#made by hand, in 2020", "\n\n# a,b", ""])
def test_a_number_sign_within_a_line_is_no_comment(write, first):
    assert '"3#4" is not a number' in refusal(write(f"{first}\na,b\n1,2\n3#4,5\n6,7\n"))
    path = write(f"{first}\na,b\n1,2\n#N/A,5\n6,7\n#na,1\n")
    table = read_table(path, drop_missing=True)
    assert rows(table) == [[1, 2], [6, 7]]
    assert table.notes[-1].startswith("dropped 2 rows, values missing: lines ")
    assert '"#DIV/0!" is not a number' in refusal(write(f"{first}\na,b\n1,2\n#DIV/0!,5\n6,7\n"))


@pytest.mark.parametrize("first", ["#a,b", "#,b", '"#a",b'])
def test_a_header_may_begin_with_a_number_sign(write, first):
    table = read_table(write(f"{first}\n1,2\n3,5\n4,9\n"))
    assert (*table.feature_names, table.target_name) == tuple(first.replace('"', "").split(","))
    assert read_table(write("tag,x,y\n#a,1,2\n#b,3,5\n")).X.tolist() == [[1], [3]]


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("1,500 200,5\n2,600 300,7\n3,100 200,5\n", [[1.5, 200.5], [2.6, 300.7], [3.1, 200.5]]),
        ("date n,x,y\n2020-01-01 1,5,7\n2020-01-02 2,6,8\n", [[5, 7], [6, 8]]),
        ("city,x,y\nNew York,5,7\nLos Angeles,6,8\n", [[5, 7], [6, 8]]),
        ('a;b\n"x; y";1\n2,5;3\n1,5;2\n0,5;2\n', None),
        ("a\tb\n1,5\t2 500,5\n2,5\t3 500,5\n", [[1.5, 2500.5], [2.5, 3500.5]]),
        ("a b\n1 2,512.5\n3 4,100.5\n", [[1, 2512.5], [3, 4100.5]]),
        ("a   b\n1\u202f000,5   2,5\n2\u202f000,5   3,5\n", [[1000.5, 2.5], [2000.5, 3.5]]),
    ],
)
def test_what_separates_cells(write, text, table):
    if table is None:
        assert '"x; y" is not a number' in refusal(write(text))
    else:
        assert rows(read_table(write(text))) == table


@pytest.mark.parametrize(
    ("text", "names", "note"),
    [
        ("1,2\n3,5\n", ("column0",), "no header line; the columns are called column0, column1"),
        ("Rents of 2020\n\na,b\n1,2\n3,5\n", ("a",), "skipped line 1, above the table"),
        (",b\n1,2\n3,5\n", ("column0",), "target b, the last numeric column"),
        ("a,b,\n1,2,\n3,5,\n", ("a",), "left out, not numeric: column2 (empty)"),
        ("a,A\n1,2\n3,5\n", ("a",), "target A, the last numeric column"),
    ],
)
def test_headers(write, text, names, note):
    dataset = read_table(write(text))
    assert dataset.feature_names == names
    assert note in dataset.notes
    assert rows(dataset) == [[1, 2], [3, 5]]


# -- What is refused ------------------------------------------------------------------------

REFUSED = {
    "empty": ("", "rent.csv is empty"),
    "blank": ("\n  \n", "rent.csv is empty"),
    "header only": ("area,rent\n", "rent.csv has no rows below its header"),
    "one row": ("area,rent\n17,350\n", "rent.csv has one row; a regression needs at least two"),
    "one column": (
        "rent\n350\n360\n",
        "rent.csv has one column; a regression needs a feature and a target, "
        "separated by commas, semicolons, tabs or spaces",
    ),
    "prose": ("Dear Sir,\nthank you, and\nyours\n", "rent.csv, line 3: not 2 cells"),
    "short line": (
        "area,age,rent\n17,31,350\n18,360\n20,35,410\n",
        "rent.csv, line 3: not 3 cells, as most lines have (line 3 has 2); give every line as many",
    ),
    "long lines": (
        "area;rent\n17;350\n\n18;34;360\n20;410\n21;4;430\n",
        "rent.csv, lines 4, 6: not 2 cells, as most lines have (line 4 has 3); "
        "give every line as many",
    ),
    "short header": (
        "area,rent\n17,31,350\n18,34,360\n",
        "rent.csv, line 1: not 3 cells, as the lines below (it reads area,rent); "
        "give every line as many, or take it out",
    ),
    "ragged, by spaces": ("area rent\n17 350\n18\n20 410\n", "rent.csv, line 3: not 2 cells"),
    "short line of two columns": (
        "a,b\n1,2\n3\n6,7\n",
        "rent.csv, line 3: not 2 cells, as most lines have (line 3 has 1)",
    ),
    "long header": (
        "a,b,c\n1,2\n3,4\n",
        "rent.csv, line 1: not 2 cells, as most lines have (line 1 has 3)",
    ),
    "one column of decimal commas": ("rent\n350,5\n360,0\n", "rent.csv has one column;"),
    "text below a long cell": (
        f"area,rent,notes\n17,350,{150_000 * 'x'}\n18,ask,\n20,410,\n",
        'rent.csv, line 3, column "rent": "ask" is not a number',
    ),
    "line that is too long": (
        f"area,rent,notes\n17,350,\n18,360,{2_100_000 * 'x'}\n20,410,\n",
        "rent.csv, line 3: over two million characters are too many for a line",
    ),
    "open quote": (
        'area,rent\n"17,350\n18,360\n',
        "rent.csv, line 2: a quote is opened and not closed",
    ),
    "text": (
        "area,rent\n17,350\n\n18,ask\n20,410\n",
        'rent.csv, line 4, column "rent": "ask" is not a number; '
        "correct it or choose other columns",
    ),
    "more text": (
        "area,rent\n17,350\n18,ask\n20,410\n21,410\n22,?!\n23,410\n",
        'rent.csv, line 3, column "rent": "ask" is not a number (likewise line 6); '
        "correct it or choose other columns",
    ),
    "text below a comment": (
        "# one\n# two\narea,rent\n17,350\n# three, or four\n18,ask\n20,410\n",
        'rent.csv, line 6, column "rent": "ask" is not a number',
    ),
    "text below a cell of two lines": (
        '"area\nin m²",rent\n17,350\n18,ask\n20,410\n',
        'rent.csv, line 4, column "rent": "ask" is not a number',
    ),
    "misplaced point": (
        "area;rent\n1,5;2,5\n2,5;12.34,5\n3,5;3,5\n",
        'rent.csv, line 3, column "rent": "12.34,5" is not a number',
    ),
    "missing": (
        "area,age,rent\n17,31,350\n18,,360\n20,35,NA\n",
        "rent.csv, lines 3, 4: no value in age, rent; fill it in, or leave such rows out with "
        "drop_missing=True",
    ),
    "many missing": (
        "area,rent\n17,350\n" + 20 * "?,360\n",
        "rent.csv, lines 3, 4, 5 and 17 more: no value in area",
    ),
    "infinite": (
        "area,rent\n17,350\n18,inf\n-inf,410\n",
        'rent.csv, line 4, column "area": "-inf" is infinite in double precision; '
        "correct it or take it out",
    ),
    "beyond double": (
        "area,rent\n17,350\n18,1e999\n20,410\n",
        'rent.csv, line 3, column "rent": "1e999" is infinite in double precision',
    ),
    "squares overflow": (
        "area,rent\n17,350\n18,-1e308\n20,410\n",
        'rent.csv, line 3, column "rent": "-1e308" is too large to be squared; '
        "give the column in larger units",
    ),
    "squares vanish": (
        "area,rent\n1e-200,350\n-2e-200,360\n0,410\n",
        'rent.csv, column "area": nothing is above 2e-200, too small to be squared; '
        "give the column in smaller units",
    ),
    "duplicate names": (
        "area,rent,area\n17,350,1\n18,360,2\n",
        "rent.csv has more than one column called area; give every column a name of its own",
    ),
    "nothing varies": (
        "area,age,rent\n17,31,350\n17,31,360\n",
        "rent.csv: nothing varies in area, age; choose a feature whose values differ",
    ),
    "no feature": (
        "city,rent\nx,350\ny,360\n",
        'rent.csv has no feature: no numeric column but rent; not numeric: city ("x" in line 2)',
    ),
    "text at the end": (
        "a,b,c,d,e,rent\nx,y,,z,u,1\nx,y,,z,u,2\n",
        'rent.csv has no feature: no numeric column but rent; not numeric: a ("x" in line 2), '
        'b ("y" in line 2), d ("z" in line 2) and 1 more',
    ),
    "no number": (
        "city,town\nx,a\ny,b\n",
        "rent.csv has no numeric column for a target; its columns are city, town; "
        'not numeric: city ("x" in line 2), town ("a" in line 2)',
    ),
    "quote in a name": (
        '"a""\'; DROP TABLE cells; --",rent\n17,350\nask,360\n18,370\n',
        'rent.csv, line 3, column "a"\'; DROP TABLE cells; --": "ask" is not a number',
    ),
    "binary": (
        bytes(range(256)) * 9,
        "rent.csv is not UTF-8 text but binary data; save it as .csv",
    ),
    "picture": (
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        "rent.csv is not UTF-8 text but binary data; save it as .csv",
    ),
    "workbook": (
        b"PK\x03\x04\x14\x00\x06\x00\xff\xfe",
        "rent.csv is a workbook or zip archive, no text; end its name in .xlsx",
    ),
    "gzipped": (
        gzip.compress(b"a,b\n1,2\n3,4\n", mtime=0),
        "rent.csv is gzipped, no text; end its name in .csv.gz",
    ),
    "NUL": (b"a,b\n1,2\n\x00,3\n", "rent.csv is not UTF-8 text but binary data"),
}


@pytest.mark.parametrize(("content", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(write, content, message):
    assert refusal(write(content)).startswith(message)


@pytest.mark.parametrize(
    "word",
    ["", "NA", "na", "N/A", "n/a", "#N/A", "null", "NULL", "nan", "NaN", "None", "-", "?", " NA "],
)
def test_missing(write, word):
    path = write(f"area,age,rent\n17,31,350\n18,{word},360\n20,35,410\n")
    assert refusal(path).startswith("rent.csv, line 3: no value in age;")
    dropped = read_table(path, drop_missing=True)
    assert rows(dropped) == [[17, 31, 350], [20, 35, 410]]
    assert dropped.notes[-1] == "dropped 1 row, values missing: line 3"
    assert rows(read_table(path, features=["area"])) == [[17, 350], [18, 360], [20, 410]]


def test_too_few_rows_without_missing(write):
    path = write("area,rent\n17,350\n,360\n18,\n")
    assert refusal(path, drop_missing=True) == (
        "rent.csv has one row left without the rows that miss values; "
        "a regression needs at least two"
    )


def test_infinity_in_a_dropped_row_is_no_trouble(write):
    path = write("area,rent\n17,350\n18,360\n,inf\n")
    assert rows(read_table(path, drop_missing=True)) == [[17, 350], [18, 360]]


RECORDS = '[{"x": 1, "y": 2}, …] (with pandas: orient="records")'

JSON_REFUSED = {
    "[]": "t.json has no rows",
    "[1, 2, 3]": f"t.json is not a list of records; write it as {RECORDS}",
    "[[1, 2], [3, 4]]": "t.json is not a list of records",
    '{"a": [1, 2], "b": [3, 4]}': "t.json is not a list of records",
    '{"a": {"0": 1, "1": 2}, "b": {"0": 1, "1": 3}}': "t.json is not a list of records",
    '"text"': "t.json is not a list of records",
    '[{"a": 1, "b": 2}, 3]': "t.json is not a list of records",
    '{"a": 1, "b": 2}': "t.json has one row; a regression needs at least two",
    '[{"a": 1, "b": 2}, {"a": 2': "t.json is cut off: its list of records has no ] at the end",
    '[{"a": 1, "b": 2}, {"a": 2, "b": 3},': "t.json is cut off: ",
    ' \n[{"a": 1, "b": 2}, {"a": 2, "b": 3},\n': "t.json is cut off: ",
    '[{"a": 1, "b": 2}, {"a": 2, "b" 3}]': "cannot read t.json as JSON: Malformed JSON",
    '[{"a": 1, "a": 2}, {"a": 2, "a": 3}]': "cannot read t.json as JSON: ",
    '[{"a": 1, "b": 2}, {"a": 2}]': "t.json, row 2: no value in b;",
    '[{"a": 1, "b": NaN}, {"a": 2, "b": 3}]': "t.json, row 1: no value in b;",
    '[{"a": 1, "b": 3}, {"a": 2, "b": 1e999}]': 't.json, row 2, column "b": "inf" is infinite',
    '[{"a": 1, "b": 2}, {"a": "x", "b": 3}, {"a": 3, "b": 3}]': (
        't.json, row 2, column "a": "x" is not a number'
    ),
}


@pytest.mark.parametrize(("text", "message"), JSON_REFUSED.items())
def test_json_refused(write, text, message):
    assert refusal(write(text, "t.json")).startswith(message)


# -- Files ----------------------------------------------------------------------------------


def test_no_such_file(write, tmp_path):
    write("a,b\n1,2\n", "rent.csv")
    assert refusal(tmp_path / "xyz.csv").endswith("xyz.csv")
    assert refusal(tmp_path / "rnt.csv") == (
        f"no such file: {tmp_path / 'rnt.csv'} (did you mean rent.csv?)"
    )
    assert refusal("nowhere/rent.csv") == "no such file: nowhere/rent.csv"


def test_a_link_into_nowhere(tmp_path):
    (tmp_path / "link.csv").symlink_to("nowhere/rent.csv")
    assert refusal(tmp_path / "link.csv") == (
        f"{tmp_path / 'link.csv'} is a link to nowhere/rent.csv, which is not there"
    )


def test_folder(tmp_path):
    assert refusal(tmp_path) == f"{tmp_path} is a folder; name a table file in it"


@pytest.mark.skipif(os.name != "posix", reason="named pipes are POSIX's")
def test_a_pipe_and_a_device_are_no_tables(tmp_path):
    pipe, link = tmp_path / "pipe.csv", tmp_path / "link.csv"
    os.mkfifo(pipe)
    link.symlink_to(os.devnull)
    for path in (pipe, link):
        assert refusal(path) == (
            f"{path} is a pipe or device, not a file; write the table into a file first"
        )


@pytest.mark.parametrize("name", ["rent.csv", "rent.parquet.gz"])
def test_a_full_disk_is_not_the_tables_fault(write, monkeypatch, name):
    class Full(io.BytesIO):
        def write(self, _):
            raise OSError(errno.ENOSPC, "No space left on device")

    opened = Path.open

    def full(path, mode="r", *args, **options):
        if "w" not in mode:
            return opened(path, mode, *args, **options)
        return Full() if "b" in mode else io.TextIOWrapper(Full(), write_through=True)

    content = gzip.compress(as_parquet(FRAME)) if name.endswith(".gz") else as_csv(FRAME)
    path = write(content, name)
    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(OSError, match=r"No space .*; make room there.*gdviz-"):
        read_table(path)


@pytest.mark.parametrize("name", ["rent.ods", "rent", ".gz", "rent.gz", "rent.csv.zip"])
def test_unknown_suffix(write, name):
    assert refusal(write("a,b\n1,2\n3,4\n", name)) == (
        f"cannot read {name}: gdviz reads .csv, .tsv, .txt, .parquet, .json, .xlsx, also with "
        ".gz; save the table as .csv"
    )


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_forbidden_file(write):
    path = write("a,b\n1,2\n3,4\n")
    path.chmod(0)
    assert refusal(path) == f"cannot read {path}: Permission denied"


def test_forbidden_file_as_the_system_says_it(write, monkeypatch):
    def forbid(*_args, **_options):
        raise PermissionError(13, "Permission denied")

    path = write("a,b\n1,2\n3,4\n")
    monkeypatch.setattr(Path, "open", forbid)
    assert refusal(path) == f"cannot read {path}: Permission denied"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.csv.gz", b"a,b\n1,2\n", "t.csv.gz is no gzip file, or a damaged one: Not a gzipped"),
        (
            "t.csv.gz",
            gzip.compress(b"a,b\n" + 99 * b"1,2\n", mtime=0)[:-9],
            "t.csv.gz is no gzip file, or a damaged one: Compressed file ended",
        ),
        (
            "t.csv.gz",
            gzip.compress("a,b\n1,ü\n".encode("latin-1") * 500, mtime=0)[:-30],
            "t.csv.gz is no gzip file, or a damaged one: Compressed file ended",
        ),
        ("t.json.gz", b"[]", "t.json.gz is no gzip file"),
        ("t.parquet.gz", b"PAR1", "t.parquet.gz is no gzip file"),
        ("t.parquet", b"a,b\n1,2\n", "cannot read t.parquet as Parquet: "),
        ("t.parquet", as_parquet(FRAME)[:-9], "cannot read t.parquet as Parquet: "),
    ],
)
def test_damaged_file(write, name, content, message):
    assert refusal(write(content, name)).startswith(message)


@pytest.mark.parametrize(
    "name",
    [
        "data[1].csv",
        "*.csv",
        "?.csv",
        "it's.csv",
        "x'; DROP TABLE cells; --.csv",
        'a"b.csv',
        "面.csv",
    ],
)
def test_file_names(write, name):
    write("c,d\n7,8\n9,0\n", "data1.csv")
    write("c,d\n7,8\n9,0\n", "x.csv")
    dataset = read_table(write("a,b\n1,2\n3,5\n", name))
    assert rows(dataset) == [[1, 2], [3, 5]]
    assert dataset.source == name


def test_folder_name_adds_no_column(tmp_path):
    folder = tmp_path / "year=2020"
    folder.mkdir()
    (folder / "t.parquet").write_bytes(as_parquet(FRAME))
    assert read_table(folder / "t.parquet").feature_names == ("area",)


# -- Encodings ------------------------------------------------------------------------------

CHINESE, GERMAN, JAPANESE = "面积,租金", "Fläche,Miete", "めんせき,やちん"


@pytest.mark.parametrize(
    ("header", "encoding", "proposal"),
    [
        (CHINESE, "gbk", "gbk"),
        ("面積,租金", "big5", "big5"),
        (JAPANESE, "shift_jis", "shift_jis"),
        ("면적,임대료", "euc_kr", "euc_kr"),
        (GERMAN, "latin-1", "latin-1"),
        ("Fläche,Preis €", "cp1252", "cp1252"),
        (CHINESE, "utf-16", "utf-16"),
        (CHINESE, "utf-16-le", "utf-16-le"),
        (CHINESE, "utf-16-be", "utf-16-be"),
        ("area,rent", "utf-16-le", "utf-16-le"),
        (CHINESE, "utf-32", "utf-32"),
    ],
)
def test_encodings(write, header, encoding, proposal):
    path = write(f"{header}\n17,350\n18,360\n".encode(encoding))
    message = refusal(path)
    assert message.startswith("rent.csv is not UTF-8 text; try encoding=")
    assert f'encoding="{proposal}" (reads "{header}")' in message
    dataset = read_table(path, encoding=proposal)
    assert [*dataset.feature_names, dataset.target_name] == header.split(",")
    assert rows(dataset) == [[17, 350], [18, 360]]


@pytest.mark.parametrize(
    ("content", "encoding", "message"),
    [
        (b"a,b\n1,2\n", "klingon", 'unknown encoding "klingon"; use the name of a Python codec'),
        (b"a,b\n1,2\n", "rot13", 'unknown encoding "rot13"'),
        *(
            (content, encoding, f"rent.csv is plain ASCII text, not {encoding}; leave the encoding")
            for content in (b"a,b\n1,2\n3,4\n", b"a,b\n1,2\n3,45\n")
            for encoding in ("utf-16", "utf-16-le", "utf-32")
        ),
        (CHINESE.encode("gbk"), "ascii", 'rent.csv is not ascii text; try encoding="gbk"'),
        (CHINESE.encode("utf-16"), "gbk", 'rent.csv is not gbk text; try encoding="utf-16"'),
    ],
)
def test_wrong_encoding(write, content, encoding, message):
    assert refusal(write(content), encoding=encoding).startswith(message)


def test_encoding_of_parquet(write):
    path = write(as_parquet(FRAME), "t.parquet")
    assert refusal(path, encoding="gbk") == (
        "t.parquet is Parquet, which has no encoding; leave it out"
    )


def test_late_foreign_letter(write):
    text = "a,b\n" + 50_000 * "1,2\n" + "3,5 # für\n"
    assert 'try encoding="latin-1" (reads "3,5 # für")' in refusal(write(text.encode("latin-1")))


# -- Any name and any number ----------------------------------------------------------------


def is_number(text):
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True


HOSTILE = ["'; DROP TABLE cells; --", 'say "hi"', "it's", "$y_1$", "a,b", "a;b", "<b>", "#", "c0"]

NAMES = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda name: name and not is_number(name)),
)


@settings(max_examples=50, deadline=None)
@given(
    header=st.lists(NAMES, min_size=2, max_size=5, unique=True),
    columns=st.lists(
        st.lists(st.floats(-1e140, 1e140), min_size=4, max_size=4), min_size=5, max_size=5
    ),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    delimiter=st.sampled_from(",;\t"),
)
def test_names_and_numbers_survive(tmp_path_factory, header, columns, quoting, delimiter):
    # The first and the last row see to it that there is something to fit.
    table = np.vstack([np.ones(5), np.transpose(columns), np.full(5, 2)])[:, : len(header)]
    path = tmp_path_factory.mktemp("any") / "any.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=quoting, delimiter=delimiter).writerows([header, *table.tolist()])
    dataset = read_table(path)
    assert [*dataset.feature_names, dataset.target_name] == header
    assert_array_equal(rows(dataset), table)


# -- Large tables ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1,ask", 'rent.csv, line 60002, column "rent": "ask" is not a number'),
        ("1,", "rent.csv, line 60002: no value in rent"),
        ("1", "rent.csv, line 60002: not 2 cells, as most lines have (line 60002 has 1)"),
        ('1,"2', "rent.csv, line 60002: a quote is opened and not closed"),
    ],
)
def test_trouble_far_below_the_sniffers_sample(write, line, message):
    text = "area,rent\n" + "".join(f"{n},{n}\n" for n in range(60_000)) + f"{line}\n3,4\n"
    assert refusal(write(text)).startswith(message)


def _wide(n, *below):
    values = np.random.default_rng(0).normal(size=(4, n))
    lines = [[f"x{j}" for j in range(n)], *(map(repr, row) for row in values.tolist()), *below]
    return values, "\n".join(map(",".join, lines))


def test_ten_thousand_columns(write):
    values, text = _wide(10_000)
    begun = perf_counter()
    table = read_table(write(text))
    assert perf_counter() - begun < 60  # 4 s on a busy machine; it was as good as for ever
    assert_array_equal(np.column_stack([table.X, table.y]), values)


def test_something_wrong_in_two_thousand_columns(write):
    _, text = _wide(2000, [*"1" * 1999, "ask"])
    begun = perf_counter()
    assert refusal(write(text)).startswith('rent.csv, line 6, column "x1999": "ask" is not a')
    assert perf_counter() - begun < 60


def test_a_damaged_gz_is_named_wherever_the_damage_is(write):
    packed = gzip.compress("".join(f"{k},{k * k % 7},ü\n" for k in range(500)).encode(), mtime=0)
    for at in range(10, len(packed), 40):
        for content in (packed[:at], packed[:at] + bytes([packed[at] ^ 0x55]) + packed[at + 1 :]):
            assert refusal(write(content, "t.csv.gz")).startswith("t.csv.gz is no gzip file, or a")


def test_order_of_rows_is_kept(write):
    n = np.arange(300_000)
    text = "area,rent\n" + "\n".join(f"{k},{2 * k}" for k in n)
    dataset = read_table(write(text))
    assert_array_equal(dataset.X[:, 0], n)
    assert_array_equal(dataset.y, 2 * n)


def test_str(write):
    assert str(read_table(write(CITIES))).splitlines() == [
        "rent.csv: 2 rows, 2 features",
        "area, age → rent",
        "target rent, the last numeric column",
        "features area, age, the other numeric columns",
        'left out, not numeric: city ("x"), sold ("true"), on ("2020-01-01")',
    ]


@pytest.mark.parametrize(
    "labels", [("no", "yes"), ("false", "true"), ("'; DROP", 'a "b"'), ("否", "是")]
)
def test_a_target_of_two_labels_is_read_as_0_and_1(tmp_path, labels):
    smaller, larger = sorted(labels)
    frame = pd.DataFrame({"hours": [1, 2, 3, 4], "passed": [smaller, smaller, larger, larger]})
    frame.to_csv(tmp_path / "t.csv", index=False)
    table = read_table(tmp_path / "t.csv", target="passed")
    assert table.y.tolist() == [0, 0, 1, 1]
    assert table.notes[-1].endswith(f"passed: {smaller} is 0, {larger} is 1")


ALIKE = {
    "rent\ta;b\tx y\n12 kg\t1.83\t0.000\nNew York\t2\t0.001\n12 kg\t-0.54\t0.002\n": {"a;b", "x y"},
    "a;b a,b rent c\n255,84 Oslo -2 -0,09\n1672,39 Rom -0 -0,04\n-9,5 Rom 3 0,4\n": {"a;b", "c"},
    'a;b;c\n"x\ny";1,5;2,5\n"u";2,5;4,5\n"v";3,5;0\n': {"b", "c"},
}


@pytest.mark.parametrize("text", ALIKE)
def test_what_parts_every_row_alike_is_meant_to_part_them(text, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    data = read_table(path)
    assert ALIKE[text] <= {*data.feature_names, data.target_name}
    assert len(data.y) == 3
