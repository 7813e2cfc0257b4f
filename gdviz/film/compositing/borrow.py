"""Borrowing a figure: change it for the time of one drawing, and give it back as it was.

Everything here is a context manager. matplotlib keeps what a drawing needs (resolution, who is
visible, where a legend sits) on the artists themselves; a film changes it for a moment only, so
that the figure can be shown, changed or saved between two frames.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from contextlib import ExitStack, contextmanager

import matplotlib
import numpy as np
from matplotlib.artist import Artist
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.legend import Legend

from gdviz.film.compositing import mpl

__all__ = ["borrow_figure", "only", "pinned", "shown", "visibility", "visible"]

Offset = tuple[float, float]


@contextmanager
def borrow_figure(figure: Figure, dpi: float) -> Iterator[None]:
    """Have `figure` as savefig draws it: at `dpi`, on opaque paper, as one that is being saved."""
    with ExitStack() as stack:
        # Without a manager a change of resolution does not resize a window.
        stack.enter_context(mpl.attributes(figure.canvas, manager=None))
        if dpi != figure.dpi:
            stack.enter_context(mpl.attributes(figure, dpi=dpi))
        before, paper = figure.get_facecolor(), _paper(figure)
        if paper != before:
            stack.callback(figure.set_facecolor, before)
            figure.set_facecolor(paper)
        yield


def _paper(figure: Figure) -> tuple[float, float, float, float]:
    """Colour of the paper: that of savefig, and as matplotlib's animations have it, over white."""
    setting = matplotlib.rcParams["savefig.facecolor"]
    *rgb, alpha = to_rgba(figure.get_facecolor() if setting == "auto" else setting)
    red, green, blue = alpha * np.array(rgb) + 1 - alpha
    return float(red), float(green), float(blue), 1.0


@contextmanager
def only(artists: Collection[Artist], moving: Set[Artist], figure: Figure) -> Iterator[None]:
    """Show `artists` and none of the others in `moving`.

    These are taken off the figure: matplotlib sorts and asks all that it finds, the invisible
    too, which would make the cost of a film grow with the square of its frames.
    """
    others = moving - set(artists)
    hidden = set(others)
    with ExitStack() as stack:
        # Where neighbouring images are made one, the artists between them matter, seen or not.
        if figure.suppressComposite is not False:
            for layer in mpl.lists(figure):
                hidden.difference_update(layer)
                stack.callback(layer.__setitem__, slice(None), layer[:])
                layer[:] = [artist for artist in layer if artist not in others]
        stack.enter_context(visibility(hidden, False))
        stack.enter_context(visible(artists))
        yield


@contextmanager
def shown(artists: Collection[Artist], moving: Set[Artist]) -> Iterator[None]:
    """Show `artists` and hide the others in `moving`: as :func:`only`, by public names."""
    with visibility(moving - set(artists), False), visible(artists):
        yield


@contextmanager
def visible(artists: Iterable[Artist]) -> Iterator[None]:
    """Show `artists`. What is drawn by blitting is marked "animated", which hides it too."""
    artists = list(artists)
    animated = [artist for artist in artists if artist.get_animated()]
    try:
        for artist in animated:
            artist.set_animated(False)
        with visibility(artists, True):
            yield
    finally:
        for artist in animated:
            artist.set_animated(True)


@contextmanager
def visibility(artists: Iterable[Artist], seen: bool) -> Iterator[None]:
    """Let `artists` be seen, or not."""
    others = [artist for artist in artists if artist.get_visible() is not seen]
    try:
        for artist in others:
            artist.set_visible(seen)
        yield
    finally:
        for artist in others:
            artist.set_visible(not seen)


@contextmanager
def pinned(offsets: Mapping[Legend, Offset]) -> Iterator[None]:
    """Keep legends that look for the best place where they are, at `offsets` in pixels.

    They look at every artist of the axes, also at invisible ones, and again at every draw.
    """
    try:
        for legend, offset in offsets.items():
            mpl.pin_legend(legend, offset)
        yield
    finally:
        for legend in offsets:
            mpl.release_legend(legend)
