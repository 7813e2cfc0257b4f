"""The cost over two parameters while all the others stay where they are.

A contour or a surface shows a slice through the cost. A descent lies on the slice only if nothing
else moved, which is why these pictures want the intercept held fixed.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gdviz.core.history.record import History
from gdviz.core.moments import Array, frozen

__all__ = ["Landscape", "landscape", "over_grid"]


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

    def cost(points: Array) -> Array:
        theta = np.tile(history.theta[0], (*points.shape[:-1], 1))
        theta[..., varying] = points
        return np.asarray(history.objective.cost(theta))

    return over_grid(cost, u_range, v_range, size=size)


def over_grid(
    cost: Callable[[Array], Array],
    u_range: tuple[float, float],
    v_range: tuple[float, float],
    *,
    size: int,
) -> Landscape:
    """Cost, a function of points (..., 2) -> (...), over a grid of them."""
    u, v = np.linspace(*u_range, size), np.linspace(*v_range, size)
    return Landscape(u, v, cost(np.stack(np.meshgrid(u, v), axis=-1)))
