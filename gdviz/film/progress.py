"""A progress bar: how many frames are done, or points of a grid, how fast, and what time is left.

It is for whoever waits, so it appears where somebody looks, on a terminal or in a notebook, once
there is something to wait for; and it is gone when the film is there. The bar is tqdm's, which is
imported when the first bar is made.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from time import monotonic
from typing import Any

__all__ = ["Bar", "Progress", "Tell", "bar_before", "telling"]

Tell = Callable[[int, int], object]  # (done, total)
Progress = Tell | bool | None

DELAY = 1.0  # seconds until a bar appears: a film that is saved by then needs none
LINE = "{l_bar}{bar}| {n_fmt}/{total_fmt} [{elapsed}<{remaining}, {rate_noinv_fmt}]"


@contextmanager
def telling(progress: Progress, from_zero: Tell | None = None) -> Iterator[Tell]:
    """Give what is to be called with (done, total) whenever a frame is done.

    Parameters
    ----------
    progress : callable, bool or None
        What is called, or whether a bar is shown; None shows one where somebody sees it.
    from_zero : callable
        Called as well, with frames that count from 0. On its own it takes the place of a bar.

    >>> with telling(print) as tell:
    ...     tell(1, 2)
    1 2
    """
    if progress is None and from_zero is not None:
        progress = False
    with nullcontext(progress) if callable(progress) else Bar(progress) as ours:

        def tell(done: int, total: int) -> None:
            ours(done, total)
            if from_zero is not None:
                from_zero(done - 1, total)

        yield tell


class Bar:
    """A bar to be called with (done, total); it disappears at the end of its ``with`` block.

    Parameters
    ----------
    shown : bool, optional
        Default: where standard error is a terminal, and in a notebook.
    unit : str
        What is counted.

    Attributes
    ----------
    total : int
        Frames of the film; 0 until one is done.
    """

    def __init__(self, shown: bool | None = None, unit: str = "frames") -> None:
        self.total = 0
        self.unit = unit
        self.shown = (_is_watched() if shown is None else shown) and sys.stderr is not None
        self._appears = monotonic() + DELAY
        self._bar: Any = None

    def __call__(self, done: int, total: int) -> None:
        """Move the bar to `done` of `total`."""
        self.total = total
        if self._bar is not None:
            self._bar.update(done - self._bar.n)
        elif self.shown and monotonic() >= self._appears:
            self._bar = _bar(done, total, self.unit)

    def __enter__(self) -> "Bar":
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.total = self._bar.n  # a notebook would keep one that is not full, in red
            with suppress(OSError):
                self._bar.close()


def bar_before(progress: Progress, unit: str) -> Bar:
    """Return a bar for what is done before the first frame, as it is wanted of the frames.

    None is shown where a callable takes the place of theirs: it would take points for frames.
    """
    if isinstance(progress, Bar):
        return Bar(progress.shown, unit)
    return Bar(False if callable(progress) else progress, unit)


def _is_watched() -> bool:
    try:
        return _in_notebook() or sys.stderr.isatty()
    except (AttributeError, ValueError):  # there is none, or it is closed
        return False


def _in_notebook() -> bool:
    kernel = sys.modules.get("ipykernel.zmqshell")
    return kernel is not None and kernel.ZMQInteractiveShell.initialized()


def _bar(done: int, total: int, unit: str) -> Any:
    """Return a bar of tqdm's; its rate is that of what is done after what is done already."""
    if _in_notebook():
        return _Output(done, total, unit)
    from tqdm import tqdm

    class Quiet(tqdm):  # type: ignore[misc]
        """That nobody can read a bar is no reason to fail."""

        monitor_interval = 0  # no thread beside it: a process that is forked had better have none

        def display(self, *args: Any, **kwargs: Any) -> Any:
            # Here, because tqdm has locked its bars, and an error would leave them locked.
            with suppress(OSError):
                return super().display(*args, **kwargs)

    # The delay keeps it unseen while it is made: an interrupt then would find nothing to close.
    options = {"unit": f" {unit}", "bar_format": LINE, "leave": False, "delay": 0.1}
    return Quiet(total=total, initial=done, **options)


class _Output:
    """A bar in the output of a notebook's cell, of which nothing is left once it is closed.

    tqdm's own bars would leave a line, or the text that stands for a widget, in the notebook that
    is saved.
    """

    def __init__(self, done: int, total: int, unit: str) -> None:
        from IPython.display import display

        self.n, self.total, self._unit = done, total, unit
        self._before, self._began, self._next = done, monotonic(), 0.0
        self._output = display({"text/plain": ""}, raw=True, display_id=True)  # type: ignore[no-untyped-call]

    def update(self, more: int) -> None:
        self.n += more
        now = monotonic()
        if now >= self._next:
            self._next = now + 0.1
            self._output.update({"text/plain": self._line(now)}, raw=True)

    def _line(self, now: float) -> str:
        from tqdm import tqdm

        numbers = {"n": self.n, "total": self.total, "elapsed": now - self._began}
        look = {"unit": f" {self._unit}", "bar_format": LINE, "ncols": 80}
        return str(tqdm.format_meter(**numbers, **look, initial=self._before))

    def close(self) -> None:
        self._output.update({"text/plain": ""}, raw=True)
