"""A camera in front of a matplotlib figure: draw, ``snap``, draw, ``snap``, ``animate``.

Celluloid's idea, kept: a frame is whatever was added to the figure since the last snapshot, and
an animation shows one frame's artists at a time. Two things are added to it.

*The backdrop.* What is on the figure when the camera is made belongs to every frame, so that
axes, data points, a surface or a legend are drawn once instead of once a frame.

*The whole figure.* Not only what lies on the axes is seen, but also what lies on the figure and
on its subfigures (texts, lines, legends), and on axes inside axes.

Limitations
-----------
Only artists can be in one frame and not in another. The title, the limits, the ticks and the view
angle of an axes are not artists of a frame: they are what they are when the film is drawn. Use
``ax.text`` in place of ``ax.set_title``, and set the limits before the first snapshot.

With a layout engine (``layout="constrained"``) an artist of a frame that sticks out of its axes has
a say in the layout: frames may then differ in it, and each is drawn as a whole, which is slow.
``artist.set_in_layout(False)`` takes the say away.

A frame is what was added behind all that was there: an artist that was taken off and put back on
hides what came before it. A legend that looks for the best place finds one that suits all frames.
"""

from collections.abc import Callable, Sequence
from typing import Any

import celluloid
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.table import Table
from matplotlib.text import Text

from gdviz.checks import positive
from gdviz.film.compositing.layers import all_axes, layers, titles
from gdviz.film.film import Film
from gdviz.film.source import Roll

__all__ = ["Camera"]

# The order in which celluloid lists the artists of a frame; "artists" are all others.
_KINDS = (Collection, Patch, Line2D, Text, Artist, AxesImage, Table)


class Camera(celluloid.Camera):  # type: ignore[misc]
    """Takes snapshots of a figure and turns them into a :class:`~gdviz.film.film.Film`.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        With or without pyplot. What is on it now is in every frame.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> figure = Figure()
    >>> axes = figure.subplots()
    >>> _ = axes.plot([0, 1], [0, 1])
    >>> camera = Camera(figure)
    >>> for x in range(3):
    ...     _ = axes.plot(x, x, "o")
    ...     _ = camera.snap()
    >>> len(list(camera.animate(fps=10).frames()))
    3
    """

    def __init__(self, figure: Figure) -> None:
        super().__init__(figure)
        self._photos: list[list[Artist]] = []
        # Artists are kept, not their ids: an id is used again once its artist is gone.
        self._seen = {artist for layer in layers(figure) for artist in layer}
        self._backdrop_legends = {axes.get_legend() for axes in all_axes(figure)}
        self._legends: dict[Axes, Legend] = {}

    def snap(self) -> list[Artist]:
        """Make a frame of what was added since the last snapshot; return its artists."""
        photo = self._photo()
        self._photos.append(photo)
        return photo

    def animate(self, *args: Any, fps: float | None = None, **kwargs: Any) -> Film:
        """Return the film of the snapshots taken.

        Parameters
        ----------
        fps : float, optional
            Frames a second.
        *args, **kwargs
            As in :class:`gdviz.film.film.Film`.

        Raises
        ------
        ValueError
            If `fps` is no positive number, or given together with an interval.
        """
        if fps is not None:
            if args or "interval" in kwargs:
                raise ValueError("fps and interval say the same thing: give one of them")
            kwargs["interval"] = 1000 / positive("fps", fps)
        return Film(self._figure, self._photos, *args, **kwargs)

    def shoot(
        self,
        scenes: Sequence[Callable[[], object]],
        *,
        fps: float,
        seconds: Sequence[float] | None = None,
    ) -> Film:
        """Return the film of frames that do not exist yet.

        What a frame shows is added to the figure when it is drawn, by the process that draws it.
        So the scenes are run in any order, and none may lean on another: colours are given, not
        taken from a cycle, and nothing moves the limits.

        Parameters
        ----------
        scenes : sequence of callables
            One a frame, which adds its artists to the figure.
        fps : float
            Frames a second.
        seconds : sequence of float, optional
            How long each frame is shown in a file; otherwise as `fps` says.

        Raises
        ------
        ValueError
            If `fps` is not positive.
        """

        def take(i: int) -> list[Artist]:
            scenes[i]()
            return self._photo()

        roll = Roll(len(scenes), take, self._remove)
        interval = 1000 / positive("fps", fps)
        return Film(self._figure, roll, interval=interval, seconds=seconds)

    def _photo(self) -> list[Artist]:
        """Artists that were added since the last photo."""
        self._seen |= titles(self._figure)
        photo = [artist for layer in layers(self._figure) for artist in self._unseen(layer)]
        for axes in all_axes(self._figure):
            photo += self._standing_legend(axes)
        return photo

    def _remove(self, photo: Sequence[Artist]) -> None:
        """Take a photo's artists off the figure, but for legends that stand."""
        for artist in set(photo).difference(self._legends.values()):
            artist.remove()
            self._seen.discard(artist)

    def _unseen(self, layer: list[Artist]) -> list[Artist]:
        """Artists at the end of `layer` that no frame has yet, in celluloid's order."""
        new = []
        # What is new was added last. Looking at the rest again and again would be quadratic.
        for artist in reversed(layer):
            if artist in self._seen:
                break
            new.append(artist)
        self._seen.update(new)
        new.reverse()
        return sorted(new, key=_kind)

    def _standing_legend(self, axes: Axes) -> list[Legend]:
        """Return the legend of `axes`, if it is not backdrop, as an artist of its own.

        It stays in the following frames until another takes its place.
        """
        legend = axes.get_legend()
        if legend is not None and legend not in self._backdrop_legends:
            # An axes holds one legend and forgets the one before; as an artist it is kept.
            axes.legend_ = None
            axes.add_artist(legend)
            self._seen.add(legend)
            self._legends[axes] = legend
        return [self._legends[axes]] if axes in self._legends else []


def _kind(artist: Artist) -> int:
    """Place in celluloid's order: collections, patches, lines, texts, others, images."""
    kinds = [i for i, kind in enumerate(_KINDS) if kind is not Artist and isinstance(artist, kind)]
    return kinds[0] if kinds else _KINDS.index(Artist)
