"""Composition: the picture under what moves, kept, and the strokes that are drawn over it.

Two strokes that cover no common pixel may change places. So the background is made of all strokes
that come before the first that moves, and of those later ones that touch neither what moves nor
anything left behind: the other panels, the tick labels, the titles.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from math import floor
from typing import Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.image import AxesImage
from numpy.typing import NDArray

from gdviz.film.compositing.recording import Recording
from gdviz.film.compositing.strokes import Stroke
from gdviz.film.pixels import Box, Frame, extent, packed

__all__ = ["Composer", "Composition", "pixels_of"]

Mask = NDArray[np.bool_]

# What moves is kept for every frame, unless it is this large: 128 KiB.
_KEPT = 1 << 17


@dataclass(frozen=True, eq=False)
class Composition:
    """Background pixels, the moving strokes and the static ones over them, each with its rank."""

    background: Frame
    moving: dict[Artist, tuple[int, Stroke]]
    static: list[tuple[int, Stroke]]

    @cached_property
    def opaque(self) -> bool:
        """Whether no paper shows through, in any frame."""
        return bool((self.background[..., 3] == 255).all())

    @property
    def mixed(self) -> bool:
        """Whether a stroke must be kept from drawing the artists of other frames."""
        return any(stroke.mixed for _, stroke in self.static)

    def draw(self, artists: Sequence[Artist], renderer: Any) -> None:
        """Draw the frame that shows `artists` on `renderer`."""
        pixels_of(renderer)[...] = self.background
        own = [self.moving[artist] for artist in artists if artist in self.moving]
        for _, stroke in sorted([*own, *self.static], key=lambda ranked: ranked[0]):
            stroke.draw(renderer)


class Composer:
    """Makes compositions of a figure, for some of its frames or others.

    What it finds out about strokes that do not move serves them all.

    Parameters
    ----------
    renderer : RendererAgg
        Where to draw. Its picture is lost.
    reuses : bool
        Whether what moves has another look every time.
    """

    def __init__(self, renderer: Any, *, reuses: bool = False) -> None:
        self._renderer = renderer
        self._reuses = reuses
        self._recorded: dict[tuple[Artist, int], Stroke] = {}
        self._covers: dict[tuple[Stroke, ...], Cover] = {}
        self._background: tuple[list[Stroke], Frame] | None = None

    def compose(self, strokes: Iterable[Stroke]) -> Composition:
        """Return the composition for frames that draw some of `strokes` that move, and all others.

        The artists must be visible, and the figure must be as it is drawn.
        """
        shown = self._remembered(strokes)
        under, over = self._divided(shown)
        ranks = {stroke: rank for rank, stroke in enumerate(shown)}
        return Composition(
            self._drawn(under),
            {stroke.artist: (ranks[stroke], stroke) for stroke in shown if stroke.moves},
            [(ranks[stroke], stroke) for stroke in over],
        )

    def _remembered(self, strokes: Iterable[Stroke]) -> list[Stroke]:
        """Return `strokes`, those drawn before as they were then: worked out only once.

        What was not asked for this time is forgotten. An artist may be drawn in several strokes,
        which are told apart by their order.
        """
        shown = []
        recorded: dict[tuple[Artist, int], Stroke] = {}
        strokes_of: Counter[Artist] = Counter()
        for stroke in strokes:
            key = stroke.artist, strokes_of[stroke.artist]
            strokes_of[stroke.artist] += 1
            if not (stroke.mixed or _drawn_once(stroke)):
                known = None if stroke.moves and self._reuses else self._recorded.get(key)
                stroke = recorded[key] = known or _recording(stroke)
            shown.append(stroke)
        self._recorded = recorded
        return shown

    def _divided(self, strokes: Sequence[Stroke]) -> tuple[list[Stroke], list[Stroke]]:
        """Divide the strokes that do not move into those under and those over what moves."""
        under: list[Stroke] = []
        over: list[Stroke] = []
        taken = np.zeros(pixels_of(self._renderer).shape[:2], dtype=bool)
        free = True
        for changes, run in groupby(strokes, key=lambda stroke: stroke.moves or stroke.mixed):
            group = tuple(run)
            if changes:
                free = False
                over += [stroke for stroke in group if stroke.mixed]
                taken |= _changed(group, self._renderer)
            elif free or not self._static(group).meets(taken):
                under += group
            else:
                self._divide_one_by_one(group, taken, under, over)
        return under, over

    def _divide_one_by_one(
        self, group: Iterable[Stroke], taken: Mask, under: list[Stroke], over: list[Stroke]
    ) -> None:
        """Add each stroke of `group` to `under` or `over`; `taken` grows by the latter."""
        for stroke in group:
            cover = self._static((stroke,))
            if cover.meets(taken):
                over.append(stroke)
                cover.add_to(taken)
            else:
                under.append(stroke)

    def _static(self, group: tuple[Stroke, ...]) -> "Cover":
        """What strokes that do not move cover."""
        if group not in self._covers:
            mask = _changed(group, self._renderer)
            box = extent(mask)
            self._covers[group] = Cover(box, mask[box].copy())
        return self._covers[group]

    def _drawn(self, strokes: list[Stroke]) -> Frame:
        """Pixels (height, width, 4) of `strokes`; not to be changed."""
        if self._background is None or self._background[0] != strokes:
            self._renderer.clear()
            for stroke in strokes:
                stroke.draw(self._renderer)
            self._background = strokes, pixels_of(self._renderer).copy()
        return self._background[1]


def _drawn_once(stroke: Stroke) -> bool:
    """Whether a stroke is drawn for its frame alone: what it covers is known without."""
    return stroke.moves and _fills_its_clip_box(stroke.artist)


def _recording(stroke: Stroke) -> Stroke:
    """Return `stroke` such that it is worked out only once; if it moves, only if that is small."""
    return replace(stroke, draw=Recording(stroke.draw, _KEPT if stroke.moves else None))


def pixels_of(renderer: Any) -> Frame:
    """Pixels (height, width, 4) of `renderer`: the array itself, no copy."""
    return np.asarray(renderer.buffer_rgba())


class Cover(NamedTuple):
    """Pixels that strokes may change: a box of the canvas, and which in it."""

    box: Box
    mask: Mask

    def meets(self, taken: Mask) -> bool:
        """Whether a pixel of it is among those `taken` (height, width)."""
        return bool((taken[self.box] & self.mask).any())

    def add_to(self, taken: Mask) -> None:
        """Take its pixels."""
        taken[self.box] |= self.mask


def _changed(strokes: Iterable[Stroke], renderer: Any) -> Mask:
    """Pixels (height, width) that `strokes` change, or a few more."""
    renderer.clear()
    pixels = packed(pixels_of(renderer))
    clear = pixels[0, 0]
    bounds: list[Box] = []
    for stroke in strokes:
        if (box := _bounds(stroke, renderer)) is not None:
            bounds.append(box)
        else:
            stroke.draw(renderer)
    mask: Mask = pixels != clear
    for box in bounds:
        mask[box] = True
    return mask


def _bounds(stroke: Stroke, renderer: Any) -> Box | None:
    """Part of the canvas that holds `stroke`, where that is not better found by drawing it."""
    artist: Any = stroke.artist
    filtered = artist.get_agg_filter() is not None
    if stroke.mixed:
        # A filter may spread what several frames show over more than each of them.
        return np.s_[:, :] if filtered else None
    if filtered or not _fills_its_clip_box(artist):
        return None
    # Agg rounds a clip box so; an image may be one pixel larger.
    margin = int(type(artist) is AxesImage)
    (left, bottom), (right, top) = artist.get_clip_box().get_points() + 0.5
    height = int(renderer.height)
    rows = floor(height - top + 1) - margin, floor(height - bottom + 1) + margin
    columns = floor(left) - margin, floor(right) + margin
    return slice(*np.maximum(rows, 0)), slice(*np.maximum(columns, 0))


def _fills_its_clip_box(artist: Any) -> bool:
    """Whether an artist covers its clip box and nothing else: an image, or what says so."""
    clipped = artist.get_clip_on() and artist.get_clip_box() is not None
    fills = type(artist) is AxesImage or getattr(artist, "fills_clip_box", False)
    return bool(fills and clipped and not artist.get_path_effects())
