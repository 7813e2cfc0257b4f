"""The cost over two parameters while all the others stay where they are.

A contour or a surface shows a slice through the cost. A descent lies on the slice only if nothing
else moved, which is why these pictures want the intercept held fixed.
"""

from dataclasses import dataclass

import numpy as np

from gdviz.core.history.record import History
from gdviz.core.moments import Array, frozen

__all__ = ["Landscape", "landscape"]


@dataclass(frozen=True, eq=False)
class Landscape:
    """A grid over two parameters: u (size,) across, v (size,) up, cost (size, size) as [v, u].

    Its arrays are read-only.
    """

    u: Array
    v: Array
    cost: Array

    def __post_init__(self) -> None:
        for axis in ("u", "v", "cost"):
            object.__setattr__(self, axis, frozen(getattr(self, axis)))


def landscape(
    history: History,
    *,
    varying: tuple[int, int],
    u_range: tuple[float, float],
    v_range: tuple[float, float],
    size: int = 100,
) -> Landscape:
    """Cost over a grid of two parameters, the others as they are at the start of the history.

    Parameters
    ----------
    history : History
    varying : (int, int)
        The entries of θ that run along u and v; 0 is the intercept.
    u_range, v_range : (float, float)
        First and last value of each.
    size : int
        Number of grid points along each.
    """
    u, v = np.linspace(*u_range, size), np.linspace(*v_range, size)
    theta = np.tile(history.theta[0], (size, size, 1))
    theta[..., varying[0]], theta[..., varying[1]] = np.meshgrid(u, v)
    return Landscape(u, v, history.objective.cost(theta))
