"""A descent that is left and taken up again goes on as if it had never been left."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from gdviz.core.optimizers import OPTIMIZERS
from gdviz.learn.ongoing import Ongoing


def walked(optimizer, theta, n):
    """θ after each of n steps down θ² / 2, (n, 2)."""
    path, state = [], optimizer.init(theta)
    for _ in range(n):
        step, state = optimizer.update(theta, state, theta)
        theta = theta + step
        path.append(theta)
    return np.array(path)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_what_an_optimizer_carries_is_kept(name):
    made, start = OPTIMIZERS[name](learning_rate=0.1), np.array([3.0, -1.0])
    ongoing = Ongoing(0.1, np.random.default_rng(0))
    first = walked(ongoing.keeping(made), start, 5)
    rest = walked(ongoing.keeping(made), first[-1], 4)
    assert_array_equal([*first, *rest], walked(made, start, 9))
