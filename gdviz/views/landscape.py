"""The height of the ground: the cost over a grid of points of a plane."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass

import numpy as np

from gdviz.core.moments import Array, frozen

__all__ = ["Landscape", "Watch", "over_grid", "watched"]

# Makes what is to be told (done, total) of a grid's points for as long as they are evaluated.
Watch = Callable[[], AbstractContextManager[Callable[[int, int], object]]]

_watch: ContextVar[Watch] = ContextVar("watch", default=lambda: nullcontext(lambda *counts: None))


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

    It is evaluated row by row: what is slow, such as the loss of a network on all of its data,
    can be watched and interrupted, and needs the memory of `size` points.

    >>> over_grid(lambda at: at[..., 0] + at[..., 1], (0, 1), (10, 30), size=2).cost
    array([[10., 11.],
           [30., 31.]])
    """
    u, v = np.linspace(*u_range, size), np.linspace(*v_range, size)
    rows = []
    with _watch.get()() as tell:
        for points in np.stack(np.meshgrid(u, v), axis=-1):
            rows.append(cost(points))
            tell(len(rows) * size, size * size)
    return Landscape(u, v, np.stack(rows))


@contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """Have every grid that is evaluated within a ``with`` block tell how far it is.

    Who evaluates a grid does not know who waits for it: the cost is many calls away from the
    terminal or the page that can show a bar.

    >>> with watched(lambda: nullcontext(print)):
    ...     grid = over_grid(lambda at: at[..., 0] + at[..., 1], (0, 1), (0, 1), size=2)
    2 4
    4 4
    """
    token = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(token)
