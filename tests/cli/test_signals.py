"""Signals that come while libraries are loaded: heard a moment later, never lost."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")

# numpy is looked for when the command begins to work, and before it something of ours.
START = """
import sys

class Before:
    def find_spec(self, name, path, target=None):
        if name == "numpy":
            sys.meta_path.remove(self)
            import fragile

sys.meta_path.insert(0, Before())
from gdviz.__main__ import main
main()
"""
FRAGILE = """
import os, signal
try:
    os.kill(os.getpid(), signal.{signal})
except BaseException as error:
    {then}
"""
CSV = "a,y\n1,2\n2,3\n3,5\n"


@pytest.mark.parametrize("then", ["pass", "raise ImportError('bad') from None", "raise"])
@pytest.mark.parametrize(("name", "status"), [("SIGTERM", 143), ("SIGHUP", 129), ("SIGINT", 130)])
def test_a_signal_during_an_import_is_heard(tmp_path, name, status, then):
    (tmp_path / "table.csv").write_text(CSV)
    (tmp_path / "fragile.py").write_text(FRAGILE.format(signal=name, then=then))
    run = started(tmp_path, START)
    assert run.returncode == status
    assert run.stderr == ("Interrupted.\n" if name == "SIGINT" else "")
    assert not (tmp_path / "out.npz").exists()


def started(folder, code):
    command = [sys.executable, "-c", code, "fit", "table.csv", "--save", "out.npz"]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)


IMPORTED = """
import os, signal
import gdviz.tables.table as table

def end(*_, **__):
    os.kill(os.getpid(), signal.SIGTERM)
    raise AssertionError("goes on")

table.read_table = end
from gdviz.__main__ import main
main()
"""


def test_who_is_itself_imported_does_not_wait_for_the_end_of_that(tmp_path):
    (tmp_path / "table.csv").write_text(CSV)
    (tmp_path / "imported.py").write_text(IMPORTED)
    assert started(tmp_path, "import imported").returncode == 143
