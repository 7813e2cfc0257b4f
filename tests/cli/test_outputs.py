"""Where a result is to be written: what is wrong with a place is told before any work."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gdviz.files import real_path, whole_file
from gdviz.film.encoding.folders import whole_folder

RENT = Path(__file__).parents[2] / "gallery" / "data" / "rent.csv"
TOLD = "the working directory was deleted; change to another, or give a full path"

posix = pytest.mark.skipif(os.name != "posix", reason="elsewhere it cannot be deleted")

# Deleted before gdviz is imported, as in a terminal that was left open.
GONE = """
import os, sys
os.rmdir(os.getcwd())
from gdviz.__main__ import main
main()
"""


@pytest.fixture
def gone(tmp_path, monkeypatch):
    """A working directory that is deleted."""
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()


@posix
@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (("animate", "--kind", "plane", RENT, "out.gif"), "out.gif"),
        (("animate", "--kind", "plane", RENT, "../out.gif"), "../out.gif"),
        (("animate", "--kind", "plane", RENT, "frames/"), "frames/"),
        (("fit", RENT, "--save", "out.npz"), "out.npz"),
        (("fit", "table.csv"), "table.csv"),
    ],
)
def test_a_working_directory_that_was_deleted_is_named_before_any_work(tmp_path, arguments, name):
    folder = tmp_path / "gone"
    folder.mkdir()
    command = [sys.executable, "-c", GONE, *map(str, arguments)]
    run = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (1, "", f"Error: {name}: {TOLD}\n")


@posix
def test_full_paths_lead_out_of_a_working_directory_that_was_deleted(tmp_path):
    folder = tmp_path / "gone"
    folder.mkdir()
    arguments = ("animate", "--kind", "plane", RENT, tmp_path / "out.gif", "--frames", "2")
    command = [sys.executable, "-c", GONE, *map(str, arguments)]
    run = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "out.gif").stat().st_size


@posix
@pytest.mark.usefixtures("gone")
@pytest.mark.parametrize("whole", [whole_file, whole_folder])
def test_nothing_is_written_from_a_working_directory_that_was_deleted(whole):
    with pytest.raises(FileNotFoundError, match=TOLD) as caught, whole("out"):
        pytest.fail("works")
    assert caught.value.filename == "out"


@posix
@pytest.mark.usefixtures("gone")
def test_a_history_is_not_saved_there(tmp_path):
    import gdviz

    history = gdviz.fit(np.array([[1.0], [2.0], [3.0]]), np.array([1.0, 2.0, 4.0]))
    with pytest.raises(FileNotFoundError, match=TOLD):
        history.save("out.npz")
    history.save(tmp_path / "out.npz")
    assert (tmp_path / "out.npz").exists()


def test_links_are_followed(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "target")
    assert real_path(tmp_path / "link") == tmp_path.resolve() / "target"
