"""A picture of an estimator's descent, made as scikit-learn's displays are.

A display separates what is computed from what is drawn: :meth:`DescentDisplay.from_estimator`
asks the estimator, :meth:`DescentDisplay.plot` draws, as often as one likes, into a figure of its
own or into axes that one has. The path is the estimator's; the ground that it is drawn on is the
cost over the rows that are given, be they those that it was fitted to or others.
"""

import os
from dataclasses import replace
from typing import Any, Self

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from gdviz.core.dataset import Dataset
from gdviz.core.history.record import History
from gdviz.renderers import Scene
from gdviz.renderers.kinds import kinds_of, picture

__all__ = ["DescentDisplay"]


class DescentDisplay:
    """A descent drawn.

    Parameters
    ----------
    history : History
    kind : str
        A kind of picture, or several: "contour", "plane+contour", "plane+contour/parameters".
    **options
        For the renderers of those kinds.

    Attributes
    ----------
    scene : Scene
        The same pictures as a film: ``display.scene.save("descent.gif")``.
    figure_ : Figure
    ax_ : Axes
        The first of axes_.
    axes_ : (n_axes,) array of Axes

    Examples
    --------
    >>> from gdviz import GradientDescentRegressor
    >>> X, y = [[0.0, 1.0], [1.0, 3.0], [2.0, 1.0], [4.0, 2.0]], [1.0, 3.0, 5.0, 7.0]
    >>> model = GradientDescentRegressor(fixed_intercept="ols").fit(X, y)
    >>> display = DescentDisplay.from_estimator(model, X, y, kind="contour")
    >>> display.ax_.get_xlabel()
    'weight of x0'
    """

    figure_: Figure | None
    ax_: Axes
    axes_: NDArray[Any]

    def __init__(self, history: History, *, kind: str = "contour", **options: Any) -> None:
        self.history = history
        self.kind = kind
        self.scene = _scene(history, kind, options)

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: Any,
        y: Any,
        *,
        kind: str = "contour",
        epoch: int = -1,
        ax: Axes | None = None,
        **options: Any,
    ) -> Self:
        """Draw the descent of a fitted estimator over some rows.

        Parameters
        ----------
        estimator : GradientDescentRegressor or GradientDescentClassifier
            Or a pipeline that ends in one, or a search whose best estimator is one.
        X : (n_samples, n_features) array-like or DataFrame
        y : (n_samples,) array-like or Series
        kind : str
            As in the class.
        epoch : int
            −1 is the last.
        ax : Axes
            Where to draw; see :meth:`plot`.
        **options
            For the renderers.

        Raises
        ------
        TypeError
            If there is no history in the estimator.
        ValueError
            If the kind cannot show this descent; it says what to do.
        """
        before, last = _last_step(estimator)
        rows = last._dataset(X if before is None else before.transform(X), y, reset=False)
        history = last.history_.over(rows if before is None else _renamed(rows, before))
        return cls.from_history(history, kind=kind, epoch=epoch, ax=ax, **options)

    @classmethod
    def from_history(
        cls,
        history: History,
        *,
        kind: str = "contour",
        epoch: int = -1,
        ax: Axes | None = None,
        **options: Any,
    ) -> Self:
        """Draw a history, whatever it was recorded from. Parameters as in from_estimator."""
        return cls(history, kind=kind, **options).plot(epoch=epoch, ax=ax)

    def plot(self, ax: Axes | None = None, *, epoch: int = -1) -> Self:
        """Draw one epoch.

        Parameters
        ----------
        ax : Axes
            Made by ``subplots`` or ``add_subplot``. What is drawn takes its place, because a
            picture may be several axes, or 3-D. Default: a figure of its own, without pyplot.
        epoch : int
            −1 is the last.

        Raises
        ------
        ValueError
            If the axes have no place in a grid, or the epoch was not recorded.
        """
        if ax is None:
            self.figure_ = self.scene.still(epoch)
            _, *axes = self.figure_.axes  # the first is the caption's
        else:
            self.figure_ = ax.get_figure(root=True)
            axes = self.scene.draw_on(_in_place_of(ax), epoch)
        self.axes_ = np.array(axes, dtype=object)
        self.ax_ = axes[0]
        return self

    def save(self, path: str | os.PathLike[str], **options: Any) -> None:
        """Film it into a file; options as in :meth:`Scene.save`."""
        self.scene.save(path, **options)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Show the film in a notebook."""
        return self.scene._repr_mimebundle_(include, exclude)


def _scene(history: History, kind: str, options: dict[str, Any]) -> Scene:
    return picture(history, kinds_of(kind), **options)


def _in_place_of(ax: Axes) -> SubFigure:
    """Return a subfigure in the cell of some axes, which disappear."""
    place, figure = ax.get_subplotspec(), ax.get_figure(root=False)
    if place is None or figure is None:
        raise ValueError("ax has no place in a grid: make it with subplots() or add_subplot()")
    ax.set_axis_off()
    return figure.add_subfigure(place)


def _last_step(estimator: Any) -> tuple[Any, Any]:
    """Return the steps of a pipeline before the last, None if there are none, and the last."""
    last, before = getattr(estimator, "best_estimator_", estimator), None
    if isinstance(last, Pipeline):
        before, last = (last[:-1] if len(last) > 1 else None), last[-1]
    if not isinstance(getattr(last, "history_", None), History):
        name = type(last).__name__
        raise TypeError(f"{name} has no history_: fit a gdviz estimator, or use from_history")
    return before, last


def _renamed(rows: Dataset, before: Pipeline) -> Dataset:
    """Return rows under the names that the steps before give their features, where they do."""
    try:
        names = before.get_feature_names_out()
    except (AttributeError, ValueError):
        return rows
    return replace(rows, feature_names=tuple(map(str, names)))
