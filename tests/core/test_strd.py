"""The certified regressions of NIST's Statistical Reference Datasets, to as many digits as can be.

Data and certified values: https://www.itl.nist.gov/div898/strd/lls/lls.shtml. Norris, Longley and
Filip are measurements, in data/; Wampler's five are polynomials of degree 5, the last three with
1, 100 and 10,000 times the same noise. ``pytest -s tests/core/test_strd.py`` prints the table of
digits that the README shows.
"""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

import gdviz

DATA = Path(__file__).parent / "data"
NOISE = [759, -2048, 2048, -2048, 2523, -2048, 2048, -2048, 1838, -2048, 2048]
NOISE += NOISE[-2::-1]
ONES, TENTHS = ["1"] * 6, ["1", "0.1", "0.01", "0.001", "0.0001", "0.00001"]

# name: degree of the polynomial, certified values of θ
CERTIFIED = {
    "Norris": (1, ["-0.262323073774029", "1.00211681802045"]),
    "Longley": (
        1,
        [
            "-3482258.63459582",
            "15.0618722713733",
            "-0.0358191792925910",
            "-2.02022980381683",
            "-1.03322686717359",
            "-0.0511041056535807",
            "1829.15146461355",
        ],
    ),
    "Filip": (
        10,
        [
            "-1467.48961422980",
            "-2772.17959193342",
            "-2316.37108160893",
            "-1127.97394098372",
            "-354.478233703349",
            "-75.1242017393757",
            "-10.8753180355343",
            "-1.06221498588947",
            "-0.0670191154593408",
            "-0.00246781078275479",
            "-0.0000402962525080404",
        ],
    ),
    "Wampler1": (5, ONES),
    "Wampler2": (5, TENTHS),
    "Wampler3": (5, ONES),
    "Wampler4": (5, ONES),
    "Wampler5": (5, ONES),
}
WAMPLER = {
    "Wampler1": (ONES, 0),
    "Wampler2": (TENTHS, 0),
    "Wampler3": (ONES, 1),
    "Wampler4": (ONES, 100),
    "Wampler5": (ONES, 10_000),
}
# What rounding the powers of x to doubles leaves of Filip's digits is 7.9.
LEAST_DIGITS = {"Norris": 12, "Longley": 12, "Filip": 7, "Wampler2": 12}


def exact_rows(name):
    """Columns of x and y as they are published, as fractions."""
    if name in WAMPLER:
        coefficients, size = WAMPLER[name]
        polynomial = [Fraction(c) for c in coefficients]
        return [
            [Fraction(x), sum(c * x**k for k, c in enumerate(polynomial)) + size * noise]
            for x, noise in enumerate(NOISE)
        ]
    lines = (DATA / f"{name.lower()}.csv").read_text(encoding="utf-8").split()[1:]
    return [[Fraction(cell) for cell in line.split(",")] for line in lines]


def dataset(name):
    rows = np.array(exact_rows(name), dtype=np.float64)
    return gdviz.Dataset.of(rows[:, :-1], rows[:, -1]).powers(CERTIFIED[name][0])


def certified(name):
    return np.array(CERTIFIED[name][1], dtype=np.float64)


def digits(theta, name):
    """Log relative error of the worst entry of θ; of what is certified to 15 digits, at most 15."""
    error = np.abs(theta - certified(name)) / np.abs(certified(name))
    return min(15.0, -np.log10(max(error.max(), 1e-300)))


def lstsq(data):
    """numpy's, on the same columns."""
    A = np.column_stack([np.ones(data.n_samples), data.X])
    return np.linalg.lstsq(A, data.y, rcond=None)[0]


def normal_equations(A, y):
    """Solve AᵀA θ = Aᵀy by elimination; of fractions, so without an error."""
    p = len(A[0])
    columns = [*zip(*A, strict=True), y]
    M = [
        [sum(a * b for a, b in zip(columns[i], column, strict=True)) for column in columns]
        for i in range(p)
    ]
    for k in range(p):
        M[k] = [value / M[k][k] for value in M[k]]
        for i in set(range(p)) - {k}:
            M[i] = [a - M[i][k] * b for a, b in zip(M[i], M[k], strict=True)]
    return [row[-1] for row in M]


@pytest.mark.parametrize("name", CERTIFIED)
def test_the_data_are_those_that_were_certified(name):
    rows, degree = exact_rows(name), CERTIFIED[name][0]
    A = [[1, *(x**k for k in range(1, degree + 1) for x in row[:-1])] for row in rows]
    theta = normal_equations(A, [row[-1] for row in rows])
    for exact, value in zip(theta, CERTIFIED[name][1], strict=True):
        assert abs(exact / Fraction(value) - 1) < Fraction(5, 10**15)


@pytest.mark.parametrize("name", CERTIFIED)
def test_digits_that_agree_with_the_certified(name):
    data = dataset(name)
    best = gdviz.least_squares(data)
    ours, theirs = digits(best.theta, name), digits(lstsq(data), name)
    print(f"| {name:8} | {best.condition:8.1e} | {ours:4.1f} | {max(0, theirs):4.1f} |")
    assert best.unique
    assert ours >= LEAST_DIGITS.get(name, 8)
    assert ours >= min(theirs, 12)  # what is beyond is luck


@pytest.mark.parametrize("name", ["Norris", "Longley", "Wampler3", "Wampler4", "Wampler5"])
def test_what_is_left_over_is_the_certified_residual(name):
    # Residual standard deviation, of n − p degrees of freedom.
    value = {
        "Norris": 0.884796396144373,
        "Longley": 304.854073561965,
        "Wampler3": 2360.14502379268,
        "Wampler4": 236014.502379268,
        "Wampler5": 23601450.2379268,
    }[name]
    data = dataset(name)
    best = gdviz.least_squares(data)
    degrees_of_freedom = data.n_samples - best.n_free
    assert_allclose(np.sqrt(best.cost * data.n_samples / degrees_of_freedom), value, rtol=1e-12)


def test_a_descent_on_norris_arrives_there():
    data = dataset("Norris")
    history = gdviz.fit(
        data.scaled("standard"), learning_rate="auto", epochs=200
    ).in_original_units()
    assert digits(history.theta[-1], "Norris") >= 11
