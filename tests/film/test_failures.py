"""What is left when a film cannot be saved: one clear error, the old file, and nothing else."""

import os
import signal
import stat
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from gdviz.film import Camera
from gdviz.film.encoding import ffmpeg
from gdviz.film.encoding.folders import whole_folder
from gdviz.film.encoding.formats import FORMATS, format_of

VIDEO = (".mp4", ".webm")  # by ffmpeg, which is made to fail in many ways


def is_there(suffix):
    try:
        FORMATS[suffix].needs()
    except OSError:
        return False
    return True


WRITTEN = [suffix for suffix in FORMATS if is_there(suffix)]


@pytest.fixture
def film():
    """Noise packs badly, so that a file of four frames is larger than a small limit."""
    figure = Figure(figsize=(2, 2), dpi=50)
    axes = figure.subplots()
    camera = Camera(figure)
    rng = np.random.default_rng(0)
    for _ in range(4):
        axes.imshow(rng.random((200, 200)), cmap="hsv", aspect="auto")
        camera.snap()
    return camera.animate(fps=10)


@pytest.fixture
def old(tmp_path):
    """Make something old of each kind; give its path and what tells whether it is as it was."""

    def old(suffix):
        path = tmp_path / "film" if suffix == "/" else tmp_path / f"film{suffix}"
        file = path / "frame_0001.png" if suffix == "/" else path
        file.parent.mkdir(exist_ok=True)
        file.write_text("old")

        def is_untouched():
            names = ["frame_0001.png"] if suffix == "/" else [path.name]
            return file.read_text() == "old" and os.listdir(file.parent) == names

        return path, lambda: is_untouched() and os.listdir(tmp_path) == [path.name]

    return old


@pytest.fixture
def fake(tmp_path_factory, monkeypatch):
    """Put a program on the PATH that says it is ffmpeg, and does as told when it is fed."""

    def fake(does):
        folder = tmp_path_factory.mktemp("bin")
        program = folder / "ffmpeg"
        knows = "print(' V....D libx264 \\n V....D libvpx-vp9 ')"
        program.write_text(
            f"#!{sys.executable} -SE\nimport os, sys, time\n"
            f"if '-encoders' in sys.argv: sys.exit({knows})\n"
            f"open({str(folder / 'pid')!r}, 'w').write(str(os.getpid()))\n{textwrap.dedent(does)}"
        )
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(folder))
        return folder / "pid"

    return fake


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def children():
    tasks = Path(f"/proc/{os.getpid()}/task")
    return [pid for task in tasks.glob("*/children") for pid in task.read_text().split()]


@pytest.mark.parametrize("suffix", WRITTEN)
@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, BrokenPipeError])
def test_frame_that_cannot_be_drawn(film, old, suffix, error):
    path, is_untouched = old(suffix)

    def fail(renderer):
        raise error("on the way")

    film._framedata[-1][0].draw = fail
    with pytest.raises(error, match="on the way"):
        film.save(path)
    assert is_untouched()
    assert children() == []


@pytest.mark.parametrize("suffix", [suffix for suffix in WRITTEN if suffix not in VIDEO])
def test_full_disk(film, old, suffix):
    resource = pytest.importorskip("resource")
    path, is_untouched = old(suffix)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, before[1]))
    try:
        with pytest.raises(OSError, match="large") as caught:
            film.save(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert str(path) in str(caught.value)
    assert is_untouched()


@pytest.mark.parametrize("suffix", WRITTEN)
def test_missing_folder(film, tmp_path, suffix):
    with pytest.raises(FileNotFoundError, match="missing"):
        film.save(f"{tmp_path}/missing/film{suffix}")


@pytest.mark.parametrize("suffix", WRITTEN)
def test_folder_that_cannot_be_written_to(film, tmp_path, suffix):
    tmp_path.chmod(0o555)
    if os.access(tmp_path, os.W_OK):
        pytest.skip("may write anywhere")
    try:
        with pytest.raises(PermissionError, match=str(tmp_path)):
            film.save(f"{tmp_path}/film{suffix}")
    finally:
        tmp_path.chmod(0o755)


@pytest.mark.parametrize("suffix", VIDEO)
class TestProgramThat:
    @pytest.mark.parametrize(
        ("does", "message"),
        [
            ("sys.exit('No space left on device')", "failed: No space left on device"),
            ("sys.exit(3)", "failed: it ended with exit status 3"),
            ("sys.stdin.buffer.read(); sys.exit('late')", "failed: late"),
            ("sys.stderr.write('a\\n\\nConversion failed!\\n'); sys.exit(1)", "failed: a$"),
            ("os.kill(os.getpid(), 9)", "failed: it ended with signal 9, Killed"),
            ("sys.stdin.buffer.read(9); sys.exit(0)", "it did not read all frames"),
            ("os.close(0); time.sleep(60)", "it did not read all frames"),
        ],
    )
    def test_fails(self, film, old, fake, suffix, does, message):
        path, is_untouched = old(suffix)
        pid = fake(does)
        with pytest.raises(OSError, match=message) as caught:
            film.save(path, dpi=200)  # more than a pipe holds
        assert "\n" not in str(caught.value)
        assert is_untouched()
        assert not is_running(int(pid.read_text()))
        assert children() == []

    @pytest.mark.skipif(not hasattr(signal, "SIGCHLD"), reason="Windows has no SIGCHLD")
    @pytest.mark.parametrize(
        ("does", "message"),
        [
            ("sys.stdin.buffer.read(); sys.exit('late')", "failed: late"),
            ("os.kill(os.getpid(), 9)", "it did not read all frames"),
            ("sys.exit(3)", "it did not read all frames"),
        ],
    )
    def test_fails_where_nobody_can_know_how_it_ended(self, film, old, fake, suffix, does, message):
        path, is_untouched = old(suffix)
        # What it wrote is not to be taken for a film.
        fake(f"open(sys.argv[-1].removeprefix('file:'), 'w').write('half')\n{does}")
        before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        try:
            with pytest.raises(OSError, match=message):
                film.save(path, dpi=200)
        finally:
            signal.signal(signal.SIGCHLD, before)
        assert is_untouched()
        assert children() == []

    @pytest.mark.skipif(not hasattr(signal, "SIGCHLD"), reason="Windows has no SIGCHLD")
    def test_writes_the_same_where_nobody_can_know_how_it_ended(self, film, tmp_path, suffix):
        film.save(tmp_path / f"as_ever{suffix}")
        before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        try:
            film.save(tmp_path / f"film{suffix}")
        finally:
            signal.signal(signal.SIGCHLD, before)
        as_ever, written = (tmp_path / f"{name}{suffix}" for name in ("as_ever", "film"))
        assert written.read_bytes() == as_ever.read_bytes()

    def test_names_the_file_it_fails_at(self, film, old, fake, suffix):
        path, _ = old(suffix)
        fake("sys.stdin.buffer.read(); sys.exit(f'cannot write {sys.argv[-1]}: no room')")
        with pytest.raises(OSError, match="failed: cannot write") as caught:
            film.save(path)
        assert str(caught.value).endswith(f"cannot write {path}: no room")

    def test_does_nothing(self, film, old, fake, suffix):
        path, is_untouched = old(suffix)
        fake("sys.stdin.buffer.read()")
        with pytest.raises(OSError, match="wrote nothing"):
            film.save(path)
        assert is_untouched()

    def test_hangs(self, film, old, fake, suffix, monkeypatch):
        monkeypatch.setattr(ffmpeg, "PATIENCE", 0.5)
        path, is_untouched = old(suffix)
        pid = fake("time.sleep(60)")
        with pytest.raises(OSError, match=r"nothing moved for 0\.5 seconds"):
            film.save(path, dpi=200)
        assert is_untouched()
        assert not is_running(int(pid.read_text()))

    def test_talks_without_end(self, film, old, fake, suffix):
        path, is_untouched = old(suffix)
        fake("for i in range(20_000): sys.stderr.write('words ' * 9 + '\\n')\nsys.exit('enough')")
        with pytest.raises(OSError, match=r"failed: .*; enough$"):
            film.save(path)
        assert is_untouched()

    def test_is_interrupted(self, film, tmp_path, fake, suffix):
        """As the keyboard does it: the signal goes to every process of the terminal."""
        pid = fake("time.sleep(60)")
        code = f"""
            import numpy as np
            from gdviz.film.encoding.formats import format_of
            from gdviz.files import whole_file
            print("ready", flush=True)
            frames = (np.zeros((500, 500, 4), np.uint8) for _ in range(100))
            with whole_file({str(tmp_path / f"film{suffix}")!r}) as path:
                format_of(path).write(path, frames, durations=[0.1] * 100, loop=0)
        """
        command = [sys.executable, "-c", textwrap.dedent(code)]
        pipe = subprocess.PIPE
        run = subprocess.Popen(command, stdout=pipe, stderr=pipe, start_new_session=True)
        with run:
            until = time.monotonic() + 20
            while not (pid.exists() and pid.read_text()) and time.monotonic() < until:
                time.sleep(0.02)
            begin = time.monotonic()
            os.killpg(run.pid, signal.SIGINT)
            _, said = run.communicate(timeout=20)
            assert time.monotonic() - begin < 1
        assert said.splitlines()[-1].startswith(b"KeyboardInterrupt")
        assert os.listdir(tmp_path) == []
        assert not is_running(int(pid.read_text()))

    def test_is_not_there(self, film, tmp_path, suffix, monkeypatch):
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
        film._frames = lambda *_: pytest.fail("drew something")
        for refused in (film.save, lambda path: format_of(path).check([0.1], 0)):
            with pytest.raises(
                FileNotFoundError, match=r"PATH .* or: pip install 'gdviz\[video\]'"
            ):
                refused(tmp_path / f"film{suffix}")
        assert os.listdir(tmp_path) == []

    def test_cannot_encode(self, tmp_path, fake, suffix, monkeypatch):
        fake("")
        monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
        monkeypatch.setattr(ffmpeg, "_encoders", lambda program: frozenset({"libopenh264"}))
        with pytest.raises(FileNotFoundError, match=r"ffmpeg cannot encode with lib.*gdviz"):
            format_of(tmp_path / f"film{suffix}").check([0.1], 0)


def test_the_carried_ffmpeg_works(monkeypatch, tmp_path):
    carried = pytest.importorskip("imageio_ffmpeg").get_ffmpeg_exe()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ffmpeg.ffmpeg_with("libx264") == carried


class TestFolder:
    def test_is_replaced_with_all_its_frames(self, film, tmp_path):
        path = tmp_path / "frames"
        path.mkdir()
        (path / "frame_0009.png").write_text("old")
        film.save(path)
        assert sorted(os.listdir(path)) == [f"frame_000{i}.png" for i in (1, 2, 3, 4)]
        assert os.listdir(tmp_path) == ["frames"]

    def test_is_made(self, film, tmp_path):
        before = os.umask(0o026)
        try:
            film.save(f"{tmp_path}/frames.d/")
        finally:
            os.umask(before)
        assert len(os.listdir(tmp_path / "frames.d")) == 4
        assert stat.S_IMODE((tmp_path / "frames.d").stat().st_mode) == 0o751

    def test_with_other_things_is_kept(self, film, tmp_path):
        (tmp_path / "frames").mkdir()
        (tmp_path / "frames" / "thesis.tex").write_text("years of work")
        with pytest.raises(FileExistsError, match=r"other things than frames: thesis\.tex"):
            film.save(f"{tmp_path}/frames/")
        assert (tmp_path / "frames" / "thesis.tex").exists()

    def test_is_not_where_a_file_is(self, film, tmp_path):
        (tmp_path / "frames").write_text("a file")
        with pytest.raises(FileExistsError, match="is a file, not a folder"):
            film.save(f"{tmp_path}/frames/")

    def test_is_not_the_one_that_we_are_in(self, film, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        with pytest.raises(FileExistsError, match="name a folder in it"):
            film.save("./")

    def test_comes_back_when_its_place_cannot_be_taken(self, tmp_path, monkeypatch):
        path = tmp_path / "frames"
        path.mkdir()
        rename, calls = os.rename, []

        def second_fails(source, target):
            calls.append(source)
            if len(calls) == 2:
                raise PermissionError("not now")
            rename(source, target)

        monkeypatch.setattr(os, "rename", second_fails)
        with pytest.raises(PermissionError, match="not now"), whole_folder(path):
            pass
        assert os.listdir(tmp_path) == ["frames"]
