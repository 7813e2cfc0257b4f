"""What starting costs: the command line imports what it needs, and nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

TEN_ROWS = "a,b,y\n" + "".join(f"{x},{x * x % 7},{3 * x + x % 3}\n" for x in range(1, 11))
# Each takes as long to import as the whole film takes to draw.
NOT_FOR_SQUARES = {"scipy", "sklearn", "pandas", "polars", "pyarrow", "matplotlib.pyplot", "tqdm"}

# What DuckDB loads by itself to look at a value: until 1.5, pandas and with it pyarrow.
DUCKDB = "import sys, duckdb; duckdb.execute('SELECT ?', ['a']); print(*sys.modules)"

RUN = """
import sys
from gdviz.__main__ import main
try:
    main()
finally:
    print(*sys.modules)
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ("animate", "--kind", "contour", "ten.csv", "out.gif"),
        ("animate", "--kind", "plane+surface+parameters", "ten.csv", "out.gif"),
        ("fit", "ten.csv", "--save", "out.npz"),
    ],
    ids=lambda arguments: " ".join(arguments[:3]),
)
def test_ten_rows_import_nothing_that_squares_do_not_need(tmp_path, arguments):
    (tmp_path / "ten.csv").write_text(TEN_ROWS)
    loaded = loaded_by(RUN, *arguments, cwd=tmp_path)
    assert not NOT_FOR_SQUARES & loaded - loaded_by(DUCKDB, cwd=tmp_path)


def loaded_by(code, *arguments, cwd):
    """Names of the modules that code loads in an interpreter of its own."""
    command = [sys.executable, "-c", code, *arguments]
    run = subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)
    assert run.returncode == 0, run.stderr
    return set(run.stdout.split())
