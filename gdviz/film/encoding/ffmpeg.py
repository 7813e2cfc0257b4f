"""ffmpeg: finding one, and feeding it frames.

ffmpeg is a program of its own. It is looked for on the PATH (or where matplotlib's setting
``animation.ffmpeg_path`` says) and in the package imageio-ffmpeg, which carries one; not every
ffmpeg was built with every codec, so each is asked what it can do.

A program that is fed can die, hang or complain at any time. Whatever happens here, it has ended
when :func:`feed` has, and what it said is in the error.
"""

import os
import re
import shutil
import signal
import subprocess
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from threading import Thread, Timer
from typing import IO

import matplotlib as mpl
import numpy as np

from gdviz.film.pixels import Frame

__all__ = ["FILE", "feed", "ffmpeg_with"]


PATIENCE = 300.0  # seconds that a program may take over one frame, or to finish
ADDRESS = re.compile(r"^\[[^]]* @ 0x[0-9a-f]+\] ")  # of the part of ffmpeg that speaks
FILE = "file:"  # how ffmpeg is told, and tells, that what follows is the name of a file
REMEDY = (
    "put an ffmpeg on the PATH (https://ffmpeg.org/download.html), or: pip install 'gdviz[video]'"
)


def ffmpeg_with(codec: str) -> str:
    """Return the path of an ffmpeg that can encode with `codec`, such as libx264.

    Raises
    ------
    FileNotFoundError
        If there is none; it says how to get one.
    """
    found = []
    for program in _programs():
        if codec in _encoders(program):
            return program
        found.append(program)
    if found:
        raise FileNotFoundError(f"{' and '.join(found)} cannot encode with {codec}; {REMEDY}")
    raise FileNotFoundError(f"video needs ffmpeg, and there is none; {REMEDY}")


def _programs() -> Iterator[str]:
    """Yield each ffmpeg that there is, the one on the PATH first."""
    on_path = shutil.which(mpl.rcParams["animation.ffmpeg_path"])
    if on_path:
        yield on_path
    # Without the package, or with one that carries nothing for this machine, there is no other.
    with suppress(ImportError, RuntimeError):
        from imageio_ffmpeg import get_ffmpeg_exe

        yield get_ffmpeg_exe()


@lru_cache
def _encoders(program: str) -> frozenset[str]:
    """Names of the codecs that an ffmpeg can encode with; none if it does not run."""
    command = [program, "-hide_banner", "-encoders"]
    try:
        run = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return frozenset()
    return frozenset(re.findall(r"^ V\S* (\S+)", run.stdout.decode(errors="replace"), re.MULTILINE))


def feed(command: Sequence[str], frames: Iterable[Frame]) -> None:
    """Run `command` and write `frames` to its standard input, one after the other.

    Raises
    ------
    OSError
        If the program cannot be run, or ends before it has taken all frames and written its file.
    """
    program = _Program(command)
    try:
        whole = all(program.takes(frame) for frame in frames) and program.finishes()
        if not whole:
            raise OSError(program.complaint())
    finally:
        program.end()


class _Program:
    """A program that is running and reads its standard input."""

    def __init__(self, command: Sequence[str]) -> None:
        self._name = Path(command[0]).name
        self._said: deque[bytes] = deque(maxlen=20)
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            # An interrupt from the keyboard is for us; it is we who end the program.
            start_new_session=True,
        )
        # A program waits when nobody reads what it says.
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()

    def takes(self, frame: Frame) -> bool:
        """Write one frame; whether it was taken."""
        with self._patience(), suppress(OSError):
            self._input.write(np.ascontiguousarray(frame).data)
            return True
        return False

    def finishes(self) -> bool:
        """Wait for the end; whether all went well."""
        with self._patience(), suppress(OSError):
            self._input.close()  # writes what is left
            return self._is_content()
        return False

    def _is_content(self) -> bool:
        """Wait for the end; whether it ended well.

        Where whoever embeds us ignores SIGCHLD, or collects every process that ends, the system
        does not tell how it ended, and subprocess takes that for a success: then it must have said
        nothing, because of every error it says something.
        """
        if hasattr(os, "waitid"):  # Windows has none, and no SIGCHLD
            try:
                os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
            except ChildProcessError:
                self._listener.join(1)
                return not self._said
        return self._process.wait() == 0

    def complaint(self) -> str:
        """One line on why the work was not done: what was said of it, or how it ended."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)  # it closed its input, and may be about to say why
        status = self._process.poll()
        self.end()
        lines = [line.decode(errors="replace").strip() for line in self._said]
        lines = [ADDRESS.sub("", line).replace(FILE, "") for line in lines]
        told = [line for line in lines if line and line != "Conversion failed!"]
        if told:
            # The first names the cause, the last what became of it.
            both = "; ".join(dict.fromkeys((told[0], told[-1])))
            return f"{self._name} failed: {both}"
        if status is None or status == 0:
            return f"{self._name} failed: it did not read all frames"
        if status >= 0:
            how = f"exit status {status}"
        else:
            how = f"signal {-status}, {signal.strsignal(-status)}"
        return f"{self._name} failed: it ended with {how}"

    def end(self) -> None:
        """End it now, if it has not ended, and let go of it."""
        self._kill()
        self._process.wait()
        self._listener.join(1)
        with suppress(OSError):
            self._input.close()

    def _kill(self) -> None:
        """End it, and what it started: what is called ffmpeg may be a script that calls ffmpeg."""
        if self._process.poll() is None:
            with suppress(ProcessLookupError):
                if hasattr(os, "killpg"):
                    os.killpg(self._process.pid, signal.SIGKILL)
                else:
                    self._process.kill()

    @property
    def _input(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    def _listen(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as said:
            self._said.extend(said)

    @contextmanager
    def _patience(self) -> Iterator[None]:
        """End it if what is done in the block takes longer than :data:`PATIENCE`."""

        def lose() -> None:
            self._said.append(b"nothing moved for %g seconds" % PATIENCE)
            self._kill()

        timer = Timer(PATIENCE, lose)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
