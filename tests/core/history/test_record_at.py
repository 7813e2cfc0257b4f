"""Which record shows an epoch: the last at or before it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.core.dataset import Dataset
from gdviz.core.history.record import History

epochs = st.lists(st.integers(0, 60), min_size=1, max_size=20, unique=True).map(sorted)


def recorded(epoch):
    table = Dataset.of([[0.0], [1.0], [3.0]], [1.0, 2.0, 5.0])
    return History.from_arrays(np.ones((len(epoch), 2)), dataset=table, epoch=epoch)


@given(epochs, st.floats(-5, 90))
def test_it_is_the_last_at_or_before_an_epoch(epoch, wanted):
    before = [k for k, one in enumerate(epoch) if one <= wanted]
    assert recorded(epoch).record_at(wanted) == (before[-1] if before else 0)


@pytest.mark.parametrize(("wanted", "record"), [(0, 0), (9.99, 0), (10, 1), (25, 2), (1e9, 2)])
def test_after_its_end_a_descent_stays_where_it_ended(wanted, record):
    assert recorded([0, 10, 20]).record_at(wanted) == record


@given(epochs, st.floats(-5, 90))
def test_between_two_records_values_are_on_the_straight_line(epoch, wanted):
    history = recorded(epoch)
    values = np.random.default_rng(0).normal(size=(len(epoch), 2))
    expected = [np.interp(wanted, epoch, column) for column in values.T]
    np.testing.assert_allclose(history.between(values, wanted), expected, atol=1e-12)
    assert 0 <= history.share_at(wanted) < 1
