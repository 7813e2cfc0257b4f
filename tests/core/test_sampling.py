"""A sample of rows is drawn by lot, the same every time, and has no period."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from scipy.stats import chisquare

from gdviz.core.sampling import sampled


@pytest.mark.parametrize(("n", "most"), [(1, 1), (1, 5), (5, 5), (999, 1000)])
def test_few_rows_are_all_there(n, most):
    assert_array_equal(sampled(n, most), np.arange(n))


@pytest.mark.parametrize(("n", "most"), [(2, 1), (6, 5), (1001, 1000), (10_000_000, 1000)])
def test_of_many_there_are_so_many_increasing_and_the_same_every_time(n, most):
    rows = sampled(n, most)
    assert len(rows) == most
    assert (np.diff(rows) > 0).all()
    assert rows[0] >= 0
    assert rows[-1] < n
    assert_array_equal(rows, sampled(n, most))


@pytest.mark.parametrize("period", [2, 7, 12, 24, 60, 100])
def test_no_phase_of_a_period_is_preferred(period):
    counts = np.bincount(sampled(100_000 * period, 5000) % period, minlength=period)
    assert chisquare(counts).pvalue > 1e-3


def test_all_of_a_table_is_as_likely():
    counts, _ = np.histogram(sampled(1_000_000, 5000), bins=50, range=(0, 1_000_000))
    assert chisquare(counts).pvalue > 1e-3
