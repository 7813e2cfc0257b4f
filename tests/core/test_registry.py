"""Options of what has a name are within their bounds, and the bounds are none of them."""

import math

import pytest

from gdviz.core.registry import within


@pytest.mark.parametrize("value", [1e-300, 0.5, 0.999])
def test_what_is_between_the_bounds_is_returned(value):
    assert within("decay", value, 0, 1) == value


@pytest.mark.parametrize("value", [-1.0, 0.0, 1.0, 2.0, math.inf, math.nan])
def test_a_bound_itself_and_what_is_beyond_are_refused(value):
    with pytest.raises(ValueError, match=f"decay must be above 0 and below 1, not {value:g}"):
        within("decay", value, 0, 1)


def test_what_has_no_upper_bound_is_finite_all_the_same():
    with pytest.raises(ValueError, match="delta must be above 0, not inf"):
        within("delta", math.inf, 0)
