"""Places of a grid, row by row; the last of a row is as wide as the room that is left in it."""

from matplotlib.figure import SubFigure
from matplotlib.gridspec import SubplotSpec

__all__ = ["places", "rows_of"]


def rows_of(count: int, columns: int) -> tuple[int, ...]:
    """How many of so many things stand in each row of so many columns.

    >>> rows_of(5, 2)
    (2, 2, 1)
    """
    full, rest = divmod(count, columns)
    return (columns,) * full + (rest,) * (rest > 0)


def places(subfigure: SubFigure, rows: tuple[int, ...]) -> list[SubplotSpec]:
    """Return the places of a grid with so many in each of its rows."""
    spec = subfigure.add_gridspec(len(rows), max(rows))
    cells = [(i, j, j + 1 if j < n - 1 else None) for i, n in enumerate(rows) for j in range(n)]
    return [spec[row, left:right] for row, left, right in cells]
