"""Parallel: several processes work on parts of a film at the same time.

Drawing is mostly Python, which does one thing at a time, so a second thread would not help; a
second process does. It is a copy of this one (fork), has the figure already, and gives back
nothing but the finished pieces of the file. Copies are made where this is safe and cheap: on
Linux, and for films that are long enough to be worth it.

A program that embeds us may ignore SIGCHLD or collect every process that ends; the number of one
that is gone may then be that of another. So a helper is waited for and ended by a file descriptor
that is its alone (``pidfd_open(2)``), and that its part is whole it says itself, in memory.
"""

import os
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from itertools import pairwise
from mmap import mmap
from threading import current_thread, main_thread

__all__ = ["divided", "in_parallel", "processes_for"]

Work = Callable[[], Iterable[bytes]]

_WORTH_IT = 16  # frames for each process
_LARGEST = 8  # processes
_PAUSE = 0.002  # seconds between two looks at a helper
_PATIENCE = 60.0  # seconds in which a helper must make a piece


def processes_for(frames: int) -> int:
    """Return how many processes should work on so many frames."""
    if sys.platform != "linux" or not _has_pidfd():
        return 1
    return max(1, min(len(os.sched_getaffinity(0)), frames // _WORTH_IT, _LARGEST))


def divided(frames: int, processes: int) -> list[tuple[int, int]]:
    """Divide frames into equal parts, each from start to stop.

    >>> divided(7, 2)
    [(0, 3), (3, 7)]
    """
    ends = [frames * i // processes for i in range(processes + 1)]
    return list(pairwise(ends))


def in_parallel(work: Sequence[Work], report: Callable[[int], object]) -> Iterator[bytes]:
    """Do all `work` at the same time, the first part here; yield its pieces in order.

    `report` is called with 1, 2, 3 …, whenever a piece is done anywhere.
    """
    with ExitStack() as stack:
        helpers = [_Helper(part) for part in work[1:]]
        for helper in helpers:
            stack.callback(helper.end)  # before it starts: an interrupt may come at any time
            with suppress(OSError):  # there may be too many processes already
                helper.start()
        tally = _Tally(helpers, report)
        for piece in work[0]():
            yield piece
            tally.add(1)
        while not all(helper.finished() for helper in helpers):
            time.sleep(_PAUSE)
            tally.add(0)
        tally.add(0)
        for helper in helpers:
            yield from helper.pieces()


class _Tally:
    """Counts the pieces that are done, here and by helpers, and reports each of them once."""

    def __init__(self, helpers: Sequence["_Helper"], report: Callable[[int], object]) -> None:
        self._helpers = helpers
        self._report = report
        self._own = 0
        self._reported = 0

    def add(self, own: int) -> None:
        """Count `own` more pieces done here, and all that helpers have done."""
        self._own += own
        done = self._own + sum(helper.done for helper in self._helpers)
        while self._reported < done:
            self._reported += 1
            self._report(self._reported)


class _Helper:
    """A copy of this process that does one part of the work."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._shared = mmap(-1, 9)  # the number of pieces done, and whether those are all
        # In memory, because pieces are small and a pipe would have to be emptied all the time.
        self._file = os.fdopen(os.memfd_create("gdviz"), "w+b")
        self._process: int | None = None  # a descriptor of it, while it is not known to have ended
        self._last_sign = (0, time.monotonic())

    @property
    def done(self) -> int:
        """Number of pieces that it has made until now."""
        return int.from_bytes(self._shared[:8], "little")

    def start(self) -> None:
        """Make the copy, and let it begin."""
        with _signals_waiting() as mask:
            self._last_sign = (0, time.monotonic())
            if not (number := _fork()):
                self._help(mask)
            self._process = os.pidfd_open(number)

    def end(self) -> None:
        """Stop it, if it has not come to an end, and let go of it."""
        self._stop()
        self._file.close()
        self._shared.close()

    def finished(self) -> bool:
        """Whether it came to an end, or never began; one that does nothing for long is ended."""
        if self._process is not None and _has_ended(self._process, os.WNOHANG):
            self._let_go()
        if self.done != self._last_sign[0]:
            self._last_sign = (self.done, time.monotonic())
        if time.monotonic() - self._last_sign[1] > _PATIENCE:
            self._stop()
        return self._process is None

    def pieces(self) -> Iterator[bytes]:
        """Yield what it made; if it failed, do its work here, where errors can be seen."""
        if not self._shared[8]:
            yield from self._work()
            return
        self._file.seek(0)
        yield self._file.read()

    def _stop(self) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._process, signal.SIGKILL)
            _has_ended(self._process)
            self._let_go()

    def _let_go(self) -> None:
        if self._process is not None:
            os.close(self._process)
        self._process = None

    def _help(self, mask: Set[int]) -> None:
        """Work, as the copy, and end without what the original would do at its end."""
        status = 1
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # the original ends its helpers
            for other in (signal.SIGTERM, signal.SIGHUP):
                signal.signal(other, signal.SIG_DFL)  # what the original does then is not ours
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            original = os.getppid()
            for done, piece in enumerate(self._work(), start=1):
                self._file.write(piece)
                self._shared[:8] = done.to_bytes(8, "little")
                if os.getppid() != original:
                    return
            self._file.flush()
            self._shared[8] = True
            status = 0
        finally:
            os._exit(status)


def _has_ended(process: int, options: int = 0) -> bool:
    """Wait for the end of a process, given its descriptor; with WNOHANG only look whether it came.

    Somebody else may have collected it, so how it ended is not asked for.
    """
    try:
        return os.waitid(os.P_PIDFD, process, os.WEXITED | options) is not None
    except ChildProcessError:
        return True


@cache
def _has_pidfd() -> bool:
    """Whether processes have descriptors here: Linux has had them since 5.4, a sandbox may not."""
    try:
        process = os.pidfd_open(os.getpid())
    except (AttributeError, OSError):
        return False
    try:
        return _has_ended(process, os.WNOHANG)  # this one: nobody waits for himself
    except OSError:
        return False
    finally:
        os.close(process)


@contextmanager
def _signals_waiting() -> Iterator[Set[int]]:
    """Let what signals do wait until the end of the block; give the mask that will hold then.

    An error that a signal raises while a process is copied would be raised in the copy as well,
    which would go on as if it were the original; or nowhere, because Python drops the errors of
    what libraries do around a copy; or before it is known which process to end.
    """
    came: list[int] = []
    with ExitStack() as stack:
        # Only the main thread runs handlers; a mask does not hide the signal from other threads.
        if current_thread() is main_thread():
            for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                if callable(handler := signal.getsignal(signum)):
                    stack.callback(signal.signal, signum, handler)
                    signal.signal(signum, lambda signum, _: came.append(signum))
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        stack.callback(signal.pthread_sigmask, signal.SIG_SETMASK, mask)
        yield mask
    for late in came:
        signal.raise_signal(late)


def _fork() -> int:
    with warnings.catch_warnings():
        # Only this thread goes on in the copy; those of libraries are not needed there.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()
