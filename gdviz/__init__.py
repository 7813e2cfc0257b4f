"""gdviz turns a table of numbers into an animation of gradient descent finding its regression.

Record first, draw later: :func:`fit` writes θ and the cost of every epoch into a
:class:`History`; the functions in :mod:`gdviz.renderers` turn a history into pictures.

The public names are loaded when they are first used, so that ``gdviz --help`` imports no
numpy and ``gdviz.core`` no matplotlib.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gdviz.api import compare, fit
    from gdviz.core.dataset import Dataset
    from gdviz.core.functions import Function
    from gdviz.core.history.record import History
    from gdviz.core.least_squares import least_squares
    from gdviz.core.moments import Moments
    from gdviz.core.rates import learning_rates
    from gdviz.core.wording import TableError
    from gdviz.film.camera import Camera
    from gdviz.film.film import Film
    from gdviz.learn.display import DescentDisplay
    from gdviz.learn.estimator import GradientDescentClassifier, GradientDescentRegressor
    from gdviz.learn.record import RecordDescent
    from gdviz.renderers.stage.scene import Scene
    from gdviz.tables.table import read_table

__version__ = "0.1.0"

_HOME = {
    "Camera": "gdviz.film.camera",
    "Dataset": "gdviz.core.dataset",
    "DescentDisplay": "gdviz.learn.display",
    "Film": "gdviz.film.film",
    "Function": "gdviz.core.functions",
    "GradientDescentClassifier": "gdviz.learn.estimator",
    "GradientDescentRegressor": "gdviz.learn.estimator",
    "History": "gdviz.core.history.record",
    "Moments": "gdviz.core.moments",
    "RecordDescent": "gdviz.learn.record",
    "Scene": "gdviz.renderers.stage.scene",
    "TableError": "gdviz.core.wording",
    "compare": "gdviz.api",
    "fit": "gdviz.api",
    "learning_rates": "gdviz.core.rates",
    "least_squares": "gdviz.core.least_squares",
    "read_table": "gdviz.tables.table",
}

__all__ = [
    "Camera",
    "Dataset",
    "DescentDisplay",
    "Film",
    "Function",
    "GradientDescentClassifier",
    "GradientDescentRegressor",
    "History",
    "Moments",
    "RecordDescent",
    "Scene",
    "TableError",
    "compare",
    "fit",
    "learning_rates",
    "least_squares",
    "read_table",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'gdviz' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
