"""Which record shows an epoch: the last at or before it; between two, what is on its way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.views.records import between, record_at, share_at

epochs = (
    st.lists(st.integers(0, 60), min_size=1, max_size=20, unique=True).map(sorted).map(np.array)
)


@given(epochs, st.floats(-5, 90))
def test_it_is_the_last_at_or_before_an_epoch(epoch, wanted):
    before = [k for k, one in enumerate(epoch) if one <= wanted]
    assert record_at(epoch, wanted) == (before[-1] if before else 0)


@pytest.mark.parametrize(("wanted", "record"), [(0, 0), (9.99, 0), (10, 1), (25, 2), (1e9, 2)])
def test_after_its_end_a_descent_stays_where_it_ended(wanted, record):
    assert record_at(np.array([0, 10, 20]), wanted) == record


@given(epochs, st.floats(-5, 90))
def test_between_two_records_values_are_on_the_straight_line(epoch, wanted):
    values = np.random.default_rng(0).normal(size=(len(epoch), 2))
    expected = [np.interp(wanted, epoch, column) for column in values.T]
    np.testing.assert_allclose(between(epoch, values, wanted), expected, atol=1e-12)
    assert 0 <= share_at(epoch, wanted) < 1
