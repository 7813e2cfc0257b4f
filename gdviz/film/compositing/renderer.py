"""A screen: shows one frame of a figure at a time, as pixels.

A frame is composed: what lies under everything that moves is drawn once and kept, and only what
moves, and what lies over it, is drawn for each frame. The result is the same to the last bit as a
drawing of the whole figure. For one frame that is checked; where it is not so, or cannot be known
to be, the whole figure is drawn for each frame; so it is with a matplotlib that lacks one of the
private names that all this takes.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import Any

import numpy as np
from matplotlib.animation import Animation
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.legend import Legend

from gdviz.film.compositing.borrow import borrow_figure, only, pinned, visible
from gdviz.film.compositing.composition import Composer, Composition, pixels_of
from gdviz.film.compositing.glyphs import canvas
from gdviz.film.compositing.layers import all_axes, layers
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
        self._renderer: Any = canvas(width, height, dpi)
        self._best: dict[Legend, tuple[float, float]] = {}
        self._composer = Composer(self._renderer, reuses=drawn.source.reuses)
        self._composition: Composition | None = None
        self._judged = 0  # frames drawn when _is_steady was asked
        with self._no_shortcut_if_missing():
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
            if not self._best:  # legends have their places by the artists of all frames
                self._drawn.drop(frames)
            frames = [self._drawn[i] for i in part]
            self._prepare(frames)
            yield from map(self._pixels, frames)

    def _prepare(self, frames: Sequence[Artists]) -> None:
        """Make ready to draw any of `frames`, and none but these."""
        if self._composition is not None:
            with self._no_shortcut_if_missing():
                steady = self._judged == self._drawn.drawings or self._is_steady()
                self._composition = self._composed(frames) if steady else None

    def _pixels(self, artists: Artists) -> Frame:
        """Artists of a frame -> its pixels, a new, opaque (height, width, 4) array."""
        if self._composition is None:
            self._redraw(artists)
        else:
            self._compose(artists, self._composition)
        pixels = pixels_of(self._renderer)
        covered = self._composition is not None and self._composition.opaque
        return pixels.copy() if covered else opaque(pixels)

    @contextmanager
    def _no_shortcut_if_missing(self) -> Iterator[None]:
        """Draw whole figures from now on, if a private name that a shortcut takes is not there.

        What else has no such attribute is an artist, and says so again when it is drawn.
        """
        try:
            yield
        except AttributeError:
            self._composition = None

    @property
    def _moving(self) -> Set[Artist]:
        """All artists that are not in every frame."""
        return self._drawn.artists

    def _redraw(self, artists: Artists) -> None:
        """Draw the whole figure with the artists of a frame."""
        with self._borrowed(artists), only(artists, self._moving, self._figure):
            self._renderer.clear()
            self._figure.draw(self._renderer)

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
            if self._best:
                shown = {a for a in self._best if a in artists or a not in self._moving}
                stack.enter_context(pinned({legend: self._best[legend] for legend in shown}))
            return stack.pop_all()

    def _settle(self, artists: Artists) -> None:
        """Draw until a drawing leaves things in place; then compose, if that gives the same."""
        for _ in range(_MOST_DRAWINGS):
            before = axes_positions(self._figure), self._best
            self._redraw(artists)
            if not self._best and (best := self._best_offsets()):
                self._drawn.draw_all()  # they look at the artists of all frames
                self._best = self._best_offsets() or best
            if (
                not np.allclose(axes_positions(self._figure), before[0], 0, 1e-9)
                or self._best != before[1]
            ):
                continue
            if not self._is_steady():
                return
            drawn = pixels_of(self._renderer).copy()
            composition = self._composed([artists])
            self._compose(artists, composition)
            if (pixels_of(self._renderer) == drawn).all():
                self._composition = composition
                return

    def _composed(self, frames: Sequence[Artists]) -> Composition:
        """Return a composition for `frames`."""
        moving = {artist for artists in frames for artist in artists}
        with self._borrowed(moving), only(moving, self._moving, self._figure):
            return self._composer.compose(strokes(self._figure, moving))

    def _best_offsets(self) -> dict[Legend, tuple[float, float]]:
        """Places of the legends that look for the best among the artists of all frames."""
        held: list[Artist | None] = [a for layer in layers(self._figure) for a in layer]
        held += [axes.get_legend() for axes in all_axes(self._figure)]
        with borrow_figure(self._figure, self._dpi), visible(self._moving):
            return legend_offsets([a for a in held if isinstance(a, Legend)], self._renderer)

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
    start = Animation._start  # type: ignore[attr-defined]
    return [call for call in callbacks if getattr(call, "__func__", call) is not start]


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
