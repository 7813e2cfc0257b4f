"""A film: what a camera saw, frame by frame, ready to be saved, shown or looked through.

A :class:`Film` is an ordinary ``matplotlib.animation.ArtistAnimation``: whatever works with one
(``plt.show()``, ``to_html5_video()``, ``save(writer=...)``) works with a film. Its own ``save``
draws each frame and hands it straight to the encoder that the suffix of the path names.
"""

import base64
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.animation import ArtistAnimation
from matplotlib.figure import Figure

from gdviz.checks import not_negative, positive, whole
from gdviz.files import whole_file
from gdviz.film.compositing.renderer import Screen
from gdviz.film.encoding.folders import is_folder, whole_folder
from gdviz.film.encoding.formats import format_of
from gdviz.film.frames import Frames
from gdviz.film.gc_paused import gc_paused
from gdviz.film.pixels import Frame
from gdviz.film.progress import Progress, Tell, telling
from gdviz.film.source import Artists, Drawn, FrameSource

__all__ = ["Film"]

INTERVAL = 200  # milliseconds, matplotlib's


class Film(ArtistAnimation):
    """An animation that shows the artists of one frame at a time over everything else.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        What the artists are on.
    frames : FrameSource, or sequence of lists of artists
        One list a frame. Artists in none of them are in every frame.
    seconds : sequence of float, optional
        How long each frame is shown in a file; otherwise all are shown alike.
    **kwargs
        As in :class:`matplotlib.animation.ArtistAnimation`; `interval` in milliseconds.
    """

    # matplotlib's names, set here as well, so that they need not be the names that it uses.
    _fig: Figure
    _framedata: Drawn
    _interval: float  # milliseconds

    def __init__(
        self,
        figure: Figure,
        frames: FrameSource | Sequence[Artists],
        *args: Any,
        seconds: Sequence[float] | None = None,
        **kwargs: Any,
    ) -> None:
        self._seconds = seconds
        source = frames if isinstance(frames, FrameSource) else FrameSource.of(frames)
        if figure.canvas.required_interactive_framework is None:
            # Without a window nothing is blitted, but to prepare for it draws all frames at once.
            kwargs.pop("blit", None)
        super().__init__(figure, drawn := Drawn(source), *args, **kwargs)
        self._fig, self._framedata = figure, drawn
        self._interval = args[0] if args else kwargs.get("interval", INTERVAL)
        # A film that nobody looked at is not a mistake: do not let matplotlib warn of it.
        self._draw_was_started = True

    def __len__(self) -> int:
        return len(self._framedata)

    def frames(self, dpi: float | None = None) -> Iterator[Frame]:
        """Yield each frame as a new (height, width, 4) array: red, green, blue, 255.

        Parameters
        ----------
        dpi : float, optional
            Pixels an inch; as in ``savefig``, whose setting is the default.
        """
        yield from self._frames(dpi)

    def save(
        self,
        filename: str | os.PathLike[str],
        writer: Any = None,
        fps: float | None = None,
        dpi: float | None = None,
        codec: str | None = None,
        bitrate: int | None = None,
        extra_args: list[str] | None = None,
        metadata: dict[str, str] | None = None,
        extra_anim: list[Any] | None = None,
        savefig_kwargs: dict[str, Any] | None = None,
        *,
        progress_callback: Tell | None = None,
        hold: float = 2.0,
        loop: int = 0,
        progress: Progress = None,
    ) -> None:
        """Write the film to a file; its suffix says in which format.

        The file appears under its name only when it is whole: after an error or an interrupt an
        older file of that name is as it was.

        Parameters
        ----------
        filename : path
            Where to; one of the suffixes in :data:`gdviz.film.encoding.formats.FORMATS`, or a
            folder of frames, whose name ends with a slash.
        fps : float, optional
            Frames a second; otherwise what the film was made with.
        dpi : float, optional
            Pixels an inch; otherwise what ``savefig`` would take.
        hold : float
            Seconds that the last frame stays longer than the others.
        loop : int
            How often the film plays; 0 is for ever. A video leaves that to its player.
        progress : callable, bool or None
            None shows a progress bar where somebody sees it, on a terminal or in a notebook; True
            anywhere, False nowhere. A callable takes its place: ``progress(done, total)``, called
            once a frame.
        progress_callback : callable, optional
            matplotlib's form of it: ``progress_callback(frame, total)`` counts from 0.
        writer, codec, bitrate, extra_args, metadata, extra_anim, savefig_kwargs
            With any of these matplotlib's own writers are used, and all is as they do it.

        Raises
        ------
        ValueError
            Before any work: a suffix nothing can write, a film without frames, or a number
            (`fps`, `hold`, `loop`) that means nothing, or that the format cannot hold.
        OSError
            If the format needs a program or a library that is not there, or writing fails.
        """
        special = (writer, codec, bitrate, extra_args, metadata, extra_anim, savefig_kwargs)
        if any(argument is not None for argument in special):
            save: Callable[..., None] = super().save
            with telling(progress, progress_callback) as tell:
                save(
                    *(filename, writer, fps, dpi, *special[1:]),
                    progress_callback=lambda frame, _: tell(frame + 1, len(self)),
                )
            return
        format = format_of(filename)
        durations = self._durations(fps, hold)
        format.check(durations, whole("loop (0 is for ever)", loop, 0))
        target = whole_folder if is_folder(filename) else whole_file
        report = telling(progress, progress_callback)
        with report as tell, target(filename) as unfinished, gc_paused():
            frames = self._frames(dpi, lambda done: tell(done, len(self)))
            format.write(unfinished, frames, durations=durations, loop=loop)

    def _frames(
        self, dpi: float | None, report: Callable[[int], object] = lambda done: None
    ) -> Frames:
        """Return the frames, each to be drawn when it is asked for."""
        resolution = _resolution(self._fig, dpi)
        # When the first frame is asked for: an encoder may have something against it before.
        screen = cache(lambda: Screen(self._fig, self._framedata, resolution))

        def draw(indices: Iterable[int]) -> Iterator[Frame]:
            return screen().draw(indices) if len(self) else iter(())

        return Frames(draw, range(len(self)), report=report)

    def _durations(self, fps: float | None, hold: float) -> list[float]:
        """Seconds that each frame is shown."""
        if not len(self):
            raise ValueError("the film has no frames: call camera.snap() for each of them")
        hold = not_negative("hold, in seconds,", hold)
        if fps is None and self._seconds is not None:
            *others, last = self._seconds
        else:
            last = self._interval / 1000 if fps is None else 1 / positive("fps", fps)
            others = [last] * (len(self) - 1)
        return [*others, last + hold]

    def _repr_html_(self) -> str:
        """Show the film in a notebook: as a GIF, or as ``rcParams["animation.html"]`` has it."""
        return super()._repr_html_() or f'<img src="data:image/gif;base64,{self._base64_gif()}">'

    def _base64_gif(self) -> str:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "film.gif")
            self.save(path)
            return base64.b64encode(path.read_bytes()).decode("ascii")


def _resolution(figure: Figure, dpi: float | None) -> float:
    """Pixels an inch, as savefig reads it: "figure" in the settings stands for the figure's own."""
    if dpi is None:
        dpi = mpl.rcParams["savefig.dpi"]
    return figure.dpi if dpi == "figure" else positive("dpi", dpi)
