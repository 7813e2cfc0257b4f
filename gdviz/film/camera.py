"""A camera in front of a matplotlib figure: draw, ``snap``, draw, ``snap``, ``animate``.

Celluloid's idea, kept: a frame is whatever was added to the figure since the last snapshot, and
an animation shows one frame's artists at a time. Three things are added to it.

*The backdrop.* What is on the figure when the camera is made belongs to every frame, so that
axes, data points, a surface or a legend are drawn once instead of once a frame.

*The whole figure.* Not only what lies on the axes is seen, but also what lies on the figure and
on its subfigures (texts, lines, legends), and on axes inside axes.

*What was changed.* A line that is moved by ``set_data`` between two snapshots is in both, each time
as it was then. With celluloid it is in the first only, and there as it was in the end.

Limitations
-----------
Only artists can be in one frame and not in another. The title, the limits, the ticks and the view
angle of an axes are not artists of a frame: they are what they are when the film is drawn. Use
``ax.text`` in place of ``ax.set_title``, and set the limits before the first snapshot.

With a layout engine (``layout="constrained"``) an artist of a frame that sticks out of its axes has
a say in the layout: frames may then differ in it, and each is drawn as a whole, which is slow.
``artist.set_in_layout(False)`` takes the say away.

Of what an artist is made of (the cells of a table, the texts of a legend) no changes are noticed.

A frame is what was added behind all that was there: an artist that was taken off and put back on
hides what came before it. A legend that looks for the best place finds one that suits all frames.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
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
from gdviz.film.changes import Changes, Look, alike, look_of, put_back
from gdviz.film.compositing.mpl import all_axes, layers, titles
from gdviz.film.film import Film
from gdviz.film.source import Artists, FrameSource

__all__ = ["Camera"]

# The order in which celluloid lists the artists of a frame; "artists" are all others.
_KINDS = (Collection, Patch, Line2D, Text, Artist, AxesImage, Table)

_CHANGES = (
    "frame {} changes {}, which other frames show as well; add a new artist in each frame, or say"
    " reuses=True, if each sets all that any of them changes"
)


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
        self._photos: list[list[Artist]] = []  # celluloid's name for the artists of each frame
        self._changes = Changes()
        # What artists look like from a frame on, until they are changed.
        self._looks: dict[Artist, dict[int, Look]] = {}
        # Artists are kept, not their ids: an id is used again once its artist is gone.
        self._seen = {artist for layer in layers(figure) for artist in layer}
        self._backdrop = self._seen - titles(figure)
        self._backdrop_legends = {axes.get_legend() for axes in all_axes(figure)}
        self._legends: dict[Axes, Legend] = {}

    def snap(self) -> list[Artist]:
        """Make a frame of what was added or changed since the last snapshot; return its artists.

        What is in every frame is not returned, even if it was changed.
        """
        if not self._photos:
            self._keep_looks(self._backdrop)
        changed = self._changed()
        artists = self._added()
        self._keep_looks([*artists, *changed])
        artists += [a for a in changed if a not in self._backdrop and a not in artists]
        self._photos.append(artists)
        return artists

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
        return Film(self._figure, self._snapped(), *args, **kwargs)

    def shoot(
        self,
        scenes: FrameSource | Sequence[Callable[[], object]],
        *,
        fps: float,
        seconds: Sequence[float] | None = None,
        in_order: bool = False,
        reuses: bool = False,
    ) -> Film:
        """Return the film of frames that do not exist yet.

        What a frame shows is added to the figure when it is drawn, by the process that draws it.
        So the scenes are run in any order, and again if need be, and none may lean on another:
        colours are given, not taken from a cycle, and nothing moves the limits.

        Parameters
        ----------
        scenes : sequence of callables, or FrameSource
            One a frame, which adds its artists to the figure.
        fps : float
            Frames a second.
        seconds : sequence of float, optional
            How long each frame is shown in a file; otherwise as `fps` says.
        in_order : bool
            Whether each scene leans on the one before it; the first begins anew.
        reuses : bool
            Whether scenes change artists that are there, by ``line.set_data`` for example. Then
            each sets all that any of them changes.

        Raises
        ------
        ValueError
            If `fps` is not positive; when a frame is drawn, if it changes what other frames show,
            and `reuses` does not say so.
        """
        interval = 1000 / positive("fps", fps)
        source = scenes if isinstance(scenes, FrameSource) else self._shot(scenes, in_order, reuses)
        return Film(self._figure, source, interval=interval, seconds=seconds)

    def _shot(
        self, scenes: Sequence[Callable[[], object]], in_order: bool, reuses: bool
    ) -> FrameSource:
        """Scenes -> the source of their frames."""
        self._changes.watch(self._backdrop)
        shared: dict[Artist, None] = {}

        def draw(i: int) -> list[Artist]:
            self._changes.taken()
            scenes[i]()
            added = self._added()
            changed = [artist for artist in self._changes.taken() if artist.figure is not None]
            if changed and not reuses:
                raise ValueError(_CHANGES.format(i, changed[0]))
            shared.update(dict.fromkeys(changed))
            if not reuses:
                self._changes.watch(added)
            return [*added, *shared]

        def remove(artists: Artists) -> None:
            self._remove([artist for artist in artists if artist not in shared])

        return FrameSource(len(scenes), draw, remove, in_order, reuses)

    def _snapped(self) -> FrameSource:
        """Source of the frames of which snapshots were taken."""
        looks = {artist: looks for artist, looks in self._looks.items() if len(looks) > 1}
        everywhere = [artist for artist in looks if artist in self._backdrop]
        source = FrameSource.of([[*everywhere, *artists] for artists in self._photos])
        if not looks:
            return source
        now: dict[Artist, Look] = {}

        def draw(i: int) -> Artists:
            now.update({artist: dict(vars(artist)) for artist in looks})
            for artist, of_frames in looks.items():
                begun = [frame for frame in of_frames if frame <= i] or list(of_frames)[:1]
                put_back(artist, of_frames[begun[-1]])
            return source.draw(i)

        def remove(artists: Artists) -> None:
            for artist, look in now.items():
                put_back(artist, look)

        return replace(source, draw=draw, remove=remove, reuses=True)

    def _keep_looks(self, artists: Iterable[Artist]) -> None:
        """Keep what `artists` look like in the frame that is made now, and watch them."""
        for artist in artists:
            if artist not in self._looks:
                self._changes.watch([artist])
            self._looks.setdefault(artist, {})[len(self._photos)] = look_of(artist)

    def _changed(self) -> list[Artist]:
        """Artists on the figure that look otherwise than at the last snapshot."""
        noted = [artist for artist in self._changes.taken() if artist.figure is not None]
        last = {artist: list(self._looks[artist].values())[-1] for artist in noted}
        return [artist for artist in noted if not alike(last[artist], vars(artist))]

    def _added(self) -> list[Artist]:
        """Artists that were added since the last frame, and legends that stand."""
        self._seen |= titles(self._figure)
        added = [artist for layer in layers(self._figure) for artist in self._unseen(layer)]
        for axes in all_axes(self._figure):
            added += self._standing_legend(axes)
        return added

    def _remove(self, artists: Iterable[Artist]) -> None:
        """Take a frame's artists off the figure, but for legends that stand."""
        for artist in set(artists).difference(self._legends.values()):
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
    """Rank in celluloid's order: collections, patches, lines, texts, others, images."""
    kinds = [i for i, kind in enumerate(_KINDS) if kind is not Artist and isinstance(artist, kind)]
    return kinds[0] if kinds else _KINDS.index(Artist)
