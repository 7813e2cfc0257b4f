"""Where artists live: the lists on a figure, its subfigures and its axes that hold what is drawn.

matplotlib has no public way to ask what was added to an axes lately, or to take artists off for a
moment and put them back in place. Both are questions to these lists, and they are asked only here.
"""

from collections.abc import Iterator
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure, FigureBase

__all__ = ["all_axes", "all_figures", "layers", "titles"]

_FIGURE_LAYERS = ("patches", "lines", "texts", "artists", "images", "legends")


def layers(figure: Figure) -> Iterator[list[Artist]]:
    """Yield every list of artists under `figure`: the lists themselves, axes first, not copies."""
    for axes in all_axes(figure):
        # The public ax.lines, ax.texts … are filtered copies: reading them for each frame
        # would make a film of n frames cost n².
        yield axes._children  # type: ignore[attr-defined]
    for part in all_figures(figure):
        for name in _FIGURE_LAYERS:
            yield getattr(part, name)


def all_axes(figure: Figure) -> Iterator[Axes]:
    """Yield the axes of `figure` and of its subfigures, each followed by the axes inside it."""
    for axes in figure.axes:
        yield from _with_insets(axes)


def _with_insets(axes: Any) -> Iterator[Axes]:
    yield axes
    for inset in axes.child_axes:
        yield from _with_insets(inset)


def all_figures(figure: FigureBase) -> Iterator[FigureBase]:
    """Yield `figure` and its subfigures, and theirs."""
    yield figure
    for part in figure.subfigs:
        yield from all_figures(part)


def titles(figure: Figure) -> set[Artist]:
    """Texts that a figure has one of and changes in place: they never belong to a single frame."""
    names = ("_suptitle", "_supxlabel", "_supylabel")
    found = (getattr(part, name, None) for part in all_figures(figure) for name in names)
    return {text for text in found if text is not None}
