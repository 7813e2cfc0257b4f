"""A reel: the frames of a film as a sequence in which each is drawn when it is asked for."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar, overload

import numpy as np
from numpy.typing import NDArray

__all__ = ["Reel"]

Frame = NDArray[np.uint8]
Photo = TypeVar("Photo")


class Reel(Sequence[Frame]):
    """Frames that do not exist until they are looked at.

    An encoder may look at a few of them first, to choose its colours, and go through all of them
    then, with no more than one in memory.

    Parameters
    ----------
    photos : sequence
        What there is to show.
    show : callable
        Draws one of `photos`.
    report : callable
        Called with the number of frames done, whenever one of a pass through all is done.

    >>> reel = Reel([1, 2, 3], lambda x: np.full((1, 1, 4), x), print)
    >>> len(reel), int(reel[-1].max())
    (3, 3)
    >>> frames = list(reel)
    1
    2
    3
    """

    def __init__(
        self,
        photos: Sequence[Photo],
        show: Callable[[Photo], Frame],
        report: Callable[[int], object] = lambda done: None,
    ) -> None:
        self._photos = photos
        self._show = show
        self._report = report

    def __len__(self) -> int:
        return len(self._photos)

    @overload
    def __getitem__(self, index: int) -> Frame: ...
    @overload
    def __getitem__(self, index: slice) -> "Reel": ...
    def __getitem__(self, index: int | slice) -> "Frame | Reel":
        if isinstance(index, slice):
            return Reel(self._photos[index], self._show, self._report)
        return self._show(self._photos[index])

    def __iter__(self) -> Iterator[Frame]:
        for done, photo in enumerate(self._photos, start=1):
            yield self._show(photo)
            self._report(done)
