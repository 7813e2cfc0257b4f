"""What a descent has in hand besides θ: with it, the next epoch is the one that would have come.

A velocity, running averages, the order in which the rows come: an optimizer and its batches carry
them from step to step. Where they are kept, a descent can be left and taken up again.
"""

from dataclasses import dataclass
from itertools import count

import numpy as np

from gdviz.core.moments import Array
from gdviz.core.optimizers import Optimizer, State

__all__ = ["Pace"]


@dataclass
class Pace:
    """The pace of a descent that is taken up again and again; it changes with every step.

    Attributes
    ----------
    rate : float
        Learning rate; NaN for an optimizer that was made elsewhere.
    orders : Generator
        Of the order of the rows.
    state : tuple or None
        The optimizer's; None before its first step.
    """

    rate: float
    orders: np.random.Generator
    state: State | None = None

    def keeping(self, optimizer: Optimizer, steps: int) -> Optimizer:
        """Return an optimizer that begins in this state, and leaves the one after some steps here.

        A descent that has arrived goes on for a while, to see whether it stays.
        """
        taken = count(1)

        def init(theta: Array) -> State:
            return optimizer.init(theta) if self.state is None else self.state

        def update(gradient: Array, state: State) -> tuple[Array, State]:
            step, after = optimizer.update(gradient, state)
            if next(taken) <= steps:
                self.state = after
            return step, after

        return Optimizer(init, update)
