"""A number that is given is one of those that are meant, or refused by name."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.checks import finite, is_positive, not_negative, positive, whole, within

NO_NUMBERS = [True, np.True_, "1", None, [1], np.array(1.0), 1j, math.nan, math.inf, 10**400]


@pytest.mark.parametrize("check", [finite, positive, not_negative])
@pytest.mark.parametrize("value", NO_NUMBERS, ids=repr)
def test_what_is_no_finite_number_is_refused(check, value):
    with pytest.raises(ValueError, match=r"^rate must be .* number, not "):
        check("rate", value)
    assert not is_positive(value)


@pytest.mark.parametrize("value", [*NO_NUMBERS, 1.0, Fraction(1, 2)], ids=repr)
def test_what_is_no_whole_number_is_refused(value):
    with pytest.raises(ValueError, match=r"^epochs must be a whole number of at least 0, not "):
        whole("epochs", value, 0)


@pytest.mark.parametrize("kind", [int, float, Fraction, np.float32, np.int64, np.uint8])
def test_any_kind_of_number_is_one(kind):
    for check in (finite, positive, not_negative):
        found = check("rate", kind(3))
        assert (type(found), found) == (float, 3.0)


@pytest.mark.parametrize("kind", [int, np.int64, np.uint8])
def test_any_kind_of_whole_number_is_one(kind):
    found = whole("epochs", kind(3), 1, 5)
    assert (type(found), found) == (int, 3)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_sign_decides(value):
    assert is_positive(value) == (value > 0)
    if value >= 0:
        assert not_negative("rate", value) == value
    else:
        with pytest.raises(ValueError, match="rate must be 0 or a positive number"):
            not_negative("rate", value)


@pytest.mark.parametrize("value", [1e-300, 0.5, 0.999])
def test_what_is_between_the_bounds_is_returned(value):
    assert within("decay", value, 0, 1) == value


@pytest.mark.parametrize("value", [-1.0, 0.0, 1.0, 2.0, math.inf, math.nan])
def test_a_bound_itself_and_what_is_beyond_are_refused(value):
    with pytest.raises(ValueError, match=f"decay must be .* above 0 and below 1, not {value}"):
        within("decay", value, 0, 1)


@pytest.mark.parametrize("value", [0, 21])
def test_a_whole_number_out_of_bounds_is_refused(value):
    with pytest.raises(
        ValueError, match=f"degree must be a whole number from 1 to 20, not {value}$"
    ):
        whole("degree", value, 1, 20)
    assert [whole("degree", bound, 1, 20) for bound in (1, 20)] == [1, 20]


def test_what_else_may_be_given_is_said():
    for check in (finite, positive, not_negative):
        with pytest.raises(ValueError, match=r'rate must be "auto" or .*number, not -?inf'):
            check("rate", -math.inf, also='"auto" or ')
