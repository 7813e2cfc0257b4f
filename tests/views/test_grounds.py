"""Which runs share a panel, and what panels side by side have in common."""

import numpy as np
import pytest

from gdviz import Dataset, compare
from gdviz.views.cost_slice import slice_of
from gdviz.views.grounds import alike, grounds_of
from gdviz.views.kinds import usual_kinds_of_runs

from ..conftest import X, Y, descent, held


def test_runs_on_one_ground_are_together_in_order():
    a, b, c = held(epochs=3), held(epochs=3, fixed_intercept=2.0), held(epochs=5)
    groups = grounds_of({"a": a, "b": b, "c": c})
    assert [list(group) for group in groups] == [["a", "c"], ["b"]]
    assert groups[0]["c"] is c


@pytest.fixture(scope="module")
def losses():
    runs = compare(Dataset.of(X, Y), losses=["mse", "huber:delta=2"], fixed_intercept="ols")
    return grounds_of(runs)


def test_over_the_same_weights_the_same_is_seen(losses):
    options = alike(losses, "contour")
    assert "levels" not in options  # costs of two losses are no levels of each other
    low, high = np.transpose(options["ranges"])
    assert np.ptp(options["ranges"], axis=1)[0] == pytest.approx(high[1] - low[1])  # one scale
    for group in losses:
        left, right = np.transpose(slice_of(group, "contour", size=5).ranges)
        assert (low <= left).all()
        assert (right <= high).all()


def test_on_other_scales_lines_run_at_the_same_costs():
    table = Dataset.of(X, Y)
    groups = grounds_of(compare(table, scales=["none", "standard"], fixed_intercept="ols"))
    options = alike(groups, "contour")
    assert "ranges" not in options  # weights of scaled features are others
    assert (np.diff(options["levels"]) > 0).all()
    own = [slice_of(group, "contour", size=60).levels for group in groups]
    assert set(options["levels"]) == {*own[0], *own[1]}


def test_what_is_usual_for_runs():
    one, other, free = held(epochs=2), held(epochs=2, fixed_intercept=2.0), descent(epochs=2)
    assert usual_kinds_of_runs([{"a": one}, {"b": other}]) == (("contour", "progress"),)
    assert usual_kinds_of_runs([{"a": free}]) == (("parameters", "progress"),)
    assert usual_kinds_of_runs([{"a": one}, {"b": free}]) == (("progress",),)
