"""Random command lines over small tables: each is done, or refused in a line or two.

    python tests/fuzz/fuzz_cli.py SEED COUNT

A line of a seed that fails is printed; nothing is printed of those that do as they should.
"""

import contextlib
import io
import os
import random
import shlex
import sys
import tempfile
import warnings
from pathlib import Path

from gdviz.cli import app as cli

ROWS = range(12)
TABLES = {
    "two.csv": "a,b,y\n" + "".join(f"{i},{i * i % 7},{3 * i + 1}\n" for i in ROWS),
    "one.csv": "a,y\n" + "".join(f"{i},{i * i % 5}\n" for i in ROWS),
    "many.csv": "a,b,c,d,y\n" + "".join(f"{i},{i % 3},{i % 4},{i % 5},{i % 7}\n" for i in ROWS),
    "classes.csv": "a,b,t\n" + "".join(f"{i},{i * i % 7},{i * i % 5 % 2}\n" for i in ROWS),
    "species.csv": "a,b,s\n" + "".join(f"{i},{i % 5},{'uvw'[i * i % 3]}\n" for i in ROWS),
    "apart.csv": "a,b,t\n" + "".join(f"{i},{i % 3},{'no' if i < 6 else 'yes'}\n" for i in ROWS),
    "equal.csv": "a,b,y\n" + "".join(f"{i},{2 * i},{i % 4}\n" for i in ROWS),
    "names.csv": '"it\'s, odd","two  words",y\n' + "".join(f"{i},{i % 3},{i}\n" for i in ROWS),
    "text.csv": "a,y\nx,1\ny,2\n",
    "none.csv": "",
}
VALUES = {
    "--target": ["y", "a", "t", "s", "nope"],
    "--features": ["a", "a,b", "b,a", "a,a", "nope", ""],
    "--degree": ["1", "2", "3", "0"],
    "--scale": ["standard", "Minmax", "mean", "none", "x"],
    "--learning-rate": [
        "auto",
        "gentle",
        "0.01",
        "1e-9",
        "1e3",
        "nan",
        "fast",
        "inverse:from=0.1",
        "cosine:from=1",
    ],
    "--epochs": ["1", "20", "Auto", "0", "1.5"],
    "--start": ["zero", "random", "0,0", "-1,3,3", "1e9,1e9,1e9", "x", "1,2,3,4,5"],
    "--fixed-intercept": ["ols", "none", "OLS", "5", "-1e6", "x"],
    "--vary": ["a,b", "a", "intercept,a", "b,a", "intercept", "a,a", "nope,a", "a,b,c"],
    "--loss": ["mse", "ridge", "Huber:delta=2", "cross-entropy", "ridge:alpha=-1", "hinge"],
    "--optimizer": ["gd", "Adam", "momentum:decay=0.5", "adagrad", "rmsprop", "adm", "gd:x=1"],
    "--batch-size": ["1", "4", "99", "0"],
    "--record": ["epoch", "step", "x"],
    "--seed": ["0", "7", "-1"],
    "--tol": ["0", "1e-3", "-1"],
    "--labels": ["u,v", "no,yes", "u", "u,nope"],
    "--sheet": ["1", "x"],
    "--encoding": ["utf-8", "gbk", "utf-16", "klingon"],
    "--decimal": [".", ",", ";"],
    "--drop-missing": [None],
}
FILM = {
    "--kind": ["plane", "contour", "surface", "parameters", "plane+contour", "contour/plane", "x"],
    "--frames": ["1", "3", "0:5", "5:2", "0", "::9"],
    "--fps": ["10", "50", "51", "0"],
    "--size": ["3x3", "4x2.5", "1x1"],
    "--hold": ["0", "2"],
    "--loop": ["0", "3", "99999"],
}


def command(rng: random.Random) -> list[str]:
    """Make a command line; OUT and the film's flags only where there is a film."""
    animate = rng.random() < 0.5
    choices = {**VALUES, **(FILM if animate else {"--learning-rates": ["auto", "0.1,1", "0"]})}
    words = ["animate" if animate else "fit", rng.choice([*TABLES, "saved.npz", "nowhere.csv"])]
    if animate:
        words.append(rng.choice(["o.gif", "o.gif", "o.png", "o.apng", "o.webp", "o.mov", "o/"]))
        words += ["--dpi", "30"]
    for flag in rng.sample([*choices], rng.randint(0, 5)):
        value = rng.choice(choices[flag])
        words += [flag] if value is None else [flag, value]
    return words


def trouble(words: list[str]) -> str:
    """Run a command line in an empty folder; what is wrong with how it went, or nothing."""
    out, err = io.StringIO(), io.StringIO()
    before = set(os.listdir())
    sys.argv = ["gdviz", *words]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        warnings.simplefilter("ignore")
        status = cli._status()
    errors = [line for line in err.getvalue().splitlines() if line.startswith("Error: ")]
    left = set(os.listdir()) - before
    for name in left:
        path = Path(name)
        for file in path.iterdir() if path.is_dir() else ():
            file.unlink()
        path.rmdir() if path.is_dir() else path.unlink()
    if status not in (0, 1, 2) or len(errors) != (status > 0):
        return f"status {status}: {err.getvalue()}"
    if any("unexpected" in line or "Traceback" in line for line in errors):
        return errors[0]
    if status and (left or out.getvalue()):
        return f"failed, and left {left or out.getvalue()}"
    return "" if status or left or out.getvalue() else "did nothing"


def main(seed: int, count: int) -> int:
    """Try so many command lines; return how many went wrong."""
    os.environ["MPLBACKEND"] = "agg"
    rng, wrong = random.Random(seed), 0
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for name, text in TABLES.items():
            Path(name).write_text(text)
        sys.argv = ["gdviz", "fit", "two.csv", "--epochs", "5", "--save", "saved.npz"]
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            cli._status()
        for _ in range(count):
            words = command(rng)
            said = trouble(words)
            if said:
                wrong += 1
                print(f"gdviz {shlex.join(words)}\n    {said}")
    return wrong


if __name__ == "__main__":
    sys.exit(min(main(int(sys.argv[1]), int(sys.argv[2])), 1))
