"""Frames: those of a film as a sequence in which each is drawn when it is asked for."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import overload

from gdviz.film.parallel import divided, in_parallel, processes_for
from gdviz.film.pixels import Frame

__all__ = ["Frames"]


class Frames(Sequence[Frame]):
    """Frames that do not exist until they are looked at.

    An encoder may look at a few of them first, to choose its colours, and go through all of them
    then, with no more than one in memory; or go through parts of them at the same time.

    Parameters
    ----------
    draw : callable
        Indices -> those frames of the film, one after the other.
    indices : range
        Which frames of the film these are.
    report : callable
        Called with the number of frames done, whenever one of a pass through all is done.

    >>> import numpy as np
    >>> def draw(indices):
    ...     return (np.full((1, 1, 4), i, np.uint8) for i in indices)
    >>> frames = Frames(draw, range(3), report=print)
    >>> len(frames), int(frames[-1].max())
    (3, 2)
    >>> everything = list(frames)
    1
    2
    3
    """

    def __init__(
        self,
        draw: Callable[[Iterable[int]], Iterator[Frame]],
        indices: range,
        *,
        report: Callable[[int], object] = lambda done: None,
    ) -> None:
        self._draw = draw
        self._indices = indices
        self._report = report

    def __len__(self) -> int:
        return len(self._indices)

    @overload
    def __getitem__(self, index: int) -> Frame: ...
    @overload
    def __getitem__(self, index: slice) -> "Frames": ...
    def __getitem__(self, index: int | slice) -> "Frame | Frames":
        if isinstance(index, slice):
            return Frames(self._draw, self._indices[index])
        return next(self.only([index]))

    def __iter__(self) -> Iterator[Frame]:
        for done, frame in enumerate(self.only(range(len(self))), start=1):
            yield frame
            self._report(done)

    def only(self, indices: Iterable[int]) -> Iterator[Frame]:
        """Draw some of the frames, without a report."""
        return self._draw(self._indices[i] for i in indices)

    def encoded(self, encode: Callable[[int, int], Iterable[bytes]]) -> Iterator[bytes]:
        """Yield what `encode` makes of every frame, by several processes where that is faster.

        Parameters
        ----------
        encode : callable
            ``encode(start, stop)`` yields one piece of the file for each frame from start to stop.
        """
        parts = divided(len(self), processes_for(len(self)))
        work = [lambda start=start, stop=stop: encode(start, stop) for start, stop in parts]
        yield from in_parallel(work, self._report)
