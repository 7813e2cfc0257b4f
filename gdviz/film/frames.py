"""A reel: the frames of a film as a sequence in which each is drawn when it is asked for."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from gdviz.film.parallel import crew_for, shared_out, side_by_side

__all__ = ["Reel"]

Frame = NDArray[np.uint8]

_AT_ONCE = 100  # frames that are prepared together


class Reel(Sequence[Frame]):
    """Frames that do not exist until they are looked at.

    An encoder may look at a few of them first, to choose its colours, and go through all of them
    then, with no more than one in memory; or go through parts of them at the same time.

    Parameters
    ----------
    photos : sequence
        What there is to show.
    show : callable
        Draws one of `photos`.
    prepare : callable
        Called with those of `photos` that are going to be shown.
    drop : callable
        Called with those of `photos` that were shown, before others are.
    report : callable
        Called with the number of frames done, whenever one of a pass through all is done.
    indices : range, optional
        Which of `photos` are its frames; all, if not given.

    >>> reel = Reel([1, 2, 3], lambda x: np.full((1, 1, 4), x), report=print)
    >>> len(reel), int(reel[-1].max())
    (3, 3)
    >>> frames = list(reel)
    1
    2
    3
    """

    def __init__(
        self,
        photos: Sequence[Any],
        show: Callable[[Any], Frame],
        *,
        prepare: Callable[[Sequence[Any]], object] = lambda photos: None,
        drop: Callable[[Sequence[Any]], object] = lambda photos: None,
        report: Callable[[int], object] = lambda done: None,
        indices: range | None = None,
    ) -> None:
        self._photos = photos
        self._indices = range(len(photos)) if indices is None else indices
        self._show = show
        self._prepare = prepare
        self._drop = drop
        self._report = report

    def __len__(self) -> int:
        return len(self._indices)

    @overload
    def __getitem__(self, index: int) -> Frame: ...
    @overload
    def __getitem__(self, index: slice) -> "Reel": ...
    def __getitem__(self, index: int | slice) -> "Frame | Reel":
        if isinstance(index, slice):
            return Reel(
                self._photos,
                self._show,
                prepare=self._prepare,
                drop=self._drop,
                indices=self._indices[index],
            )
        return next(self.only([range(len(self))[index]]))

    def __iter__(self) -> Iterator[Frame]:
        for done, frame in enumerate(self.only(range(len(self))), start=1):
            yield frame
            self._report(done)

    def only(self, indices: Iterable[int]) -> Iterator[Frame]:
        """Draw some of the frames, without a report."""
        rest = iter(indices)
        photos: list[Any] = []
        while part := list(islice(rest, _AT_ONCE)):
            self._drop(photos)
            photos = [self._photos[self._indices[i]] for i in part]
            self._prepare(photos)
            yield from map(self._show, photos)

    def encoded(self, encode: Callable[[int, int], Iterable[bytes]]) -> Iterator[bytes]:
        """Yield what `encode` makes of every frame, by several processes where that is faster.

        Parameters
        ----------
        encode : callable
            ``encode(start, stop)`` yields one piece of the file for each frame from start to stop.
        """
        parts = shared_out(len(self), crew_for(len(self)))
        work = [lambda start=start, stop=stop: encode(start, stop) for start, stop in parts]
        yield from side_by_side(work, self._report)
