"""What a column of cells is taken for."""

import pytest

from gdviz.core.cells import Column


@pytest.mark.parametrize(
    ("numbers", "texts", "alike", "numeric"),
    [
        (3, 2, 0, True),
        (2, 2, 0, False),
        (2, 3, 0, False),
        (0, 3, 2, True),  # written in some notation or another
        (0, 4, 2, False),
        (0, 0, 0, False),
    ],
)
def test_a_column_is_numeric_where_more_cells_are_numbers_than_text(numbers, texts, alike, numeric):
    assert Column(numbers, texts, alike).numeric == numeric
