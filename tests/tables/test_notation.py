"""Numbers as spreadsheets write them: read where a whole column is such, else refused."""

import numpy as np
import pandas as pd
import pytest

from gdviz.tables.table import TableError, read_table


@pytest.fixture
def read(tmp_path):
    """Read a table from its text."""

    def read(text, name="t.csv", **options):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return read_table(tmp_path / name, **options)

    return read


def column(cells, delimiter=","):
    """A table of some cells of a column p beside k = 1, 2, …; quoted where they have to be."""
    quoted = (f'"{cell}"' if delimiter in cell else cell for cell in cells)
    lines = (f"{k}{delimiter}{cell}" for k, cell in enumerate(quoted, start=1))
    return "\n".join([f"k{delimiter}p", *lines, ""])


SPREADSHEET = {
    "thousands": (["2,512", "980", "1,234,567.25"], [2512, 980, 1234567.25], '"2,512"', "2512"),
    "dollars": (["$507,070", "$399", "-$5.50"], [507070, 399, -5.5], '"$507,070"', "507070"),
    "dollars behind the sign": (["$-5", "$3"], [-5, 3], '"$-5"', "-5"),
    "euros behind": (["5 €", "1,200.5 €"], [5, 1200.5], '"5 €"', "5"),
    "other dollars": (["US$5", "US$ 6"], [5, 6], '"US$5"', "5"),
    "yuan": (["5元", "1,200元"], [5, 1200], '"5元"', "5"),
    "per cent": (["5%", "12.3 %", "-0.1%"], [0.05, 0.123, -0.001], '"5%"', "0.05"),
    "thin spaces": (["1\u2009234.5", "2\u202f345", "7\u00a0000"], [1234.5, 2345, 7000], "", ""),
    "plain spaces": (["1 234.5", "12"], [1234.5, 12], '"1 234.5"', "1234.5"),
    "apostrophes": (["1'234.5", "2’345"], [1234.5, 2345], "\"1'234.5\"", "1234.5"),
    "brackets": (["(120)", "35", "(1,000.5)"], [-120, 35, -1000.5], '"(120)"', "-120"),
    "brackets of dollars": (["($120)", "$35", "$(4)", "($ 3)"], [-120, 35, -4, -3], "", ""),
    "brackets of per cent": (["(5%)", "7%", "(1)%"], [-0.05, 0.07, -0.01], "", ""),
    "minus signs": (["−5", "3", "- 2", "+1"], [-5, 3, -2, 1], '"−5"', "-5"),
    "with exponents": (["1,200", "3e2", "-1E-3"], [1200, 300, -0.001], '"1,200"', "1200"),
    "many digits": (["$0.1234567890123456", "$2"], [0.1234567890123456, 2], "", ""),
}  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "values", "cell", "as_number"), SPREADSHEET.values(), ids=SPREADSHEET
)
def test_a_column_that_is_such_throughout(read, cells, values, cell, as_number):
    table = read(column(cells))
    assert table.y.tolist() == values
    assert table.notes[0].startswith(f"p: {cell}")
    assert table.notes[0].endswith(f"is read as {as_number}" if as_number else "")


EUROPE = {
    "as today": (["1.399,18", "2,5", "7"], [1399.18, 2.5, 7]),
    "thin spaces": (["1\u202f234,5", "2\u2009345", "1,0"], [1234.5, 2345, 1]),
    "spaces": (["1 234,5", "2 345"], [1234.5, 2345]),
    "euros": (["1.399,18 €", "€ 2,5"], [1399.18, 2.5]),
    "per cent": (["12,3%", "5 %"], [0.123, 0.05]),
    "brackets": (["(1.234,5)", "2,5"], [-1234.5, 2.5]),
    "millions": (["1.000.000", "2,5"], [1e6, 2.5]),
    "exponents": (["1,5e-3", "2E2"], [0.0015, 200]),
    "nothing before the comma": ([",5", "1,5"], [0.5, 1.5]),
}


@pytest.mark.parametrize(("cells", "values"), EUROPE.values(), ids=EUROPE)
@pytest.mark.parametrize("delimiter", [";", "\t", "|", ","])
def test_decimal_commas(read, cells, values, delimiter):
    table = read(column(cells, delimiter))
    assert table.y.tolist() == values
    assert table.notes[0] == "decimal commas: 1,5 is read as 1.5"


def test_a_comma_means_the_same_in_the_whole_table(read):
    # 2.512 alone would be two and a half; beside 1,5 it cannot be.
    table = read("a;b;c\n2.512;1,5;1\n1.399;2,5;3\n980;3,5;4\n")
    assert table.X[:, 0].tolist() == [2512, 1399, 980]
    assert 'a: "2.512" is read as 2512' in table.notes
    assert read("a;b\n2.512;1\n1.399;2\n").X[:, 0].tolist() == [2.512, 1.399]
    # 2,512 beside 2.5 is two thousand; beside 1,5 it is two and a half.
    assert read("a\tb\n2,512\t2.5\n1,399\t3.5\n").X[:, 0].tolist() == [2512, 1399]
    assert read("a\tb\n2,512\t2,5\n1,399\t3,5\n").X[:, 0].tolist() == [2.512, 1.399]


def test_between_commas_a_comma_is_no_decimal_sign_if_nothing_tells(read):
    assert read(column(["2,512", "1,399"])).y.tolist() == [2512, 1399]
    # No thousands begin with a zero.
    assert read(column(["0,512", "1,399"])).y.tolist() == [0.512, 1.399]


@pytest.mark.parametrize("delimiter", [";", "\t", "|", " "])
def test_where_nothing_tells_it_is_asked(read, delimiter):
    text = column(["980", "2,512", "1,399"], delimiter)
    with pytest.raises(TableError) as caught:
        read(text)
    assert str(caught.value) == (
        't.csv, line 3, column "p": "2,512" has a decimal sign or sets thousands apart, and '
        'nothing in the table tells which; say decimal="," or decimal="."'
    )
    assert read(text, decimal=",").y.tolist() == [980, 2.512, 1.399]
    assert read(text, decimal=".").y.tolist() == [980, 2512, 1399]


@pytest.mark.parametrize(
    ("cells", "amounts"),
    [
        (["€980", "€1.000"], [980, 1000]),
        (["5 $", "1.000 $"], [5, 1000]),
        (["£5", "-£12.500"], [5, -12500]),
    ],
)
def test_of_a_price_with_a_point_it_is_asked_between_commas_too(read, cells, amounts):
    text = column(cells)
    with pytest.raises(TableError) as caught:
        read(text)
    told = f't.csv, line 3, column "p": "{cells[1]}" has a decimal sign or sets thousands apart'
    assert str(caught.value).startswith(told)
    assert read(text, decimal=",").y.tolist() == amounts
    decimals = [amounts[0], amounts[1] / 1000]
    assert read(text, decimal=".").y.tolist() == decimals
    # 1.5 in another column, or another price, tells what a point means.
    assert read(text.replace("\n1,", "\n1.5,")).y.tolist() == decimals
    assert read(column([*cells, cells[1].replace(".", ".00")])).y.tolist()[:2] == decimals


def test_a_percentage_with_a_point_and_thousands_between_commas_are_not_in_doubt(read):
    assert read(column(["5.125%", "4.875%"])).y.tolist() == [0.05125, 0.04875]
    assert read(column(["$1,000", "$2,500"])).y.tolist() == [1000, 2500]


def test_the_decimal_sign_that_was_asked_for(read):
    assert read(column(["1.234", "2.345"], ";"), decimal=",").y.tolist() == [1234, 2345]
    assert read(column(["0,234", "2,345"], ";")).y.tolist() == [0.234, 2.345]
    assert read(column(["1,234", "2,345"], ";"), decimal=".").y.tolist() == [1234, 2345]
    with pytest.raises(TableError, match=r'a decimal sign is "\." or ",", not ";"'):
        read(column(["1", "2"]), decimal=";")


MIXED = {
    "two currencies": (["$5", "€6", "$7"], 3, "€6"),
    "a unit and none": (["5%", "12.3", "7%"], 3, "12.3"),
    "none and a unit": (["5", "6", "7%"], 4, "7%"),
    "points and commas": (["1,5", "2.5", "3.5"], 2, "1,5"),
    "groups of two": (["1,200", "1,23,456", "1,000"], 3, None),
    "two signs": (["$5", "--$5", "$6"], 3, None),
    "two points": (["1,200", "1.2.3", "3,000"], 3, None),
    "a fraction of thousands": (["1,200", "1.5,3", "3,000"], 3, None),
    "text": (["$5", "ask", "$6"], 3, None),
    "a range": (["1,200", "1,000-1,100", "1,300"], 3, None),
}


@pytest.mark.parametrize(("cells", "line", "alike"), MIXED.values(), ids=MIXED)
def test_a_column_that_is_not_such_throughout_is_refused(read, cells, line, alike):
    trouble = "is not written as other numbers are" if alike else "is not a number"
    with pytest.raises(TableError) as caught:
        read(column(cells, ","))
    assert str(caught.value).startswith(
        f't.csv, line {line}, column "p": "{cells[line - 2]}" {trouble}'
    )


def test_prices_do_not_vanish(read):
    text = 'id,beds,price\n1,3,"$507,070"\n2,2,ask\n3,4,"$412,500"\n'
    with pytest.raises(TableError, match='column "price": "ask" is not a number'):
        read(text)
    assert read(text.replace("ask", '"$399,000"')).target_name == "price"


@pytest.mark.parametrize(
    "cell", ["12:30", "2020-01-02", "1.2.3", "12 kg", "1_000", "0x1F", "1/2", "٣"]
)
def test_what_is_no_number(read, cell):
    table = read(f"a,b,c\n1,{cell},2\n2,{cell},3\n3,{cell},5\n")
    assert table.feature_names == ("a",)
    assert f'left out, not numeric: b ("{cell}")' in table.notes


def test_missing_values_among_decorated_ones(read):
    table = read(column(["$5", "", "n/a", "-", "$6"]), drop_missing=True)
    assert table.y.tolist() == [5, 6]
    assert table.notes[-1] == "dropped 3 rows, values missing: lines 3, 4, 5"


def test_as_pandas_reads_thousands(read, tmp_path):
    numbers = np.random.default_rng(0).integers(-(10**9), 10**9, 300)
    text = column([f"{n:,}" for n in numbers])
    read(text)
    expected = pd.read_csv(tmp_path / "t.csv", thousands=",")["p"]
    np.testing.assert_array_equal(read(text).y, expected)


def test_decorations_far_below_what_is_looked_at_first(read):
    plain = [f"{k}" for k in range(5000)]
    assert read(column([*plain, "1,200"])).y.tolist() == [*range(5000), 1200]
    with pytest.raises(TableError, match=r'line 5002, column "p": "\$5" is not written as'):
        read(column([*plain, "$5"]))


def test_numbers_in_text_of_other_formats(tmp_path):
    frame = pd.DataFrame({"k": [1, 2], "p": ["$1,200", "$900"]})
    frame.to_parquet(tmp_path / "t.parquet")
    frame.to_json(tmp_path / "t.json", orient="records")
    for name in ("t.parquet", "t.json"):
        assert read_table(tmp_path / name).y.tolist() == [1200, 900]
