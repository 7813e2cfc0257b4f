"""A screen: shows one frame of a figure at a time, as pixels.

The figure is only borrowed. Its resolution, its canvas and the visibility of its artists are
changed while a frame is drawn and put back after each, so that the figure can be used between two
frames. Artists of other frames are taken off meanwhile: matplotlib sorts and asks every artist it
finds, also the invisible ones, which would make the cost of a film grow with its square.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.cbook import _setattr_cm
from matplotlib.figure import Figure
from numpy.typing import NDArray

from gdviz.film.layers import layers

__all__ = ["Screen"]

Photo = Sequence[Artist]
Frame = NDArray[np.uint8]


class Screen:
    """Draws the frames of a film.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        What to draw.
    photos : sequence of sequences of artists
        The frames. Artists in none of them are drawn in all.
    dpi : float
        Pixels an inch.
    """

    def __init__(self, figure: Figure, photos: Sequence[Photo], dpi: float) -> None:
        self._figure = figure
        self._dpi = dpi
        self._moving = {artist for photo in photos for artist in photo}
        width, height = np.floor(figure.get_size_inches() * dpi + 1e-9)
        self._renderer: Any = RendererAgg(width, height, dpi)  # type: ignore[no-untyped-call]

    def show(self, photo: Photo) -> Frame:
        """Return the frame `photo` as a new, opaque (height, width, 4) array."""
        with _borrowed(self._figure, self._dpi), only(photo, self._moving, self._figure):
            self._renderer.clear()
            self._figure.draw(self._renderer)
        return opaque(np.asarray(self._renderer.buffer_rgba()))


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


@contextmanager
def _borrowed(figure: Figure, dpi: float) -> Iterator[None]:
    """Draw `figure` as savefig would: at `dpi`, as something that is being saved."""
    with ExitStack() as stack:
        # Without a manager a change of resolution does not resize a window.
        stack.enter_context(_setattr_cm(figure.canvas, manager=None, _is_saving=True))
        stack.enter_context(_setattr_cm(figure, dpi=dpi))
        yield


@contextmanager
def only(photo: Photo, moving: set[Artist], figure: Figure) -> Iterator[None]:
    """Take the artists of other frames off the figure for a while, and show those of `photo`."""
    shown = set(photo)
    with ExitStack() as stack:
        for layer in layers(figure):
            stack.callback(layer.__setitem__, slice(None), layer[:])
            layer[:] = [artist for artist in layer if artist in shown or artist not in moving]
        for artist in photo:
            stack.enter_context(_visible(artist))
        yield


@contextmanager
def _visible(artist: Artist) -> Iterator[None]:
    """Show an artist for a while. One drawn by blitting is "animated", which hides it too."""
    before = artist.get_visible(), artist.get_animated()
    artist.set_visible(True)
    artist.set_animated(False)
    yield
    artist.set_visible(before[0])
    artist.set_animated(before[1])
