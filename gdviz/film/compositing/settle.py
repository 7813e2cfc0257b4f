"""Settling: what the first drawing of a figure decides, and whether every frame would decide so.

A layout engine moves axes to make room for what sticks out of them; a legend without a place looks
for the emptiest corner. A film is steady only if the artists of its frames have no say in this.
"""

from collections.abc import Iterable, Mapping, Set
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.layout_engine import PlaceHolderLayoutEngine
from matplotlib.legend import Legend

from gdviz.film.compositing import mpl

__all__ = ["axes_positions", "layout_moves", "legend_offsets"]


def axes_positions(figure: Figure) -> Any:
    """Where every axes is, in parts of the figure: (n_axes, 4)."""
    return np.array([axes.get_position(original=True).bounds for axes in mpl.all_axes(figure)])


def layout_moves(figure: Figure, moving: Set[Artist], renderer: Any) -> bool:
    """Whether the layout may be another for each frame, because of artists in `moving`.

    They must not be visible now. One that stays within the room that its axes takes anyway has no
    say; nor has one that was told so by ``set_in_layout(False)``.
    """
    # The placeholder is what is left of an engine that was switched off.
    if isinstance(figure.get_layout_engine(), PlaceHolderLayoutEngine | None):
        return False
    room = {axes: axes.get_tightbbox(renderer) for axes in mpl.all_axes(figure)}
    return any(artist.get_in_layout() and not _within(artist, room, renderer) for artist in moving)


def _within(artist: Any, room: Mapping[Any, Any], renderer: Any) -> bool:
    if artist.axes is None:
        return not mpl.is_outside(artist)
    if mpl.is_clipped(artist) and not isinstance(artist, Legend):
        return True
    own, of_axes = artist.get_tightbbox(renderer), room.get(artist.axes)
    if own is None or of_axes is None:
        return own is None
    return bool(np.all(own.min >= of_axes.min) and np.all(own.max <= of_axes.max))


def legend_offsets(legends: Iterable[Any], renderer: Any) -> dict[Legend, tuple[float, float]]:
    """Offsets in pixels of those `legends` that look for the best place among all artists."""
    looking = [legend for legend in legends if mpl.looks_for_a_place(legend)]
    return {legend: mpl.legend_offset(legend, renderer) for legend in looking}
