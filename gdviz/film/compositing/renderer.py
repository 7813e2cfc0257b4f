"""A screen: shows one frame of a figure at a time, as pixels.

A frame is composed: what lies under everything that moves is drawn once and kept, and only what
moves, and what lies over it, is drawn for each frame. The result is the same to the last bit as a
drawing of the whole figure. For one frame that is checked; where it is not so, or cannot be known
to be, the whole figure is drawn for each frame; and so it is, by public names only, where something
raises an error on this way: a matplotlib may lack one of the private names that it takes.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from contextlib import AbstractContextManager, ExitStack
from itertools import islice
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.legend import Legend

from gdviz.film.compositing import mpl
from gdviz.film.compositing.borrow import borrow_figure, only, pinned, shown, visible
from gdviz.film.compositing.composition import Composer, Composition, pixels_of
from gdviz.film.compositing.glyphs import canvas
from gdviz.film.compositing.settle import axes_positions, layout_moves, legend_offsets
from gdviz.film.compositing.strokes import strokes
from gdviz.film.pixels import Frame
from gdviz.film.source import Artists, Drawn

__all__ = ["Screen"]

# A drawing may leave the figure such that the next comes out otherwise: tick labels find their
# places, then the axes theirs, then the labels again. It ends after a few.
_MOST_DRAWINGS = 8
_AT_ONCE = 100  # frames that are prepared together


class Screen:
    """Draws the frames of a film.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        What to draw. It is borrowed for the time of each drawing and given back as it was.
    drawn : Drawn
        The artists of each frame. Those in none of them are drawn in all.
    dpi : float
        Pixels an inch.

    Raises
    ------
    ValueError
        If the figure is smaller than a pixel.
    """

    def __init__(self, figure: Figure, drawn: Drawn, dpi: float) -> None:
        self._figure = figure
        self._dpi = dpi
        self._drawn = drawn
        width, height = np.floor(figure.get_size_inches() * dpi + 1e-9)
        if min(width, height) < 1:
            inches = " x ".join(f"{side:g}" for side in figure.get_size_inches())
            raise ValueError(f"a figure of {inches} inches has no pixel at {dpi:g} dpi")
        self._size = width, height
        self._renderer: Any = canvas(width, height, dpi)
        self._best: dict[Legend, tuple[float, float]] = {}
        self._composer = Composer(self._renderer, reuses=drawn.source.reuses)
        self._composition: Composition | None = None
        self._judged = 0  # frames drawn when _is_steady was asked
        self._plain = False  # whether only public names are used
        self._keeps_all = False  # whether frames stay on the figure
        self._settle(drawn[0])
        if drawn.source.reuses:
            drawn.drop([drawn[0]])

    def draw(self, indices: Iterable[int]) -> Iterator[Frame]:
        """Indices -> those frames, each a new, opaque (height, width, 4) array."""
        return self._one_by_one(indices) if self._drawn.source.reuses else self._in_parts(indices)

    def _one_by_one(self, indices: Iterable[int]) -> Iterator[Frame]:
        """Draw frames that share artists; between them the figure is as without a frame."""
        for i in indices:
            artists = self._drawn[i]
            self._prepare([artists])
            pixels = self._pixels(artists)
            self._drawn.drop([artists])
            yield pixels

    def _in_parts(self, indices: Iterable[int]) -> Iterator[Frame]:
        """Draw frames such that what some of them have in common is worked out for all of these."""
        rest = iter(indices)
        frames: list[Artists] = []
        while part := list(islice(rest, _AT_ONCE)):
            if not self._keeps_all:
                self._drawn.drop(frames)
            frames = [self._drawn[i] for i in part]
            self._prepare(frames)
            yield from map(self._pixels, frames)

    def _prepare(self, frames: Sequence[Artists]) -> None:
        """Make ready to draw any of `frames`, and none but these."""
        if self._composition is not None:
            try:
                steady = self._judged == self._drawn.drawings or self._is_steady()
                self._composition = self._composed(frames) if steady else None
            except Exception:
                self._be_plain()

    def _pixels(self, artists: Artists) -> Frame:
        """Artists of a frame -> its pixels, a new, opaque (height, width, 4) array."""
        try:
            self._show(artists)
        except Exception:
            if self._plain:
                raise
            self._be_plain()
            self._show(artists)
        pixels = pixels_of(self._renderer)
        covered = self._composition is not None and self._composition.opaque
        return pixels.copy() if covered else opaque(pixels)

    def _show(self, artists: Artists) -> None:
        """Draw a frame, on the shortest way that there is."""
        if self._composition is None:
            self._redraw(artists)
        else:
            self._compose(artists, self._composition)

    def _be_plain(self) -> None:
        """From now on draw whole figures, by public names only.

        Something raised an error on a shortcut. If it is an artist, it says so again when drawn.
        """
        self._plain, self._composition, self._best = True, None, {}
        width, height = self._size
        self._renderer = RendererAgg(width, height, self._dpi)  # type: ignore[no-untyped-call]
        if self._legends():
            self._draw_all()  # a legend may look at the artists of all frames

    def _draw_all(self) -> None:
        """Have the artists of all frames on the figure, and keep them there."""
        self._keeps_all = True
        self._drawn.draw_all()

    @property
    def _moving(self) -> Set[Artist]:
        """All artists that are not in every frame."""
        return self._drawn.artists

    def _redraw(self, artists: Artists) -> None:
        """Draw the whole figure with the artists of a frame."""
        with self._borrowed(artists), self._only(artists):
            self._renderer.clear()
            self._figure.draw(self._renderer)

    def _only(self, artists: Collection[Artist]) -> AbstractContextManager[None]:
        """Show `artists` and none of other frames."""
        if self._plain:
            return shown(artists, self._moving)
        return only(artists, self._moving, self._figure)

    def _compose(self, artists: Artists, composition: Composition) -> None:
        """Draw what is not background."""
        with self._borrowed(artists), ExitStack() as stack:
            if composition.mixed:
                stack.enter_context(only(artists, self._moving, self._figure))
            else:
                stack.enter_context(visible(artists))
            composition.draw(artists, self._renderer)

    def _borrowed(self, artists: Collection[Artist]) -> ExitStack:
        """Borrow the figure for the drawing of `artists`."""
        with ExitStack() as stack:
            stack.enter_context(borrow_figure(self._figure, self._dpi))
            if not self._plain:
                stack.enter_context(mpl.saving(self._figure.canvas))
            if self._best:
                shown = {a for a in self._best if a in artists or a not in self._moving}
                stack.enter_context(pinned({legend: self._best[legend] for legend in shown}))
            return stack.pop_all()

    def _settle(self, artists: Artists) -> None:
        """Draw until a drawing leaves things in place; then compose, if that gives the same."""
        tries = range(_MOST_DRAWINGS)
        try:
            any(self._rests(artists) and self._is_judged(artists) for _ in tries)
        except Exception:
            self._be_plain()
            any(self._rests(artists) for _ in tries)

    def _rests(self, artists: Artists) -> bool:
        """Draw a frame; whether that left axes and legends where they were."""
        before = axes_positions(self._figure), self._best
        self._redraw(artists)
        if not self._plain and not self._best and (best := self._best_offsets()):
            self._draw_all()  # they look at the artists of all frames
            self._best = self._best_offsets() or best
        positions = axes_positions(self._figure)
        return np.allclose(positions, before[0], 0, 1e-9) and self._best == before[1]

    def _is_judged(self, artists: Artists) -> bool:
        """Whether it is known how to draw: whole figures, or composed, as the frame just drawn."""
        return not self._is_steady() or self._is_composed(artists)

    def _is_composed(self, artists: Artists) -> bool:
        """Compose the frame just drawn; whether its pixels are the same, and others may be so."""
        drawn = pixels_of(self._renderer).copy()
        composition = self._composed([artists])
        self._compose(artists, composition)
        same = bool((pixels_of(self._renderer) == drawn).all())
        self._composition = composition if same else None
        return same

    def _composed(self, frames: Sequence[Artists]) -> Composition:
        """Return a composition for `frames`."""
        moving = {artist for artists in frames for artist in artists}
        with self._borrowed(moving), only(moving, self._moving, self._figure):
            return self._composer.compose(strokes(self._figure, moving))

    def _best_offsets(self) -> dict[Legend, tuple[float, float]]:
        """Offsets of the legends that look for the best place among the artists of all frames."""
        with borrow_figure(self._figure, self._dpi), visible(self._moving):
            return legend_offsets(self._legends(), self._renderer)

    def _legends(self) -> list[Legend]:
        """Legends on the figure."""
        held: list[Artist | None] = [a for layer in mpl.layers(self._figure) for a in layer]
        held += [axes.get_legend() for axes in mpl.all_axes(self._figure)]
        return [artist for artist in held if isinstance(artist, Legend)]

    def _is_steady(self) -> bool:
        """Whether nothing but the visible artists can differ from frame to frame."""
        self._judged = self._drawn.drawings
        if self._figure.suppressComposite is False or _draw_callbacks(self._figure):
            return False
        with self._borrowed(()), only((), self._moving, self._figure), visible(self._moving):
            return not layout_moves(self._figure, self._moving, self._renderer)


def _draw_callbacks(figure: Figure) -> list[Any]:
    """Callbacks that are called at every draw and may change anything; not those of animations."""
    connected = figure.canvas.callbacks.callbacks.get("draw_event", {}).values()
    callbacks = (reference() for reference in connected)
    return [call for call in callbacks if not mpl.is_start_of_animation(call)]


def opaque(pixels: Frame) -> Frame:
    """Return a copy of RGBA `pixels` (height, width, 4) on white paper.

    >>> opaque(np.array([[[200, 0, 0, 0]]], dtype=np.uint8))
    array([[[255, 255, 255, 255]]], dtype=uint8)
    """
    if (pixels[..., 3] == 255).all():
        return pixels.copy()
    alpha = pixels[..., 3:].astype(np.uint16)
    blended = pixels * alpha + 255 * (255 - alpha)
    paper = ((blended + 127) // 255).astype(np.uint8)
    paper[..., 3] = 255
    return paper
