"""The article's pictures, drawn with matplotlib alone: what the contenders have to film.

Three pictures over the same descents: the regression plane beside the course of the parameters,
beside the cost as contours, and beside the cost as a surface. Each is a class with

``set_up``   makes the figure and its axes,
``backdrop`` draws what never changes,
``frame``    draws one epoch,

once in the way of the article (one line for each residual) and once tidied up (one artist for all
of them).
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
            epochs=int(self.epochs[-1]),
            fixed_intercept=self.fixed_intercept,
        )
        self.mesh = np.meshgrid(np.linspace(-3, 8, 50), np.linspace(-4, 6, 50))
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
        self.left.scatter(*self.X.T, self.y, color="black", s=40)

    def frame(self, epoch):
        theta = self.history.theta[epoch]
        plane = theta[0] + theta[1] * self.mesh[0] + theta[2] * self.mesh[1]
        self.left.plot_surface(*self.mesh, plane, alpha=0.4, color="tab:blue")
        ends = np.stack([self.y, self.predict(theta)], axis=-1)
        if self.tidy:
            sticks = [[(*x, low), (*x, high)] for x, (low, high) in zip(self.X, ends, strict=True)]
            self.left.add_collection3d(Line3DCollection(sticks, colors="red", linestyles="--"))
        else:
            for (x0, x1), z in zip(self.X, ends, strict=True):
                self.left.plot([x0, x0], [x1, x1], z, color="red", linestyle="--")
        text = f"epoch {epoch}, cost {self.history.cost[epoch]:.2f}"
        self.left.text2D(0, 1, text, transform=self.left.transAxes)


class Parameters(Picture):
    """Intercept, weights and cost against the epoch."""

    size: ClassVar = (10, 10)
    fixed_intercept: ClassVar = None

    def set_up_right(self):
        self.curves = [*self.history.theta.T, self.history.cost]
        self.panels = [self.figure.add_subplot(4, 2, 2 * i + 2) for i in range(4)]
        for axes, curve, name in zip(
            self.panels, self.curves, ["intercept", "w0", "w1", "cost"], strict=True
        ):
            drawn = curve[: self.epochs[-1] + 1]
            axes.set(xlim=(0, self.epochs[-1]), ylim=(drawn.min(), drawn.max()), ylabel=name)

    def frame(self, epoch):
        super().frame(epoch)
        so_far = self.epochs[self.epochs <= epoch]
        for axes, curve in zip(self.panels, self.curves, strict=True):
            axes.plot(so_far, curve[so_far], color="tab:blue")
            axes.plot(epoch, curve[epoch], "o", color="tab:red")


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

    def frame(self, epoch):
        super().frame(epoch)
        path = self.history.weights[self.epochs[self.epochs <= epoch]]
        self.right.plot(*path.T, color="tab:red", linewidth=2)
        self.right.plot(*path[-1:].T, "o", color="tab:red")


class Surface(Picture):
    """The cost over the weights, in 3-D."""

    def set_up_right(self):
        self.right = self.figure.add_subplot(1, 2, 2, projection="3d", elev=37, azim=-100)
        self.right.set(xlim=(-15, 5), ylim=(-15, 5), xlabel="w0", ylabel="w1")
        self.right.set_zlim(0, self.cost.max())

    def backdrop(self):
        super().backdrop()
        self.right.plot_surface(self.w0, self.w1, self.cost, cmap="coolwarm", alpha=0.7)

    def frame(self, epoch):
        super().frame(epoch)
        shown = self.epochs[self.epochs <= epoch]
        path = self.history.weights[shown]
        self.right.plot(*path.T, self.history.cost[shown], color="tab:red", linewidth=2)
        self.right.plot(*path[-1:].T, self.history.cost[shown[-1:]], "o", color="tab:red")


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
