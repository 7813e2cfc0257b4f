"""Several processes at work on one film."""

import errno
import os
import signal
import sys

import pytest
from matplotlib.figure import Figure

from gdviz.film import Camera, frames, parallel
from gdviz.film.parallel import divided, in_parallel, processes_for

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="helpers are made on Linux only")


def no_children():
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    return True


@pytest.fixture
def film():
    figure = Figure(figsize=(2, 1), dpi=50)
    axes = figure.subplots()
    axes.set(xlim=(0, 20), ylim=(0, 2))
    camera = Camera(figure)
    for x in range(20):
        axes.plot([0, x], [1, x % 2], "o-")
        camera.snap()
    return camera.animate(fps=10)


@pytest.fixture
def save(film, tmp_path, monkeypatch):
    def save(processes, **options):
        monkeypatch.setattr(frames, "processes_for", lambda count: processes)
        film.save(tmp_path / "film.gif", **options)
        return (tmp_path / "film.gif").read_bytes()

    return save


@pytest.mark.parametrize("processes", [2, 3])
def test_same_file_however_many_processes(save, processes):
    assert save(processes) == save(1)
    assert no_children()


def test_each_frame_is_reported_once(save):
    reported = []
    save(3, progress=lambda done, total: reported.append((done, total)))
    assert reported == [(i, 20) for i in range(1, 21)]


def test_an_interrupt_ends_the_helpers(save, tmp_path):
    def interrupt(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save(3, progress=interrupt)
    assert no_children()
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("where", ["original", "copy"])
def test_an_interrupt_in_the_moment_of_copying(save, tmp_path, monkeypatch, where):
    fork, original, told = os.fork, os.getpid(), tmp_path / "told"

    def interrupted_fork():
        process = fork()
        if (process == 0) == (where == "copy"):
            signal.raise_signal(signal.SIGINT)
        return process

    monkeypatch.setattr(os, "fork", interrupted_fork)
    try:
        save(2)
        assert where == "copy"  # it leaves interrupts to the original
    except KeyboardInterrupt:
        if os.getpid() != original:
            told.touch()
            os._exit(1)
        assert where == "original"
    assert no_children()
    assert os.listdir(tmp_path) == (["film.gif"] if where == "copy" else [])
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert not signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_an_interrupt_is_not_lost_among_what_libraries_do_around_a_copy(save):
    # Errors of such functions are dropped. For this test the first copy calls it, and no other.
    came = []

    def interrupt():
        if not came:
            came.append(True)
            os.kill(os.getpid(), signal.SIGINT)

    os.register_at_fork(after_in_parent=interrupt)
    with pytest.raises(KeyboardInterrupt):
        save(2)
    assert no_children()


def test_what_a_helper_cannot_do_is_done_here():
    original = os.getpid()

    def work():
        if os.getpid() != original:
            os._exit(3)
        yield b"b"

    assert list(in_parallel([lambda: [b"a"], work, lambda: [b"c"]], print)) == [b"a", b"b", b"c"]
    assert no_children()


def test_what_a_helper_did_is_not_done_again():
    here = []

    def work():
        here.append(True)
        yield b"b"

    assert list(in_parallel([lambda: [b"a"], work], print)) == [b"a", b"b"]
    assert not here  # but in the copy


def test_a_helper_that_hangs_is_replaced(monkeypatch):
    monkeypatch.setattr(parallel, "_PATIENCE", 0.1)
    original = os.getpid()

    def work():
        while os.getpid() != original:
            pass
        yield b"b"

    assert list(in_parallel([lambda: [b"a"], work], print)) == [b"a", b"b"]
    assert no_children()


def test_without_another_process_all_is_done_here(save, monkeypatch):
    expected = save(1)

    def fork():
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(os, "fork", fork)
    assert save(3) == expected


def test_errors_of_helpers_are_seen():
    def work():
        raise RuntimeError("in the helper")
        yield b""

    with pytest.raises(RuntimeError, match="in the helper"):
        list(in_parallel([lambda: [b"a"], work], print))


def test_short_films_need_no_help():
    assert processes_for(10) == 1
    assert processes_for(1000) <= len(os.sched_getaffinity(0))


def test_parts_cover_all():
    assert divided(10, 3) == [(0, 3), (3, 6), (6, 10)]


def _collect_all(signum, frame):
    """Collect every process that ended, as servers do."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


@pytest.fixture(params=[signal.SIG_IGN, _collect_all], ids=["ignored", "collected"])
def taken_away(request):
    """The program that embeds us ignores the end of processes, or collects them all."""
    before = signal.signal(signal.SIGCHLD, request.param)
    yield
    signal.signal(signal.SIGCHLD, before)


@pytest.mark.usefixtures("taken_away")
class TestWhereProcessesAreTakenAway:
    def test_the_file_is_the_same(self, save):
        assert save(3) == save(1)
        assert no_children()

    def test_what_a_helper_cannot_do_is_done_here(self):
        original, ended = os.getpid(), []

        def work():
            if os.getpid() != original:
                os._exit(0)  # as if all were well
            ended.append(True)
            yield b"b"

        assert list(in_parallel([lambda: [b"a"], work], print)) == [b"a", b"b"]
        assert ended == [True]
        assert no_children()

    def test_an_interrupt_ends_the_helpers(self, save):
        def interrupt(done, total):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            save(3, progress=interrupt)
        assert no_children()


def test_a_helper_that_was_collected_is_not_ended_by_its_number(monkeypatch):
    # That number may be another's by now.
    monkeypatch.setattr(os, "kill", lambda *_: pytest.fail("kills by number"))
    pids, fork = [], parallel._fork

    def noted_fork():
        pids.append(fork())
        return pids[-1]

    monkeypatch.setattr(parallel, "_fork", noted_fork)

    def collect():
        os.waitpid(pids[0], 0)
        yield b"a"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(in_parallel([collect, lambda: [b"b"]], print))


def test_without_descriptors_of_processes_there_are_no_helpers(monkeypatch):
    def missing(number):
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    monkeypatch.setattr(os, "pidfd_open", missing)
    parallel._has_pidfd.cache_clear()
    assert processes_for(1000) == 1
    parallel._has_pidfd.cache_clear()
    monkeypatch.undo()
    assert processes_for(1000) == min(len(os.sched_getaffinity(0)), 8)
