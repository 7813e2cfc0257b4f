"""A roll: the photos of a film, each taken when it is first asked for.

To make the artists of a frame takes about a third as long as to draw them. Where it is known how
to make them it is left to the process that draws them, and several can do it at the same time.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Self, overload

from matplotlib.artist import Artist

__all__ = ["Photo", "Roll"]

Photo = Sequence[Artist]


class Roll(Sequence[Photo]):
    """Photos that do not exist until they are looked at.

    Parameters
    ----------
    count : int
        How many there are.
    take : callable
        ``take(i)`` adds the artists of photo i to the figure and returns them.
    drop : callable, optional
        ``drop(photo)`` takes them off again, so that a long film needs no more memory than a short
        one. Without it photos stay.

    Attributes
    ----------
    artists : set of Artist
        Those of the photos that were taken and not dropped.
    taken : int
        How many were taken, again and again if need be.
    """

    def __init__(
        self,
        count: int,
        take: Callable[[int], Photo],
        drop: Callable[[Photo], object] | None = None,
    ) -> None:
        self._count = count
        self._take = take
        self._drop = drop
        self._photos: dict[int, Photo] = {}
        self.artists: set[Artist] = set()
        self.taken = 0

    @classmethod
    def of(cls, photos: Iterable[Photo]) -> Self:
        """Return a roll of photos that were taken before."""
        taken = list(photos)
        roll = cls(len(taken), taken.__getitem__)
        roll.take_all()
        return roll

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Photo: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Photo]: ...
    def __getitem__(self, index: int | slice) -> Photo | Sequence[Photo]:
        if isinstance(index, slice):
            return [self[i] for i in range(self._count)[index]]
        place = range(self._count)[index]
        if place not in self._photos:
            self._photos[place] = self._take(place)
            self.artists.update(self._photos[place])
            self.taken += 1
        return self._photos[place]

    def drop(self, photos: Iterable[Photo]) -> None:
        """Take photos off the figure; one that is asked for again is taken again."""
        if self._drop is None:
            return
        done = {id(photo) for photo in photos}
        for place, photo in list(self._photos.items()):
            if id(photo) in done:
                self._drop(photo)
                self.artists.difference_update(photo)
                del self._photos[place]

    def take_all(self) -> None:
        """Take every photo that was not taken yet."""
        for i in range(self._count):
            self[i]
