"""A format: what one kind of file can hold, and how it is written."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Protocol

from gdviz.film.pixels import Frame
from gdviz.messages import option

__all__ = ["Encoder", "Format"]


class Encoder(Protocol):
    """Frames -> a file."""

    def __call__(
        self, path: Path, frames: Iterable[Frame], *, durations: Sequence[float], loop: int
    ) -> None:
        """Write `frames`, each shown for its part of `durations` (seconds), `loop` times.

        The frames come one by one, opaque (height, width, 4); a loop of 0 is for ever. What the
        format cannot hold has been refused before.
        """


def nothing() -> None:
    """Need nothing that may be missing."""


@dataclass(frozen=True, kw_only=True)
class Format:
    """What a kind of file can hold, and how it is written.

    Attributes
    ----------
    name : str
        As it is called in messages, with its article.
    write : Encoder
    exact : bool
        Whether every colour of every frame is as it was; otherwise about so.
    plays : int
        The most plays that it can be told, apart from for ever; 1 if it leaves that to its player.
    fps : float
        The most frames a second.
    seconds : float
        The longest that it can show a frame; 0 if it does not say how long frames are shown.
    last_only : bool
        Whether the last frame is all that is written.
    steady : bool
        Whether frames come at a steady rate, so that durations are multiples of the shortest.
    needs : callable
        Raises an OSError if something is missing that it cannot be written without.
    """

    name: str
    write: Encoder
    exact: bool
    plays: int
    fps: float = inf
    seconds: float = inf
    last_only: bool = False
    steady: bool = False
    needs: Callable[[], object] = nothing

    def check(self, durations: Sequence[float], loop: int) -> None:
        """Refuse, before any work, frames that last so long (seconds), or so many plays.

        Raises
        ------
        ValueError
            If the format cannot hold that.
        OSError
            If something is missing that it cannot be written without.
        """
        self._check_plays(loop)
        if self.seconds:
            self._check_durations(durations)
        self.needs()

    def _check_plays(self, loop: int) -> None:
        if loop <= self.plays:
            return
        if self.plays > 1:
            raise ValueError(
                f"{self.name} plays for ever (0) or at most {self.plays} times, not {loop}"
            )
        how = "cannot say how often it plays" if self.seconds else "does not play"
        raise ValueError(f"{self.name} {how}; use {option(loop=0)}, or another format")

    def _check_durations(self, durations: Sequence[float]) -> None:
        # Of one frame it is no matter that it is too short to be seen.
        if len(durations) > 1 and min(durations) < 1 / self.fps - 1e-9:
            raise ValueError(
                f"{self.name} shows at most {self.fps:.0f} frames a second, not "
                f"{1 / min(durations):.4g}; use {option(fps=int(self.fps))} or less, or another"
                " format"
            )
        if not max(durations, default=0) <= self.seconds:
            raise ValueError(f"{self.name} shows a frame for at most {self.seconds:g} seconds")
