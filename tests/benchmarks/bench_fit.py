"""How long a descent takes: its moments, the closed form, the optimizers that walk. One table.

    python tests/benchmarks/bench_fit.py [--quick] [--repeat 5]

What is compared is measured in turns, in one process, and the medians count: a machine that is
busy is busy for all. × is how many times longer than the row's yardstick.
"""

import argparse
import statistics
import time
from functools import partial
from pathlib import Path

import numpy as np

import gdviz
from gdviz.core.moments import _extended_root
from gdviz.core.optimizers import OPTIMIZERS

TABLE = Path(__file__).parents[2] / "gallery" / "data" / "article_multiple.csv"
RATE = 0.001
HEAD = "| {:50} | {:>12} | {:>12} | {:>8} |"
ROW = "| {:50} | {:12.3f} | {:12.3f} | {:8.2f} |"


def main():
    options = _options()
    million = 100_000 if options.quick else 1_000_000
    rows = 100_000 if options.quick else 10_000_000
    print(HEAD.format("what / its yardstick", "ms", "yardstick ms", "×"))
    print("|---" * 4 + "|", flush=True)
    for n, p in ((million, 5), (million // 50, 200)):
        moments(n, p, options.repeat)
    closed_form(million, options.repeat)
    walks(rows, options.repeat)


def moments(n, p, repeat):
    """The moments of a table, against the product ZᵀZ and against extended precision."""
    Z = np.random.default_rng(2).normal(5, 1, size=(n, p + 1))
    seconds = _in_turns(
        repeat,
        gdviz=lambda: gdviz.Moments.of(Z[:, :-1], Z[:, -1]),
        product=lambda: Z.T @ Z,
    )
    few = n // 20  # rows in extended precision; the same work for each
    few_rows = Z[:few].astype(np.longdouble)
    seconds["extended"] = 20 * _seconds(lambda: _extended_root(few_rows))
    size = f"{n:,} × {p}"
    _print(f"moments, {size} / ZᵀZ", seconds["gdviz"], seconds["product"])
    _print(f"extended precision, {size} / moments", seconds["extended"], seconds["gdviz"])


def closed_form(epochs, repeat):
    """A million epochs on the article's table, against its loop and against a matrix product."""
    data = gdviz.read_table(TABLE)
    factor = np.random.default_rng(0).random((epochs, 3))
    seconds = _in_turns(
        repeat,
        gdviz=lambda: gdviz.fit(data, learning_rate=RATE, epochs=epochs),
        product=lambda: factor @ factor[:3],
    )
    loop = epochs // 100  # of the loop; the same work every epoch
    seconds["loop"] = 100 * _seconds(lambda: article_loop(data.X, data.y, loop))
    _print(f"the article's loop, {epochs:,} epochs / gdviz", seconds["loop"], seconds["gdviz"])
    _print(f"gdviz, {epochs:,} epochs / one product", seconds["gdviz"], seconds["product"])


def article_loop(X, y, epochs):
    """Gradient descent as the article writes it: θ and the cost of every epoch in lists."""
    n, intercept, weights = len(y), -1.0, np.full((X.shape[1], 1), 3.0)
    y = y.reshape(-1, 1)
    intercepts, all_weights, costs = [intercept], [weights], []
    for _ in range(epochs):
        error = X @ weights + intercept - y
        costs.append((error**2).mean())
        weights = weights - RATE * 2 / n * (X.T @ error)
        intercept = intercept - RATE * 2 / n * error.sum()
        intercepts.append(intercept)
        all_weights.append(weights)
    return intercepts, all_weights, costs


def walks(rows, repeat):
    """2,000 epochs of each optimizer on many rows, against the same on ten."""
    many, few = _table(rows), _table(10)
    for name in OPTIMIZERS:
        walk = partial(_walk, name)
        seconds = _in_turns(repeat, many=partial(walk, many), few=partial(walk, few))
        _print(f"{name}, 2,000 epochs, {rows:,} rows / 10 rows", seconds["many"], seconds["few"])


def _table(rows):
    rng = np.random.default_rng(1)
    X = rng.normal(size=(rows, 3))
    data = gdviz.Dataset.of(X, X @ [1.0, 2, 3] + rng.normal(size=rows))
    assert data.moments.n == rows  # computed once, before the clock starts
    return data


def _walk(name, data):
    return gdviz.fit(data, optimizer=name, learning_rate=RATE, epochs=2000)


def _in_turns(repeat, **functions):
    """Median seconds of each function, called one after the other, again and again."""
    seconds = {name: [] for name in functions}
    for function in functions.values():
        function()
    for _ in range(repeat):
        for name, function in functions.items():
            seconds[name].append(_seconds(function))
    return {name: statistics.median(times) for name, times in seconds.items()}


def _seconds(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def _print(what, seconds, yardstick):
    print(ROW.format(what, 1e3 * seconds, 1e3 * yardstick, seconds / yardstick), flush=True)


def _options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer epochs and rows")
    parser.add_argument("--repeat", type=int, default=5)
    return parser.parse_args()


if __name__ == "__main__":
    main()
