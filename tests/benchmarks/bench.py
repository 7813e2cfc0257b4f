"""How long it takes to start, and to save the article's films; how large and how true they are.

    python tests/benchmarks/bench.py [--quick | --start] [--repeat 3]

First, how long a process takes until the first frame of a film of ten rows is done: seconds, and
times those in which a process imports ``matplotlib.figure``. The two take turns; medians count.
Then one table of the films.

Each measurement runs in a process of its own, so that its memory is its own; imports and a first
film of two frames are done before the clock starts. What takes long runs once, the rest
``--repeat`` times, and the median counts. The column × compares with the tidy celluloid script.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import contenders
import numpy as np
from pictures import PICTURES
from PIL import Image

RENT = Path(__file__).parents[2] / "gallery" / "data" / "rent.csv"
# Without helpers, which would still be at work when the next is measured.
UNTIL_FIRST_FRAME = """
import os
from gdviz.film import progress
from gdviz.film import frames
progress.Bar.__call__ = lambda *_: os._exit(0)
frames.processes_for = lambda frames: 1
from gdviz.__main__ import main
main()
"""
SLOW = 6.0  # seconds; what takes longer is not repeated
COLUMNS = ("picture", "frames", "contender", "s", "ms/frame", "×", "MB", "kB", "error")
HEAD = "| {:10} | {:>6} | {:18} | {:>8} | {:>8} | {:>6} | {:>6} | {:>7} | {:>6} |"
ROW = "| {:10} | {:6} | {:18} | {:8.2f} | {:8.1f} | {:>6} | {:>6} | {:>7} | {:>6} |"


def main():
    options = _options()
    if options.one:
        print(json.dumps(measure(*options.one)))
        return
    print(
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores,"
        f" load {os.getloadavg()[0]:.1f}, {time.strftime('%F')}"
    )
    names = ("matplotlib", "pillow", "numpy", "celluloid")
    print(f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in names))
    print(f"\nstart to first frame: {_start(max(5, options.repeat))}", flush=True)
    if options.start:
        return
    print(f"\n{HEAD.format(*COLUMNS)}")
    print("|---" * 9 + "|", flush=True)
    for picture, frames in _rows(options.quick):
        compare(picture, frames, options.repeat)


def _start(repeat):
    """Say how long a process takes to its first frame, in seconds and in imports of matplotlib."""
    with tempfile.TemporaryDirectory() as folder:
        film = ["-c", UNTIL_FIRST_FRAME, "animate", "--kind", "contour", RENT, f"{folder}/film.gif"]
        imports = ["-c", "import matplotlib.figure"]
        _seconds(film)  # what is compiled once, and fonts that are looked for once
        pairs = [(_seconds(film), _seconds(imports)) for _ in range(repeat)]
    ratio = statistics.median(ours / theirs for ours, theirs in pairs)
    seconds, importing = (statistics.median(column) for column in zip(*pairs, strict=True))
    return f"{seconds:.2f} s, {ratio:.1f} times import matplotlib.figure ({importing:.2f} s)"


def _seconds(arguments):
    """Seconds from the start of a Python process to its end."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - begin


def compare(picture, frames, repeat):
    """Print one row for each contender."""
    tidy = None
    for contender in (*contenders.FILMING, *contenders.ENCODING):
        result = _median(picture, frames, contender, repeat)
        tidy = result["seconds"] if contender == "celluloid, tidy" else tidy
        _print(picture, contender, result, tidy)


def _print(picture, contender, result, tidy):
    seconds, n = result["seconds"], result["n"]
    faster = f"{tidy / seconds:.1f}" if tidy else ""
    memory = f"{result['memory'] / 1e6:.0f}" if "memory" in result else ""
    cells = (faster, memory, f"{result['size'] / 1e3:.0f}", f"{result['error']:.2f}")
    print(ROW.format(picture, n, contender, seconds, 1000 * seconds / n, *cells), flush=True)


def _median(picture, frames, contender, repeat):
    """Measure a contender; the median of `repeat` runs if it is quick."""
    results = [_measured(picture, frames, contender)]
    if results[0]["seconds"] < SLOW:
        results += [_measured(picture, frames, contender) for _ in range(repeat - 1)]
    seconds = statistics.median(result["seconds"] for result in results)
    return {**results[0], "seconds": seconds}


def _measured(picture, frames, contender):
    """Run :func:`measure` in a process of its own."""
    command = [sys.executable, __file__, "--one", picture, frames, contender]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def measure(picture, frames, contender):
    """Run one contender once: seconds, peak memory above the start, file size, colour error."""
    epochs = PICTURES[picture][1] if frames == "article" else np.arange(int(frames))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "film.gif")
        if contender in contenders.FILMING:
            film = contenders.FILMING[contender]
            result, raw = _timed(lambda n: film(picture, epochs[:n], path), len(epochs))
            result["error"] = _error(path, raw())
        else:
            ready = np.array(list(contenders.film(picture, epochs).frames(dpi=100)))
            encode = contenders.ENCODING[contender]
            result, _ = _timed(lambda n: encode(path, ready[:n]), len(epochs))
            result["error"] = _error(path, ready)
            del result["memory"]  # hidden by that of the frames
        return {**result, "n": len(epochs), "size": path.stat().st_size}


def _timed(run, n):
    """Seconds and peak memory of run(n) above the start, and what it returned."""
    run(2)
    memory, start = _peak(resource.RUSAGE_SELF), time.perf_counter()
    returned = run(n)
    seconds = time.perf_counter() - start
    helper = max(0, _peak(resource.RUSAGE_CHILDREN) - memory)
    own = _peak(resource.RUSAGE_SELF) - memory
    return {"seconds": seconds, "memory": own + helper}, returned


def _peak(whose):
    return resource.getrusage(whose).ru_maxrss * 1024


def _error(path, frames):
    """Mean squared difference to `frames` over all pixels and channels, in levels of 0 to 255."""
    with Image.open(path) as image:
        errors = []
        for i, frame in enumerate(frames):
            image.seek(i)
            difference = np.asarray(image.convert("RGB")).astype(float) - frame[..., :3]
            errors.append((difference**2).mean())
        return float(np.mean(errors))


def _rows(quick):
    yield from ((picture, "article") for picture in PICTURES)
    yield from (("surface", str(n)) for n in ((50,) if quick else (50, 100, 200, 400)))


def _options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out the long films")
    parser.add_argument("--start", action="store_true", help="only the time to the first frame")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--one", nargs=3, metavar=("PICTURE", "FRAMES", "CONTENDER"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
