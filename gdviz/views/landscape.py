"""The height of the ground: the cost over a grid of points of a plane."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gdviz.core.moments import Array, frozen

__all__ = ["Landscape", "over_grid"]


@dataclass(frozen=True, eq=False)
class Landscape:
    """A grid over a plane: u (size,) across, v (size,) up, cost (size, size) as [v, u].

    Its arrays are read-only.
    """

    u: Array
    v: Array
    cost: Array

    def __post_init__(self) -> None:
        for axis in ("u", "v", "cost"):
            object.__setattr__(self, axis, frozen(getattr(self, axis)))


def over_grid(
    cost: Callable[[Array], Array],
    u_range: tuple[float, float],
    v_range: tuple[float, float],
    *,
    size: int,
) -> Landscape:
    """Cost, a function of points (..., 2) -> (...), over a grid of so many points along each axis.

    >>> over_grid(lambda at: at[..., 0] + at[..., 1], (0, 1), (10, 30), size=2).cost
    array([[10., 11.],
           [30., 31.]])
    """
    u, v = np.linspace(*u_range, size), np.linspace(*v_range, size)
    return Landscape(u, v, cost(np.stack(np.meshgrid(u, v), axis=-1)))
