"""The bar: where it is seen, what it says, and that nothing is left of it."""

import io
import itertools
import os
import re
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace

import nbformat
import pytest
import tqdm.std
from matplotlib.figure import Figure
from nbclient import NotebookClient

from gdviz.film import Camera, progress
from gdviz.film.encoding import formats as encoders
from gdviz.film.progress import Bar, bar_before

SLOW = """
import time
from dataclasses import replace
from matplotlib.figure import Figure
from gdviz.film import Camera
from gdviz.film.encoding import formats as encoders

def slow(path, frames, *, durations, loop):
    for frame in frames:
        time.sleep(0.15)
    path.write_text("whole")

encoders.FORMATS[".gif"] = replace(encoders.FORMATS[".gif"], write=slow)
camera = Camera(Figure(figsize=(1, 1)))
for _ in range(12):
    camera.snap()
film = camera.animate()
"""


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Broken(Terminal):
    def write(self, text):
        raise BrokenPipeError("nobody reads")


@pytest.fixture
def film(monkeypatch):
    """A film of four frames on a clock by which each takes seconds."""
    clock = itertools.count(step=2).__next__
    monkeypatch.setattr(progress, "monotonic", clock)
    monkeypatch.setattr(tqdm.std, "time", clock)
    camera = Camera(Figure(figsize=(1, 1)))
    for _ in range(4):
        camera.snap()
    return camera.animate()


@pytest.fixture
def said(monkeypatch):
    """Put a stream in the place of standard error; return it."""

    def said(stream):
        monkeypatch.setattr(sys, "stderr", stream)
        return stream

    return said


def left(written):
    """What is still to be seen on a line after all that was written to it."""
    line = ""
    for part in written.split("\r"):
        line = part + line[len(part) :]
    return line.strip()


def test_on_a_terminal_it_says_frames_time_and_rate_and_is_gone(film, said, tmp_path):
    stream = said(Terminal())
    film.save(tmp_path / "film.gif")
    assert re.search(r"\r 75%\|.*\| 3/4 \[00:\d\d<00:0\d,  0\.\d\d frames/s\]", stream.getvalue())
    assert "\n" not in stream.getvalue()
    assert left(stream.getvalue()) == ""


@pytest.mark.parametrize(
    ("stream", "options", "shown"),
    [
        (Terminal, {}, True),
        (Terminal, {"progress": True}, True),
        (Terminal, {"progress": False}, False),
        (Terminal, {"progress": lambda done, total: None}, False),
        (Terminal, {"progress_callback": lambda frame, total: None}, False),
        (Terminal, {"progress_callback": lambda frame, total: None, "progress": True}, True),
        (Terminal, {"writer": "pillow"}, True),
        (Terminal, {"writer": "pillow", "progress": False}, False),
        (io.StringIO, {}, False),
        (io.StringIO, {"progress": True}, True),
        (io.StringIO, {"writer": "pillow"}, False),
    ],
)
def test_shown_where_it_is_seen_or_wanted(film, said, tmp_path, stream, options, shown):
    stream = said(stream())
    film.save(tmp_path / "film.gif", **options)
    assert ("frames/s" in stream.getvalue()) == shown
    assert shown or stream.getvalue() == ""


def test_matplotlibs_writers_report_in_both_ways(film, tmp_path):
    ours, theirs = [], []
    film.save(
        tmp_path / "film.gif",
        writer="pillow",
        progress=lambda *counts: ours.append(counts),
        progress_callback=lambda *counts: theirs.append(counts),
    )
    assert ours == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert theirs == [(0, 4), (1, 4), (2, 4), (3, 4)]


def test_a_quick_film_has_none(film, said, tmp_path, monkeypatch):
    monkeypatch.setattr(progress, "DELAY", 1000)
    stream = said(Terminal())
    film.save(tmp_path / "film.gif")
    assert stream.getvalue() == ""


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_gone_after_an_error(film, said, tmp_path, monkeypatch, error):
    def fail(path, frames, *, durations, loop):
        for _ in zip(frames, range(3), strict=False):
            pass
        raise error("on the way")

    monkeypatch.setitem(encoders.FORMATS, ".gif", replace(encoders.FORMATS[".gif"], write=fail))
    stream = said(Terminal())
    with pytest.raises(error, match="on the way"):
        film.save(tmp_path / "film.gif")
    assert "frames/s" in stream.getvalue()
    assert left(stream.getvalue()) == ""


@pytest.mark.parametrize("progress", [None, True])
@pytest.mark.parametrize("stream", ["broken", "closed", "none"])
def test_nobody_to_read_it_is_no_error(film, said, tmp_path, stream, progress):
    said({"broken": Broken(), "closed": Terminal(), "none": None}[stream])
    if stream == "closed":
        sys.stderr.close()
    film.save(tmp_path / "film.gif", progress=progress)
    assert (tmp_path / "film.gif").read_bytes().startswith(b"GIF89a")


def test_counts_the_frames_where_it_is_not_shown():
    with Bar(False) as bar:
        assert bar.total == 0
        bar(1, 7)
    assert bar.total == 7


@pytest.mark.parametrize(
    ("progress", "terminal", "shown"),
    [
        (None, True, True),
        (None, False, False),
        (True, False, True),
        (False, True, False),
        (print, True, False),
        (Bar(True), False, True),
        (Bar(False), True, False),
    ],
)
def test_before_the_frames_there_is_a_bar_where_theirs_is(said, progress, terminal, shown):
    said(Terminal() if terminal else io.StringIO())
    bar = bar_before(progress, "points")
    assert (bar.shown, bar.unit) == (shown, "points")


def test_no_tqdm_before_there_is_a_bar():
    code = "import gdviz.film.progress, gdviz.film, sys; print('tqdm' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


@pytest.mark.skipif(os.name != "posix", reason="terminals are POSIX's")
@pytest.mark.parametrize("error", ["", "KeyboardInterrupt"])
def test_on_a_real_terminal(tmp_path, error):
    import pty
    import termios

    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    code = f"{SLOW}\nfilm.save({str(tmp_path / 'film.gif')!r})"
    patient = not error
    with subprocess.Popen([sys.executable, "-c", code], stderr=theirs) as process:
        os.close(theirs)
        said = b""
        while chunk := _read(ours):
            said += chunk
            # At the second sight of it: tqdm does not know of the first while it is being written.
            if not patient and said.count(b"frames/s") >= 2:
                process.send_signal(signal.SIGINT)
                patient = True
    os.close(ours)
    before, _, after = said.decode().partition("Traceback")
    assert "frames/s" in before
    assert left(before) == ""
    assert after.strip().endswith(error)
    assert process.returncode == (-signal.SIGINT if error else 0)
    assert os.listdir(tmp_path) == ([] if error else ["film.gif"])


def _read(terminal):
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other end is closed
        return b""


def in_a_notebook(*cells):
    """Outputs of each cell, run one after the other in a kernel."""
    cells = [nbformat.v4.new_code_cell(textwrap.dedent(cell)) for cell in cells]
    NotebookClient(nbformat.v4.new_notebook(cells=cells), timeout=60).execute()
    return [cell.outputs for cell in cells]


def test_in_a_notebook_nothing_is_left_of_it(tmp_path):
    path = str(tmp_path / "film.gif")
    look = (
        "from gdviz.film import progress\nupdate = progress._Output.update\nlines = []\n"
        "def spy(bar, more):\n    update(bar, more)\n    lines.append(bar._line(bar._began + 2))\n"
        "progress._Output.update = spy"
    )
    _, _, shown, saved, seen, quiet = in_a_notebook(
        SLOW,
        look,
        "film",
        f"film.save({path!r})",
        "print(lines[-1])",
        f"film.save({path!r}, progress=False)",
    )
    assert "text/html" in shown.pop()["data"]
    for outputs in (shown, saved):
        (bar,) = outputs
        assert bar["data"] == {"text/plain": ""}
    assert re.search(r"\d+%\|.*\| 12/12 \[00:02<00:00, +\d.*frames/s\]", seen[0]["text"])
    assert quiet == []


def test_in_a_notebook_it_moves_until_it_is_closed(monkeypatch):
    shown = []

    class Handle:
        def update(self, data, raw):
            assert raw
            shown.append(data["text/plain"])

    clock = itertools.count(step=2).__next__
    monkeypatch.setattr(progress, "monotonic", clock)
    monkeypatch.setattr(progress, "_in_notebook", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda *args, **kwargs: Handle())
    with Bar() as bar:
        for done in range(1, 4):
            bar(done, 4)
    assert [line.partition("%")[0].strip() for line in shown] == ["50", "75", ""]
    assert "/4 [00:0" in shown[0]
