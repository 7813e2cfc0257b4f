"""Numbers that change are written all alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.views.numbers import steady


@given(st.floats(1e-12, 1e15), st.floats(1e-6, 1))
def test_four_digits_of_the_least_number_can_be_read(largest, share):
    least = largest * share
    write = steady(largest, least)
    for value in (largest, least):
        read = float(write(value).replace(",", "").replace("−", "-"))
        assert read == pytest.approx(value, rel=6e-4, abs=6e-4 * least)
    if "e" not in write(largest):
        assert len(write(largest)) <= 24


@pytest.mark.parametrize(
    ("largest", "least", "value", "written"),
    [
        (2501.5, 75.6, 1234567.0, "1,234,567.00"),
        (3e9, 4277864.9, 4277864.9, "4,277,865"),
        (1.3, 0.0137, -0.0, "0.00000"),
        (1e-9, 1e-12, 1.5e-10, "1.500e−10"),
        (1e24, 1e20, 1e24, "1.000e+24"),
        (10, 1, -6.534, "−6.534"),
        (0, 0, 0, "0"),
        (10, 1, 1e300, "1.000e+300"),
    ],
)
def test_numbers_as_they_are_written(largest, least, value, written):
    assert steady(largest, least)(value) == written
