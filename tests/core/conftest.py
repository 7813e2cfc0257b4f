"""Tables of the gallery, tables made at random, and the plain loop that is the oracle."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gdviz import Dataset

GALLERY = sorted(Path(__file__).parents[2].glob("gallery/data/*.csv"))


def _read(path: Path) -> Dataset:
    names = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    rows = np.genfromtxt(path, delimiter=",", skip_header=1)
    return Dataset.of(rows[:, :-1], rows[:, -1], feature_names=names[:-1], target_name=names[-1])


@pytest.fixture(scope="session")
def tables() -> dict[str, Dataset]:
    """Every table of the gallery, by its name."""
    return {path.stem: _read(path) for path in GALLERY}


@pytest.fixture(scope="session", params=[path.stem for path in GALLERY])
def table(request, tables) -> Dataset:
    """Each table of the gallery in turn."""
    return tables[request.param]


@pytest.fixture(scope="session")
def random_table() -> Callable[..., Dataset]:
    return _random_table


def _random_table(
    seed, n_samples, n_features, *, scale=1.0, offset=0.0, noise=1.0, y_scale=1.0
) -> Dataset:
    """Columns of the given scale (one for all, or one each), their means that many scales away."""
    rng = np.random.default_rng(seed)
    Z = rng.normal(size=(n_samples, n_features))
    y = Z @ rng.normal(size=n_features) + noise * rng.normal(size=n_samples) + rng.normal()
    return Dataset.of((Z + offset) * scale, y * y_scale)


@pytest.fixture(scope="session")
def plain_loop() -> Callable[..., np.ndarray]:
    return _plain_loop


def _plain_loop(dataset, theta0, rate, epochs, *, hold_intercept=False, dtype=np.longdouble):
    """θ of every epoch, (epochs + 1, p + 1): gradient descent as it stands in every textbook."""
    A = np.column_stack([np.ones(dataset.n_samples), dataset.X]).astype(dtype)
    y = dataset.y.astype(dtype)
    step = 2 * dtype(rate) / dataset.n_samples
    theta = np.empty((epochs + 1, A.shape[1]), dtype=dtype)
    theta[0] = theta0
    for k in range(epochs):
        gradient = (A @ theta[k] - y) @ A
        if hold_intercept:
            gradient[0] = 0
        theta[k + 1] = theta[k] - step * gradient
    return theta


@pytest.fixture(scope="session")
def assert_same_path() -> Callable[..., None]:
    return _assert_same_path


def _assert_same_path(theta, oracle, *, rtol=1e-9, near_zero=1e-12):
    """Every entry to rtol; where one crosses zero, to so much of the parameter's largest size."""
    assert theta.shape == oracle.shape
    assert np.isfinite(theta).all()
    size = np.abs(oracle).max(axis=0)
    excess = np.abs(theta - oracle) - rtol * np.abs(oracle) - near_zero * size
    assert (excess <= 0).all(), f"worst: {(np.abs(theta - oracle) / size).max(axis=0)}"
