"""A file is whole or not there."""

import errno
import os
import stat

import pytest

from gdviz.files import full_disk_named, whole_file


def test_it_is_moved_into_place(tmp_path):
    target = tmp_path / "out.gif"
    with whole_file(target) as beside:
        assert beside.parent == tmp_path
        assert beside.suffix == ".gif"
        assert beside != target
        beside.write_bytes(b"new")
        assert not target.exists()
    assert target.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["out.gif"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("old", [None, b"old"])
def test_a_failure_leaves_the_old_file_or_none(tmp_path, error, old):
    target = tmp_path / "out.gif"
    if old is not None:
        target.write_bytes(old)
    with pytest.raises(error), whole_file(target) as beside:
        _fail(beside, error)
    assert os.listdir(tmp_path) == ([] if old is None else ["out.gif"])
    assert old is None or target.read_bytes() == old


def _fail(path, error):
    path.write_bytes(b"half")
    raise error


def test_it_replaces_the_old_file(tmp_path):
    target = tmp_path / "out"
    target.write_bytes(b"old")
    with whole_file(str(target)) as beside:
        beside.write_bytes(b"new")
        assert target.read_bytes() == b"old"
    assert target.read_bytes() == b"new"


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_its_mode_is_that_of_any_new_file(tmp_path, mask):
    before = os.umask(mask)
    try:
        with whole_file(tmp_path / "out") as beside:
            beside.write_bytes(b"")
        assert os.umask(mask) == mask
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o666 & ~mask


@pytest.mark.parametrize(
    "name", ["租金 $'; DROP.gif", ".hidden", "a.tar.gz", "no suffix", f"{'长' * 83}.gif"]
)
def test_any_name(tmp_path, name):
    with whole_file(tmp_path / name) as beside:
        beside.write_bytes(b"x")
    assert os.listdir(tmp_path) == [name]


def test_a_bare_name_goes_to_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with whole_file("out.gif") as beside:
        beside.write_bytes(b"x")
    assert os.listdir(tmp_path) == ["out.gif"]


def test_no_such_folder_is_said_before_any_work(tmp_path):
    with (
        pytest.raises(FileNotFoundError, match=r"there is no such folder: '.*nowhere'"),
        whole_file(tmp_path / "nowhere" / "out.gif"),
    ):
        pytest.fail("work was begun")


def test_a_folder_is_no_file(tmp_path):
    with (
        pytest.raises(IsADirectoryError, match="this is a folder, not a file"),
        whole_file(tmp_path),
    ):
        pytest.fail("work was begun")
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(os.name != "posix", reason="named pipes are POSIX's")
def test_a_pipe_and_a_device_are_no_files(tmp_path):
    pipe, link = tmp_path / "pipe.gif", tmp_path / "link.gif"
    os.mkfifo(pipe)
    link.symlink_to(os.devnull)
    for target in (pipe, link):
        with pytest.raises(FileExistsError, match="a pipe or device"), whole_file(target):
            pytest.fail("work was begun")
    assert sorted(os.listdir(tmp_path)) == ["link.gif", "pipe.gif"]


@pytest.mark.skipif(os.name != "posix", reason="links need no rights on POSIX")
@pytest.mark.parametrize("old", [None, b"old"])
def test_a_link_stays_a_link(tmp_path, old):
    target, link = tmp_path / "there" / "out.gif", tmp_path / "link.gif"
    target.parent.mkdir()
    if old:
        target.write_bytes(old)
    link.symlink_to(target)
    with whole_file(link) as beside:
        beside.write_bytes(b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EFBIG])
def test_a_full_disk_is_named_and_what_to_do(number):
    with (
        pytest.raises(OSError, match=r"; .*write .*elsewhere: 'out.gif'") as caught,
        full_disk_named("out.gif"),
    ):
        raise OSError(number, "what the system says")
    assert caught.value.errno == number
    assert caught.value.filename == "out.gif"


def test_an_error_names_what_was_asked_for(tmp_path):
    target = tmp_path / "out.gif"
    with pytest.raises(PermissionError, match="not now") as caught, whole_file(target) as beside:
        raise PermissionError(errno.EACCES, "not now", str(beside))
    assert caught.value.filename == str(target)
    assert str(beside) not in str(caught.value)
