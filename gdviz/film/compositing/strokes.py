"""Strokes: a figure taken apart into what is drawn one after the other.

matplotlib draws a figure as a tree: the figure draws its paper and then its children by zorder,
each of these its own. Written out flat, that is a list of strokes. What a stroke covers does not
depend on the strokes around it, so a frame may be composed: keep the picture of the strokes that
lie under everything that moves, and draw only the others again.

A part of the tree is left whole, as one stroke, where its drawing is not known here (axes that
draw themselves in their own way), or where the order of drawing is found anew at every draw (3-D
axes with ``computed_zorder``). If something moves in it, that stroke is *mixed*: it has to be
drawn again for every frame, with only that frame's artists visible.
"""

from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import ExitStack
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.figure import Figure, SubFigure
from matplotlib.patches import Patch
from mpl_toolkits.mplot3d import Axes3D

from gdviz.film.compositing import mpl
from gdviz.film.compositing.borrow import visibility

__all__ = ["Stroke", "strokes"]


@dataclass(frozen=True, eq=False)
class Stroke:
    """One step of drawing: an artist, how it is drawn, and whether it moves or holds what does."""

    artist: Artist
    draw: Callable[[Any], object]
    moves: bool = False
    mixed: bool = False


def strokes(figure: Figure, moving: Set[Artist]) -> list[Stroke]:
    """List what `figure` draws, in order; the artists in `moving` as strokes of their own.

    The figure must have been drawn before: what a draw settles (limits, layout, projections) is
    taken as it is.
    """
    return list(_Dissection(figure, moving).of(figure))


class _Dissection:
    """Takes a figure apart, as far as the artists in `moving` ask for it."""

    def __init__(self, figure: Figure, moving: Set[Artist]) -> None:
        self._moving = moving
        self._holders: set[Artist] = set()
        self._find_holders(figure)

    def of(self, artist: Artist) -> Iterator[Stroke]:
        """Strokes of `artist` and of what it holds."""
        if artist in self._moving:
            yield Stroke(artist, _drawing(artist), moves=True)
        elif not artist.get_visible():
            return
        elif artist not in self._holders:
            yield Stroke(artist, artist.draw)
        elif (parts := _parts(artist)) is None or artist.get_agg_filter() is not None:
            yield Stroke(artist, artist.draw, mixed=True)
        else:
            yield from parts(self, artist)

    def of_figure(self, figure: Any) -> Iterator[Stroke]:
        """Paper first, then the children by zorder."""
        yield from self.of(figure.patch)
        for child in _by_zorder(figure, hidden=[figure.patch]):
            if child in self._moving or not child.get_animated():
                yield from self.of(child)

    def of_axes(self, axes: Any) -> Iterator[Stroke]:
        """Background first, then the children by zorder."""
        hidden = [axes.patch]
        framed = axes.axison and axes.get_frame_on()
        if framed:
            yield from self.of(axes.patch)
        else:
            hidden += axes.spines.values()
        if not axes.axison:
            hidden += mpl.axis_of(axes)
        for child in _by_zorder(axes, hidden):
            yield from self.of(child)

    def of_axes_3d(self, axes: Any) -> Iterator[Stroke]:
        """Background, panes, grids and axis, then the children."""
        yield from self.of(axes.patch)
        if mpl.has_axis_3d(axes):
            for part in ("draw_pane", "draw_grid", "draw"):
                for axis in mpl.axis_of(axes):
                    yield Stroke(axis, getattr(axis, part))
        if axes.computed_zorder and self._moves_in_depth(axes):
            yield Stroke(axes, lambda renderer: _draw_children(axes, renderer), mixed=True)
        else:
            yield from self.of_axes(axes)

    def _moves_in_depth(self, axes: Any) -> bool:
        """Whether the zorder of what is in 3-D axes may differ from frame to frame."""
        return any(
            artist in self._moving and isinstance(artist, Collection | Patch)
            for artist in mpl.children(axes)
        )

    def _find_holders(self, artist: Artist) -> bool:
        """Find all that hold something that moves; say whether `artist` does or moves itself."""
        if artist in self._moving:
            return True
        moved = [self._find_holders(child) for child in artist.get_children()]
        if any(moved):
            self._holders.add(artist)
        return any(moved)


def _parts(artist: Artist) -> Callable[[_Dissection, Any], Iterator[Stroke]] | None:
    """How `artist` can be taken apart; None if it draws itself in a way that is not known here."""
    known = {
        Figure.draw: _Dissection.of_figure,
        SubFigure.draw: _Dissection.of_figure,
        Axes.draw: _Dissection.of_axes,
        Axes3D.draw: _Dissection.of_axes_3d,
    }
    return known.get(type(artist).draw)


def _by_zorder(parent: Artist, hidden: Iterable[Artist]) -> list[Artist]:
    """Children of `parent` in drawing order, without those in `hidden`."""
    left_out = set(hidden)
    children = [child for child in parent.get_children() if child not in left_out]
    return sorted(children, key=attrgetter("zorder"))


def _drawing(artist: Any) -> Callable[[Any], object]:
    """How one artist is drawn by itself: in 3-D axes, seen from where the viewer stands."""
    in_depth = isinstance(artist.axes, Axes3D) and isinstance(artist, Collection | Patch)

    def draw(renderer: Any) -> None:
        if in_depth:
            artist.do_3d_projection()
        artist.draw(renderer)

    return draw


def _draw_children(axes: Any, renderer: Any) -> None:
    """Draw 3-D axes in matplotlib's own way, without the background, panes, grids and axis."""
    with ExitStack() as stack:
        stack.enter_context(mpl.without_axis_3d(axes))
        stack.enter_context(visibility([axes.patch], False))
        axes.draw(renderer)
