"""The axis of the epochs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.views.epoch_axis import epoch_axis


@given(st.integers(0, 10**7), st.booleans(), st.booleans())
def test_its_ticks_are_0_and_powers_of_ten_up_to_its_end(last, log, narrow):
    axis = epoch_axis("step", last, log=log, room=0.25, narrow=narrow)
    assert axis.end == pytest.approx(1.25 * max(last, 1))
    if log:
        zero, *powers = axis.ticks
        assert zero == 0
        assert powers[0] == 1
        assert powers[-1] <= max(last, 1) < 100 * powers[-1]
        assert len(powers) <= (4 if narrow else 8)
    else:
        assert axis.ticks == ()


@pytest.mark.parametrize(("log", "label"), [(True, "step (log)"), (False, "step")])
def test_a_logarithmic_axis_says_so(log, label):
    assert epoch_axis("step", 100, log=log, room=0).label == label


@pytest.mark.parametrize(
    ("last", "ticks"), [(9999, (0, 1, 10, 100, 1000)), (10_000, (0, 1, 100, 10_000))]
)
def test_a_narrow_axis_names_every_second_of_more_than_four_powers(last, ticks):
    assert epoch_axis("epoch", last, log=True, room=0, narrow=True).ticks == ticks
