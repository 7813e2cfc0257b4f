"""A scene: panels side by side, or one under the other, over the same epochs; nothing drawn yet.

A *panel* draws in two steps. It is a function of a subfigure: it draws the backdrop (axes, limits,
labels, all that never changes) and returns the function that draws one epoch's artists, and
nothing else. The scene calls the first once and the second once a frame, with a camera in between.
A frame is an epoch: a panel looks up the records of its histories at that epoch.
"""

import base64
import io
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, partial
from html import escape
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure, SubFigure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from gdviz.checks import positive
from gdviz.core.history.record import History
from gdviz.film.camera import Camera
from gdviz.film.encoding.formats import format_of
from gdviz.film.film import Film
from gdviz.film.gc_paused import gc_paused
from gdviz.film.progress import Progress, bar_before
from gdviz.renderers.stage.caption import MARGIN, caption, footer, footer_lines
from gdviz.renderers.stage.grid import places, rows_of
from gdviz.renderers.stage.standings import height_of, standings
from gdviz.renderers.style.fonts import fitting, written
from gdviz.renderers.style.runs import Style, run_styles
from gdviz.renderers.style.theme import inches, look
from gdviz.views.caption import CaptionView, caption_of
from gdviz.views.clock import Clock, Frames, clock, epoch_of
from gdviz.views.landscape import watched
from gdviz.views.runs import check_one_clock, labels_of
from gdviz.views.standings import StandingsView, standings_of

__all__ = ["LEGEND", "Draw", "Panel", "Scene"]

Draw = Callable[[float], object]
Panel = Callable[[SubFigure], Draw]
Size = tuple[float, float]

# Inches: one panel, two, three, … At 100 dpi two panels are 960 pixels, twice a phone's width.
SIZES = {1: (6.4, 5.4), 2: (9.6, 5.6), 3: (11.6, 5.7), 4: (9.6, 9.6)}
ROW = 4.4  # inches: the least height of each of several rows
SLIM = 0.45  # a panel's width over its height, below which it goes under the one before it
EMS = {1: 46, 2: 49, 3: 49}  # sizes of text in the picture's width, by the number of columns
LINES = 24  # sizes of text in the height of a row
NAME = 1.8  # sizes of text in the height of a panel's name
HEADER = 3.1  # sizes of text in the height of the words over the panels
LEGEND = "legend"  # label of a text that says what the marks of a panel are
CELL = 800  # pixels of a notebook's page


class Still(Figure):
    """A figure that shows itself in a notebook, where no pyplot does it."""

    def _repr_png_(self) -> bytes:
        png = io.BytesIO()
        self.savefig(png, format="png")
        return png.getvalue()


@dataclass(frozen=True, eq=False, repr=False)
class Scene:
    """Panels over the same epochs; lazy.

    Attributes
    ----------
    histories : tuple of History
        All that a panel shows, each once, in the order of the panels.
    panels : tuple of Panel
    epoch_axis : bool
        Whether a panel has the epoch on an axis, so that its passing can be seen.
    rows : tuple of int
        How many of the panels stand in each row; empty: as many as there is room for.
    labels : tuple of str
        What each history is called. Default: what they differ in.
    styles : tuple of Style
        How each is drawn. Default: as in a panel that shows all of them.
    shown : tuple of tuple of History
        What each panel shows. Default: all of them.
    """

    histories: tuple[History, ...]
    panels: tuple[Panel, ...]
    epoch_axis: bool = False
    rows: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    styles: tuple[Style, ...] = ()
    shown: tuple[tuple[History, ...], ...] = ()

    def __post_init__(self) -> None:
        check_one_clock(self.histories)
        if not self.labels:
            object.__setattr__(self, "labels", tuple(labels_of(self.histories)))
        if not self.styles:
            object.__setattr__(self, "styles", tuple(run_styles(len(self.histories))))
        if not self.shown:
            object.__setattr__(self, "shown", (self.histories,) * len(self.panels))

    def __or__(self, other: "Scene") -> "Scene":
        """Put the panels of another scene to the right of this one's.

        Raises
        ------
        ValueError
            If one of them has several rows, or one counts epochs and the other steps.
        """
        if not isinstance(other, Scene):
            return NotImplemented
        if self.rows or other.rows:
            raise ValueError("a row is put together first, then one under the other: (a | b) / c")
        return self._joined(other)

    def __truediv__(self, other: "Scene") -> "Scene":
        """Put the panels of another scene under this one's.

        Raises
        ------
        ValueError
            If one counts epochs and the other steps.
        """
        if not isinstance(other, Scene):
            return NotImplemented
        above, below = (scene.rows or (len(scene.panels),) for scene in (self, other))
        return replace(self._joined(other), rows=above + below)

    def _joined(self, other: "Scene") -> "Scene":
        known = {*map(id, self.histories)}
        runs, others = (
            [*zip(scene.histories, scene.labels, scene.styles, strict=True)]
            for scene in (self, other)
        )
        runs += [run for run in others if id(run[0]) not in known]
        histories, labels, styles = zip(*runs, strict=True)
        if len({*labels}) < len(labels):
            labels = ()  # scenes of one history each: they are called by what they differ in
        return replace(
            self,
            histories=histories,
            panels=self.panels + other.panels,
            epoch_axis=self.epoch_axis or other.epoch_axis,
            labels=labels,
            styles=styles,
            shown=self.shown + other.shown,
        )

    def film(
        self,
        *,
        frames: Frames | None = None,
        fps: float | None = None,
        size: Size | None = None,
        dpi: float = 100,
    ) -> Film:
        """Film the scene: a matplotlib animation.

        Parameters
        ----------
        frames : int, str or sequence of int
            A count, slices of the epochs such as "0:50,50:100:5", or the epochs. Default: 100.
        fps : float
            Frames a second. Default: 20. Where neither this nor frames are given, the start is
            shown for 0.8 seconds, a frame that moves much stays longer, and so do few frames:
            the film moves for at least 4 seconds.
        size : (float, float)
            Width and height in inches.
        dpi : float
            Pixels an inch.
        """
        epochs, rate, seconds = self._clock(frames, fps)
        with gc_paused(), self._stage(size, dpi) as (figure, draw):
            camera = Camera(figure)
            for epoch in epochs.tolist():
                draw(epoch)
                camera.snap()
            return camera.animate(fps=rate, seconds=seconds)

    def save(
        self,
        path: str | os.PathLike[str],
        *,
        frames: Frames | None = None,
        fps: float | None = None,
        size: Size | None = None,
        dpi: float = 100,
        hold: float = 2.0,
        loop: int = 0,
        progress: Progress = None,
    ) -> None:
        """Film the scene into a file; an old one is replaced once the new one is whole.

        Parameters
        ----------
        path : path
            Its suffix says the format, see ``gdviz.film.encoding.formats.FORMATS``.
        frames, fps, size, dpi
            As in :meth:`film`.
        hold : float
            Seconds that the last frame stays longer than the others.
        loop : int
            How often the film plays; 0 is for ever.
        progress : callable, bool or None
            None shows a progress bar where somebody sees it, on a terminal or in a notebook; True
            anywhere, False nowhere. A callable takes its place: ``progress(done, total)``, called
            once a frame.
        """
        format = format_of(path)
        epochs, rate, seconds = self._clock(frames, fps)
        format.check(seconds or [1 / rate] * len(epochs), loop)  # before any work
        with gc_paused(), self._stage(size, dpi, progress) as (figure, draw):
            scenes = [partial(draw, epoch) for epoch in epochs.tolist()]
            film = Camera(figure).shoot(scenes, fps=rate, seconds=seconds)
            film.save(path, hold=hold, loop=loop, dpi=dpi, progress=progress)

    def still(self, epoch: int = -1, *, size: Size | None = None, dpi: float = 100) -> Figure:
        """Return a figure of one epoch; −1 is the last."""
        wanted = epoch_of(self.histories, epoch)
        with self._stage(size, dpi) as (figure, draw):
            draw(wanted)
            return figure

    def draw_on(self, subfigure: SubFigure, epoch: int = -1) -> list[Axes]:
        """Draw one epoch on a part of a figure that somebody else made; −1 is the last.

        Returns
        -------
        list of Axes
            Those of the panels, from left to right.
        """
        wanted = epoch_of(self.histories, epoch)
        size = (subfigure.bbox.width / subfigure.dpi, subfigure.bbox.height / subfigure.dpi)
        with self._look(size):
            self._lay_out(subfigure, size)(wanted)
        return _panel_axes(subfigure)

    def _repr_html_(self) -> str:
        """Show the film in a notebook, no wider than its page."""
        return self._shown["text/html"]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Show the film in a notebook, and its last frame where no film can be shown."""
        return self._shown

    @cached_property
    def _shown(self) -> dict[str, str]:
        """The film as HTML, the last frame as PNG: filmed once, however often it is shown."""
        film = self.film(dpi=min(100, CELL / self._default_size[0]))
        alt = escape(self._words.said)
        html = film._repr_html_().replace("<img ", f'<img alt="{alt}" ', 1)
        with TemporaryDirectory() as folder:
            last = Path(folder, "last.png")
            film.save(last, progress=False)
            png = base64.b64encode(last.read_bytes()).decode("ascii")
        return {"text/html": html, "image/png": png}

    def _clock(self, frames: Frames | None, fps: float | None) -> Clock:
        return clock(self.histories, frames, fps, epoch_axis=self.epoch_axis)

    @cached_property
    def _default_size(self) -> Size:
        """Width and height in inches, with room for what is higher over several runs."""
        width, height = self._panel_size
        if len(self.histories) == 1:
            return width, height
        with self._look((width, height)):
            more = (self._over(72 * width)[1] - HEADER) * mpl.rcParams["font.size"] / 72
        return width, round(height + more, 1)

    @property
    def _panel_size(self) -> Size:
        count = len(self.panels)
        if not self.rows and count in SIZES:
            return SIZES[count]
        columns = min(max(self.rows, default=3), 3)
        width, rows = SIZES[columns][0], len(self.rows) or ceil(count / 3)
        # So high that the width decides how large the text is.
        return width, rows * max(ROW, width * LINES / EMS[columns])

    def _rows(self, size: Size) -> tuple[int, ...]:
        """How many panels stand in each row of a picture of this size in inches."""
        if self.rows:
            return self.rows
        return rows_of(len(self.panels), _columns(len(self.panels), size))

    @contextmanager
    def _stage(
        self, size: Size | None, dpi: float, progress: Progress = None
    ) -> Iterator[tuple[Figure, Draw]]:
        """Figure with the backdrop of every panel, and the function that draws one epoch."""
        size = self._default_size if size is None else inches(size)
        with self._look(size):
            figure = Still(figsize=size, dpi=positive("dpi", dpi), layout="constrained")
            FigureCanvasAgg(figure)
            draw = self._lay_out(figure, size, progress)
            # Lay out once, while only the backdrop is there: nothing jumps between frames.
            figure.get_layout_engine().execute(figure)  # type: ignore[union-attr]
            figure.set_layout_engine("none")
            _settle(figure)
            yield figure, draw

    def _look(self, size: Size) -> AbstractContextManager[None]:
        """Style for a picture of this size in inches."""
        return look(_text_size(self._rows(size), size), self._names)

    @property
    def _names(self) -> list[str]:
        """All names that may be drawn: of parameters, targets and their labels, runs and files."""
        tables = [history.dataset for history in self.histories if history.has_table]
        names = [name for history in self.histories for name in history.objective.names]
        names += [name for one in tables for name in (one.target_name, *(one.label_names or ()))]
        return [*names, *self.labels, *self._words.footer.phrases]

    @cached_property
    def _words(self) -> CaptionView | StandingsView:
        """What is said around the panels, of one run or of several."""
        if len(self.histories) == 1:
            return caption_of(self.histories[0])
        return standings_of(dict(zip(self.labels, self.histories, strict=True)))

    def _over(self, width: float) -> tuple[Panel, float]:
        """Return the panel over the others, and how many sizes of text it is high.

        width: of the picture, in points.
        """
        if isinstance(self._words, CaptionView):
            return partial(caption, view=self._words), HEADER
        over = partial(standings, view=self._words, styles=self.styles)
        return over, height_of(self._words, width)

    def _lay_out(self, figure: Figure | SubFigure, size: Size, progress: Progress = None) -> Draw:
        """Draw the backdrops: header, panels, footer. Return what draws an epoch."""
        width, height = (72 * side / figure.dpi for side in figure.bbox.size)
        over, above = self._over(width)
        below = footer_lines(self._words.footer, width)
        heights = _heights(height, above, len(below))
        rows = figure.subfigures(3, 1, height_ratios=heights, hspace=0, squeeze=False)
        first, middle, last = rows[:, 0]
        parts = [middle.add_subfigure(place) for place in places(middle, self._rows(size))]
        parts = [self._named(part, shown) for part, shown in zip(parts, self.shown, strict=True)]
        panels: list[Panel] = [over, *self.panels, partial(footer, view=self._words.footer)]
        parts = [first, *parts, last]
        with watched(partial(bar_before, progress, "grid points")):
            draws = [panel(part) for panel, part in zip(panels, parts, strict=True)]
        if len(self.panels) > 1:
            _once(middle)
        return lambda epoch: [draw(epoch) for draw in draws]

    def _named(self, part: SubFigure, shown: tuple[History, ...]) -> SubFigure:
        """Return where a panel is drawn: under its run's name, where others have panels, too."""
        if len(self.histories) == 1 or len(shown) > 1:
            return part
        label = self.labels[self.histories.index(shown[0])]
        high = NAME * mpl.rcParams["font.size"] / (72 * part.bbox.height / part.dpi)
        ratios = (high, 1 - high)
        halves = part.subfigures(2, 1, height_ratios=ratios, hspace=0, squeeze=False)
        name: SubFigure = halves[0, 0]
        rest: SubFigure = halves[1, 0]
        text = fitting(written(label), 0.96 * part.bbox.width * 72 / part.dpi)
        name.text(MARGIN, 0.5, text, va="center")
        return rest


def _once(subfigure: SubFigure) -> None:
    """Leave out legends that say what that of an earlier panel says."""
    told = set()
    for text in subfigure.findobj(lambda artist: artist.get_label() == LEGEND):
        assert isinstance(text, Text)
        words = tuple(text.get_text().split())  # lines may be broken elsewhere
        if words in told:
            text.set_text("")
        told.add(words)


def _columns(count: int, size: Size) -> int:
    """How many panels stand side by side: three at most, two of four, fewer if they got slim."""
    for columns in range(2 if count == 4 else min(count, 3), 1, -1):
        if size[0] / columns >= SLIM * size[1] / ceil(count / columns):
            return columns
    return 1


def _text_size(rows: tuple[int, ...], size: Size) -> float:
    """Points of text that can be read when the picture is 480 pixels wide, and leave room."""
    return 72 * min(size[0] / EMS[min(max(rows), 3)], size[1] / len(rows) / LINES)


def _heights(height: float, above: float, below: int) -> tuple[float, float, float]:
    """Share of the header, of the panels, and of so many lines below, of a height in points."""
    size = mpl.rcParams["font.size"]
    over, under = above * size / height, (0.6 + below) * size / height
    return over, 1 - over - under, under


def _settle(figure: Figure) -> None:
    """Round the places of all parts: what solves the layout is off by 1e-16, not always alike."""
    for part in _parts_of(figure):
        part.bbox_relative.set_points(part.bbox_relative.get_points().round(9))
    for axes in figure.axes:
        axes.set_position(Bbox(axes.get_position(original=True).get_points().round(9)))
        axes.set_in_layout(True)


def _parts_of(figure: Figure | SubFigure) -> Iterator[SubFigure]:
    """All subfigures of a figure, and theirs."""
    for part in figure.subfigs:
        yield part
        yield from _parts_of(part)


def _panel_axes(figure: Figure | SubFigure) -> list[Axes]:
    """Axes of the panels; those of a figure's subfigures too, without the header's."""
    _, *axes = figure.findobj(Axes)
    return axes
