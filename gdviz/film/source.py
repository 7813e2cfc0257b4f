"""Frame sources: how a film gets the artists of its frames, which need not exist yet.

To make the artists of a frame takes about a third as long as to draw them. Where it is known how
to make them it is left to the process that draws them, and several can do it at the same time.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import overload

from matplotlib.artist import Artist

__all__ = ["Artists", "Drawn", "FrameSource"]

Artists = Sequence[Artist]


@dataclass(frozen=True, eq=False)
class FrameSource:
    """What the frames of a film show.

    Attributes
    ----------
    count : int
        How many frames there are; also ``len(source)``.
    draw : callable
        ``draw(i)`` puts frame i on the figure and returns its artists.
    remove : callable, optional
        ``remove(artists)`` takes a frame off again, so that a long film needs no more memory than
        a short one. Without it the artists stay on the figure.
    in_order : bool
        Whether a frame is right only if it is drawn after the one before it. Frame 0 begins anew.
    reuses : bool
        Whether frames share artists that they change. Then one frame at a time is on the figure,
        and what ``draw`` returns counts as moving, each time with another look.
    artists : frozenset of Artist
        Those that are on the figure before a frame is drawn, and not in all of the frames.
    """

    count: int
    draw: Callable[[int], Artists]
    remove: Callable[[Artists], object] | None = None
    in_order: bool = False
    reuses: bool = False
    artists: frozenset[Artist] = frozenset()

    def __len__(self) -> int:
        return self.count

    @classmethod
    def of(cls, frames: Iterable[Artists]) -> "FrameSource":
        """Lists of artists that are on the figure, one a frame -> their source."""
        lists = list(frames)
        return cls(
            len(lists), lists.__getitem__, artists=frozenset(a for one in lists for a in one)
        )


class Drawn(Sequence[Artists]):
    """Index of a frame -> its artists, which are drawn when first asked for and kept until dropped.

    Attributes
    ----------
    source : FrameSource
    artists : set of Artist
        Those on the figure that are not in every frame.
    drawings : int
        How many frames were drawn, some of them again and again if need be.
    """

    def __init__(self, source: FrameSource) -> None:
        self.source = source
        self.artists: set[Artist] = set(source.artists)
        self.drawings = 0
        self._kept: dict[int, Artists] = {}
        self._next = 0  # the frame that follows the one drawn last

    def __len__(self) -> int:
        return len(self.source)

    @overload
    def __getitem__(self, index: int) -> Artists: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Artists]: ...
    def __getitem__(self, index: int | slice) -> Artists | Sequence[Artists]:
        if isinstance(index, slice):
            return [self[i] for i in range(len(self))[index]]
        i = range(len(self))[index]
        if i not in self._kept:
            if self.source.reuses:
                self.drop(self._kept.values())
            if self.source.in_order:
                self._draw_up_to(i)
            self._kept[i] = self._draw(i)
        return self._kept[i]

    def drop(self, frames: Iterable[Artists]) -> None:
        """Take frames off the figure; one that is asked for again is drawn again."""
        if self.source.remove is None and not self.source.reuses:
            return
        dropped = {id(artists) for artists in frames}
        for i, artists in list(self._kept.items()):
            if id(artists) in dropped:
                self._remove(artists)
                del self._kept[i]

    def draw_all(self) -> None:
        """Draw every frame; of those that share artists only one can be on the figure."""
        if not self.source.reuses:
            for i in range(len(self)):
                self[i]

    def _draw_up_to(self, i: int) -> None:
        """Draw the frames between the one drawn last and `i`, which leans on them."""
        for skipped in range(self._next if self._next <= i else 0, i):
            self._remove(self._draw(skipped))

    def _draw(self, i: int) -> Artists:
        artists = self.source.draw(i)
        self.artists.update(artists)
        self.drawings += 1
        self._next = i + 1
        return artists

    def _remove(self, artists: Artists) -> None:
        if self.source.remove is not None:
            self.source.remove(artists)
            self.artists.difference_update(set(artists) - self.source.artists)
