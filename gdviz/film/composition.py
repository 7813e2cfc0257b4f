"""Composition: the picture under what moves, kept, and the strokes that are drawn over it.

Two strokes that cover no common pixel may change places. So the background is made of all strokes
that come before the first that moves, and of those later ones that touch neither what moves nor
anything left behind: the other panels, the tick labels, the titles.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.image import AxesImage
from numpy.typing import NDArray

from gdviz.film.recording import Recording
from gdviz.film.strokes import Stroke

__all__ = ["Composition", "compose", "pixels_of", "recorded"]

Mask = NDArray[np.bool_]

# What moves is kept for every frame, unless it is this large: 128 KiB.
_KEPT = 1 << 17


@dataclass(frozen=True, eq=False)
class Composition:
    """Background pixels, the moving strokes and the static ones over them, each with its rank."""

    background: NDArray[np.uint8]
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

    def draw(self, photo: Sequence[Artist], renderer: Any) -> None:
        """Draw the frame `photo` on `renderer`."""
        pixels_of(renderer)[...] = self.background
        own = [self.moving[artist] for artist in photo if artist in self.moving]
        for _, stroke in sorted([*own, *self.static], key=lambda ranked: ranked[0]):
            stroke.draw(renderer)


def compose(strokes: Sequence[Stroke], renderer: Any) -> Composition:
    """Compose `strokes`, drawing on `renderer`, whose picture is lost."""
    ranks = {stroke: rank for rank, stroke in enumerate(strokes)}
    under, over = _divide(strokes, renderer)
    renderer.clear()
    for stroke in under:
        stroke.draw(renderer)
    moving = {stroke.artist: (ranks[stroke], stroke) for stroke in strokes if stroke.moves}
    return Composition(
        pixels_of(renderer).copy(), moving, [(ranks[stroke], stroke) for stroke in over]
    )


def recorded(stroke: Stroke) -> Stroke:
    """Return `stroke` such that it is worked out only once, if it is the same at every draw.

    Of what moves that is kept only where it takes little space.
    """
    if stroke.mixed:
        return stroke
    return replace(stroke, draw=Recording(stroke.draw, _KEPT if stroke.moves else None))


def pixels_of(renderer: Any) -> NDArray[np.uint8]:
    """Pixels (height, width, 4) of `renderer`: the array itself, no copy."""
    return np.asarray(renderer.buffer_rgba())


def _divide(strokes: Sequence[Stroke], renderer: Any) -> tuple[list[Stroke], list[Stroke]]:
    """Divide the strokes that do not move into those under and those over what moves."""
    under: list[Stroke] = []
    over: list[Stroke] = []
    taken = np.zeros(pixels_of(renderer).shape[:2], dtype=bool)
    free = True
    for changes, run in groupby(strokes, key=lambda stroke: stroke.moves or stroke.mixed):
        group = list(run)
        if changes:
            free = False
            over += [stroke for stroke in group if stroke.mixed]
            taken |= _covered(group, renderer)
        elif free or not (_covered(group, renderer) & taken).any():
            under += group
        else:
            _divide_one_by_one(group, taken, under, over, renderer)
    return under, over


def _divide_one_by_one(
    group: Sequence[Stroke], taken: Mask, under: list[Stroke], over: list[Stroke], renderer: Any
) -> None:
    """Add each stroke of `group` to `under` or `over`; `taken` grows by the latter."""
    for stroke in group:
        covered = _covered([stroke], renderer)
        if (covered & taken).any():
            over.append(stroke)
            taken |= covered
        else:
            under.append(stroke)


def _covered(strokes: Iterable[Stroke], renderer: Any) -> Mask:
    """Pixels (height, width) that `strokes` change, or a few more."""
    renderer.clear()
    pixels = pixels_of(renderer)
    bounds = np.zeros(pixels.shape[:2], dtype=bool)
    for stroke in strokes:
        if (part := _bounds(stroke, renderer)) is not None:
            bounds[part] = True
        else:
            stroke.draw(renderer)
    drawn: Mask = pixels[..., 3] != 0
    return bounds | drawn


def _bounds(stroke: Stroke, renderer: Any) -> tuple[slice, slice] | None:
    """Part of the canvas that holds `stroke`, where that is not better found by drawing it."""
    artist: Any = stroke.artist
    filtered = artist.get_agg_filter() is not None
    if stroke.mixed:
        # A filter may spread what several frames show over more than each of them.
        return np.s_[:, :] if filtered else None
    if not _is_plain_image(artist) or filtered:
        return None
    # Drawing an image may be slow; but it cannot leave its clip box, but for rounding.
    left, bottom = np.maximum(np.floor(artist.get_clip_box().min).astype(int) - 1, 0)
    right, top = np.maximum(np.ceil(artist.get_clip_box().max).astype(int) + 1, 0)
    height = int(renderer.height)
    return slice(max(height - int(top), 0), max(height - int(bottom), 0)), slice(left, right)


def _is_plain_image(artist: Any) -> bool:
    clipped = artist.get_clip_on() and artist.get_clip_box() is not None
    return type(artist) is AxesImage and clipped and not artist.get_path_effects()
