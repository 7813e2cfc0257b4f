"""Signals: how a run of the command line is stopped from outside, leaving no half-written file.

A signal becomes an exception, so that whatever was begun is cleaned up. But not in the middle of an
import: who imports may drop an exception, as DuckDB does, or make another of it, as numpy's C code
does. A signal that comes then is heard when the import is over.
"""

import signal
import sys
from collections.abc import Callable
from types import CodeType, FrameType

__all__ = ["CAME", "heed"]

CAME: list[int] = []  # the signals that were heard

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows has no SIGHUP
MOMENT = 0.01  # seconds until another look whether an import is over
IMPORT = "<frozen importlib._bootstrap>"

Handler = Callable[[int, FrameType | None], object]


def heed(program: CodeType) -> None:
    """Raise KeyboardInterrupt when Ctrl-C is pressed, SystemExit when the process is to end.

    Who starts us by nohup does not want us to end: what is ignored stays so.

    Parameters
    ----------
    program : code
        Of the function that calls this. An import that it is itself a part of is not waited for.
    """

    def heard(signum: int, frame: FrameType | None) -> None:
        if _imports(frame, program) and hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, lambda _, later: heard(signum, later))
            signal.setitimer(signal.ITIMER_REAL, MOMENT)
            return
        CAME.append(signum)
        if signum == signal.SIGINT:
            raise KeyboardInterrupt
        sys.exit(128 + signum)

    for name in NAMES:
        signum = getattr(signal, name, None)
        if signum and signal.getsignal(signum) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(signum, heard)


def _imports(frame: FrameType | None, program: CodeType) -> bool:
    """Whether `program` is importing something, somewhere down to `frame`."""
    while frame is not None and frame.f_code is not program:
        if frame.f_code.co_filename == IMPORT:
            return True
        frame = frame.f_back
    return False
