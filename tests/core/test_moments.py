"""Moments are the same however the rows arrive, and lose no digits where the mean is large."""

import functools
import operator
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from gdviz import Moments
from gdviz.core.moments import BLOCK, EXTENDED


def _columns(seed, n, p, offset=0.0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, p)) * 10.0 ** rng.integers(-3, 4, p) + offset, rng.normal(size=n)


def _assert_equal(a, b, tol=1e-14):
    """Means to their last bit, or to so much of the deviation, which the cross-products are to."""
    assert a.n == b.n
    spread = np.sqrt(np.diag(b.comoment))
    last_bit = np.finfo(float).eps * np.abs(b.mean)
    assert (np.abs(a.mean - b.mean) <= last_bit + tol * spread).all()
    floor = (20 * last_bit) ** 2  # what a column that holds one value leaves
    allowed = tol * np.outer(spread, spread) + np.sqrt(np.outer(floor, floor))
    assert (np.abs(a.comoment - b.comoment) <= allowed).all()


def _exact_comoment(columns):
    """Centred cross-products of columns of doubles, correctly rounded."""
    exact = [[Fraction(v) for v in column] for column in np.asarray(columns).tolist()]
    centred = []
    for column in exact:
        mean = sum(column) / len(column)
        centred.append([v - mean for v in column])
    return np.array([[float(sum(map(operator.mul, u, v))) for v in centred] for u in centred])


@given(
    seed=st.integers(0, 10**6),
    p=st.integers(1, 5),
    sizes=st.lists(st.integers(1, 30), min_size=1, max_size=6),
    offset=st.sampled_from([0.0, 3.0, 1e6, -1e10]),
)
@settings(max_examples=100, derandomize=True, deadline=None)
def test_parts_make_the_whole(seed, p, sizes, offset):
    X, y = _columns(seed, sum(sizes), p, offset)
    whole = Moments.of(X, y)
    cuts = np.cumsum(sizes)[:-1]
    parts = list(zip(np.split(X, cuts), np.split(y, cuts), strict=True))

    updated = Moments.of(*parts[0])
    for part in parts[1:]:
        updated = updated.update(*part)
    _assert_equal(updated, whole)

    backwards = Moments.of(*parts[-1])
    for part in parts[-2::-1]:
        backwards = Moments.of(*part).merge(backwards)
    _assert_equal(backwards, whole)


@given(seed=st.integers(0, 10**6), p=st.integers(1, 4), n=st.tuples(*[st.integers(1, 20)] * 3))
@settings(max_examples=60, derandomize=True, deadline=None)
def test_merge_commutes_and_associates(seed, p, n):
    a, b, c = (Moments.of(*_columns(seed + i, n[i], p)) for i in range(3))
    _assert_equal(a.merge(b), b.merge(a))
    _assert_equal(a.merge(b).merge(c), a.merge(b.merge(c)))


def test_order_of_the_rows_does_not_matter():
    X, y = _columns(1, 50, 3)
    shuffled = np.random.default_rng(2).permutation(50)
    _assert_equal(Moments.of(X[shuffled], y[shuffled]), Moments.of(X, y))


@pytest.mark.parametrize("offset", [0, 2020, 10**6, 10**9, 10**12])
@pytest.mark.parametrize("merged", [False, True])
def test_a_large_mean_costs_no_digits(offset, merged):
    rng = np.random.default_rng(3)
    # whole numbers, so that the table itself is exact
    X = rng.integers(-50, 50, (40, 2)) + float(offset)
    y = rng.integers(-50, 50, 40) + float(offset)
    moments = Moments.of(X, y)
    if merged:
        moments = Moments.of(X[:7], y[:7]).merge(Moments.of(X[7:], y[7:]))

    eps = np.finfo(float).eps
    columns = [*X.T, y]
    mean = [float(sum(map(Fraction, column.tolist())) / 40) for column in columns]
    assert_allclose(moments.mean, mean, rtol=2 * eps, atol=50 * eps)
    exact = _exact_comoment(columns)
    assert (np.abs(moments.comoment - exact) <= 1e-14 * np.diag(exact).max()).all()


@pytest.mark.parametrize("ratio", [0.0, 1e6, 1e8, 1e10])
def test_two_hundred_merges_cost_no_digits(ratio):
    rng = np.random.default_rng(10)
    columns = (ratio + rng.normal(size=(3, 200 * 8))) * [[1.0], [1e-3], [40.0]]
    exact = _exact_comoment(columns)
    spread = np.sqrt(np.diag(exact))
    parts = [Moments.of(part[:, :-1], part[:, -1]) for part in np.split(columns.T, 200)]
    shuffled = [parts[i] for i in rng.permutation(200)]
    for chain in (parts, parts[::-1], shuffled):
        merged = functools.reduce(Moments.merge, chain)
        assert merged.n == 1600
        assert (np.abs(merged.comoment - exact) <= 1e-14 * np.outer(spread, spread)).all()
        assert_allclose(merged.mean, columns.mean(axis=1), rtol=1e-15, atol=1e-15)


def test_the_mean_is_kept_to_twice_the_digits():
    x = 1e10 + np.random.default_rng(11).normal(size=600)
    moments = functools.reduce(
        Moments.merge, [Moments.of(part[:, None], part) for part in np.split(x, 100)]
    )
    exact = sum(map(Fraction, x.tolist())) / 600
    for mean, rest in zip(moments.mean.tolist(), moments.rest.tolist(), strict=True):
        assert mean == float(exact)
        assert abs(Fraction(mean) + Fraction(rest) - exact) < Fraction(1, 10**14)


# Tables of more work than is done in extended precision, and just less.
@pytest.mark.parametrize(("n", "p"), [(EXTENDED // 16, 3), (EXTENDED // 16 + 1, 3), (600, 30)])
def test_many_rows_are_as_good_as_few(n, p):
    rng = np.random.default_rng(12)
    Z = 1e8 + rng.normal(size=(n, p + 1))
    moments = Moments.of(Z[:, :-1], Z[:, -1])
    centred = (Z - Z[0]).astype(np.longdouble)  # exact, and near to the mean
    centred -= centred.mean(axis=0)
    exact = (centred.T @ centred).astype(float)
    spread = np.sqrt(np.diag(exact))
    assert (np.abs(moments.comoment - exact) <= 1e-14 * np.outer(spread, spread)).all()
    assert_array_equal(moments.root, np.triu(moments.root))
    assert moments.root.shape == (p + 1, p + 1)
    halves = [Moments.of(part[:, :-1], part[:, -1]) for part in np.split(Z, [n // 3])]
    _assert_equal(halves[0].merge(halves[1]), moments)


def test_the_rows_of_the_caller_stay_as_they_are():
    Z = np.random.default_rng(13).normal(5, 1, size=(40_000, 4))
    before = Z.copy()
    Moments.of(Z[:, :-1], Z[:, -1])
    assert_array_equal(Z, before)


def test_what_is_kept_is_read_only():
    X, y = _columns(14, 20, 2)
    moments = Moments.of(X, y)
    for array in (moments.mean, moments.root, moments.rest, moments.comoment, moments.rows):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0
    assert moments.rows is moments.rows
    assert X.flags.writeable
    assert y.flags.writeable


def test_comoment_is_the_centred_cross_product():
    X, y = _columns(4, 30, 3, offset=5.0)
    assert_allclose(
        Moments.of(X, y).comoment, np.cov(np.column_stack([X, y]).T, bias=True) * 30, rtol=1e-12
    )


@pytest.mark.parametrize("n", [1, 2, 3, 100])
def test_rows_are_as_good_as_the_table(n):
    X, y = _columns(5, n, 4, offset=2.0)
    rows = Moments.of(X, y).rows
    table = np.column_stack([np.ones(n), X, y])
    assert rows.shape == (1 + min(n, 5), 6)
    size = np.sqrt(np.diag(table.T @ table / n))
    error = rows.T @ rows - table.T @ table / n
    assert (np.abs(error) <= 1e-14 * np.outer(size, size)).all()


@pytest.mark.parametrize("n", [2, 3, 10, 1_000_000])
@pytest.mark.parametrize("value", [0.0, 0.1, -1 / 3, 123456.789, 1e149])
def test_a_constant_column_is_known_as_one(n, value):
    y = np.random.default_rng(6).normal(size=n)
    assert Moments.of(np.full((n, 1), value), y).constant.tolist() == [True, False]


def test_a_constant_column_is_known_after_merges():
    rng = np.random.default_rng(7)
    moments = Moments.of(np.full((3, 1), 0.1), rng.normal(size=3))
    for _ in range(500):
        moments = moments.update(np.full((7, 1), 0.1), rng.normal(size=7))
    assert moments.constant.tolist() == [True, False]


@pytest.mark.parametrize("n", [10, 1000, 100_000])
def test_rounding_of_one_value_is_no_spread_but_a_little_more_is(n):
    alternate = np.arange(n) % 2
    rounded = np.where(alternate, 0.3, 0.1 + 0.2)  # the last bit is another
    more = 0.3 * (1 + 20 * np.finfo(float).eps * alternate)
    moments = Moments.of(np.column_stack([rounded, more]), alternate)
    assert moments.constant.tolist() == [True, False, False]


def test_a_small_spread_is_not_a_constant():
    X = 1e9 + 1e-5 * np.arange(10.0)[:, None]
    assert not Moments.of(X, X[:, 0]).constant.any()


@pytest.mark.parametrize(
    "n", [1, 2, 3, BLOCK, EXTENDED // 16, EXTENDED // 16 + 1, EXTENDED // 16 + BLOCK]
)
def test_the_root_is_that_of_lapack(n):
    rng = np.random.default_rng(8)
    X, y = rng.normal(5, 1, size=(n, 3)), rng.normal(size=n)
    moments = Moments.of(X, y)
    columns = np.column_stack([X, y])
    expected = np.linalg.qr(columns - columns.mean(axis=0), mode="r")
    assert moments.root.shape == (min(n, 4), 4)
    assert_allclose(np.abs(moments.root), np.abs(expected), atol=1e-13 * np.sqrt(n))


@pytest.mark.skipif(np.finfo(np.longdouble).eps == np.finfo(float).eps, reason="no wider float")
def test_the_root_is_found_in_extended_precision():
    # Two columns all but parallel: in double precision 1e-4 of what sets them apart is lost.
    rng = np.random.default_rng(9)
    x, nudge = rng.integers(-1000, 1000, size=50), rng.integers(-9, 10, size=50)
    root = Moments.of(np.column_stack([x, x + nudge * 2.0**-33]), np.zeros(50)).root
    x, nudge = x - Fraction(int(x.sum()), 50), nudge - Fraction(int(nudge.sum()), 50)
    apart = sum(nudge**2) - sum(x * nudge) ** 2 / sum(x**2)
    assert_allclose(abs(root[1, 1]), float(apart) ** 0.5 * 2.0**-33, rtol=1e-6)
