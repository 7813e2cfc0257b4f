"""A descent between two epochs: optimizer state and row order -> the next epoch as it would be.

A velocity, running averages, the order in which the rows come: an optimizer and its batches carry
them from step to step. Where they are kept, a descent can be left and taken up again.
"""

from dataclasses import dataclass

import numpy as np

from gdviz.core.moments import Array
from gdviz.core.optimizers import Optimizer, State

__all__ = ["Ongoing"]


@dataclass
class Ongoing:
    """A descent that is taken up again and again, between two epochs; it changes with every step.

    Attributes
    ----------
    rate : float or str
        Learning rate, NaN for an optimizer that was made elsewhere; or what is said of a schedule.
    orders : Generator
        Of the order of the rows.
    state : tuple or None
        The optimizer's; None before its first step.
    """

    rate: float | str
    orders: np.random.Generator
    state: State | None = None

    def keeping(self, optimizer: Optimizer) -> Optimizer:
        """Return an optimizer that begins in this state and leaves its last one here."""

        def init(theta: Array) -> State:
            return optimizer.init(theta) if self.state is None else self.state

        def update(gradient: Array, state: State, theta: Array) -> tuple[Array, State]:
            step, self.state = optimizer.update(gradient, state, theta)
            return step, self.state

        return Optimizer(init, update)
