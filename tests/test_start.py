"""What starting costs: the command line imports what it needs, and nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

TEN_ROWS = "a,b,y\n" + "".join(f"{x},{x * x % 7},{3 * x + x % 3}\n" for x in range(1, 11))
# Each takes as long to import as the whole film takes to draw.
NOT_FOR_SQUARES = {"scipy", "sklearn", "pandas", "polars", "pyarrow", "matplotlib.pyplot", "tqdm"}

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
    command = [sys.executable, "-c", RUN, *arguments]
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert run.returncode == 0, run.stderr
    assert not NOT_FOR_SQUARES & set(run.stdout.split())
