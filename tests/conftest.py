"""Histories that the renderers' tests draw, and a way to ask a figure what is on it."""

import signal
import warnings
from collections.abc import Callable, Iterable

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.text import Text

from gdviz.api import fit
from gdviz.core.dataset import Dataset
from gdviz.core.fit import DivergenceWarning
from gdviz.core.history.record import History

X = np.array([[1, -2], [2, 1], [4, 1], [5, -3], [6, 4], [7, 5]], dtype=float)
Y = np.array([14, -12, -31, -21, -51, -37], dtype=float)


def pytest_configure() -> None:
    """Hear the signals that tests send, however the tests were started: nohup ignores some."""
    for name, usual in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
        if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) == signal.SIG_IGN:
            signal.signal(getattr(signal, name), usual)


def descent(X=X, y=Y, names=None, target="y", **options) -> History:
    """A descent on the article's table, or on another, at the article's learning rate."""
    options = {"learning_rate": 0.001, "epochs": 400} | options
    dataset = Dataset.of(X, y, feature_names=names, target_name=target)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DivergenceWarning)
        return fit(dataset, **options)


def held(X=X, y=Y, **options) -> History:
    """A descent whose intercept is held at its least-squares value."""
    return descent(X, y, **({"fixed_intercept": "ols"} | options))


def separable() -> History:
    """Two classes that a line through one point tells apart: their cost falls for ever."""
    y = (X[:, 0] > 3).astype(float)
    options = {"loss": "cross-entropy", "fixed_intercept": 0.0, "learning_rate": 1.0}
    return descent(X - 3, y, epochs=50, theta0=[0, 0, 0], **options)


def said_in(artists: Iterable[Artist]) -> list[Text]:
    """Texts of a frame, in order."""
    return [text for artist in artists for text in artist.findobj(Text)]


def texts(figure: Figure) -> list[str]:
    """All that is written on a figure."""
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def settings() -> dict[str, object]:
    """matplotlib's settings; asking for the backend would choose one."""
    return {key: mpl.rcParams[key] for key in mpl.rcParams if key != "backend"}


def limits(figure: Figure) -> list[tuple[float, ...]]:
    """The limits of every axes."""
    return [
        (*axes.get_xlim(), *axes.get_ylim(), *(axes.get_zlim() if axes.name == "3d" else ()))
        for axes in figure.axes
    ]


# Descents that a picture must survive, whatever they look like.
AWKWARD: dict[str, Callable[[], History]] = {
    "one_epoch": lambda: held(epochs=1),
    "diverged": lambda: held(learning_rate=0.05, epochs=200),
    "oscillating": lambda: held(learning_rate=0.037, epochs=200),
    "starts_at_the_optimum": lambda: held(theta0=held().optimum),
    "perfect_fit": lambda: held(y=1 + X @ [2.0, -3.0], learning_rate=0.01),
    "perfect_from_the_start": lambda: held(y=1 + X @ [2.0, -3.0], theta0=[1, 2, -3]),
    "constant_target": lambda: held(y=np.full(6, 5.0), theta0=[5, 0, 0]),
    "constant_target_far_start": lambda: held(y=np.full(6, 5.0)),
    "huge": lambda: held(1e8 * X, 1e8 * Y, learning_rate="auto"),
    "tiny": lambda: held(1e-8 * X, 1e-8 * Y, learning_rate="auto"),
    "condition_1e8": lambda: held(X * [1, 1e-4], learning_rate="auto"),
    "weights_1e-6_and_1e6": lambda: held(X * [1e6, 1e-6], learning_rate="auto"),
    "far_along_one_axis": lambda: held(theta0=[0, 1e6, -2]),
    "collinear": lambda: held(X[:, [0, 0]] * [1, 2], learning_rate="auto"),
    "constant_feature": lambda: held(X * [1, 0] + [0, 3], learning_rate="auto"),
    "zero_feature": lambda: held(X * [1, 0], learning_rate="auto"),
    "two_rows": lambda: held(X[:2], Y[:2], learning_rate="auto"),
}


@pytest.fixture(scope="session", params=AWKWARD)
def awkward(request) -> History:
    return AWKWARD[request.param]()


@pytest.fixture(scope="session")
def article() -> History:
    """The article's table, its intercept held."""
    return held()


@pytest.fixture(scope="session")
def moving() -> History:
    """The article's table, all three parameters moving."""
    return descent(epochs=20_000)
