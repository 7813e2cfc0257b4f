"""How each of several runs is drawn: by which colour, mark and line it is known.

The colours are Okabe & Ito's; who does not see them, or has a printer without them, has the marks
and the lines. A picture of one run looks as it always did.
"""

from typing import NamedTuple

from gdviz.renderers.style.theme import INK, VERMILION

__all__ = ["Style", "run_styles"]

Line = str | tuple[float, tuple[float, ...]]


class Style(NamedTuple):
    """How a run is drawn: its colour; the mark at its head, its size (points) and rim; its line."""

    color: str
    marker: str
    size: float
    line: Line
    rim: str = "white"  # of the mark: dark, where its colour is light


ALONE = Style(VERMILION, "o", 5, "solid")
# Neighbours differ in lightness, so that a few runs are told apart in grey. Only the first line has
# no gaps (in widths of the line): where paths are one, those below are seen through the others'.
STYLES = (
    Style(VERMILION, "o", 7.5, "solid"),
    Style("#000000", "s", 6.5, (0, (4, 1.5))),
    Style("#e69f00", "^", 8.5, (0, (1.2, 1.2)), INK),
    Style("#cc79a7", "D", 6.5, (0, (7, 1.5, 1.2, 1.5)), INK),
    Style("#0072b2", "v", 8.5, (0, (2.5, 1.2))),
    Style("#f0e442", "P", 8.5, (0, (9, 2.5)), INK),
    Style("#009e73", "X", 8.5, (0, (4, 1.2, 1.2, 1.2, 1.2, 1.2))),
    Style("#56b4e9", "p", 8.5, (0, (1.2, 2.4)), INK),
)


def run_styles(count: int) -> list[Style]:
    """Return how each of so many runs is drawn."""
    return [ALONE] if count == 1 else list(STYLES[:count])
