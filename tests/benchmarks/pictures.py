"""The article's pictures, drawn with matplotlib alone: what the contenders have to film.

Three pictures over the same descents: the regression plane beside the course of the parameters,
beside the cost as contours, and beside the cost as a surface. Each is a class with

``set_up``   makes the figure and its axes,
``backdrop`` draws what never changes,
``frame``    draws one epoch,
``update``   makes what ``frame`` drew show another epoch, with ``set_data`` where there is one,

once in the way of the article (for each residual a line, and a scatter of its ends) and once
tidied up (one artist for all of them). All else is as in the article: the plane is a mesh of
35 x 35 points, the cost one of 100 x 100, each with all its facets; a path or curve has a point
for every epoch; epoch and cost are written into legends, and ``tight_layout`` is called, in every
frame.
"""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from matplotlib.figure import Figure
from mpl_toolkits.mplot3d.art3d import Line3DCollection

import gdviz

TABLE = "gallery/data/article_multiple.csv"
LEVELS = [80, 150, 300, 600, 2000]


def data():
    """X (6, 2) and y (6,)."""
    table = np.loadtxt(TABLE, delimiter=",", skiprows=1)
    return table[:, :-1], table[:, -1]


@dataclass
class Picture:
    """The plane on the left; a subclass adds what is on the right."""

    epochs: np.ndarray
    tidy: bool
    history: gdviz.History = field(init=False)
    size: ClassVar = (10, 8)
    fixed_intercept: ClassVar = "ols"

    def __post_init__(self):
        self.X, self.y = data()
        self.history = gdviz.fit(
            self.X,
            self.y,
            learning_rate=0.001,
            theta0=[-1, 3, 3],
            epochs=int(self.epochs[-1]),
            fixed_intercept=self.fixed_intercept,
        )
        self.mesh = np.meshgrid(np.linspace(-3, 8, 35), np.linspace(-4, 6, 35))
        grid = np.linspace(-15, 5, 100)
        self.w0, self.w1 = np.meshgrid(grid, grid)
        theta = np.stack([np.full_like(self.w0, self.history.intercept[-1]), self.w0, self.w1], -1)
        self.cost = ((self.y - self.predict(theta[..., None, :])) ** 2).mean(axis=-1)

    def predict(self, theta):
        return theta[..., 0] + theta[..., 1] * self.X[:, 0] + theta[..., 2] * self.X[:, 1]

    def set_up(self):
        self.figure = Figure(figsize=self.size, dpi=100)
        self.left = self.figure.add_subplot(1, 2, 1, projection="3d")
        self.left.set(xlim=(-3, 8), ylim=(-4, 6), zlim=(-60, 60), xlabel="x0", ylabel="x1")
        self.set_up_right()
        return self.figure

    def backdrop(self):
        self.left.scatter(*self.X.T, self.y, color="black", marker="x", s=144)

    def frame(self, epoch):
        self.plane = self.draw_plane(epoch)
        if self.tidy:
            self.sticks = Line3DCollection(self.residuals(epoch), colors="red", linestyles="--")
            self.left.add_collection3d(self.sticks)
        else:
            for ends in self.residuals(epoch):
                self.left.scatter(*ends.T, color="red", s=0.5)
                self.left.plot(*ends.T, color="red", linestyle="--")
        self.lines = [axes.plot(*xyz, **look)[0] for axes, xyz, look in self.curves(epoch)]
        for axes, text in self.captions(epoch):
            axes.legend([text], loc=(0.05, 0.82), fontsize=15)
        self.figure.tight_layout()

    def update(self, epoch):
        self.plane.remove()
        self.plane = self.draw_plane(epoch)
        self.sticks.set_segments(self.residuals(epoch))
        for axes, text in self.captions(epoch):
            axes.get_legend().get_texts()[0].set_text(text)
        for line, (_, xyz, _) in zip(self.lines, self.curves(epoch), strict=True):
            set_data = line.set_data_3d if len(xyz) == 3 else line.set_data
            set_data(*xyz)

    def captions(self, epoch):
        """What is written on which axes."""
        yield self.left, f"epoch: {epoch}"
        if self.fixed_intercept:
            yield self.right, f"cost: {self.history.cost[epoch]:.1f}"

    def draw_plane(self, epoch):
        theta = self.history.theta[epoch]
        heights = theta[0] + theta[1] * self.mesh[0] + theta[2] * self.mesh[1]
        look = {"alpha": 0.25, "cmap": "plasma", "antialiased": False, "label": str(epoch)}
        return self.left.plot_surface(*self.mesh, heights, rstride=1, cstride=1, **look)

    def residuals(self, epoch):
        """Both ends of every residual, (6, 2, 3)."""
        heights = np.stack([self.y, self.predict(self.history.theta[epoch])], axis=-1)
        return np.dstack([np.repeat(self.X[:, None], 2, axis=1), heights])


class Parameters(Picture):
    """Intercept, weights and cost against the epoch."""

    size: ClassVar = (10, 10)
    fixed_intercept: ClassVar = None

    def set_up_right(self):
        self.values = [*self.history.theta.T, self.history.cost]
        self.panels = [self.figure.add_subplot(4, 2, 2 * i + 2) for i in range(4)]
        for axes, curve, name in zip(
            self.panels, self.values, ["intercept", "w0", "w1", "cost"], strict=True
        ):
            drawn = curve[: self.epochs[-1] + 1]
            axes.set(xlim=(0, self.epochs[-1]), ylim=(drawn.min(), drawn.max()), ylabel=name)

    def curves(self, epoch):
        """What lines are drawn on, along and how."""
        for axes, values in zip(self.panels, self.values, strict=True):
            yield axes, (np.arange(epoch), values[:epoch]), {"color": "tab:blue"}
            yield axes, ([epoch], values[[epoch]]), {"color": "tab:red", "marker": "o"}


class Contour(Picture):
    """The cost over the weights, from above."""

    def set_up_right(self):
        self.right = self.figure.add_subplot(1, 2, 2)
        self.right.set(xlim=(-15, 5), ylim=(-15, 5), xlabel="w0", ylabel="w1")

    def backdrop(self):
        super().backdrop()
        self.right.contourf(self.w0, self.w1, self.cost, levels=30, cmap="coolwarm")
        lines = self.right.contour(self.w0, self.w1, self.cost, levels=LEVELS, colors="black")
        self.right.clabel(lines)

    def curves(self, epoch):
        path = self.history.weights[: epoch + 1]
        yield self.right, path.T, {"color": "tab:red", "linewidth": 2}
        yield self.right, path[-1:].T, {"color": "tab:red", "marker": "o"}


class Surface(Picture):
    """The cost over the weights, in 3-D."""

    def set_up_right(self):
        self.right = self.figure.add_subplot(1, 2, 2, projection="3d", elev=37, azim=-100)
        self.right.set(xlim=(-15, 5), ylim=(-15, 5), xlabel="w0", ylabel="w1")
        self.right.set_zlim(0, self.cost.max())

    def backdrop(self):
        super().backdrop()
        look = {"cmap": "coolwarm", "alpha": 0.7, "rstride": 1, "cstride": 1}
        self.right.plot_surface(self.w0, self.w1, self.cost, **look)

    def curves(self, epoch):
        path = np.column_stack([self.history.weights, self.history.cost])[: epoch + 1]
        yield self.right, path.T, {"color": "tab:red", "linewidth": 2}
        yield self.right, path[-1:].T, {"color": "tab:red", "marker": "o"}


def spread(text):
    """Epochs of slices such as "0:50,50:100:5"."""
    parts = [[int(n) for n in part.split(":")] for part in text.split(",")]
    return np.concatenate([np.arange(*part) for part in parts])


ARTICLE = "0:50,50:100:5,100:400:25"
PICTURES = {
    "parameters": (Parameters, spread("0:50,50:100:5,100:1000:50,1000:20000:500")),
    "contour": (Contour, spread(ARTICLE)),
    "surface": (Surface, spread(ARTICLE)),
}
