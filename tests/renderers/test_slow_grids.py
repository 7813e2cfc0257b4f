"""A cost that takes long on its grid: a bar says how far it is, and it can be interrupted."""

import io
import itertools
import os
import re
import signal
import subprocess
import sys

import numpy as np
import pytest
import tqdm.std

from gdviz.core.functions import Function
from gdviz.core.history.record import History
from gdviz.film import progress
from gdviz.renderers import contour, surface

SLOW = """
import time
import gdviz
from gdviz.renderers import contour

def bowl(theta):
    time.sleep(0.003)
    return theta @ theta

path = [[0.9**k, 0.8**k, 0.7**k] for k in range(20)]
history = gdviz.History.from_arrays(path, objective=gdviz.Function(bowl, start=path[0], whole=True))
scene = contour(history, through="pca", size=25)
"""


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def terminal(monkeypatch):
    """Make standard error a terminal, beside a clock by which every look takes seconds."""
    clock = itertools.count(step=2).__next__
    monkeypatch.setattr(progress, "monotonic", clock)
    monkeypatch.setattr(tqdm.std, "time", clock)

    def terminal():
        monkeypatch.setattr(sys, "stderr", stream := Terminal())
        return stream

    return terminal


@pytest.fixture(scope="module")
def history():
    """A path on a bowl, the formula of which takes one θ at a time."""
    path = 0.9 ** np.outer(np.arange(12), [1, 2, 3])
    return History.from_arrays(path, objective=Function(np.linalg.norm, start=path[0], whole=True))


@pytest.mark.parametrize("kind", [contour, surface])
def test_every_grid_has_its_bar(terminal, history, kind):
    stream = terminal()
    (kind(history, through="pca", size=4) | kind(history, through="pca", size=4)).still()
    assert re.search(r" 75%\|.*\| 12/16 \[.* grid points/s\]", stream.getvalue())
    assert stream.getvalue().count(" 75%|") == 2


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [(None, True), (True, True), (False, False), (lambda done, total: None, False)],
)
def test_as_the_films(terminal, history, tmp_path, wanted, shown):
    stream, scene = terminal(), contour(history, through="pca", size=4)
    scene.save(tmp_path / "out.gif", frames=2, progress=wanted)
    assert ("grid points/s" in stream.getvalue()) == shown


def test_a_callable_is_told_of_frames_only(history, tmp_path):
    told = []
    scene = contour(history, through="pca", size=4)
    scene.save(tmp_path / "out.gif", frames=2, progress=lambda *counts: told.append(counts))
    assert told == [(1, 2), (2, 2)]


def test_a_quick_one_has_none(terminal, history, monkeypatch):
    monkeypatch.setattr(progress, "DELAY", 1000)
    stream = terminal()
    contour(history, through="pca", size=4).still()
    assert stream.getvalue() == ""


def test_nothing_into_a_pipe(tmp_path):
    code = f"{SLOW}\nscene.save({str(tmp_path / 'out.gif')!r}, frames=2)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("", "")


@pytest.mark.skipif(os.name != "posix", reason="terminals are POSIX's")
@pytest.mark.parametrize("interrupted", [False, True])
def test_on_a_real_terminal(tmp_path, interrupted):
    import pty
    import termios

    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    code = f"{SLOW}\nscene.save({str(tmp_path / 'out.gif')!r}, frames=2)"
    patient, said = not interrupted, b""
    with subprocess.Popen([sys.executable, "-c", code], stderr=theirs) as process:
        os.close(theirs)
        while chunk := _read(ours):
            said += chunk
            # At the second sight of it: tqdm does not know of the first while it is being written.
            if not patient and said.count(b"points/s") >= 2:
                process.send_signal(signal.SIGINT)
                patient = True
    os.close(ours)
    before, _, after = said.decode().partition("Traceback")
    assert re.search(r"\d\d%\|.*/625 \[\d\d:\d\d<00:\d\d, .* grid points/s\]", before)
    assert before.split("\r")[-2].strip() == ""  # nothing is left of it
    assert after.strip().endswith("KeyboardInterrupt" if interrupted else "")
    assert process.returncode == (-signal.SIGINT if interrupted else 0)
    assert os.listdir(tmp_path) == ([] if interrupted else ["out.gif"])


def _read(terminal):
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other end is closed
        return b""
